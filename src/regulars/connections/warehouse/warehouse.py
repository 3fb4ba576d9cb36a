"""The warehouse: order lines by month and three small tables, in Parquet, pseudonymous, derived.

Everything here can be thrown away and written again from PostgreSQL. Nothing here holds a name or a contact.
"""

import re
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from regulars.connections.warehouse.folder import (
    MARK,
    Batches,
    WarehouseError,
    closed_folder,
    fitted,
    mark_of,
    private_folder,
    schema,
    sweep,
    sync_folder,
    whole,
    write_whole,
)
from regulars.connections.warehouse.room import Readers, drop, make_room

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
NAME = re.compile(r"[a-z][a-z0-9_]*")
LINES = "order_lines"
PACKED = "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false"  # the file it gets is a temporary one already


class Warehouse:
    """One open warehouse folder and one DuckDB connection that can reach this folder and nothing else.

    `tables` says which tables exist and which columns they have (table → column → type word), as
    `regulars.rules.tables.layout()` declares them; one of them is `order_lines`, kept by month of `ordered_on`.
    Use it in one thread and close it soon: `with Warehouse(folder, layout()) as warehouse: …`.
    """

    def __init__(
        self, folder: Path, tables: Mapping[str, Mapping[str, str]], *, memory: str = "2GB", threads: int = 2
    ) -> None:
        self.folder = closed_folder(Path(folder).resolve())
        self.shapes = {name: schema(dict(types)) for name, types in tables.items()}
        self._numbers = count()
        self._readers = Readers()
        sweep(self.folder)
        self.connection = _connect(self.folder, memory, threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of memory and files; relations handed out can no longer be read."""
        self.connection.close()
        self._readers.let_go()

    # Reading

    def order_lines(self, since: date | None = None, until: date | None = None) -> duckdb.DuckDBPyRelation:
        """Order lines from `since` to `until`, both included; only the files of those months are opened."""
        months = [month for month in self.months() if _within(month, since, until)]
        lines = self._read(LINES, [self._month_file(month) for month in months])
        if since:
            lines = lines.filter(f"ordered_on >= DATE '{since.isoformat()}'")
        if until:
            lines = lines.filter(f"ordered_on <= DATE '{until.isoformat()}'")
        return lines

    def customers(self) -> duckdb.DuckDBPyRelation:
        """All customers and prospects, coarsened."""
        return self.table("customers")

    def products(self) -> duckdb.DuckDBPyRelation:
        """All products with department and category."""
        return self.table("products")

    def branches(self) -> duckdb.DuckDBPyRelation:
        """All branches."""
        return self.table("branches")

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """A declared table other than the order lines; typed and empty before it is first written."""
        place = self._table_file(name)
        return self._read(name, [place] if place.exists() else [])

    # Writing

    def write_month(self, month: str, batches: Batches, mark: str = "") -> int:
        """Replace the order lines of `month` ('YYYY-MM', by `ordered_on`) with these rows; how many they were.

        `mark` is what the truth calls this state of the month; `stale_months` compares it. The change is whole or
        did not happen. Raises `WrongColumns`, or `WarehouseError` if a line was ordered in another month.
        """
        shape = self.shapes[LINES]
        pieces = (_in_month(piece, month) for piece in fitted(batches, shape))
        return write_whole(self._month_file(month), (b for p in pieces for b in p.to_batches()), shape, mark)

    def write_table(self, name: str, batches: Batches, mark: str = "") -> int:
        """Replace a declared table other than the order lines with these rows; how many they were."""
        return write_whole(self._table_file(name), batches, self.shapes[name], mark)

    def drop_month(self, month: str) -> None:
        """Forget the order lines of a month the truth no longer has."""
        self._month_file(month).unlink(missing_ok=True)
        sync_folder(self._month_file(month).parent)

    # What is up to date

    def months(self) -> list[str]:
        """The months there are order lines of, oldest first."""
        return sorted(
            place.parent.name.removeprefix("month=") for place in self.folder.glob(f"{LINES}/month=*/*.parquet")
        )

    def manifest(self) -> dict[str, str]:
        """Each month and the mark it was written with. Kept inside the files, so it cannot disagree with them."""
        return {month: mark_of(self._month_file(month)) or "" for month in self.months()}

    def stale_months(self, truth: Mapping[str, str]) -> list[str]:
        """Months whose mark differs from the truth's, among them those only one side has; oldest first."""
        here = self.manifest()
        return sorted(month for month in here.keys() | truth.keys() if here.get(month) != truth.get(month))

    def mark(self, name: str) -> str | None:
        """The mark a table was written with; None before it was first written."""
        return mark_of(self._table_file(name))

    # Answers worth keeping

    def keep(self, name: str, answer: duckdb.DuckDBPyRelation, mark: str = "") -> duckdb.DuckDBPyRelation:
        """Calculate the answer once and keep it as a file under `name`; a relation that reads it back."""
        with whole(self._kept_file(name)) as part:
            # DuckDB writes it itself, on all threads: five times as fast as handing rows over to Arrow.
            view = f"keeping_{next(self._numbers)}"
            answer.query(view, f"COPY {view} TO {_quoted(part)} ({PACKED}, KV_METADATA {{'{MARK}': {_quoted(mark)}}})")
        return self.kept(name)

    def asked_before(
        self, family: str, asked: str, work_out: Callable[[], duckdb.DuckDBPyRelation], *, mark: str
    ) -> duckdb.DuckDBPyRelation:
        """The answer kept under `mark` when the same was asked before, else worked out and kept now.

        Of one family only so many stay (`room.py`), the least lately read go; this one stays until we are closed.
        """
        place = self._kept_file(f"{family}_{asked}")
        if not self._readers.take(place) or mark_of(place) != mark:
            self.keep(place.stem, work_out(), mark)
            self._readers.take(place)
            make_room(place.parent.glob(f"{family}_*.parquet"))
        return self.kept(place.stem)

    def hold(self, answer: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Calculate the answer once and hold it until this warehouse is closed; a relation that reads it."""
        name = f"held_{next(self._numbers)}"
        answer.query(f"answer_to_{name}", f"CREATE TEMP TABLE {name} AS FROM answer_to_{name}")
        return self.connection.table(name)

    def kept(self, name: str) -> duckdb.DuckDBPyRelation:
        """An answer kept earlier. Raises `WarehouseError` if there is none."""
        if not self._kept_file(name).exists():
            raise WarehouseError(f"nothing kept as {name}")
        return self.connection.read_parquet([str(self._kept_file(name))])

    def kept_mark(self, name: str) -> str | None:
        """The mark of a kept answer; None if there is none."""
        return mark_of(self._kept_file(name))

    def forget_kept(self, older_than: timedelta) -> int:
        """Answers neither kept nor read for so long are removed, if nobody reads them now; how many. Whoever asks
        again has them worked out again."""
        oldest = time.time() - older_than.total_seconds()
        stale = [place for place in (self.folder / "kept").glob("*.parquet") if place.stat().st_mtime < oldest]
        return sum(drop(place) for place in stale)

    def throw_away(self) -> None:
        """Remove every table and answer; the folder stays, and reads as a warehouse nobody has filled yet."""
        for place in (self.folder / LINES, self.folder / "kept"):
            shutil.rmtree(place, ignore_errors=True)
        for name in self.shapes:
            (self.folder / f"{name}.parquet").unlink(missing_ok=True)

    # Where things are

    def _read(self, name: str, places: list[Path]) -> duckdb.DuckDBPyRelation:
        if not places:
            return self.connection.from_arrow(self.shapes[name].empty_table())
        return self.connection.read_parquet([str(place) for place in places])

    def _month_file(self, month: str) -> Path:
        if not MONTH.fullmatch(month):
            raise WarehouseError(f"not a month: {month!r}")
        return self.folder / LINES / f"month={month}" / "lines.parquet"

    def _table_file(self, name: str) -> Path:
        if name not in self.shapes or name == LINES:
            raise WarehouseError(f"not a table of the warehouse: {name!r}")
        return self.folder / f"{name}.parquet"

    def _kept_file(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise WarehouseError(f"not a name to keep things under: {name!r}")
        return self.folder / "kept" / f"{name}.parquet"


def _connect(folder: Path, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(private_folder(folder / ".spill")),
            "preserve_insertion_order": False,
            # DuckDB would otherwise fetch extensions from the internet when a query mentions one.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        }
    )
    connection.execute(f"SET allowed_directories = [{_quoted(folder)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _within(month: str, since: date | None, until: date | None) -> bool:
    first = date.fromisoformat(month + "-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return (since is None or last >= since) and (until is None or first <= until)


def _in_month(lines: pa.Table, month: str) -> pa.Table:
    if lines.num_rows:
        span = pc.min_max(lines["ordered_on"]).as_py()
        if span["min"] is None or {f"{day:%Y-%m}" for day in span.values()} != {month}:
            raise WarehouseError(f"lines of {span['min']} to {span['max']} are not all of {month}")
    return lines
