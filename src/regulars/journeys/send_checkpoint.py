"""Checkpoints leave: to a folder, to a webhook, and always to a file in the home that no login of the database reaches.

A copy is only ever added to, and only with what joins the end of it. A copy that has other checkpoints than the
database stays as it is: one of the two was altered, and the check says so until somebody has found out which.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections, transaction

from regulars.connections.copies.folder import FolderCopy
from regulars.connections.copies.webhook import Webhook, WebhookError
from regulars.connections.postgres.asking import WRITER
from regulars.journeys.close_batch import HEARTBEAT, marks_key, said_at
from regulars.journeys.read_batch import lines_in
from regulars.records.access_log.batches import (
    Connection,
    batches,
    checkpoint,
    checkpoints,
    last_checkpoint,
    peaks_at,
)
from regulars.records.access_log.copies import CopyFacts, copy_facts, note_arrival, note_failure
from regulars.rules.evidence.checkpoints import Signed, read_line

HOME_COPY, WEBHOOK_KEY = "evidence", "log_webhook"
AT_ONCE: Final = 500
LONGEST_PAUSE: Final = timedelta(hours=1)
OTHERWISE: Final = "otherwise"


class NotJoining(Exception):
    """The copy ends with a checkpoint that is not in the database, or is another one there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A copy in a folder; the one in the home leaves the lines out, which the database has anyway."""

    copy: FolderCopy
    name: str
    is_outside: bool = True

    def newest(self) -> Signed | None:
        """The last checkpoint in the copy."""
        line = self.copy.newest()
        return read_line(line) if line else None

    def send(self, connection: Connection, *, at: datetime) -> int:
        """Whatever is missing at the end of the copy has been added, some hundred checkpoints at a time."""
        newest = self.newest()
        _demand_joining(connection, newest)
        number, size = (newest.checkpoint.number, newest.checkpoint.size) if newest else (0, 0)
        while more := checkpoints(connection, after=number, most=AT_ONCE):
            upto = more[-1].checkpoint
            lines = self._lines(connection, size, upto.size) if self.is_outside else iter(())
            self.copy.add(said_at(at)[:7], lines, [one.line for one in more])
            number, size = upto.number, upto.size
        return number

    def _lines(self, connection: Connection, after: int, upto: int) -> Iterator[bytes]:
        if upto == after:
            return
        for batch, lines in lines_in(connection, batches(connection, after=after, most=upto - after), marks_key()):
            yield batch.said
            yield from lines


@dataclass(frozen=True, slots=True)
class Hook:
    """A copy by webhook: the newest checkpoint, the batches since the last one there, and the peaks they grow from."""

    hook: Webhook
    name: str
    is_outside: bool = True

    def send(self, connection: Connection, *, at: datetime) -> int:
        """The receiver has confirmed the newest checkpoint."""
        before, newest = copy_facts(connection, self.name).number, last_checkpoint(connection)
        if newest is None or newest[0].checkpoint.number == before:
            return before
        signed = newest[0]
        body = json.dumps(_message(connection, before, signed, at), sort_keys=True).encode()
        said = signed.checkpoint
        self.hook.send(body, message_id=f"msg_{said.number}_{said.digest[:16]}", timestamp=int(at.timestamp()))
        return said.number


#: Where a copy is kept. `send` answers the number of the newest checkpoint there then; OSError, WebhookError or
#: NotJoining when nothing could be added.
Place = Folder | Hook


def places() -> list[Place]:
    """Every place a copy goes to, as the environment of this installation says; the home's own first."""
    found: list[Place] = [Folder(FolderCopy(settings.HOME.path / HOME_COPY), HOME_COPY, is_outside=False)]
    if settings.LOG_FOLDER:
        path = Path(settings.LOG_FOLDER).expanduser()
        found.append(Folder(FolderCopy(path), f"folder {path}"))
    if settings.LOG_WEBHOOK:
        hook = Webhook(settings.LOG_WEBHOOK, settings.KEYS.read(WEBHOOK_KEY))
        found.append(Hook(hook, hook.place))
    return found


def send_checkpoints(*, at: datetime, to: Iterable[Place] | None = None) -> dict[str, str]:
    """Place → "" when everything is there now, else why not; a place that failed lately is left alone for a while."""
    return {place.name: _sent(place, at) for place in (places() if to is None else to)}


def _sent(place: Place, at: datetime) -> str:
    with transaction.atomic(using=WRITER):
        connection: Connection = connections[WRITER].connection
        before = copy_facts(connection, place.name)
        if _is_resting(before, at):
            return before.message
        try:
            number = place.send(connection, at=at)
        except NotJoining:
            return _failed(place, at, OTHERWISE)
        except (WebhookError, ValueError) as error:
            return _failed(place, at, str(error))
        except OSError as error:
            return _failed(place, at, error.strerror or type(error).__name__)
        if number and (number != before.number or before.failures):
            note_arrival(place.name, number=number, at=at)
    return ""


def _failed(place: Place, at: datetime, message: str) -> str:
    note_failure(place.name, at=at, message=message)
    return message


def _is_resting(facts: CopyFacts, at: datetime) -> bool:
    """Tried again after one minute, two, four … an hour."""
    if not facts.failures or facts.tried_at is None:
        return False
    return at < facts.tried_at + min(LONGEST_PAUSE, timedelta(minutes=2 ** min(facts.failures - 1, 6)))


def _demand_joining(connection: Connection, newest: Signed | None) -> None:
    if newest is not None and checkpoint(connection, newest.checkpoint.number) != newest:
        raise NotJoining


def _message(connection: Connection, before: int, signed: Signed, at: datetime) -> dict[str, object]:
    said = signed.checkpoint
    known = checkpoint(connection, before)
    size = known.checkpoint.size if known else 0
    new = batches(connection, after=size, most=said.size - size) if said.size > size else []
    return {
        "type": "log.checkpoint",
        "timestamp": said_at(at),
        "data": {
            "checkpoint": json.loads(signed.line),
            "batches": [json.loads(one.said) for one in new],
            "peaks_before": [peak.hex() for peak in peaks_at(connection, before)],
            "next_before": said_at(at + 2 * HEARTBEAT),
        },
    }
