"""How far a batch over customers has come: killed, the next goes on where it ended. One works at a time."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_change
from regulars.records.customers.newly_marked import ToCompare, are_compared, everybody_is_compared
from regulars.records.merging.models import FINISHED, NEWS, RUNNING, STOPPED, WAITS, WHOLE, MatchRun
from regulars.records.merging.reviewing import demand_deciding, put_up_for_review
from regulars.rules.identity.pairs import DoubtfulPair
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

__all__ = [
    "NEWS", "RUNNING", "WAITS", "WHOLE", "Run", "StoppedByHand", "alone", "begin", "begin_or_go_on", "different_pairs",
    "finish_run", "open_run", "put_up_part", "run_of", "runs", "somebody_compares", "stop_run", "tell_progress",
    "whole_run_was_there",
]  # fmt: skip
DOOR: Final = "match_customers"
ALONE: Final = 0x6D61_7463  # "matc": the advisory lock of who compares
_DIFFERENT: Final = "SELECT low_id, high_id FROM different_pair"


class StoppedByHand(Exception):
    """Somebody stopped the batch; what it has put up stays."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the batch. Of a whole one, all customers up to `done_until` have been compared with everybody before
    them; `step`, `done` and `of` say what it is at."""

    id: int
    kind: str
    state: str
    because: str
    started_at: datetime
    started_by: str
    done_until: int
    customers: int
    sure: int
    doubtful: int
    put_up: int
    finished_at: datetime | None
    step: str
    done: int
    of: int

    @property
    def is_under_way(self) -> bool:
        """Whether it waits for its turn or works."""
        return self.state in (WAITS, RUNNING)


def begin_or_go_on(kind: str, *, by: Asker, because: str, state: str = RUNNING) -> Run:
    """The run of that kind that is not finished, or a new one, in that state. Who waits to be compared is compared by
    a whole run, which goes on until it is done."""
    demand_deciding(by, door=DOOR, because=because)
    with transaction.atomic():
        row = MatchRun.objects.select_for_update().filter(finished_at=None, kind=kind).first()
        if row is None:
            row = MatchRun.objects.create(
                kind=kind, state=state, because=because, started_at=timezone.now(), started_by=by.name
            )
            if kind == WHOLE:
                everybody_is_compared()
            _note(by, row.id, None, "begun")
        elif row.state != state and not (row.state == RUNNING and state == WAITS):
            _note(by, row.id, row.state, state)
            row.state = state
            row.save(update_fields=["state"])
    return _run(row)


def begin(run_id: int) -> Run | None:
    """The run works when this returns; None when it was stopped meanwhile, or is finished."""
    MatchRun.objects.filter(id=run_id, state=WAITS).update(state=RUNNING)
    row = MatchRun.objects.filter(id=run_id, state=RUNNING).first()
    return _run(row) if row else None


def put_up_part(
    run: Run, until: int, pairs: Sequence[DoubtfulPair], sure: int, *, by: Asker, compared: ToCompare | None = None
) -> Run:  # fmt: skip
    """The pairs found among customers up to that id are up for review, and the run is so far: both or neither.

    StoppedByHand when somebody stopped it meanwhile: then neither.
    """
    with transaction.atomic():
        row = MatchRun.objects.select_for_update().get(id=run.id)
        if row.state != RUNNING:
            raise StoppedByHand
        row.done_until, row.put_up = until, row.put_up + put_up_for_review(pairs, by=by)
        row.sure, row.doubtful = row.sure + sure, row.doubtful + len(pairs) - sure
        if compared is not None:
            row.customers += len(compared.customers)
            are_compared(compared)
        row.save(update_fields=["done_until", "put_up", "sure", "doubtful", "customers"])
    return _run(row)


def tell_progress(run: Run, step: str, done: int, of: int) -> None:
    """Pages say from now on that it is so far. StoppedByHand when somebody stopped it."""
    told = {"step": step, "done": done, "of": of}
    if not MatchRun.objects.filter(id=run.id, state=RUNNING).update(progress=told):
        raise StoppedByHand


def finish_run(run: Run, customers: int, *, by: Asker) -> None:
    """Everybody has been compared who was to be."""
    with transaction.atomic():
        MatchRun.objects.filter(id=run.id).update(state=FINISHED, finished_at=timezone.now(), customers=customers)
        _note(by, run.id, "begun", FINISHED)


def stop_run(run_id: int, *, by: Asker) -> bool:
    """The run stops before its next pairs are put up; what is put up stays. False when it was not under way."""
    demand_deciding(by, door=DOOR, because="review of pairs")
    with transaction.atomic():
        row = MatchRun.objects.select_for_update().filter(id=run_id).first()
        if row is None:
            raise NotThere("match_run_not_there")
        if stopped := row.state in (WAITS, RUNNING):
            _note(by, row.id, row.state, STOPPED)
            MatchRun.objects.filter(id=run_id).update(state=STOPPED)
    return stopped


def runs(limit: int) -> list[Run]:
    """The newest runs first."""
    return [_run(row) for row in MatchRun.objects.order_by("-id")[:limit]]


def run_of(run_id: int) -> Run:
    """That run; NotThere when there is none."""
    row = MatchRun.objects.filter(id=run_id).first()
    if row is None:
        raise NotThere("match_run_not_there")
    return _run(row)


def whole_run_was_there() -> bool:
    """Whether everybody has been compared with everybody, once at least."""
    return MatchRun.objects.filter(kind=WHOLE, finished_at__isnull=False).exists()


def compared_last() -> int:
    """How many customers the last whole run compared; 0 before the first."""
    ended = MatchRun.objects.filter(kind=WHOLE, finished_at__isnull=False).order_by("-id")
    return ended.values_list("customers", flat=True).first() or 0


def open_run(kind: str) -> Run | None:
    """The run of that kind that is not finished."""
    row = MatchRun.objects.filter(kind=kind, finished_at=None).first()
    return _run(row) if row else None


@contextmanager
def alone(*, wait: bool = False) -> Iterator[None]:
    """Nobody else compares meanwhile. BadInput `match_under_way` when somebody does already, unless `wait`.

    The lock belongs to this database session and goes with it, whatever happens to the process.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ALONE])
        elif not any(_taken(cursor, pause) for pause in (0.0, 0.05, 0.1)):
            raise BadInput("match_under_way")
    try:
        yield
    finally:
        _let_others_in()


def somebody_compares() -> bool:
    """Whether somebody is at it just now. A process that was killed is not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_try_advisory_xact_lock_shared(%s)", [ALONE])
        return bool(cursor.fetchone()[0])


def different_pairs() -> frozenset[tuple[int, int]]:
    """Those a person has found to be two."""
    return frozenset((low, high) for low, high in ask(WRITER, _DIFFERENT, []))


def _taken(cursor: Any, pause: float) -> bool:
    """Whether the lock is ours now. Somebody who only looks holds it for a moment: a second try tells the two apart."""
    time.sleep(pause)
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [ALONE])
    return bool(cursor.fetchone()[0])


def _let_others_in() -> None:
    """A connection that broke has let go of its locks already."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ALONE])


def _run(row: MatchRun) -> Run:
    told: dict[str, Any] = row.progress
    return Run(
        row.id, row.kind, row.state, row.because, row.started_at, row.started_by, row.done_until, row.customers,
        row.sure, row.doubtful, row.put_up, row.finished_at, told.get("step", ""), told.get("done", 0),
        told.get("of", 0),
    )  # fmt: skip


def _note(by: Asker, run: int, old: str | None, new: str) -> None:
    note_change(by, door=DOOR, subject="match_run", field="state", old=old, new=new, customer_id=None)
