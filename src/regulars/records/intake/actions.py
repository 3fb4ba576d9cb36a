"""The writing door of intake: sources, and the course of each file from being looked at to its report.

looking → waiting → running → finished
             ↑         ├→ stopped (by hand; what is written stays)
             └─────────┴→ failed  (with a code; run again, it goes on after its last confirmed row)
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from regulars.records.access_log.actions import note_change
from regulars.records.intake.access import SourceFacts, source_by_ref
from regulars.records.intake.models import ChoosingRule, ImportRun, Source
from regulars.rules.cleaning.report import CleanedLine, summed
from regulars.rules.intake.choosing import RULES, USUAL_RULE
from regulars.rules.intake.sources import SAID, demand_sound, demand_unexpired
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

KINDS: Final = ("orders", "customers")
EVENTS: Final = "events"  # what streams brought on one day; no file of anybody's
TEXTS_A_DAY: Final = 100_000  # set-aside members kept with what stood in them; of more, only their reasons
BELIEVED: Final = "believed"  # among a source's settings: the trust by which records were settled last
RESUMABLE: Final = ("waiting", "running", "stopped", "failed")
ALONE: Final = 20_260_312  # the first half of the advisory lock that says "somebody works on this source"


class StoppedByHand(Exception):
    """Somebody stopped the run: what is in hand must not be committed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of some rows of a file."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    customers_new: int = 0
    customers_matched: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was brought in: its name as the person knows it, its place under the home's `files`, its SHA-256."""

    name: str
    path: str
    digest: str


def ensure_source(ref: str, *, by: Asker, at: datetime, name: str = "") -> SourceFacts:
    """The source of that reference; opened now, owned by who asks, if there was none."""
    made = {"name": name or ref, "owner": by.name, "created_at": at}
    _, fresh = Source.objects.get_or_create(ref=ref, defaults=made)
    if fresh:
        note_change(by, door="intake.ensure_source", subject="source", field="ref", old=None, new=ref, customer_id=None)
    found = source_by_ref(ref, by=by)
    if found is None:  # the view would have to be broken
        raise BadInput("no_such_source", {"source": ref})
    return found


def describe_source(source_id: int, *, by: Asker, **fields: Any) -> None:
    """The source has these fields (rules.intake.sources.SAID) from now on; BadInput for anything that cannot be."""
    if unknown := sorted(set(fields) - set(SAID)):
        raise BadInput("no_such_field", {"fields": ", ".join(unknown), "known": ", ".join(SAID)})
    with transaction.atomic():
        source = Source.objects.select_for_update().get(id=source_id)
        before = {name: getattr(source, name) for name in SAID}
        demand_sound(before | fields)
        for field, new in fields.items():
            if before[field] != new:
                note_change(
                    by, door="intake.describe_source", subject=f"source {source.ref}", field=field, old=before[field],
                    new=new, customer_id=None,
                )  # fmt: skip
        Source.objects.filter(id=source_id).update(**fields)


def remember_columns(source_id: int, kind: str, understanding: Mapping[str, Any]) -> None:
    """The next file of this kind from this source is understood the same way until somebody says otherwise."""
    with transaction.atomic():
        source = Source.objects.select_for_update().get(id=source_id)
        Source.objects.filter(id=source_id).update(settings={**source.settings, kind: dict(understanding)})


def say_rule(thing: str, rule: str, *, by: Asker) -> None:
    """The best source of that thing is chosen by that rule from now on; the change is noted. BadInput for no such rule.

    What is chosen with others goes by their name: a city by `place`, a family name by `name`.
    """
    if rule not in RULES:
        raise BadInput("no_such_rule", {"rule": rule, "known": ", ".join(sorted(RULES))})
    with transaction.atomic():
        old = ChoosingRule.objects.filter(thing=thing).values_list("rule", flat=True).first() or USUAL_RULE
        ChoosingRule.objects.update_or_create(thing=thing, defaults={"rule": rule})
        if old != rule:
            note_change(
                by, door="intake.say_rule", subject="choosing rule", field=thing, old=old, new=rule, customer_id=None
            )


def note_believed(source_id: int, trust: int) -> None:
    """Every record shows what is believed of a source that is trusted so far."""
    with transaction.atomic():
        source = Source.objects.select_for_update().get(id=source_id)
        Source.objects.filter(id=source_id).update(settings={**source.settings, BELIEVED: trust})


def say_stream(source_id: int, said: Mapping[str, Any], *, by: Asker) -> None:
    """The source's events are read so from now on; the change is noted."""
    with transaction.atomic():
        source = Source.objects.select_for_update().get(id=source_id)
        old = source.settings.get("stream")
        Source.objects.filter(id=source_id).update(settings={**source.settings, "stream": dict(said)})
        if old != said:
            note_change(
                by, door="intake.say_stream", subject=f"source {source.ref}", field="stream", old=old, new=dict(said),
                customer_id=None,
            )  # fmt: skip


