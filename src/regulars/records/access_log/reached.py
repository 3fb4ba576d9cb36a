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
#: Of "Dora (terminal, lin)" the name: one person at page and terminal.
_NAME: Final = "split_part(who, ' (terminal', 1)"
LAST_LOOKS: Final = f"""
SELECT {_NAME}, role, view, max(at) FROM access_entry WHERE allowed AND door <> 'sign_in' GROUP BY 1, 2, 3
"""  # noqa: S608  (our own words)
OUTSIDE: Final = """
SELECT e.at, e.who, e.role, e.view, e.door, e.because, e.customer_id, c.home_branch_id
  FROM access_entry e JOIN customer c ON c.id = e.customer_id
 WHERE e.at >= %s AND split_part(e.who, ' (terminal', 1) = ANY (%s) AND e.allowed AND e.rows > 0
   AND c.home_branch_id <> ALL (%s)
 ORDER BY e.at DESC LIMIT %s
"""
SAID_HERE: Final = """
SELECT who, role, count(DISTINCT customer_id) FILTER (WHERE allowed),
       count(*) FILTER (WHERE allowed AND split_part(reference, ' ', 1) = 'number'),
       count(*) FILTER (WHERE NOT allowed), max(at)
  FROM access_entry WHERE door = 'stated_here' AND at >= %s GROUP BY who, role ORDER BY 3 DESC, 1
"""
REFUSED: Final = """
SELECT who, role, count(*), count(DISTINCT customer_id), max(at) FROM access_entry
 WHERE door = 'open_customer' AND view = 'assigned' AND NOT allowed AND at >= %s GROUP BY who, role ORDER BY 3 DESC, 1
"""
# Of several looks on one day the first. What is a customer's is looked up line by line (see connections/postgres).
WITHOUT: Final = """
WITH people AS (SELECT id, name FROM unnest(%s::bigint[], %s::text[]) AS p (id, name)),
every_look AS (
    SELECT e.at, e.who, p.name, e.role, e.because, e.customer_id, p.id AS staff_id,
           date_trunc('day', e.at, %s) AS morning
      FROM access_entry e JOIN people p ON p.name = split_part(e.who, ' (terminal', 1)
     WHERE e.at >= %s AND e.allowed AND e.rows > 0 AND e.door = 'open_customer' AND e.view = 'standard'
       AND e.customer_id IS NOT NULL),
looks AS (SELECT DISTINCT ON (who, customer_id, morning) * FROM every_look ORDER BY who, customer_id, morning, at)
SELECT l.at, l.who, l.role, l.because, l.customer_id FROM looks l
  LEFT JOIN LATERAL (
       SELECT 1 AS given FROM task t WHERE t.customer_id = l.customer_id AND t.opened_at <= l.at
          AND (t.closed_at IS NULL OR t.closed_at >= l.at) AND t.given_by <> 'staff ' || l.staff_id
          AND (t.owner_id = l.staff_id OR t.owner_id IS NULL) LIMIT 1) t ON true
  LEFT JOIN LATERAL (
       SELECT 1 AS bought FROM order_line o WHERE o.customer_id = l.customer_id AND o.ordered_at >= l.morning
          AND o.ordered_at < l.morning + interval '1 day' LIMIT 1) o ON true
  LEFT JOIN LATERAL (
       SELECT 1 AS met FROM touchpoint m WHERE m.customer_id = l.customer_id AND m.at >= l.morning
          AND m.at < l.morning + interval '1 day' AND m.kind IN ('visit', 'call') AND m.staff_name <> l.name LIMIT 1
       ) m ON true
 WHERE t.given IS NULL AND o.bought IS NULL AND m.met IS NULL ORDER BY l.at DESC LIMIT %s
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
class SaidHere:
    """Of how many customers somebody said that they were here; how often a customer number was all that was said, and
    how often it was not so."""

    who: str
    role: str
    customers: int
    by_number: int
    refused: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """How often somebody was refused at a file that opens for a given reason only, and of how many customers."""

    who: str
    role: str
    times: int
    customers: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class WithoutReason:
    """One file opened where no task, order or visit of that day gave a reason, and none was asked for."""

    at: datetime
    who: str
    role: str
    because: str
    customer_id: int


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


def last_looks(*, by: Asker) -> dict[tuple[str, str, str], datetime]:
    """(who, role, view) → when she last looked in that role through that view."""
    _only_the_officer(by)
    return {(who, role, view): at for who, role, view, at in ask(by.view, LAST_LOOKS)}


def looks_outside(
    names: Iterable[str], branches: Iterable[int], *, since: datetime, by: Asker, limit: int = 100
) -> list[Outside]:
    """Files of customers of other branches opened since then by whom the log writes under these names, newest first."""
    _only_the_officer(by)
    return [Outside(*row) for row in ask(by.view, OUTSIDE, [since, list(names), sorted(branches), limit])]


def said_to_be_here(*, since: datetime, by: Asker) -> list[SaidHere]:
    """Who said since then that customers were here, who of most first."""
    _only_the_officer(by)
    return [SaidHere(*row) for row in ask(by.view, SAID_HERE, [since])]


def refused_for_want_of_reason(*, since: datetime, by: Asker) -> list[Refused]:
    """Who was refused since then where a given reason is asked for, who most often first."""
    _only_the_officer(by)
    return [Refused(*row) for row in ask(by.view, REFUSED, [since])]


def without_reason(
    people: Iterable[tuple[int, str]], *, zone: str, since: datetime, by: Asker, limit: int = 100
) -> list[WithoutReason]:
    """Files these people (id, name) opened since then though nothing gave them a reason that day, newest first. A task
    counts as it stands now; the day is that of the time zone `zone`."""
    _only_the_officer(by)
    ids, names = zip(*people, strict=True) if (people := list(people)) else ((), ())
    values = [list(ids), list(names), zone, since, limit]
    return [WithoutReason(*row) for row in ask(by.view, WITHOUT, values)]


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
