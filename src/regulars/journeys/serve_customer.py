"""Somebody at a desk does something for one customer: notes a meeting, works on a task, hears a complaint.

Each sentence opens the file first, so that assignment is checked and the log knows; then the record's own door writes.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from regulars.records.access_log.actions import note_denial
from regulars.records.customers.access import CustomerFacts, Opened, open_customer
from regulars.records.free_texts.texts import look_at_text
from regulars.records.tasks.access import customer_number_of, task_ref
from regulars.records.tasks.actions import close_task, ensure_task, hand_task, open_task
from regulars.records.touchpoints.access import (
    ComplaintFacts,
    PreferenceFacts,
    complaint_ref,
    complaints_of,
    preferences_of,
)
from regulars.records.touchpoints.actions import (
    add_preference,
    add_touchpoint,
    answer_complaint,
    close_complaint,
    end_preference,
    hand_complaint,
    open_complaint,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere

MAY_SERVE = frozenset({"service", "officer"})
MAY_WORK = MAY_SERVE | {"marketer"}


@dataclass(frozen=True, slots=True)
class HeldComplaint:
    """A complaint and whose it is."""

    facts: CustomerFacts
    complaint: ComplaintFacts


def note_touchpoint(
    number: str, *, kind: str, channel: str, title: str, detail: str, branch_id: int | None, by: Asker, at: datetime,
    code: str = "", because: str = "serving",
) -> int:  # fmt: skip
    """The id of the note, visit, call or wish now on the customer's timeline; a call may bear a code."""
    opened = _opened(number, by, because, MAY_SERVE)
    return _noted(
        opened, kind=kind, channel=channel, title=title, detail=detail, branch_id=branch_id, at=at, code=code
    )  # fmt: skip


def note_preference(number: str, *, code: str, words: str, by: Asker, at: datetime) -> int:
    """The id of what the customer prefers from now on; what it says that is sensitive waits for the officer."""
    opened = _opened(number, by, "serving", MAY_SERVE)
    with transaction.atomic():
        made = add_preference(opened, code=code, words=words, at=at)
        look_at_text(opened.id, "preference", made, {"words": words.strip()}, by=by.name, at=at)
    return made


def prefer_no_more(number: str, preference_id: int, *, by: Asker, at: datetime) -> None:
    """The customer does not prefer it any more."""
    end_preference(_opened(number, by, "serving", MAY_SERVE), preference_id, at=at)


def preferences_held(number: str, *, by: Asker) -> tuple[CustomerFacts, list[PreferenceFacts]]:
    """What she prefers, ended ones too, newest first."""
    opened, facts = open_customer(number, by=by, because="serving")
    return facts, preferences_of(opened, newest=200, ended=True)


def give_task(
    number: str, *, kind: str, words: str, due_on: date, owner_id: int | None, by: Asker, at: datetime
) -> int:
    """The id of the new task about this customer."""
    opened, words = _opened(number, by, "task", MAY_WORK), words.strip()[:500]
    with transaction.atomic():
        made = open_task(opened, kind=kind, because={}, words=words, due_on=due_on, owner_id=owner_id, at=at)
        look_at_text(opened.id, "task", made, {"words": words}, by=by.name, at=at)
    return made


def hand_on_task(task_id: int, *, owner_id: int | None, by: Asker) -> str:
    """The customer number of the task, which now belongs to that member of staff or to nobody."""
    opened = _of_task(task_id, by)
    hand_task(opened, task_id, owner_id=owner_id)
    return opened.number


def finish_task(task_id: int, *, outcome: str, words: str, by: Asker, at: datetime) -> str:
    """The customer number of the task, which is closed; what was said about it is on the timeline."""
    opened = _of_task(task_id, by)
    with transaction.atomic():
        close_task(opened, task_id, outcome=outcome, at=at)
        if words.strip():
            _noted(opened, kind="note", channel="counter", title=words[:200], at=at)
    return opened.number


