"""What each source says of customers' fields is kept, and the record shows what is believed of it.

Written for many at once. A customer of whom only one source ever spoke costs nothing: her record says it, with its
source and date on it. Rows come once a second source speaks of a field, or its first one says something else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.connections.postgres.asking import WRITER, Asking, door, question
from regulars.records.customers.adding_up import sealed_words, words_of
from regulars.records.customers.changes import Change, note_customer_changes
from regulars.records.customers.keys import cursor_of
from regulars.rules.intake.choosing import ADDS_UP, TOGETHER, USUAL_RULE, Says, best_word, choose, fields_of, thing_of
from regulars.rules.intake.meanings import SEALED
from regulars.rules.permission.asking import Asker

#: What a source may say of a customer, and what kind of column it is.
FIELDS: Final = (
    "name", "given_name", "family_name", "name_sort", "honorific", "sex", "birth_on", "language", "city", "region",
    "country", "postcode", "timezone", "home_branch_id", "household_size", "marital_status", "income_band", "allergies",
    "id_document", "jurisdiction",
)  # fmt: skip
KINDS: Final = {"birth_on": "date", "home_branch_id": "bigint", "household_size": "smallint"}
#: Fields that everyday views mask or coarsen, and that therefore lie apart from the others.
CLOSED: Final = ("birth_on", "income_band", "postcode")
#: What would open a file wider, or put it under another law, is never emptied because its source went.
STAYS: Final = ("jurisdiction", "home_branch_id")
#: What the record says instead of nothing.
EMPTY: Final = {"jurisdiction": "none"}

_OPEN: Final = tuple(name for name in FIELDS if name not in SEALED)
_APART: Final = ", ".join(f"'{name}'" for name in CLOSED)


def said_now(row: str) -> str:
    """(field, text, cell) of everything the customer's record says; what says nothing is null."""
    texts = (f"('{n}', nullif(nullif({row}.{n}::text, ''), 'none'), NULL::bytea)" for n in _OPEN)
    cells = (f"('{n}', NULL, {row}.{n})" for n in SEALED)
    return f"(VALUES {', '.join((*texts, *cells))})"


def _put_apart(text: str) -> str:
    return f"CASE WHEN field NOT IN ({_APART}) THEN {text} END, CASE WHEN field IN ({_APART}) THEN {text} END"


_TOLD: Final = f"""(VALUES {", ".join(f"('{n}', t.{n}::text, NULL::bytea)" for n in _OPEN)},
       {", ".join(f"('{n}', NULL, t.{n})" for n in SEALED)})"""
