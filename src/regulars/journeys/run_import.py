"""A confirmed file is brought in, chunk by chunk. Each chunk is one transaction: its lines, its refused rows, and how
far the run has come are there together or not at all. So a run that was killed, stopped or cut off goes on after its
last confirmed row, and nothing is lost or doubled.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import DatabaseError, transaction
from psycopg import errors as postgres

from regulars.connections.files import CannotRead, Chunk, FileLook, chunks
from regulars.connections.memory import give_back_freed_memory
from regulars.journeys.ahead import Ahead
from regulars.journeys.import_customers import CheckCustomers, WriteCustomers
from regulars.journeys.import_orders import CheckOrders, WriteOrders
from regulars.journeys.look_at_file import drop_file, look_again, place_of
from regulars.journeys.pace import Pace
from regulars.records.customers.erased_refs import forget_refs
from regulars.records.intake import actions as intake
from regulars.records.intake.access import RunFacts, lines_brought, run_of
from regulars.records.intake.actions import Counts, KeptFile, StoppedByHand
from regulars.records.own_attributes.actions import sealed_now
from regulars.records.set_aside.actions import set_aside
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.meanings import PERSONAL, own_attribute_of
from regulars.rules.permission.asking import Asker

NIGHT_SHIFT: Final = Asker("night shift", "steward", "standard", "data_care")
ROWS_PER_CHUNK: Final = 100_000
TOTALS_SHARE: Final = 0.12  # of the time that writing takes, as measured with 1 M and 10 M lines
#: One thread: with two, checking took half as much processor time again and was no sooner done (2 cores, 100,000 rows).
ENGINE: Final[dict[str, str | bool | int | float | list[str]]] = {
    "memory_limit": "400MB",
    "threads": 1,
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": str(settings.HOME.files / ".spill"),  # what does not fit into memory names people
}
SET_ASIDE: Final = ("row_number", "reason", "column", "value", "example", "raw", "ordinal", "row_taken")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. `step` is reading, writing, totals or report; seconds are estimates, None if unknown."""

    step: str = "reading"
    share: float = 0.0
    rows_read: int = 0
    rows_expected: int = 0
    rows_per_second: float | None = None
    seconds_left: float | None = None
    give_or_take: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    trial: dict[str, int] = field(default_factory=dict)
    as_before: bool = False


Say = Callable[[Progress], None]


def quiet(progress: Progress) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class CheckedChunk:
    """A chunk with its rows sorted into what can be taken and what is set aside; in `set_aside` are also single cells
    that were left out of rows that were taken (`row_taken`)."""

    checked: Any
    set_aside: pa.Table
    rows: int
    refused: int
    last_row: int
    bytes_done: int


class Writing(Protocol):
    """What writing orders and writing customers have in common."""

    def resume(self) -> None: ...
    def make_room(self, checked: Any) -> None: ...
    def sift(self, checked: Any) -> tuple[Any, pa.Table]: ...
    def write(self, checked: Any) -> Counts: ...
    def weigh(self, checked: Any) -> Counts: ...
    def settle_totals(self) -> int: ...
    def close(self) -> None: ...


def run_import(run_id: int, *, at: datetime, say: Say = quiet, wait: bool = True) -> RunFacts:
    """The run is finished, stopped or failed when this returns, and its facts say which.

    While the source is busy with another file, waits, or with `wait=False` raises BadInput `import_under_way`. A
    database that goes away raises OperationalError: run again, it goes on. May be called again at any time.
    """
    source_id = run_of(run_id, by=NIGHT_SHIFT).source_id
    with intake.alone_with(source_id, wait=wait):
        if intake.begin(run_id, at=at):
            _carried_out(run_of(run_id, by=NIGHT_SHIFT), at, say)
    return run_of(run_id, by=NIGHT_SHIFT)


def _carried_out(run: RunFacts, at: datetime, say: Say) -> None:
    try:
        _Run(run, at, say).carry_out()
    except StoppedByHand:
        return
    except CannotRead as error:
        intake.fail(run.id, error.code, error.values)
    except (DatabaseError, postgres.Error) as error:
        if not _is_full(error):
            raise
        intake.fail(run.id, "disk_full", {})


def _is_full(error: BaseException | None) -> bool:
    """Whether PostgreSQL had no more room (53100), however deep the error is wrapped."""
    while error is not None and not isinstance(error, postgres.DiskFull):
        error = error.__cause__
    return error is not None


