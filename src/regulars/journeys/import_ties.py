"""A file of ties is taken in: who lives together, who is whose contact, which branch stands under which company.

Each row is a transaction of its own, and what is known already changes nothing: a file that was broken off, or is
brought again, only adds what is missing. Rows that cannot be kept are set aside with a reason and handed back. A trial
is one transaction that is taken back; it keeps nobody waiting.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from regulars.connections.files import LONGEST_RAW, CannotRead, Chunk, FileLook, chunks, look
from regulars.records.access_log.actions import note_denial
from regulars.records.customers.access import Opened
from regulars.records.customers.opened_by_number import opened_by_number
from regulars.records.groups.actions import (
    NewGroup,
    join_group,
    kind_of,
    open_new_group,
    place_group,
    read_company_code,
    ref_of_code,
)
from regulars.rules.groups.ties import USUAL, Tie, columns_of_ties, tie_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere, RegularsError

MAY_IMPORT: Final = frozenset({"steward"})
BECAUSE: Final = "file of ties"
AT_ONCE: Final = 500
Row = dict[str, Any]
SHOWN: Final = 1_000


@dataclass(frozen=True, slots=True)
class RowAside:
    """A row that could not be kept, as it stood in the file, and why."""

    row_number: int
    reason: str
    raw: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass
class TiesReport:
    """What became of the file. In a dry run nothing was kept, and the figures say what would have been.

    `known` rows said what was known already. Of the rows set aside the first thousand are in `set_aside`;
    `set_aside_rows` counts them all.
    """

    dry_run: bool
    rows: int = 0
    groups: int = 0
    members: int = 0
    places: int = 0
    known: int = 0
    set_aside_rows: int = 0
    set_aside: list[RowAside] = field(default_factory=list)


Told = Callable[[RowAside], object]
#: What became of the file so far, and the last of its rows that is done.
SoFar = Callable[[TiesReport, int], object]


class _OnlyTried(Exception):
    """Rolls a dry run back."""


def import_ties(
    path: str | Path, *, name: str = "", dry_run: bool = False, aside: Told | None = None, so_far: SoFar | None = None,
    before: TiesReport | None = None, done_through: int = 0, by: Asker, at: datetime,
) -> TiesReport:  # fmt: skip
    """What the file says is kept when this returns; `aside` is told every row set aside, the report has the first ones.

    `so_far` is told every few rows, and ends it by what it raises. What was broken off goes on after the row
    `done_through`, with what had become of the rows `before`. Denied for who is not the steward; BadInput for what is
    no table, or has no column that names a group.
    """
    seen = look_at_ties(path, name=name, by=by)
    columns, report = columns_of_ties(seen.headers), before or TiesReport(dry_run)
    try:
        with transaction.atomic() if dry_run else nullcontext():
            read = chunks(path, seen, size=AT_ONCE, start=done_through + 1)
            for rows, broken, last_row in (some for chunk in read for some in _few(chunk)):
                told = _told(rows, columns, seen.delimiter or ",", at.date())
                for row in _rows_aside(told, broken, report, by, at):
                    _set_aside(report, row, aside)
                if so_far:
                    so_far(report, last_row)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    except CannotRead as error:
        raise _unreadable(error, name or Path(path).name) from error
    return report


def look_at_ties(path: str | Path, *, name: str = "", by: Asker) -> FileLook:
    """What the file is; Denied and BadInput as for taking it in."""
    if by.role not in MAY_IMPORT:
        note_denial(by, door="import_ties", because=BECAUSE)
        raise Denied("groups_not_for_this_role")
    try:
        seen = look(path)
    except CannotRead as error:
        raise _unreadable(error, name or Path(path).name) from error
    if not {"group", "company_code"} & columns_of_ties(seen.headers).keys():
        raise BadInput("ties_without_groups", {"headers": ", ".join(seen.headers)[:400]})
    return seen


def _unreadable(error: CannotRead, name: str) -> BadInput:
    return BadInput(error.code, error.values | {"name": name})


def _few(chunk: Chunk) -> Iterator[tuple[list[Row], list[Row], int]]:
    """A few rows at a time, broken ones apart, and the last row number they reach."""
    rows, broken = chunk.rows.to_pylist(), chunk.broken.to_pylist()
    for start in range(0, max(len(rows), 1), AT_ONCE):
        some, is_last = rows[start : start + AT_ONCE], start + AT_ONCE >= len(rows)
        last = chunk.last_row if is_last else int(some[-1]["row_number"])
        yield some, [row for row in broken if row["row_number"] <= last], last
        broken = [row for row in broken if row["row_number"] > last]


def _rows_aside(
    rows: Sequence[tuple[int, str, Tie | str]], broken: Iterable[Row], report: TiesReport, by: Asker, at: datetime
) -> Iterator[RowAside]:
    """The rows are taken, and those that cannot be are handed on."""
    named = {tie.customer for _, _, tie in rows if isinstance(tie, Tie) and tie.customer}
    people = opened_by_number(named, by=by, because=BECAUSE, door="import_ties")
    for number, raw, tie in rows:
        report.rows += 1
        if isinstance(tie, str):
            yield RowAside(number, tie, raw)
        elif why := _why_not(tie, people, report, by, at):
            yield RowAside(number, why.code, raw, why.values)
    for row in broken:
        report.rows += 1
        yield RowAside(int(row["row_number"]), str(row["reason"]), str(row["raw"]))


def _told(
    rows: Iterable[Row], columns: Mapping[str, int], delimiter: str, on: date
) -> list[tuple[int, str, Tie | str]]:  # fmt: skip
    """Row number, raw text, and what the row says or why it says nothing."""
    found = []
    for row in rows:
        number, *cells = (row["row_number"], *(str(cell or "") for name, cell in row.items() if name != "row_number"))
        said = {meaning: cells[place] for meaning, place in columns.items()}
        found.append((int(number), _raw(cells, delimiter)[:LONGEST_RAW], tie_in(said, at=on)))
    return found


def _raw(cells: Sequence[str], delimiter: str) -> str:
    """The row as it stood in the file: its cells can be told apart again."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="").writerow(cells)
    return text.getvalue()


