"""The writing door of tasks: opened, taken, handed on, closed with an outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from regulars.records.access_log.actions import note_change
from regulars.records.access_log.readings import is_counted, key_of
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import held_alive, hold_alive
from regulars.records.tasks.models import Task
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

KINDS = ("lapse", "complaint", "call_back", "order_ready", "correction", "erasure", "ask_again", "other")
OUTCOMES = ("reached", "not_reached", "comes_back", "not_interested", "done", "not_needed")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task about to be opened; `because` holds codes and values, money in minor units."""

    customer_id: int
    due_on: date
    because: Mapping[str, Any] = field(default_factory=dict)
    worth_minor: int = 0
    owner_id: int | None = None


def open_task(
    opened: Opened, *, kind: str, because: Mapping[str, Any], due_on: date, owner_id: int | None, at: datetime,
    words: str = "",
) -> int:  # fmt: skip
    """The id of the new task; BadInput for an unknown kind, or when one of that kind is open about the customer;
    NotThere when she has been erased since her file was opened."""
    if kind not in KINDS:
        raise BadInput("task_kind_unknown", {"kind": kind[:40]})
    try:
        with transaction.atomic():
            hold_alive(opened.id)
            made = Task.objects.create(
                customer_id=opened.id, kind=kind, because=dict(because), words=words, due_on=due_on,
                owner_id=owner_id, opened_at=at, given_by=_giver(opened.by),
            )  # fmt: skip
            note_change(
                opened.by, door="open_task", subject="task", field="state", old=None, new="open", customer_id=opened.id
            )
    except IntegrityError as error:
        raise BadInput("task_open_already", {"kind": kind}) from error
    return made.id


def ensure_task(
    opened: Opened, *, kind: str, because: Mapping[str, Any], due_on: date, owner_id: int | None, at: datetime
) -> int | None:
    """The id of the new task, or None when the customer has an open task of that kind already, which then stands."""
    try:
        return open_task(opened, kind=kind, because=because, due_on=due_on, owner_id=owner_id, at=at)
    except BadInput as error:
        if error.code == "task_open_already":
            return None
        raise


def open_tasks(kind: str, tasks: Iterable[NewTask], *, by: Asker, at: datetime) -> int:
    """How many tasks were opened; a customer who has an open task of that kind keeps the one they have."""
    rows = [
        Task(customer_id=t.customer_id, kind=kind, because=dict(t.because), due_on=t.due_on, worth_minor=t.worth_minor,
             owner_id=t.owner_id, opened_at=at, given_by=_giver(by))
        for t in tasks
    ]  # fmt: skip
    before = Task.objects.filter(kind=kind, state="open").count()
    with transaction.atomic():
        alive = held_alive(row.customer_id for row in rows)
        there = [row for row in rows if row.customer_id in alive]
        Task.objects.bulk_create(there, ignore_conflicts=True, batch_size=5_000)
        opened = Task.objects.filter(kind=kind, state="open").count() - before
        note_change(
            by, door="open_tasks", subject="task", field=kind, old=before, new=before + opened, customer_id=None
        )
    return opened


def hand_task(opened: Opened, task_id: int, *, owner_id: int | None) -> None:
    """The task belongs to that member of staff from now on, or to nobody; NotThere when no such task is open.

    Who takes one that was offered to everybody has it from whoever offered it.
    """
    with transaction.atomic():
        task = _mine(opened, task_id)
        taken = task.owner_id is None and owner_id is not None and owner_id == opened.by.staff_id
        giver = task.given_by if taken else _giver(opened.by)
        Task.objects.filter(id=task.id).update(owner_id=owner_id, given_by=giver)
        note_change(
            opened.by,
            door="hand_task",
            subject="task",
            field="owner",
            old=task.owner_id,
            new=owner_id,
            customer_id=opened.id,
        )


def close_task(opened: Opened, task_id: int, *, outcome: str, at: datetime) -> None:
    """The task is done, and how it ended is kept; NotThere when the customer has no such open task."""
    if outcome not in OUTCOMES:
        raise BadInput("task_outcome_unknown", {"outcome": outcome[:40]})
    with transaction.atomic():
        task = _mine(opened, task_id)
        Task.objects.filter(id=task.id).update(state="closed", outcome=outcome, closed_at=at)
        note_change(
            opened.by, door="close_task", subject="task", field="state", old="open", new=outcome, customer_id=opened.id
        )


def _giver(by: Asker) -> str:
    """The key of a person or program; the house's own jobs and customers give what happened."""
    return key_of(by) if is_counted(by) else ""


def _mine(opened: Opened, task_id: int) -> Task:
    task = Task.objects.select_for_update().filter(id=task_id, customer_id=opened.id, state="open").first()
    if task is None:
        raise NotThere("task_not_open")
    return task
