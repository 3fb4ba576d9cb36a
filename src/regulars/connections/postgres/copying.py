"""Arrow tables into PostgreSQL, as ready-made blocks of its binary COPY format, built column by column without a loop
over rows.

The format is described in PostgreSQL's documentation of COPY ("Binary Format"): per row a count of fields, per field
its length in bytes (-1 for null) and its bytes in network order.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

BLOCK: Final = 1 << 20
BATCH: Final = 1 << 15  # rows packed at a time
_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_OF_ANY_LENGTH: Final = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
_POSTGRES_DAY: Final = 10_957  # days from 1970-01-01 to 2000-01-01, PostgreSQL's day nought
_POSTGRES_MICROSECOND: Final = _POSTGRES_DAY * 86_400_000_000

Bytes = np.ndarray[Any, np.dtype[np.uint8]]


class Cursor(Protocol):
    """What of a psycopg cursor (or Django's wrapper around it) is needed here."""

    def copy(self, statement: Any) -> Any: ...


def copy_in(cursor: Cursor, table: str, rows: pa.Table) -> int:
    """All rows are in `table` (columns by name) when the transaction commits; how many they are.

    Types: bool, int16, int32, int64, float64, date32, timestamp (UTC or without zone, any unit), string,
    binary for bytea, fixed_size_binary(16) for uuid.
    """
    if rows.num_rows:
        with cursor.copy(copy_statement(table, rows.column_names)) as copy:
            for block in binary_blocks(rows):
                copy.write(block)
    return int(rows.num_rows)


def copy_statement(table: str, columns: Sequence[str]) -> sql.Composed:
    """COPY … FROM STDIN in binary."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), names)


def binary_blocks(rows: pa.Table) -> Iterator[bytes | memoryview]:
    """The rows as one binary COPY stream, in blocks of about a megabyte."""
    yield _HEADER
    for packed in _packed_ahead([batch for batch in rows.to_batches(max_chunksize=BATCH) if batch.num_rows]):
        whole = packed.data
        yield from (whole[start : start + BLOCK] for start in range(0, len(whole), BLOCK))
    yield _END


def fixed_rows(stream: bytes, width: int) -> Bytes:
    """Rows of a binary COPY TO stream whose every row has the same length, as a matrix of bytes; no header, no end."""
    rows = len(stream) // width
    return np.frombuffer(stream, np.uint8, rows * width).reshape(rows, width)


def _packed_ahead(batches: Sequence[pa.RecordBatch]) -> Iterator[Bytes]:
    """Each batch packed; the next one in a thread, while the server works on the one before."""
    if len(batches) < 2:
        yield from map(_packed, batches)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="packing") as packer:
        coming = packer.submit(_packed, batches[0])
        for batch in batches[1:]:
            ready, coming = coming, packer.submit(_packed, batch)
            yield ready.result()
        yield coming.result()


def _packed(batch: pa.RecordBatch) -> Bytes:
    """Every row's bytes one after the other.

    Neighbouring columns of fixed length without nulls are set side by side as one matrix; each piece then goes to its
    place in every row at once.
    """
    pieces = [_field_count(batch), *(_piece(column) for column in batch.columns)]
    merged = _merged(pieces)
    if len(merged) == 1:
        return cast(Bytes, np.ascontiguousarray(merged[0]).reshape(-1))
    return _joined(merged, batch.num_rows)


def _field_count(batch: pa.RecordBatch) -> Bytes:
    return np.tile(np.array([batch.num_columns], ">i2").view(np.uint8), (batch.num_rows, 1))


def _joined(pieces: "list[Bytes | pa.Array]", rows: int) -> Bytes:
    """Arrow joins binary columns row by row, and the joined column's buffer is the stream."""
    columns = [_as_binary(piece) if isinstance(piece, np.ndarray) else piece for piece in pieces]
    joined = pc.binary_join_element_wise(*columns, pa.scalar(b"", pa.large_binary()))
    ends = np.frombuffer(joined.buffers()[1], np.int64, rows + 1)
    return np.frombuffer(joined.buffers()[2], np.uint8, int(ends[-1]))


def _as_binary(matrix: Bytes) -> pa.Array:
    rows, width = matrix.shape
    ends = np.arange(rows + 1, dtype=np.int64) * width
    return pa.Array.from_buffers(
        pa.large_binary(), rows, [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(matrix))]
    )


