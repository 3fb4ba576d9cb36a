"""The few pages that belong to no desk: the theme switch and the living style sheet."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.shared.frame import THEME_COOKIE, THEMES

A_YEAR: Final = timedelta(days=365)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remembers auto, light or dark in a cookie and goes back to where the reader was; anything else counts as auto."""
    chosen = request.POST.get("theme", "auto")
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(THEME_COOKIE, chosen if chosen in THEMES else "auto", max_age=A_YEAR, samesite="Lax")
    return response


@require_GET
def parts(request: HttpRequest) -> HttpResponse:
    """Every part of the look on one page, with invented data; served in demo mode only."""
    from regulars.desks.shared.examples import every_part

    return render(request, "shared/parts_page.html", every_part())


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else "/"
