"""The log against its batches, its checkpoints and its copies: what was altered, cut off, or no longer leaves.

Up to two hundred thousand lines are all read again each time. Of a longer log the newest half of that, and older
batches drawn by lot, so that nobody knows which are looked at tonight; `regulars log verify` reads everything.
"""

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.securing import Connection
from regulars.journeys.close_batch import marks_key, marks_of, said_at, signer
from regulars.journeys.read_batch import lines_in
from regulars.journeys.send_checkpoint import Folder, Place, places
from regulars.records.access_log.batches import (
    batches,
    checkpoint,
    checkpoints,
    last_batches,
    last_checkpoint,
    oldest_waiting,
)
from regulars.records.access_log.copies import copy_facts
from regulars.rules.evidence.batches import Batch, gaps
from regulars.rules.evidence.checkpoints import Signed, broken_links
from regulars.rules.evidence.lines import BOOKS
from regulars.rules.evidence.merkle import leaf_hash, root_over
from regulars.rules.privacy.drift import Finding

ALL_UP_TO: Final = 200_000
LATE: Final = timedelta(minutes=30)


def log_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Every disagreement between the books, their batches and checkpoints, and the copies that left."""
    if ("log_batch", "number") not in types_of(connection):
        return
    made = batches(connection)
    counts["log_lines"] = sum(batch.lines for batch in made)
    yield from batch_findings(connection, drawn(made, ALL_UP_TO))
    yield from _chain(connection, made)
    yield from _heartbeat(connection)
    for place in places():
        yield from _copy(connection, place)


def batch_findings(connection: Connection, chosen: Iterable[Batch]) -> Iterator[Finding]:
    """Batches whose lines are not what was closed: altered, taken out, or put in afterwards."""
    key = marks_key()
    own = marks_of(key)
    listed = list(chosen)
    others = [batch for batch in listed if batch.marks != own]
    if others:
        yield Finding("log_marks_other", f"batch {others[0].number}", others[0].marks, own)
    for batch, lines in lines_in(connection, [batch for batch in listed if batch.marks == own], key):
        hashes = [leaf_hash(line) for line in lines]
        if len(hashes) != batch.lines or root_over(hashes).hex() != batch.root:
            yield Finding("log_batch_differs", _named(batch), _told(batch.lines, batch.root),
                          _told(len(hashes), root_over(hashes).hex()))  # fmt: skip


def drawn(made: list[Batch], most: int) -> list[Batch]:
    """All batches, or of a log longer than `most` lines the newest half of that and older ones by lot."""
    if sum(batch.lines for batch in made) <= most:
        return made
    newest, older = _up_to(list(reversed(made)), most // 2)
    secrets.SystemRandom().shuffle(older)
    return sorted(newest + _up_to(older, most // 2)[0], key=lambda batch: batch.number)


def _up_to(ordered: list[Batch], lines: int) -> tuple[list[Batch], list[Batch]]:
    """Batches from the beginning until there are so many lines, and the others."""
    so_far = 0
    for place, batch in enumerate(ordered):
        if so_far >= lines:
            return ordered[:place], ordered[place:]
        so_far += batch.lines
    return ordered, []


def _chain(connection: Connection, made: list[Batch]) -> Iterator[Finding]:
    """Batches that do not join, checkpoints that do not follow, and the tree against the newest of them."""
    yield from (Finding("log_gap", f"batch {number}", found=code) for number, code in gaps(made))
    chain = checkpoints(connection)
    yield from (
        Finding("log_checkpoint_broken", f"checkpoint {number}", found=code) for number, code in broken_links(chain)
    )
    newest = chain[-1] if chain else None
    size, root = (newest.checkpoint.size, newest.checkpoint.root) if newest else (0, "")
    found = root_over([batch.hash for batch in made]).hex()
    if size != len(made) or (newest and root != found):
        yield Finding("log_tree_differs", "log", f"{size} batches {root[:16]}", f"{len(made)} batches {found[:16]}")
    if newest and newest.checkpoint.key != signer():
        yield Finding("log_key_other", f"checkpoint {newest.checkpoint.number}", newest.checkpoint.key[:16],
                      signer()[:16])  # fmt: skip


def _heartbeat(connection: Connection) -> Iterator[Finding]:
    """No new checkpoint for long, or lines that wait for long: nobody closes the log any more."""
    newest = _newest(connection)
    if newest and _is_old(connection, newest):
        yield Finding("log_heartbeat_missing", "log", found=newest.checkpoint.at[:16])
        return
    ends = last_batches(connection)
    for book in BOOKS:
        since, floor = (ends[book][0].until, ends[book][0].floor) if book in ends else (0, 0)
        waiting = oldest_waiting(connection, book, since=since, floor=floor)
        if waiting is not None and waiting > LATE.total_seconds():
            yield Finding("log_unclosed", f"{book} log", found=f"{waiting / 60:.0f} min")


def _copy(connection: Connection, place: Place) -> Iterator[Finding]:
    """A copy that is away, behind, or tells another story than the database."""
    ours = _newest(connection)
    facts = copy_facts(connection, place.name)
    try:
        there = place.newest() if isinstance(place, Folder) else checkpoint(connection, facts.number)
    except (OSError, ValueError) as error:
        yield Finding("log_copy_away", place.name, found=getattr(error, "strerror", None) or "unreadable")
        return
    if there is None:
        if facts.number or (ours and _is_old(connection, ours)):
            yield Finding("log_copy_missing", place.name, found=facts.message)
        return
    yield from _against_ours(connection, place.name, there, ours)


def _against_ours(connection: Connection, name: str, there: Signed, ours: Signed | None) -> Iterator[Finding]:
    number = there.checkpoint.number
    newest = ours.checkpoint.number if ours else 0
    if number > newest:
        yield Finding("log_shorter_than_copy", name, f"checkpoint {number}", f"checkpoint {newest}")
    elif checkpoint(connection, number) != there:
        yield Finding("log_copy_otherwise", name, f"checkpoint {number}")
    elif number < newest and _is_old(connection, there):
        yield Finding("log_copy_behind", name, f"checkpoint {newest}", f"checkpoint {number}")


def _newest(connection: Connection) -> Signed | None:
    found = last_checkpoint(connection)
    return found[0] if found else None


def _is_old(connection: Connection, kept: Signed) -> bool:
    return kept.checkpoint.at < said_at(_now(connection) - LATE)


def _now(connection: Connection) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    return row[0] if row else datetime.now(UTC)


def _named(batch: Batch) -> str:
    return f"{batch.book} batch {batch.number}"


def _told(lines: int, root: str) -> str:
    return f"{lines} lines {root[:16]}"
