"""All that sources say of a field whose values add up: of who was merged into a customer too, where it has no room
beside what the other's source says. What came by a merge knows by which, so that a word confirmed before unsays none
of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from regulars.records.customers.keys import cursor_of, keys_at_hand, open_cell, sealing_keys
from regulars.rules.intake.choosing import Says

# Somebody who is about to be two again is there already and none of her parts.
_ROWS: Final = """
WITH RECURSIVE part (whose, id, came) AS (
    SELECT id, id, ARRAY[]::bigint[] FROM unnest(%(ids)s::bigint[]) one (id)
    UNION ALL
    SELECT p.whose, m.goes_id, p.came || m.id FROM part p JOIN merge m ON m.into_id = p.id AND m.undone_at IS NULL
      JOIN customer g ON g.id = m.goes_id AND g.erased_at IS NOT NULL),
moved (whose, merge, id) AS (
    SELECT p.whose, m.id, (k ->> 0)::bigint
      FROM part p JOIN merge m ON m.goes_id = p.id AND m.undone_at IS NULL AND m.id = ANY (p.came)
      JOIN merged_rows r ON r.merge_id = m.id AND r.table_name = 'field_said'
     CROSS JOIN LATERAL jsonb_array_elements(r.keys) k)
SELECT p.whose, p.id, s.source_id, s.value, s.cell, coalesce(o.trust, 3), s.said_at, s.confirmed_at,
       p.came || ARRAY(SELECT v.merge FROM moved v WHERE v.whose = p.whose AND v.id = s.id)
  FROM part p JOIN field_said s ON s.customer_id = p.id AND s.field = %(field)s LEFT JOIN source o ON o.id = s.source_id
"""
_MOMENTS: Final = "SELECT id, at FROM merge WHERE id = ANY (%s)"


def words_of(customer_ids: Sequence[int], field: str) -> dict[int, list[Says]]:
    """Customer → what everybody says of the field, in clear; for the house's own work."""
    rows = cursor_of("default").execute(_ROWS, {"ids": list(customer_ids), "field": field}).fetchall()
    keys = keys_at_hand({row[1] for row in rows if row[4] is not None})
    numbers = {merge for row in rows for merge in row[8]}
    moments = dict(cursor_of("default").execute(_MOMENTS, [list(numbers)]).fetchall()) if numbers else {}
    says: dict[int, list[Says]] = {}
    for whose, part, source, text, cell, *told in rows:
        value = text if cell is None else open_cell(keys.get(part), f"customer.{field}", cell)
        if value:
            says.setdefault(whose, []).append(_says(source, field, value, moments, *told))
    return says


def sealed_words(field: str, best: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """The same with the words of that field as the record holds them: sealed under each customer's own key."""
    keys = sealing_keys([who for who, told in best.items() if told.get(field)])
    return {
        who: {name: keys[who].seal(f"customer.{field}", text) if name == field else text for name, text in told.items()}
        for who, told in best.items() if who in keys
    }  # fmt: skip


def _says(
    source: int | None, field: str, value: str, moments: Mapping[int, datetime], trust: int, said_at: datetime,
    confirmed_at: datetime | None, came: Sequence[int],
) -> Says:  # fmt: skip
    merges = frozenset((moments[merge], merge) for merge in came)
    return Says(source, {field: value}, trust, said_at, confirmed_at, merges)
