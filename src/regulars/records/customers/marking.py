"""Customers are marked, so that a slip, a swapped name or an old phone still finds them (rules/identity/marks).

What is told of somebody is marked in the transaction that writes it; who was there before, or was marked by an earlier
recipe, is marked block by block while everybody goes on working. Earlier marks stay, so earlier names find too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, LiteralString

import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask, ask_one, tell
from regulars.connections.postgres.copying import copy_in
from regulars.records.customers.alive import held_alive
from regulars.records.customers.keys import cursor_of, keys_at_hand
from regulars.rules.identity.finding import WORD, name_tokens
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
                  FOR KEY SHARE)
INSERT INTO recognition_mark (mark, customer_id)
SELECT mark, customer_id FROM new_mark JOIN alive ON alive.id = customer_id
ON CONFLICT DO NOTHING
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
_PROGRESS: Final = "SELECT done_until, finished_at FROM marking_progress WHERE recipe = %s"
_GO_ON: Final = """
INSERT INTO marking_progress (recipe, done_until, finished_at) VALUES (%s, %s, %s)
ON CONFLICT (recipe) DO UPDATE SET done_until = excluded.done_until, finished_at = excluded.finished_at
"""
_NEXT: Final = "SELECT id FROM customer WHERE id > %s ORDER BY id LIMIT %s"
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


def forget_words_of(customer_id: int) -> None:
    """Words of names that nobody but this customer bears are gone with her; asked before her keys go."""
    cursor_of(WRITER).execute(_FORGET, [customer_id])


def are_marked() -> bool:
    """Whether everybody has been marked by the recipe of this version."""
    row = ask_one(WRITER, _PROGRESS, [RECIPE])
    return bool(row and row[1])


def mark_the_rest(say: Say = lambda done, of: None) -> int:
    """How many customers of before were marked. Killed at any point, the next start goes on where this one ended."""
    done = 0
    row = ask_one(WRITER, _PROGRESS, [RECIPE])
    last, total = int(row[0]) if row else 0, int(ask_one(WRITER, "SELECT count(*) FROM customer")[0])  # type: ignore[index]
    while ids := [int(one) for (one,) in ask(WRITER, _NEXT, [last, BLOCK])]:
        with transaction.atomic():
            mark_customers(ids, _contacts_of(ids))
            tell(WRITER, _GO_ON, [RECIPE, ids[-1], None])
        last, done = ids[-1], done + len(ids)
        say(min(done, total), total)
    tell(WRITER, _GO_ON, [RECIPE, last, timezone.now()])
    return done


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
    words = {word for name in names for word in (name.family, name.given, name.first) if len(word) >= SLIPS_FROM}
    return frozenset(word for word in words if WORD + word in tokens)


def _write(told: Mapping[int, tuple[Told, str]]) -> int:
    marker = Marker(settings.KEYS.read("search"))
    pairs = [(who, mark) for who, (one, country) in told.items() for mark in marker.kept(one, country)]
    words = frozenset[str]().union(*(_words(one) for one, _ in told.values()))
    with connection.cursor() as cursor:
        cursor.execute(_LAY_OUT)
        copy_in(cursor, "new_mark", _table(pairs, {"customer_id": pa.int64(), "mark": pa.int64()}))
        cursor.execute(_ADD)
        added = int(cursor.rowcount)
        cursor.execute(_KNOWN, [sorted(words)])
        fresh = words - {word for (word,) in cursor.fetchall()}
        slips = [(slip, word) for word in sorted(fresh) for slip in marker.slips(word)]
        copy_in(cursor, "new_slip", _table(slips, {"slip": pa.int64(), "word": pa.string()}))
        cursor.execute(_ADD_SLIPS)
    return added


def _table(rows: Sequence[tuple[Any, ...]], shape: Mapping[str, pa.DataType]) -> pa.Table:
    return pa.table(list(zip(*rows, strict=True)) or [()] * len(shape), schema=pa.schema(dict(shape)))
