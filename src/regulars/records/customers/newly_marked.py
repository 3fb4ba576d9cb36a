"""Who has to be compared with the others: whoever got marks that she did not have when customers were last compared."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask, ask_one, tell

_NEXT: Final = "SELECT id, customer_id FROM newly_marked ORDER BY id LIMIT %s"
_MANY: Final = "SELECT count(DISTINCT customer_id) FROM newly_marked"
_GONE: Final = "DELETE FROM newly_marked WHERE id = ANY (%s)"
_ALL_GONE: Final = "DELETE FROM newly_marked"
_AGAIN: Final = "INSERT INTO newly_marked (customer_id) SELECT unnest(%s::bigint[])"
# Words of names are no reason to compare two: thousands share them, and marks hold whole names already.
_NEAR: Final = """
WITH marks AS (SELECT DISTINCT mark FROM recognition_mark WHERE customer_id = ANY (%s)),
tokens AS (SELECT DISTINCT token FROM search_token WHERE customer_id = ANY (%s)
              AND NOT starts_with(token, 'w:') AND NOT starts_with(token, 'p:'))
SELECT unnest(who) FROM marks CROSS JOIN LATERAL (
    SELECT array_agg(customer_id) AS who FROM (
        SELECT customer_id FROM recognition_mark r WHERE r.mark = marks.mark LIMIT %s) one) shared
 WHERE cardinality(who) < %s
UNION
SELECT unnest(who) FROM tokens CROSS JOIN LATERAL (
    SELECT array_agg(customer_id) AS who FROM (
        SELECT customer_id FROM search_token r WHERE r.token = tokens.token LIMIT %s) one) shared
 WHERE cardinality(who) < %s
"""


@dataclass(frozen=True, slots=True)
class ToCompare:
    """Customers to be compared, and the rows that say so."""

    rows: Sequence[int]
    customers: frozenset[int]


def next_to_compare(most: int) -> ToCompare:
    """The first who wait to be compared."""
    found = ask(WRITER, _NEXT, [most])
    return ToCompare([int(row) for row, _ in found], frozenset(int(who) for _, who in found))


def how_many_newly_marked() -> int:
    """How many customers wait to be compared."""
    row = ask_one(WRITER, _MANY)
    return int(row[0]) if row else 0


def share_a_key(customer_ids: Collection[int], *, shared_by: int) -> frozenset[int]:
    """These, and everybody who shares a mark, a contact or a number with one of them that no more than so many have."""
    ids, past = sorted(customer_ids), shared_by + 1
    found = ask(WRITER, _NEAR, [ids, ids, past, past, past, past])
    return frozenset(ids) | {int(who) for (who,) in found}


def are_compared(told: ToCompare) -> None:
    """They wait no more; who got marks meanwhile does."""
    tell(WRITER, _GONE, [list(told.rows)])


def everybody_is_compared() -> None:
    """Nobody waits of those who did until now: a comparison of all has begun, and goes on until it is done."""
    tell(WRITER, _ALL_GONE)


def compare_again(*customer_ids: int) -> None:
    """These are compared with the others again: what is known of them came from elsewhere."""
    tell(WRITER, _AGAIN, [list(customer_ids)])
