"""The list of tasks by urgency; one is taken, handed on, closed with an outcome."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.service.forms import CloseForm, HandForm, offered, owners
from regulars.desks.service.work_drawn import task_lines
from regulars.desks.shared.customer_words import TASK_OUTCOMES
from regulars.desks.shared.parts import Pager
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.serve_customer import finish_task, hand_on_task
from regulars.records.company.access import company, now
from regulars.records.staff.access import everybody
from regulars.records.tasks.access import EVERYBODYS, MINE, NOBODYS, tasks_waiting

WORKING: Final = ("service", "marketer", "officer")
PAGE: Final = 40


@require_GET
@never_cache
@seated(*WORKING)
def tasks(request: HttpRequest) -> HttpResponse:
    """Mine, nobody's or everybody's open tasks, the most urgent first."""
    by, whose, start = asker(request), _whose(request), _start(request)
    total, found = tasks_waiting(by=by, because="task", whose=whose, limit=PAGE, offset=start)
    around = {
        "lines": task_lines(found, at=now(), currency=company().currency), "total": total, "whose": _whose_words(whose),
        "pager": _pager(whose, start, len(found), total), "outcomes": offered(TASK_OUTCOMES),
        "owners": owners(everybody()),
        "mine": whose == MINE,
    }  # fmt: skip
    return render(request, "service/tasks.html", around)


@require_POST
@seated(*WORKING)
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task is mine."""
    hand_on_task(task_id, owner_id=asker(request).staff_id, by=asker(request))
    messages.success(request, _("The task is yours."))
    return _back(request)


@require_POST
@seated(*WORKING)
def hand(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task is somebody else's, or nobody's."""
    form = HandForm(request.POST, staff=everybody())
    if form.is_valid():
        hand_on_task(task_id, owner_id=form.cleaned_data["owner"], by=asker(request))
        messages.success(request, _("The task is handed on."))
    return _back(request)


@require_POST
@seated(*WORKING)
def close(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task is done, and how it ended is kept."""
    form = CloseForm(request.POST)
    if form.is_valid():
        finish_task(task_id, **form.cleaned_data, by=asker(request), at=now())
        messages.success(request, _("The task is closed."))
    return _back(request)


def _whose(request: HttpRequest) -> str:
    asked = request.GET.get("whose", MINE)
    return asked if asked in (MINE, NOBODYS, EVERYBODYS) else MINE


def _whose_words(chosen: str) -> list[tuple[str, str, bool]]:
    words = {
        MINE: pgettext("tasks", "Mine"),
        NOBODYS: pgettext("tasks", "Nobody's"),
        EVERYBODYS: pgettext("tasks", "All"),
    }
    return [(whose, label, whose == chosen) for whose, label in words.items()]


def _start(request: HttpRequest) -> int:
    asked = request.GET.get("from", "")
    return int(asked) if asked.isdecimal() and len(asked) < 8 else 0


def _pager(whose: str, start: int, shown: int, total: int) -> Pager | None:
    if total <= PAGE:
        return None
    page: dict[str, Any] = {"first": start + 1, "last": start + shown, "total": total}
    here = f"{reverse('service:tasks')}?whose={whose}&from="
    before = f"{here}{max(start - PAGE, 0)}" if start else ""
    return Pager(**page, previous_url=before, next_url=f"{here}{start + PAGE}" if start + shown < total else "")


def _back(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if ours else reverse("service:tasks"))
