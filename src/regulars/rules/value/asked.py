"""Asking DuckDB in SQL, where an expression would be a puzzle."""

from datetime import date
from itertools import count

from duckdb import DuckDBPyRelation as Relation

_numbers = count()


def asked(sql: str, tables: dict[str, Relation], **values: float | date) -> Relation:
    """The answer to `sql`, not yet calculated; `{name}` in the text stands for one of the tables or values.

    The tables must come from one connection. Each is known to it under a fresh name: DuckDB looks names up when the
    answer is calculated, so that a name used twice would quietly mean the later table.

    >>> import duckdb
    >>> numbers = duckdb.sql("SELECT 2 AS x UNION ALL SELECT 3")
    >>> asked("SELECT sum(x) FROM {numbers} WHERE x > {least}", {"numbers": numbers}, least=2).fetchall()
    [(3,)]
    """
    names = {name: f"{name}_{next(_numbers)}" for name in tables}
    for name, table in tables.items():
        table.create_view(names[name])
    some = next(iter(tables.values()))
    return some.query(f"asked_{next(_numbers)}", sql.format(**names, **{k: literal(v) for k, v in values.items()}))


def literal(value: float | date) -> str:
    """The value as SQL.

    >>> literal(date(2024, 1, 31)), literal(2.5)
    ("DATE '2024-01-31'", '2.5')
    """
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else repr(value)
