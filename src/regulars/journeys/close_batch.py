"""The log is closed, batch by batch: what came since the last time gets its tree, the tree of batches a signature.

Called every minute. A line is in a batch at the latest a minute after its transaction and every older one has ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from regulars.records.access_log.actions import note_deed
from regulars.records.access_log.batches import (
    Connection,
    closing,
    cut_at,
    ended_before,
    first_waiting,
    keep_batch,
    keep_checkpoint,
    last_batches,
    last_checkpoint,
    lines_of,
)
from regulars.rules.evidence.batches import FORM, Batch
from regulars.rules.evidence.checkpoints import Checkpoint, Signed, begin, following, public_key, sign
from regulars.rules.evidence.lines import BOOKS, mark, writer_for
from regulars.rules.evidence.merkle import grown, leaf_hash, root_of_peaks, root_over
from regulars.rules.permission.asking import Asker

SIGNING, MARKS = "log_signing", "log_marks"
LARGEST: Final = 100_000
#: With nothing new to close, a checkpoint is signed all the same: its absence is what tells that somebody switched off.
HEARTBEAT: Final = timedelta(minutes=15)
KEEPER: Final = Asker("night shift", "house", "none", "oversight")


@dataclass(frozen=True, slots=True)
class Closed:
    """What was closed now: batches, lines, and the checkpoint signed over them (None when none was due)."""

    batches: int
    lines: int
    checkpoint: Signed | None


@dataclass(frozen=True, slots=True)
class _End:
    """Where a book was closed last: its floor, the transaction it goes on from, its highest id."""

    floor: int = 0
    until: int = 0
    last_id: int = 0


def close_batches(*, at: datetime, largest: int = LARGEST) -> Closed:
    """Everything that is certainly complete is in a batch when this returns. Nothing when somebody else closes now."""
    with closing() as connection:
        if connection is None:
            return Closed(0, 0, None)
        return _closed(connection, at, largest)


def signer() -> str:
    """The public key this house signs with, hex."""
    return public_key(settings.KEYS.read(SIGNING))


def marks_key() -> bytes:
    """The key under which customers stand in the evidence."""
    return bytes(settings.KEYS.read(MARKS))


def marks_of(key: bytes) -> str:
    """Tells this key of pseudonyms from another, and nothing else about it."""
    return mark(key, "key", "")[4:20]


def said_at(at: datetime) -> str:
    """The moment as evidence writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _closed(connection: Connection, at: datetime, largest: int) -> Closed:
    before = last_checkpoint(connection)
    newest, peaks = before or (None, ())
    size = newest.checkpoint.size if newest else 0
    made = list(_numbered(_new_batches(connection, at, largest), size))
    for batch in made:
        peaks = grown(peaks, batch.number - 1, batch.hash)
    if not made and not _is_due(newest, at):
        return Closed(0, 0, None)
    signed = _signed(newest, at, size + len(made), peaks, sum(batch.lines for batch in made))
    keep_checkpoint(signed, peaks)
    return Closed(len(made), sum(batch.lines for batch in made), signed)


def _is_due(newest: Signed | None, at: datetime) -> bool:
    return newest is None or newest.checkpoint.at <= said_at(at - HEARTBEAT)


def _signed(newest: Signed | None, at: datetime, size: int, peaks: tuple[bytes, ...], lines: int) -> Signed:
    seed = settings.KEYS.read(SIGNING)
    key = public_key(seed)
    before: Checkpoint = newest.checkpoint if newest else begin(said_at(at), key)
    moment = max(said_at(at), before.at)  # a clock set back does not make the log go back
    root = root_of_peaks(peaks)
    return sign(following(before, at=moment, size=size, root=root, lines=before.lines + lines, key=key), seed)


def _numbered(batches: Iterator[tuple[Batch, int]], size: int) -> Iterator[Batch]:
    """Each batch with its number, kept as soon as it is made."""
    for number, (batch, last_id) in enumerate(batches, start=size + 1):
        numbered = replace(batch, number=number)
        keep_batch(numbered, last_id=last_id)
        yield numbered


def _new_batches(connection: Connection, at: datetime, largest: int) -> Iterator[tuple[Batch, int]]:
    """Every book's new batches with their highest ids, not numbered yet."""
    ends = {book: _End(b.floor, b.until, last_id) for book, (b, last_id) in last_batches(connection).items()}
    for book in BOOKS:
        end = ends.get(book, _End())
        until = ended_before(connection)
        if until < end.until:
            yield from _moved(connection, book, end, at)
            end = _floor_above(connection, book, end)
        while (waiting := first_waiting(connection, book, since=end.until, floor=end.floor)) and waiting[0] < until:
            upto = cut_at(connection, book, since=end.until, until=until, floor=end.floor, size=largest)
            batch, last_id = _batch(connection, book, end, upto, at)
            end = _End(end.floor, upto, max(end.last_id, last_id))
            yield batch, last_id


def _moved(connection: Connection, book: str, end: _End, at: datetime) -> Iterator[tuple[Batch, int]]:
    """The house is on another server, which counts transactions anew: what the old one left open is closed first."""
    note_deed(KEEPER, deed="log_moved", subject=book, detail={"until": end.until})
    rest = first_waiting(connection, book, since=end.until, floor=end.floor)
    if rest:
        yield _batch(connection, book, end, rest[1] + 1, at)


def _floor_above(connection: Connection, book: str, end: _End) -> _End:
    """From here on only ids above everything the old server knew count."""
    rest = first_waiting(connection, book, since=end.until, floor=end.floor)
    floor = max(end.last_id, rest[2] if rest else 0)
    return _End(floor, 0, floor)


def _batch(connection: Connection, book: str, end: _End, until: int, at: datetime) -> tuple[Batch, int]:
    key = marks_key()
    write, hashes, last_id = writer_for(book, key), [], end.last_id
    for row in lines_of(connection, book, since=end.until, until=until, floor=end.floor):
        hashes.append(leaf_hash(write(row)))
        last_id = max(last_id, row[0])
    root = root_over(hashes).hex()
    batch = Batch(0, said_at(at), book, FORM, marks_of(key), end.floor, end.until, until, len(hashes), root)
    return batch, last_id
