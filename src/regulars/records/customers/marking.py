"""Customers are marked, so that a slip, a swapped name or an old phone still finds them (rules/identity/marks).

What is told of somebody is marked in the transaction that writes it; who was there before, or was marked by an earlier
recipe, is marked block by block while everybody goes on working. Earlier marks stay, so earlier names find too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final, LiteralString

import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask, ask_one, tell
from regulars.connections.postgres.copying import copy_in
from regulars.records.customers.actions import add_search_tokens
from regulars.records.customers.alive import held_alive
from regulars.records.customers.keys import cursor_of, keys_at_hand
from regulars.rules.identity.finding import WORD, contact_token, name_tokens, number_tokens, pair_tokens
from regulars.rules.identity.marks import RECIPE, SLIPS_FROM, Marker, Told
from regulars.rules.identity.traits import called_in_file

#: Channel and value, in clear.
Contacts = Mapping[int, Sequence[tuple[str, str]]]
Say = Callable[[int, int], None]
BLOCK: Final = 2_000
_ROWS: Final = """
SELECT id, name, family_name, given_name, birth_on, sex, city, postcode, country FROM customer
 WHERE id = ANY (%s) AND erased_at IS NULL
"""
_LAY_OUT: Final = """
CREATE TEMP TABLE IF NOT EXISTS new_mark (customer_id bigint, mark bigint) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS new_slip (slip bigint, word text) ON COMMIT DELETE ROWS;
TRUNCATE new_mark, new_slip;
"""
# Whoever is erased at this very moment is waited for, and then passed by.
_ADD: Final[LiteralString] = """
WITH alive AS (SELECT id FROM customer WHERE id IN (SELECT customer_id FROM new_mark) AND erased_at IS NULL
                  FOR KEY SHARE),
added AS (
    INSERT INTO recognition_mark (mark, customer_id)
    SELECT mark, customer_id FROM new_mark JOIN alive ON alive.id = customer_id
    ON CONFLICT DO NOTHING RETURNING customer_id),
to_compare AS (INSERT INTO newly_marked (customer_id) SELECT DISTINCT customer_id FROM added)
SELECT count(*) FROM added
"""
_KNOWN: Final = "SELECT DISTINCT word FROM name_slip WHERE word = ANY (%s)"
# In one order, so that two who bring the same words wait for each other and not both.
_ADD_SLIPS: Final[LiteralString] = """
INSERT INTO name_slip (slip, word) SELECT slip, word FROM new_slip ORDER BY word, slip ON CONFLICT DO NOTHING
"""
_FORGET: Final = """
DELETE FROM name_slip s USING search_token t
 WHERE t.customer_id = %s AND starts_with(t.token, 'w:') AND s.word = substr(t.token, 3)
   AND NOT EXISTS (SELECT FROM search_token o WHERE o.token = t.token AND o.customer_id <> t.customer_id)
"""
_CALLED: Final = """
SELECT c.id,
       ARRAY(SELECT value FROM field_said s WHERE s.customer_id = c.id AND s.value IS NOT NULL
                AND s.field IN ('name', 'given_name', 'family_name')),
       ARRAY(SELECT ref FROM customer_ref r WHERE r.customer_id = c.id) || c.number::text
  FROM customer c WHERE c.id = ANY (%s)
"""
_HELD: Final = "SELECT DISTINCT token FROM search_token WHERE customer_id = %s AND token = ANY (%s)"
_FORGET_TOKENS: Final = """
DELETE FROM search_token t USING unnest(%s::bigint[], %s::text[]) g (who, token)
 WHERE t.customer_id = g.who AND t.token = g.token
"""
_FORGET_WORDS: Final = """
DELETE FROM name_slip s
 WHERE s.word = ANY (%s) AND NOT EXISTS (SELECT FROM search_token o WHERE o.token = 'w:' || s.word)
"""
_FORGET_MARKS: Final = """
DELETE FROM recognition_mark m USING unnest(%s::bigint[], %s::bigint[]) g (who, mark)
 WHERE m.mark = g.mark AND m.customer_id = g.who
