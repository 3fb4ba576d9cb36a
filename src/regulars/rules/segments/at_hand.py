"""The tables a rule is asked of, and how DuckDB is asked about them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from duckdb import DuckDBPyRelation as Relation
from numpy.typing import NDArray

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.rule import Condition, Group, conditions
from regulars.rules.segments.sql import Names

GIVEN: Final = Names("given_profile", "given_lines", "given_products", "given_answers")


@dataclass(frozen=True, slots=True)
class Tables:
    """What rules are evaluated on, all from one DuckDB connection.

    `profile` has the columns of `profile.PROFILE`, `order_lines` and `products` those of the warehouse, `answers`
    customer_id, campaign_id, answered_on. What no rule asks may be left out.
    """

    profile: Relation
    order_lines: Relation | None = None
    products: Relation | None = None
    answers: Relation | None = None


def require(rule: Group, tables: Tables) -> None:
    """Nothing, if every table the rule asks is at hand; else BadInput with the first that is not."""
    for path, condition in conditions(rule):
        for name in _wanted(condition):
            if getattr(tables, name) is None:
                raise BadInput("table_not_at_hand", {"path": path, "field": condition.field, "table": name})


def _wanted(condition: Condition) -> Collection[str]:
    if condition.of.kind == "answered":
        return ("answers",)
    if condition.of.column in ("department", "category", "brand"):
        return ("order_lines", "products")
    return ("order_lines",) if condition.of.has_period else ()


def ask(tables: Tables, sql: str) -> Relation:
    """The answer to SQL that calls the tables by the names in GIVEN, worked out.

    The names are views of this question; the next question gives them anew. (DuckDB could also find them as variables
    of the caller, but not on a connection that is closed to the outside, as the warehouse's is.)
    """
    given = {GIVEN.order_lines: tables.order_lines, GIVEN.products: tables.products, GIVEN.answers: tables.answers}
    for name, table in given.items():
        if table is not None:
            table.create_view(name, replace=True)
    return tables.profile.query(GIVEN.profile, sql).execute()


def by_customer(rows: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The columns in the order of customer_id: a plain scan comes back in order, a join need not."""
    ids = rows["customer_id"]
    if bool(np.all(ids[:-1] <= ids[1:])):
        return rows
    order = np.argsort(ids, kind="stable")
    return {name: column[order] for name, column in rows.items()}