def _merged(pieces: "list[Bytes | pa.Array]") -> "list[Bytes | pa.Array]":
    merged: list[Bytes | pa.Array] = []
    for piece in pieces:
        if merged and isinstance(piece, np.ndarray) and isinstance(merged[-1], np.ndarray):
            merged[-1] = np.hstack([merged[-1], piece])
        else:
            merged.append(piece)
    return merged


def _piece(column: pa.Array) -> "Bytes | pa.Array":
    """A column's fields with their lengths: a matrix when every row is as long, else a binary column."""
    if any(is_long(column.type) for is_long in _OF_ANY_LENGTH):
        return _texts(column)
    values = _network_order(column)
    if column.null_count == 0:
        return _with_length(values)
    return _with_nulls(_with_length(values), column)


def _with_length(values: Bytes) -> Bytes:
    rows, width = values.shape
    return np.hstack([np.tile(np.array([width], ">i4").view(np.uint8), (rows, 1)), values])


def _with_nulls(fields: Bytes, column: pa.Array) -> pa.Array:
    """Null fields shrink to a length of -1 and no bytes."""
    there = column.is_valid().to_numpy(zero_copy_only=False)
    fields[~there, :4] = 0xFF
    kept = np.broadcast_to(there[:, None], fields.shape).copy()
    kept[:, :4] = True
    ends = np.concatenate([[0], np.cumsum(np.where(there, fields.shape[1], 4))]).astype(np.int64)
    return pa.Array.from_buffers(pa.large_binary(), len(column), [None, pa.py_buffer(ends), pa.py_buffer(fields[kept])])


def _texts(column: pa.Array) -> pa.Array:
    """Texts, or bytes, with their lengths before them."""
    text = pc.cast(column, pa.large_binary())
    lengths = pc.fill_null(pc.binary_length(text), -1).to_numpy(zero_copy_only=False)
    heads = _as_binary(lengths.astype(">i4").view(np.uint8).reshape(-1, 4))
    return pc.binary_join_element_wise(heads, pc.fill_null(text, b""), pa.scalar(b"", pa.large_binary()))


def _network_order(column: pa.Array) -> Bytes:
    """The bytes of each value as PostgreSQL wants them; nulls hold anything."""
    kind = column.type
    if pa.types.is_fixed_size_binary(kind):
        whole = np.frombuffer(column.buffers()[1], np.uint8)
        start = column.offset * kind.byte_width
        return whole[start : start + len(column) * kind.byte_width].reshape(-1, kind.byte_width)
    if pa.types.is_boolean(kind):
        return _numbers(column, pa.uint8(), "u1", 0)
    if pa.types.is_timestamp(kind):
        return _numbers(pc.cast(column, pa.timestamp("us", kind.tz)), pa.int64(), ">i8", _POSTGRES_MICROSECOND)
    if pa.types.is_date32(kind):
        return _numbers(column, pa.int32(), ">i4", _POSTGRES_DAY)
    return _numbers(column, kind, ">" + _LETTERS[kind], 0)


_LETTERS: Final = {pa.int16(): "i2", pa.int32(): "i4", pa.int64(): "i8", pa.float64(): "f8"}


def _numbers(column: pa.Array, through: pa.DataType, letters: str, nought: int) -> Bytes:
    plain = pc.cast(column, through) if pa.types.is_boolean(column.type) else column.view(through)
    values = pc.fill_null(plain, 0).to_numpy(zero_copy_only=False)
    moved = values - nought if nought else values
    return cast(Bytes, moved.astype(letters).view(np.uint8).reshape(len(column), -1))
