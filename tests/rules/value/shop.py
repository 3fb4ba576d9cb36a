"""A small shop: how tests write order lines down, and random shops for properties."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

ANN, BOB, CLEO, WANG_FANG = 1, 2, 3, 4
OPENED = date(2023, 11, 20)


class Line(NamedTuple):
    """One order line, as far as value rules look at it."""

    customer_id: int
    order_key: int
    ordered_on: date
    amount_minor: int
    product_id: int | None = None
    branch_id: int | None = None


SHAPE = pa.schema(
    [(name, pa.date32() if name == "ordered_on" else pa.int64()) for name in Line._fields],
)
connection = duckdb.connect(config={"threads": 1})


def relation(lines: Iterable[Line]) -> duckdb.DuckDBPyRelation:
    """The lines as the warehouse hands them out."""
    return connection.from_arrow(pa.Table.from_pylist([line._asdict() for line in lines], SHAPE))


def day(text: str) -> date:
    """'3-1' is the first of March 2024, '23-12-24' Christmas Eve of 2023."""
    year, month, number = ([24, *map(int, text.split("-"))])[-3:]
    return date(2000 + year, month, number)


def bought(customer: int, *days: str, amount: int = 100) -> list[Line]:
    """One order of one line on each of the days."""
    return [Line(customer, customer * 1000 + (day(text) - OPENED).days, day(text), amount, None, None) for text in days]


def rows(table: duckdb.DuckDBPyRelation, *columns: str) -> list[tuple[object, ...]]:
    """The table's rows, sorted; only some columns if asked for."""
    return sorted((table.project(", ".join(columns)) if columns else table).fetchall(), key=repr)


lines = st.builds(
    lambda customer, order, days, amount: Line(
        customer, customer * 10 + order, OPENED + timedelta(days=days), amount, order, customer % 2
    ),
    customer=st.integers(1, 5),
    order=st.integers(0, 9),
    days=st.integers(0, 420),
    amount=st.sampled_from([-500, -100, 0, 100, 100, 200, 500, 800]),
)
shops = st.lists(lines, max_size=60)
days_of_shop = st.integers(0, 430).map(lambda number: OPENED + timedelta(days=number))
