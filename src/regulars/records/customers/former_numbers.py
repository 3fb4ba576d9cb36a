"""Numbers customers had before they were merged into somebody: whoever asks by one is told who that is now.

Asked only where nobody of a number is found, so who is called by her own number waits for nothing.
"""

from collections.abc import Collection
from typing import Final

from django.db import connection
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask_one

_NOW: Final = """
SELECT c.number FROM former_number f JOIN customer c ON c.id = f.customer_id AND c.erased_at IS NULL WHERE f.number = %s
"""
_POINT: Final = """
INSERT INTO former_number (number, customer_id, since)
SELECT number, %s, %s FROM customer WHERE id = ANY (%s)
ON CONFLICT (number) DO UPDATE SET customer_id = excluded.customer_id, since = excluded.since
"""
_TAKE_BACK: Final = "DELETE FROM former_number f USING customer c WHERE c.number = f.number AND c.id = %s"


def number_now(number: str) -> str | None:
    """The number of the customer who bears this one no longer, having been merged into another; None for any other."""
    row = ask_one(WRITER, _NOW, [number]) if number.isprintable() else None
    return str(row[0]) if row else None


def point_numbers(customer_ids: Collection[int], now: int) -> None:
    """The numbers of these mean the customer `now`, when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(_POINT, [now, timezone.now(), list(customer_ids)])


def own_number_again(customer_id: int) -> None:
    """Her number means herself again, when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [customer_id])
