"""The book of batches, and the news of them for whoever acts on events.

A reader is told of every batch, whatever the order in which they commit: a line for each reader is written with the
batch, and goes in the transaction of what the reader does about it. What is under way is simply not there yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.customers.keys import cursor_of
from regulars.records.events.keeping import PLACES
from regulars.records.events.models import EventBatch, EventNews, EventReader
from regulars.rules.events.kinds import plain_name


@dataclass(frozen=True, slots=True)
class Came:
    """How many members came on a day, how many of them said something new, how many had come before."""

    read: int
    new: int
    repeated: int


@dataclass(frozen=True, slots=True)
class News:
    """An event a reader has not read yet; `properties` are its plain values as JSON."""

    id: int
    source_id: int
    customer_id: int | None
    kind: str
    name: str
    at: datetime
    received_at: datetime
    properties: Any


_CAME: Final = """
SELECT sum(kept + repeated + told + denied + refused), sum(kept + told), sum(repeated)
  FROM event_batch WHERE source_id = %s AND at >= %s AND at < %s
"""
_TAKE: Final = """
DELETE FROM event_news WHERE (reader, batch_id) IN (
    SELECT reader, batch_id FROM event_news WHERE reader = %s ORDER BY batch_id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING batch_id
"""
# Looked up batch by batch: as a plain join, the planner read the whole month for every hundred batches.
_NEWS: Final = f"""
SELECT e.* FROM event_reader r CROSS JOIN unnest(%s::bigint[]) AS u (id) JOIN event_batch b USING (id)
 CROSS JOIN LATERAL (
       SELECT id, source_id, customer_id, kind, name, occurred_at, received_at, properties FROM event
        WHERE id >= b.id << {PLACES} AND id < (b.id + 1) << {PLACES} AND occurred_at BETWEEN b.first_at AND b.last_at
       OFFSET 0) e
 WHERE r.name = %s AND (r.names IS NULL OR lower(replace(e.name, '_', ' ')) = ANY (r.names)) ORDER BY e.id
"""  # noqa: S608  (our own number)


def came_on(source_id: int, moment: datetime) -> Came:
    """What came from that source on the day of that moment."""
    begins = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    row = ask_one(WRITER, _CAME, [source_id, begins, begins + timedelta(days=1)])
    return Came(*(int(count or 0) for count in row or (0, 0, 0)))


def forget_batches(*, before: datetime) -> int:
    """How many lines of the book of batches are gone: what they said stands in the files of their days."""
    return EventBatch.objects.filter(at__lt=before).exclude(id__in=EventNews.objects.values("batch_id")).delete()[0]


def listen(reader: str, *, at: datetime, names: Iterable[str] | None = None) -> None:
    """The reader hears of every batch from now on; with `names`, only of events that are called so."""
    wanted = None if names is None else sorted(set(map(plain_name, names)))
    made, fresh = EventReader.objects.get_or_create(name=reader, defaults={"since": at, "names": wanted})
    if not fresh and made.names != wanted:
        EventReader.objects.filter(name=reader).update(names=wanted)


def hear_no_more(reader: str) -> None:
    """The reader hears of nothing any more, and nothing waits for it."""
    with transaction.atomic():
        EventReader.objects.filter(name=reader).delete()
        EventNews.objects.filter(reader=reader).delete()


def take_news(reader: str, *, batches: int = 100) -> Iterable[News]:
    """What it wants to hear of in the oldest batches it has not read; they are read when the caller's transaction
    commits."""
    taken = [batch for (batch,) in cursor_of(WRITER).execute(_TAKE, [reader, batches]).fetchall()]
    return [News(*row) for row in ask(WRITER, _NEWS, [taken, reader])] if taken else []
