"""A house from before the seals: what lies open in it is sealed, batch by batch, while everybody goes on working.

Beside each open column stands a sealed one until all is sealed; only then the open ones go (migration 0003). A batch is
a transaction: killed at any point, the next start goes on where this one ended. While both columns are there, a trigger
empties the sealed cell of a value that gives way to another, so it is sealed anew.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, LiteralString

from django.db import transaction
from psycopg import sql

from regulars.records.customers.keys import cursor_of, open_cell, sealing_keys

Say = Callable[[int, int], None]
OWNER: Final = "owner"
BATCH: Final = 10_000
#: Table, column, and the column that says whose it is.
OPEN: Final = (
    ("contact_point", "value", "customer_id"),
    ("customer", "allergies", "id"),
    ("customer", "id_document", "id"),
)
_IS_OPEN: Final[LiteralString] = "SELECT count(*) FROM {} WHERE {} <> '' AND {} IS NULL"
_SOME: Final[LiteralString] = """
SELECT id, {whose}, {open} FROM {table} WHERE {open} <> '' AND {sealed} IS NULL AND id > %s ORDER BY id LIMIT %s
"""
_SEAL: Final[LiteralString] = """
UPDATE {table} t SET {sealed} = s.cell FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) s (id, said, cell)
 WHERE t.id = s.id AND t.{open} = s.said
"""
_UNSEAL: Final[LiteralString] = """
UPDATE {table} t SET {open} = s.said FROM unnest(%s::bigint[], %s::text[]) s (id, said) WHERE t.id = s.id
"""
_CHANGES: Final = """
SELECT id, at, who, door, customer_id, field, old, new FROM change_entry
 WHERE subject = 'customer' AND customer_id IS NOT NULL ORDER BY id LIMIT %s FOR UPDATE
"""
_MOVE: Final = """
INSERT INTO customer_change (at, who, door, customer_id, field, old, new)
SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[])
"""
_COUNT_CHANGES: Final = "SELECT count(*) FROM change_entry WHERE subject = 'customer' AND customer_id IS NOT NULL"
_HALF_BUILT: Final = """
SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('vault.contact_point_sealed_once') AND NOT indisvalid
"""
_INDEX: Final = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS contact_point_sealed_once
    ON vault.contact_point (customer_id, channel, value_sealed)
"""
_IN_BETWEEN: Final = """
SELECT count(*) FROM information_schema.columns
 WHERE table_schema = 'vault' AND table_name = 'contact_point' AND column_name = 'value_sealed'
"""


def is_half_sealed() -> bool:
    """Whether open and sealed columns stand side by side: there is something to do before the open ones go."""
    row = cursor_of(OWNER).execute(_IN_BETWEEN).fetchone()
    return bool(row and row[0])


def seal_up(say: Say = lambda done, of: None) -> int:
    """How many values and changes were sealed. Everything that lay open when this began is sealed when it returns."""
    total, done = _left(), 0
    say(0, total)
    for sealed in _batches():
        done += sealed
        say(min(done, total), total)
    return done


def index_ahead() -> None:
    """The index that keeps a contact point from being noted twice is there before the switch, built beside all work."""
    half_built = cursor_of(OWNER).execute(_HALF_BUILT).fetchone()
    if half_built:
        cursor_of(OWNER).execute("DROP INDEX vault.contact_point_sealed_once")
    cursor_of(OWNER).execute(_INDEX)


def open_up() -> None:
    """Every value lies open again beside its seal: for taking the migration back."""
    for table, column, whose in OPEN:
        for rows in _in_batches(_rows_to_open(table, column, whose)):
            keys = sealing_keys({row[1] for row in rows}, login=OWNER)
            said = [open_cell(keys.get(who), f"{table}.{column}", cell) for _, who, cell in rows]
            statement = sql.SQL(_UNSEAL).format(**_names(table, column, whose))
            cursor_of(OWNER).execute(statement, [[row[0] for row in rows], said])


def _left() -> int:
    counted = [_count(sql.SQL(_IS_OPEN).format(*map(sql.Identifier, (t, c, f"{c}_sealed")))) for t, c, _ in OPEN]
    return sum(counted) + _count(sql.SQL(_COUNT_CHANGES))


def _count(question: sql.SQL | sql.Composed) -> int:
    row = cursor_of(OWNER).execute(question).fetchone()
    return int(row[0]) if row else 0


def _batches() -> Iterator[int]:
    """Seals batch after batch, and says after each how many it had."""
    for table, column, whose in OPEN:
        last = 0
        while rows := _seal_some(table, column, whose, last):
            yield len(rows)
            last = rows[-1][0]
    while moved := _move_some():
        yield moved


def _seal_some(table: str, column: str, whose: str, after: int) -> Sequence[Any]:
    names = _names(table, column, whose)
    with transaction.atomic(using=OWNER):
        rows = cursor_of(OWNER).execute(sql.SQL(_SOME).format(**names), [after, BATCH]).fetchall()
        keys = sealing_keys({row[1] for row in rows}, login=OWNER)
        sealed = [(id_, said, keys[who].seal(f"{table}.{column}", said)) for id_, who, said in rows if who in keys]
        if sealed:
            columns = [list(each) for each in zip(*sealed, strict=True)]
            cursor_of(OWNER).execute(sql.SQL(_SEAL).format(**names), columns)
    return rows


def _move_some() -> int:
    """Changes of customers' own records go over into their book, sealed."""
    with transaction.atomic(using=OWNER):
        rows = cursor_of(OWNER).execute(_CHANGES, [BATCH]).fetchall()
        keys = sealing_keys({row[4] for row in rows}, login=OWNER)
        moved = [_sealed(keys[row[4]], row) for row in rows if row[4] in keys]
        if moved:
            cursor_of(OWNER).execute(_MOVE, [list(each) for each in zip(*moved, strict=True)])
        cursor_of(OWNER).execute("DELETE FROM change_entry WHERE id = ANY (%s)", [[row[0] for row in rows]])
    return len(rows)


def _sealed(key: Any, row: Sequence[Any]) -> tuple[Any, ...]:
    _, at, who, door, person, field, old, new = row
    cells = (None if value is None else key.seal(f"customer.{field}", value) for value in (old, new))
    return at, who, door, person, field, *cells


def _rows_to_open(table: str, column: str, whose: str) -> list[Any]:
    names = _names(table, column, whose)
    question = "SELECT id, {whose}, {sealed} FROM {table} WHERE {sealed} IS NOT NULL ORDER BY id"
    return cursor_of(OWNER).execute(sql.SQL(question).format(**names)).fetchall()


def _in_batches(rows: list[Any]) -> Iterator[list[Any]]:
    for _, some in groupby(enumerate(rows), key=lambda numbered: numbered[0] // BATCH):
        yield [row for _, row in some]


def _names(table: str, column: str, whose: str) -> dict[str, sql.Identifier]:
    named = {"table": table, "open": column, "sealed": f"{column}_sealed", "whose": whose}
    return {word: sql.Identifier(name) for word, name in named.items()}
