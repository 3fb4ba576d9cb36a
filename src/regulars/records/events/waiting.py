"""What streams said about persons and the record does not know yet: taken once, by whoever tells it to the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.connections.postgres.asking import WRITER
from regulars.records.customers.keys import cursor_of
from regulars.records.events.keeping import traits_of
from regulars.records.events.models import ToldTraits

AT_ONCE: Final = 500
_TAKE: Final = """
DELETE FROM told_traits WHERE id IN (SELECT id FROM told_traits WHERE source_id = %s ORDER BY id LIMIT %s
                                        FOR UPDATE SKIP LOCKED)
RETURNING id, ref, visitor, devices, previous, traits, said_at
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one person: her ref, the devices that are hers, the ref she gives up, traits as JSON, when."""

    ref: str
    visitor: UUID
    devices: tuple[UUID, ...]
    previous: str
    traits: str
    said_at: datetime | None


def sources_waiting() -> list[int]:
    """The sources that said something of persons which is not told yet."""
    return list(ToldTraits.objects.order_by("source_id").values_list("source_id", flat=True).distinct())


def take_told(source_id: int, *, at_most: int = AT_ONCE) -> list[Told]:
    """What was said, in the order in which it was, gone from the queue when the caller's transaction commits."""
    rows = cursor_of(WRITER).execute(_TAKE, [source_id, at_most]).fetchall()
    return [
        Told(ref, visitor, tuple(devices), previous, traits_of(visitor, sealed), said_at)
        for _, ref, visitor, devices, previous, sealed, said_at in sorted(rows, key=lambda row: row[0])
    ]
