"""What was really reached, out of the access log: by view and role, by person; and the newest deeds about privacy."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.connections.postgres.asking import ask
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

REACHED: Final = """
SELECT view, role, count(*) FILTER (WHERE allowed), count(DISTINCT who) FILTER (WHERE allowed),
       coalesce(sum(rows) FILTER (WHERE allowed), 0), count(DISTINCT customer_id) FILTER (WHERE allowed),
       count(*) FILTER (WHERE NOT allowed), max(at)
  FROM access_entry WHERE at >= %s AND view <> 'none' GROUP BY view, role ORDER BY 3 DESC, 1, 2
"""
LAST_LOOKS: Final = "SELECT who, view, max(at) FROM access_entry WHERE allowed AND door <> 'sign_in' GROUP BY who, view"
OUTSIDE: Final = """
SELECT e.at, e.who, e.role, e.view, e.door, e.because, e.customer_id, c.home_branch_id
  FROM access_entry e JOIN customer c ON c.id = e.customer_id
 WHERE e.at >= %s AND e.who = %s AND e.allowed AND e.rows > 0 AND c.home_branch_id <> ALL (%s)
 ORDER BY e.at DESC LIMIT %s
"""
DEEDS: Final = """
SELECT at, who, role, deed, subject, detail, customer_id, allowed FROM privacy_entry ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """What one role reached through one view: reads, people who read, rows handed out, customers opened, refusals."""

    view: str
    role: str
    reads: int
    people: int
    rows: int
    customers: int
    refused: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Outside:
    """One customer's file opened by somebody whose branches do not include the customer's."""

    at: datetime
    who: str
    role: str
    view: str
    door: str
    because: str
    customer_id: int
    branch_id: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the privacy log."""

    at: datetime
    who: str
    role: str
    deed: str
    subject: str
    detail: dict[str, Any]
    customer_id: int | None
    allowed: bool


def reached(*, since: datetime, by: Asker) -> list[Reached]:
    """What each role reached through each view since then, the busiest first; for the privacy officer."""
    _only_the_officer(by)
    return [Reached(*row) for row in ask(by.view, REACHED, [since])]


def last_looks(*, by: Asker) -> dict[tuple[str, str], datetime]:
    """(who, view) → when she last looked through it."""
    _only_the_officer(by)
    return {(who, view): at for who, view, at in ask(by.view, LAST_LOOKS)}


def looks_outside(who: str, branches: Iterable[int], *, since: datetime, by: Asker, limit: int = 100) -> list[Outside]:
    """Files of customers of other branches that this person opened since then, newest first."""
    _only_the_officer(by)
    return [Outside(*row) for row in ask(by.view, OUTSIDE, [since, who, sorted(branches), limit])]


def deeds(*, by: Asker, limit: int = 100) -> list[Deed]:
    """The newest lines of the privacy log."""
    _only_the_officer(by)
    return [
        Deed(at, who, role, deed, subject, json.loads(detail), customer_id, allowed)
        for at, who, role, deed, subject, detail, customer_id, allowed in ask(by.view, DEEDS, [limit])
    ]


def _only_the_officer(by: Asker) -> None:
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
