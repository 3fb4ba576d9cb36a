"""The writing door of the logs: looks and refusals on a connection of their own, so that no rollback erases a line;
what was changed or done in the transaction that did it, so that no line tells of what never happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, Asking, question, tell
from regulars.connections.postgres.asking import door as asking_door
from regulars.records.access_log.models import ChangeEntry
from regulars.records.access_log.readings import Passage, is_counted, pass_counted
from regulars.rules.evidence.canonical import canonical_line
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

LOG: Final = "log"

INSERT: Final = """
INSERT INTO access_entry (at, who, role, view, purpose, door, because, reference, customer_id, rows, allowed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_DEED: Final = """
INSERT INTO privacy_entry (at, who, role, deed, subject, detail, customer_id, allowed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
#: Changes that are deeds about privacy: what was changed → the deed. Their old and new values name no customer.
DEEDS: Final = {
    "choice_entry": "choice",
    "suppression": "choice",
    "sql_login": "right",
    "api_token": "right",
    "portal_link": "right",
    "statement": "statement",
    "house": "drift",
}


@asking_door
def note_access(
    by: Asker, *, door: str, because: str, rows: int, customer_id: int | None = None, guesses: int = 0
) -> Asking[None]:
    """A granted read is in the log when this returns: who, role, view, purpose, door, why, how many, whom if one.
    `guesses` are the numbers and addresses that were tried and lead to nobody.

    Denied `reading_stopped` when somebody reads far more than is normal for her: then the refusal is in the log, and
    the door must hand nothing out, whatever was asked together with this.
    """
    if not is_counted(by) or not (rows or guesses):
        yield from question(LOG, INSERT, _line(by, door, because, rows, customer_id, allowed=True))
        return
    try:
        yield from pass_counted.asked(by, Passage(door, because, rows, customer_id, guesses), at=timezone.now())
    except Denied:
        note_denial(by, door=door, because=because, customer_id=customer_id)
        raise


def note_denial(by: Asker, *, door: str, because: str, customer_id: int | None = None) -> None:
    """A refused read is in the log when this returns; its login may add lines and cannot even read them back."""
    tell(LOG, INSERT, _line(by, door, because, 0, customer_id, allowed=False))


def note_change(
    by: Asker, *, door: str, subject: str, field: str, old: object, new: object, customer_id: int | None
) -> None:
    """A changed value is in the change book, in the transaction of the change itself; a deed in the privacy log too."""
    ChangeEntry.objects.create(
        at=timezone.now(), who=by.written, door=door, customer_id=customer_id, subject=subject, field=field,
        old=_text(old), new=_text(new),
    )  # fmt: skip
    if deed := DEEDS.get(subject):
        detail = {"field": field, "old": _text(old), "new": _text(new)}
        note_deed(by, deed=deed, subject=subject, detail=detail, customer_id=customer_id)


@dataclass(frozen=True, slots=True)
class Changed:
    """A value of something of the house's that gave way to another; `customer_id` where it is about a customer."""

    subject: str
    field: str
    old: object
    new: object
    customer_id: int | None = None


def note_changes(changes: Iterable[Changed], *, by: Asker, door: str) -> None:
    """The same for many at once, of subjects that are no deeds of the privacy log."""
    at = timezone.now()
    ChangeEntry.objects.bulk_create(
        [ChangeEntry(at=at, who=by.written, door=door, customer_id=one.customer_id, subject=one.subject,
                     field=one.field, old=_text(one.old), new=_text(one.new)) for one in changes],
        batch_size=5_000,
    )  # fmt: skip


def note_deed(
    by: Asker, *, deed: str, subject: str, detail: Mapping[str, str | int | bool | None], customer_id: int | None = None
) -> None:
    """A deed about privacy is in the privacy log if the transaction it belongs to commits.

    `deed` is a code (choice, right, key, view, export, erasure, statement, drift …), `subject` what it was done to.
    `detail` must name no customer and hold none of her data: the line is kept for ever and leaves the house.
    """
    tell(WRITER, INSERT_DEED, _deed(by, deed, subject, detail, customer_id, allowed=True))


def note_refused_deed(
    by: Asker, *, deed: str, subject: str, detail: Mapping[str, str | int | bool | None], customer_id: int | None = None
) -> None:
    """A deed that was refused is in the privacy log when this returns, whatever becomes of the transaction."""
    tell(LOG, INSERT_DEED, _deed(by, deed, subject, detail, customer_id, allowed=False))


def _deed(
    by: Asker, deed: str, subject: str, detail: Mapping[str, str | int | bool | None], customer_id: int | None,
    *, allowed: bool,
) -> tuple[object, ...]:  # fmt: skip
    told = canonical_line(detail).decode()
    return timezone.now(), by.written, by.role, deed, subject, told, customer_id, allowed


def _line(
    by: Asker, door: str, because: str, rows: int, customer_id: int | None, *, allowed: bool
) -> tuple[object, ...]:  # fmt: skip
    return (
        timezone.now(), by.written, by.role, by.view, by.purpose, door, because, by.reference, customer_id, rows,
        allowed,
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)