class _Run:
    """One attempt at one file."""

    def __init__(self, run: RunFacts, at: datetime, say: Say) -> None:
        self.run = run
        self.at = at
        self.say = say
        self.begun = time.monotonic()
        self.by = replace(NIGHT_SHIFT, name=run.asked_by)
        self.settings = ImportSettings.from_json(run.settings["understanding"])
        self.own = [key for one in self.settings.columns if (key := own_attribute_of(one))]
        self.sealed = sealed_now(self.own)
        self.look = look_again(KeptFile(run.file_name, run.file_path, run.file_digest), run.settings["look"])
        self.pace = Pace()
        self.progress = replace(Progress(), rows_expected=run.rows_expected, **_remembered(run.progress))
        self.rows_read = run.rows_read

    def carry_out(self) -> None:
        """Everything that is still to do."""
        run = self.run
        writing = writing_to(run.source_id, run.id, self.settings, by=self.by, at=self.at, expected=run.rows_expected)
        try:
            if self.run.done_through:
                writing.resume()
            self._write_all(writing)
            counted = self._settle_totals(writing)
        finally:
            writing.close()
        self._finish(counted)

    def _write_all(self, writing: Writing) -> None:
        self._tell("writing")
        with duckdb.connect(config=ENGINE) as engine:
            checked = checked_chunks(
                self.run.file_path, self.look, self.settings, engine, at=self.at, done_through=self.run.done_through
            )
            done = self._bytes_done_before()
            with Ahead(checked) as ready:
                last = time.monotonic()
                for chunk in ready:
                    writing.make_room(chunk.checked)
                    self._write(writing, chunk)
                    now = time.monotonic()
                    self.pace.note(chunk.bytes_done - done, now - last)
                    self._note_pace(chunk, now - last)
                    last, done = now, chunk.bytes_done

    def _write(self, writing: Writing, chunk: CheckedChunk) -> None:
        """The transaction."""
        with transaction.atomic():
            chunk = sifted(writing, chunk, self.settings)
            classed_since = sealed_now(self.own) != self.sealed
            counts = writing.write(chunk.checked)
            set_aside(self.run.id, _without_text(chunk.set_aside) if classed_since else chunk.set_aside)
            counts += Counts(read=chunk.rows, refused=chunk.refused)
            intake.advance(
                self.run.id, counts, done_through=chunk.last_row, progress=asdict(self.progress),
                cleaned=chunk.checked.cleaned,
            )  # fmt: skip
        self.rows_read += chunk.rows

    def _settle_totals(self, writing: Writing) -> int:
        self._keep_seconds("writing")
        self._tell("totals", share=1.0)
        with transaction.atomic():
            counted = writing.settle_totals()
        self._keep_seconds("totals")
        return counted

    def _finish(self, counted: int) -> None:
        self._tell("report", share=1.0)
        finished_at = self.at + timedelta(seconds=time.monotonic() - self.begun)
        intake.finish(self.run.id, at=finished_at, message={"customers_counted": counted})
        forget_refs()
        if not intake.file_is_needed(self.run.file_path):
            drop_file(self.run.file_path)

    def _bytes_done_before(self) -> int:
        share = float(self.run.progress.get("share", 0.0)) if self.run.done_through else 0.0
        return int(share * self.look.size)

    def _note_pace(self, chunk: CheckedChunk, seconds: float) -> None:
        share = chunk.bytes_done / max(self.look.size, 1)
        left = self.pace.left(self.look.size - chunk.bytes_done, afterwards=TOTALS_SHARE)
        expected = self.run.rows_expected if self.look.rows_exact else round(self.rows_read / max(share, 1e-9))
        self.progress = replace(
            self.progress, share=share, rows_read=self.rows_read, rows_expected=max(expected, self.rows_read),
            rows_per_second=chunk.rows / max(seconds, 1e-9),
            seconds_left=left.seconds if left else None, give_or_take=left.give_or_take if left else None,
        )  # fmt: skip
        self.say(self.progress)

    def _tell(self, step: str, **more: Any) -> None:
        self.progress = replace(self.progress, step=step, **more)
        intake.show_progress(self.run.id, asdict(self.progress))
        self.say(self.progress)
        self.since = time.monotonic()

    def _keep_seconds(self, step: str) -> None:
        spent = self.progress.seconds.get(step, 0.0) + time.monotonic() - self.since
        self.progress = replace(self.progress, seconds={**self.progress.seconds, step: round(spent, 1)})


def _remembered(progress: Mapping[str, Any]) -> dict[str, Any]:
    """What an attempt takes over from what was noted before it."""
    return {name: progress[name] for name in ("seconds", "trial", "as_before") if name in progress}


def writing_to(
    source_id: int, run_id: int, settings: ImportSettings, *, by: Asker, at: datetime, expected: int
) -> Writing:
    """What writes rows of this kind."""
    if settings.kind == "customers":
        return WriteCustomers(source_id, run_id, settings, by=by, at=at)
    before = lines_brought(source_id, by=NIGHT_SHIFT)
    return WriteOrders(source_id, run_id, settings, by, at, written_before=before, expected=expected)


def checked_chunks(
    file_path: str, look: FileLook, settings: ImportSettings, engine: duckdb.DuckDBPyConnection, *, at: datetime,
    done_through: int = 0,
) -> Iterator[CheckedChunk]:  # fmt: skip
    """The file's rows after `done_through`, checked. Rows before it are gone through again, for what they tell about
    the later ones: which line is the second of its kind, and which comes twice.

    What the database has to say is asked here and now: the rows themselves are checked in a thread that asks nothing.
    """
    give_back_freed_memory()
    return _checked_by(_check_for(settings, engine, look.delimiter, at), file_path, look, settings, done_through)