def hear_complaint(
    number: str, *, code: str, detail: str, answer_by: datetime | None, owner_id: int | None, by: Asker, at: datetime,
    severity: int = 2,
) -> int:  # fmt: skip
    """The id of the complaint; marketing to the customer rests, and somebody has the task to answer."""
    opened = _opened(number, by, "complaint", MAY_SERVE)
    with transaction.atomic():
        complaint_id = open_complaint(
            opened, code=code, detail=detail, answer_by=answer_by, at=at, severity=severity, owner_id=owner_id
        )
        look_at_text(opened.id, "complaint", complaint_id, {"detail": detail.strip()}, by=by.name, at=at)
        _task_to_answer(opened, complaint_id, code, (answer_by or at).date(), owner_id, at)
    return complaint_id


def read_complaint(number: str, complaint_id: int, *, by: Asker) -> HeldComplaint:
    """One complaint of this customer; NotThere for anybody else's, as for one that never was."""
    case = by if by.reference else replace(by, reference=complaint_ref(complaint_id))
    opened, facts = open_customer(number, by=case, because="complaint")
    found = next((one for one in complaints_of(opened, newest=1_000) if one.id == complaint_id), None)
    if found is None:
        raise NotThere("complaint_not_there")
    return HeldComplaint(facts, found)


def reply_to_complaint(number: str, complaint_id: int, *, answer: str, by: Asker, at: datetime) -> None:
    """What the customer was answered is kept; the complaint stays open until it is closed."""
    opened = _opened(number, by, "complaint", MAY_SERVE)
    with transaction.atomic():
        answer_complaint(opened, complaint_id, answer=answer, at=at)
        look_at_text(opened.id, "complaint", complaint_id, {"answer": answer.strip()}, by=by.name, at=at)


def weigh_complaint(number: str, complaint_id: int, *, severity: int, owner_id: int | None, by: Asker) -> None:
    """How grave the complaint is, and who answers it, from now on."""
    hand_complaint(_opened(number, by, "complaint", MAY_SERVE), complaint_id, severity=severity, owner_id=owner_id)


def settle_complaint(number: str, complaint_id: int, *, outcome: str, words: str, by: Asker, at: datetime) -> None:
    """The complaint has ended so, and marketing may speak again; what was said is on the timeline."""
    opened = _opened(number, by, "complaint", MAY_SERVE)
    with transaction.atomic():
        close_complaint(opened, complaint_id, outcome=outcome, at=at)
        if words.strip():
            title = f"{complaint_ref(complaint_id)}: {words.strip()}"
            _noted(
                opened,
                kind="note",
                channel="counter",
                title=title[:200],
                detail=words if len(title) > 200 else "",
                at=at,
            )


def _noted(
    opened: Opened, *, kind: str, channel: str, title: str, at: datetime, detail: str = "",
    branch_id: int | None = None, code: str = "",
) -> int:  # fmt: skip
    """The touchpoint's id; what it says that is sensitive waits for the officer."""
    with transaction.atomic():
        made = add_touchpoint(
            opened, kind=kind, channel=channel, title=title, detail=detail, branch_id=branch_id, at=at, code=code
        )
        texts = {"title": title.strip(), "detail": detail.strip()}
        look_at_text(opened.id, "touchpoint", made, texts, by=opened.by.name, at=at)
    return made


def _task_to_answer(
    opened: Opened, complaint_id: int, code: str, due_on: date, owner_id: int | None, at: datetime
) -> None:
    because = {"complaint": complaint_ref(complaint_id), "code": code}
    ensure_task(opened, kind="complaint", because=because, due_on=due_on, owner_id=owner_id, at=at)


def _of_task(task_id: int, by: Asker) -> Opened:
    number = customer_number_of(task_id, by=by)
    by = by if by.reference else replace(by, reference=task_ref(task_id))
    if number is None:
        note_denial(by, door="open_customer", because="task")
        raise NotThere("task_not_open")
    return _opened(number, by, "task", MAY_WORK)


def _opened(number: str, by: Asker, because: str, roles: frozenset[str]) -> Opened:
    opened, _ = open_customer(number, by=by, because=because)
    if by.role not in roles:
        note_denial(by, door="serve_customer", because=because, customer_id=opened.id)
        raise Denied("serving_not_for_this_role")
    return opened
