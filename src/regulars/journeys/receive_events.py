"""A batch of events is received: read member by member, kept in one transaction, answered when it is on the disk.

Members that cannot be read are set aside with their reason, in the file of their source and day; what may not be kept
is only counted. Whoever is named waits to be told to the record (see `tell_people`), outside this transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import orjson
import pyarrow as pa
from django.db import OperationalError, transaction
from psycopg import errors as postgres

from regulars.journeys.tell_people import wake_for_events, wake_for_people
from regulars.records.events import keeping
from regulars.records.events.keeping import Batch, Beside, Digests, Person
from regulars.records.events.write_keys import Recognised
from regulars.records.intake.actions import run_of_the_day
from regulars.records.set_aside.actions import set_aside
from regulars.rules.events.reading import USUAL, Event, Refused, Stream, Unconsented, read_member, read_moment
from regulars.rules.intake.sources import demand_unexpired
from regulars.rules.permission.errors import BadInput

MOST_EVENTS: Final = 8_000
LARGEST_EVENT: Final = 32 * 1024
LARGEST_BATCH: Final = 500 * 1024
LONGEST_RAW: Final = 4_000
AGAIN: Final = 3
LOCKED_OUT: Final = (postgres.DeadlockDetected, postgres.SerializationFailure)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: kept, taken before, about persons, without consent, set aside (place, why); whether the
    house acts on some of it."""

    kept: int
    repeated: int
    told: int
    denied: int
    refused: Sequence[tuple[int, str]]
    news: bool = False


@dataclass(slots=True)
class Sorted:
    """The members of a batch, each where it belongs."""

    batch: Batch
    seen: set[str] = field(default_factory=set)
    people: list[Person] = field(default_factory=list)
    repeated: int = 0
    refused: list[tuple[int, Refused, Any]] = field(default_factory=list)
    denied: int = 0


def receive_events(told: Any, *, key: Recognised, at: datetime, size: int, call: str = "") -> Receipt:
    """The events are kept for good when this returns. `told` is the request's JSON, `call` the address it came to.

    BadInput `event_batch_unreadable` where there is no list of events, `event_batch_too_long` for more than can be
    numbered; `source_expired` where nothing of its source may be kept any more; `event_set_aside`, with its reason, for
    a single event that cannot be read.
    """
    demand_unexpired(key.source_name, key.expires_on, at.date())
    members = _members(told, call)
    stream = stream_of(key.stream, key.lawful_basis)
    batch = Batch(key.source_id, int(key.stream.get("people_of") or key.source_id), at, key.number)
    batch.write_key_id, batch.size = key.id, size
    sent_at = read_moment(told.get("sentAt")) if type(told) is dict else None
    sorted_ = sort_members(
        members, batch, stream, sent_at, "" if call == "batch" else call, measured=size > LARGEST_EVENT
    )
    if call != "batch" and sorted_.refused:
        _, why, _ = sorted_.refused[0]
        raise BadInput("event_set_aside", {"reason": why.reason, "field": why.field})
    return keep_sorted(sorted_)


def stream_of(said: Mapping[str, Any], lawful_basis: str) -> Stream:
    """How the source's events are read, as its steward said."""
    opt_in = lawful_basis == "consent"
    if not said:
        return Stream(opt_in=True) if opt_in else USUAL
    categories = frozenset(str(one).lower() for one in said.get("categories", ()))
    return Stream(said.get("kind", "web"), categories, opt_in, frozenset(said.get("opened", ())))


def _members(told: Any, call: str) -> list[Any]:
    if call != "batch":
        return [told]
    members = told.get("batch") if type(told) is dict else None
    if type(members) is not list:
        raise BadInput("event_batch_unreadable")
    if len(members) > MOST_EVENTS:
        raise BadInput("event_batch_too_long", {"most": MOST_EVENTS})
    return members


def sort_members(
    members: Sequence[Any], batch: Batch, stream: Stream, sent_at: datetime | None, call: str, *, measured: bool
) -> Sorted:
    """Every member is in the batch, among persons, set aside, or counted as not consented."""
    done, names, at = Sorted(batch), keeping.digests(batch.source_id), batch.at
    for place, told in enumerate(members):
        try:
            if measured and len(orjson.dumps(told)) > LARGEST_EVENT:
                done.refused.append((place, Refused("event_too_large"), told))
                continue
            event = read_member(told, at=at, sent_at=sent_at, stream=stream, call=call)
            kind = type(event)
            if kind is Event:
                _put(event, place, done, names, told)  # type: ignore[arg-type]  # told by its type
            elif kind is Unconsented:
                done.denied += 1
            else:
                done.refused.append((place, event, told))  # type: ignore[arg-type]
        except orjson.JSONEncodeError:
            done.refused.append((place, Refused("event_too_deep"), told))
    return done


