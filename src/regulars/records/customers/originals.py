"""The doors of originals: values as they came, where cleaning changed them, kept beside what became of them.

An original lies as open as the field it came for, and sealed where it held more than that: what was taken out of a name
or a street may be a phone number, or a word about somebody's health.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.asking import Asking, ask, door, question
from regulars.connections.postgres.copying import copy_in
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.customers.access import Opened
from regulars.records.customers.keys import Keys, open_cell, opening_keys, sealing_keys
from regulars.records.customers.saying import CLOSED
from regulars.records.customers.shown import shown_through
from regulars.rules.cleaning.cleaned import Came
from regulars.rules.intake.meanings import SEALED
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.exposure import OPENING, OWN_HOUSE

PLACE: Final = "as_it_came.cell"
#: Ways to reach her, and what is sealed on the record.
SEALED_FIELDS: Final = frozenset({"phone", "email", "street", *SEALED})
#: Changes by which something was taken out that is no part of the field.
TAKEN_OUT: Final = frozenset({"aside_apart", "phone_apart", "addressee_apart", "name_apart", "label_removed"})
DIGITS_OF_A_PHONE: Final = 7

_LAY_OUT: Final = """
CREATE TEMP TABLE IF NOT EXISTS new_as_it_came (customer_id bigint, field text, value text, closed text, cell bytea,
       reasons text) ON COMMIT DELETE ROWS;
TRUNCATE new_as_it_came;
"""
_ADD: Final = """
WITH alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM new_as_it_came) AND erased_at IS NULL
                  FOR KEY SHARE)
INSERT INTO as_it_came (customer_id, field, source_id, value, closed, cell, reasons, noted_at)
SELECT customer_id, field, %s::bigint, value, closed, cell, reasons::jsonb, %s::timestamptz
  FROM new_as_it_came JOIN alive ON alive.id = customer_id WHERE num_nonnulls(value, closed, cell) = 1
ON CONFLICT DO NOTHING
"""
_SHAPE: Final = pa.schema(
    [
        ("customer_id", pa.int64()), ("field", pa.string()), ("value", pa.string()), ("closed", pa.string()),
        ("cell", pa.binary()), ("reasons", pa.string()),
    ]
)  # fmt: skip
_NAMED: Final = "LEFT JOIN source s ON s.id = a.source_id"
#: A view that shows nobody but whom the log says is being opened knows no sources.
_NAMELESS: Final = "LEFT JOIN (SELECT NULL::text AS name) s ON true"
_OF: Final = """
SELECT a.field, a.source_id, s.name, coalesce(a.value, a.closed), a.cell, a.reasons, a.noted_at
  FROM as_it_came a {sources} WHERE a.customer_id = %s
 ORDER BY a.noted_at DESC, a.id DESC
"""

_FROM: Final = """
SELECT a.customer_id, c.number, coalesce(a.value, a.closed), a.cell
  FROM as_it_came a JOIN customer c ON c.id = a.customer_id
 WHERE a.source_id = %s AND a.field = %s AND a.reasons @> %s::jsonb ORDER BY a.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Original:
    """Whose, as it came, and what became of it."""

    number: str
    original: str
    became: str


@dataclass(frozen=True, slots=True)
class CameAs:
    """A value as its source sent it, what became of it and why; both None where the reader's view does not open it."""

    field: str
    source_id: int
    source: str | None
    original: str | None
    became: str | None
    reasons: tuple[str, ...]
    noted_at: datetime


def keep_as_it_came(told: Iterable[tuple[int, Sequence[Came]]], *, source_id: int, at: datetime) -> int:
    """These customers' values are kept as that source sent them; how many were not kept before.

    In the caller's transaction. The same original from the same source is kept once.
    """
    rows = [(int(who), came) for who, ones in told for came in ones]
    if not rows:
        return 0
    keys = sealing_keys({who for who, came in rows if _is_sealed(*came)})
    columns = zip(*(_laid_out(who, keys, *came) for who, came in rows), strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "new_as_it_came", pa.table(list(columns), schema=_SHAPE))
        cursor.execute(_ADD, [source_id, at])
        return int(cursor.rowcount)


@door
def came_as(opened: Opened) -> Asking[list[CameAs]]:
    """Every value of hers that came otherwise than it is kept, the newest first, as the opener's view shows them.

    Of fields that view masks or coarsens nothing is told; of what it does not open, only that and why it was changed.
    """
    view = opened.by.view
    sources = _NAMED if view in OWN_HOUSE else _NAMELESS
    rows = yield from question(view, _OF.format(sources=sources), [opened.id])
    hidden = shown_through(view)
    rows = [row for row in rows if row[0] not in hidden.masked | hidden.coarse]
    sealed = any(row[4] is not None for row in rows)
    key = opening_keys(view, [opened.id]).get(opened.id) if sealed else None
    return [_told(row, row[3] if row[4] is None else open_cell(key, PLACE, row[4]) if key else None) for row in rows]


def originals_of(
    source_id: int, field: str, reason: str, *, by: Asker, because: str, limit: int = 10
) -> list[Original]:
    """The newest values of that field which a source sent otherwise than they are kept, for that reason; in the log.

    Denied for views that open no cells.
    """
    if by.view not in OPENING:
        note_denial(by, door="originals", because=because)
        raise Denied("originals_not_for_this_role")
    rows = ask(by.view, _FROM, [source_id, field, json.dumps([reason]), limit])
    note_access(by, door="originals", because=because, rows=len(rows))
    keys = opening_keys(by.view, [row[0] for row in rows])
    found = []
    for who, number, text, cell in rows:
        pair = text if cell is None else open_cell(keys.get(who), PLACE, cell)
        if pair:
            found.append(Original(number, *json.loads(pair)))
    return found


def _told(row: Sequence[Any], pair: str | None) -> CameAs:
    field, source_id, source, _, _, reasons, noted_at = row
    original, became = json.loads(pair) if pair else (None, None)
    said = json.loads(reasons) if isinstance(reasons, str) else reasons
    return CameAs(field, source_id, source, original, became, tuple(said), noted_at)


def _is_sealed(field: str, original: str, became: str, reasons: Iterable[str]) -> bool:
    if field in SEALED_FIELDS or TAKEN_OUT & set(reasons) or "@" in original:
        return True
    return field not in CLOSED and sum(map(str.isdecimal, original)) >= DIGITS_OF_A_PHONE


def _laid_out(who: int, keys: Keys, field: str, original: str, became: str, reasons: Sequence[str]) -> tuple[Any, ...]:
    """One row; where it is to be sealed and nobody is alive to seal it for, it holds nothing and is not kept."""
    pair, why = json.dumps([original, became], ensure_ascii=False), json.dumps(list(reasons))
    if _is_sealed(field, original, became, reasons):
        return who, field, None, None, keys[who].seal(PLACE, pair) if who in keys else None, why
    return (who, field, None, pair, None, why) if field in CLOSED else (who, field, pair, None, None, why)