def open_run(
    source_id: int, kind: str, file: KeptFile, settings: Mapping[str, Any], *, rows: int, by: Asker, at: datetime
) -> int:
    """The number of a new run in state `looking`: nobody has confirmed its columns yet."""
    if kind not in KINDS:
        raise BadInput("no_such_kind", {"kind": kind, "known": ", ".join(KINDS)})
    source = Source.objects.get(id=source_id)
    demand_unexpired(source.name, source.expires_on, at.date())
    run = ImportRun.objects.create(
        source_id=source_id, kind=kind, file_name=file.name, file_path=file.path, file_digest=file.digest,
        state="looking", settings=dict(settings), asked_by=by.name, rows_expected=rows, created_at=at,
    )  # fmt: skip
    return run.id


def run_of_the_day(source_id: int, *, rows: int, at: datetime) -> tuple[int, bool]:
    """Where members of batches that cannot be read are set aside that day, so many more now; whether with their text.

    In the caller's transaction. The run stays open until its day is over.
    """
    today = ImportRun.objects.filter(source_id=source_id, kind=EVENTS, file_name=f"{at:%Y-%m-%d}", state="open")
    if not today.update(rows_refused=F("rows_refused") + rows):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALONE + 1, _half(source_id)])
        if not today.update(rows_refused=F("rows_refused") + rows):
            _open_day(source_id, rows, at)
    run, refused = today.values_list("id", "rows_refused")[0]
    return run, refused <= TEXTS_A_DAY


def _open_day(source_id: int, rows: int, at: datetime) -> None:
    ImportRun.objects.create(
        source_id=source_id, kind=EVENTS, file_name=f"{at:%Y-%m-%d}", file_path="", file_digest="", state="open",
        asked_by="stream", rows_refused=rows, created_at=at, started_at=at,
    )  # fmt: skip


def days_over(*, before: datetime) -> list[tuple[int, int, datetime]]:
    """(number, source, beginning) of each open run of streams whose day is over."""
    found = ImportRun.objects.filter(kind=EVENTS, state="open", created_at__lt=before)
    return list(found.values_list("id", "source_id", "created_at"))


def close_day(run_id: int, *, read: int, new: int, same: int, at: datetime) -> None:
    """The run of a day that is over holds what came on it."""
    ImportRun.objects.filter(id=run_id, state="open").update(
        state="finished", finished_at=at, rows_read=read, rows_new=new, rows_same=same
    )


def settle(run_id: int, settings: Mapping[str, Any]) -> None:
    """The run will be carried out with these settings. Only before it has begun; BadInput afterwards."""
    if not ImportRun.objects.filter(id=run_id, state="looking").update(settings=dict(settings)):
        raise BadInput("import_has_begun", {"import": run_id})


def let_wait(run_id: int) -> bool:
    """The run waits for its turn when this returns; False when it did already, is running, or is finished."""
    startable = ("looking", "stopped", "failed")
    return bool(ImportRun.objects.filter(id=run_id, state__in=startable).update(state="waiting", message={}))


def begin(run_id: int, *, at: datetime) -> bool:
    """The run is running; False when it may not: it is still looked at, was stopped, or is finished."""
    begun = ImportRun.objects.filter(id=run_id, state__in=("waiting", "running"))
    if not begun.update(state="running", message={}):
        return False
    ImportRun.objects.filter(id=run_id, started_at__isnull=True).update(started_at=at)
    return True


def note_cleaned(run_id: int, lines: Iterable[CleanedLine]) -> None:
    """The run's report of what was cleaned counts these values too; in the caller's transaction."""
    if more := list(lines):
        before = ImportRun.objects.select_for_update().values_list("cleaned", flat=True).get(id=run_id)
        told = summed(map(CleanedLine.from_json, before), more)
        ImportRun.objects.filter(id=run_id).update(cleaned=[line.to_json() for line in told])


def advance(
    run_id: int, counts: Counts, *, done_through: int, progress: Mapping[str, Any], cleaned: Iterable[CleanedLine] = ()
) -> None:
    """The counters grow and the run has come this far, in the transaction of the rows themselves.

    StoppedByHand when somebody stopped it meanwhile: then nothing of this transaction may be committed.
    """
    moved = ImportRun.objects.filter(id=run_id, state="running").update(
        rows_read=F("rows_read") + counts.read, rows_new=F("rows_new") + counts.new,
        rows_changed=F("rows_changed") + counts.changed, rows_same=F("rows_same") + counts.same,
        rows_refused=F("rows_refused") + counts.refused, customers_new=F("customers_new") + counts.customers_new,
        customers_matched=F("customers_matched") + counts.customers_matched,
        done_through=done_through, progress=dict(progress),
    )  # fmt: skip
    if not moved:
        raise StoppedByHand
    note_cleaned(run_id, cleaned)


