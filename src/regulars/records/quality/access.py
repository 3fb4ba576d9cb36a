"""The reading door of quality: figures of nights, what bad data cost, and the list of whom to ask again."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from regulars.connections.postgres.asking import ask, ask_one
from regulars.records.access_log.actions import note_access
from regulars.records.customers.within_reach import unnamed, within_reach
from regulars.rules.permission.asking import Asker
from regulars.rules.quality.asking import Ask
from regulars.rules.quality.shares import Conflict, Counted


@dataclass(frozen=True, slots=True)
class Cost:
    """What bad data came to in a year: how many cases of a kind, their money where it is known ("" currency: not)."""

    kind: str
    cases: int
    cost_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Somebody to ask again: for what and why, what she has bought, and whether somebody has it to do."""

    customer_id: int
    number: str
    name: str | None
    asks: tuple[Ask, ...]
    worth_minor: int | None
    owner: str | None
    handed: bool
    invented: bool


_LAST: Final = "SELECT max(counted_on) FROM quality_figure"
_FIGURES: Final = """
SELECT counted_on, source_id, field, people, filled, valid, fresh, disputed, confirmed FROM quality_figure
 WHERE counted_on >= %s ORDER BY counted_on, source_id NULLS LAST, id
"""
_CONFLICTS: Final = """
SELECT counted_on, source_id, field, said, against FROM quality_conflict
 WHERE counted_on >= %s ORDER BY counted_on, against DESC, said DESC, id
"""
_COSTS: Final = """
SELECT kind, cases, cost_minor, currency FROM quality_cost WHERE counted_on = %s ORDER BY cost_minor DESC, cases DESC
"""
_CASES: Final = """
SELECT t.customer_id, c.number, c.name, t.asks, t.worth_minor, o.log_name, k.id IS NOT NULL, c.invented
  FROM quality_case t JOIN LATERAL ({whose}) c ON true
  LEFT JOIN LATERAL (SELECT id, owner_id FROM task
                      WHERE customer_id = t.customer_id AND kind = 'ask_again' AND state = 'open' LIMIT 1) k ON true
  LEFT JOIN staff o ON o.id = k.owner_id
 ORDER BY k.id IS NOT NULL, t.worth_minor DESC NULLS LAST, c.number LIMIT %s
"""
_DONE: Final = "SELECT count(*) FROM task WHERE kind = 'ask_again' AND state = 'closed' AND closed_at >= %s"


def last_counted(*, by: Asker) -> date | None:
    """The newest night that was counted; None before the first."""
    row = ask_one(by.view, _LAST)
    return row[0] if row else None


def figures_since(day: date, *, by: Asker) -> list[Counted]:
    """Every count from that day on, oldest first."""
    return [Counted(*row) for row in ask(by.view, _FIGURES, [day])]


def conflicts_since(day: date, *, by: Asker) -> list[Conflict]:
    """Every count of sources that disagree from that day on, oldest first, and of a day the most contradicted first."""
    return [Conflict(*row) for row in ask(by.view, _CONFLICTS, [day])]


def costs_of(day: date, *, by: Asker) -> list[Cost]:
    """What bad data cost in the year before that day."""
    return [Cost(*row) for row in ask(by.view, _COSTS, [day])]


def cases_to_ask(*, by: Asker, because: str, limit: int = 100) -> list[CaseFacts]:
    """Whom to ask again, those nobody has to do first, of these who bought most. Logged."""
    customer, values = within_reach(by)
    rows = ask(by.view, _CASES.format(whose=customer), [*values, limit])
    lines = [CaseFacts(*(*row[:3], _asks(row[3]), *row[4:])) for row in rows]
    note_access(by, door="cases_to_ask", because=because, rows=len(lines))
    return unnamed(lines, by=by, name=None)


def asked_since(day: date, *, by: Asker) -> int:
    """How many were asked, that is how many of these tasks were closed, since that day. A count only."""
    row = ask_one(by.view, _DONE, [day])
    return int(row[0]) if row else 0


def _asks(said: Any) -> tuple[Ask, ...]:
    told = json.loads(said) if isinstance(said, str) else said or []
    return tuple(
        Ask(one["field"], one["why"], date.fromisoformat(one["noted_on"]) if one.get("noted_on") else None)
        for one in told
    )
