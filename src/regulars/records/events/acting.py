"""The door of what the house does about events: rules, events that are awaited, and what is waited for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.customers.keys import cursor_of
from regulars.records.events.models import AwaitedEvent, EventRule
from regulars.rules.events.acting import RuleSaid, wrong_in_rule
from regulars.rules.events.kinds import plain_name
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

_SAID: Final = RuleSaid._fields


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule on events, and who made it when; `ended_at` when it holds no more."""

    id: int
    said: RuleSaid
    made_by: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """An event the house acts on, whose person is known; `properties` are its plain values as JSON."""

    id: int
    at: datetime
    source_id: int
    customer_id: int
    message_key: str
    name: str
    properties: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Waited:
    """Somebody did the one thing, and the time for the other is over."""

    rule_id: int
    customer_id: int
    since: datetime


def event_rules(*, by: Asker) -> list[RuleFacts]:
    """Every rule, those that hold first."""
    rows = EventRule.objects.using(by.view).order_by("ended_at", "id")
    facts = [
        RuleFacts(one.id, RuleSaid(*(getattr(one, name) for name in _SAID)), one.made_by, one.made_at, one.ended_at)
        for one in rows
    ]
    return sorted(facts, key=lambda one: one.ended_at is not None)


def rules_that_hold() -> dict[int, RuleSaid]:
    """Number → rule, for the house itself."""
    rows = EventRule.objects.filter(ended_at__isnull=True).values_list("id", *_SAID)
    return {number: RuleSaid(*said) for number, *said in rows}


def make_event_rule(said: RuleSaid, *, by: Asker, at: datetime) -> int:
    """The number of the new rule; BadInput naming the field that cannot be so."""
    if wrong := wrong_in_rule(said):
        raise BadInput("event_rule_unfit", {"field": wrong})
    with transaction.atomic():
        made = EventRule.objects.create(**said._asdict(), made_by=by.name, made_at=at)
        _note(by, made.id, old=None, new=said._asdict())
    return made.id


def end_event_rule(rule_id: int, *, by: Asker, at: datetime) -> None:
    """Nothing more is done by this rule; NotThere for one that has ended or never was."""
    with transaction.atomic():
        if not EventRule.objects.filter(id=rule_id, ended_at__isnull=True).update(ended_at=at):
            raise NotThere("no_such_event_rule", {"rule": rule_id})
        cursor_of(WRITER).execute("DELETE FROM event_wait WHERE rule_id = %s", [rule_id])
        _note(by, rule_id, old="holds", new="ended")


_AWAIT: Final = """
INSERT INTO awaited_event (event_id, occurred_at, noted_at)
SELECT event_id, occurred_at, %s FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (event_id, occurred_at)
ON CONFLICT DO NOTHING
"""
_KNOWN: Final = """
SELECT e.id, e.occurred_at, e.source_id, e.customer_id, e.message_key, e.name, e.properties, w.noted_at
  FROM awaited_event w CROSS JOIN LATERAL (
       SELECT * FROM event WHERE id = w.event_id AND occurred_at = w.occurred_at LIMIT 1) e
 WHERE e.customer_id IS NOT NULL AND NOT e.id = ANY (%s) AND (w.again_at IS NULL OR w.again_at <= %s)
 ORDER BY e.occurred_at, e.id LIMIT %s
"""
# The first time after a minute, each time after twice as long, and at least every six hours.
_LATER: Final = """
UPDATE awaited_event w SET tries = w.tries + 1, order_key = t.order_key,
       again_at = %s + least(interval '1 minute' * (2 ^ least(w.tries, 9)), interval '6 hours')
  FROM unnest(%s::bigint[], %s::bigint[]) t (event_id, order_key) WHERE w.event_id = t.event_id
"""
_AT_ONCE: Final = "UPDATE awaited_event SET again_at = NULL WHERE order_key = ANY (%s) AND tries > 0"
_IN_VAIN: Final = """
SELECT s.name, count(*), min(w.noted_at) FROM awaited_event w
  JOIN LATERAL (SELECT source_id FROM event WHERE id = w.event_id AND occurred_at = w.occurred_at LIMIT 1) e ON true
  JOIN source s ON s.id = e.source_id WHERE w.tries > 0 GROUP BY s.name ORDER BY s.name
"""
_DONE: Final = "DELETE FROM awaited_event WHERE event_id = ANY (%s) RETURNING event_id"


def await_events(events: Iterable[tuple[int, datetime]], *, at: datetime) -> None:
    """The house will act on these as soon as it is known whose they are."""
    told = list(events)
    if told:
        cursor_of(WRITER).execute(_AWAIT, [at, [one for one, _ in told], [moment for _, moment in told]])


