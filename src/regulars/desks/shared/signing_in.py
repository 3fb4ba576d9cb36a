"""Who asks: found from the session once per request, in the role that the desk is for."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from regulars.desks.shared.frame import asked_along
from regulars.records.access_log.actions import note_denial
from regulars.records.access_log.patience import one_request
from regulars.records.staff.access import SignedIn, asker_of, signed_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

SESSION_KEY = "staff_id"
CASES = "cases"
MOST_CASES = 20
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
Answer = Callable[[HttpRequest], HttpResponse]


class WhoAsks:
    """Middleware: `request.staff` (who signed in, or None) and `request.asker` (in her first role, or None)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = _from_session(request)
        request.staff = staff  # type: ignore[attr-defined]
        request.asker = asker_of(staff, staff.roles[0]) if staff else None  # type: ignore[attr-defined]
        with one_request():
            return self.get_response(request)


def seated(
    *roles: str,
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R | HttpResponse]]:
    """Only for staff with one of the roles; the page sees `request.asker` in the first of these she has.

    Somebody not signed in is led to the door; somebody in another role is refused, and the refusal is logged.
    """

    def dress(
        page: Callable[Concatenate[HttpRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
        @wraps(page)
        def dressed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            staff: SignedIn | None = getattr(request, "staff", None)
            if staff is None:
                return redirect(f"/sign-in/?{urlencode({'next': request.get_full_path()})}")
            request.asker = _on_case(_in_role(staff, roles, request.path), request)  # type: ignore[attr-defined]
            with asked_along(request):
                return page(request, *args, **kwargs)

        dressed.roles = roles  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], R | HttpResponse], dressed)

    return dress


def asker(request: HttpRequest) -> Asker:
    """The asker of a seated page."""
    found: Asker = request.asker  # type: ignore[attr-defined]
    return found


def name_case(request: HttpRequest, number: str, reference: str) -> None:
    """Until she signs out she works on that case of that customer; a door may ask for it."""
    kept: dict[str, str] = request.session.get(CASES, {})
    request.session[CASES] = dict([*kept.items(), (number, reference)][-MOST_CASES:])


def _on_case(by: Asker, request: HttpRequest) -> Asker:
    """The same asker, on the case she named for the customer whose page this is."""
    number = request.resolver_match.kwargs.get("number") if request.resolver_match else None
    named = request.session.get(CASES, {}).get(number) if number else None
    return replace(by, reference=named) if named else by


def _in_role(staff: SignedIn, roles: tuple[str, ...], path: str) -> Asker:
    role = next((role for role in roles if role in staff.roles), None)
    if role is None:
        by = asker_of(staff, staff.roles[0])
        note_denial(by, door=path, because="page of another role")
        raise Denied("page_of_another_role", {"roles": ", ".join(roles)})
    return asker_of(staff, role)


def _from_session(request: HttpRequest) -> SignedIn | None:
    staff_id = request.session.get(SESSION_KEY)
    seated: SignedIn | None = getattr(request.session, "seated", None)
    if not staff_id or (seated and seated.id == int(staff_id)):
        return seated if staff_id else None
    return signed_in(int(staff_id))
