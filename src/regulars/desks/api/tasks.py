"""Tasks: what waits and for whom, the lapse list made work, tasks handed on and closed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.shapes import Day, Id, Lines, Money, Page, Paging, Said, Short, page
from regulars.journeys.assign_lapse_tasks import assign_lapse_tasks
from regulars.journeys.hand_out_people import note_listed
from regulars.journeys.serve_customer import finish_task, give_task, hand_on_task
from regulars.records.company.access import company, now, today
from regulars.records.staff.access import everybody
from regulars.records.tasks.access import TaskFacts, tasks_waiting
from regulars.rules.permission.errors import BadInput

WORKING: Final = Token("service", "marketer", "officer")
ASSIGNING: Final = Token("marketer")
Kind = Literal["lapse", "complaint", "call_back", "order_ready", "correction", "erasure", "ask_again", "other"]
Outcome = Literal["reached", "not_reached", "comes_back", "not_interested", "done", "not_needed"]

router = Router(tags=["Tasks"])


class Task(Schema):
    """A piece of work about a customer; `because` holds codes and values, `words` is null where masked."""

    id: int
    ref: str
    kind: str
    because: dict[str, Any]
    words: str | None
    owner: str | None
    due_on: date
    worth: Money | None
    opened_at: datetime
    number: str
    name: str | None
    invented: bool


class TasksAsked(Paging):
    """Which tasks: everybody's, or those that nobody has taken."""

    whose: Literal["all", "nobody"] = "all"
    kind: Kind | None = None


class NewTask(Said):
    """A task about a customer; `owner` is a sign-in name."""

    kind: Kind
    due_on: Day
    words: Annotated[Lines, Field(max_length=500)] = ""
    owner: Short | None = None


class LapseWanted(Said):
    """Make the lapse list work: those worth most first, owners (sign-in names) in turn; else all service agents."""

    limit: Annotated[int, Field(ge=1, le=2_000)] = 100
    owners: Annotated[list[Short], Field(max_length=200)] | None = None


class Closing(Said):
    """How a task ended."""

    outcome: Outcome
    words: Annotated[Lines, Field(max_length=2_000)] = ""


class HandingOn(Said):
    """Whose it is from now on: a sign-in name, or nobody's."""

    owner: Short | None


class TaskMade(Schema):
    """The number of the new task."""

    id: int


class OfCustomer(Schema):
    """The customer the task is about."""

    number: str


class Assigned(Schema):
    """How many on the lapse list had no task yet, as far as the view shows, and how many tasks were opened."""

    on_list: int
    opened: int


@router.get("/tasks", response=Page[Task], auth=WORKING)
def list_tasks(request: HttpRequest, asked: Query[TasksAsked]) -> Page[Task]:
    """Open tasks, the most urgent first. Logged, and on record as an export."""
    by, because = asking(request), "tasks over HTTP"
    total, found = tasks_waiting(
        by=by,
        because=because,
        whose=asked.whose,
        kind=asked.kind or "",
        limit=asked.limit,
        offset=asked.offset,
    )
    note_listed((one.number for one in found), by=by, because=because, door="api_tasks", at=now(), offset=asked.offset)
    currency = company().currency
    return page(asked, total, [_task(one, currency) for one in found])


@router.post("/tasks/from-lapse-list", response=Assigned, auth=ASSIGNING, openapi_extra=MAY_COME_TWICE)
@once
def assign_lapse_list(request: HttpRequest, wanted: LapseWanted) -> Assigned:
    """Open tasks for those who were due and did not come; who has one keeps it."""
    owners = _agents() if wanted.owners is None else _ids(wanted.owners)
    done = assign_lapse_tasks(owners=owners, by=asking(request), at=now(), today=today(), limit=wanted.limit)
    return Assigned(on_list=done.on_list, opened=done.opened)


@router.post("/customers/{number}/tasks", response={201: TaskMade}, auth=WORKING, openapi_extra=MAY_COME_TWICE)
@once
def open_task(request: HttpRequest, number: Short, new: NewTask) -> Status[TaskMade]:
    """Open a task about a customer."""
    owner = _ids([new.owner])[0] if new.owner else None
    made = give_task(
        number, kind=new.kind, words=new.words, due_on=new.due_on, owner_id=owner, by=asking(request), at=now()
    )
    return Status(201, TaskMade(id=made))


@router.post("/tasks/{task_id}/hand-on", response=OfCustomer, auth=WORKING)
def hand_on(request: HttpRequest, task_id: Id, wanted: HandingOn) -> OfCustomer:
    """Give a task to somebody else, or to nobody."""
    owner = _ids([wanted.owner])[0] if wanted.owner else None
    return OfCustomer(number=hand_on_task(task_id, owner_id=owner, by=asking(request)))


@router.post("/tasks/{task_id}/close", response=OfCustomer, auth=WORKING)
def close(request: HttpRequest, task_id: Id, closing: Closing) -> OfCustomer:
    """Close a task; what was said stands on the customer's timeline."""
    number = finish_task(task_id, outcome=closing.outcome, words=closing.words, by=asking(request), at=now())
    return OfCustomer(number=number)


def _task(one: TaskFacts, currency: str) -> Task:
    worth = None if one.worth_minor is None else Money(minor=one.worth_minor, currency=currency)
    return Task(
        id=one.id,
        ref=one.ref,
        kind=one.kind,
        because=dict(one.because),
        words=one.words,
        owner=one.owner,
        due_on=one.due_on,
        worth=worth,
        opened_at=one.opened_at,
        number=one.number,
        name=one.name,
        invented=one.invented,
    )


def _agents() -> list[int]:
    return [one.id for one in everybody() if "service" in one.roles]


def _ids(usernames: Iterable[str]) -> list[int]:
    """Staff by sign-in name; BadInput for somebody who does not work here."""
    known = {one.username: one.id for one in everybody()}
    wanted = list(usernames)
    for name in wanted:
        if name not in known:
            raise BadInput("no_such_staff", {"username": name})
    return [known[name] for name in wanted]
