"""The reading door of events: a customer's own, with an opened file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.connections.postgres.asking import Asking, door, first, question
from regulars.records.customers.access import Opened
from regulars.records.customers.keys import open_cell, opening_keys
from regulars.records.events.keeping import FREE
from regulars.rules.events.orders import ORDERS


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Something that happened. `properties` is None where the view masks it; `free` what else was said, for views that
    open it."""

    id: int
    at: datetime
    received_at: datetime
    kind: str
    name: str
    source: str | None
    properties: Mapping[str, Any] | None
    free: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class EventFigures:
    """A customer's events in figures."""

    events: int
    first_at: datetime
    last_at: datetime


_EVENTS: Final = """
SELECT t.id, t.occurred_at, t.received_at, t.kind, t.name, s.name, t.properties, t.free
  FROM event t LEFT JOIN source s ON s.id = t.source_id
 WHERE t.customer_id = %s AND t.occurred_at < %s ORDER BY t.occurred_at DESC, t.id DESC LIMIT %s
"""
_FIGURES: Final = "SELECT events, first_at, last_at FROM customer_events WHERE customer_id = %s"


@door
def events_of(opened: Opened, *, before: datetime, newest: int = 20) -> Asking[list[EventFacts]]:
    """The newest events before a moment, newest first."""
    rows = yield from question(opened.by.view, _EVENTS, [opened.id, before, newest])
    sealed = any(row[-1] is not None for row in rows)
    key = opening_keys(opened.by.view, [opened.id]).get(opened.id) if sealed else None
    return [
        EventFacts(who, at, received, kind, name, source, _said(plain), _said(open_cell(key, FREE, free)))
        for who, at, received, kind, name, source, plain, free in rows
    ]


@dataclass(frozen=True, slots=True)
class EventDay:
    """What happened on one day of one kind, as a line among greater things: `at` is the first of it, `names` the newest
    few names, `scores` the newest few that were given in surveys, as far as the view shows what was said."""

    at: datetime
    until: datetime
    kind: str
    events: int
    names: tuple[str, ...]
    source: str | None
    scores: tuple[str, ...] = ()


LONGEST_SCORE: Final = 20  # characters: whatever else stands there is no score, and not read out on a card
LOOKED_AT: Final = 500  # events: more than a page of days ever needs
#: Orders stand in the order book; on the timeline they are told from there.
_NO_ORDER: Final = "lower(replace(name, '_', ' ')) <> ALL (%s)"
_DAYS: Final = f"""
SELECT min(t.occurred_at), max(t.occurred_at), t.kind, count(*), array_agg(t.name ORDER BY t.occurred_at DESC),
       max(s.name), array_agg(left(t.properties::jsonb->>'score', {LONGEST_SCORE}) ORDER BY t.occurred_at DESC)
                    FILTER (WHERE t.kind = 'survey' AND t.properties::jsonb->>'score' <> '')
  FROM (SELECT occurred_at, kind, name, source_id, properties FROM event
         WHERE customer_id = %s AND occurred_at < %s AND {_NO_ORDER}
         ORDER BY occurred_at DESC LIMIT {LOOKED_AT}) t LEFT JOIN source s ON s.id = t.source_id
 GROUP BY t.kind, (t.occurred_at AT TIME ZONE %s)::date ORDER BY 1 DESC LIMIT %s
"""  # noqa: S608  (our own words)
_ORDERS: Final = sorted(ORDERS)


@door
def event_days_of(opened: Opened, *, before: datetime, newest: int, zone: str) -> Asking[list[EventDay]]:
    """The newest days with events before a moment, each kind of a day in one line, newest first; days as in `zone`.

    Orders are left out: they stand in the order book.
    """
    rows = yield from question(opened.by.view, _DAYS, [opened.id, before, _ORDERS, zone, newest])
    return [
        EventDay(at, until, kind, count, tuple(dict.fromkeys(names))[:3], source, tuple(scores or ())[:3])
        for at, until, kind, count, names, source, scores in rows
    ]


@door
def event_figures(opened: Opened) -> Asking[EventFigures | None]:
    """How many events there are, the first and the last; None where there is none."""
    row = first((yield from question(opened.by.view, _FIGURES, [opened.id])))
    return EventFigures(*row) if row else None


def _said(text: str | None) -> Mapping[str, Any] | None:
    return dict(json.loads(text)) if text else None