def show_progress(run_id: int, progress: Mapping[str, Any]) -> None:
    """What pages and the command line say about a run between two chunks."""
    ImportRun.objects.filter(id=run_id).update(progress=dict(progress))


def note_progress(run_id: int, name: str, value: Any) -> None:
    """One thing a run remembers about its course."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run_id)
        ImportRun.objects.filter(id=run_id).update(progress={**run.progress, name: value})


def finish(run_id: int, *, at: datetime, message: Mapping[str, Any]) -> None:
    """The run is over and its report can be read. Its message holds as how-manieth of its source it was finished."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run_id)
        nth = 1 + ImportRun.objects.filter(source_id=run.source_id, state="finished").count()
        ImportRun.objects.filter(id=run_id, state="running").update(
            state="finished", finished_at=at, message={**message, "nth": nth}
        )


def fail(run_id: int, code: str, values: Mapping[str, Any]) -> None:
    """The run has stopped on a mistake that a person or the next attempt may mend."""
    ImportRun.objects.filter(id=run_id, state__in=("waiting", "running")).update(
        state="failed", message={"code": code, "values": dict(values)}
    )


def stop_run(run_id: int, *, by: Asker) -> bool:
    """The run stops before its next chunk is written; what is written stays. False when it was not under way."""
    with transaction.atomic():
        stopped = ImportRun.objects.filter(id=run_id, state__in=("waiting", "running")).update(
            state="stopped", message={"code": "stopped", "values": {"who": by.name}}
        )
        if stopped:
            note_change(
                by, door="intake.stop_run", subject=f"import {run_id}", field="state", old="running", new="stopped",
                customer_id=None,
            )  # fmt: skip
    return bool(stopped)


def forget_run(run_id: int) -> bool:
    """A run that was only looked at is gone; False when it has begun: then it is history and stays."""
    return bool(ImportRun.objects.filter(id=run_id, state="looking").delete()[0])


def resumable_run(source_id: int, kind: str, digest: str, settings: Mapping[str, Any]) -> int | None:
    """The newest run of the same file from the same source, understood the same way, that was confirmed and is not
    finished."""
    found = ImportRun.objects.filter(source_id=source_id, kind=kind, file_digest=digest, state__in=RESUMABLE)
    newest = found.order_by("-id").first()
    return newest.id if newest and newest.settings == dict(settings) else None


def take_copy(run_id: int, file_path: str) -> None:
    """The run reads this copy of its file from now on: its own is gone."""
    ImportRun.objects.filter(id=run_id).update(file_path=file_path)


def finished_before(source_id: int, kind: str, digest: str, settings: Mapping[str, Any]) -> int | None:
    """The last finished run of this kind from this source, if it was this very file understood the same way.

    The last is the one finished last, whatever the clocks said: a business day of the past comes again and again.
    """
    last = ImportRun.objects.filter(source_id=source_id, kind=kind, state="finished").order_by("-message__nth").first()
    if last is None or last.file_digest != digest or last.settings != dict(settings):
        return None
    return last.id


def file_is_needed(path: str) -> bool:
    """Whether a run that is not finished still reads this kept file."""
    return ImportRun.objects.filter(file_path=path).exclude(state="finished").exists()


@contextmanager
def alone_with(source_id: int, *, wait: bool = False) -> Iterator[None]:
    """Nobody else brings in files of this source meanwhile. BadInput `import_under_way` when somebody does already,
    unless `wait`. The lock belongs to this database session and goes with it, whatever happens to the process."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [ALONE, _half(source_id)])
        elif not any(_taken(cursor, source_id, pause) for pause in (0.0, 0.05, 0.1)):
            raise BadInput("import_under_way", {"source": source_id})
    try:
        yield
    finally:
        _let_others_in(source_id)


def is_being_worked_on(source_id: int) -> bool:
    """Whether somebody is alone with the source just now. A worker that was killed is not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_try_advisory_xact_lock_shared(%s, %s)", [ALONE, _half(source_id)])
        return bool((cursor.fetchone() or (False,))[0])


def _taken(cursor: Any, source_id: int, pause: float) -> bool:
    """Whether the lock is ours now. Somebody who only looks holds it for a moment: a second try tells the two apart."""
    time.sleep(pause)
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [ALONE, _half(source_id)])
    return bool(cursor.fetchone()[0])


def _let_others_in(source_id: int) -> None:
    """A connection that broke has let go of its locks already."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [ALONE, _half(source_id)])


def _half(source_id: int) -> int:
    return source_id % 2**31
