"""A customer's file is opened: everything the opener's view shows, on one card."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from regulars.connections.postgres.asking import Asking, Door, door, nothing, together
from regulars.journeys.open_contact import ContactKey, Reach, who_could_open, with_keys
from regulars.records.choices.access import (
    ChoiceFacts,
    FormerChoice,
    choice_history,
    former_choices,
    youth_before_the_law,
)
from regulars.records.company.access import company
from regulars.records.contacts.of_customer import ContactFacts, contacts_of
from regulars.records.customers.access import (
    ContactPointFacts,
    CustomerFacts,
    Opened,
    contact_points_of,
    open_customer,
    open_with,
)
from regulars.records.customers.origins import FieldSince, fields_since
from regulars.records.events.reading import EventDay, EventFacts, event_days_of, events_of
from regulars.records.merging.merges import MergeFacts, merged_into
from regulars.records.orders.of_customer import Activity, Order, order_of, purchases_of
from regulars.records.own_attributes.access import OwnFact, own_facts
from regulars.records.scores.of_customer import Standing as Value
from regulars.records.scores.of_customer import standing_of
from regulars.records.segments.of_customer import SegmentName, segments_of
from regulars.records.tasks.access import TaskFacts, tasks_of
from regulars.records.touchpoints.access import (
    ComplaintFacts,
    PreferenceFacts,
    TouchpointFacts,
    complaints_of,
    preferences_of,
    touchpoints_of,
    wishes_of,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Standing, where_it_stands
from regulars.rules.permission.errors import NotThere

T = TypeVar("T")
What = Order | TouchpointFacts | ComplaintFacts | ContactFacts | ChoiceFacts | EventFacts | EventDay
KINDS = ("bought", "contact", "service", "event", "choice")
PAGE = 14


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: when, of which kind (see `KINDS`), and what it was."""

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
    own: tuple[OwnFact, ...] = ()
    preferences: tuple[PreferenceFacts, ...] = ()
    merged: tuple[MergeFacts, ...] = ()
    sure: tuple[FieldSince, ...] = ()


def open_card(
    number: str, *, by: Asker, because: str, at: datetime, kind: str = "", keys: Iterable[ContactKey] = ()
) -> CustomerCard:
    """The card of a customer as of a moment; `kind` narrows the timeline, `keys` are contact points opened lately.

    NotThere when there is nobody of that number in the asker's view, Denied when they are another branch's.
    """
    opened, facts, handed = open_with(
        number, by=by, because=because, more=lambda opened, facts: _everything(opened, facts, at, kind)
    )
    happened, points, youth, value, tasks, wishes, segments, reach, own, preferences, merges, sure = handed
    return CustomerCard(
        facts=facts, points=with_keys(opened, points, keys), activity=happened.activity, value=value,
        choices=where_it_stands(happened.choices, facts.jurisdiction, youth), complaints=tuple(happened.complaints),
        tasks=tuple(tasks), timeline=_timeline(happened, at, kind), orders=tuple(happened.orders),
        wishes=tuple(wishes), segments=tuple(segments), reach=reach, own=tuple(own),
        preferences=tuple(preferences),
        merged=tuple(merges), sure=tuple(sure),
    )  # fmt: skip


def _everything(opened: Opened, facts: CustomerFacts, at: datetime, kind: str) -> tuple[Asking[Any], ...]:
    """All that a card asks of an opened file."""
    return (
        _what_happened.asked(opened, at, kind), contact_points_of.asked(opened), youth_before_the_law.asked(opened),
        standing_of.asked(opened), tasks_of.asked(opened), wishes_of.asked(opened), segments_of.asked(opened),
        who_could_open.asked(facts.home_branch_id), own_facts.asked(opened),
        preferences_of.asked(opened), merged_into.asked(opened), fields_since.asked(opened),
    )  # fmt: skip


def earlier_moments(number: str, *, by: Asker, because: str, before: datetime, kind: str = "") -> Timeline:
    """The next stretch of the timeline, before a moment."""
    opened, _ = open_customer(number, by=by, because=because)
    return _timeline(_what_happened(opened, before, kind), before, kind)


def order_on_card(number: str, key: int, *, by: Asker, because: str, at: datetime) -> Order:
    """One order with all its lines; NotThere when it is not this customer's."""
    opened, _ = open_customer(number, by=by, because=because)
    order = order_of(opened, key, at=at)
    if order is None:
        raise NotThere("order_not_there")
    return order


@dataclass(frozen=True, slots=True)
class _Happened:
    """What a timeline is made of: of each kind a page's worth, so that nothing newer can be missing."""

    activity: Activity | None
    orders: Sequence[Order]
    choices: Sequence[ChoiceFacts]
    complaints: Sequence[ComplaintFacts]
    touchpoints: Sequence[TouchpointFacts]
    contacts: Sequence[ContactFacts]
    events: Sequence[EventFacts | EventDay]
    former: Sequence[FormerChoice]


@door
def _what_happened(opened: Opened, before: datetime, kind: str) -> Asking[_Happened]:
    """Everything, or of what only the timeline shows, one kind."""
    (activity, orders), *others = yield from together(
        purchases_of.asked(opened, before=before, newest=PAGE), choice_history.asked(opened),
        complaints_of.asked(opened), _wanted(kind, "service", touchpoints_of, opened, before),
        _wanted(kind, "contact", contacts_of, opened, before), _events(kind, opened, before),
        former_choices.asked(opened),
    )  # fmt: skip
    return _Happened(activity, orders, *others)


def _timeline(happened: _Happened, before: datetime, kind: str) -> Timeline:
    """One page of everything, or of one kind."""
    moments = [
        *(Moment(order.at, "bought", order) for order in happened.orders),
        *(Moment(one.at, "service", one) for one in happened.touchpoints),
        *(Moment(one.opened_at, "service", one) for one in happened.complaints),
        *(Moment(one.at, "contact", one) for one in happened.contacts),
        *(Moment(one.at, "choice", one) for one in (*happened.choices, *happened.former)),
        *(Moment(one.at, "event", one) for one in happened.events),
    ]
    chosen = sorted((m for m in moments if kind in ("", m.kind) and m.at < before), key=lambda m: m.at, reverse=True)
    return _page(chosen)


def _wanted(kind: str, mine: str, door: Door[..., list[T]], opened: Opened, before: datetime) -> Asking[list[T]]:
    return door.asked(opened, before=before, newest=PAGE) if kind in ("", mine) else nothing()


def _events(kind: str, opened: Opened, before: datetime) -> Asking[Sequence[EventFacts | EventDay]]:
    """Each by itself where nothing else is asked for; else a day's in one line, lest they hide what matters."""
    if kind == "event":
        return events_of.asked(opened, before=before, newest=PAGE)
    return event_days_of.asked(opened, before=before, newest=PAGE, zone=company().timezone) if not kind else nothing()


def _page(moments: Sequence[Moment]) -> Timeline:
    """A page's worth; what happened at the very moment of the last one still belongs to it."""
    if len(moments) <= PAGE:
        return Timeline(tuple(moments), moments[-1].at if len(moments) == PAGE else None)
    last = moments[PAGE - 1].at
    page = tuple(m for n, m in enumerate(moments) if n < PAGE or m.at == last)
    return Timeline(page, last)
