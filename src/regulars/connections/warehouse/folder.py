"""A folder of Parquet files that are either whole or not there.

A file is written beside its place under a name nobody reads, forced to disk, then renamed over the old one. A reader
sees the old table or the new one, never half of it, and a power cut leaves at most a remnant that `sweep` removes.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

ARROW = {
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "text": pa.string(),
}
# Large enough to compress well, small enough that a month of a big shop keeps several threads busy.
ROWS_A_GROUP = 250_000
MARK = "regulars.mark"
PART = ".part-"
JUST_BORN = 60  # seconds in which a writer will certainly have locked its file

Batches: TypeAlias = pa.RecordBatchReader | pa.Table | Iterable[pa.RecordBatch]


class WarehouseError(Exception):
    """Something handed to the warehouse does not fit it."""


class WrongColumns(WarehouseError):
    """The rows do not have the columns or types the table is declared with."""


def schema(types: dict[str, str]) -> pa.Schema:
    """The Arrow schema of column names and SQL type words."""
    return pa.schema([(name, ARROW[word]) for name, word in types.items()])


def private_folder(folder: Path) -> Path:
    """The folder; if it has to be made, nobody but its owner can look into it or into folders made above it."""
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def closed_folder(folder: Path) -> Path:
    """The folder, made if need be, and closed to others if it was left open.

    Raises `WarehouseError` if it is open to others and not ours to close.
    """
    found = private_folder(folder).stat()
    if found.st_mode & 0o077 and found.st_uid != os.geteuid():
        raise WarehouseError(f"{folder} is open to others and belongs to somebody else")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write_whole(place: Path, batches: Batches, shape: pa.Schema, mark: str) -> int:
    """Put the rows at `place` as one Parquet file carrying `mark`; all of them or, on any error, none. Rows written."""
    rows, marked = 0, shape.with_metadata({MARK: mark.encode()})
    with whole(place) as part, pq.ParquetWriter(part, marked, compression="zstd") as writer:
        for table in fitted(batches, shape):
            writer.write_table(table, row_group_size=ROWS_A_GROUP)
            rows += table.num_rows
    return rows


@contextmanager
def whole(place: Path) -> Iterator[Path]:
    """An empty file to fill, which takes its place when the block ends well and vanishes when it does not."""
    private_folder(place.parent)
    handle, name = tempfile.mkstemp(prefix=PART, dir=place.parent)  # made 0600
    part = Path(name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # tells `sweep` that somebody is still at it
        yield part
        os.fsync(handle)
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    sync_folder(place.parent)


def fitted(batches: Batches, shape: pa.Schema) -> Iterator[pa.Table]:
    """The rows in large pieces, with exactly the columns and types of `shape`. Raises `WrongColumns`."""
    waiting: list[pa.Table] = []
    for batch in batches.to_batches() if isinstance(batches, pa.Table) else batches:
        waiting.append(_fit(pa.Table.from_batches([batch]), shape))
        if sum(table.num_rows for table in waiting) >= ROWS_A_GROUP:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _fit(table: pa.Table, shape: pa.Schema) -> pa.Table:
    missing = [name for name in shape.names if name not in table.column_names]
    if missing:
        raise WrongColumns(f"missing columns: {', '.join(missing)}")
    try:
        return table.select(shape.names).cast(shape)
    except pa.ArrowException as error:
        raise WrongColumns(str(error)) from error


def mark_of(place: Path) -> str | None:
    """The mark the file was written with; None when there is no such file or it is not one of ours."""
    try:
        metadata = pq.read_schema(place).metadata or {}
    except (FileNotFoundError, pa.ArrowInvalid):
        return None
    mark = metadata.get(MARK.encode())
    return mark.decode() if mark is not None else None


def sweep(folder: Path) -> int:
    """Remove what writers who died left behind; how many remnants there were. Living writers are not disturbed."""
    return sum(_remove_if_dead(part) for part in folder.rglob(PART + "*"))


def _remove_if_dead(part: Path) -> bool:
    try:
        if time.time() - part.stat().st_mtime < JUST_BORN:
            return False
        with part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename or removal in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
