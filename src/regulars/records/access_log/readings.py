"""Every passage through a reading door is counted where it is written down, and stopped there when it is too much.

One statement counts, decides and writes the line, on the log's own connection: several processes agree because the
count is one row of the database, a rollback takes nothing back, and a restart forgets nothing. Refused readings count
for nothing, so that trying again and again does not make them normal.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from regulars.connections.postgres.asking import Asking, ask, ask_one, door, first, question, tell
from regulars.records.access_log.patience import demand_patience, hold_back, may_go_on, note_reading
from regulars.rules.evidence.canonical import canonical_line
from regulars.rules.noticing.normal import GUESS_WEIGHS, Amount, Bounds, bounds_of
from regulars.rules.noticing.slowing import delay_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.views import ROLES

LOG: Final = "log"
PAST: Final = timedelta(weeks=8)
#: Doors whose rows are counts, house work or what somebody has to do anyway: nothing is carried away in them.
NOT_CARRIED_AWAY: Final = frozenset(
    {"access_log", "complaints_waiting", "fill_warehouse", "open_tasks", "prepare_campaign", "preview_funnel",
     "tasks_waiting", "compare_views"}
)  # fmt: skip

_NEW: Final = "COALESCE((NOT n.customer = ANY (h.seen))::int, 0)"
COUNT_AND_NOTE: Final = f"""
WITH n AS (SELECT %s::bigint AS customer, %s::bigint AS rows),
counted AS (
    UPDATE reading_hour h SET
           files = h.files + {_NEW}, rows = h.rows + n.rows,
           seen = CASE WHEN {_NEW} = 1 THEN h.seen || n.customer ELSE h.seen END
      FROM n
     WHERE h.who = %s AND h.hour = %s AND NOT h.stopped
       AND h.files + {_NEW} <= h.stop_files AND h.rows + n.rows <= h.stop_rows
       AND (%s OR NOT EXISTS (SELECT FROM reader_wait w WHERE w.who = h.who AND w.until > %s))
    RETURNING h.files, h.rows, h.slow_files, h.slow_rows, h.stop_files, h.stop_rows),
line AS (
    INSERT INTO access_entry (at, who, role, view, purpose, door, because, reference, customer_id, rows, allowed)
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, n.customer, %s, true FROM n, counted)
SELECT * FROM counted
"""  # noqa: S608  (our own words)
COUNT_AFTERWARDS: Final = """
WITH counted AS (
    UPDATE reading_hour h SET rows = h.rows + %s WHERE h.who = %s AND h.hour = %s
    RETURNING h.files, h.rows, h.slow_files, h.slow_rows, h.stop_files, h.stop_rows, h.stopped),
line AS (
    INSERT INTO access_entry (at, who, role, view, purpose, door, because, reference, customer_id, rows, allowed)
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, NULL, %s, true FROM counted)
SELECT * FROM counted
"""
_HELD: Final = "SELECT files, rows, stop_files, stop_rows, stopped FROM reading_hour WHERE who = %s AND hour = %s"
_PAST: Final = "SELECT hour, files, rows FROM reading_hour WHERE who = %s AND hour >= %s AND hour < %s"
_OPEN_STOP: Final = "SELECT 1 FROM reading_alarm WHERE who = %s AND kind = 'stop' AND released_at IS NULL"
_FORGET: Final = "UPDATE reading_hour SET seen = '{}' WHERE who = %s AND hour < %s AND seen <> '{}'"
_OPEN_HOUR: Final = """
INSERT INTO reading_hour (who, name, role, view, hour, files, rows, seen,
                          slow_files, slow_rows, stop_files, stop_rows, stopped)
VALUES (%s, %s, %s, %s, %s, 0, 0, '{}', %s, %s, %s, %s, %s) ON CONFLICT (who, hour) DO NOTHING
"""
_STOP: Final = "UPDATE reading_hour SET stopped = true WHERE who = %s AND hour = %s"
_ALARM: Final = """
INSERT INTO reading_alarm (who, name, role, view, kind, at, files, rows, bound_files, bound_rows,
                           released_by, because)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '')
ON CONFLICT (who, kind) WHERE released_at IS NULL DO NOTHING RETURNING id
"""
_DEED: Final = """
INSERT INTO privacy_entry (at, who, role, deed, subject, detail, customer_id, allowed)
VALUES (%s, %s, %s, 'reading', %s, %s, NULL, false)
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """What the line in the log says of one passage: which door, why, how many rows, whose file if one; and how many
    numbers were tried in vain."""

    door: str
    because: str
    rows: int
    customer_id: int | None
    guesses: int = 0


def is_counted(by: Asker) -> bool:
    """Whether somebody's reading is counted: people and programs, not the house's own jobs nor customers."""
    return by.role in ROLES or by.role == "program"


def key_of(by: Asker) -> str:
    """Under which one her readings are counted: a person in all her seats together."""
    return f"staff {by.staff_id}" if by.staff_id is not None else by.name[:200]


