"""The reading door of tasks: somebody's list by urgency, and the tasks of one opened file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.tasks.models import Task
from regulars.rules.permission.asking import Asker


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One piece of work about a customer. `because` holds the kind's own codes and values, never a name."""

    id: int
    kind: str
    because: Mapping[str, Any]
    owner_id: int | None
    owner: str | None
    due_on: date
    worth_minor: int | None
    state: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    number: str
    name: str | None
    invented: bool

    @property
    def ref(self) -> str:
        """What people call it."""
        return task_ref(self.id)


_FIELDS = (
    "id", "kind", "because", "owner_id", "owner__full_name", "due_on", "worth_minor", "state", "outcome", "opened_at",
    "closed_at", "customer__number", "customer__name", "customer__invented",
)  # fmt: skip
MINE, NOBODYS, EVERYBODYS = "mine", "nobody", "all"


def task_ref(task_id: int) -> str:
    """What people call a task: T-12."""
    return f"T-{task_id}"


def tasks_waiting(
    *, by: Asker, because: str, whose: str = MINE, kind: str = "", limit: int = 50, offset: int = 0
) -> tuple[int, list[TaskFacts]]:
    """How many open tasks there are and one page of them, the most urgent first, of equals the one worth most.

    `whose` is "mine", "nobody" (without an owner) or "all". Only those within the asker's view and branches.
    """
    found = _within_reach(by).filter(_owned(whose, by), **({"kind": kind} if kind else {}))
    rows = found.order_by("due_on", "-worth_minor", "id").values_list(*_FIELDS)[offset : offset + limit]
    tasks = [TaskFacts(*row) for row in rows]
    note_access(by, door="tasks_waiting", because=because, rows=len(tasks))
    return found.count(), tasks


def count_waiting(*, by: Asker, on: date) -> tuple[int, int]:
    """How many open tasks are the asker's own, and how many of those are due on the day or late. Counts only."""
    mine = Task.objects.using(by.view).filter(owner_id=by.staff_id, state="open")
    return mine.count(), mine.filter(due_on__lte=on).count()


def holders_of(kind: str, *, by: Asker) -> list[int]:
    """The ids of customers about whom a task of that kind is open. Ids only, for doors further right."""
    return list(_open_of(kind, by).values_list("customer_id", flat=True))


def count_open(kind: str, *, by: Asker) -> tuple[int, int]:
    """How many open tasks of that kind have an owner, and how many have none. Counts only."""
    found = _open_of(kind, by)
    return found.filter(owner__isnull=False).count(), found.filter(owner__isnull=True).count()


def _open_of(kind: str, by: Asker) -> "QuerySet[Task, Task]":
    return Task.objects.using(by.view).filter(kind=kind, state="open")


def tasks_of(opened: Opened, *, newest: int = 20) -> list[TaskFacts]:
    """The customer's tasks, open ones first by urgency, then the closed ones from the newest back."""
    found = Task.objects.using(opened.by.view).filter(customer_id=opened.id)
    urgent = found.order_by(F("closed_at").desc(nulls_first=True), "due_on", "id")
    return [TaskFacts(*row) for row in urgent.values_list(*_FIELDS)[:newest]]


def customer_number_of(task_id: int, *, by: Asker) -> str | None:
    """The number of the customer a task is about, if it is within the asker's reach."""
    found = Task.objects.using(by.view).filter(id=task_id).values_list("customer__number", flat=True)
    return found.first()


def _within_reach(by: Asker) -> "QuerySet[Task, Task]":
    found = Task.objects.using(by.view).filter(state="open", customer__number__isnull=False)
    if not by.branches:
        return found
    return found.filter(Q(customer__home_branch__in=by.branches) | Q(customer__home_branch__isnull=True))


def _owned(whose: str, by: Asker) -> Q:
    if whose == EVERYBODYS:
        return Q()
    return Q(owner__isnull=True) if whose == NOBODYS else Q(owner_id=by.staff_id)
