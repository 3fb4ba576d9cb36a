"""A table of another database, from a value of one of its columns on, as a file that comes in like any other.

Rows are read in the column's order with a transaction that may only read, and leave as texts, as a file has them. A
reading begins before the end of the one before, for others may have written there since; rows that were read then are
told by their keyed digests and left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.connections.databases.errors import DatabaseAway
from regulars.connections.databases.opening import opened

AT_ONCE: Final = 10_000
MOST: Final = 1_000_000  # rows at once; the rest comes the next time
BYTES_OF_AN_ID: Final = 16  # BINARY(16), as shops keep a UUID; other bytes are no text
SEPARATOR: Final = "\x1f"
Digests = npt.NDArray[np.uint64]
#: How a value of the column is kept until the next time, and read again.
KEPT: Final[dict[str, Callable[[str], Any]]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "int": int, "str": str, "Decimal": Decimal,
    "float": float,
}  # fmt: skip
#: What stands in one order; by a column that holds two of these, rows would be passed over for ever.
SORTED: Final = {"int": "number", "float": "number", "Decimal": "number", "date": "moment", "datetime": "moment"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of the column, as it is kept until the next time."""

    kind: str
    text: str

    @property
    def value(self) -> Any:
        """The value as the database has it."""
        return KEPT[self.kind](self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some thousand rows that were read: the column's last value among them, and their digests."""

    last: Any
    digests: Digests


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was read: rows in the file, those that were known, those without a value in the column, which are left,
    whether more wait, and the column's last value (None when nothing was there)."""

    rows: int
    known: int
    without: int
    more: bool
    mark: Mark | None
    pieces: tuple[Piece, ...] = ()

    def some_rows_before(self) -> Mark | None:
        """A value some thousand rows before the last; None where so many were not read."""
        return _mark(self.pieces[-3].last) if len(self.pieces) > 2 else None

    def digests_since(self, begin: Mark | None) -> bytes:
        """The digests of what was read from that value on, and of some rows before it."""
        kept = [one.digests for one in self.pieces if begin is None or _reaches(one.last, begin.value)]
        return np.unique(np.concatenate(kept)).tobytes() if kept else b""


def draw_table(
    url: str, table: str, by: str, into: Path, *, since: Mark | None, known: bytes, key: bytes, most: int = MOST
) -> Drawn:
    """The rows from that value on stand in `into`, a Parquet file of texts, but for those whose digests are known.

    DatabaseAway `table_not_there`, `table_column_not_there`, `table_column_unfit`, `table_column_mixed`,
    `table_column_of_digits` when it cannot be, and whatever `opened` has.
    """
    import sqlalchemy as sa

    with opened(url) as connection:
        found, earliest = _described(connection, table, by)
        column = found.c[by]
        wanted = sa.select(found).where(column >= since.value if since else _has_value(column, earliest))
        without = connection.scalar(sa.select(sa.func.count()).select_from(found).where(_lacks(column, earliest))) or 0
        rows = connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(wanted.order_by(column))
        growing = _Growing(by, [since.value] if since else [])
        seen = _Seen(np.frombuffer(known, np.uint64), key)
        return _written(rows, [one.name for one in found.c], growing, seen, into, without, most)


def _reaches(last: Any, begin: Any) -> bool:
    try:
        return bool(last >= begin)
    except TypeError:  # a column that was altered: days before, moments now
        return True


class _Seen:
    """Which rows were read the time before, by digests in rising order."""

    def __init__(self, known: Digests, key: bytes) -> None:
        self._known, self._key = known, key

    def digests(self, rows: Sequence[Sequence[str]]) -> Digests:
        """Eight bytes a row."""
        said = (blake2b(SEPARATOR.join(row).encode(errors="replace"), digest_size=8, key=self._key) for row in rows)
        return np.frombuffer(b"".join(one.digest() for one in said), np.uint64)

    def holds(self, digests: Digests) -> npt.NDArray[np.bool_]:
        """For each whether it was."""
        if not len(self._known):
            return np.zeros(len(digests), np.bool_)
        places = np.minimum(np.searchsorted(self._known, digests), len(self._known) - 1)
        return np.asarray(self._known[places] == digests)


class _Growing:
    """A column whose values stand in the order in which they come: all of one kind, and digits as numbers."""

    def __init__(self, name: str, before: list[Any]) -> None:
        self.name, self._kinds, self._digits = name, set[str](), set[int]()
        self.see(before)

    def see(self, values: Sequence[Any]) -> None:
        """DatabaseAway where they do not."""
        self._kinds |= {SORTED.get(name, name) for name in {type(value).__name__ for value in values}}
        if len(self._kinds) > 1:
            raise DatabaseAway(
                "table_column_mixed", {"column": self.name[:80], "kinds": ", ".join(sorted(self._kinds))}
            )
        if self._kinds == {"str"}:
            self._digits |= {len(value) for value in values if value.isdecimal()}
            if len(self._digits) > 1:
                raise DatabaseAway("table_column_of_digits", {"column": self.name[:80]})


def _written(rows: Any, names: Sequence[str], by: _Growing, seen: _Seen, into: Path, without: int, most: int) -> Drawn:
    """In pieces; stopped only between two values of the column."""
    place, shape = names.index(by.name), pa.schema([(name, pa.string()) for name in names])
    count, known, last, more, pieces = 0, 0, None, False, list[Piece]()
    with pq.ParquetWriter(into, shape) as file:
        for piece in rows.partitions(AT_ONCE):
            values, cells = [row[place] for row in piece], [[_text(cell) for cell in row] for row in piece]
            by.see(values)
            digests = seen.digests(cells)
            fresh = ~seen.holds(digests)
            end = _end(values, fresh, last, most - count)
            kept = [row for row, new in zip(cells[:end], fresh, strict=False) if new]
            columns = list(zip(*kept, strict=True)) or [()] * len(names)
            file.write_table(pa.table([pa.array(cells, pa.string()) for cells in columns], schema=shape))
            count, known, more = count + len(kept), known + end - len(kept), end < len(values)
            if end:
                last = values[end - 1]
                pieces.append(Piece(last, digests[:end]))
            if more:
                break
    return Drawn(count, known, without, more, _mark(last), tuple(pieces))


def _end(values: Sequence[Any], fresh: npt.NDArray[np.bool_], last: Any, room: int) -> int:
    """Where to stop: once that many are fresh, before the next other value."""
    for number, value in enumerate(values):
        if room <= 0 and value != last:
            return number
        room, last = room - bool(fresh[number]), value
    return len(values)


def _mark(last: Any) -> Mark | None:
    if last is None:
        return None
    kind = type(last).__name__
    if isinstance(last, float | Decimal) and not isfinite(last):  # nothing would ever come after it
        kind = str(last)
    if kind not in KEPT:
        raise DatabaseAway("table_column_unfit", {"kind": kind[:40]})
    return Mark(kind, last.isoformat() if isinstance(last, date) else str(last))


def _text(value: Any) -> str:
    """A cell as a file would have it; what is no text, number, moment, list or id is left out."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex() if len(value) == BYTES_OF_AN_ID else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | dict | tuple):
        return orjson.dumps(value, default=str).decode()
    return str(value).replace("\x00", "")


def _described(connection: Any, table: str, by: str) -> tuple[Any, Any]:
    """The table, its cells as the driver hands them out (in some databases a column of numbers may hold a word), and
    what the column's values begin with, where there are some before it that are none.

    Names are looked up in the catalogue and quoted, never used as said. What the columns are called is asked of the
    table itself: who may read a view may not always read how it is made.
    """
    import sqlalchemy as sa

    inspected, (schema, _, name) = sa.inspect(connection), table.rpartition(".")
    there = {*inspected.get_table_names(schema or None), *inspected.get_view_names(schema or None)}
    if name not in there:
        raise DatabaseAway("table_not_there", {"table": table[:80]})
    place = sa.table(name, schema=schema or None)
    none = connection.execute(sa.select(sa.literal_column("*")).select_from(place).where(sa.false()))
    kinds = {str(one[0]): one[1] for one in none.cursor.description}
    none.close()
    if by not in kinds:
        raise DatabaseAway("table_column_not_there", {"column": by[:80], "known": ", ".join(kinds)[:400]})
    found = sa.Table(name, sa.MetaData(), *map(sa.Column, kinds), schema=schema or None)
    return found, _earliest(kinds[by], connection.dialect.driver)


def _earliest(kind: Any, driver: str) -> Any:
    import sqlalchemy as sa

    if driver == "pymysql":
        from regulars.connections.databases.mysql import EARLIEST, MOMENTS

        if kind in MOMENTS:
            return sa.literal_column(EARLIEST)
    return None


def _has_value(column: Any, earliest: Any) -> Any:
    return column.is_not(None) if earliest is None else column >= earliest


def _lacks(column: Any, earliest: Any) -> Any:
    return column.is_(None) if earliest is None else column.is_(None) | (column < earliest)
