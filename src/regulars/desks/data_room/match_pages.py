"""Comparing customers from the page: started, watched, stopped, gone on with; the work is done in the background."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.data_room.matching_drawn import matching_part
from regulars.desks.shared.merging_words import MATCH_KINDS, MAY_DECIDE
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.ask_to_match import go_on_matching, look_at_matching, match_soon, stop_matching

BECAUSE: Final = "review of pairs"


@require_GET
@never_cache
@seated(*MAY_DECIDE)
def comparing(request: HttpRequest) -> HttpResponse:
    """The part of the page that moves."""
    found = look_at_matching(by=asker(request), because=BECAUSE)
    return render(request, "data_room/parts/matching.html", matching_part(found))


@require_POST
@seated(*MAY_DECIDE)
def start(request: HttpRequest) -> HttpResponse:
    """A comparison waits for its turn."""
    kind = request.POST.get("kind", "")
    match_soon(kind if kind in MATCH_KINDS else "whole", by=asker(request), because=BECAUSE)
    messages.success(request, _("It is done in the background. What it finds waits here."))
    return redirect("data_room:pairs")


@require_POST
@seated(*MAY_DECIDE)
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """It stops before its next pairs are put up."""
    if not stop_matching(run_id, by=asker(request)):
        messages.info(request, _("It was over already."))
    return redirect("data_room:pairs")


@require_POST
@seated(*MAY_DECIDE)
def go_on(request: HttpRequest, run_id: int) -> HttpResponse:
    """It waits for its turn again, and goes on where it ended."""
    go_on_matching(run_id, by=asker(request))
    return redirect("data_room:pairs")