@door
def pass_counted(by: Asker, passage: Passage, *, at: datetime) -> Asking[None]:
    """The passage is counted and in the log when this returns; she waits a moment when it is unusually much.

    Denied `reading_stopped` when it is too much, `reading_slowed` when she was to wait still: then nothing was counted,
    and the caller writes down the refusal.
    """
    counted = yield from _counted(by, passage, at)
    if counted is None:
        demand_patience(key_of(by), at=at)
        _open_hour(by, at)
        counted = yield from _counted(by, passage, at)
    if counted is None:
        demand_patience(key_of(by), at=at)
        _refuse(by, passage, at)
        return
    note_reading()
    read, bounds = counted
    delay = delay_of(read, bounds)
    if delay:
        _raise_alarm(by, "slow", read, bounds.slow, at)
        hold_back(key_of(by), delay, at=at)


def count_afterwards(by: Asker, passage: Passage, *, at: datetime, too_much: bool = False) -> str:
    """What was read past the doors, by SQL, is counted and in the log; "stop", "slow" or "" for what follows from it.

    It has been read already, so nothing can be held back: a stop is for whatever comes next. `too_much` says that it is
    one whatever the count.
    """
    _open_hour(by, at)
    line = (at, by.written, by.role, by.view, by.purpose, passage.door, passage.because, by.reference)
    row = ask_one(LOG, COUNT_AFTERWARDS, [passage.rows, key_of(by), hour_of(at), *line, passage.rows])
    if row is None:
        return ""
    read, bounds, stopped = Amount(*row[:2]), Bounds(Amount(*row[2:4]), Amount(*row[4:6])), bool(row[6])
    kind = "stop" if too_much or read.rows > bounds.stop.rows else "slow" if read.rows > bounds.slow.rows else ""
    if kind == "stop" and not stopped:
        tell(LOG, _STOP, [key_of(by), hour_of(at)])
    if kind:
        _raise_alarm(by, kind, read, bounds.stop if kind == "stop" else bounds.slow, at)
    return kind


def said_too_often(by: Asker, customers: int, most: int, *, at: datetime) -> None:
    """The officer is told that somebody said of more customers than usual that they were here."""
    _raise_alarm(by, "here", Amount(customers, 0), Amount(most, 0), at)


def _counted(by: Asker, passage: Passage, at: datetime) -> Asking[tuple[Amount, Bounds] | None]:
    """What she has read in this hour with this, and its bounds; None when there is no such hour, it is too much, or she
    is to wait still."""
    carried = 0 if passage.customer_id is not None or passage.door in NOT_CARRIED_AWAY else passage.rows
    carried += GUESS_WEIGHS * passage.guesses
    customer = passage.customer_id if passage.rows else None
    line = (at, by.written, by.role, by.view, by.purpose, passage.door, passage.because, by.reference, passage.rows)
    values = [customer, carried, key_of(by), hour_of(at), may_go_on(), at, *line]
    row = first((yield from question(LOG, COUNT_AND_NOTE, values)))
    if row is None:
        return None
    return Amount(*row[:2]), Bounds(Amount(*row[2:4]), Amount(*row[4:6]))


def _open_hour(by: Asker, at: datetime) -> None:
    """The hour is there with the bounds learned from the weeks before; whoever was stopped stays so."""
    who, hour = key_of(by), hour_of(at)
    tell(LOG, _FORGET, [who, hour])
    past = [(then, Amount(files, rows)) for then, files, rows in ask(LOG, _PAST, [who, hour - PAST, hour])]
    same = [read for then, read in past if _of_the_week(then) == _of_the_week(hour)]
    bounds = bounds_of(by.role, same, [read for _, read in past])
    amounts = (bounds.slow.files, bounds.slow.rows, bounds.stop.files, bounds.stop.rows)
    stopped = ask_one(LOG, _OPEN_STOP, [who]) is not None
    tell(LOG, _OPEN_HOUR, [who, by.name, by.role, by.view, hour, *amounts, stopped])


def _refuse(by: Asker, passage: Passage, at: datetime) -> None:
    row = ask_one(LOG, _HELD, [key_of(by), hour_of(at)])
    if row is None:
        raise Denied("reading_stopped")
    files, rows, stop_files, stop_rows, stopped = row
    if not stopped:
        tell(LOG, _STOP, [key_of(by), hour_of(at)])
        _raise_alarm(by, "stop", Amount(files, rows), Amount(stop_files, stop_rows), at)
    raise Denied("reading_stopped")


def _raise_alarm(by: Asker, kind: str, read: Amount, bound: Amount, at: datetime) -> None:
    """The officer finds it in the office and in the check; the privacy log keeps it. Once until it is released."""
    told = (key_of(by), by.name, by.role, by.view, kind, at, read.files, read.rows, bound.files, bound.rows)
    if ask_one(LOG, _ALARM, told) is not None:
        detail: dict[str, Any] = {"kind": kind, "files": read.files, "rows": read.rows}
        tell(LOG, _DEED, (timezone.now(), by.written, by.role, kind, canonical_line(detail).decode()))


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def _of_the_week(hour: datetime) -> tuple[int, int]:
    return hour.weekday(), hour.hour
