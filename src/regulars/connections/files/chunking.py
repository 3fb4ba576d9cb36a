"""The rows of a looked-at file, chunk by chunk, from any row on, in bounded memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.connections.files import columnar, delimited, spreadsheet
from regulars.connections.files.errors import CannotRead
from regulars.connections.files.tables import BROKEN_SCHEMA, ROW_NUMBER, Chunk, FileLook, broken_rows

CHUNK = 200_000
HEAVY = 64 << 20  # bytes: rows of very long texts come fewer at a time
#: What `unique_headers` makes of a column without a heading, and of the second of a name.
_NAMELESS, _NTH = re.compile(r"Column \d+"), re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows as one reading step gave them."""

    rows: pa.Table
    broken: pa.Table
    last_row: int
    bytes_done: int


def chunks(path: str | Path, look: FileLook, *, size: int = CHUNK, start: int = 1) -> Iterator[Chunk]:
    """The file's rows from row number `start` on, about `size` rows at a time; no row is lost, none comes twice.

    Row numbers do not depend on `size` or `start`. CannotRead `changed_since_look` when the file has another size
    than when it was looked at; `not_there`, `damaged` as in `look`.
    """
    file = Path(path)
    _same_file(file, look)
    if not look.headers:
        return
    parts = _PARTS[look.format](file, look, size, max(start, look.header_row + 1))
    if look.header_row:
        parts = (_without_headings(part, look.headers) if part.last_row > look.header_row else part for part in parts)
    yield from _gathered(parts, size, max(start, look.header_row + 1))


def _same_file(path: Path, look: FileLook) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise CannotRead("not_there", {"name": path.name}) from None
    if size != look.size:
        raise CannotRead("changed_since_look", {"name": path.name, "before": look.size, "now": size})


def _gathered(parts: Iterator[_Part], size: int, start: int) -> Iterator[Chunk]:
    """Parts put together until they hold `size` rows, broken ones counted, or become heavy."""
    held: list[_Part] = []
    first = start
    for part in parts:
        if part.last_row < start:
            continue
        held.append(part)
        rows = sum(p.rows.num_rows + p.broken.num_rows for p in held)
        if rows >= size or sum(p.rows.nbytes for p in held) >= HEAVY:
            yield _together(held, first)
            first, held = part.last_row + 1, []
    if held:
        yield _together(held, first)


def _together(parts: list[_Part], first: int) -> Chunk:
    rows = pa.concat_tables([part.rows for part in parts])
    broken = pa.concat_tables([part.broken for part in parts])
    return Chunk(_from(rows, first), _from(broken, first), first, parts[-1].last_row, parts[-1].bytes_done)


def _from(table: pa.Table, first: int) -> pa.Table:
    """Rows come in order, so this is a slice without a copy."""
    if table.num_rows == 0 or table[ROW_NUMBER][0].as_py() >= first:
        return table
    return table.slice(int(np.searchsorted(table[ROW_NUMBER].to_numpy(), first)))


def _without_headings(part: _Part, headers: tuple[str, ...]) -> _Part:
    """Rows that say the headings once more, where files were put together, are broken rows."""
    again = _alike(part.rows, headers)
    if again is None:
        return part
    numbers = part.rows.filter(again)[ROW_NUMBER].to_pylist()
    raw = ",".join(headers)
    said = broken_rows(numbers, ["headings_again"] * len(numbers), [""] * len(numbers), [raw] * len(numbers))
    broken = pa.concat_tables([part.broken, said]).sort_by(ROW_NUMBER)
    return replace(part, rows=part.rows.filter(pc.invert(again)), broken=broken)


def _alike(rows: pa.Table, headers: tuple[str, ...]) -> pa.ChunkedArray | None:
    """Which rows are the headings; None for none. The first column decides in nearly all files."""
    found = None
    for header in headers:
        said = "" if _NAMELESS.fullmatch(header) else _NTH.sub("", header)
        same = pc.equal(pc.utf8_trim_whitespace(rows[header]), said)
        found = same if found is None else pc.and_(found, same)
        if not pc.any(found).as_py():
            return None
    return found


def _text_parts(path: Path, look: FileLook, size: int, start: int) -> Iterator[_Part]:
    last = 0
    for block in delimited.blocks(path, look.encoding, look.delimiter, len(look.headers)):
        parsed = delimited.parse(block, look.headers, look.delimiter, last)
        last = parsed.last_row
        yield _Part(parsed.rows, parsed.broken, last, block.bytes_done)


def _sheet_parts(path: Path, look: FileLook, size: int, start: int) -> Iterator[_Part]:
    numbered = (row for row in spreadsheet.rows(path, look.sheet) if row[0] >= start)
    while taken := list(islice(numbered, size)):
        last = taken[-1][0]
        done = look.size * last // max(last, look.rows + look.header_row)
        yield _Part(_sheet_table(taken, look.headers), BROKEN_SCHEMA.empty_table(), last, done)


def _sheet_table(taken: list[tuple[int, list[str]]], headers: tuple[str, ...]) -> pa.Table:
    """Cells beyond the headings are left out, missing ones are empty."""
    width = len(headers)
    cells = [row if len(row) == width else (row + [""] * width)[:width] for _, row in taken]
    columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
    numbers = pa.array([number for number, _ in taken], pa.int64())
    return delimited.without_blank_rows(pa.table([numbers, *columns], names=[ROW_NUMBER, *headers]))


def _parquet_parts(path: Path, look: FileLook, size: int, start: int) -> Iterator[_Part]:
    for table in columnar.batches(path, look.headers, size, start):
        last = table[ROW_NUMBER][-1].as_py()
        yield _Part(table, BROKEN_SCHEMA.empty_table(), last, look.size * last // max(1, look.rows))


_PARTS = {"csv": _text_parts, "xlsx": _sheet_parts, "parquet": _parquet_parts}
