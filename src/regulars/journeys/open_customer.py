"""A customer's file is opened: everything the opener's view shows, on one card."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from regulars.journeys.open_contact import ContactKey, Reach, who_could_open, with_keys
from regulars.records.choices.access import ChoiceFacts, choice_history, youth_before_the_law
from regulars.records.contacts.of_customer import ContactFacts, contacts_of
from regulars.records.customers.access import ContactPointFacts, CustomerFacts, Opened, contact_points_of, open_customer
from regulars.records.orders.of_customer import Activity, Order, activity_of, order_of, orders_of
from regulars.records.scores.of_customer import Standing as Value
from regulars.records.scores.of_customer import standing_of
from regulars.records.segments.of_customer import SegmentName, segments_of
from regulars.records.tasks.access import TaskFacts, tasks_of
from regulars.records.touchpoints.access import (
    ComplaintFacts,
    TouchpointFacts,
    complaints_of,
    touchpoints_of,
    wishes_of,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Standing, where_it_stands
from regulars.rules.permission.errors import NotThere

T = TypeVar("T")
What = Order | TouchpointFacts | ComplaintFacts | ContactFacts | ChoiceFacts
KINDS = ("bought", "contact", "service", "choice")
PAGE = 14


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: when, of which kind (`bought`, `contact`, `service`, `choice`), and what it was."""

    at: datetime
    kind: str
    what: What


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moments, newest first; `earlier` is where to go on reading, None when there is nothing before."""

    moments: tuple[Moment, ...]
    earlier: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Everything a card shows. `choices` are the eight permissions in their fixed order, each with what it rests on."""

    facts: CustomerFacts
    points: tuple[ContactPointFacts, ...]
    choices: tuple[Standing, ...]
    activity: Activity | None
    value: Value | None
    complaints: tuple[ComplaintFacts, ...]
    tasks: tuple[TaskFacts, ...]
    timeline: Timeline
    orders: tuple[Order, ...]
    wishes: tuple[TouchpointFacts, ...]
    segments: tuple[SegmentName, ...]
    reach: Reach


def open_card(
    number: str, *, by: Asker, because: str, at: datetime, kind: str = "", keys: Iterable[ContactKey] = ()
) -> CustomerCard:
    """The card of a customer as of a moment; `kind` narrows the timeline, `keys` are contact points opened lately.

    NotThere when there is nobody of that number in the asker's view, Denied when they are another branch's.
    """
    opened, facts = open_customer(number, by=by, because=because)
    history, activity = choice_history(opened), activity_of(opened)
    orders = orders_of(opened, before=at, newest=PAGE, totals=activity)
    complaints = complaints_of(opened)
    return CustomerCard(
        facts=facts,
        points=with_keys(opened, contact_points_of(opened), keys),
        choices=where_it_stands(history, facts.jurisdiction, youth_before_the_law(opened)),
        activity=activity,
        value=standing_of(opened),
        complaints=tuple(complaints),
        tasks=tuple(tasks_of(opened)),
        timeline=_timeline(opened, at, kind, orders, complaints, history),
        orders=tuple(orders),
        wishes=tuple(wishes_of(opened)),
        segments=tuple(segments_of(opened)),
        reach=who_could_open(facts.home_branch_id),
    )


def earlier_moments(number: str, *, by: Asker, because: str, before: datetime, kind: str = "") -> Timeline:
    """The next stretch of the timeline, before a moment."""
    opened, _ = open_customer(number, by=by, because=because)
    orders = orders_of(opened, before=before, newest=PAGE)
    return _timeline(opened, before, kind, orders, complaints_of(opened), choice_history(opened))


def order_on_card(number: str, key: int, *, by: Asker, because: str, at: datetime) -> Order:
    """One order with all its lines; NotThere when it is not this customer's."""
    opened, _ = open_customer(number, by=by, because=because)
    order = order_of(opened, key, at=at)
    if order is None:
        raise NotThere("order_not_there")
    return order


def _timeline(
    opened: Opened, before: datetime, kind: str, orders: Sequence[Order], complaints: Sequence[ComplaintFacts],
    history: Sequence[ChoiceFacts],
) -> Timeline:  # fmt: skip
    """One page of everything, or of one kind; each door gives a page's worth, so nothing newer can be missing."""
    moments = [
        *(Moment(order.at, "bought", order) for order in orders),
        *(Moment(one.at, "service", one) for one in _wanted(kind, "service", touchpoints_of, opened, before)),
        *(Moment(one.opened_at, "service", one) for one in complaints),
        *(Moment(one.at, "contact", one) for one in _wanted(kind, "contact", contacts_of, opened, before)),
        *(Moment(one.at, "choice", one) for one in history),
    ]
    chosen = sorted((m for m in moments if kind in ("", m.kind) and m.at < before), key=lambda m: m.at, reverse=True)
    return _page(chosen)


def _wanted(kind: str, mine: str, door: Callable[..., list[T]], opened: Opened, before: datetime) -> list[T]:
    return door(opened, before=before, newest=PAGE) if kind in ("", mine) else []


def _page(moments: Sequence[Moment]) -> Timeline:
    """A page's worth; what happened at the very moment of the last one still belongs to it."""
    if len(moments) <= PAGE:
        return Timeline(tuple(moments), moments[-1].at if len(moments) == PAGE else None)
    last = moments[PAGE - 1].at
    page = tuple(m for n, m in enumerate(moments) if n < PAGE or m.at == last)
    return Timeline(page, last)
