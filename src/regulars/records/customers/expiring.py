"""What a source said goes once it may no longer be kept; what another source said too stays, and is believed instead.

Found anew each time, a batch a transaction: killed at any point, the next time goes on where this one ended.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.keys import cursor_of, keys_at_hand, open_cell
from regulars.records.customers.marking import found_by, found_no_more
from regulars.records.customers.saying import FIELDS, settle, spell_out
from regulars.rules.intake.choosing import ADDS_UP, thing_of
from regulars.rules.permission.asking import Asker

AT_ONCE: Final = 500
#: Customer, field, text, cell.
SaidRow = tuple[int, str, str | None, bytes | None]
#: Customer → field and value.
Gone = Mapping[int, Collection[tuple[str, str]]]
_WHOM: Final = """
SELECT c.id, c.number FROM (
    SELECT id FROM customer WHERE source_id = %(source)s AND id > %(after)s
    UNION SELECT customer_id FROM field_said WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM as_it_came WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM contact_point WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM contact_point_said WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM customer_ref WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM group_member WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM own_value WHERE source_id = %(source)s AND customer_id > %(after)s
    UNION SELECT customer_id FROM own_value_said WHERE source_id = %(source)s AND customer_id > %(after)s
) k JOIN customer c ON c.id = k.id AND {there} ORDER BY c.id LIMIT %(many)s
"""
_THERE: Final = "c.erased_at IS NULL"
_MERGED_AWAY: Final = (
    "EXISTS (SELECT FROM merge m WHERE m.goes_id = c.id AND m.undone_at IS NULL AND m.kept IS NOT NULL)"
)
# Nobody but this source ever spoke of them, and nothing ever happened between them and the house: no word of their own,
# no complaint, nothing a web page told of them, nobody of another source who was merged into them.
_NOTHING_ELSE: Final = """
SELECT c.number FROM customer c WHERE c.id = ANY (%(ids)s) AND c.stage = 'prospect' AND c.source_id = %(source)s
   AND NOT EXISTS (SELECT FROM customer_ref r WHERE r.customer_id = c.id AND r.source_id <> %(source)s)
   AND NOT EXISTS (SELECT FROM field_said s WHERE s.customer_id = c.id AND s.source_id IS DISTINCT FROM %(source)s)
   AND NOT EXISTS (SELECT FROM contact_point p WHERE p.customer_id = c.id AND p.source_id IS DISTINCT FROM %(source)s)
   AND NOT EXISTS (SELECT FROM contact_point_said p WHERE p.customer_id = c.id AND p.source_id <> %(source)s)
   AND NOT EXISTS (SELECT FROM touchpoint t WHERE t.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM choice_entry e WHERE e.customer_id = c.id AND e.source <> 'import')
   AND NOT EXISTS (SELECT FROM complaint o WHERE o.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM preference p WHERE p.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM customer_events e WHERE e.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM response a WHERE a.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM desk_order d WHERE d.customer_id = c.id)
   AND NOT EXISTS (SELECT FROM group_member g WHERE g.customer_id = c.id AND g.source_id IS DISTINCT FROM %(source)s)
   AND NOT EXISTS (SELECT FROM merge m JOIN customer g ON g.id = m.goes_id
                    WHERE m.into_id = c.id AND m.undone_at IS NULL AND g.source_id IS DISTINCT FROM %(source)s)
   AND NOT EXISTS (SELECT FROM own_value v WHERE v.customer_id = c.id AND v.source_id IS DISTINCT FROM %(source)s)
   AND NOT EXISTS (SELECT FROM own_value_said v WHERE v.customer_id = c.id AND v.source_id IS DISTINCT FROM %(source)s)
 ORDER BY c.id
"""
_HELD: Final = "SELECT id, source_id FROM customer WHERE id = ANY (%s) AND erased_at IS NULL ORDER BY id FOR UPDATE"
_UNSAY: Final = """
DELETE FROM field_said WHERE source_id = %s AND customer_id = ANY (%s)
RETURNING customer_id, field, coalesce(value, closed), cell
"""
_STILL_SAID: Final = """
SELECT customer_id, field, coalesce(value, closed), cell FROM field_said WHERE customer_id = ANY (%s)
"""
_HAND_OVER: Final = """
WITH heir AS (
    SELECT DISTINCT ON (contact_point_id) contact_point_id, source_id, noted_at FROM contact_point_said
     WHERE customer_id = ANY (%(ids)s) AND source_id <> %(source)s ORDER BY contact_point_id, noted_at, source_id),
