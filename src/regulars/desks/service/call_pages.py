"""The phone rings: the agent sees who it may be, opens her file beside what she is doing, writes down what was said."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.service.forms import CallForm
from regulars.desks.service.likely_drawn import likely_line
from regulars.desks.shared.dates import clock
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.text_words import warn_of
from regulars.journeys.take_call import note_call, put_call_away, ringing_for, who_calls
from regulars.records.codes.access import codes
from regulars.records.company.access import now
from regulars.rules.codes.tree import lies_in
from regulars.rules.permission.asking import Asker

ANSWERING: Final = ("service",)


@require_GET
@never_cache
@seated(*ANSWERING)
def ringing(request: HttpRequest) -> HttpResponse:
    """The newest call that rings for her; 204 while there is none, or none but the one she sees already."""
    by, shown = asker(request), request.GET.get("shown", "")
    newest = next(iter(ringing_for(by=by)), None)
    if newest is None or str(newest.id) == shown:
        return HttpResponse(status=204)
    return render(request, "service/parts/call.html", _told(newest.id, by) | {"form": CallForm()})


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ANSWERING)
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call as a page, and what was said in it."""
    by, form = asker(request), CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        branch = next(iter(by.branches), None) if len(by.branches) == 1 else None
        note_call(call_id, data["number"], title=data["title"], detail="", code=data["code"], branch_id=branch, by=by,
                  at=now())  # fmt: skip
        messages.success(request, _("Noted."))
        warn_of(request, data["title"])
        complains = lies_in(data["code"], "complaint", codes("call"))
        return redirect("service:new_complaint" if complains else "service:customer", data["number"])
    around = _told(call_id, by) | {"form": form}
    return render(request, "service/call.html", around, status=422 if form.errors else 200)


@require_POST
@seated(*ANSWERING)
def away(request: HttpRequest, call_id: int) -> HttpResponse:
    """The call is over, and nothing was written down."""
    put_call_away(call_id, by=asker(request))
    if request.headers.get("HX-Request"):
        return render(request, "service/parts/no_call.html")
    return redirect("service:customers")


def _told(call_id: int, by: Asker) -> dict[str, Any]:
    """Who calls, as far as her view shows it."""
    told, at = who_calls(call_id, by=by), now()
    return {
        "call": told.call, "since": clock(told.call.rang_at), "phone": told.call.phone,
        "likely": [likely_line(one, at=at) for one in told.likely],
    }  # fmt: skip
