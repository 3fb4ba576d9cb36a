"""The reading door of habits: what customers of a list just found usually take, and at which price."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from regulars.connections.postgres.asking import Asking, door, question
from regulars.rules.permission.asking import Asker


@dataclass(frozen=True, slots=True)
class Habit:
    """What she took most often in her newest lines ("" where nothing stands out), and what an order of hers usually
    comes to, in minor units."""

    usual: str
    order_minor: int
    currency: str


#: Of so many of the newest lines within half a year before the last order; what was taken once is no habit.
_HABITS: Final = """
SELECT a.customer_id, u.name, a.amount_minor / GREATEST(a.orders, 1), a.currency
  FROM (SELECT * FROM customer_activity WHERE customer_id = ANY (%s)) a
  LEFT JOIN LATERAL (
       SELECT p.name FROM (
              SELECT product_id FROM order_line
               WHERE customer_id = a.customer_id AND ordered_at > a.last_at - interval '184 days'
                 AND ordered_at <= a.last_at AND amount_minor > 0 ORDER BY ordered_at DESC LIMIT 40) o
        CROSS JOIN LATERAL (SELECT coalesce(nullif(category, ''), name) AS name FROM product
                             WHERE id = o.product_id LIMIT 1) p
        GROUP BY p.name HAVING count(*) > 1 ORDER BY count(*) DESC, p.name LIMIT 1) u ON true
"""


@door
def habits_of(ids: Iterable[int], *, by: Asker) -> Asking[dict[int, Habit]]:
    """Customer id → habit, for those who bought anything; the list's own door logs."""
    rows = yield from question(by.view, _HABITS, [list(ids)])
    return {who: Habit(usual or "", int(amount), currency) for who, usual, amount, currency in rows}
