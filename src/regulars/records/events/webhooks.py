"""The door of webhooks that come in: opened, listed, given another secret, read otherwise, ended, recognised."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from django.conf import settings
from django.db import transaction

from regulars.connections.keys.sealed_text import open_text, seal_text
from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.access_log.actions import note_change
from regulars.records.events.models import WebhookIn
from regulars.rules.events.mapping import USUAL, wrong_in
from regulars.rules.events.signatures import PREFIX
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

LONGEST_NAME: Final = 100
SECRET_BYTES: Final = 32  # Standard Webhooks asks for 24 to 64
OVERLAP: Final = timedelta(hours=24)
_KEY: Final = "streams"


@dataclass(frozen=True, slots=True)
class WebhookFacts:
    """A webhook that comes in, with what came by it in the last day; `previous_until` while two secrets hold."""

    id: int
    source_id: int
    source_ref: str
    source_name: str
    name: str
    address: str
    mapping: Mapping[str, str]
    made_by: str
    made_at: datetime
    previous_until: datetime | None
    ended_at: datetime | None
    last_at: datetime | None = None
    kept: int = 0
    repeated: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Listening:
    """A webhook that works: its source, that one's last day, its basis and how its stream is read, its secrets, and the
    next batch's number."""

    id: int
    source_id: int
    source_name: str
    expires_on: date | None
    lawful_basis: str
    stream: Mapping[str, Any]
    mapping: Mapping[str, str]
    secrets: tuple[str, ...]
    number: int


def open_webhook(source_id: int, name: str, *, by: Asker, at: datetime) -> tuple[int, str, str]:
    """(number, address, secret) of a new webhook; the secret is told this once."""
    if not name.strip():
        raise BadInput("nothing_said", {"field": "name"})
    if len(name) > LONGEST_NAME or "\x00" in name:
        raise BadInput("said_too_much", {"field": "name", "most": LONGEST_NAME})
    address, secret = secrets.token_urlsafe(24), _new_secret()
    with transaction.atomic():
        made = WebhookIn.objects.create(
            source_id=source_id, name=name.strip(), address=address, mapping=dict(USUAL), made_by=by.name, made_at=at
        )
        WebhookIn.objects.filter(id=made.id).update(sealed=_sealed(made.id, secret))
        _note(by, made.id, "state", old=None, new="open")
    return made.id, address, secret


def renew_secret(webhook_id: int, *, by: Asker, at: datetime) -> str:
    """The new secret, told this once; the one before it holds for another day, so that nothing is lost meanwhile."""
    secret = _new_secret()
    with transaction.atomic():
        one = _open(webhook_id)
        WebhookIn.objects.filter(id=one.id).update(
            sealed=_sealed(one.id, secret), previous=one.sealed, previous_until=at + OVERLAP
        )
        _note(by, one.id, "secret", old=None, new="renewed")
    return secret


def map_webhook(webhook_id: int, mapping: Mapping[str, str], *, by: Asker) -> int:
    """Its messages are read so from now on; the source they are of. BadInput naming what of the mapping cannot be
    used."""
    if wrong := wrong_in(mapping):
        raise BadInput("mapping_unfit", {"fields": ", ".join(wrong)[:200]})
    with transaction.atomic():
        one = _open(webhook_id)
        WebhookIn.objects.filter(id=one.id).update(mapping=dict(mapping))
        _note(by, one.id, "mapping", old=one.mapping, new=dict(mapping))
    return one.source_id


def end_webhook(webhook_id: int, *, by: Asker, at: datetime) -> int:
    """Nothing comes in by it from now on, and its secrets are gone; the source it was of."""
    with transaction.atomic():
        one = _open(webhook_id)
        WebhookIn.objects.filter(id=one.id).update(ended_at=at, sealed=None, previous=None, previous_until=None)
        _note(by, one.id, "state", old="open", new="ended")
    return one.source_id


_LISTENING: Final = """
SELECT w.id, w.source_id, s.name, s.expires_on, s.lawful_basis, s.settings -> 'stream', w.mapping,
       w.sealed, w.previous, w.previous_until
  FROM webhook_in w JOIN source s ON s.id = w.source_id WHERE w.address = %s AND w.ended_at IS NULL
"""


def listening_at(address: str, *, at: datetime) -> Listening | None:
    """The webhook of that address, if it works at this moment."""
    row = ask_one(WRITER, _LISTENING, [address]) if address.isascii() and len(address) <= 40 else None
    if row is None:
        return None
    number, source, name, expires_on, basis, stream, mapping, sealed, previous, until = row
    cells = [sealed, previous if until is not None and at < until else None]
    held = tuple(_opened(number, cell) for cell in cells if cell is not None)
    batch = int(ask(WRITER, "SELECT nextval('event_batch_id_seq')")[0][0])
    return Listening(number, source, name, expires_on, basis, _read(stream), _read(mapping), held, batch)


_LISTED: Final = """
SELECT w.id, w.source_id, s.ref, s.name, w.name, w.mapping, w.made_by, w.made_at, w.previous_until, w.ended_at
  FROM webhook_in w JOIN source s ON s.id = w.source_id ORDER BY w.ended_at NULLS FIRST, s.name, w.id
"""
_LATELY: Final = """
SELECT webhook_id, max(at), sum(kept), sum(repeated), sum(refused)
  FROM event_batch WHERE source_id = ANY (%s) AND at > %s AND webhook_id IS NOT NULL GROUP BY 1
"""
_ADDRESSES: Final = "SELECT id, address FROM webhook_in"


def webhooks_in(*, by: Asker, at: datetime) -> list[WebhookFacts]:
    """Every webhook, working ones first, with what came by it in the last day."""
    rows = ask(by.view, _LISTED)
    sources = sorted({row[1] for row in rows})
    lately = ask(by.view, _LATELY, [sources, at - timedelta(days=1)]) if rows else []
    found = {key: (last, *(int(count or 0) for count in counts)) for key, last, *counts in lately}
    addresses: dict[int, str] = dict(ask(WRITER, _ADDRESSES))
    return [
        WebhookFacts(
            number, source, ref, source_name, name, addresses.get(number, ""), _read(mapping), made_by, made_at, until,
            ended, *found.get(number, ()),
        )
        for number, source, ref, source_name, name, mapping, made_by, made_at, until, ended in rows
    ]  # fmt: skip


def _open(webhook_id: int) -> WebhookIn:
    one = WebhookIn.objects.select_for_update().filter(id=webhook_id, ended_at__isnull=True).first()
    if one is None:
        raise NotThere("no_such_webhook", {"webhook": webhook_id})
    return one


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _about(webhook_id: int) -> str:
    return f"webhook_in|{webhook_id}"


def _sealed(webhook_id: int, secret: str) -> bytes:
    return seal_text(settings.KEYS.read(_KEY), secret, about=_about(webhook_id))


def _opened(webhook_id: int, sealed: bytes | memoryview) -> str:
    return open_text(settings.KEYS.read(_KEY), bytes(sealed), about=_about(webhook_id))


def _read(said: Any) -> Any:
    """A column of JSON comes as its text."""
    return orjson.loads(said) if isinstance(said, str) else said or {}


def _note(by: Asker, webhook_id: int, field: str, *, old: Any, new: Any) -> None:
    note_change(
        by, door="events.webhooks", subject="webhook_in", field=f"{webhook_id}: {field}", old=old, new=new,
        customer_id=None,
    )  # fmt: skip
