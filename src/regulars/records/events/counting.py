"""A customer's events in figures, counted anew where they did not come one after the other: for merging."""

from collections.abc import Collection
from typing import Final, LiteralString

from regulars.connections.postgres.asking import WRITER
from regulars.records.customers.keys import cursor_of

_FORGET: Final = "DELETE FROM customer_events WHERE customer_id = ANY (%s)"
_COUNT: Final[LiteralString] = """
INSERT INTO customer_events (customer_id, events, first_at, last_at)
SELECT customer_id, count(*), min(occurred_at), max(occurred_at) FROM event WHERE customer_id = ANY (%s)
 GROUP BY customer_id
"""


def count_events_anew(customer_ids: Collection[int]) -> None:
    """The figures of these customers are those of their events. For a transaction that has shut batches out."""
    cursor_of(WRITER).execute(_FORGET, [list(customer_ids)])
    cursor_of(WRITER).execute(_COUNT, [list(customer_ids)])
