"""One DuckDB in memory for one batch: rows come in, pairs go out, and when it is closed nothing is left.

What does not fit into the memory it may have goes to files in a private folder, which is gone with it. The rows are
keyed marks (rules/identity/encoding) under a key that was drawn for this batch, so what lies there says nothing.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import pyarrow as pa

TYPES: Final = {
    "bigint": pa.int64(), "bigint[]": pa.list_(pa.int64()), "boolean": pa.bool_(), "varchar": pa.string(),
    "double": pa.float64(),
}  # fmt: skip
AT_ONCE: Final = 50_000


def as_table(shape: Mapping[str, str], columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Rows for the room, column by column; `shape` says name → type in DuckDB's words."""
    return pa.Table.from_pydict(dict(columns), pa.schema({name: TYPES[kind] for name, kind in shape.items()}))


class MatchingRoom:
    """`with MatchingRoom(lay_out) as room`: `lay_out` is the statement that makes the table of the rows.

    Use it in one thread."""

    def __init__(self, lay_out: str, *, memory: str = "2GB", threads: int = 2) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="regulars-matching-"))
        self.connection = duckdb.connect(config={
            "memory_limit": memory, "threads": threads, "temp_directory": str(self.folder),
            "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        })  # fmt: skip
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute(lay_out)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def take_in(self, table: str, rows: pa.Table) -> None:
        """Rows, as `as_table` makes them."""
        self.connection.register("arrived", rows)
        self.connection.execute(f"INSERT INTO {table} SELECT * FROM arrived")  # noqa: S608 (our own table)
        self.connection.unregister("arrived")

    def carry_out(self, statements: Sequence[str]) -> None:
        """Statements, one after the other."""
        for statement in statements:
            self.connection.execute(statement)

    def ask(self, question: str, values: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """The answer, row by row, as many in memory as are read at once."""
        answer = self.connection.execute(question, values or {})
        names = [column[0] for column in answer.description]
        while rows := answer.fetchmany(AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in rows)
