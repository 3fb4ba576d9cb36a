"""Which free texts are watched, how one is read for the officer, and how one is put in its place.

The rows belong to other records; only what was said in them is touched here, never that something happened.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_access, note_deed, note_denial
from regulars.records.customers.access import Opened
from regulars.records.customers.keys import cursor_of, open_cell, opening_keys, sealing_keys
from regulars.records.free_texts.models import SensitiveText, TextFlag, TextSweep
from regulars.rules.free_text.sensitive import Hit, covered, find_sensitive, kinds_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

#: Table → its columns of free text. Names of our own; nothing from outside is ever put here.
WATCHED: Final[Mapping[str, tuple[str, ...]]] = {
    "touchpoint": ("title", "detail"), "complaint": ("detail", "answer"), "task": ("words",),
    "preference": ("words",), "field_said": ("because",),
    "own_value_said": ("because",),
}  # fmt: skip
DECISIONS: Final[Mapping[str, str]] = {"accept": "accepted", "redact": "redacted", "move": "moved"}
MOVED: Final = "▇▇▇"
PLACE: Final = "sensitive_text.words"
# A row may have gone since: what was corrected is taken back, or lies with a merge until that is undone.
_STILL_THERE: Final = " OR ".join(
    f"(f.table_name = '{table}' AND EXISTS (SELECT FROM {table} r WHERE r.id = f.row_id))" for table in WATCHED
)
_OPEN: Final = f"""
SELECT f.id, f.customer_id, c.number, f.table_name, f.column_name, f.row_id, f.kinds, f.found_at, f.found_by
  FROM text_flag f JOIN LATERAL (SELECT number FROM customer WHERE id = f.customer_id LIMIT 1) c ON true
 WHERE f.state = 'open' AND ({_STILL_THERE}) ORDER BY f.found_at, f.id LIMIT %s
"""  # noqa: S608 - names of ours
_WAITING: Final = f"SELECT count(*) FROM text_flag f WHERE f.state = 'open' AND ({_STILL_THERE})"  # noqa: S608 - names of ours
_MOVED: Final = """
SELECT table_name, column_name, words, moved_at FROM sensitive_text WHERE customer_id = %s ORDER BY moved_at, id
"""
# Whoever writes to a table holds a lock from before the row gets a number until it is there or will never be. This one
# is had only while nobody does; it waits for no one, lest writers should wait behind it.
_NOBODY_WRITES: Final = "LOCK TABLE {} IN SHARE MODE NOWAIT"
PATIENCE: Final = 30.0
_A_MOMENT: Final = 0.05


@dataclass(frozen=True, slots=True)
class FlaggedText:
    """A text that waits for the officer: whose, where, of which kinds, the words themselves and what in them it is."""

    id: int
    number: str
    table: str
    kinds: tuple[str, ...]
    text: str
    hits: tuple[Hit, ...]
    found_at: datetime
    found_by: str


@dataclass(frozen=True, slots=True)
class MovedText:
    """What a text said before it was moved out of sight."""

    table: str
    words: str | None
    moved_at: datetime


def look_at_text(
    customer_id: int, table: str, row_id: int, texts: Mapping[str, str], *, by: str, at: datetime
) -> tuple[str, ...]:
    """The kinds of sensitive things these texts hold (column → text); each such text is flagged for the officer."""
    found = {column: kinds for column, text in texts.items() if (kinds := kinds_in(text))}
    TextFlag.objects.bulk_create(
        [
            TextFlag(customer_id=customer_id, table_name=table, column_name=column, row_id=row_id, kinds=list(kinds),
                     found_at=at, found_by=by)
            for column, kinds in found.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return kinds_in(*texts.values())


def sweep_texts(*, at: datetime, at_once: int = 2_000, patience: float = PATIENCE) -> int:
    """How many old texts were looked at now, a batch of each column; 0 when all have been. Safe to kill and repeat.

    A row whose transaction still lasts is waited for, since later rows may be there before it: for `patience` seconds,
    and then its table is left for the next time. A VACUUM of the table counts as somebody who writes (no lock tells the
    two apart without making writers wait), so a long one puts that table's sweep off: nothing is passed over by it.
    """
    return sum(
        _sweep(table, column, at, at_once, through)
        for table, columns in WATCHED.items()
        if (through := _settled_through(table, patience)) is not None
        for column in columns
    )


def flagged_texts(*, by: Asker, because: str, limit: int = 50) -> tuple[int, list[FlaggedText]]:
    """How many texts wait, and the first of them with their words. For the officer; the log says so."""
    if by.view != "personal":
        note_denial(by, door="flagged_texts", because=because)
        raise Denied("texts_are_the_officers")
    rows = ask(by.view, _OPEN, [limit])
    words = _words([(row[3], row[4], row[5]) for row in rows], by.view)
    note_access(by, door="flagged_texts", because=because, rows=len(rows))
    shown = [
        FlaggedText(number_, who, table, tuple(kinds), text, find_sensitive(text), found_at, found_by)
        for number_, _, who, table, column, row_id, kinds, found_at, found_by in rows
        if (text := words.get((table, column, row_id))) is not None
    ]
    return texts_waiting(), shown


def texts_waiting() -> int:
    """How many flagged texts nobody has decided about."""
    return int(ask(WRITER, _WAITING)[0][0])


def decide_text(flag_id: int, decision: str, *, by: Asker, at: datetime) -> None:
    """The officer leaves the text as it is, has what is sensitive covered, or has it moved out of sight, sealed.

    BadInput for another decision, NotThere for a text nobody flagged or somebody has decided about.
    """
    if by.role != "officer":
        note_denial(by, door="decide_text", because=decision[:40])
        raise Denied("texts_are_the_officers")
    if decision not in DECISIONS:
        raise BadInput("text_decision_unknown", {"decision": decision[:40]})
    with transaction.atomic():
        flag = TextFlag.objects.select_for_update().filter(id=flag_id, state="open").first()
        if flag is None:
            raise NotThere("text_not_flagged")
        if decision != "accept":
            _put_away(flag, keep=decision == "move", at=at)
        TextFlag.objects.filter(id=flag_id).update(state=DECISIONS[decision], decided_at=at, decided_by=by.name)
        detail: dict[str, str | int | bool | None] = {"kinds": ", ".join(flag.kinds), "decision": DECISIONS[decision]}
        note_deed(
            by,
            deed="text",
            subject=f"{flag.table_name}.{flag.column_name}",
            detail=detail,
            customer_id=flag.customer_id,
        )


def moved_texts(opened: Opened) -> list[MovedText]:
    """What was moved out of sight about this customer, for a view that opens sealed texts."""
    if opened.by.view not in ("personal", "sensitive"):
        return []
    rows = ask(opened.by.view, _MOVED, [opened.id])
    key = opening_keys(opened.by.view, [opened.id]).get(opened.id) if rows else None
    return [MovedText(f"{table}.{column}", open_cell(key, PLACE, words), at) for table, column, words, at in rows]


def forget_texts(customer_id: int) -> int:
    """How many flags and moved texts of hers are gone: for erasing her."""
    flags, _ = TextFlag.objects.filter(customer_id=customer_id).delete()
    moved, _ = SensitiveText.objects.filter(customer_id=customer_id).delete()
    return flags + moved


def _settled_through(table: str, patience: float) -> int | None:
    """The number up to which every row of the table is there or will never be; None when all up to it were looked at,
    or when it cannot be told in time."""
    until = time.monotonic() + patience
    while (highest := _highest_at_rest(table)) is None:
        if time.monotonic() > until:
            return None
        time.sleep(_A_MOMENT)
    looked_at = TextSweep.objects.filter(table_name=table, through_id__gte=highest).count()
    return highest if looked_at < len(WATCHED[table]) else None


def _highest_at_rest(table: str) -> int | None:
    """The highest number of a row, at a moment when nobody writes to the table; None when somebody does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NOBODY_WRITES.format(table))
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - names of WATCHED
            return int(cursor.fetchone()[0])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return None
        raise


