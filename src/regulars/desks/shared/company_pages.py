"""In with the company's own account: out to its provider, and back with the proof."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.connections.company_door import Asked, NotBelieved, ProviderAway
from regulars.desks.shared.company_door import provider
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.sign_in_pages import STEPS, half_in, seat, where_next
from regulars.journeys.sign_in import what_is_left
from regulars.journeys.sign_in_by_company import let_in_by_company, proved_strongly
from regulars.records.access_log.actions import note_denial
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

WAITING: Final = "company_asked"
FACTOR: Final = "company"
LASTS: Final = 600


@require_GET
@never_cache
def leave_for_company(request: HttpRequest) -> HttpResponse:
    """To the provider's own page; what has to come back is kept in the session."""
    try:
        asked = provider().ask(_back_to())
    except ProviderAway:
        return _not_in(request, _("Your company's sign-in does not answer. Try again in a minute."), 503)
    until = timezone.now().timestamp() + LASTS
    kept = {"state": asked.state, "nonce": asked.nonce, "verifier": asked.verifier}
    request.session[WAITING] = {**kept, "next": where_next(request), "until": until}
    return HttpResponseRedirect(asked.address)


@require_GET
@never_cache
def back_from_company(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, when it proves who she is and our file has a seat for her."""
    kept = request.session.pop(WAITING, None)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not kept or timezone.now().timestamp() > kept["until"] or not constant_time_compare(state, kept["state"]):
        return _not_in(request, _("This way in was not begun here, or too long ago. Begin again."), 400)
    if not code:
        return _not_in(request, _("Your company's sign-in was broken off."), 400)
    asked, company = Asked("", state, kept["nonce"], kept["verifier"]), provider()
    try:
        claims = company.who_is(code, asked, back_to=_back_to())
        staff = let_in_by_company(claims, company.door, at=timezone.now())
    except ProviderAway:
        return _not_in(request, _("Your company's sign-in does not answer. Try again in a minute."), 503)
    except NotBelieved as error:
        note_denial(Asker("stranger", "stranger", "none", "none"), door="company_sign_in", because=str(error))
        return _not_in(request, _("Your company's sign-in sent something that proves nothing. Begin again."), 400)
    except Denied as error:
        return _not_in(request, sentence_for(error), 403)
    if what_is_left(staff) in STEPS and not proved_strongly(claims):
        return half_in(request, staff, timezone.now(), where=kept["next"])
    seat(request, staff, FACTOR)
    return HttpResponseRedirect(kept["next"])


def _back_to() -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('back_from_company')}"


def _not_in(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "shared/company_door.html", {"why": why}, status=status)
