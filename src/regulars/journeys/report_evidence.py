"""How the evidence stands: the last checkpoint, what waits to be closed, each copy; and everything verified anew."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.db import connections, transaction

from regulars.connections.postgres.asking import WRITER
from regulars.journeys.check_log import LATE, batch_findings, log_findings
from regulars.journeys.close_batch import signer
from regulars.journeys.send_checkpoint import OTHERWISE, Folder, Place, places
from regulars.records.access_log.batches import (
    Connection,
    batches,
    checkpoint,
    last_batches,
    last_checkpoint,
    lines_waiting,
)
from regulars.records.access_log.copies import copy_facts
from regulars.rules.evidence.checkpoints import Checkpoint
from regulars.rules.evidence.lines import BOOKS
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.drift import Finding


@dataclass(frozen=True, slots=True)
class CopyState:
    """One copy. `state` is well, behind, away, otherwise or nothing; `number` and `at` those of its last checkpoint."""

    name: str
    is_outside: bool
    state: str
    number: int
    at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """The log as evidence. `checkpoint` is None before the first; `waiting` counts each book's lines not closed yet."""

    key: str
    checkpoint: Checkpoint | None
    checkpoint_at: datetime | None
    is_alive: bool
    batches: int
    waiting: dict[str, int]
    copies: tuple[CopyState, ...]

    @property
    def leaves(self) -> bool:
        """Whether a copy is told to leave this machine."""
        return any(copy.is_outside for copy in self.copies)

    @property
    def is_well(self) -> bool:
        """Whether the log is being closed and every copy is there."""
        return self.is_alive and all(copy.state == "well" for copy in self.copies)


def evidence_state(*, by: Asker, at: datetime) -> EvidenceState:
    """How the evidence stands now; for the privacy officer."""
    _only_the_officer(by)
    with transaction.atomic(using=WRITER):
        connection = _own()
        newest = last_checkpoint(connection)
        said = newest[0].checkpoint if newest else None
        when = _moment(said.at) if said else None
        return EvidenceState(
            key=signer(),
            checkpoint=said,
            checkpoint_at=when,
            is_alive=when is not None and at - when <= LATE,
            batches=said.size if said else 0,
            waiting=_waiting(connection),
            copies=tuple(_copy(connection, place, said, at) for place in places()),
        )


def verify_log(*, by: Asker) -> list[Finding]:
    """Every line of every batch read again, however long it takes; and the chain, the tree, the copies."""
    _only_the_officer(by)
    with transaction.atomic(using=WRITER):
        connection = _own()
        others = [one for one in log_findings(connection, {}) if one.code != "log_batch_differs"]
        return [*batch_findings(connection, batches(connection)), *others]


def _copy(connection: Connection, place: Place, newest: Checkpoint | None, at: datetime) -> CopyState:
    facts = copy_facts(connection, place.name)
    try:
        there = place.newest() if isinstance(place, Folder) else checkpoint(connection, facts.number)
    except (OSError, ValueError) as error:
        return CopyState(place.name, place.is_outside, "away", 0, None, str(getattr(error, "strerror", error)))
    if there is None:
        state = "away" if facts.failures else "nothing"
        return CopyState(place.name, place.is_outside, state, 0, None, facts.message)
    said = there.checkpoint
    state = _compared(said, newest, checkpoint(connection, said.number) == there, at)
    message = "" if facts.message == OTHERWISE else facts.message
    return CopyState(place.name, place.is_outside, state, said.number, _moment(said.at), message)


def _compared(said: Checkpoint, newest: Checkpoint | None, is_ours: bool, at: datetime) -> str:
    if not is_ours:
        return OTHERWISE
    is_behind = newest is not None and said.number < newest.number and at - _moment(said.at) > LATE
    return "behind" if is_behind else "well"


def _waiting(connection: Connection) -> dict[str, int]:
    ends = last_batches(connection)
    places_ = {book: (ends[book][0].until, ends[book][0].floor) if book in ends else (0, 0) for book in BOOKS}
    return {book: lines_waiting(connection, book, since=since, floor=floor) for book, (since, floor) in places_.items()}


def _own() -> Connection:
    return cast(Connection, connections[WRITER].connection)


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


def _only_the_officer(by: Asker) -> None:
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
