"""What merges change for an import under way: whom its source's references mean now, and whose lines and ways to reach
her it brings.

Ids and references, and ways to reach somebody opened to be compared; the house's own questions.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.keys import keys_at_hand
from regulars.records.merging.merges import note_rows, rows_of

_NOW: Final = "SELECT coalesce(max(id), 0), count(undone_at) FROM merge"
_PEOPLE: Final = "SELECT goes_id FROM merge UNION SELECT into_id FROM merge"
_REFS: Final = f"SELECT ref, customer_id FROM customer_ref WHERE source_id = %s AND customer_id IN ({_PEOPLE})"  # noqa: S608
_WENT: Final = """
SELECT r.ref, m.id FROM merge m JOIN merged_rows t ON t.merge_id = m.id AND t.table_name = 'customer_ref'
 CROSS JOIN LATERAL jsonb_array_elements(t.keys) k
  JOIN customer_ref r ON r.id = (k ->> 0)::bigint AND r.source_id = %s WHERE m.undone_at IS NULL ORDER BY m.id
"""
_LINES: Final = """
SELECT o.line_key::text, o.ordered_at::text FROM unnest(%s::uuid[], %s::timestamptz[]) n (line_key, ordered_at)
  JOIN order_line o ON o.line_key = n.line_key AND o.ordered_at = n.ordered_at
"""
_SEVERAL: Final = "SELECT DISTINCT into_id FROM merge WHERE undone_at IS NULL AND into_id = ANY (%s)"
_WAYS: Final = "SELECT id, customer_id, channel, value FROM contact_point WHERE customer_id = ANY (%s)"
_NOTED: Final = """
SELECT m.id, (k ->> 0)::bigint FROM merge m JOIN merged_rows t ON t.merge_id = m.id AND t.table_name = 'contact_point'
 CROSS JOIN LATERAL jsonb_array_elements(t.keys) k
 WHERE m.undone_at IS NULL AND (k ->> 0)::bigint > (m.marks ->> 'contact_point')::bigint
   AND (k ->> 0)::bigint = ANY (%s)
"""
_FORGET: Final = """
UPDATE merged_rows
   SET keys = (SELECT coalesce(jsonb_agg(k), '[]') FROM jsonb_array_elements(keys) k WHERE k ->> 0 <> ALL (%s))
 WHERE merge_id = %s AND table_name = 'contact_point' RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach a customer, as it is kept."""

    id: int
    customer_id: int
    channel: str
    value: str


def merges_so_far() -> tuple[int, int]:
    """What is another pair of numbers once anybody is merged or two again."""
    newest, undone = ask(WRITER, _NOW)[0]
    return int(newest), int(undone)


def people_of_merges() -> list[int]:
    """Everybody who was ever merged, or merged into."""
    return [int(who) for (who,) in ask(WRITER, _PEOPLE)]


def several_among(customer_ids: Collection[int]) -> frozenset[int]:
    """Those of these into whom a merge stands."""
    return frozenset(int(who) for (who,) in ask(WRITER, _SEVERAL, [list(customer_ids)]))


def ways_of(customer_ids: Collection[int]) -> list[Way]:
    """All ways to reach these, opened."""
    ids, point = list(customer_ids), "contact_point.value"
    keys = keys_at_hand(ids)
    return [
        Way(int(way), int(who), channel, keys[who].open(point, bytes(cell)))
        for way, who, channel, cell in ask(WRITER, _WAYS, [ids]) if cell is not None and who in keys
    ]  # fmt: skip


def note_ways(ways: Mapping[int, Sequence[int]]) -> None:
    """Way to reach somebody → the merges with whose reference it came: it goes back with whom it is about."""
    by_merge: dict[int, list[tuple[str, ...]]] = {}
    for way, merges in ways.items():
        for merge in merges:
            by_merge.setdefault(merge, []).append((str(way),))
    for merge, keys in by_merge.items():
        note_rows(merge, {"contact_point": keys})


def forget_ways(ways: Mapping[int, Sequence[int]]) -> None:
    """Ways that are told by other references than those of these merges too are nobody's alone: where they were noted
    for a merge, they are no longer."""
    by_merge: dict[int, list[str]] = {}
    noted: dict[int, set[int]] = {}
    for merge, way in ask(WRITER, _NOTED, [list(ways)]):
        noted.setdefault(int(way), set()).add(int(merge))
    for way, merges in noted.items():
        for merge in merges if merges != set(ways[way]) else ():
            by_merge.setdefault(merge, []).append(str(way))
    for merge, keys in by_merge.items():
        ask(WRITER, _FORGET, [keys, merge])


def refs_of_merged(source_id: int) -> list[tuple[str, int]]:
    """What the source calls those people, and whom it means now."""
    return [(str(ref), int(who)) for ref, who in ask(WRITER, _REFS, [source_id])]


def refs_that_went(source_id: int) -> dict[str, list[int]]:
    """Reference of that source → the merges it went over with, which stand."""
    went: dict[str, list[int]] = {}
    for ref, merge in ask(WRITER, _WENT, [source_id]):
        went.setdefault(str(ref), []).append(int(merge))
    return went


def note_lines(lines: Mapping[int, Sequence[tuple[object, object]]]) -> None:
    """Merge → lines (key, moment) that came by a reference which went over with it: they go back with whom they are
    about. In the transaction that brings them."""
    for merge, keys in lines.items():
        there = ask(WRITER, _LINES, [[str(key) for key, _ in keys], [moment for _, moment in keys]])
        known = set(rows_of(merge).get("order_line", ()))
        if new := [key for key in map(tuple, there) if key not in known]:
            note_rows(merge, {"order_line": new})
