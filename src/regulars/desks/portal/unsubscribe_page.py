"""One-click unsubscribe (RFC 8058). Asking (GET, HEAD) never unsubscribes: mail scanners and previews ask too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from regulars.desks.shared.guard import NEVER_KEPT
from regulars.journeys.unsubscribe import contact_behind, unsubscribe
from regulars.records.company.access import now
from regulars.rules.permission.errors import NotThere


@csrf_exempt  # the mail program that posts has never been here; the signed token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """A button; pressed, or posted by the mail program itself, there is no more advertising by e-mail."""
    try:
        done = request.method == "POST" and bool(unsubscribe(token, at=now(), wording=_("News and offers by e-mail")))
        contact_behind(token)
    except NotThere:
        return _answered(render(request, "portal/closed.html", status=404))
    return _answered(render(request, "portal/unsubscribe.html", {"done": done}))


def _answered(response: HttpResponse) -> HttpResponse:
    for name, value in (("Cache-Control", NEVER_KEPT), ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex")):
        response.headers[name] = value
    return response
