"""The writing door of the access log: on a connection of its own, so that no rollback erases a line."""

from typing import Final

from django.utils import timezone

from regulars.connections.postgres.asking import tell
from regulars.records.access_log.models import ChangeEntry
from regulars.rules.permission.asking import Asker

INSERT: Final = """
INSERT INTO access_entry (at, who, role, view, purpose, door, because, reference, customer_id, rows, allowed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def note_access(by: Asker, *, door: str, because: str, rows: int, customer_id: int | None = None) -> None:
    """A granted read is in the log when this returns: who, role, view, purpose, door, why, how many, whom if one."""
    _note(by, door, because, rows, customer_id, allowed=True)


def note_denial(by: Asker, *, door: str, because: str, customer_id: int | None = None) -> None:
    """A refused read is in the log when this returns."""
    _note(by, door, because, 0, customer_id, allowed=False)


def note_change(
    by: Asker, *, door: str, subject: str, field: str, old: object, new: object, customer_id: int | None
) -> None:
    """A changed value is in the change book, in the transaction of the change itself."""
    ChangeEntry.objects.create(
        at=timezone.now(), who=by.name, door=door, customer_id=customer_id, subject=subject, field=field,
        old=_text(old), new=_text(new),
    )  # fmt: skip


def _note(by: Asker, door: str, because: str, rows: int, customer_id: int | None, *, allowed: bool) -> None:
    """One line, by a login that may add lines and do nothing else: it cannot even read them back."""
    line = (
        timezone.now(), by.name, by.role, by.view, by.purpose, door, because, by.reference, customer_id, rows, allowed,
    )  # fmt: skip
    tell("log", INSERT, line)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
