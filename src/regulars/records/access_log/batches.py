"""Closing the books: which lines are certainly all there, the batches made of them, and the signed checkpoints.

Lines are taken by the number of the transaction that wrote them. `pg_snapshot_xmin` is the oldest transaction still
under way: every line of an older one is there for good or never will be, however late its neighbours commit.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

import psycopg
from django.db import connections, transaction

from regulars.connections.postgres.asking import WRITER
from regulars.records.access_log.models import LogBatch, LogCheckpoint
from regulars.rules.evidence.batches import Batch
from regulars.rules.evidence.checkpoints import Checkpoint, Signed
from regulars.rules.evidence.lines import COLUMNS

Connection = psycopg.Connection[tuple[Any, ...]]
ONE_CLOSER: Final = 20180102
AT_ONCE: Final = 5_000
NO_END: Final = 2**62
BATCH: Final = tuple(Batch.__dataclass_fields__)
CHECKPOINT: Final = tuple(Checkpoint.__dataclass_fields__)
TABLE_OF: Final = {"access": "access_entry", "privacy": "privacy_entry"}
UTC: Final = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
PEAK: Final = 64


@contextmanager
def closing() -> Iterator[Connection | None]:
    """The writer's connection in a transaction nobody else closes in meanwhile; None when somebody else does."""
    with transaction.atomic(using=WRITER):
        held: Connection = connections[WRITER].connection
        row = held.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_CLOSER]).fetchone()
        yield held if row and row[0] else None


def ended_before(connection: Connection) -> int:
    """Every transaction below this number has ended: no line of theirs can appear any more."""
    row = connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()
    return int(row[0]) if row else 0


def lines_of(
    connection: Connection, book: str, *, since: int, until: int, floor: int, ceiling: int = NO_END
) -> Iterator[tuple[Any, ...]]:
    """Rows (as in COLUMNS) of the transactions since ≤ number < until with floor < id ≤ ceiling, in the order of id.

    Read a few thousand at a time, so the connection must be in a transaction.
    """
    columns = ", ".join(UTC.format(name) if name == "at" else name for name in COLUMNS[book])
    question = f"""SELECT {columns} FROM vault.{TABLE_OF[book]}
                    WHERE xid >= %s AND xid < %s AND id > %s AND id <= %s ORDER BY id"""  # noqa: S608 - our own names
    with connection.cursor(name="log_lines") as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(question, [since, until, floor, ceiling])


def first_waiting(connection: Connection, book: str, *, since: int, floor: int) -> tuple[int, int, int] | None:
    """(lowest transaction, highest transaction, highest id) of the lines from `since` on; None when there is none."""
    row = connection.execute(
        f"SELECT min(xid), max(xid), max(id) FROM vault.{TABLE_OF[book]} WHERE xid >= %s AND id > %s",  # noqa: S608
        [since, floor],
    ).fetchone()
    return (int(row[0]), int(row[1]), int(row[2])) if row and row[0] is not None else None


def cut_at(connection: Connection, book: str, *, since: int, until: int, floor: int, size: int) -> int:
    """`until`, or an earlier transaction so that not many more than `size` lines come before it."""
    row = connection.execute(
        f"""SELECT xid FROM vault.{TABLE_OF[book]} WHERE xid >= %s AND xid < %s AND id > %s
             ORDER BY xid OFFSET %s LIMIT 1""",  # noqa: S608 - our own names
        [since, until, floor, size],
    ).fetchone()
    return min(until, int(row[0]) + 1) if row else until


def oldest_waiting(connection: Connection, book: str, *, since: int, floor: int) -> float | None:
    """Seconds the oldest line that is in no batch has been waiting, on the database's clock; None when none waits."""
    row = connection.execute(
        f"SELECT extract(epoch FROM now() - min(at)) FROM vault.{TABLE_OF[book]} WHERE xid >= %s AND id > %s",  # noqa: S608
        [since, floor],
    ).fetchone()
    return float(row[0]) if row and row[0] is not None else None