def _checked_by(
    check: CheckCustomers | CheckOrders, file_path: str, look: FileLook, settings: ImportSettings, done_through: int
) -> Iterator[CheckedChunk]:
    place = place_of(file_path)
    if done_through:
        for chunk in chunks(place, look, size=ROWS_PER_CHUNK):
            check(replace(chunk, rows=_until(chunk.rows, done_through)))
            if chunk.last_row >= done_through:
                break
    for chunk in chunks(place, look, size=ROWS_PER_CHUNK, start=done_through + 1):
        yield _sorted(chunk, check(chunk), settings, veiled=bool(check.sealed))


def _check_for(
    settings: ImportSettings, engine: duckdb.DuckDBPyConnection, delimiter: str, at: datetime
) -> CheckCustomers | CheckOrders:
    kind = CheckCustomers if settings.kind == "customers" else CheckOrders
    return kind(settings, engine, delimiter=delimiter, at=at)


def sifted(writing: Writing, chunk: CheckedChunk, settings: ImportSettings) -> CheckedChunk:
    """The chunk without what may not come in; of that only number and reason are set aside, and no cell of it."""
    checked, out = writing.sift(chunk.checked)
    if not out.num_rows:
        return chunk
    cells = _but_for(chunk.set_aside, out["row_number"])
    aside = pa.concat_tables([cells, _kept(out, settings)])
    return replace(chunk, checked=checked, set_aside=aside, refused=chunk.refused + out.num_rows)


def _but_for(rows: pa.Table, numbers: pa.ChunkedArray) -> pa.Table:
    """The rows without those of these numbers."""
    return rows.filter(pc.invert(pc.is_in(rows["row_number"], value_set=numbers.combine_chunks())))


def _until(rows: pa.Table, last: int) -> pa.Table:
    return rows.filter(pc.less_equal(rows["row_number"], last))


def _sorted(chunk: Chunk, checked: Any, settings: ImportSettings, *, veiled: bool) -> CheckedChunk:
    """Every row of the chunk is in `checked.accepted` or in `set_aside`.

    Where a row breaks, nobody knows which cell is which: `veiled`, when some column is one the house only keeps sealed,
    such a row is set aside without its text.
    """
    kept = rows_set_aside_of(chunk, checked, settings, veiled=veiled)
    refused = checked.refused.num_rows + chunk.broken.num_rows
    rows = chunk.rows.num_rows + chunk.broken.num_rows
    return CheckedChunk(checked, kept, rows, refused, chunk.last_row, chunk.bytes_done)


def rows_set_aside_of(chunk: Chunk, checked: Any, settings: ImportSettings, *, veiled: bool) -> pa.Table:
    """Every row and cell of a checked chunk that was not taken, in the shape of what is set aside."""
    broken = chunk.broken.drop_columns("raw") if veiled else chunk.broken
    left_out = _left_out(checked.notices, checked.refused["row_number"])
    return pa.concat_tables([_kept(table, settings) for table in (checked.refused, broken, left_out)])


def _left_out(notices: pa.Table, refused: pa.ChunkedArray) -> pa.Table:
    """Cells left out of rows that were taken; a row that is set aside whole has them in itself."""
    notices = _but_for(notices, refused)
    taken = pa.repeat(pa.scalar(True), notices.num_rows)
    return notices.rename_columns(["row_number", "reason", "column", "value"]).append_column("row_taken", taken)


def _kept(rows: pa.Table, settings: ImportSettings) -> pa.Table:
    """Rows in the shape of what is set aside; what a table does not have is empty."""
    usual = {"column": "", "value": "", "raw": "", "ordinal": None, "row_taken": False}
    kinds = {"ordinal": pa.int32(), "row_taken": pa.bool_()}
    columns = {name: rows[name] for name in rows.column_names}
    for name, value in usual.items():
        columns.setdefault(name, pa.repeat(pa.scalar(value, kinds.get(name, pa.string())), rows.num_rows))
    columns |= {name: _storable(columns[name]) for name in ("reason", "column", "value", "raw")}
    columns |= {"example": _example(columns, settings), "ordinal": pc.cast(columns["ordinal"], pa.int32())}
    return pa.table({name: columns[name] for name in SET_ASIDE})


def _example(columns: dict[str, Any], settings: ImportSettings) -> Any:
    """The value once more where its column says nothing about who somebody is."""
    veiled = pa.array(
        [header for meaning, header in settings.columns.items() if meaning in PERSONAL or own_attribute_of(meaning)],
        pa.string(),
    )
    shown = pc.and_(pc.not_equal(columns["column"], ""), pc.invert(pc.is_in(columns["column"], value_set=veiled)))
    return pc.if_else(shown, pc.utf8_slice_codeunits(columns["value"], 0, 80), "")


def _without_text(rows: pa.Table) -> pa.Table:
    """The rows with their number and reason only: the file was checked before the officer called a column sealed."""
    for name in ("value", "raw"):
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.repeat("", rows.num_rows))
    return rows


def _storable(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """PostgreSQL keeps no zero byte in a text; its picture stands for it."""
    return pc.replace_substring(texts, "\x00", "\u2400")
