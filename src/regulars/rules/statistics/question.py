"""The SQL of cubes and extracts: for each person one row, with every column already as coarse as it may leave."""

from collections.abc import Iterable
from typing import Final

from regulars.rules.privacy.compiler import SHAPES
from regulars.rules.statistics.cubes import Cube, Dimension

#: A category as text; the same whatever the session's settings say.
_AS_TEXT: Final = {
    "keep": "{cell}::text",
    "prefix": "left({cell}, 2) || '…'",
    "year": "to_char({cell}, 'YYYY')",
    "decade": "((extract(year from {cell})::int / 10) * 10)::text || 's'",
    "month": "to_char({cell}, 'YYYY-MM')",
    "day": "to_char({cell}, 'YYYY-MM-DD')",
    "band": f"({SHAPES['band']})::text || '+'".replace("t.{column}", "{cell}"),
    "rounded": f"({SHAPES['rounded']})::text".replace("t.{column}", "{cell}"),
}


def question_about(columns: Iterable[Dimension]) -> str:
    """One row a person: the id, then each of the columns as a text, empty where it is not known.

    >>> print(question_about((Dimension("customer", "city", "keep"), Dimension("score", "state", "keep"))))
    SELECT p.id, coalesce(p.city::text, ''),
           coalesce((SELECT t.state::text FROM score t WHERE t.customer_id = p.id), '')
      FROM customer p
    """
    return ",\n       ".join(("SELECT p.id", *map(_cell, columns))) + "\n  FROM customer p"


def orders_of(cube: Cube) -> str:
    """One row a person who ordered: the id, how many orders, their money. Asked with the currency, and with since and
    until where the cube has them."""
    bounds = " AND t.ordered_at >= %s" if cube.since else ""
    bounds += " AND t.ordered_at < %s" if cube.until else ""
    return (
        "SELECT t.customer_id, count(DISTINCT t.order_key), sum(t.amount_minor)::bigint FROM order_line t\n"
        f" WHERE t.currency = %s{bounds} GROUP BY t.customer_id"
    )


def _cell(one: Dimension) -> str:
    if one.table == "customer":
        return f"coalesce({_text(one, 'p')}, '')"
    return f"coalesce((SELECT {_text(one, 't')} FROM {one.table} t WHERE t.customer_id = p.id), '')"


def _text(one: Dimension, alias: str) -> str:
    return _AS_TEXT[one.shape].format(cell=f"{alias}.{one.column}", type="bigint")
