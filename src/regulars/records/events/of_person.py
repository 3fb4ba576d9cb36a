"""Whose an event is by what its source called her, or by her device; the house's own questions, which hand out keys."""

from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.events.keeping import digests

#: What sources call her, by each stream whose user ids are that source's.
_REFS: Final = """
SELECT s.id, r.ref FROM customer_ref r
  JOIN source s ON coalesce((s.settings -> 'stream' ->> 'people_of')::bigint, s.id) = r.source_id
 WHERE r.customer_id = %s
"""
_HERS: Final = """
SELECT e.id::text, e.occurred_at::text FROM event e WHERE e.customer_id = %s AND e.id > %s AND (
       e.visitor = ANY (%s::uuid[])
    OR e.visitor IN (SELECT l.visitor FROM visitor_link l WHERE l.customer_id = %s AND NOT l.shared))
"""


def visitors_of(customer_id: int) -> list[str]:
    """What stands in events for what her sources call her."""
    return [digests(int(stream)).user(ref) for stream, ref in ask(WRITER, _REFS, [customer_id])]


def events_about(customer_id: int, holder_id: int, *, after: int) -> list[tuple[str, ...]]:
    """Of the newer events that stand with another customer, those that came by what this one is called, or from a
    device that is hers alone; keys of rows."""
    asked = [holder_id, after, visitors_of(customer_id), customer_id]
    return [(str(event), str(moment)) for event, moment in ask(WRITER, _HERS, asked)]
