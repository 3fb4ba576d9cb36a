"""A file of ties is taken in: who lives together, who is whose contact, which branch stands under which company.

Each row is a transaction of its own, and what is known already changes nothing: a file that was broken off, or is
brought again, only adds what is missing. Rows that cannot be kept are set aside with a reason and handed back.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from regulars.connections.files import LONGEST_RAW, CannotRead, Chunk, chunks, look
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
AT_ONCE: Final = 5_000
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


class _OnlyTried(Exception):
    """Rolls a dry run back."""


def import_ties(
    path: str | Path, *, name: str = "", dry_run: bool = False, aside: Told | None = None, by: Asker, at: datetime
) -> TiesReport:
    """What the file says is kept when this returns; `aside` is told every row set aside, the report has the first ones.

    Denied for who is not the steward; BadInput for what is no table, or has no column that names a group.
    """
    if by.role not in MAY_IMPORT:
        note_denial(by, door="import_ties", because=BECAUSE)
        raise Denied("groups_not_for_this_role")
    report = TiesReport(dry_run)
    try:
        seen = look(path)
        columns = columns_of_ties(seen.headers)
        if not {"group", "company_code"} & columns.keys():
            raise BadInput("ties_without_groups", {"headers": ", ".join(seen.headers)[:400]})
        with transaction.atomic() if dry_run else nullcontext():
            for chunk in chunks(path, seen, size=AT_ONCE):
                for row in _rows_aside(chunk, columns, seen.delimiter or ",", report, by, at):
                    _set_aside(report, row, aside)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    except CannotRead as error:
        raise BadInput("file_unreadable", {"name": name or Path(path).name, "why": error.code}) from error
    return report


def _rows_aside(
    chunk: Chunk, columns: Mapping[str, int], delimiter: str, report: TiesReport, by: Asker, at: datetime
) -> Iterator[RowAside]:
    """The rows are taken, and those that cannot be are handed on."""
    rows = list(_rows(chunk, columns, delimiter, at.date()))
    named = {tie.customer for _, _, tie in rows if isinstance(tie, Tie) and tie.customer}
    people = opened_by_number(named, by=by, because=BECAUSE, door="import_ties")
    for number, raw, tie in rows:
        report.rows += 1
        if isinstance(tie, str):
            yield RowAside(number, tie, raw)
        elif why := _why_not(tie, people, report, by, at):
            yield RowAside(number, why.code, raw, why.values)
    for row in chunk.broken.to_pylist():
        report.rows += 1
        yield RowAside(int(row["row_number"]), str(row["reason"]), str(row["raw"]))


def _rows(
    chunk: Chunk, columns: Mapping[str, int], delimiter: str, on: date
) -> Iterator[tuple[int, str, Tie | str]]:  # fmt: skip
    """Row number, raw text, and what the row says or why it says nothing."""
    for row in chunk.rows.to_pylist():
        number, cells = int(row.pop("row_number")), [str(cell or "") for cell in row.values()]
        said = {meaning: cells[place] for meaning, place in columns.items()}
        yield number, _raw(cells, delimiter)[:LONGEST_RAW], tie_in(said, at=on)


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
            done = _carried_out(tie, people.get(tie.customer), by, at)
    except (BadInput, NotThere) as error:
        return error
    report.groups, report.members = report.groups + done[0], report.members + done[1]
    report.places, report.known = report.places + done[2], report.known + (not any(done))
    return None


def _carried_out(tie: Tie, who: Opened | None, by: Asker, at: datetime) -> tuple[bool, bool, bool]:
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
        who, ref, role=tie.role or USUAL[kind], since=tie.since, until=tie.until, at=at
    )  # fmt: skip
    since, until = (None, None) if who else (tie.since, tie.until)  # the days of a row with a customer are hers
    placed = bool(tie.parent) and place_group(ref, tie.parent, since=since, until=until, by=by, at=at)
    return new, joined, placed


def _set_aside(report: TiesReport, row: RowAside, told: Told | None) -> None:
    report.set_aside_rows += 1
    if len(report.set_aside) < SHOWN:
        report.set_aside.append(row)
    if told:
        told(row)
