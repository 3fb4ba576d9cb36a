"""Tables of other databases come in: what is new in one leaves as a file and takes the way of every file.

So it is understood, cleaned, set aside and reported as files are. How far a table has been read moves only when its
file is in, together with what tells the rows that were read: killed at any point, the same rows come once more, and
what is the same stays the same. Each reading begins a span before the end of the last (rules.intake.looking_back), for
rows that are written late.
"""

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from regulars.connections.databases.addresses import address_kept, forget_address, keep_address
from regulars.connections.databases.errors import DatabaseAway
from regulars.connections.databases.tables import Drawn, Mark, draw_table
from regulars.journeys.import_file import ImportReport, import_now
from regulars.records.access_log.actions import note_denial
from regulars.records.intake import tables as kept
from regulars.records.intake.actions import KINDS, ensure_source
from regulars.records.intake.tables import RowsRead, TableFacts
from regulars.rules.intake.looking_back import BEGINNING, MOST_HOURS, USUAL_HOURS, Reached, Step, begins_at, gone_on
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

MAY_SEE: Final = ("steward", "officer")
EVERY_AT_MOST: Final = 31 * 24 * 60  # minutes
DONE: Final = ("finished", "tried")


def tables_read(*, by: Asker) -> list[TableFacts]:
    """Every table that is or was read. For steward and officer."""
    _only(by, *MAY_SEE)
    return kept.tables(by=by)


def tables_of_source(source_id: int, *, by: Asker) -> list[TableFacts]:
    """The tables that are read for that source. For steward and officer."""
    return [one for one in tables_read(by=by) if one.source_id == source_id and one.ended_at is None]


def add_table(
    name: str, *, url: str, source_ref: str, table: str, by_column: str, kind: str, columns: Mapping[str, str],
    answers: Mapping[str, Any], every_minutes: int, look_back_hours: int = USUAL_HOURS, by: Asker, at: datetime,
) -> int:  # fmt: skip
    """The number of a table that is read from now on; its address is in the home. For a steward at the terminal.

    BadInput for orders without a column that numbers their lines: rows of one order may come at different times.
    """
    _only(by, "steward")
    if kind not in KINDS:
        raise BadInput("no_such_kind", {"kind": kind, "known": ", ".join(KINDS)})
    if kind == "orders" and not columns.get("line_ref"):
        raise BadInput("table_needs_lines")
    if not 1 <= every_minutes <= EVERY_AT_MOST:
        raise BadInput("minutes_unfit", {"most": EVERY_AT_MOST})
    _demand_hours(look_back_hours)
    _ours(url)
    try:
        keep_address(settings.HOME, name, url)
    except DatabaseAway as error:
        raise BadInput(error.code, error.values) from None
    source = ensure_source(source_ref, by=by, at=at)
    said = {"table_name": table, "by_column": by_column, "kind": kind, "columns": dict(columns),
            "answers": dict(answers), "every_minutes": every_minutes, "look_back_hours": look_back_hours}  # fmt: skip
    return kept.keep_table(source.id, name, said, by=by, at=at)


def look_back(name: str, hours: int, *, by: Asker) -> None:
    """From now on rows that are written that late are read too. For a steward."""
    _only(by, "steward")
    _demand_hours(hours)
    kept.say_look_back(name, hours, by=by)


def try_table(name: str, *, by: Asker, at: datetime) -> tuple[Drawn, ImportReport | None]:
    """What would become of what is new in the table; None where nothing is. Nothing of it is kept."""
    _only(by, "steward")
    one = kept.table_of(name, by=by)
    with tempfile.TemporaryDirectory(dir=settings.HOME.folder(settings.HOME.files.name)) as folder:
        drawn, file = _drawn(one, Path(folder), at)
        return drawn, _imported(one, file, by, at, dry_run=True) if drawn.rows else None


