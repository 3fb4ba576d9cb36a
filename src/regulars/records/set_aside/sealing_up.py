"""A house in which rows set aside still lie open: they are sealed, batch by batch, while everybody goes on working.

Beside each open column stands a sealed one until all is sealed; only then the open ones go. A batch is a transaction:
killed at any point, the next start goes on where this one ended.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import transaction

from regulars.connections.keys.envelope import DataKey
from regulars.records.customers.file_keys import file_sealing_key
from regulars.records.customers.keys import cursor_of
from regulars.records.set_aside.access import cell_of
from regulars.records.set_aside.actions import SEALED

Say = Callable[[int, int], None]
OWNER: Final = "owner"
BATCH: Final = 5_000
_WAITS: Final = """
(raw <> '' OR value <> '' OR example <> '') AND raw_sealed IS NULL AND value_sealed IS NULL AND example_sealed IS NULL
"""
_LEFT: Final = f"SELECT count(*) FROM refused_row WHERE {_WAITS}"  # noqa: S608  (our own words)
_SOME: Final = f"""
SELECT id, import_run_id, row_number, value, example, raw FROM refused_row
 WHERE {_WAITS} AND id > %s ORDER BY id LIMIT %s
"""  # noqa: S608  (our own words)
_SEAL: Final = """
UPDATE refused_row t SET value_sealed = s.value, example_sealed = s.example, raw_sealed = s.raw
  FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[]) s (id, was, value, example, raw)
 WHERE t.id = s.id AND t.raw = s.was
"""
# The version before went on meanwhile, and may have emptied what is sealed by now: retention, or an attribute classed.
_EMPTIED: Final = """
UPDATE refused_row SET value_sealed = CASE WHEN value <> '' THEN value_sealed END,
       example_sealed = CASE WHEN example <> '' THEN example_sealed END,
       raw_sealed = CASE WHEN raw <> '' THEN raw_sealed END
 WHERE (value = '' AND value_sealed IS NOT NULL) OR (example = '' AND example_sealed IS NOT NULL)
    OR (raw = '' AND raw_sealed IS NOT NULL)
"""
_SEALED: Final = """
SELECT id, import_run_id, row_number, value_sealed, example_sealed, raw_sealed FROM refused_row
 WHERE (value_sealed IS NOT NULL OR example_sealed IS NOT NULL OR raw_sealed IS NOT NULL) AND id > %s
 ORDER BY id LIMIT %s
"""
_UNSEAL: Final = """
UPDATE refused_row t SET value = s.value, example = s.example, raw = s.raw
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) s (id, value, example, raw) WHERE t.id = s.id
"""
_IN_BETWEEN: Final = """
SELECT count(*) FROM information_schema.columns
 WHERE table_schema = 'vault' AND table_name = 'refused_row' AND column_name = 'raw_sealed'
"""


def rows_lie_open() -> bool:
    """Whether open and sealed columns stand side by side: there is something to do before the open ones go."""
    return bool(_one(_IN_BETWEEN))


def seal_rows(say: Say = lambda done, of: None) -> int:
    """How many rows were sealed. Every row that lay open when this began is sealed when it returns."""
    total, done, last = _one(_LEFT), 0, 0
    say(0, total)
    while rows := _seal_some(last):
        done, last = done + len(rows), rows[-1][0]
        say(min(done, total), total)
    return done


def let_emptied_go() -> None:
    """What was emptied in the open column since it was sealed is empty in the sealed one, too."""
    cursor_of(OWNER).execute(_EMPTIED)


def open_rows() -> None:
    """Every row lies open again beside its seal: for taking the migration back."""
    last = 0
    while rows := cursor_of(OWNER).execute(_SEALED, [last, BATCH]).fetchall():
        keys = _keys(rows)
        opened = [(row[0], *(_opened(keys[row[1]], row, place) for place in range(3))) for row in rows]
        cursor_of(OWNER).execute(_UNSEAL, [list(column) for column in zip(*opened, strict=True)])
        last = rows[-1][0]


def _seal_some(after: int) -> Sequence[Any]:
    with transaction.atomic(using=OWNER):
        rows = cursor_of(OWNER).execute(_SOME, [after, BATCH]).fetchall()
        keys = _keys(rows)
        sealed = [(row[0], row[5], *(_cell(keys[row[1]], row, place) for place in range(3))) for row in rows]
        if sealed:
            cursor_of(OWNER).execute(_SEAL, [list(column) for column in zip(*sealed, strict=True)])
    return rows


def _keys(rows: Sequence[Any]) -> dict[int, DataKey]:
    return {run: file_sealing_key(run, login=OWNER) for run in {row[1] for row in rows}}


def _cell(key: DataKey, row: Sequence[Any], place: int) -> bytes | None:
    text = row[3 + place]
    return key.seal(cell_of(SEALED[place], row[2]), text) if text else None


def _opened(key: DataKey, row: Sequence[Any], place: int) -> str:
    cell = row[3 + place]
    return key.open(cell_of(SEALED[place], row[2]), bytes(cell)) if cell is not None else ""


def _one(question: str) -> int:
    row = cursor_of(OWNER).execute(question).fetchone()
    return int(row[0]) if row else 0
