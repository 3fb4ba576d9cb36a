"""The door of write keys: made, listed, ended, recognised. The secret is told once; only its digest is kept."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.access_log.actions import note_change
from regulars.records.events.models import WriteKey
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

LONGEST_NAME: Final = 100
USUAL_RATE: Final = 20_000  # events a second
MOST_RATE: Final = 1_000_000
LONGEST_SECRET: Final = 200


@dataclass(frozen=True, slots=True)
class WriteKeyFacts:
    """One key with what came by it lately: events of the last day by what became of them, and of the last minute."""

    id: int
    source_id: int
    source_ref: str
    source_name: str
    name: str
    hint: str
    events_a_second: int
    made_by: str
    made_at: datetime
    revoked_at: datetime | None
    last_at: datetime | None = None
    kept: int = 0
    repeated: int = 0
    told: int = 0
    denied: int = 0
    refused: int = 0
    last_minute: int = 0


@dataclass(frozen=True, slots=True)
class Recognised:
    """A key that works: its source, that one's last day, its basis and how its stream is read; the next batch's
    number."""

    id: int
    source_id: int
    source_name: str
    expires_on: date | None
    lawful_basis: str
    stream: Mapping[str, Any]
    events_a_second: int
    number: int


def make_write_key(source_id: int, name: str, *, rate: int = USUAL_RATE, by: Asker, at: datetime) -> tuple[int, str]:
    """Number and secret of a new key; the secret is told this once."""
    if not name.strip():
        raise BadInput("nothing_said", {"field": "name"})
    if len(name) > LONGEST_NAME or "\x00" in name:
        raise BadInput("said_too_much", {"field": "name", "most": LONGEST_NAME})
    if not 0 < rate <= MOST_RATE:
        raise BadInput("rate_unfit", {"most": MOST_RATE})
    secret = f"wk_{secrets.token_urlsafe(24)}"
    with transaction.atomic():
        made = WriteKey.objects.create(
            source_id=source_id, name=name.strip(), digest=_digest(secret), hint=secret[:8], events_a_second=rate,
            made_by=by.name, made_at=at,
        )  # fmt: skip
        _note(by, made.id, old=None, new="open")
    return made.id, secret


def end_write_key(key_id: int, *, by: Asker, at: datetime) -> None:
    """Nothing comes in by this key from now on; NotThere for one that has ended or never was."""
    with transaction.atomic():
        if not WriteKey.objects.filter(id=key_id, revoked_at__isnull=True).update(revoked_at=at):
            raise NotThere("no_such_write_key", {"key": key_id})
        _note(by, key_id, old="open", new="ended")


_RECOGNISE: Final = """
SELECT k.id, k.source_id, s.name, s.expires_on, s.lawful_basis, s.settings -> 'stream', k.events_a_second,
       nextval('event_batch_id_seq')
  FROM write_key k JOIN source s ON s.id = k.source_id WHERE k.digest = %s AND k.revoked_at IS NULL
"""


def recognise(secret: str) -> Recognised | None:
    """The key of that secret, if it works at this moment."""
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    row = ask_one(WRITER, _RECOGNISE, [_digest(secret)])
    if row is None:
        return None
    key, source, name, expires_on, basis, stream, rate, number = row
    return Recognised(key, source, name, expires_on, basis, json.loads(stream or "{}"), rate, number)


_LISTED: Final = """
SELECT k.id, k.source_id, s.ref, s.name, k.name, k.hint, k.events_a_second, k.made_by, k.made_at, k.revoked_at
  FROM write_key k JOIN source s ON s.id = k.source_id {narrowed} ORDER BY k.revoked_at NULLS FIRST, s.name, k.id
"""
_LATELY: Final = """
SELECT write_key_id, max(at), sum(kept), sum(repeated), sum(told), sum(denied), sum(refused),
       sum(kept) FILTER (WHERE at > %s)
  FROM event_batch WHERE source_id = ANY (%s) AND at > %s AND write_key_id IS NOT NULL GROUP BY 1
"""
_LAST: Final = "SELECT at FROM event_batch WHERE source_id = %s AND write_key_id = %s ORDER BY at DESC LIMIT 1"


def write_keys(*, by: Asker, at: datetime, source_id: int | None = None) -> list[WriteKeyFacts]:
    """Every key, working ones first, with what came by it in the last day."""
    narrowed, values = ("WHERE k.source_id = %s", [source_id]) if source_id is not None else ("", [])
    rows = ask(by.view, _LISTED.format(narrowed=narrowed), values)
    sources = sorted({row[1] for row in rows})
    lately = ask(by.view, _LATELY, [at - timedelta(minutes=1), sources, at - timedelta(days=1)]) if rows else []
    found = {key: said for key, *said in lately}
    return [WriteKeyFacts(*row, *_counted(found.get(row[0]) or _quiet(row, by))) for row in rows]


def _quiet(row: Any, by: Asker) -> list[Any]:
    """A key by which nothing came in the last day."""
    last = ask_one(by.view, _LAST, [row[1], row[0]])
    return [last[0] if last else None, 0, 0, 0, 0, 0, 0]


def _counted(said: list[Any]) -> list[Any]:
    return [said[0], *(int(count or 0) for count in said[1:])]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(by: Asker, key_id: int, *, old: str | None, new: str) -> None:
    note_change(
        by, door="events.write_keys", subject="write_key", field=str(key_id), old=old, new=new, customer_id=None
    )
