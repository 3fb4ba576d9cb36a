"""Who works here: hired by a link, seats and branches changed, signed out, let go. Never about oneself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.people_pages import around_people
from regulars.desks.privacy_office.staff_forms import HireForm, SeatsForm
from regulars.desks.shared.account_pages import PROVED_BY
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.employ_staff import change_seats, let_go
from regulars.journeys.invite_staff import Invitation, hire_and_invite, invite
from regulars.journeys.sign_in import sign_out_everywhere, staff_called
from regulars.records.staff.access import SignedIn
from regulars.records.staff.factors import factors_of
from regulars.records.staff.sessions import sessions_of
from regulars.rules.permission.errors import BadInput


@require_POST
@never_cache
@seated(OFFICER)
def hire(request: HttpRequest) -> HttpResponse:
    """She works here; the link to her own password is shown this once."""
    by, form = asker(request), HireForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        names = {name: told[name] for name in ("username", "full_name", "full_name_zh")}
        try:
            made = hire_and_invite(**names, **form.said(), language=get_language() or "en", by=by, at=timezone.now())
        except BadInput as error:
            form.add_error("username", sentence_for(error))
        else:
            return _person(request, staff_called(made.username), made=made)
    shown = in_room(request, "people", around_people() | {"hire_form": form}, by=by)
    shown.status_code = 422
    return shown


@require_GET
@never_cache
@seated(OFFICER)
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One of those who work here."""
    return _person(request, staff_called(username))


@require_POST
@seated(OFFICER)
def seats(request: HttpRequest, username: str) -> HttpResponse:
    """She has these seats from now on."""
    staff, form = staff_called(username), SeatsForm(request.POST)
    if not form.is_valid():
        return _person(request, staff, form=form)
    change_seats(username, **form.said(before=staff.roles), by=asker(request))
    messages.success(request, _("Kept. Where her seats changed, she has been signed out."))
    return redirect("privacy_office:person", username)


@require_POST
@never_cache
@seated(OFFICER)
def link(request: HttpRequest, username: str) -> HttpResponse:
    """A new link to a password of her own, shown this once."""
    made = invite(username, by=asker(request), at=timezone.now())
    return _person(request, staff_called(username), made=made)


@require_POST
@seated(OFFICER)
def out(request: HttpRequest, username: str) -> HttpResponse:
    """She is signed out everywhere."""
    ended = sign_out_everywhere(username, by=asker(request))
    messages.success(request, ngettext("%(n)d session ended.", "%(n)d sessions ended.", ended) % {"n": ended})
    return redirect("privacy_office:person", username)


@require_POST
@seated(OFFICER)
def go(request: HttpRequest, username: str) -> HttpResponse:
    """She signs in no more."""
    let_go(username, by=asker(request))
    messages.success(request, _("%(username)s can sign in no more.") % {"username": username})
    return redirect("privacy_office:people")


def _person(
    request: HttpRequest, staff: SignedIn, *, made: Invitation | None = None, form: SeatsForm | None = None
) -> HttpResponse:
    by, at = asker(request), timezone.now()
    chinese = (get_language() or "").startswith("zh")
    held = {"roles": list(staff.roles), "branches": [str(one) for one in sorted(staff.branches)]}
    around = {
        "staff": staff,
        "name": (staff.full_name_zh or staff.full_name) if chinese else staff.full_name,
        "oneself": staff.id == by.staff_id,
        "made": made,
        "form": form or SeatsForm(initial=held),
        "factors": factors_of(staff.id),
        "sessions": [(one, say(PROVED_BY, one.factor)) for one in sessions_of(staff.id, at=at)],
    }
    shown = in_room(request, "person", around, by=by)
    shown.status_code = 422 if form else 200
    return shown
