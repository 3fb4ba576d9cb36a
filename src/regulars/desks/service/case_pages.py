"""Notes, new tasks and complaints about one customer."""

from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from regulars.desks.service.forms import (
    AnswerForm,
    ComplaintForm,
    NoteForm,
    PreferenceForm,
    SettleForm,
    TaskForm,
    WeighForm,
)
from regulars.desks.service.work_drawn import complaint_drawn, complaint_lines, preferences_drawn
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.text_words import warn_of
from regulars.journeys.serve_customer import (
    give_task,
    hear_complaint,
    note_preference,
    note_touchpoint,
    prefer_no_more,
    preferences_held,
    read_complaint,
    reply_to_complaint,
    settle_complaint,
    weigh_complaint,
)
from regulars.records.company.access import now
from regulars.records.staff.access import everybody
from regulars.records.touchpoints.access import ComplaintFacts, complaints_waiting
from regulars.rules.permission.errors import BadInput

SERVING: Final = ("service", "officer")
WORKING: Final = ("service", "marketer", "officer")


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SERVING)
def new_note(request: HttpRequest, number: str) -> HttpResponse:
    """A visit, call, note or wish goes on the timeline."""
    form = NoteForm(request.POST or None, initial={"kind": request.GET.get("kind", "note"), "channel": "counter"})
    if request.method == "POST" and form.is_valid():
        branch = next(iter(asker(request).branches), None) if len(asker(request).branches) == 1 else None
        note_touchpoint(number, **form.cleaned_data, branch_id=branch, by=asker(request), at=now())
        messages.success(request, _("Noted."))
        warn_of(request, form.cleaned_data["title"], form.cleaned_data["detail"])
        return _to_card(number)
    return _form(request, form, number, _("Add a note"), _("Note it"))


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*WORKING)
def new_task(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody gets something to do about this customer."""
    at = now()
    form = TaskForm(request.POST or None, staff=everybody(), day=at.date(), initial={"owner": asker(request).staff_id})
    if request.method == "POST" and form.is_valid() and _gave(form, number, request):
        messages.success(request, _("The task is open."))
        warn_of(request, form.cleaned_data["words"])
        return _to_card(number)
    return _form(request, form, number, _("New task"), _("Open the task"))


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SERVING)
def new_complaint(request: HttpRequest, number: str) -> HttpResponse:
    """A complaint is heard; marketing to this customer rests from now on."""
    at = now()
    form = ComplaintForm(
        request.POST or None, staff=everybody(), day=at.date(), initial={"owner": asker(request).staff_id}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = hear_complaint(
            number, code=data["code"], detail=data["detail"], answer_by=form.answer_at(), owner_id=data["owner"],
            by=asker(request), at=at, severity=int(data["severity"]),
        )  # fmt: skip
        messages.success(request, _("Written down. No marketing until it is closed."))
        warn_of(request, data["detail"])
        return redirect("service:complaint", number, made)
    return _form(request, form, number, _("Hear a complaint"), _("Write it down"))


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SERVING)
def complaint(request: HttpRequest, number: str, complaint_id: int) -> HttpResponse:
    """One complaint, and how it ended."""
    by, at, do = asker(request), now(), request.POST.get("do", "close")
    told = request.POST if request.method == "POST" else None
    close = SettleForm(told if do == "close" else None)
    answer = AnswerForm(told if do == "answer" else None)
    weigh = WeighForm(told if do == "weigh" else None, staff=everybody())
    if close.is_valid():
        settle_complaint(number, complaint_id, **close.cleaned_data, by=by, at=at)
        messages.success(request, _("The complaint is closed."))
        warn_of(request, close.cleaned_data["words"])
        return _to_card(number)
    if answer.is_valid():
        reply_to_complaint(number, complaint_id, **answer.cleaned_data, by=by, at=at)
        messages.success(request, _("The answer is kept. The complaint stays open until it is closed."))
        warn_of(request, answer.cleaned_data["answer"])
        return redirect(request.path)
    if weigh.is_valid():
        data = weigh.cleaned_data
        weigh_complaint(number, complaint_id, severity=data["severity"], owner_id=data["owner"], by=by)
        messages.success(request, _("Written down."))
        return redirect(request.path)
    held = read_complaint(number, complaint_id, by=by)
    if told is None or do != "weigh":
        weigh = WeighForm(staff=everybody(), initial=_as_it_stands(held.complaint))
    around = {
        "number": number, "facts": held.facts, "complaint": complaint_drawn(held.complaint, at=at), "form": close,
        "answer": answer, "weigh": weigh,
    }  # fmt: skip
    wrong = close.errors or answer.errors or weigh.errors
    return render(request, "service/complaint.html", around, status=422 if wrong else 200)


def _as_it_stands(complaint: ComplaintFacts) -> dict[str, Any]:
    owner = next((one.id for one in everybody() if one.log_name == complaint.owner), "")
    return {"severity": complaint.severity, "owner": owner}


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SERVING)
def preferences(request: HttpRequest, number: str) -> HttpResponse:
    """What the customer prefers; something new is noted, something old ended."""
    by, at, ended = asker(request), now(), request.POST.get("ended", "")
    if ended.isascii() and ended.isdecimal() and len(ended) < 19:
        prefer_no_more(number, int(ended), by=by, at=at)
        messages.success(request, _("Ended; it stays in her history."))
        return redirect(request.path)
    form = PreferenceForm(request.POST or None)
    if form.is_valid():
        note_preference(number, **form.cleaned_data, by=by, at=at)
        messages.success(request, _("Noted."))
        warn_of(request, form.cleaned_data["words"])
        return redirect(request.path)
    facts, held = preferences_held(number, by=by)
    around = {"number": number, "facts": facts, "held": preferences_drawn(held), "form": form}
    return render(request, "service/preferences.html", around, status=422 if form.errors else 200)


@require_GET
@never_cache
@seated(*SERVING)
def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints that wait for an answer, the nearest deadline first."""
    lines = complaints_waiting(by=asker(request), because="complaint")
    return render(request, "service/complaints.html", {"lines": complaint_lines(lines, at=now())})


def _gave(form: TaskForm, number: str, request: HttpRequest) -> bool:
    """Whether the task was opened; if not, the form says why."""
    data: dict[str, Any] = form.cleaned_data
    try:
        give_task(number, kind=data["kind"], words=data["words"], due_on=data["due_on"], owner_id=data["owner"],
                  by=asker(request), at=now())  # fmt: skip
    except BadInput as error:
        if error.code != "task_open_already":
            raise
        form.add_error("kind", _("Such a task is open about this customer already."))
        return False
    return True


def _form(request: HttpRequest, form: Form, number: str, title: str, action: str) -> HttpResponse:
    around = {"form": form, "number": number, "title": title, "action": action}
    return render(request, "service/form.html", around, status=422 if form.errors else 200)


def _to_card(number: str) -> HttpResponse:
    return redirect(reverse("service:customer", args=[number]))
