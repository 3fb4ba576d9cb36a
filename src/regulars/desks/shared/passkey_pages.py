"""What the small script about passkeys asks the server: what to hand to the device, and what its answer proves."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.sign_in_pages import HALF_WAY, TOO_MANY, seat, where_next
from regulars.desks.shared.signing_in import seated
from regulars.desks.shared.whereabouts import address_of, program_of
from regulars.journeys.passkeys import Asked, Site, ask_for_new, ask_to_sign_in, enter, keep_new, put_away
from regulars.records.staff.access import SignedIn
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.privacy.views import ROLES

CHALLENGE: Final = "passkey_challenge"
LASTS: Final = timedelta(minutes=5)
LONGEST_ANSWER: Final = 20_000


@require_POST
@never_cache
def options_to_enter(request: HttpRequest) -> HttpResponse:
    """What a passkey has to answer."""
    return _handed(request, ask_to_sign_in(_site(request)), "enter")


@require_POST
@never_cache
def enter_with(request: HttpRequest) -> HttpResponse:
    """Where she goes on, when the passkey opened the door."""
    try:
        staff = enter(_answer(request), challenge=_challenge(request, "enter"), site=_site(request),
                      address=address_of(request), at=timezone.now())  # fmt: skip
    except (Denied, BadInput) as error:
        return _refused(sentence_for(error), TOO_MANY if isinstance(error, Denied) else 422)
    if staff is None:
        return _refused(_("This passkey does not open this door. Sign in with name and password."), 422)
    half: dict[str, Any] = request.session.pop(HALF_WAY, None) or {}
    seat(request, staff, "passkey")
    return JsonResponse({"next": half.get("next") or where_next(request)})


@require_POST
@never_cache
@seated(*ROLES)
def options_for_new(request: HttpRequest) -> HttpResponse:
    """What makes a new passkey, for who says her password once more."""
    password, address, at = request.POST.get("password", "")[:1000], address_of(request), timezone.now()
    try:
        asked = ask_for_new(
            _staff(request), password, site=_site(request), name=_("Regulars"), address=address, at=at
        )  # fmt: skip
    except (BadInput, Denied) as error:
        return _refused(sentence_for(error), TOO_MANY if isinstance(error, Denied) else 422)
    return _handed(request, asked, "make")


@require_POST
@never_cache
@seated(*ROLES)
def keep(request: HttpRequest) -> HttpResponse:
    """The new passkey is in the book."""
    try:
        challenge, label = _challenge(request, "make"), program_of(request)[:60]
        keep_new(_staff(request), _answer(request), challenge=challenge, site=_site(request), label=label,
                 at=timezone.now())  # fmt: skip
    except BadInput as error:
        return _refused(sentence_for(error), 422)
    messages.success(request, _("From now on this device opens the door."))
    return JsonResponse({"next": "/account/"})


@require_POST
@never_cache
@seated(*ROLES)
def away(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """That passkey opens nothing any more, for who says her password once more."""
    password, address, at = request.POST.get("password", "")[:1000], address_of(request), timezone.now()
    try:
        put_away(_staff(request), passkey_id, password, address=address, at=at)
    except (BadInput, Denied) as error:
        messages.error(request, sentence_for(error))
        return redirect("account")
    messages.success(request, _("This passkey opens nothing any more."))
    return redirect("account")


def _site(request: HttpRequest) -> Site:
    """Behind a proxy that speaks TLS for us, the browser's origin is that of the public address."""
    public = urlsplit(settings.PUBLIC_URL)
    host = request.get_host()
    domain = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    behind = (f"{public.scheme}://{public.netloc}",) if public.hostname == domain else ()
    return Site(domain, (f"{request.scheme}://{host}", *behind))


def _handed(request: HttpRequest, asked: Asked, use: str) -> HttpResponse:
    until = (timezone.now() + LASTS).timestamp()
    request.session[CHALLENGE] = {"hex": asked.challenge.hex(), "until": until, "for": use}
    return HttpResponse(asked.options, content_type="application/json")


def _challenge(request: HttpRequest, use: str) -> bytes:
    """The challenge last handed out in this session for that use; it counts once."""
    kept = request.session.pop(CHALLENGE, None)
    if not kept or kept["for"] != use or kept["until"] < timezone.now().timestamp():
        raise BadInput("passkey_too_late")
    return bytes.fromhex(kept["hex"])


def _answer(request: HttpRequest) -> str:
    return request.POST.get("answer", "")[:LONGEST_ANSWER]


def _refused(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _staff(request: HttpRequest) -> SignedIn:
    staff: SignedIn = request.staff  # type: ignore[attr-defined]
    return staff
