"""An existing do-not-contact list is taken in: those on it are never contacted again, known to us or not.

Each chunk is a transaction of its own; a run that was broken off goes on after its last chunk, and a file brought again
changes nothing. Rows that name nobody are set aside with a reason and handed back to whoever brought the file; the list
itself is kept nowhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from regulars.connections.files import ROW_NUMBER, CannotRead, Chunk, chunks, look
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.choices.do_not_contact import Wanted, close_ways, done_through, note_progress
from regulars.records.company.access import statement_version
from regulars.records.contacts.actions import cancel_waiting, with_planned
from regulars.rules.identity.finding import contact_token
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.do_not_contact import CLOSES, Named, columns_with_contacts, named_in, why_set_aside
from regulars.rules.permission.errors import BadInput, Denied

MAY_IMPORT: Final = frozenset({"officer", "steward"})
AT_ONCE: Final = 5_000
SHOWN: Final = 1_000
Say = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """A row that names nobody, as it stood in the file, and why: `row_empty`, `nobody_named`, `number_unknown`, or what
    was wrong with its shape."""

    row_number: int
    reason: str
    raw: str


@dataclass
class DoNotContactReport:
    """What became of the list. In a dry run nothing was kept, and the figures say what would have been.

    `rows` read, `named` contacts and numbers in them, `suppressed` new on the list, `customers` of ours among them,
    `denials` written to the ledger, `called_off` planned contacts. `went_on_after`: the row an earlier run had come to.
    Of the rows set aside the first thousand are in `set_aside`; `set_aside_rows` counts them all.
    """

    dry_run: bool
    rows: int = 0
    named: int = 0
    suppressed: int = 0
    customers: int = 0
    denials: int = 0
    called_off: int = 0
    went_on_after: int = 0
    set_aside_rows: int = 0
    set_aside: list[SetAsideRow] = field(default_factory=list)


class _OnlyTried(Exception):
    """Rolls a chunk of a dry run back."""


def import_do_not_contact(
    path: str | Path, *, name: str = "", country: str = "", whole: bool = False, dry_run: bool = False, by: Asker,
    at: datetime, say: Say = lambda rows: None,
) -> DoNotContactReport:  # fmt: skip
    """Everybody on the list is closed to marketing when this returns: by the way the row names, or with `whole` by any.

    `country` says how numbers without a country code are meant. Only the officer and the steward; BadInput
    `file_unreadable` for what is no table.
    """
    if by.role not in MAY_IMPORT:
        note_denial(by, door="import_do_not_contact", because="do-not-contact list")
        raise Denied("do_not_contact_not_for_this_role")
    try:
        seen = look(path)
        began = 0 if dry_run else done_through(seen.digest)
        run = _Run(name or seen.name, seen.digest, country, whole, dry_run, by, at, columns_with_contacts(seen.headers))
        report = DoNotContactReport(dry_run, went_on_after=began)
        for chunk in chunks(path, seen, size=AT_ONCE, start=began + 1):
            for rows, through in _slices(chunk):
                run.take(rows, through, report)
                say(report.rows)
            run.put_broken_aside(chunk, report)
    except CannotRead as error:
        raise BadInput("file_unreadable", {"name": name or Path(path).name, "why": error.code}) from error
    if not dry_run:
        run.finish(report)
    return report


@dataclass(frozen=True, slots=True)
class _Run:
    name: str
    digest: str
    country: str
    whole: bool
    dry_run: bool
    by: Asker
    at: datetime
    columns: tuple[int, ...]

    def take(self, table: pa.Table, through: int, report: DoNotContactReport) -> None:
        """Some rows, all of them or none."""
        rows = list(self._named(table, report))
        wanted = [one for _, _, named in rows for who in named for one in self._wanted(who)]
        try:
            with transaction.atomic():
                done = close_ways(
                    wanted, by=self.by, at=self.at, wording=f"do-not-contact list: {self.name}",
                    statement=statement_version(),
                )  # fmt: skip
                report.called_off += sum(
                    cancel_waiting(who, at=self.at, by=self.by) for who in with_planned(done.customers)
                )
                note_progress(self.digest, self.name, through=through, by=self.by, at=self.at, finished=False)
                if self.dry_run:
                    raise _OnlyTried
        except _OnlyTried:
            pass
        report.named += sum(len(named) for _, _, named in rows)
        report.suppressed, report.denials = report.suppressed + done.suppressed, report.denials + done.denials
        report.customers += len(done.customers)
        for number, raw, named in rows:
            if named and all(who.kind == "number" and who.value in done.unknown for who in named):
                _aside(report, SetAsideRow(number, "number_unknown", raw))

    def finish(self, report: DoNotContactReport) -> None:
        """The file is taken in; the change book has a line, with figures and nobody's name."""
        note_progress(self.digest, self.name, through=0, by=self.by, at=self.at, finished=True)
        new = (
            f"{report.rows} rows, {report.suppressed} new, {report.denials} denials, {report.set_aside_rows} set aside"
        )
        note_change(
            self.by, door="import_do_not_contact", subject="suppression", field=self.name, old=None, new=new,
            customer_id=None,
        )  # fmt: skip

    def put_broken_aside(self, chunk: Chunk, report: DoNotContactReport) -> None:
        """Rows that are no rows of this table."""
        report.rows += chunk.broken.num_rows
        for row in chunk.broken.to_pylist():
            _aside(report, SetAsideRow(int(row["row_number"]), str(row["reason"]), str(row["raw"])))

    def _named(self, table: pa.Table, report: DoNotContactReport) -> Iterator[tuple[int, str, tuple[Named, ...]]]:
        """Row number, raw text and who is named; rows that name nobody go aside here."""
        for row in table.to_pylist():
            number, cells = int(row.pop("row_number")), list(row.values())
            report.rows += 1
            read = [cells[place] for place in self.columns]
            named, raw = named_in(read, self.country), ",".join(cell or "" for cell in cells)
            if not named:
                _aside(report, SetAsideRow(number, why_set_aside(cells), raw))
            yield number, raw, named

    def _wanted(self, who: Named) -> Iterator[Wanted]:
        channels = ("",) if self.whole else CLOSES[who.kind]
        key = settings.KEYS.read("search")
        token = None if who.kind == "number" else contact_token(who.kind, who.value, key)
        number = who.value if who.kind == "number" else None
        return (Wanted(channel, token, number) for channel in channels)


def _slices(chunk: Chunk) -> Iterator[tuple[pa.Table, int]]:
    """The chunk's rows a few thousand at a time, each with the row number it reaches."""
    for begin in range(0, chunk.rows.num_rows, AT_ONCE):
        rows = chunk.rows.slice(begin, AT_ONCE)
        is_last = begin + AT_ONCE >= chunk.rows.num_rows
        yield rows, chunk.last_row if is_last else int(rows[ROW_NUMBER][-1].as_py())


def _aside(report: DoNotContactReport, row: SetAsideRow) -> None:
    report.set_aside_rows += 1
    if len(report.set_aside) < SHOWN:
        report.set_aside.append(row)
