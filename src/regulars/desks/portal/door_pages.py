"""In by a link, out by a button; in the demonstration, in as one of the invented customers."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.portal.visiting import COOKIE, PATH, closed_door, remember
from regulars.desks.shared.guard import NEVER_KEPT
from regulars.journeys.give_portal_link import enter_portal
from regulars.journeys.show_demo_customer import demo_portal_secret
from regulars.rules.permission.errors import NotThere


@require_GET
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """In, and at once on to an address without the secret: it must not stay in the browser's bar or history."""
    try:
        visit = enter_portal(secret, at=timezone.now())
    except NotThere:
        return closed_door(request)
    response = remember(request, redirect("portal:choices"), visit)
    response.headers["Cache-Control"] = NEVER_KEPT
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Out; the link itself still opens the page."""
    response = closed_door(request)
    response.status_code = 200
    response.delete_cookie(COOKIE, path=PATH)
    return response


@require_GET
def demo_customer(request: HttpRequest) -> HttpResponse:
    """In as an invented customer of the demonstration; there is no such page anywhere else."""
    secret = demo_portal_secret(at=timezone.now()) if settings.DEMO else None
    if secret is None:
        raise Http404
    return redirect("portal:enter", secret)