handed AS (
    UPDATE contact_point p SET source_id = h.source_id, noted_at = h.noted_at FROM heir h
     WHERE p.id = h.contact_point_id AND p.source_id = %(source)s RETURNING p.id, p.source_id)
DELETE FROM contact_point_said s USING handed h WHERE s.contact_point_id = h.id AND s.source_id = h.source_id
"""
_DROP: Final = (
    "DELETE FROM as_it_came WHERE source_id = %(source)s AND customer_id = ANY (%(ids)s)",
    "DELETE FROM contact_point_said WHERE source_id = %(source)s AND customer_id = ANY (%(ids)s)",
    "DELETE FROM contact_point WHERE source_id = %(source)s AND customer_id = ANY (%(ids)s)",
    "DELETE FROM group_member WHERE source_id = %(source)s AND customer_id = ANY (%(ids)s)",
    "DELETE FROM customer_ref WHERE source_id = %(source)s AND customer_id = ANY (%(ids)s)",
    """UPDATE customer c SET source_id = coalesce(
           (SELECT source_id FROM field_said s WHERE s.customer_id = c.id ORDER BY said_at, source_id LIMIT 1),
           (SELECT source_id FROM customer_ref r WHERE r.customer_id = c.id ORDER BY id LIMIT 1))
        WHERE source_id = %(source)s AND id = ANY (%(ids)s)""",
)
_EMPTY_BOOK: Final = """
UPDATE customer_change c SET old = NULL, new = NULL
  FROM unnest(%s::bigint[], %s::text[]) g (who, field), (SELECT %s::bytea[] AS said) still
 WHERE c.customer_id = g.who AND c.field = g.field
   AND NOT (coalesce(c.old = ANY (still.said), true) AND coalesce(c.new = ANY (still.said), true))
"""
_WHOSE_PARTS: Final = """
WITH RECURSIVE up (part, id) AS (
    SELECT id, id FROM unnest(%s::bigint[]) one (id)
    UNION ALL SELECT u.part, m.into_id FROM up u JOIN merge m ON m.goes_id = u.id AND m.undone_at IS NULL)
SELECT u.part, u.id FROM up u JOIN customer c ON c.id = u.id AND c.erased_at IS NULL
"""
# The record says just what one source does where another says something else, or somebody merged into her does.
_NOT_ADDED_UP: Final = """
SELECT c.id, s.field FROM customer c JOIN field_said s ON s.customer_id = c.id AND s.field = ANY (%s)
 WHERE c.id > %s AND c.id <= %s AND c.erased_at IS NULL AND s.cell IS NOT DISTINCT FROM c.allergies
   AND (EXISTS (SELECT FROM field_said o WHERE o.customer_id = c.id AND o.field = s.field AND o.cell <> s.cell)
        OR EXISTS (SELECT FROM merge m JOIN field_said o ON o.customer_id = m.goes_id AND o.field = s.field
                    WHERE m.into_id = c.id AND m.undone_at IS NULL))
"""
_DISAGREEING: Final = """
SELECT DISTINCT customer_id, field FROM (
    SELECT customer_id, field FROM field_said f WHERE customer_id > %s AND customer_id <= %s
       AND (%s::bigint IS NULL OR EXISTS (
           SELECT FROM field_said o WHERE o.customer_id = f.customer_id AND o.source_id = %s))
     GROUP BY customer_id, field HAVING count(DISTINCT (coalesce(value, closed), cell)) > 1) d
