"""The writing door of orders that events tell: the newest word about each holds, whatever comes late or twice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from regulars.connections.postgres.asking import WRITER
from regulars.records.customers.keys import cursor_of

_NEWEST: Final = """
INSERT INTO order_told AS o (order_key, placed_at, told_at)
SELECT key, at, at FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (key, at) ORDER BY key
ON CONFLICT (order_key) DO UPDATE SET placed_at = least(o.placed_at, excluded.placed_at), told_at = excluded.told_at
   WHERE o.told_at <= excluded.told_at
RETURNING order_key, placed_at
"""
_GONE: Final = """
DELETE FROM order_line WHERE customer_id = ANY (%s) AND order_key = ANY (%s) AND amount_minor >= 0
   AND NOT line_key = ANY (%s::uuid[])
RETURNING date_trunc('month', ordered_at AT TIME ZONE %s)::date
"""
_STANDING: Final = """
SELECT product_id, max(branch_id), min(currency), sum(quantity_milli)::bigint, sum(amount_minor)::bigint
  FROM order_line WHERE customer_id = %s AND order_key = %s
 GROUP BY product_id HAVING sum(amount_minor) > 0 ORDER BY product_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of an order, by product: quantity in thousandths, money in minor units."""

    product_id: int | None
    branch_id: int | None
    currency: str
    quantity_milli: int
    amount_minor: int


def newest_words(told: Mapping[int, datetime]) -> dict[int, datetime]:
    """Order → when it was placed, for those about which nothing newer has been told."""
    rows = cursor_of(WRITER).execute(_NEWEST, [list(told), list(told.values())]).fetchall() if told else []
    return dict(rows)


def leave_out(customers: Collection[int], orders: Collection[int], but: Collection[str], *, zone: str) -> set[date]:
    """Of these orders only these lines (keys in hexadecimal) are left, and what was taken back; the months touched."""
    asked = [list(customers), list(orders), list(but), zone]
    return {month for (month,) in cursor_of(WRITER).execute(_GONE, asked).fetchall()}


def left_of(customer_id: int, order_key: int) -> list[Standing]:
    """What of that order has not been taken back."""
    return [Standing(*row) for row in cursor_of(WRITER).execute(_STANDING, [customer_id, order_key]).fetchall()]
