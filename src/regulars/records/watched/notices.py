"""How alarms go out: every open alarm is noted once for each place, and stays until that place has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask, tell
from regulars.records.watched.models import AlarmNotice
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied


@dataclass(frozen=True, slots=True)
class Notice:
    """One alarm on its way: of which kind ("reading", "canary"), its number, to where, when it was raised."""

    id: int
    kind: str
    alarm: int
    place: str
    raised_at: datetime
    sent_at: datetime | None
    tried_at: datetime | None
    tries: int
    message: str


_FIELDS: Final = tuple(Notice.__dataclass_fields__)


def note_open_alarms(places: Iterable[str]) -> None:
    """Every open alarm has a notice for each of these places; answered ones need none any more."""
    for place in places:
        tell(WRITER, _NOTE, [place])


_NOTE: Final = """
INSERT INTO alarm_notice (kind, alarm, place, raised_at, tries, message)
SELECT a.kind, a.id, %s, a.at, 0, '' FROM (
    SELECT 'reading' AS kind, id, at FROM reading_alarm WHERE released_at IS NULL
    UNION ALL SELECT 'canary', id, at FROM canary_alarm WHERE released_at IS NULL) a
ON CONFLICT (kind, alarm, place) DO NOTHING
"""


def claim_waiting(place: str) -> list[Notice]:
    """Notices this place has not got yet, the oldest first, held by this transaction; another worker sees none."""
    return [Notice(*row) for row in ask(WRITER, _WAITING, [place])]


_WAITING: Final = f"""
SELECT {", ".join(_FIELDS)} FROM alarm_notice WHERE place = %s AND sent_at IS NULL ORDER BY id LIMIT 50
   FOR UPDATE SKIP LOCKED
"""  # noqa: S608  (our own words)


def note_sent(notice: int, *, at: datetime) -> None:
    """It is there."""
    AlarmNotice.objects.filter(id=notice).update(sent_at=at, tried_at=at, message="")


def note_missed(notice: Notice, *, why: str, at: datetime) -> None:
    """It is not there, and is tried again later."""
    told = {"tried_at": at, "tries": notice.tries + 1, "message": why[:200]}
    AlarmNotice.objects.filter(id=notice.id).update(**told)


def missed_notices() -> list[Notice]:
    """Those that were tried and have not arrived; the house's own question, for the check."""
    found = AlarmNotice.objects.filter(sent_at__isnull=True, tries__gt=0).order_by("id")
    return [Notice(*row) for row in found.values_list(*_FIELDS)]


def notices(*, by: Asker, limit: int = 20) -> list[Notice]:
    """The newest notices, for the officer."""
    if by.view != "personal" or by.role != "officer":
        raise Denied("watching_is_the_officers")
    found = AlarmNotice.objects.using(by.view).order_by("-id").values_list(*_FIELDS)[:limit]
    return [Notice(*row) for row in found]
