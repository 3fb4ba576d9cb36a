"""What a source called somebody who was erased, for the imports that were under way then, and for no other.

A run that was stopped or killed goes on later and finds her name in its source gone: it would take her for somebody
new. By a keyed digest it knows that she was erased since; what the rest of its file says of her is told to nobody, and
what she bought is somebody's. When all those runs have ended the digests go. A file that is brought anew knows nothing
of it: she is somebody new then, as everybody who comes.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from django.conf import settings

from regulars.records.customers.keys import cursor_of
from regulars.records.customers.models import CustomerRef

_UNDER_WAY: Final = """
SELECT source_id, max(id) FROM import_run WHERE state <> 'finished' AND source_id = ANY (%s) GROUP BY source_id
"""
_KEEP: Final = """
INSERT INTO erased_ref (source_id, digest, customer_id, through_run) VALUES (%s, %s, %s, %s)
ON CONFLICT (source_id, digest) DO UPDATE SET customer_id = excluded.customer_id, through_run = excluded.through_run
"""
_OF_RUN: Final = "SELECT digest, customer_id FROM erased_ref WHERE source_id = %s AND through_run >= %s"
_FORGET: Final = """
DELETE FROM erased_ref e WHERE NOT EXISTS (
    SELECT FROM import_run r WHERE r.source_id = e.source_id AND r.id <= e.through_run AND r.state <> 'finished')
"""


def keep_refs(customer_id: int) -> None:
    """The imports under way know by what their sources call her that she is gone."""
    called = list(CustomerRef.objects.filter(customer_id=customer_id).values_list("source_id", "ref"))
    newest = dict(cursor_of("default").execute(_UNDER_WAY, [[source for source, _ in called]]).fetchall())
    for source, ref in called:
        if source in newest:
            cursor_of("default").execute(_KEEP, [source, _digest(source, ref), customer_id, newest[source]])


def erased_since(source_id: int, run_id: int, refs: Iterable[str | None]) -> dict[str, int]:
    """Reference → number of the tombstone, of those who were erased since this run was there."""
    known = dict(cursor_of("default").execute(_OF_RUN, [source_id, run_id]).fetchall())
    if not known:
        return {}
    digests = ((ref, _digest(source_id, ref)) for ref in refs if ref)
    return {ref: known[digest] for ref, digest in digests if digest in known}


def forget_refs() -> None:
    """Where no import of that time is left, nobody knows what a source called whom."""
    cursor_of("default").execute(_FORGET)


def _digest(source_id: int, ref: str) -> str:
    key: bytes = settings.KEYS.read("search")
    return hmac.new(key, b"erased reference:%d:" % source_id + ref.encode(), hashlib.sha256).hexdigest()
