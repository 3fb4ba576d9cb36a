"""Where people are signed in, and the end of it: a session that is deleted opens nothing in any process.

The key is in the browser only. Here stands its digest: whoever reads the database, or an old copy of it, signs in as
nobody.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from regulars.connections.postgres.asking import WRITER, ask, tell
from regulars.records.staff.models import StaffSession

_OPEN = """
SELECT s.id, s.at, s.address, s.program, s.factor, s.session_key
  FROM staff_session s JOIN django_session d ON d.session_key = s.session_key
 WHERE s.staff_id = %s AND d.expire_date > %s ORDER BY s.at DESC, s.id DESC
"""
_PLACES = """
SELECT s.staff_id, count(*) FROM staff_session s JOIN django_session d ON d.session_key = s.session_key
 WHERE d.expire_date > %s GROUP BY s.staff_id
"""
_EXPIRED = "DELETE FROM django_session WHERE expire_date < %s"
_ENDED = (
    "DELETE FROM staff_session s WHERE NOT EXISTS (SELECT FROM django_session d WHERE d.session_key = s.session_key)"
)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where somebody is signed in; `here` when it is the one that asks."""

    id: int
    at: datetime
    address: str
    program: str
    factor: str
    here: bool


def kept_of(session_key: str) -> str:
    """What is kept of a session's key: 160 bits of its SHA-256, in as many letters as the column has.

    >>> kept_of("abc")
    'ba7816bf8f01cfea414140de5dae2223b00361a3'
    """
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


def note_session(staff_id: int, session_key: str, *, address: str, program: str, factor: str, at: datetime) -> None:
    """The session stands in her list; everybody's that have ended or run out, also of visitors, are swept out."""
    sweep_sessions(at=at)
    said = {"address": address[:64], "program": program[:300], "factor": factor, "at": at}
    StaffSession.objects.update_or_create(session_key=kept_of(session_key), defaults={"staff_id": staff_id, **said})


def sweep_sessions(*, at: datetime) -> None:
    """Nothing is left of sessions that have run out or ended, of staff and of visitors."""
    tell(WRITER, _EXPIRED, [at])
    tell(WRITER, _ENDED)


def sessions_of(staff_id: int, *, at: datetime, here: str = "") -> list[OpenSession]:
    """Everywhere she is signed in, newest first; `here` is the key of the session that asks."""
    rows = ask(WRITER, _OPEN, [staff_id, at])
    return [
        OpenSession(number, since, address, program, factor, key == kept_of(here))
        for number, since, address, program, factor, key in rows
    ]


def open_sessions(*, at: datetime) -> dict[int, int]:
    """Staff id → at how many places she is signed in, for those who are anywhere."""
    return {int(staff_id): int(places) for staff_id, places in ask(WRITER, _PLACES, [at])}


def end_session(staff_id: int, session_id: int) -> bool:
    """That session of hers opens nothing any more; False when there is none of that number of hers."""
    return bool(_end(StaffSession.objects.filter(staff_id=staff_id, id=session_id)))


def end_sessions_of(staff_id: int, *, but: str = "") -> int:
    """How many of her sessions ended now; the one under the key `but` goes on."""
    return _end(StaffSession.objects.filter(staff_id=staff_id).exclude(session_key=kept_of(but)))


def _end(found: "QuerySet[StaffSession]") -> int:
    keys = list(found.values_list("session_key", flat=True))
    with transaction.atomic():
        tell(WRITER, "DELETE FROM django_session WHERE session_key = ANY (%s)", [keys])
        StaffSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