def _why_not(
    tie: Tie, people: Mapping[str, Opened], report: TiesReport, by: Asker, at: datetime
) -> RegularsError | None:  # fmt: skip
    """Why the row cannot be kept; None where it is."""
    try:
        if tie.customer and tie.customer not in people:
            raise NotThere("customer_not_there")
        with transaction.atomic():
            done = _carried_out(tie, people.get(tie.customer), by, at, hold=not report.dry_run)
    except (BadInput, NotThere) as error:
        return error
    report.groups, report.members = report.groups + done[0], report.members + done[1]
    report.places, report.known = report.places + done[2], report.known + (not any(done))
    return None


def _carried_out(tie: Tie, who: Opened | None, by: Asker, at: datetime, *, hold: bool) -> tuple[bool, bool, bool]:
    """Whether the group is new, whether she joined it, and whether it came under the other."""
    ref = tie.group or ref_of_code(tie.country, read_company_code(tie.company_code, tie.country)) or ""
    kind = kind_of(ref) if ref else None
    new = kind is None
    if kind is None:
        kind = tie.kind
        ref = open_new_group(NewGroup(kind, tie.name, ref, tie.company_code, tie.country), by=by, at=at)
    elif tie.kind and tie.kind != kind:
        raise BadInput("group_taken", {"ref": ref})
    joined = who is not None and join_group(
        who, ref, role=tie.role or USUAL[kind], since=tie.since, until=tie.until, at=at, hold=hold
    )  # fmt: skip
    since, until = (None, None) if who else (tie.since, tie.until)  # the days of a row with a customer are hers
    placed = bool(tie.parent) and place_group(ref, tie.parent, since=since, until=until, by=by, at=at, hold=hold)
    return new, joined, placed


def _set_aside(report: TiesReport, row: RowAside, told: Told | None) -> None:
    report.set_aside_rows += 1
    if len(report.set_aside) < SHOWN:
        report.set_aside.append(row)
    if told:
        told(row)
