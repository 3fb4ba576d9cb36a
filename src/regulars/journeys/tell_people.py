"""What streams said about persons is told to the record, through the same cleaning and the same doors as a file's rows.

Somebody whom the source names for the first time becomes a prospect, as a new number in a file does. Whoever is known
is told what is new. Then the devices that are hers are joined to her, with what happened on them before.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from regulars.connections.files import ROW_NUMBER, Chunk
from regulars.connections.files.tables import broken_rows
from regulars.connections.jobs.later import do_later
from regulars.journeys.import_customers import POINTS, CheckCustomers, PeopleToldOf
from regulars.journeys.run_import import ENGINE, NIGHT_SHIFT, rows_set_aside_of
from regulars.records.company.access import company
from regulars.records.customers.gaps import known_of
from regulars.records.customers.saying import FIELDS
from regulars.records.events.batches import came_on, forget_batches
from regulars.records.events.keeping import (
    digests,
    join_batches,
    join_late,
    join_visitors,
    known_as,
    newest_words,
    note_words,
)
from regulars.records.events.waiting import Told, sources_waiting, take_told
from regulars.records.intake.access import SourceFacts, sources
from regulars.records.intake.actions import alone_with, close_day, days_over, note_cleaned, run_of_the_day
from regulars.records.set_aside.actions import set_aside
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.events.traits import TOLD, row_of
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.meanings import OWN
from regulars.rules.permission.errors import BadInput

TASK: Final = "tell_people"
STREAM: Final = "stream"
#: Events that were on their way when their visitor was joined are looked for as long as this.
KEPT_LINES: Final = timedelta(days=60)
LATE: Final = timedelta(minutes=10)
ACTING: Final = "act_on_events"
EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_WOKEN_EVERY: Final = 0.25  # seconds; what is said meanwhile is taken along
_woken_at: dict[str, float] = {}


def wake_for_people() -> None:
    """The night shift looks soon; it is asked at most four times a second by a process."""
    _wake(TASK)


def wake_for_events() -> None:
    """The same for what the house does about events."""
    _wake(ACTING)


def _wake(task: str) -> None:
    now = time.monotonic()
    if now - _woken_at.get(task, -1.0) > _WOKEN_EVERY:
        _woken_at[task] = now
        do_later(task, once=task)


def tell_people(*, at: datetime) -> int:
    """How many persons the record was told of. Killed at any point, nobody is lost or doubled; safe to repeat."""
    known = {one.id: one for one in sources(by=NIGHT_SHIFT)}
    told = sum(_of_source(known[source_id], at) for source_id in sources_waiting() if source_id in known)
    join_late(since=at - LATE, at=at)
    return told


def _of_source(source: SourceFacts, at: datetime) -> int:
    total = 0
    try:
        with alone_with(people_of(source)):
            while count := _some(source, at):
                total += count
    except BadInput as error:
        if error.code != "import_under_way":  # a file of the same source is coming in: they wait for the next time
            raise
    return total


def people_of(source: SourceFacts) -> int:
    """The source whose numbers the user ids of this one's events are."""
    return int(source.settings.get(STREAM, {}).get("people_of") or source.id)


def _some(source: SourceFacts, at: datetime) -> int:
    """The transaction: taken from the queue, in the record, joined."""
    with transaction.atomic():
        join_batches()
        told = take_told(source.id)
        if told:
            late = _come_late(told)
            ids = _recorded(source, _merged(source, [one for one in told if one not in late]), at)
            ids |= _recorded(source, _merged(source, late), at, only_gaps=True) if late else {}
            _join(source, told, ids, at)
            note_words([(one.visitor, one.said_at) for one in told if one.traits and one.said_at])
    return len(told)


def _come_late(told: Sequence[Told]) -> list[Told]:
    """What was said before something that is told already."""
    newest = newest_words([one.visitor for one in told if one.traits])
    return [one for one in told if one.said_at and one.visitor in newest and one.said_at < newest[one.visitor]]


def _merged(source: SourceFacts, told: Sequence[Told]) -> dict[str, dict[str, str]]:
    """Ref → what is said of her in the end, in whatever order it came."""
    more = source.settings.get(STREAM, {}).get("traits", {})
    people: dict[str, dict[str, str]] = {}
    for one in sorted(told, key=lambda one: one.said_at or EARLIEST):
        people.setdefault(one.ref, {}).update(row_of(json.loads(one.traits), more) if one.traits else {})
    return people