"""
_PROGRESS: Final = "SELECT done_until, finished_at FROM marking_progress WHERE recipe = %s"
_GO_ON: Final = """
INSERT INTO marking_progress (recipe, done_until, finished_at) VALUES (%s, %s, %s)
ON CONFLICT (recipe) DO UPDATE SET done_until = excluded.done_until, finished_at = excluded.finished_at
"""
_NEXT: Final = "SELECT id FROM customer WHERE id > %s ORDER BY id LIMIT %s"
_NAMES: Final = "SELECT id, name FROM customer WHERE id = ANY (%s) AND erased_at IS NULL"
_POINTS: Final = "SELECT customer_id, channel, value FROM contact_point WHERE customer_id = ANY (%s)"


def mark_customers(
    customer_ids: Iterable[int], contacts: Contacts, plates: Mapping[int, Sequence[str]] | None = None
) -> int:
    """Those customers are found by what the vault holds of them now, and by these contacts; how many marks are new."""
    wanted = sorted({int(one) for one in customer_ids})
    if not wanted:
        return 0
    with transaction.atomic():
        rows = cursor_of(WRITER).execute(_ROWS, [sorted(held_alive(wanted))]).fetchall()
        told = {row[0]: (_told(row, contacts.get(row[0], ()), (plates or {}).get(row[0], ())), row[8]) for row in rows}
        return _write(told)


def find_by_names(customer_id: int, told: Mapping[str, str]) -> None:
    """She is found by what her record says now, and by these names; in the caller's transaction."""
    names = [told[field] for field in ("name", "given_name", "family_name") if told.get(field)]
    tokens = sorted(name_tokens(*names)) if names else []
    ids = pa.array([customer_id] * len(tokens), pa.int64())
    add_search_tokens(pa.table({"customer_id": ids, "token": pa.array(tokens, pa.string())}))
    mark_customers([customer_id], _contacts_of([customer_id]))


def told_of(customer_ids: Sequence[int]) -> dict[int, tuple[Told, str]]:
    """What the vault holds of these customers, as if they told it, and their country; for the house's own work."""
    contacts = _contacts_of(customer_ids)
    rows = cursor_of(WRITER).execute(_ROWS, [list(customer_ids)]).fetchall()
    return {row[0]: (_told(row, contacts.get(row[0], ()), ()), row[8]) for row in rows}


def forget_words_of(customer_id: int) -> None:
    """Words of names that nobody but this customer bears are gone with her; asked before her keys go."""
    cursor_of(WRITER).execute(_FORGET, [customer_id])


@dataclass(frozen=True, slots=True)
class FoundBy:
    """Pairs of customer and key: of the search, and of recognition."""

    tokens: frozenset[tuple[int, str]]
    marks: frozenset[tuple[int, int]]


def found_by(customer_ids: Sequence[int]) -> FoundBy:
    """What these customers are found by, so far as the vault holds it now: what sources say beside the record too."""
    ids = sorted(customer_ids)
    key: bytes = settings.KEYS.read("search")
    marker, contacts = Marker(key), _contacts_of(ids)
    rows = cursor_of(WRITER).execute(_ROWS, [ids]).fetchall()
    said = {who: (names, refs) for who, names, refs in cursor_of(WRITER).execute(_CALLED, [ids]).fetchall()}
    tokens, marks = set[tuple[int, str]](), set[tuple[int, int]]()
    for row in rows:
        who, reached = row[0], contacts.get(row[0], ())
        names, refs = said[who]
        keys = name_tokens(*row[1:4], *names) | number_tokens(*refs)
        secret = (contact_token(channel, value, key) for channel, value in reached)
        tokens |= {(who, token) for token in (*keys, *secret) if token}
        marks |= {(who, mark) for mark in marker.kept(_told(row, reached, ()), row[8])}
    return FoundBy(frozenset(tokens), frozenset(marks))


def found_no_more(before: FoundBy, now: FoundBy) -> None:
    """What somebody was found by before, and is no longer, finds her no more; all other keys of hers stay."""
    tokens, marks = sorted(before.tokens - now.tokens), sorted(before.marks - now.marks)
    cursor_of(WRITER).execute(_FORGET_TOKENS, [[who for who, _ in tokens], [token for _, token in tokens]])
    words = [token.removeprefix(WORD) for _, token in tokens if token.startswith(WORD)]
    cursor_of(WRITER).execute(_FORGET_WORDS, [words])
    cursor_of(WRITER).execute(_FORGET_MARKS, [[who for who, _ in marks], [mark for _, mark in marks]])


