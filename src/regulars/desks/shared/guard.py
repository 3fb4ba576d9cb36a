"""What the browser may do with our pages: load from us only, run nothing that stands in the page, tell nobody.

The policy follows Content Security Policy Level 3 (W3C). There is no `unsafe-inline` and no `unsafe-eval`: charts,
htmx and our own script live without them, so a name that is really a script stays a name.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

POLICY: Final[Mapping[str, str]] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in POLICY.items()),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "browsing-topics=()",
}

NEVER_KEPT: Final = "private, no-store"


class Guard:
    """Middleware: puts the headers above on every answer, unless a page has set one of them itself.

    An answer is never kept by browser or proxy: on a shared counter, the back button after signing out must not show
    a customer's card. Styles, scripts and pictures, which are the same for everybody, say themselves that they may be.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", NEVER_KEPT)
        return response
