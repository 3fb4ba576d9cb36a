"""What merges change for an import under way: whom its source's references mean now, and whose lines it brings.

Ids and references only; the house's own questions.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
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


def merges_so_far() -> tuple[int, int]:
    """What is another pair of numbers once anybody is merged or two again."""
    newest, undone = ask(WRITER, _NOW)[0]
    return int(newest), int(undone)


def people_of_merges() -> list[int]:
    """Everybody who was ever merged, or merged into."""
    return [int(who) for (who,) in ask(WRITER, _PEOPLE)]


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
