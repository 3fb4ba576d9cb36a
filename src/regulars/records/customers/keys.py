"""The customers' data keys: made when something is first to be sealed, handed to the doors that seal and open cells.

To seal, a door needs the writer's login. To open, it needs a view that shows the locked key beside the sealed cell; a
view that masks the cell has no key either.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection, connections

from regulars.connections.keys.envelope import DataKey
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import MasterKeys, Wrapped
from regulars.connections.postgres.asking import WRITER, ask
from regulars.rules.privacy.exposure import OPENING

Keys = dict[int, DataKey]
Cell = bytes | memoryview | None
_KEPT: Final = "SELECT customer_id, wrapped, master FROM customer_key WHERE customer_id = ANY (%s) ORDER BY customer_id"
_NEWEST: Final = "SELECT version, mark FROM master_key ORDER BY version DESC LIMIT 1"
_IN_USE: Final = """
SELECT version, mark FROM master_key m WHERE EXISTS (SELECT FROM customer_key k WHERE k.master = m.version)
    OR EXISTS (SELECT FROM file_key k WHERE k.master = m.version)
"""
_FIRST: Final = "INSERT INTO master_key (version, mark, made_at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING"
_KEEP: Final = """
INSERT INTO customer_key (customer_id, wrapped, master, made_at)
SELECT t.id, t.wrapped, %s, now() FROM unnest(%s::bigint[], %s::bytea[]) t (id, wrapped)
  JOIN customer c ON c.id = t.id AND c.erased_at IS NULL ORDER BY t.id
ON CONFLICT (customer_id) DO NOTHING RETURNING customer_id
"""
_known_marks: set[tuple[int, str]] = set()


def opening_keys(view: str, customer_ids: Iterable[int]) -> Keys:
    """Customer id → what opens her cells, for those whose key this view shows; KeyFileError when one does not open."""
    if view not in OPENING:
        return {}
    rows = ask(view, _KEPT, [list(customer_ids)])
    return masters().open([Wrapped(*row) for row in rows])


def opened(view: str, customer_id: int, cells: Sequence[tuple[str, Cell]]) -> list[str | None]:
    """The texts of one customer's cells, each with its column; nothing is asked where all are masked or empty."""
    if not any(cell is not None for _, cell in cells):
        return [None] * len(cells)
    key = opening_keys(view, [customer_id]).get(customer_id)
    return [open_cell(key, column, cell) for column, cell in cells]


def open_cell(key: DataKey | None, column: str, cell: Cell) -> str | None:
    """The text of a cell; KeyFileError `forgotten` where the key was destroyed."""
    if cell is None:
        return None
    if key is None:
        raise KeyFileError("forgotten", {})
    return key.open(column, bytes(cell))


def sealing_keys(customer_ids: Collection[int], *, login: str = "default") -> Keys:
    """Customer id → what seals her cells, in this transaction; made for those who had none. Erased ones get none."""
    wanted = sorted({int(one) for one in customer_ids})
    found = _kept(wanted, login)
    if missing := [one for one in wanted if one not in found]:
        made = new_keys(missing, login=login)
        mine = keep_keys([wrapped for wrapped, _ in made], login=login)
        found |= {key.customer_id: key for _, key in made if key.customer_id in mine}
        found |= _kept([one for one in missing if one not in mine], login)
    return found


def keys_at_hand(customer_ids: Collection[int], *, login: str = "default") -> Keys:
    """Customer id → what seals and opens her cells, for those who have a key; for the house's own work."""
    return _kept(sorted({int(one) for one in customer_ids}), login)


def were_given_before(customer_ids: Iterable[int]) -> list[bool]:
    """Which of these numbers were somebody's who was erased: after a restored backup they are given once more.

    Whoever gets one needs a key from the first: by it she is told from the other, should that one come back.
    """
    forgotten = masters().forgotten()
    return [int(one) in forgotten for one in customer_ids]


def new_keys(customer_ids: Iterable[int], *, login: str = "default") -> list[tuple[Wrapped, DataKey]]:
    """A new key for each, not kept yet: for customers who are only about to be there."""
    return masters().new([int(one) for one in customer_ids], current_master(login=login))


def keep_keys(wrapped: Sequence[Wrapped], *, login: str = "default") -> frozenset[int]:
    """The customers whose own these keys are from now on: all but those who have one already, or are erased."""
    if not wrapped:
        return frozenset()
    ids, locked = [one.customer_id for one in wrapped], [one.wrapped for one in wrapped]
    kept = cursor_of(login).execute(_KEEP, [wrapped[0].master, ids, locked]).fetchall()
    return frozenset(who for (who,) in kept)


def current_master(*, login: str = "default") -> int:
    """The version of the master key that new keys are wrapped under; the first one is made when there is none.

    KeyFileError `key_of_another_house` when the key at hand is not the one this database was locked with.
    """
    row = cursor_of(login).execute(_NEWEST).fetchone()
    if row is None:
        note_master(1, login=login)
        return current_master(login=login)
    version, mark = int(row[0]), str(row[1])
    demand_mark(version, mark)
    return version


def note_master(version: int, *, login: str = "default") -> None:
    """The version is there, key and tree, and the database knows it."""
    masters().make(version)
    cursor_of(login).execute(_FIRST, [version, masters().mark(version)])


def demand_mark(version: int, mark: str) -> None:
    """The key of that version is the one this database knows; asked of it once per process."""
    if (version, mark) not in _known_marks:
        if masters().mark(version) != mark:
            raise KeyFileError("key_of_another_house", {"name": f"master_{version}"})
        _known_marks.add((version, mark))


def masters_in_use() -> list[tuple[int, str]]:
    """Version and mark of every master key that something is wrapped under."""
    return [(int(version), str(mark)) for version, mark in ask(WRITER, _IN_USE)]


def cursor_of(login: str) -> "psycopg.Cursor[tuple[Any, ...]]":
    """The driver's own cursor in Django's transaction: bytes and lists travel beside the text."""
    held = connections[login] if login != "default" else connection
    held.ensure_connection()
    return psycopg.Cursor(held.connection)


def _kept(customer_ids: Sequence[int], login: str) -> Keys:
    rows = cursor_of(login).execute(_KEPT, [list(customer_ids)]).fetchall() if customer_ids else []
    return masters().open([Wrapped(*row) for row in rows])


def masters() -> MasterKeys:
    """The master keys of this installation."""
    keys: MasterKeys = settings.MASTER_KEYS
    return keys
