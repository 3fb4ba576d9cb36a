"""How the copies of the log stand: what arrived where, and what was tried in vain."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.access_log.batches import Connection
from regulars.records.access_log.models import LogCopy


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """One place: the newest checkpoint there (0 for none), when it arrived, and what went wrong since."""

    place: str
    number: int
    arrived_at: datetime | None
    tried_at: datetime | None
    failures: int
    message: str


FIELDS = tuple(CopyFacts.__dataclass_fields__)


def copy_facts(connection: Connection, place: str) -> CopyFacts:
    """How that place stands; a place nothing was ever sent to stands at 0."""
    row = connection.execute(
        f"SELECT {', '.join(FIELDS)} FROM vault.log_copy WHERE place = %s",  # noqa: S608 - our own names
        [place],
    ).fetchone()
    return CopyFacts(*row) if row else CopyFacts(place, 0, None, None, 0, "")


def note_arrival(place: str, *, number: int, at: datetime) -> None:
    """The checkpoint of that number is at the place."""
    told = {"number": number, "arrived_at": at, "tried_at": at, "failures": 0, "message": ""}
    LogCopy.objects.update_or_create(place=place, defaults=told)


def note_failure(place: str, *, at: datetime, message: str) -> None:
    """Nothing arrived this time."""
    LogCopy.objects.get_or_create(place=place)
    before = LogCopy.objects.get(place=place)
    LogCopy.objects.filter(place=place).update(tried_at=at, failures=before.failures + 1, message=message[:200])
