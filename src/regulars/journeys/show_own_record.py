"""A customer looks at her own record: what is held and where it came from, why she was contacted, who looked."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from regulars.records.access_log.access import AccessLine, who_saw
from regulars.records.choices.access import choice_history, former_choices
from regulars.records.company.access import company
from regulars.records.contacts.of_customer import ContactFacts, contact_of, contacts_left_with, contacts_of
from regulars.records.customers.access import ContactPointFacts, CustomerFacts, Opened, contact_points_of, open_customer
from regulars.records.customers.changes import changes_of
from regulars.records.customers.originals import came_as
from regulars.records.customers.origins import Origin, origins_of
from regulars.records.disclosures.access import passed_on
from regulars.records.events.reading import EventDay, event_days_of, events_of
from regulars.records.free_texts.texts import moved_texts
from regulars.records.groups.access import OwnBelonging, own_groups
from regulars.records.merging.merges import parts_of
from regulars.records.orders.desk import desk_orders_of
from regulars.records.orders.of_customer import Activity, Order, activity_of, orders_of
from regulars.records.own_attributes.access import OwnFact, own_facts, own_origins
from regulars.records.scores.of_customer import Standing as Value
from regulars.records.scores.of_customer import standing_of
from regulars.records.tasks.access import tasks_of
from regulars.records.touchpoints.access import (
    ComplaintFacts,
    TouchpointFacts,
    complaints_of,
    preferences_of,
    touchpoints_of,
)
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere
from regulars.rules.privacy.own_values import spoken

BECAUSE = "own_record"
ALL = 1_000_000
FORMAT = "regulars/own-data/1"
#: Keys of our own and the view's bookkeeping: they say nothing about her.
INSIDE = frozenset({"id", "masked", "coarse", "home_branch_id"})


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Everything held, as the pages show it; long lists are cut to the newest."""

    facts: CustomerFacts
    points: tuple[ContactPointFacts, ...]
    activity: Activity | None
    value: Value | None
    orders: tuple[Order, ...]
    touchpoints: tuple[TouchpointFacts, ...]
    complaints: tuple[ComplaintFacts, ...]
    events: tuple[EventDay, ...] = ()
    own: tuple[OwnFact, ...] = ()
    groups: tuple[OwnBelonging, ...] = ()
    origins: tuple[Origin, ...] = ()


def own_record(number: str, *, by: Asker, at: datetime) -> OwnRecord:
    """What is held about her, each part with its source."""
    opened, facts = open_customer(number, by=by, because=BECAUSE)
    return OwnRecord(
        facts=facts,
        points=tuple(contact_points_of(opened)),
        activity=activity_of(opened),
        value=standing_of(opened),
        orders=tuple(orders_of(opened, before=at, newest=10)),
        touchpoints=tuple(touchpoints_of(opened, before=at, newest=20)),
        complaints=tuple(complaints_of(opened)),
        events=tuple(event_days_of(opened, before=at, newest=20, zone=company().timezone)),
        own=tuple(own_facts(opened)),
        groups=tuple(own_groups(opened)),
        origins=tuple(origins_of(opened)),
    )


def own_contacts(number: str, *, by: Asker, at: datetime) -> tuple[CustomerFacts, list[ContactFacts]]:
    """Why she was contacted, and why not, newest first."""
    opened, facts = open_customer(number, by=by, because=BECAUSE)
    return facts, contacts_of(opened, before=at, newest=50)


def own_contact(number: str, contact_id: UUID, *, by: Asker) -> ContactFacts:
    """One contact of hers; NotThere for anybody else's, as for one that never was."""
    opened, _ = open_customer(number, by=by, because=BECAUSE)
    contact = contact_of(opened, contact_id)
    if contact is None:
        raise NotThere("contact_not_there")
    return contact


def who_looked(number: str, *, by: Asker) -> tuple[CustomerFacts, list[AccessLine]]:
    """Who opened her file, or one that was merged into it, when, through which view and why, refusals included; her own
    visits left out."""
    opened, facts = open_customer(number, by=by, because=BECAUSE)
    seen = [line for one in (opened, *parts_of(opened)) for line in who_saw(one.id, by=by, limit=200)]
    newest = sorted(seen, key=lambda line: line.at, reverse=True)[:200]
    return facts, [line for line in newest if line.role != "customer"]


def copy_of_own_data(number: str, *, by: Asker, at: datetime) -> dict[str, Any]:
    """All that is held about her and nothing of anybody else, as plain values ready for JSON.

    Moments are ISO 8601, money is in minor units beside its currency (ISO 4217), quantities are thousandths.
    """
    opened, facts = open_customer(number, by=by, because=BECAUSE)
    held = _held(opened, at)
    return {
        "format": FORMAT, "made_at": at.isoformat(), "company": company().name,
        "customer": _plain({name: value for name, value in asdict(facts).items() if name not in INSIDE}),
    } | _each(held) | {"merged_records": _merged_records(opened)}  # fmt: skip


def _each(held: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    return {name: [_plain(asdict(one)) for one in ones] for name, ones in held.items()}


def _merged_records(opened: Opened) -> list[dict[str, Any]]:
    """Of each record that became part of hers, what is told under its own number and did not go over to hers."""
    said = former_choices(opened)
    return [
        {"number": part.number} | _each({
            "choices": [one for one in said if one.of == part.number],
            "contacts": contacts_left_with(part),
            "changes": changes_of(part, limit=ALL, merged_away=True),
            "who_looked": who_saw(part.id, by=part.by, limit=ALL),
        })
        for part in parts_of(opened)
    ]  # fmt: skip


def _held(opened: Opened, at: datetime) -> dict[str, Iterable[Any]]:
    value, activity = standing_of(opened), activity_of(opened)
    return {
        "ways_to_reach": contact_points_of(opened),
        "where_from": [*origins_of(opened), *(one.origin for one in own_origins(opened))],
        "as_it_came": came_as(opened),
        "own_attributes": _own_told(opened),
        "groups": own_groups(opened),
        "sensitive_texts": moved_texts(opened),
        "choices": choice_history(opened),
        "orders": orders_of(opened, before=at, newest=ALL),
        "totals": [activity] if activity else [],
        "value": [value] if value else [],
        "touchpoints": touchpoints_of(opened, before=at, newest=ALL),
        "complaints": complaints_of(opened, newest=ALL),
        "preferences": preferences_of(opened, newest=ALL, ended=True),
        "desk_orders": desk_orders_of(opened, newest=ALL),
        "events": events_of(opened, before=at, newest=ALL),
        "tasks": tasks_of(opened, newest=ALL),
        "contacts": contacts_of(opened, before=at, newest=ALL),
        "passed_on": passed_on(opened),
        "changes": changes_of(opened, limit=ALL),
        "who_looked": who_saw(opened.id, by=opened.by, limit=ALL),
    }


@dataclass(frozen=True, slots=True)
class OwnTold:
    """One of the company's own attributes in the file she takes along; `value` as other systems write it, money in
    `currency`, which is empty for all else."""

    key: str
    kind: str
    label: str
    label_zh: str
    value: str
    currency: str
    noted_at: datetime | None


def _own_told(opened: Opened) -> list[OwnTold]:
    currency = company().currency
    digits = digits_of(currency)
    return [
        OwnTold(
            one.what.key, one.what.kind, one.what.label, one.what.label_zh, spoken(one.what, one.plain, digits=digits),
            currency if one.what.kind == "money" else "", one.noted_at,
        )
        for one in own_facts(opened)
        if one.plain is not None
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    """Moments, days and keys as text; inner values alike."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
