"""Signing in and out. In demo mode the three invented people are offered on the page and need no password."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.charts.square_code import square_code
from regulars.desks.shared.company_door import company_label, company_way_out
from regulars.desks.shared.frame import initial_of
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import SESSION_KEY
from regulars.desks.shared.whereabouts import address_of, program_of
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.sign_in import APP, CODE, come_in, knock, prove, set_up_app, what_is_left
from regulars.records.staff.access import SignedIn, demo_staff, signed_in
from regulars.records.staff.factors import app_address, app_in_making, factors_of
from regulars.rules.permission.errors import Denied

#: Who has said her password and not yet her code: who, until when, and where she wanted to go.
HALF_WAY: Final = "half_way"
FACTOR_KEY: Final = "proved_by"
HALF_WAY_LASTS: Final = timedelta(minutes=10)
TOO_MANY: Final = 429


class SignInForm(forms.Form):
    """Name and password; the error does not say which of the two was wrong."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=1000, strip=False)


class CodeForm(forms.Form):
    """Six digits from the app, or a recovery code."""

    code = forms.CharField(max_length=40)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One of the invented people on the sign-in page."""

    username: str
    name: str
    role_label: str
    initial: str
    sees: str
    not_shown: str
    url: str


@require_http_methods(["GET", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. Who is signed in already goes straight on."""
    if getattr(request, "staff", None) and request.method == "GET":
        return redirect(where_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _door(request, form, 422 if form.errors else 200)
    said, at = form.cleaned_data, timezone.now()
    try:
        found = knock(said["username"], said["password"], address=address_of(request), at=at)
    except Denied as error:
        return _closed(error, form, lambda: _door(request, form, TOO_MANY))
    if found is None:
        form.add_error(None, _("This name and password do not belong together. Check both and try again."))
        return _door(request, form, 422)
    return _let_in(request, found.staff, "password") if found.next not in STEPS else half_in(request, found.staff, at)


@require_http_methods(["GET", "POST"])
@never_cache
def say_code(request: HttpRequest) -> HttpResponse:
    """The second step: six digits from the app, or a recovery code."""
    staff = _half_way(request)
    if staff is None or what_is_left(staff) != CODE:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _code_door(request, form, 422 if form.errors else 200)
    try:
        factor = prove(staff, form.cleaned_data["code"], address=address_of(request), at=timezone.now())
    except Denied as error:
        return _closed(error, form, lambda: _code_door(request, form, TOO_MANY))
    if not factor:
        form.add_error("code", _("This code does not fit, or has been used. Wait for the next one and type that."))
        return _code_door(request, form, 422)
    return _let_in(request, staff, factor, where=request.session.pop(HALF_WAY)["next"])


@require_http_methods(["GET", "POST"])
@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """The picture to bring into the app; after the first code the recovery codes, shown this once."""
    staff: SignedIn | None = getattr(request, "staff", None) or _must_set_up(request)
    if staff is None:
        return redirect("sign_in")
    form, at = CodeForm(request.POST or None), timezone.now()
    codes = set_up_app(staff, form.cleaned_data["code"], at=at) if form.is_valid() else []
    if codes:
        return _set_up(request, staff, codes)
    if form.is_bound and not form.errors:
        form.add_error("code", _("This code does not fit. Check the clock of the telephone, and type the next code."))
    return _app_door(request, staff, form, at)


@require_POST
def sign_in_to_demo(request: HttpRequest) -> HttpResponse:
    """In as one of the invented people; there is no such page outside demo mode."""
    wanted = request.POST.get("username", "")
    staff = next((one for one in demo_staff() if one.username == wanted), None) if settings.DEMO else None
    if staff is None:
        raise Http404
    return _let_in(request, staff, "demo")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out; the session is gone. Whoever came with the company's account is still signed in there, and is told."""
    by_company = request.session.get(FACTOR_KEY) == "company"
    request.session.flush()
    return redirect(f"{reverse('sign_in')}?left=company" if by_company else "sign_in")


def where_next(request: HttpRequest) -> str:
    """Where the reader wanted to go, if it is ours; else the first page of her first role."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return "/"


STEPS: Final = {CODE: "say_code", APP: "set_up_app"}


def _let_in(request: HttpRequest, staff: SignedIn, factor: str, *, where: str = "") -> HttpResponse:
    seat(request, staff, factor)
    return HttpResponseRedirect(where or where_next(request))


def seat(request: HttpRequest, staff: SignedIn, factor: str) -> None:
    """She is signed in; the session has a new key, so that nobody who knew the old one comes in with her."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = staff.id
    request.session[FACTOR_KEY] = factor
    told = {"address": address_of(request), "program": program_of(request), "factor": factor}
    come_in(staff, str(request.session.session_key), **told, at=timezone.now())


def half_in(request: HttpRequest, staff: SignedIn, at: datetime, *, where: str = "") -> HttpResponse:
    """To the second step; whoever takes too long over it begins anew."""
    request.session.cycle_key()
    until = (at + HALF_WAY_LASTS).timestamp()
    request.session[HALF_WAY] = {"staff": staff.id, "until": until, "next": where or where_next(request)}
    return redirect(STEPS[what_is_left(staff)])


def _half_way(request: HttpRequest) -> SignedIn | None:
    """Who has said her password in this session and not yet her code; None when that is too long ago."""
    half = request.session.get(HALF_WAY)
    return signed_in(half["staff"]) if half and timezone.now().timestamp() < half["until"] else None


def _must_set_up(request: HttpRequest) -> SignedIn | None:
    """Who is half way and has no second step yet. Who has one proves it first: a password alone makes no new one."""
    staff = _half_way(request)
    return staff if staff and what_is_left(staff) == APP else None


def _set_up(request: HttpRequest, staff: SignedIn, codes: list[str]) -> HttpResponse:
    half = request.session.pop(HALF_WAY, None)
    if half and not getattr(request, "staff", None):
        seat(request, staff, "app")
    return render(
        request, "shared/recovery_codes.html", {"codes": codes, "next": half["next"] if half else "/account/"}
    )


def _door(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    return render(request, "shared/signin.html", _around(request, form), status=status)


def _code_door(request: HttpRequest, form: CodeForm, status: int) -> HttpResponse:
    staff = _half_way(request)
    factors = factors_of(staff.id) if staff else None
    return render(request, "shared/say_code.html", {"form": form, "factors": factors}, status=status)


def _app_door(request: HttpRequest, staff: SignedIn, form: CodeForm, at: datetime) -> HttpResponse:
    secret = app_in_making(staff.id, at=at)
    if not secret:
        return redirect("account")
    picture = SafeString(square_code(app_address(secret, staff.username, _("Regulars"))))
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    around: dict[str, object] = {
        "form": form,
        "picture": picture,
        "secret": spaced,
        "must": not getattr(request, "staff", None),
    }
    return render(request, "shared/set_up_app.html", around, status=422 if form.errors else 200)


def _closed(error: Denied, form: forms.Form, page: Callable[[], HttpResponse]) -> HttpResponse:
    """The page again, saying how long to wait; for a name that exists and one that does not alike."""
    form.add_error(None, sentence_for(error))
    answer = page()
    answer["Retry-After"] = str(error.values["seconds"])
    return answer


def _around(request: HttpRequest, form: SignInForm) -> dict[str, object]:
    around: dict[str, object] = {
        "form": form,
        "next": where_next(request) if "next" in (request.GET | request.POST) else "",
    }
    around["company"] = company_label()
    around["way_out"] = company_way_out() if request.GET.get("left") == "company" else ""
    if settings.DEMO:
        around |= {
            "demo_logins": [_demo_login(staff) for staff in demo_staff()],
            "demo_portal_url": reverse("demo_customer"),
        }
    return around


def _demo_login(staff: SignedIn) -> DemoLogin:
    chinese = (get_language() or "").startswith("zh")
    name = (staff.full_name_zh or staff.full_name) if chinese else staff.full_name
    sees, not_shown = _seen(staff.roles[0])
    return DemoLogin(
        staff.username, name, say(ROLES, staff.roles[0]), initial_of(name), sees, not_shown, reverse("sign_in_to_demo")
    )


def _seen(role: str) -> tuple[str, str]:
    """What somebody in this role sees, and what she is not shown."""
    return {
        "marketer": (
            _("Segments, value, campaigns, imports"),
            _("Who said no to marketing is not there; no phone, no mail address"),
        ),
        "service": (
            _("One customer's file at a time, tasks, complaints"),
            _("No lists to take away, no sensitive data"),
        ),
        "officer": (_("Dictionary, views, log, requests: everything"), _("Every read is logged with its reason")),
    }[role]