def events_known(*, at: datetime, at_most: int, but: Iterable[int] = ()) -> list[Known]:
    """The awaited events whose person is known by now, in the order in which they happened, but for some, and for those
    that are to be tried again later."""
    rows = ask(WRITER, _KNOWN, [list(but), at, at_most])
    return [
        Known(event, happened, source, who, key.hex, name, said or "{}", noted)
        for event, happened, source, who, key, name, said, noted in rows
    ]


def try_later(waiting: Mapping[int, int], *, at: datetime) -> None:
    """These (event → the order it takes back) were tried in vain: again later, each time after a longer while."""
    if waiting:
        cursor_of(WRITER).execute(_LATER, [at, list(waiting), list(waiting.values())])


def try_at_once(orders: Collection[int]) -> None:
    """What waits for one of these orders is tried the next time: it is there now."""
    if orders:
        cursor_of(WRITER).execute(_AT_ONCE, [list(orders)])


@dataclass(frozen=True, slots=True)
class InVain:
    """How many of a source's events take back an order that nobody has told yet, and since when the first one waits."""

    source: str
    events: int
    since: datetime


def tried_in_vain(*, by: Asker) -> list[InVain]:
    """What waits for orders nobody has told, by source; counts only, for steward and officer."""
    if by.role not in ("steward", "officer"):
        note_denial(by, door="tried_in_vain", because="rules on events")
        raise Denied("event_rules_are_the_stewards")
    return [InVain(*row) for row in ask(WRITER, _IN_VAIN)]


def acted_on(event_ids: Sequence[int]) -> frozenset[int]:
    """Those of them that were still awaited, and are no more when the caller's transaction commits."""
    return frozenset(one for (one,) in cursor_of(WRITER).execute(_DONE, [list(event_ids)]).fetchall())


def await_no_more(*, before: datetime) -> int:
    """How many events are awaited no more: nobody has been known for them since."""
    return AwaitedEvent.objects.filter(noted_at__lt=before).delete()[0]


_WAIT: Final = """
INSERT INTO event_wait AS w (rule_id, customer_id, since, due_at)
SELECT DISTINCT ON (rule_id, customer_id) rule_id, customer_id, since, due_at
  FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
       AS t (rule_id, customer_id, since, due_at)
 ORDER BY rule_id, customer_id, since DESC
ON CONFLICT (rule_id, customer_id) DO UPDATE SET since = excluded.since, due_at = excluded.due_at
   WHERE w.since < excluded.since
"""
_OVER: Final = """
DELETE FROM event_wait WHERE (rule_id, customer_id) IN (
    SELECT rule_id, customer_id FROM event_wait WHERE due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING rule_id, customer_id, since
"""
_FOLLOWED: Final = """
SELECT t.place FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::text[]) AS t (place, who, since, name)
 WHERE EXISTS (SELECT FROM event e WHERE e.customer_id = t.who AND e.occurred_at >= t.since
                  AND lower(replace(e.name, '_', ' ')) = t.name)
"""


def wait_for(waits: Iterable[tuple[int, RuleSaid, int, datetime]]) -> None:
    """For each (rule, what it says, customer, moment): the time runs from that moment, or from a later one."""
    rows = [(rule, who, since, since + timedelta(minutes=said.wait_minutes)) for rule, said, who, since in waits]
    if rows:
        cursor_of(WRITER).execute(_WAIT, [list(column) for column in zip(*rows, strict=True)])


def waits_over(*, at: datetime, at_most: int) -> list[Waited]:
    """Those whose time is over, waited for no more when the caller's transaction commits."""
    return [Waited(*row) for row in cursor_of(WRITER).execute(_OVER, [at, at_most]).fetchall()]


def not_followed(waits: Sequence[Waited], unless: Sequence[str]) -> list[Waited]:
    """Those after whose moment no event of that name has happened to the same customer."""
    if not waits:
        return []
    told: list[Any] = [
        list(range(len(waits))), [one.customer_id for one in waits], [one.since for one in waits],
        [plain_name(name) for name in unless],
    ]  # fmt: skip
    followed = {place for (place,) in cursor_of(WRITER).execute(_FOLLOWED, told).fetchall()}
    return [one for place, one in enumerate(waits) if place not in followed]


def _note(by: Asker, rule_id: int, *, old: Any, new: Any) -> None:
    note_change(
        by, door="events.acting", subject="event_rule", field=str(rule_id), old=old, new=new, customer_id=None
    )  # fmt: skip