def lines_waiting(connection: Connection, book: str, *, since: int, floor: int) -> int:
    """How many lines are in no batch yet."""
    row = connection.execute(
        f"SELECT count(*) FROM vault.{TABLE_OF[book]} WHERE xid >= %s AND id > %s",  # noqa: S608 - our own names
        [since, floor],
    ).fetchone()
    return int(row[0]) if row else 0


def batches(connection: Connection, *, after: int = 0, most: int | None = None) -> list[Batch]:
    """Every batch above that number, in order; `most` of them at most."""
    rows = connection.execute(
        f"SELECT {_names(BATCH)} FROM vault.log_batch WHERE number > %s ORDER BY number LIMIT %s",  # noqa: S608
        [after, most],
    )
    return [Batch(*row) for row in rows]


def last_batches(connection: Connection) -> Mapping[str, tuple[Batch, int]]:
    """Book → (its newest batch, the highest id in any of its batches)."""
    rows = connection.execute(
        f"""SELECT DISTINCT ON (b.book) {", ".join(f'b."{name}"' for name in BATCH)},
                   (SELECT max(last_id) FROM vault.log_batch l WHERE l.book = b.book)
              FROM vault.log_batch b ORDER BY b.book, b.number DESC"""  # noqa: S608 - our own names
    )
    return {row[BATCH.index("book")]: (Batch(*row[:-1]), int(row[-1])) for row in rows}


def checkpoints(connection: Connection, *, after: int = 0, most: int | None = None) -> list[Signed]:
    """Every checkpoint above that number, in order; `most` of them at most."""
    rows = connection.execute(
        f"""SELECT {_names(CHECKPOINT)}, signature FROM vault.log_checkpoint
             WHERE number > %s ORDER BY number LIMIT %s""",  # noqa: S608 - our own names
        [after, most],
    )
    return [_signed(row) for row in rows]


def checkpoint(connection: Connection, number: int) -> Signed | None:
    """The checkpoint of that number; None when there is none."""
    found = checkpoints(connection, after=number - 1, most=1)
    return found[0] if found and found[0].checkpoint.number == number else None


def last_checkpoint(connection: Connection) -> tuple[Signed, tuple[bytes, ...]] | None:
    """The newest checkpoint and the peaks of its tree; None before the first."""
    row = connection.execute(
        f"SELECT {_names(CHECKPOINT)}, signature, peaks FROM vault.log_checkpoint ORDER BY number DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    return (_signed(row[:-1]), peaks_in(row[-1])) if row else None


def peaks_at(connection: Connection, number: int) -> tuple[bytes, ...]:
    """The peaks of the tree at that checkpoint; none where there is no such checkpoint."""
    row = connection.execute("SELECT peaks FROM vault.log_checkpoint WHERE number = %s", [number]).fetchone()
    return peaks_in(row[0]) if row else ()


def ceilings(connection: Connection) -> Mapping[tuple[str, int], int]:
    """(book, floor) → the highest id that counts there: the next floor, or no end for the newest."""
    rows = connection.execute(
        """SELECT book, floor, lead(floor) OVER (PARTITION BY book ORDER BY floor)
             FROM (SELECT DISTINCT book, floor FROM vault.log_batch) b"""
    )
    return {(book, floor): NO_END if above is None else above for book, floor, above in rows}


def keep_batch(batch: Batch, *, last_id: int) -> None:
    """The batch stands in the book of batches."""
    LogBatch.objects.create(**asdict(batch), last_id=last_id)


def keep_checkpoint(signed: Signed, peaks: tuple[bytes, ...]) -> None:
    """The checkpoint stands in the book of checkpoints."""
    told = "".join(peak.hex() for peak in peaks)
    LogCheckpoint.objects.create(**asdict(signed.checkpoint), signature=signed.signature, peaks=told)


def peaks_in(text: str) -> tuple[bytes, ...]:
    """Peaks as they are kept, read again."""
    return tuple(bytes.fromhex(text[place : place + PEAK]) for place in range(0, len(text), PEAK))


def _signed(row: tuple[Any, ...]) -> Signed:
    return Signed(Checkpoint(*row[:-1]), str(row[-1]))


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
