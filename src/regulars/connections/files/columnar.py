"""Parquet: every column as text, row groups before the wanted row left unread."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.connections.files.errors import CannotRead
from regulars.connections.files.tables import ROW_NUMBER


def open_parquet(path: Path) -> pq.ParquetFile:
    """CannotRead `damaged` when the file's end does not hold a readable directory."""
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise CannotRead("damaged", {"name": path.name, "detail": str(error)[:200]}) from error


def batches(path: Path, headers: tuple[str, ...], size: int, start: int) -> Iterator[pa.Table]:
    """Tables of at most `size` rows from row `start` (the first row is 1), `row_number` first, then text columns."""
    with open_parquet(path) as file:
        groups, before = _groups_from(file, start)
        for batch in file.iter_batches(batch_size=size, row_groups=groups):
            table = pa.table([text_column(column) for column in batch.columns], names=list(headers))
            numbers = np.arange(before + 1, before + 1 + table.num_rows)
            before += table.num_rows
            numbered = table.add_column(0, ROW_NUMBER, pa.array(numbers))
            if before >= start:
                yield numbered.slice(max(0, start - int(numbers[0])))


def _groups_from(file: pq.ParquetFile, start: int) -> tuple[list[int], int]:
    """(row groups that hold row `start` or later ones, rows before the first of them)."""
    before = 0
    for first in range(file.num_row_groups):
        rows = file.metadata.row_group(first).num_rows
        if before + rows >= start:
            return list(range(first, file.num_row_groups)), before
        before += rows
    return [], before


def text_column(column: pa.Array) -> pa.Array:
    """The column as text, nothing for null; moments with a zone in UTC, lists and structs as their JSON-like form.

    >>> text_column(pa.array([1.5, None, 20.0])).to_pylist()
    ['1.5', '', '20']
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = _plain_numbers(column)
    if pa.types.is_nested(column.type):
        column = pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_timestamp(column.type):
        column = _moments(column)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        column = pa.array(
            [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string()
        )
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _moments(column: pa.Array) -> pa.Array:
    """To the microsecond, in UTC where there is a zone; days alone where every moment is midnight."""
    zone = "UTC" if column.type.tz else None
    moments = pc.cast(column, pa.timestamp("us", zone), safe=False)
    days = pc.floor_temporal(moments, unit="day")
    if zone is None and pc.all(pc.equal(moments, days)).as_py():
        return pc.cast(moments, pa.date32())
    whole = pc.all(pc.equal(moments, pc.floor_temporal(moments, unit="second"))).as_py()
    return pc.cast(pc.cast(moments, pa.timestamp("s", zone)) if whole else moments, pa.string())


def _plain_numbers(column: pa.Array) -> pa.Array:
    """Floating numbers never in scientific notation; not-a-number becomes nothing."""
    if pa.types.is_float16(column.type):
        column = pc.cast(column, pa.float32())
    column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
    text = pc.cast(column, pa.string())
    if not pc.any(pc.match_substring(text, "e")).as_py():
        return text
    plain = [value and f"{Decimal(value):f}" for value in text.to_pylist()]
    return pa.array(plain, pa.string())
