"""The reading door of tasks: somebody's list by urgency, and the tasks of one opened file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from regulars.connections.postgres.asking import Asking, Row, ask, ask_one, door, first, question
from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.customers.needed import needs_reason
from regulars.records.customers.within_reach import unnamed, within_reach
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.permission.need_to_know import wider


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One piece of work about a customer. `because` holds codes and values, no name; `words` is None where masked."""

    id: int
    kind: str
    because: Mapping[str, Any]
    words: str | None
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


@dataclass(frozen=True, slots=True)
class SelfAssigned:
    """A task that its owner gave herself: about whom, and whether it is still open."""

    id: int
    owner: str
    kind: str
    state: str
    opened_at: datetime
    number: str

    @property
    def ref(self) -> str:
        """What people call it."""
        return task_ref(self.id)


MINE, NOBODYS, EVERYBODYS = "mine", "nobody", "all"
_FIELDS = """
SELECT t.id, t.kind, t.because, t.words, t.owner_id, o.log_name, t.due_on, t.worth_minor, t.state, t.outcome,
       t.opened_at, t.closed_at, t.number, t.name, t.invented
"""
_BECAUSE = 2
_OPEN = "SELECT t.*, c.number, c.name, c.invented FROM task t JOIN LATERAL ({whose}) c ON true WHERE t.state = 'open'"
_PAGE = f"""
{_FIELDS} FROM ({{found}} ORDER BY t.due_on, t.worth_minor DESC, t.id LIMIT %s OFFSET %s) t
  LEFT JOIN staff o ON o.id = t.owner_id ORDER BY t.due_on, t.worth_minor DESC, t.id
"""
_OF_ONE = f"""
{_FIELDS} FROM (
    SELECT t.*, c.number, c.name, c.invented FROM task t JOIN customer c ON c.id = %s WHERE t.customer_id = %s
 ) t LEFT JOIN staff o ON o.id = t.owner_id ORDER BY t.closed_at DESC NULLS FIRST, t.due_on, t.id LIMIT %s
"""  # noqa: S608  (names of fields)
_OWN = "SELECT count(*), count(*) FILTER (WHERE due_on <= %s) FROM task WHERE owner_id = %s AND state = 'open'"
_BY_KIND = "SELECT count(owner_id), count(*) - count(owner_id) FROM task WHERE kind = %s AND state = 'open'"
_HOLDERS = "SELECT customer_id FROM task WHERE kind = %s AND state = 'open'"
_NUMBER = "SELECT c.number FROM task t JOIN LATERAL ({whose}) c ON true WHERE t.id = %s"


_SELF_ASSIGNED = """
SELECT t.id, o.log_name, t.kind, t.state, t.opened_at, c.number
  FROM task t JOIN staff o ON o.id = t.owner_id
  JOIN LATERAL (SELECT number FROM customer WHERE id = t.customer_id LIMIT 1) c ON true
 WHERE t.given_by = 'staff ' || t.owner_id AND t.opened_at >= %s ORDER BY t.opened_at DESC, t.id DESC LIMIT %s
"""


def task_ref(task_id: int) -> str:
    """What people call a task: T-12."""
    return f"T-{task_id}"


def tasks_waiting(
    *, by: Asker, because: str, whose: str = MINE, kind: str = "", limit: int = 50, offset: int = 0
) -> tuple[int, list[TaskFacts]]:
    """How many open tasks there are and one page of them, the most urgent first, of equals the one worth most.

    `whose` is "mine", "nobody" (without an owner) or "all". Only those within the asker's view and branches; of
    somebody else's nothing is told where a file opens for a given reason only.
    """
    found, values = _waiting(by, whose, kind)
    rows = ask(wider(by.view), _PAGE.format(found=found), [*values, limit, offset])
    tasks = unnamed([_facts(row) for row in rows], by=by, name=None)
    note_access(by, door="tasks_waiting", because=because, rows=len(tasks))
    counted = ask_one(wider(by.view), f"SELECT count(*) FROM ({found}) t", values)  # noqa: S608  (our own words)
    return (int(counted[0]) if counted else 0), tasks


@door
def count_waiting(*, by: Asker, on: date) -> Asking[tuple[int, int]]:
    """How many open tasks are the asker's own, and how many of those are due on the day or late. Counts only."""
    mine, due = first((yield from question(wider(by.view), _OWN, [on, by.staff_id]))) or (0, 0)
    return int(mine), int(due)


def holders_of(kind: str, *, by: Asker) -> list[int]:
    """The ids of customers about whom a task of that kind is open. Ids only, for doors further right."""
    return [person for (person,) in ask(wider(by.view), _HOLDERS, [kind])]


def count_open(kind: str, *, by: Asker) -> tuple[int, int]:
    """How many open tasks of that kind have an owner, and how many have none. Counts only."""
    owned, ownerless = ask_one(wider(by.view), _BY_KIND, [kind]) or (0, 0)
    return int(owned), int(ownerless)


@door
def tasks_of(opened: Opened, *, newest: int = 20) -> Asking[list[TaskFacts]]:
    """The customer's tasks, open ones first by urgency, then the closed ones from the newest back."""
    rows = yield from question(opened.by.view, _OF_ONE, [opened.id, opened.id, newest])
    return [_facts(row) for row in rows]


def self_assigned(*, since: datetime, by: Asker, limit: int = 100) -> list[SelfAssigned]:
    """Tasks opened since then that their owners gave themselves, newest first; for the officer."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    return [SelfAssigned(*row) for row in ask(by.view, _SELF_ASSIGNED, [since, limit])]


def customer_number_of(task_id: int, *, by: Asker) -> str | None:
    """The number of the customer a task is about, if the task is among those the asker may be shown."""
    whose, values = within_reach(by)
    condition, owner = _hers_to_see(by)
    row = ask_one(wider(by.view), _NUMBER.format(whose=whose) + condition, [*values, task_id, *owner])
    return str(row[0]) if row else None


def _hers_to_see(by: Asker) -> tuple[str, list[object]]:
    """Where a file opens for a given reason only, what somebody else works on is not for her."""
    return (" AND (t.owner_id = %s OR t.owner_id IS NULL)", [by.staff_id]) if needs_reason(by) else ("", [])


def _waiting(by: Asker, whose: str, kind: str) -> tuple[str, list[object]]:
    """The SQL of the tasks asked for, each with its customer, and its values."""
    customer, values = within_reach(by)
    owned: dict[str, tuple[str, list[object]]] = {
        EVERYBODYS: _hers_to_see(by),
        NOBODYS: (" AND t.owner_id IS NULL", []), MINE: (" AND t.owner_id = %s", [by.staff_id]),
    }  # fmt: skip
    condition, owner = owned.get(whose, owned[MINE])
    of_kind, kinds = (" AND t.kind = %s", [kind]) if kind else ("", [])
    return _OPEN.format(whose=customer) + condition + of_kind, [*values, *owner, *kinds]


def _facts(row: Row) -> TaskFacts:
    """The reason comes from the database as JSON text; a view that masks it gives None."""
    return TaskFacts(*(*row[:_BECAUSE], json.loads(row[_BECAUSE] or "{}"), *row[_BECAUSE + 1 :]))