"""


def whom_it_told_of(
    source_id: int, *, after: int = 0, at_once: int = AT_ONCE, merged_away: bool = False
) -> list[tuple[int, str]]:
    """(id, number) of the next customers of whom the vault still holds something that source said; those who are there,
    or those whose rows lie out of sight because they were merged away.
    """
    whom = _WHOM.format(there=_MERGED_AWAY if merged_away else _THERE)
    return [(int(who), str(number)) for who, number in cursor_of(WRITER).execute(
        whom, {"source": source_id, "after": after, "many": at_once}
    ).fetchall()]  # fmt: skip


def with_nothing_else(source_id: int, ids: Sequence[int]) -> list[str]:
    """Numbers of those of them of whom nothing would be left."""
    rows = cursor_of(WRITER).execute(_NOTHING_ELSE, {"ids": list(ids), "source": source_id}).fetchall()
    return [str(number) for (number,) in rows]


def let_go_of(source_id: int, ids: Sequence[int], *, by: Asker, at: datetime) -> Gone:
    """What only this source said of these customers is gone, in the caller's transaction; customer → what it was.

    Nothing of it stands in the change book any more. What would open a file wider or put it under another law stays.
    """
    held = {int(who): base for who, base in cursor_of(WRITER).execute(_HELD, [list(ids)]).fetchall()}
    people = sorted(held)
    before = found_by(people)
    spell_out([who for who in people if held[who] == source_id], FIELDS)
    unsaid = cursor_of(WRITER).execute(_UNSAY, [source_id, people]).fetchall()
    things: dict[str, set[int]] = {}
    for who, field, _, _ in unsaid:
        things.setdefault(thing_of(field), set()).add(who)
    values = {"source": source_id, "ids": people}
    cursor_of(WRITER).execute(_HAND_OVER, values)
    for drop in _DROP:
        cursor_of(WRITER).execute(drop, values)
    settle(things, by=by, through="expire_source", at=at, expired=True)
    _empty_book(unsaid, people)
    found_no_more(before, found_by(people))
    return _in_clear(unsaid)


def let_go_of_parts(gone: Gone, *, by: Asker, at: datetime) -> None:
    """What adds up was said by whoever they are part of too: of what is `gone` of parts out of sight, their records and
    the book say no more than is still said."""
    wanted = {part: {field for field, _ in said} & ADDS_UP for part, said in gone.items()}
    rows = (
        cursor_of(WRITER).execute(_WHOSE_PARTS, [sorted(part for part, fields in wanted.items() if fields)]).fetchall()
    )
    said = {(int(who), field) for part, who in rows for field in wanted[part]}
    settle({field: {who for who, _ in said} for _, field in said}, by=by, through="expire_source", at=at, expired=True)
    _empty_book([(who, field, None, None) for who, field in sorted(said)], sorted({who for who, _ in said}))


def still_said(ids: Sequence[int]) -> Gone:
    """Customer → field and value, of everything that sources say of these by rows of their own."""
    return _in_clear(cursor_of(WRITER).execute(_STILL_SAID, [list(ids)]).fetchall())


def _in_clear(rows: Sequence[SaidRow]) -> Gone:
    keys = keys_at_hand({who for who, *_ in rows})
    told: dict[int, set[tuple[str, str]]] = {}
    for who, field, text, cell in rows:
        plain = text if cell is None else open_cell(keys.get(who), f"customer.{field}", cell)
        told.setdefault(who, set()).add((field, str(plain)))
    return told


def _empty_book(unsaid: Sequence[SaidRow], people: Sequence[int]) -> None:
    """Of fields it spoke of, the change book says only what is still said: what the source said earlier goes too."""
    keys = keys_at_hand(people)
    rows = cursor_of(WRITER).execute(_STILL_SAID, [list(people)]).fetchall()
    still = [
        cell if cell is not None else keys[who].seal(f"customer.{field}", text) for who, field, text, cell in rows
        if who in keys
    ]  # fmt: skip
    gone = sorted({(who, field) for who, field, _, _ in unsaid})
    cursor_of(WRITER).execute(_EMPTY_BOOK, [[who for who, _ in gone], [field for _, field in gone], still])


def add_up_again(*, by: Asker, at: datetime, at_once: int = 20 * AT_ONCE) -> int:
    """How many records were changed because they said what one source does of a field that adds up: as they were
    written before it did."""
    changed, last = 0, int(ask(WRITER, "SELECT coalesce(max(customer_id), 0) FROM field_said")[0][0])
    for start in range(0, last, at_once):
        with transaction.atomic():
            found = cursor_of(WRITER).execute(_NOT_ADDED_UP, [sorted(ADDS_UP), start, start + at_once]).fetchall()
            things = {field: {int(who) for who, of in found if of == field} for _, field in found}
            changed += len(settle(things, by=by, through="settle_again", at=at))
    return changed


def settle_again(source_id: int | None = None, *, by: Asker, at: datetime, at_once: int = 20 * AT_ONCE) -> int:
    """How many records were changed because that source is trusted otherwise than when they were told, or, where none
    is named, because a rule is another."""
    changed, last = 0, int(ask(WRITER, "SELECT coalesce(max(customer_id), 0) FROM field_said")[0][0])
    for start in range(0, last, at_once):
        with transaction.atomic():
            things: dict[str, set[int]] = {}
            for who, field in (
                cursor_of(WRITER).execute(_DISAGREEING, [start, start + at_once, source_id, source_id]).fetchall()
            ):
                things.setdefault(thing_of(field), set()).add(who)
            changed += len(settle(things, by=by, through="settle_again", at=at))
    return changed