_LAY_OUT: Final = """
CREATE TEMP TABLE IF NOT EXISTS said_news (customer_id bigint, field text, text text, cell bytea, was text,
       was_cell bytea, base bigint, base_at timestamptz) ON COMMIT DELETE ROWS;
TRUNCATE said_news;
"""
# Of whom nothing but her first source has spoken, only what that source says anew is looked at.
_NEWS: Final = f"""
INSERT INTO said_news
SELECT c.id, f.name, f.text, f.cell, r.text, r.cell, c.source_id, coalesce(c.told_at, c.first_seen_on::timestamptz)
  FROM told_customer t JOIN customer c ON c.id = t.customer_id AND c.erased_at IS NULL
  LEFT JOIN (SELECT DISTINCT customer_id FROM field_said WHERE customer_id IN (SELECT customer_id FROM told_customer)) k
       ON k.customer_id = c.id
 CROSS JOIN LATERAL {_TOLD} f (name, text, cell)
 CROSS JOIN LATERAL {said_now("c")} r (name, text, cell)
 WHERE r.name = f.name AND (f.text IS NOT NULL OR f.cell IS NOT NULL)
   AND ((f.text, f.cell) IS DISTINCT FROM (r.text, r.cell) OR c.source_id IS DISTINCT FROM %(source)s
        OR (k.customer_id IS NOT NULL AND EXISTS (
            SELECT FROM field_said s WHERE s.customer_id = c.id AND s.field = f.name)))
"""  # noqa: S608  (names of our own columns)
_ALIVE: Final = """
WITH alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM said_news) AND erased_at IS NULL
                ORDER BY id FOR KEY SHARE)
DELETE FROM said_news n WHERE NOT EXISTS (SELECT FROM alive WHERE id = n.customer_id)
"""
_KEEP_BASE: Final = f"""
INSERT INTO field_said (customer_id, field, source_id, value, closed, cell, said_at, confirmed_by)
SELECT customer_id, field, base, {_put_apart("was")}, was_cell, base_at, '' FROM said_news n
 WHERE (was IS NOT NULL OR was_cell IS NOT NULL) AND base IS DISTINCT FROM %(source)s
   AND NOT EXISTS (SELECT FROM field_said s WHERE s.customer_id = n.customer_id AND s.field = n.field)
"""  # noqa: S608
_KEEP: Final = f"""
INSERT INTO field_said AS s (customer_id, field, source_id, value, closed, cell, said_at, confirmed_by)
SELECT customer_id, field, %(source)s, {_put_apart("text")}, cell, %(at)s, '' FROM said_news
ON CONFLICT (customer_id, field, source_id) DO UPDATE
   SET value = excluded.value, closed = excluded.closed, cell = excluded.cell, said_at = excluded.said_at,
       confirmed_at = NULL, confirmed_by = ''
 WHERE (s.value, s.closed, s.cell) IS DISTINCT FROM (excluded.value, excluded.closed, excluded.cell)
"""  # noqa: S608
# What is chosen together is in question too when the news are about one part and somebody, who brings them or another,
# says another part otherwise than the record; and what adds up, where a row of somebody merged into her may be out of
# sight.
_DISPUTED: Final = f"""
SELECT n.customer_id, n.field FROM said_news n
  JOIN field_said s ON s.customer_id = n.customer_id AND s.field = n.field AND s.source_id IS DISTINCT FROM %(source)s
 WHERE (coalesce(s.value, s.closed), s.cell) IS DISTINCT FROM (n.text, n.cell)
UNION
SELECT n.customer_id, n.field FROM said_news n
  JOIN unnest(%(of)s::text[], %(parts)s::text[]) t (field, part) ON t.field = n.field
  JOIN field_said s ON s.customer_id = n.customer_id AND s.field = t.part
  JOIN customer c ON c.id = n.customer_id
 CROSS JOIN LATERAL {said_now("c")} r (name, text, cell)
 WHERE r.name = s.field AND (coalesce(s.value, s.closed), s.cell) IS DISTINCT FROM (r.text, r.cell)
   AND NOT EXISTS (SELECT FROM said_news m WHERE m.customer_id = n.customer_id AND m.field = s.field)
UNION
SELECT n.customer_id, n.field FROM said_news n JOIN merge g ON g.into_id = n.customer_id AND g.undone_at IS NULL
 WHERE n.field = ANY (%(adds_up)s)
"""  # noqa: S608
#: Every field that is chosen with others, beside each of those.
_PARTS: Final = [(field, part) for parts in TOGETHER.values() for field in parts for part in parts if part != field]
_SPELL_OUT: Final = f"""
INSERT INTO field_said (customer_id, field, source_id, value, closed, cell, said_at, confirmed_by)
SELECT customer_id, field, source_id, {_put_apart("text")}, cell, told_at, ''
  FROM (SELECT c.id AS customer_id, r.name AS field, c.source_id, r.text, r.cell,
               coalesce(c.told_at, c.first_seen_on::timestamptz) AS told_at
          FROM customer c CROSS JOIN LATERAL {said_now("c")} r (name, text, cell)
         WHERE c.id = ANY (%s) AND c.erased_at IS NULL AND r.name = ANY (%s)
           AND (r.text IS NOT NULL OR r.cell IS NOT NULL)) n
 WHERE NOT EXISTS (SELECT FROM field_said s WHERE s.customer_id = n.customer_id AND s.field = n.field)
"""  # noqa: S608
_ROWS: Final = """
SELECT s.customer_id, s.field, s.source_id, coalesce(s.value, s.closed), s.cell, s.said_at, s.confirmed_at,
       coalesce(o.trust, 3)
  FROM field_said s LEFT JOIN source o ON o.id = s.source_id WHERE s.customer_id = ANY (%s) AND s.field = ANY (%s)
"""
_AS_IT_IS: Final = f"""
SELECT c.id, r.name, r.text, r.cell FROM customer c CROSS JOIN LATERAL {said_now("c")} r (name, text, cell)
 WHERE c.id = ANY (%s) AND r.name = ANY (%s) AND (r.text IS NOT NULL OR r.cell IS NOT NULL)
"""  # noqa: S608

