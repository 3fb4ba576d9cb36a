"""Who is still there in the moment something is written of her.

A file is opened, a list is read, and only then something is written; in between she may have been erased. Whoever
writes holds her until the transaction ends: an erasure then waits for what is being written, and takes it along.
"""

from collections.abc import Iterable
from typing import Final

from regulars.records.customers.keys import cursor_of
from regulars.rules.permission.errors import NotThere

# The weakest lock that an erasure waits for; those who write of her do not wait for each other.
_ALIVE: Final = "SELECT id FROM customer WHERE id = ANY (%s) AND erased_at IS NULL ORDER BY id FOR KEY SHARE"


def held_alive(customer_ids: Iterable[int]) -> frozenset[int]:
    """Those of them who are not erased: nor will they be before this transaction has ended."""
    wanted = sorted({int(one) for one in customer_ids})
    return frozenset(who for (who,) in cursor_of("default").execute(_ALIVE, [wanted])) if wanted else frozenset()


def hold_alive(customer_id: int) -> None:
    """She is not erased before this transaction has ended; NotThere when she is."""
    if not held_alive([customer_id]):
        raise NotThere("customer_not_there")
