"""The writing door of watched customers: planted and protected by the officer; alarms that no rollback takes back."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from regulars.connections.postgres.asking import ask_one, tell
from regulars.records.access_log.actions import LOG, note_deed
from regulars.records.access_log.readings import is_counted, key_of
from regulars.records.watched.models import Canary, CanaryAlarm, ProtectedCustomer
from regulars.rules.evidence.canonical import canonical_line
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

LEAST_LETTERS: Final = 5
_TOUCHED: Final = """
INSERT INTO canary_alarm (at, who, name, role, view, door, because, number, export, released_by, answer)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', '')
ON CONFLICT (who, door, number) WHERE released_at IS NULL DO NOTHING RETURNING id
"""
_DEED: Final = """
INSERT INTO privacy_entry (at, who, role, deed, subject, detail, customer_id, allowed)
VALUES (%s, %s, %s, 'canary', %s, %s, NULL, false)
"""


def touched(number: str, *, by: Asker, door: str, because: str, export: int | None = None) -> None:
    """Somebody touched a canary: an alarm the officer finds, once until it is answered, and a line in the privacy log.

    The house's own jobs and customers raise none. Nothing of it shows to the one who touched her.
    """
    if not is_counted(by):
        return
    told = (timezone.now(), key_of(by), by.name, by.role, by.view, door, because, number, export)
    if ask_one(LOG, _TOUCHED, told) is not None:
        detail = canonical_line({"door": door, "export": export}).decode()
        tell(LOG, _DEED, (timezone.now(), by.written, by.role, "touched", detail))


def plant(customer_id: int, *, note: str, by: Asker, at: datetime) -> None:
    """She raises an alarm from now on."""
    Canary.objects.create(customer_id=customer_id, planted_at=at, planted_by=by.name, note=note)
    note_deed(by, deed="canary", subject="planted", detail={})


def uproot(customer_id: int, *, by: Asker) -> None:
    """She raises none any more; NotThere when she raised none."""
    with transaction.atomic():
        if not Canary.objects.filter(customer_id=customer_id).delete()[0]:
            raise NotThere("canary_not_there")
        note_deed(by, deed="canary", subject="uprooted", detail={})


def protect(customer_id: int, *, because: str, by: Asker, at: datetime) -> None:
    """Her file opens only for a case from now on; BadInput without a reason, or when she is protected already."""
    if len(because.strip()) < LEAST_LETTERS:
        raise BadInput("reason_too_short")
    told = {"since": at, "marked_by": by.name, "because": because.strip()}
    with transaction.atomic():
        _, new = ProtectedCustomer.objects.get_or_create(customer_id=customer_id, defaults=told)
        if not new:
            raise BadInput("protected_already")
        note_deed(by, deed="protection", subject="protected", detail={}, customer_id=customer_id)


def unprotect(customer_id: int, *, by: Asker) -> None:
    """Her file opens as any other; NotThere when she was not protected."""
    with transaction.atomic():
        if not ProtectedCustomer.objects.filter(customer_id=customer_id).delete()[0]:
            raise NotThere("not_protected")
        note_deed(by, deed="protection", subject="unprotected", detail={}, customer_id=customer_id)


def answer_touch(alarm_id: int, *, answer: str, by: Asker, at: datetime) -> bool:
    """The alarm is answered; False when it was before."""
    waiting = CanaryAlarm.objects.filter(id=alarm_id, released_at__isnull=True)
    with transaction.atomic():
        if not waiting.update(released_at=at, released_by=by.name, answer=answer):
            return False
        note_deed(by, deed="canary", subject="answered", detail={"alarm": alarm_id})
    return True
