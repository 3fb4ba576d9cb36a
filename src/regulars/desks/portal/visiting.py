"""A customer at her own page: she came by a link, and a small cookie of its own remembers which.

The cookie holds the link's number, signed; the link itself is looked up at every page, so taking it back ends the visit
at once. It has nothing to do with the staff's session and is sent to /me/ only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from regulars.desks.shared.guard import NEVER_KEPT
from regulars.journeys.give_portal_link import Visit, go_on
from regulars.journeys.hear_browser_signal import hear_browser_signal
from regulars.journeys.show_own_record import BECAUSE
from regulars.records.company.access import now
from regulars.rules.permission.signals import HEADER, says_do_not_sell

COOKIE: Final = "regulars_portal"
PATH: Final = "/me/"
SALT: Final = "regulars.portal"
LASTS: Final = 60 * 60 * 12
P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def visited(page: Page[P]) -> Page[P]:
    """Only for a customer who came by her link; the page finds `request.visit`. Others meet the closed door."""

    @wraps(page)
    def dressed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visit = _remembered(request)
        if visit is None:
            return closed_door(request)
        request.visit = visit  # type: ignore[attr-defined]
        request.asker = visit.herself  # type: ignore[attr-defined]
        if says_do_not_sell(request.headers.get(HEADER)):
            hear_browser_signal(visit.number, by=visit.herself, because=BECAUSE, at=now())
        response = page(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", NEVER_KEPT)
        return response

    return dressed  # type: ignore[return-value]  # the request stands first by name as well as by place


def visit_of(request: HttpRequest) -> Visit:
    """The visit of a page that is `visited`."""
    visit: Visit = request.visit  # type: ignore[attr-defined]
    return visit


def remember(request: HttpRequest, response: HttpResponse, visit: Visit) -> HttpResponse:
    """The same answer; from now on the browser is let in until the link ends, twelve hours at most."""
    response.set_cookie(
        COOKIE, signing.dumps(visit.link_id, salt=SALT), max_age=LASTS, path=PATH, httponly=True, samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def closed_door(request: HttpRequest) -> HttpResponse:
    """The one page for a link that is old, revoked, forged or missing: it tells nobody which."""
    response = render(request, "portal/closed.html", status=404)
    response.delete_cookie(COOKIE, path=PATH)
    response.headers["Cache-Control"] = NEVER_KEPT
    return response


def _remembered(request: HttpRequest) -> Visit | None:
    try:
        link_id = int(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return go_on(link_id, at=timezone.now())
