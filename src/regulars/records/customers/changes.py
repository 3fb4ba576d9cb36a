"""The change book of customers' own records: what a value was before, and who changed it, readable as long as she is.

Both values are sealed as cells of their column, so erasing the customer makes them unreadable in a book to which one
can only add.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from regulars.connections.keys.envelope import DataKey
from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log import access as book
from regulars.records.access_log.access import ChangeLine
from regulars.records.customers.access import Opened
from regulars.records.customers.keys import cursor_of, keys_at_hand, open_cell, opening_keys, sealing_keys
from regulars.rules.permission.asking import Asker

#: Customer id, field, value before, value after; where the column is sealed, its two cells after these.
Change = tuple[int, str, str | None, str | None] | tuple[int, str, None, None, bytes | None, bytes | None]
_NEWEST: Final = """
SELECT at, who, door, field, old, new FROM customer_change WHERE customer_id = %s ORDER BY at DESC, id DESC LIMIT %s
"""
_ADD: Final = """
INSERT INTO customer_change (at, who, door, customer_id, field, old, new)
SELECT %s, %s, %s, * FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[])
"""


def note_customer_changes(changes: Iterable[Change], *, by: Asker, door: str, at: datetime) -> None:
    """The changed values are in the book, sealed, in the transaction of the change; an erased customer has none."""
    listed = list(changes)
    keys = sealing_keys({person for person, *_ in listed})
    alive = [one for one in listed if one[0] in keys]
    if alive:
        rows = [(change[0], change[1], *_cells(keys[change[0]], *change[1:])) for change in alive]
        cursor_of("default").execute(_ADD, [at, by.name, door, *(list(column) for column in zip(*rows, strict=True))])


def changes_of(opened: Opened, *, limit: int = 50, merged_away: bool = False) -> list[ChangeLine]:
    """What was changed in this customer's record, newest first; for her own page and the officer. Of a record that was
    `merged_away` too: its book and its key lie out of sight of every view.
    """
    lines = book.changes_of(opened.id, by=opened.by, limit=limit)
    rows = ask(WRITER if merged_away else opened.by.view, _NEWEST, [opened.id, limit])
    keys = keys_at_hand([opened.id]) if merged_away else opening_keys(opened.by.view, [opened.id]) if rows else {}
    key = keys.get(opened.id)
    for at, who, door, field, old, new in rows:
        before, after = (open_cell(key, f"customer.{field}", cell) for cell in (old, new))
        lines.append(ChangeLine(at, who, door, "customer", field, before, after))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _cells(
    key: DataKey, field: str, old: str | None, new: str | None, old_cell: bytes | None = None,
    new_cell: bytes | None = None,
) -> tuple[bytes | None, bytes | None]:  # fmt: skip
    """The value before and after, sealed as cells of their column; a sealed column's own cells stay what they are."""
    before, after = (None if text is None else key.seal(f"customer.{field}", text) for text in (old, new))
    return (before, after) if old_cell is None and new_cell is None else (old_cell, new_cell)
