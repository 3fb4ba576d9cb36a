"""Order lines of two who were one: which she has, and which belong to orders of the other. Keys only, for merging."""

from typing import Final

from regulars.records.customers.keys import cursor_of

Keys = list[tuple[str, ...]]
_LINES: Final = "SELECT line_key::text FROM order_line WHERE customer_id = %s ORDER BY 1"
_TO_HER_ORDERS: Final = """
SELECT line_key::text, ordered_at::text FROM order_line WHERE customer_id = %(into)s AND (
       order_key IN (SELECT order_key FROM order_line WHERE customer_id = %(goes)s)
    OR order_ref = ANY (%(returns)s) AND source_id = (SELECT id FROM source WHERE ref = 'order-desk'))
"""
_RETURNS: Final = """
SELECT id::text, ref FROM desk_order WHERE customer_id = %(into)s AND returns_ref <> ''
   AND returns_ref IN (SELECT order_ref FROM order_line WHERE customer_id = %(goes)s)
"""


def lines_of(customer_id: int) -> tuple[str, ...]:
    """The keys of all her order lines."""
    return tuple(key for (key,) in cursor_of("default").execute(_LINES, [customer_id]).fetchall())


def of_orders_of(goes: int, into: int) -> dict[str, Keys]:
    """Table → keys of what stands with the second and belongs to orders of the first: lines that came to them later,
    and what was taken back of them at the desk.
    """
    values: dict[str, object] = {"goes": goes, "into": into}
    returns = cursor_of("default").execute(_RETURNS, values).fetchall()
    lines = cursor_of("default").execute(_TO_HER_ORDERS, values | {"returns": [ref for _, ref in returns]}).fetchall()
    return {"desk_order": [(number,) for number, _ in returns], "order_line": [(key, at) for key, at in lines]}
