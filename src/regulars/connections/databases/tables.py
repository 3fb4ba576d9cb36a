"""A table of another database, from a value of one of its columns on, as a file that comes in like any other.

Rows are read in the column's order with a transaction that may only read, and leave as texts, as a file has them. A
reading begins before the end of the one before, for others may have written there since; rows that were read then are
told by their keyed digests and left out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from math import isfinite
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import DataError
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from regulars.connections.databases.errors import DatabaseAway

AT_ONCE: Final = 10_000
MOST: Final = 1_000_000  # rows at once; the rest comes the next time
SECONDS: Final = 10  # until a server that is silent counts as away
LONGEST_REASON: Final = 200
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
        kept = [one.digests for one in self.pieces if begin is None or one.last >= begin.value]
        return np.unique(np.concatenate(kept)).tobytes() if kept else b""


def draw_table(
    url: str, table: str, by: str, into: Path, *, since: Mark | None, known: bytes, key: bytes, most: int = MOST
) -> Drawn:
    """The rows from that value on stand in `into`, a Parquet file of texts, but for those whose digests are known.

    DatabaseAway `database_silent`, `table_not_there`, `table_column_not_there`, `table_column_unfit`,
    `table_column_mixed`, `table_column_of_digits` when it cannot be; `sqlalchemy_missing` where that is not installed.
    """
    import sqlalchemy as sa

    with _connected(url) as connection:
        found = _described(sa.inspect(connection), table, by)
        column = found.c[by]
        wanted = sa.select(found).where(column >= since.value) if since else sa.select(found).where(column.is_not(None))
        without = connection.scalar(sa.select(sa.func.count()).select_from(found).where(column.is_(None))) or 0
        rows = connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(wanted.order_by(column))
        growing = _Growing(by, [since.value] if since else [])
        seen = _Seen(np.frombuffer(known, np.uint64), key)
        return _written(rows, [one.name for one in found.c], growing, seen, into, without, most)


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
    """A cell as a file would have it; what is no text, number, moment or list is left out."""
    if value is None or isinstance(value, bytes | bytearray | memoryview):
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


def _described(inspected: Any, table: str, by: str) -> Any:
    """The table, its cells as the driver hands them out: in some databases a column of numbers may hold a word.

    Names are looked up in the catalogue and quoted, never used as said.
    """
    import sqlalchemy as sa

    schema, _, name = table.rpartition(".")
    there = {*inspected.get_table_names(schema or None), *inspected.get_view_names(schema or None)}
    if name not in there:
        raise DatabaseAway("table_not_there", {"table": table[:80]})
    columns = [str(one["name"]) for one in inspected.get_columns(name, schema or None)]
    if by not in columns:
        known = ", ".join(columns)
        raise DatabaseAway("table_column_not_there", {"column": by[:80], "known": known[:400]})
    return sa.Table(name, sa.MetaData(), *(sa.Column(one) for one in columns), schema=schema or None)


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    """A connection that only reads; whatever goes wrong is told without the password."""
    try:
        import sqlalchemy as sa
        from sqlalchemy import exc
    except ImportError:
        raise DatabaseAway("sqlalchemy_missing", {}) from None
    try:
        address = _driver(sa.make_url(url))
        _demand_file(address)
        engine = sa.create_engine(address, poolclass=sa.NullPool, connect_args=_patience(address))
        with engine.connect() as connection:
            if address.get_backend_name() == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
                _read_endless_days(connection.connection.driver_connection)
            yield connection
    except (exc.SQLAlchemyError, ImportError, OSError, ValueError) as error:
        raise DatabaseAway("database_silent", {"reason": _reason(error, url)}) from None


def _read_endless_days(connection: Any) -> None:
    """`infinity`, which many tables hold where nothing ends, comes as that word and costs no other row."""
    for kind, usual in (("date", DateLoader), ("timestamp", TimestampLoader), ("timestamptz", TimestamptzLoader)):
        connection.adapters.register_loader(kind, type(f"Endless{usual.__name__}", (_Endless, usual), {}))


class _Endless:
    """Before a loader of psycopg: what is no day of Python's is the text it is."""

    def load(self, data: Any) -> Any:
        """The day or moment, or the text."""
        try:
            return super().load(data)  # type: ignore[misc]  # the loader it stands before
        except DataError:
            return bytes(data).decode()


def _demand_file(address: Any) -> None:
    """SQLite would make the file that is not there."""
    file = address.database or ""
    if address.get_backend_name() == "sqlite" and not file.startswith("file:") and not Path(file).is_file():
        raise FileNotFoundError(f"no such file: {Path(file).name}")


def _driver(address: Any) -> Any:
    """PostgreSQL through the driver that is here anyway."""
    return address.set(drivername="postgresql+psycopg") if address.drivername in ("postgres", "postgresql") else address


def _patience(address: Any) -> dict[str, Any]:
    """How long to wait, in the words of each driver; one nobody knows waits as long as it likes."""
    words = {"sqlite": "timeout", "postgresql": "connect_timeout", "mysql": "connect_timeout",
             "mariadb": "connect_timeout"}  # fmt: skip
    name = words.get(address.get_backend_name())
    return {name: SECONDS} if name else {}


def _reason(error: Exception, url: str) -> str:
    """The driver's own first line, without what stands before the @ of the address."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    secret = url.partition("://")[2].rpartition("@")[0].partition(":")[2]
    line = said[0]
    for one in {secret, unquote(secret)} - {""}:
        line = line.replace(one, "…")
    return line[:LONGEST_REASON]
