"""How people sign in: who has a second step, of which roles it is asked, and the way back after a lost telephone."""

from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.connections.company_door import CompanyDoor
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.staff_forms import HireForm
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.sign_in import ask_second_factor_of, reset_factors, who_has_what
from regulars.records.staff.access import SignedIn
from regulars.records.staff.factors import Factors, roles_asked
from regulars.records.staff.sessions import open_sessions
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.views import ROLES as ROLE_VIEWS

SEATS: Final = tuple(ROLE_VIEWS)


class AskedForm(forms.Form):
    """Roles a second step is asked of."""

    roles = forms.MultipleChoiceField(
        choices=lambda: [(role, say(ROLES, role)) for role in SEATS], required=False, label=gettext_lazy("Roles")
    )


@require_GET
@seated(OFFICER)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in, and how."""
    return in_room(request, "people", around_people(), by=asker(request))


def around_people() -> dict[str, object]:
    """What the page of everybody shows."""
    asked, places = roles_asked(), open_sessions(at=timezone.now())
    return {
        "everybody": [_person(one, factors, asked, places.get(one.id, 0)) for one, factors in who_has_what()],
        "seats": [{"role": role, "label": say(ROLES, role), "asked": role in asked} for role in SEATS],
        "company": _company_door(),
        "hire_form": HireForm(),
        "without": sum(not factors.any for one, factors in who_has_what() if asked & set(one.roles)),
    }


@require_POST
@seated(OFFICER)
def ask(request: HttpRequest) -> HttpResponse:
    """From the next sign-in on a second step is asked of these roles, and of no others."""
    form = AskedForm(request.POST)
    if not form.is_valid():
        raise BadInput("no_such_role", {"roles": "", "known": ", ".join(SEATS)})
    ask_second_factor_of(frozenset(form.cleaned_data["roles"]), by=asker(request), at=timezone.now())
    messages.success(request, _("This counts from the next sign-in on."))
    return redirect("privacy_office:people")


@require_POST
@seated(OFFICER)
def reset(request: HttpRequest, username: str) -> HttpResponse:
    """Her second step is gone; she sets up a new one at her next sign-in."""
    reset_factors(username, by=asker(request))
    messages.success(request, _("%(name)s can set up a new telephone at the next sign-in.") % {"name": username})
    return redirect("privacy_office:people")


def _company_door() -> dict[str, object] | None:
    """The company's own sign-in: with whom, and which of its groups has which seat here."""
    door: CompanyDoor | None = settings.COMPANY_DOOR
    if door is None:
        return None
    return {"issuer": door.issuer, "seats": [(group, say(ROLES, role)) for group, role in door.roles.items()]}


def _person(one: SignedIn, factors: Factors, asked: frozenset[str], places: int) -> dict[str, object]:
    chinese = (get_language() or "").startswith("zh")
    return {
        "facts": one,
        "name": (one.full_name_zh or one.full_name) if chinese else one.full_name,
        "roles": [say(ROLES, role) for role in one.roles],
        "factors": factors,
        "must": bool(asked & set(one.roles)),
        "places": places,
    }
