"""The night's keys: what the anonymous view shows instead of a customer's number, drawn anew to link no two days."""

from django.db import connection, transaction

#: Sixty random bits of a version 4 UUID (RFC 9562), from its parts that are random throughout.
KEY = "('x' || left(u, 12) || right(u, 3))::bit(60)::bigint"
DRAW = f"""
INSERT INTO anonymous_key (customer_id, key)
SELECT id, {KEY} FROM (
    SELECT id, replace(gen_random_uuid()::text, '-', '') AS u FROM customer WHERE erased_at IS NULL OFFSET 0) drawn
 ORDER BY 2
"""  # noqa: S608 - our own words


def renew_anonymous_keys() -> int:
    """Everybody has a new key, and the keys lie in their own order, not in the customers'; how many were drawn."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM anonymous_key")
        cursor.execute(DRAW)
        return int(cursor.rowcount)
