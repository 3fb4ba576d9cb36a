"""A customer tells us something from her own page: a correction, how to reach her, something odd, a wish to be deleted.

Choices and hours hold at once; a correction and a wish to be deleted are looked at by a person first.
"""

from datetime import datetime, timedelta

from django.db import transaction

from regulars.records.customers.access import open_customer
from regulars.records.customers.own_page import set_preferences
from regulars.records.free_texts.texts import look_at_text
from regulars.records.tasks.actions import ensure_task
from regulars.records.touchpoints.actions import add_touchpoint, open_complaint
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

BECAUSE = "own_record"
ANSWERED_WITHIN = timedelta(days=7)
#: What may be corrected by word.
CORRECTABLE = (
    "name", "honorific", "birth_on", "language", "city", "household_size", "email", "phone", "letter", "orders",
    "other",
)  # fmt: skip


def suggest_correction(number: str, *, field: str, proposal: str, by: Asker, at: datetime) -> None:
    """The proposal is kept with the customer's words, and somebody has a task to look at it within a week."""
    if field not in CORRECTABLE:
        raise BadInput("field_unknown", {"field": field[:40]})
    _for_review(number, "correction", field, proposal, by, at)


def ask_to_be_deleted(number: str, *, words: str, by: Asker, at: datetime) -> None:
    """The wish is kept, and somebody has a task to carry it out within a week."""
    _for_review(number, "erasure", "erasure", words or "–", by, at)


def prefer(
    number: str, *, channel: str, quiet_from: int | None, quiet_until: int | None, by: Asker, at: datetime
) -> None:
    """She is reached so, and not between these hours, from this moment."""
    opened, _ = open_customer(number, by=by, because=BECAUSE)
    set_preferences(opened, preferred_channel=channel, quiet_from=quiet_from, quiet_until=quiet_until, at=at)


def report_to_officer(number: str, *, words: str, by: Asker, at: datetime) -> int:
    """A complaint about privacy is open, to be answered within a week; its id."""
    opened, _ = open_customer(number, by=by, because=BECAUSE)
    with transaction.atomic():
        made = open_complaint(opened, code="privacy", detail=words, answer_by=at + ANSWERED_WITHIN, at=at)
        look_at_text(opened.id, "complaint", made, {"detail": words.strip()}, by=by.name, at=at)
    return made


def _for_review(number: str, kind: str, field: str, words: str, by: Asker, at: datetime) -> None:
    opened, _ = open_customer(number, by=by, because=BECAUSE)
    with transaction.atomic():
        note = add_touchpoint(opened, kind="correction", channel="portal", title=field, detail=words, at=at)
        look_at_text(opened.id, "touchpoint", note, {"detail": words.strip()}, by=by.name, at=at)
        due_on = (at + ANSWERED_WITHIN).date()
        ensure_task(
            opened, kind=kind, because={"field": field, "touchpoint": note}, due_on=due_on, owner_id=None, at=at
        )