def _recorded(
    source: SourceFacts, people: Mapping[str, dict[str, str]], at: datetime, *, only_gaps: bool = False
) -> dict[str, int]:  # fmt: skip
    """Ref → customer, for everybody: created where nobody knew her, told what is new where somebody did; `only_gaps`:
    only of what nothing was known."""
    owner = people_of(source)
    settings = _settings(source, people)
    accepted, aside, cleaned = _checked(settings, people, at)
    if aside.num_rows or cleaned:
        run, _ = run_of_the_day(source.id, rows=0, at=at)
        set_aside(run, aside)
        note_cleaned(run, cleaned)
    writing = PeopleToldOf(owner, settings, by=replace(NIGHT_SHIFT, name=f"stream {source.ref}"), at=at)
    refs = accepted["customer_ref"].to_pylist()
    known = known_as(owner, refs)
    there = np.array([ref in known for ref in refs], bool)
    new, old = accepted.filter(pa.array(~there)), accepted.filter(pa.array(there))
    made: Sequence[int] = writing.create(new, stage="prospect").tolist() if new.num_rows else []
    if old.num_rows:
        ids = [known[ref] for ref in old["customer_ref"].to_pylist()]
        writing.tell(_gaps_filled(old, ids) if only_gaps else old, np.array(ids, np.int64))
    return known | dict(zip(new["customer_ref"].to_pylist(), made, strict=True))


def _gaps_filled(people: pa.Table, ids: Sequence[int]) -> pa.Table:
    """The same rows without what is known already, and without the company's own attributes."""
    known = known_of(ids)
    for place, name in enumerate(people.column_names):
        if name in FIELDS or name in POINTS or name.startswith(OWN):
            said = POINTS.get(name, name)
            gap = pa.array([not name.startswith(OWN) and said not in known.get(who, ()) for who in ids], pa.bool_())
            nothing = pa.scalar(None, people.schema.field(name).type)
            people = people.set_column(place, name, pc.if_else(gap, people[name], nothing))
    return people


def _settings(source: SourceFacts, people: Mapping[str, dict[str, str]]) -> ImportSettings:
    """How the rows are read: each trait under its own meaning; of the company's own attributes, those that are said."""
    own = sorted({name for row in people.values() for name in row if name.startswith(OWN)})
    facts = company()
    columns = {"customer_ref": "customer_ref"} | {name: name for name in (*TOLD, *own)}
    return ImportSettings(
        "customers", source.ref, columns, zone=facts.timezone, currency=facts.currency,
        country=facts.country, leave=frozenset(source.leave),
    )  # fmt: skip


def _checked(
    settings: ImportSettings, people: Mapping[str, dict[str, str]], at: datetime
) -> tuple[pa.Table, pa.Table, tuple[CleanedLine, ...]]:
    """What can be taken, what is set aside, and what was cleaned."""
    headings = list(settings.columns.values())
    cells = {name: pa.array([row.get(name, "") for row in people.values()], pa.string()) for name in headings[1:]}
    numbers = pa.array(range(1, len(people) + 1), pa.int64())
    rows = pa.table({ROW_NUMBER: numbers, "customer_ref": pa.array(list(people), pa.string())} | cells)
    chunk = Chunk(rows, broken_rows([], [], [], []), 1, len(people), 0)
    with duckdb.connect(config=ENGINE) as engine:
        check = CheckCustomers(settings, engine, delimiter=",", at=at)
        checked = check(chunk)
    aside = rows_set_aside_of(chunk, checked, settings, veiled=bool(check.sealed))
    return checked.accepted, aside, checked.cleaned


def _join(source: SourceFacts, told: Sequence[Told], ids: Mapping[str, int], at: datetime) -> None:
    """Each in turn, as it was said: her own user id, the devices that are hers, and the id she gives up.

    An id that somebody else is known by is not joined: two persons who are known are never made one by a message.
    """
    names = digests(source.id)
    known = known_as(people_of(source), [one.previous for one in told if one.previous]) | dict(ids)
    for one in told:
        if (who := ids.get(one.ref)) is not None:
            visitors = [one.visitor.hex, *(device.hex for device in one.devices)]
            if one.previous and known.get(one.previous, who) == who:
                visitors.append(names.user(one.previous))
            join_visitors(who, visitors, at=at)


def close_days(*, at: datetime) -> int:
    """How many days of streams are over now: each one's file says how much came. Old lines of batches are gone."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    over = days_over(before=midnight)
    for run, source, began in over:
        came = came_on(source, began)
        close_day(run, read=came.read, new=came.new, same=came.repeated, at=at)
    forget_batches(before=midnight - KEPT_LINES)
    return len(over)