def _put(event: Event, place: int, done: Sorted, names: Digests, told: Any) -> None:
    ref = names.ref(event.user) if event.user else None
    visitor = names.user(ref) if ref else names.device(event.anonymous)
    key = names.message(event.message_id or _own_id(told))
    if event.call in ("identify", "alias"):
        _put_person(event, key, ref, done, names)
        return
    if key in done.seen:
        done.repeated += 1
        return
    free = orjson.dumps(event.free).decode() if event.free else ""
    done.seen.add(key)
    batch = done.batch
    batch.places.append(place)
    batch.keys.append(key)
    batch.kinds.append(event.kind)
    batch.names.append(event.name)
    batch.moments.append(event.at)
    batch.visitors.append(visitor)
    batch.refs.append(ref)
    batch.properties.append(orjson.dumps(event.plain).decode() if event.plain else "{}")
    if free:
        batch.free[place] = free


def _put_person(event: Event, key: str, ref: str | None, done: Sorted, names: Digests) -> None:
    """Whom an identify names; one without a user id names nobody, and its traits are not kept."""
    if ref is None:
        done.denied += 1
        return
    devices = tuple(names.device(one) for one in (event.anonymous, event.previous) if one)
    previous = names.ref(event.previous) if event.previous else ""
    traits = orjson.dumps(event.free).decode() if event.free and event.call == "identify" else ""
    done.people.append(Person(key, ref, names.user(ref), devices, previous, traits, event.at))


def _own_id(told: dict[str, Any]) -> str:
    """What names a message that has no id: all it says, where it says when; else nothing does, and it counts as new."""
    if told.get("timestamp") or told.get("originalTimestamp"):
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
    return uuid4().hex


def keep_sorted(done: Sorted) -> Receipt:
    """The transaction; tried again where two batches had locked each other out."""
    keeping.open_months(done.batch.moments)
    alone = not (done.people or done.refused or done.batch.free)
    for left in reversed(range(AGAIN)):
        try:
            receipt = _kept_alone(done) if alone else _kept_with_others(done)
            break
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, LOCKED_OUT):
                raise
    if receipt.told:
        wake_for_people()
    if receipt.news:
        wake_for_events()
    return receipt


def _kept_alone(done: Sorted) -> Receipt:
    """The usual batch: nothing but events, all of them plain."""
    kept = keeping.keep_events(done.batch, Beside(repeated=done.repeated, denied=done.denied))
    return Receipt(kept.kept, kept.repeated, kept.unknown, done.denied, (), kept.news)


@transaction.atomic
def _kept_with_others(done: Sorted) -> Receipt:
    keeping.join_batches()
    told = keeping.note_people(done.batch, done.people)
    repeated = done.repeated + len(done.people) - told
    kept = keeping.keep_events(done.batch, Beside(told, repeated, done.denied, len(done.refused)))
    if done.refused:
        _set_aside(done)
    refused = [(place, why.reason) for place, why, _ in done.refused]
    return Receipt(kept.kept, kept.repeated, told + kept.unknown, done.denied, refused, kept.news)


def _set_aside(done: Sorted) -> None:
    """The members as they came, in the file of their source and day; when very many came today, only their reasons."""
    batch = done.batch
    run, with_text = run_of_the_day(batch.source_id, rows=len(done.refused), at=batch.at)
    texts = [_written(told)[:LONGEST_RAW] if with_text else "" for _, _, told in done.refused]
    columns = {
        "row_number": pa.array([batch.number << keeping.PLACES | place for place, _, _ in done.refused], pa.int64()),
        "reason": pa.array([why.reason for _, why, _ in done.refused]),
        "column": pa.array([why.field for _, why, _ in done.refused]),
        "value": pa.array([""] * len(texts)), "example": pa.array([""] * len(texts)), "raw": pa.array(texts),
        "ordinal": pa.nulls(len(texts), pa.int32()), "row_taken": pa.array([False] * len(texts)),
    }  # fmt: skip
    set_aside(run, pa.table(columns))


def _written(told: Any) -> str:
    """A member as text; of one that is nested too deep to be written, what lies on top."""
    try:
        return orjson.dumps(told).decode()
    except orjson.JSONEncodeError:
        flat = told.items() if type(told) is dict else ()
        return orjson.dumps({name: value for name, value in flat if not isinstance(value, list | dict)}).decode()
