"""The reading door of visits, calls, notes and complaints; asked with an opened file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from regulars.connections.postgres.asking import Asking, ask, door, first, question
from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.customers.needed import needs_reason, reasons_among
from regulars.records.customers.within_reach import unnamed, within_reach
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.need_to_know import wider


@dataclass(frozen=True, slots=True)
class TouchpointFacts:
    """One meeting between customer and company. `title` and `detail` are None where the view masks what was said."""

    id: int
    at: datetime
    kind: str
    channel: str
    title: str | None
    detail: str | None
    staff_name: str
    branch: str | None
    source: str | None
    invented: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class PreferenceFacts:
    """What a customer prefers, by code and in words; `words` is None where the view masks them."""

    id: int
    code: str
    words: str | None
    noted_at: datetime
    staff_name: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """One complaint; open while `closed_at` is None, `severity` from 1 (slight) to 3 (grave), `owner` is whoever
    answers it. Words are None where the view masks them."""

    id: int
    opened_at: datetime
    code: str
    detail: str | None
    answer_by: datetime | None
    closed_at: datetime | None
    outcome: str | None
    invented: bool
    severity: int = 2
    owner: str | None = None
    answer: str | None = ""
    answered_at: datetime | None = None

    @property
    def ref(self) -> str:
        """What people call it."""
        return complaint_ref(self.id)


_TOUCHPOINTS = """
SELECT t.id, t.at, t.kind, t.channel, t.title, t.detail, t.staff_name, b.name, s.name, t.invented, t.code
  FROM touchpoint t LEFT JOIN branch b ON b.id = t.branch_id LEFT JOIN source s ON s.id = t.source_id
 WHERE t.customer_id = %s AND {narrowed} ORDER BY t.at DESC, t.id DESC LIMIT %s
"""
_BEFORE = _TOUCHPOINTS.format(narrowed="t.at < %s")
_WISHES = _TOUCHPOINTS.format(narrowed="t.kind = 'wish'")
_ELSEWHERE = {"owner": "o.log_name"}
_FIELDS = ", ".join(_ELSEWHERE.get(name, f"t.{name}") for name in ComplaintFacts.__dataclass_fields__)
_COMPLAINTS = f"""
SELECT {_FIELDS} FROM complaint t LEFT JOIN staff o ON o.id = t.owner_id
 WHERE t.customer_id = %s ORDER BY t.opened_at DESC, t.id DESC LIMIT %s
"""  # noqa: S608  (names of fields)
_WITH_COMPLAINT = "SELECT customer_id FROM complaint WHERE customer_id = ANY (%s) AND closed_at IS NULL"


_PREFERENCES = f"""
SELECT {", ".join(PreferenceFacts.__dataclass_fields__)} FROM preference
 WHERE customer_id = %s AND (%s OR ended_at IS NULL) ORDER BY noted_at DESC, id DESC LIMIT %s
"""  # noqa: S608  (names of fields)


def complaint_ref(complaint_id: int) -> str:
    """What people call a complaint: K-118."""
    return f"K-{complaint_id}"


@door
def touchpoints_of(opened: Opened, *, before: datetime, newest: int = 20) -> Asking[list[TouchpointFacts]]:
    """The newest touchpoints before a moment, newest first."""
    rows = yield from question(opened.by.view, _BEFORE, [opened.id, before, newest])
    return [TouchpointFacts(*row) for row in rows]


@door
def wishes_of(opened: Opened, *, newest: int = 5) -> Asking[list[TouchpointFacts]]:
    """What the customer wished for, newest first."""
    rows = yield from question(opened.by.view, _WISHES, [opened.id, newest])
    return [TouchpointFacts(*row) for row in rows]


@door
def preferences_of(opened: Opened, *, newest: int = 20, ended: bool = False) -> Asking[list[PreferenceFacts]]:
    """What the customer prefers, newest first; what has ended only when asked for."""
    rows = yield from question(opened.by.view, _PREFERENCES, [opened.id, ended, newest])
    return [PreferenceFacts(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Prefers:
    """One thing somebody prefers, as a list shows it; `words` is None where the view masks them."""

    code: str
    words: str | None


@door
def preferences_among(ids: Iterable[int], *, by: Asker) -> Asking[dict[int, tuple[Prefers, ...]]]:
    """Customer id → what she prefers, newest first, of a list just found."""
    rows = yield from question(by.view, _PREFERENCES_AMONG, [list(ids)])
    found: dict[int, tuple[Prefers, ...]] = {}
    for who, code, words in rows:
        found[who] = (*found.get(who, ()), Prefers(code, words))
    return found


@door
def complaints_of(opened: Opened, *, newest: int = 20) -> Asking[list[ComplaintFacts]]:
    """All complaints, newest first."""
    rows = yield from question(opened.by.view, _COMPLAINTS, [opened.id, newest])
    return [ComplaintFacts(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """One open complaint in a list of those that wait for an answer."""

    complaint: ComplaintFacts
    number: str
    name: str | None
    branch: str | None
    customer_invented: bool


_PREFERENCES_AMONG = """
SELECT customer_id, code, words FROM preference WHERE customer_id = ANY (%s) AND ended_at IS NULL
 ORDER BY customer_id, noted_at DESC, id DESC
"""
_WAITING = f"""
SELECT {_FIELDS}, c.number, c.name, b.name, c.invented, t.customer_id
  FROM complaint t JOIN LATERAL ({{whose}}) c ON true LEFT JOIN branch b ON b.id = c.home_branch_id
  LEFT JOIN staff o ON o.id = t.owner_id
 WHERE t.closed_at IS NULL ORDER BY t.answer_by NULLS LAST, t.id LIMIT %s
"""  # noqa: S608  (names of fields)
#: Among so many complaints, those are looked for that somebody has a reason to see.
AT_MOST = 1_000
_COUNT = "SELECT count(*) FROM complaint t WHERE t.closed_at IS NULL"
_COUNT_WITHIN = "SELECT count(*) FROM complaint t JOIN LATERAL ({whose}) c ON true WHERE t.closed_at IS NULL"


def complaints_waiting(*, by: Asker, because: str, limit: int = 50) -> list[ComplaintLine]:
    """Open complaints within the asker's view and branches, the nearest deadline first; where a file opens for a given
    reason only, those of the customers there is one for."""
    whose, values = within_reach(by)
    rows = ask(wider(by.view), _WAITING.format(whose=whose), [*values, AT_MOST if needs_reason(by) else limit])
    if needs_reason(by):
        given = reasons_among({row[-1] for row in rows}, by=by)
        rows = [row for row in rows if row[-1] in given][:limit]
    cut = len(ComplaintFacts.__dataclass_fields__)
    lines = unnamed(
        [ComplaintLine(ComplaintFacts(*row[:cut]), *row[cut:-1]) for row in rows], by=by, name=None, branch=None
    )
    note_access(by, door="complaints_waiting", because=because, rows=len(lines))
    return lines


@door
def count_open_complaints(*, by: Asker) -> Asking[int]:
    """How many wait for an answer within the asker's view and branches. A count only."""
    whose, values = within_reach(by)
    row = first(
        (
            yield from question(
                wider(by.view), *((_COUNT_WITHIN.format(whose=whose), values) if by.branches else (_COUNT,))
            )
        )
    )
    return int(row[0]) if row else 0


@door
def with_open_complaint(ids: Iterable[int], *, by: Asker) -> Asking[frozenset[int]]:
    """Those of a list just found who wait for an answer."""
    rows = yield from question(by.view, _WITH_COMPLAINT, [list(ids)])
    return frozenset(person for (person,) in rows)