def fetch_table(name: str, *, by: Asker, at: datetime) -> tuple[Drawn, ImportReport | None]:
    """What is new in the table is in the house; None where nothing is. What was in the way is kept beside the table,
    and raised as BadInput."""
    _only(by, "steward")
    one = kept.table_of(name, by=by)
    try:
        with tempfile.TemporaryDirectory(dir=settings.HOME.folder(settings.HOME.files.name)) as folder:
            drawn, file = _drawn(one, Path(folder), at)
            if not drawn.rows:
                kept.note_drawn(one.id, read=_read(one, drawn, at), problem={}, run=None, at=at)
                return drawn, None
            report = _imported(one, file, by, at)
    except BadInput as error:
        kept.note_drawn(one.id, read=None, problem={"code": error.code, "values": error.values}, run=None, at=at)
        raise
    if report.state not in DONE:
        problem = {"code": report.code, "values": dict(report.values)}
        kept.note_drawn(one.id, read=None, problem=problem, run=report.run_id, at=at)
        return drawn, report
    kept.note_drawn(one.id, read=_read(one, drawn, at), problem={}, run=report.run_id, at=at)
    return drawn, report


def fetch_due(*, by: Asker, at: datetime) -> int:
    """How many tables whose time had come were read; what was in the way of one is kept beside it."""
    done = 0
    for name in kept.tables_due(at=at):
        try:
            fetch_table(name, by=by, at=at)
            done += 1
        except BadInput:
            continue
    return done


def end_table(name: str, *, by: Asker, at: datetime) -> None:
    """The table is read no more, and its address is forgotten."""
    _only(by, "steward")
    kept.end_table(name, by=by, at=at)
    forget_address(settings.HOME, name)


def _drawn(one: TableFacts, folder: Path, at: datetime) -> tuple[Drawn, Path]:
    file = folder / f"{one.name} {at:%Y-%m-%d %H.%M.%S}.parquet"
    begin = begins_at(Reached.of(one.mark), _span(one)) if one.mark else BEGINNING
    try:
        drawn = draw_table(
            address_kept(settings.HOME, one.name), one.table, one.by_column, file,
            since=_as_mark(begin), known=kept.rows_known(one.id),
            key=settings.KEYS.read("search"),
        )  # fmt: skip
    except DatabaseAway as error:
        raise BadInput(error.code, error.values) from None
    return drawn, file


def _read(one: TableFacts, drawn: Drawn, at: datetime) -> RowsRead | None:
    """How far the table has been read now, and what tells the rows from which the next reading begins."""
    if drawn.mark is None:
        return None
    last, some = Step(drawn.mark.kind, drawn.mark.text), drawn.some_rows_before()
    first = Step(some.kind, some.text) if some else None
    before = Reached.of(one.mark) if one.mark else None
    reached = gone_on(before, last, first, at=at, more=drawn.more, span=_span(one))
    begin = begins_at(reached, _span(one))
    return RowsRead(reached.kept(), drawn.digests_since(_as_mark(begin)))


def _as_mark(begin: Step) -> Mark | None:
    return None if begin == BEGINNING else Mark(begin.kind, begin.text)


def _span(one: TableFacts) -> timedelta:
    return timedelta(hours=one.look_back_hours)


def _demand_hours(hours: int) -> None:
    if not 0 <= hours <= MOST_HOURS:
        raise BadInput("look_back_unfit", {"most": MOST_HOURS})


def _imported(one: TableFacts, file: Path, by: Asker, at: datetime, *, dry_run: bool = False) -> ImportReport:
    return import_now(
        file, source_ref=one.source_ref, kind=one.kind, mapping=one.columns, answers=one.answers, dry_run=dry_run,
        by=by, at=at,
    )  # fmt: skip


def _ours(url: str) -> None:
    """BadInput for a file of this house: who reads its own tables goes through its doors."""
    if str(settings.HOME.path) in url:
        raise BadInput("database_is_ours")


def _only(by: Asker, *roles: str) -> None:
    if by.role not in roles:
        note_denial(by, door="table_source", because="tables of other databases")
        raise Denied("tables_are_the_stewards")