def found_apart(before: FoundBy, one: int, other: int) -> None:
    """Of two who were `one` until now, found by `before`: what came meanwhile and is the other's finds the other now,
    and the one no more."""
    now = found_by([one, other])
    lost = [token for who, token in before.tokens - now.tokens if who == one and (other, token) in now.tokens]
    held = [token for (token,) in cursor_of(WRITER).execute(_HELD, [one, lost]).fetchall()]
    found_no_more(before, now)
    add_search_tokens(_table([(other, token) for token in held], {"customer_id": pa.int64(), "token": pa.string()}))
    mark_customers([other], _contacts_of([other]))


def are_marked() -> bool:
    """Whether everybody has been marked by the recipe of this version."""
    row = ask_one(WRITER, _PROGRESS, [RECIPE])
    return bool(row and row[1])


def mark_the_rest(say: Say = lambda done, of: None, *, most: float = inf) -> int:
    """How many customers of before were marked, about `most` of them. Killed at any point, the next one goes on where
    this one ended."""
    done = 0
    row = ask_one(WRITER, _PROGRESS, [RECIPE])
    last, total = int(row[0]) if row else 0, int(ask_one(WRITER, "SELECT count(*) FROM customer")[0])  # type: ignore[index]
    while ids := [int(one) for (one,) in ask(WRITER, _NEXT, [last, BLOCK])]:
        with transaction.atomic():
            mark_customers(ids, _contacts_of(ids))
            add_search_tokens(_pairs_of(ids))
            tell(WRITER, _GO_ON, [RECIPE, ids[-1], None])
        last, done = ids[-1], done + len(ids)
        say(min(done, total), total)
        if done >= most:
            return done
    tell(WRITER, _GO_ON, [RECIPE, last, timezone.now()])
    return done


def _pairs_of(ids: Sequence[int]) -> pa.Table:
    """The keys of two words together, which the search did not have before."""
    named = ask(WRITER, _NAMES, [list(ids)])
    pairs = [(who, token) for who, name in named for token in sorted(pair_tokens(name))]
    return _table(pairs, {"customer_id": pa.int64(), "token": pa.string()})


def _contacts_of(ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Every way to reach these customers, opened with the house's own keys for the moment of marking."""
    keys = keys_at_hand(ids)
    found: dict[int, list[tuple[str, str]]] = {}
    for who, channel, cell in ask(WRITER, _POINTS, [list(ids)]):
        if cell is not None and who in keys:
            found.setdefault(who, []).append((channel, keys[who].open("contact_point.value", bytes(cell))))
    return found


def _told(row: Sequence[Any], contacts: Iterable[tuple[str, str]], plates: Sequence[str]) -> Told:
    _, name, family, given, birth_on, sex, city, postcode, _country = row
    reached = list(contacts)
    return Told(
        names=((name, family, given),), birth_on=birth_on, sex=sex, city=city, postcode=postcode,
        phones=tuple(value for channel, value in reached if channel in ("phone", "sms")),
        emails=tuple(value for channel, value in reached if channel == "email"),
        streets=tuple(value for channel, value in reached if channel == "letter"), plates=tuple(plates),
    )  # fmt: skip


def _words(told: Told) -> frozenset[str]:
    """Words of names long enough for a slip, so far as they are keys of the search too."""
    tokens = frozenset().union(*(name_tokens(*parts) for parts in told.names))
    names = [called_in_file(*parts) for parts in told.names]
    words = {
        word
        for name in names
        for word in (name.family, name.given, *name.parts, *name.families)
        if len(word) >= SLIPS_FROM
    }
    return frozenset(word for word in words if WORD + word in tokens)


def _write(told: Mapping[int, tuple[Told, str]]) -> int:
    marker = Marker(settings.KEYS.read("search"))
    pairs = [(who, mark) for who, (one, country) in told.items() for mark in marker.kept(one, country)]
    words = frozenset[str]().union(*(_words(one) for one, _ in told.values()))
    with connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "new_mark", _table(pairs, {"customer_id": pa.int64(), "mark": pa.int64()}))
        cursor.execute(_ADD)
        added = int(cursor.fetchone()[0])
        cursor.execute(_KNOWN, [sorted(words)])
        fresh = words - {word for (word,) in cursor.fetchall()}
        slips = [(slip, word) for word in sorted(fresh) for slip in marker.slips(word)]
        copy_in(cursor, "new_slip", _table(slips, {"slip": pa.int64(), "word": pa.string()}))
        cursor.execute(_ADD_SLIPS)
    return added


def _table(rows: Sequence[tuple[Any, ...]], shape: Mapping[str, pa.DataType]) -> pa.Table:
    return pa.table(list(zip(*rows, strict=True)) or [()] * len(shape), schema=pa.schema(dict(shape)))