def _sweep(table: str, column: str, at: datetime, at_once: int, through: int) -> int:
    with transaction.atomic():
        sweep, _ = TextSweep.objects.get_or_create(table_name=table, column_name=column)
        sweep = TextSweep.objects.select_for_update().get(id=sweep.id)
        question = f"SELECT id, customer_id, {column} FROM {table} WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"  # noqa: S608
        rows = ask(WRITER, question, [sweep.through_id, through, at_once])
        for row_id, customer_id, text in rows:
            if text:
                look_at_text(customer_id, table, row_id, {column: text}, by="night shift", at=at)
        if rows:
            TextSweep.objects.filter(id=sweep.id).update(through_id=rows[-1][0])
    return len(rows)


def _words(places: Sequence[tuple[str, str, int]], view: str) -> dict[tuple[str, str, int], str]:
    """(table, column, row) → what stands there, one question per column."""
    found: dict[tuple[str, str, int], str] = {}
    for table, column in {(table, column) for table, column, _ in places if column in WATCHED.get(table, ())}:
        ids = [row for t, c, row in places if (t, c) == (table, column)]
        question = f"SELECT id, {column} FROM {table} WHERE id = ANY (%s)"  # noqa: S608 - names of WATCHED
        found |= {(table, column, row): text for row, text in ask(view, question, [ids])}
    return found


def _put_away(flag: TextFlag, *, keep: bool, at: datetime) -> None:
    """The row says it no more; with `keep` the whole text lies sealed among the sensitive ones."""
    table, column = flag.table_name, flag.column_name
    if column not in WATCHED.get(table, ()):
        raise NotThere("text_not_flagged")
    cursor = cursor_of("default")
    row = cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s FOR UPDATE", [flag.row_id]).fetchone()  # noqa: S608  # type: ignore[arg-type]
    text = str(row[0]) if row else ""
    if keep and text:
        key = sealing_keys([flag.customer_id])[flag.customer_id]
        SensitiveText.objects.create(
            customer_id=flag.customer_id, table_name=table, column_name=column, row_id=flag.row_id,
            words=key.seal(PLACE, text), moved_at=at,
        )  # fmt: skip
    left = MOVED if keep else covered(text)
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [left, flag.row_id])  # noqa: S608  # type: ignore[arg-type]
