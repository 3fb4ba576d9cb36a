"""Tasks and complaints in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.desks.shared.codes_said import SEVERITIES, code_said, matter_said
from regulars.desks.shared.customer_words import COMPLAINT_OUTCOMES, TASK_ICONS, TASK_KINDS
from regulars.desks.shared.dates import day, is_soon, left, moment
from regulars.desks.shared.figures import money_whole
from regulars.desks.shared.quality_words import asks_said
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.records.tasks.access import TaskFacts
from regulars.records.touchpoints.access import ComplaintFacts, ComplaintLine, PreferenceFacts
from regulars.rules.quality.asking import Ask


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task in the list of work."""

    id: int
    ref: str
    icon: str
    label: str
    words: str
    who: str
    url: str
    owner: str
    due: str
    due_on: str
    soon: bool
    worth: str
    invented: bool


def task_lines(tasks: Iterable[TaskFacts], *, at: datetime, currency: str) -> list[TaskRow]:
    """Tasks in words; `worth` is what is at stake, if it is known."""
    return [
        TaskRow(
            one.id, one.ref, TASK_ICONS.get(one.kind, "list-check"), say(TASK_KINDS, one.kind),
            one.words or because(one.because, at),
            one.name or one.number, reverse("service:customer", args=[one.number]), one.owner or "",
            left(one.due_on, at=at.date()), day(one.due_on, at=at.date()), is_soon(one.due_on, at=at.date()),
            money_whole(one.worth_minor, currency) if one.worth_minor else "", one.invented,
        )
        for one in tasks
    ]  # fmt: skip


def because(said: Any, at: datetime) -> str:
    """What the task rests on: a complaint, a day that passed."""
    values = said if isinstance(said, dict) else {}
    if values.get("complaint"):
        matter = matter_said(str(values.get("code", "")))
        return _("Complaint %(ref)s: %(matter)s") % {"ref": values["complaint"], "matter": matter}
    if values.get("rule"):
        return str(values["rule"])
    if values.get("ask"):
        return asks_said(Ask(str(field), str(why)) for field, why in values["ask"])
    if values.get("due_on"):
        return _("due %(day)s") % {"day": day(datetime.fromisoformat(str(values["due_on"])).date(), at=at.date())}
    return ""


def complaint_drawn(one: ComplaintFacts, *, at: datetime) -> dict[str, Any]:
    """One complaint in words."""
    deadline = one.answer_by or one.opened_at
    return {
        "id": one.id, "ref": one.ref, "matter": matter_said(one.code), "detail": one.detail or "",
        "opened": moment(one.opened_at, at=at),
        "open": one.closed_at is None, "due": left(deadline, at=at) if one.answer_by else "",
        "soon": is_soon(deadline, at=at),
        "answer_by": moment(one.answer_by, at=at) if one.answer_by else "", "invented": one.invented,
        "closed": moment(one.closed_at, at=at) if one.closed_at else "",
        "outcome": say(COMPLAINT_OUTCOMES, one.outcome) if one.outcome else "",
        "severity": say(SEVERITIES, str(one.severity)), "grave": one.severity > 2, "owner": one.owner or "",
        "answer": one.answer or "", "answered": moment(one.answered_at, at=at) if one.answered_at else "",
    }  # fmt: skip


def preferences_drawn(found: Iterable[PreferenceFacts]) -> list[dict[str, Any]]:
    """What somebody prefers, in words."""
    return [
        {
            "id": one.id, "what": code_said("preference", one.code), "words": one.words or "",
            "masked": one.words is None, "noted": day(one.noted_at), "staff": called(one.staff_name or ""),
            "ended": day(one.ended_at) if one.ended_at else "",
        }
        for one in found
    ]  # fmt: skip


def complaint_lines(lines: Iterable[ComplaintLine], *, at: datetime) -> list[dict[str, Any]]:
    """Open complaints in words, each with its customer."""
    return [
        complaint_drawn(line.complaint, at=at) | {
            "who": line.name or line.number, "branch": line.branch or "", "invented": line.customer_invented,
            "url": reverse("service:complaint", args=[line.number, line.complaint.id]),
        }
        for line in lines
    ]  # fmt: skip