#: Thing → the customers of whom it is in question.
Things = Mapping[str, Collection[int]]


def keep_what_is_said(cursor: Any, *, source_id: int | None, at: datetime) -> dict[str, set[int]]:
    """What `told_customer` says is kept as said by that source; the things other sources say otherwise, and of whom.

    In the caller's transaction. Nothing is changed in the record itself.
    """
    values = {
        "source": source_id, "at": at, "of": [f for f, _ in _PARTS], "parts": [part for _, part in _PARTS],
        "adds_up": sorted(ADDS_UP),
    }  # fmt: skip
    cursor.execute(_LAY_OUT)
    cursor.execute(_NEWS, values)
    if not cursor.rowcount:
        return {}
    cursor.execute(_ALIVE)
    cursor.execute("ANALYZE said_news")
    cursor.execute(_KEEP_BASE, values)
    cursor.execute(_KEEP, values)
    cursor.execute(_DISPUTED, values)
    disputed: dict[str, set[int]] = {}
    for who, field in cursor.fetchall():
        disputed.setdefault(thing_of(field), set()).add(who)
    return disputed


def leave_out(cursor: Any, disputed: Things) -> None:
    """What is disputed is not told to the record: it is settled first."""
    for thing, people in disputed.items():
        emptied = ", ".join(f"{name} = NULL" for name in fields_of(thing))
        cursor.execute(f"UPDATE told_customer SET {emptied} WHERE customer_id = ANY (%s)", [list(people)])  # noqa: S608


class Rules(dict[str, str]):
    """Thing → the rule its best source is chosen by; the usual one where nobody said another."""

    def __missing__(self, thing: str) -> str:
        return USUAL_RULE


@door
def rules_in_force() -> Asking[Rules]:
    """By which rule each thing's best source is chosen."""
    return Rules((yield from question(WRITER, "SELECT thing, rule FROM choosing_rule")))


def laid(field: str, value: str | None, key: Any) -> tuple[str | None, str | None, bytes | None]:
    """The value in the column it lies in: what everyday views show, what they do not, what is sealed."""
    if field in SEALED:
        return None, None, key.seal(f"customer.{field}", value) if value else None
    return (None, value, None) if field in CLOSED else (value, None, None)


def spell_out(ids: Sequence[int], fields: Sequence[str]) -> None:
    """What only the record says of these fields stands among what sources say too, with its source and date."""
    cursor_of("default").execute(_SPELL_OUT, [list(ids), list(fields)])


def settle(
    things: Things, *, by: Asker, through: str, at: datetime, expired: bool = False, unsaid: bool = False,
    stays: Collection[str] = STAYS,
) -> frozenset[int]:  # fmt: skip
    """The record shows of these things what is believed now; whose record is different for it.

    What gives way stands in the change book; what `expired` is in the record no longer, and stands nowhere. Where the
    only word there was has been taken back, `unsaid`, the record says nothing, but for fields that are never emptied.
    In the caller's transaction.
    """
    changed: set[int] = set()
    rules = rules_in_force()
    for thing, people in sorted(things.items()):
        ids, fields = sorted(people), list(fields_of(thing))
        if not (expired or unsaid):
            spell_out(ids, fields)
        best = _best(thing, ids, fields, rules[thing])
        book = _Book(by, through, at) if not expired else None
        changed |= _put({who: best.get(who, {}) for who in ids}, fields, stays, book, at)
    return frozenset(changed)


