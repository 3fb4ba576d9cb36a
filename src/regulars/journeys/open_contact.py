"""Somebody needs to reach a customer about a case: one contact point is opened, for ten minutes, with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from regulars.connections.postgres.asking import Asking, door
from regulars.records.access_log.actions import note_denial
from regulars.records.customers.access import ContactPointFacts, Opened, open_contact_point, open_customer
from regulars.records.customers.originals import CameAs, came_as
from regulars.records.orders.of_customer import has_order
from regulars.records.staff.access import how_many_could_open
from regulars.records.tasks.access import tasks_of
from regulars.records.touchpoints.access import complaints_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

CASES = ("complaint", "task", "order")
ROLES = frozenset({"service", "officer"})
OPEN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ContactKey:
    """The right to see one contact point until a moment, for a reason, about a case."""

    point_id: int
    channel: str
    because: str
    reference: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people here could open a customer's contact points: agents of the branch, privacy officers."""

    agents: int
    officers: int


@door
def who_could_open(branch_id: int | None) -> Asking[Reach]:
    """Counts only; who they are is the officer's business."""
    return Reach(*(yield from how_many_could_open.asked(branch_id)))


def open_contact(
    number: str, channel: str, *, by: Asker, because: str, reference: str, at: datetime, point_id: int | None = None
) -> tuple[ContactPointFacts, ContactKey]:
    """The contact point in clear, and the key that shows it again until ten minutes from `at`.

    `because` is one of CASES and `reference` a case of this very customer (K-118, T-12, an order number): BadInput
    otherwise. Denied for roles that may not. The customer finds the opening, its reason and case on her own page.
    """
    opened, _ = open_customer(number, by=by, because=because)
    _may_open(opened, because)
    _check_case(opened, because, reference)
    privileged = _privileged(by, reference)
    point = open_contact_point(opened, channel, by=privileged, because=because, point_id=point_id)
    return _as_it_came(opened, point, privileged), ContactKey(point.id, channel, because, reference, at + OPEN_FOR)


def with_keys(
    opened: Opened, points: Sequence[ContactPointFacts], keys: Iterable[ContactKey]
) -> tuple[ContactPointFacts, ...]:
    """The same contact points, those with a key in clear; each such look is in the log as well."""
    by_point = {key.point_id: key for key in keys}
    if any(point.value for point in points):
        originals = came_as(opened)
        points = [_beside(point, originals) for point in points]
    return tuple(_seen(opened, point, by_point.get(point.id)) for point in points)


def _seen(opened: Opened, point: ContactPointFacts, key: ContactKey | None) -> ContactPointFacts:
    if key is None or point.value is not None or opened.by.role not in ROLES:
        return point
    by = _privileged(opened.by, key.reference)
    return _as_it_came(
        opened, open_contact_point(opened, point.channel, by=by, because=key.because, point_id=point.id), by
    )


def _as_it_came(opened: Opened, point: ContactPointFacts, by: Asker) -> ContactPointFacts:
    """The opened point with how it came; through the view whose line in the log opened it."""
    return _beside(point, came_as(replace(opened, by=by)))


def _beside(point: ContactPointFacts, originals: Iterable[CameAs]) -> ContactPointFacts:
    field = "street" if point.channel == "letter" else point.channel
    came = next((one for one in originals if one.field == field and one.became == point.value), None)
    return point if came is None else replace(point, came=came.original, changed=came.reasons)


def _privileged(by: Asker, reference: str) -> Asker:
    """The same person asking about a case, through the view where nobody is but whom the log says is being opened."""
    return replace(by, view="opening", reference=reference)


def _may_open(opened: Opened, because: str) -> None:
    if opened.by.role not in ROLES:
        note_denial(opened.by, door="open_contact", because=because, customer_id=opened.id)
        raise Denied("contact_not_for_this_role")


def _check_case(opened: Opened, because: str, reference: str) -> None:
    if because not in CASES:
        raise BadInput("contact_reason_unknown", {"reason": because[:40]})
    if reference not in _cases(opened, because, reference):
        note_denial(opened.by, door="open_contact", because=because, customer_id=opened.id)
        raise BadInput("case_not_theirs", {"reference": reference[:40]})


def _cases(opened: Opened, because: str, reference: str) -> Sequence[str]:
    """The open cases of that kind with this customer, as people call them."""
    if because == "complaint":
        return [one.ref for one in complaints_of(opened) if one.closed_at is None]
    if because == "task":
        return [one.ref for one in tasks_of(opened) if one.state == "open"]
    return [reference] if reference and has_order(opened, reference) else []
