"""The tables a rule is asked of, and how DuckDB is asked about them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import numpy as np
from duckdb import DuckDBPyRelation as Relation
from numpy.typing import NDArray

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.rule import Condition, Group, conditions
from regulars.rules.segments.sql import Names

_numbers: Final = count()


@dataclass(frozen=True, slots=True)
class Tables:
    """What rules are evaluated on, all from one DuckDB connection.

    `profile` has the columns of `profile.PROFILE`, `order_lines` and `products` those of the warehouse, `answers`
    customer_id, campaign_id, answered_on, `own_values` the warehouse's. What no rule asks may be left out.
    """

    profile: Relation
    order_lines: Relation | None = None
    products: Relation | None = None
    answers: Relation | None = None
    own_values: Relation | None = None


def require(rule: Group, tables: Tables) -> None:
    """Nothing, if every table the rule asks is at hand; else BadInput with the first that is not."""
    for path, condition in conditions(rule):
        for name in _wanted(condition):
            if getattr(tables, name) is None:
                raise BadInput("table_not_at_hand", {"path": path, "field": condition.field, "table": name})


def _wanted(condition: Condition) -> Collection[str]:
    if condition.of.kind == "answered":
        return ("answers",)
    if condition.of.source == "own":
        return ("own_values",)
    if condition.of.column in ("department", "category", "brand"):
        return ("order_lines", "products")
    return ("order_lines",) if condition.of.has_period else ()


@contextmanager
def named(tables: Tables) -> Iterator[Names]:
    """The names under which DuckDB knows the tables inside the block, and nobody else; afterwards it forgets them.

    DuckDB looks names up on the connection, where another question may be under way: no name is used twice.
    """
    number = next(_numbers)
    names = Names(
        f"given_profile_{number}", f"given_lines_{number}", f"given_products_{number}", f"given_answers_{number}",
        f"given_own_{number}",
    )  # fmt: skip
    others = {
        names.order_lines: tables.order_lines, names.products: tables.products, names.answers: tables.answers,
        names.own_values: tables.own_values,
    }  # fmt: skip
    known = {name: table for name, table in others.items() if table is not None}
    for name, table in known.items():
        table.create_view(name)
    try:
        yield names
    finally:
        for name in (*known, names.profile):
            tables.profile.query(names.profile, f"DROP VIEW {name}")


def ask(tables: Tables, names: Names, sql: str) -> Relation:
    """The answer, worked out, to SQL that calls the tables by these names."""
    return tables.profile.query(names.profile, sql).execute()


def by_customer(rows: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The columns in the order of customer_id: a plain scan comes back in order, a join need not."""
    ids = rows["customer_id"]
    if bool(np.all(ids[:-1] <= ids[1:])):
        return rows
    order = np.argsort(ids, kind="stable")
    return {name: column[order] for name, column in rows.items()}