def _best(thing: str, ids: Sequence[int], fields: Sequence[str], rule: str) -> Mapping[int, Mapping[str, Any]]:
    """Customer → field and value, as they lie in the record."""
    says = words_of(ids, thing) if thing in ADDS_UP else _says(ids, fields)
    best = {who: _believed(told, fields, rule) for who, told in says.items()}
    return sealed_words(thing, best) if thing in ADDS_UP else best


def _believed(says: Sequence[Says], fields: Iterable[str], rule: str) -> dict[str, Any]:
    """Field → value. What is never emptied is said by somebody as long as anybody speaks of it."""
    kept = {field: best_word(says, field, rule) for field in fields if field in STAYS}
    return kept | {field: one.value for field, one in choose(says, rule).items()}


def _says(ids: Sequence[int], fields: Sequence[str]) -> dict[int, list[Says]]:
    """Customer → what each of her sources says of these fields together."""
    rows = cursor_of("default").execute(_ROWS, [list(ids), list(fields)]).fetchall()
    found: dict[tuple[int, int | None], list[Any]] = {}
    for who, field, source, text, cell, said_at, confirmed_at, trust in rows:
        one = found.setdefault((who, source), [{}, trust, said_at, None])
        one[0][field] = text if cell is None else bytes(cell)
        one[2] = max(one[2], said_at)
        one[3] = max(filter(None, (one[3], confirmed_at)), default=None)
    says: dict[int, list[Says]] = {}
    for (who, source), (values, trust, said_at, confirmed_at) in found.items():
        says.setdefault(who, []).append(Says(source, values, trust, said_at, confirmed_at))
    return says


@dataclass(frozen=True, slots=True)
class _Book:
    """How a change stands in the book."""

    by: Asker
    door: str
    at: datetime


def _put(
    best: Mapping[int, Mapping[str, Any]], fields: Iterable[str], stays: Collection[str], book: _Book | None,
    at: datetime,
) -> set[int]:  # fmt: skip
    """The record says these values and no others of these fields; whose record it changed. `stays` are not emptied."""
    rows = cursor_of("default").execute(_AS_IT_IS, [list(best), list(fields)]).fetchall()
    now = {(who, field): text if cell is None else bytes(cell) for who, field, text, cell in rows}
    changed: set[int] = set()
    for field in fields:
        told = [(who, now.get((who, field)), best[who].get(field)) for who in best]
        told = [(who, was, new) for who, was, new in told if was != new and (new is not None or field not in stays)]
        _write(field, [(who, new) for who, _, new in told], at)
        if book:
            changes = [_change(field, *one) for one in told]
            note_customer_changes(changes, by=book.by, door=book.door, at=book.at)
        changed |= {who for who, _, _ in told}
    return changed


def _write(field: str, told: Sequence[tuple[int, Any]], at: datetime) -> None:
    kind = "bytea" if field in SEALED else KINDS.get(field, "text")
    empty = f"coalesce(t.value, '{EMPTY.get(field, '')}')" if kind == "text" else "t.value"
    if told:
        told_now = f"unnest(%s::bigint[], %s::{kind}[]) t (id, value)"
        put = f"UPDATE customer c SET {field} = {empty}, changed_at = %s FROM {told_now}"  # noqa: S608  (our own columns)
        cursor_of("default").execute(
            f"{put} WHERE c.id = t.id AND c.erased_at IS NULL", [at, *map(list, zip(*told, strict=True))]
        )


def _change(field: str, who: int, was: Any, new: Any) -> Change:
    return (who, field, None, None, was, new) if field in SEALED else (who, field, was, new)
