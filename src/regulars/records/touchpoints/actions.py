"""The writing door of visits, calls, notes and complaints."""

from datetime import datetime

from django.db import transaction

from regulars.records.access_log.actions import note_change
from regulars.records.codes.access import is_valid
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import hold_alive
from regulars.records.touchpoints.models import Complaint, Preference, Touchpoint
from regulars.rules.permission.errors import BadInput, NotThere

KINDS = ("visit", "call", "note", "wish", "letter", "survey", "referral", "correction")
CHANNELS = ("counter", "phone", "email", "letter", "sms", "web", "portal")
SEVERITIES = (1, 2, 3)
OUTCOMES = ("repaired", "replaced", "refunded", "explained", "apologised", "withdrawn")
TITLE_AT_MOST, DETAIL_AT_MOST = 200, 4_000


def add_touchpoint(
    opened: Opened, *, kind: str, channel: str, title: str, detail: str = "", branch_id: int | None = None,
    at: datetime, code: str = "",
) -> int:  # fmt: skip
    """The id of the new touchpoint, noted by whoever opened the file; BadInput when it says nothing we know,
    NotThere when she has been erased meanwhile."""
    _known(kind, KINDS, "touchpoint_kind_unknown")
    _known(channel, CHANNELS, "touchpoint_channel_unknown")
    _said(title, TITLE_AT_MOST, "title")
    _short(detail, DETAIL_AT_MOST, "detail")
    if code:
        _valid("call", code, at)
    with transaction.atomic():
        hold_alive(opened.id)
        made = Touchpoint.objects.create(
            customer_id=opened.id, at=at, kind=kind, channel=channel, title=title.strip(), detail=detail.strip(),
            staff_name=opened.by.name, branch_id=branch_id, code=code,
        )  # fmt: skip
        note_change(
            opened.by,
            door="add_touchpoint",
            subject="touchpoint",
            field=kind,
            old=None,
            new=made.id,
            customer_id=opened.id,
        )
    return made.id


def open_complaint(
    opened: Opened, *, code: str, detail: str, answer_by: datetime | None, at: datetime, severity: int = 2,
    owner_id: int | None = None,
) -> int:  # fmt: skip
    """The id of the new complaint; from this moment marketing to the customer rests. BadInput for a code that does not
    hold today, or a severity that is none of 1 to 3."""
    _valid("complaint", code, at)
    if severity not in SEVERITIES:
        raise BadInput("complaint_severity_unknown")
    _said(detail, DETAIL_AT_MOST, "detail")
    with transaction.atomic():
        hold_alive(opened.id)
        made = Complaint.objects.create(
            customer_id=opened.id, opened_at=at, code=code, detail=detail.strip(), answer_by=answer_by,
            severity=severity, owner_id=owner_id,
        )  # fmt: skip
        note_change(
            opened.by,
            door="open_complaint",
            subject="complaint",
            field="state",
            old=None,
            new="open",
            customer_id=opened.id,
        )
    return made.id


def answer_complaint(opened: Opened, complaint_id: int, *, answer: str, at: datetime) -> None:
    """What the customer was answered is kept; NotThere when she has no open complaint of that id."""
    _said(answer, DETAIL_AT_MOST, "detail")
    with transaction.atomic():
        hold_alive(opened.id)
        mine = Complaint.objects.filter(id=complaint_id, customer_id=opened.id, closed_at__isnull=True)
        if not mine.update(answer=answer.strip(), answered_at=at):
            raise NotThere("complaint_not_open")
        note_change(opened.by, door="answer_complaint", subject="complaint", field="state", old="open", new="answered",
                    customer_id=opened.id)  # fmt: skip


def hand_complaint(opened: Opened, complaint_id: int, *, severity: int, owner_id: int | None) -> None:
    """How grave it is and who answers it, from now on; NotThere when the customer has no open complaint of that id."""
    if severity not in SEVERITIES:
        raise BadInput("complaint_severity_unknown")
    with transaction.atomic():
        mine = Complaint.objects.filter(id=complaint_id, customer_id=opened.id, closed_at__isnull=True)
        old = mine.select_for_update().values_list("severity", "owner_id").first()
        if old is None:
            raise NotThere("complaint_not_open")
        mine.update(severity=severity, owner_id=owner_id)
        for field, before, after in (("severity", old[0], severity), ("owner", old[1], owner_id)):
            if before != after:
                note_change(opened.by, door="answer_complaint", subject="complaint", field=field, old=before, new=after,
                            customer_id=opened.id)  # fmt: skip


def add_preference(opened: Opened, *, code: str, words: str, at: datetime) -> int:
    """The id of what she prefers from now on; BadInput for a code that does not hold today."""
    _valid("preference", code, at)
    _short(words, TITLE_AT_MOST, "detail")
    with transaction.atomic():
        hold_alive(opened.id)
        made = Preference.objects.create(
            customer_id=opened.id, code=code, words=words.strip(), noted_at=at, staff_name=opened.by.name
        )
        note_change(opened.by, door="add_preference", subject="preference", field=code, old=None, new=made.id,
                    customer_id=opened.id)  # fmt: skip
    return made.id


def end_preference(opened: Opened, preference_id: int, *, at: datetime) -> None:
    """She does not prefer it any more; NotThere when she has no such preference."""
    with transaction.atomic():
        hers = Preference.objects.filter(id=preference_id, customer_id=opened.id, ended_at__isnull=True)
        if not hers.update(ended_at=at):
            raise NotThere("preference_not_there")
        note_change(opened.by, door="add_preference", subject="preference", field="ended", old=preference_id, new=None,
                    customer_id=opened.id)  # fmt: skip


def close_complaint(opened: Opened, complaint_id: int, *, outcome: str, at: datetime) -> None:
    """The complaint has ended so; NotThere when the customer has no open complaint of that id."""
    _known(outcome, OUTCOMES, "complaint_outcome_unknown")
    with transaction.atomic():
        mine = Complaint.objects.filter(id=complaint_id, customer_id=opened.id, closed_at__isnull=True)
        if not mine.update(closed_at=at, outcome=outcome):
            raise NotThere("complaint_not_open")
        note_change(
            opened.by,
            door="close_complaint",
            subject="complaint",
            field="state",
            old="open",
            new=outcome,
            customer_id=opened.id,
        )


def _valid(kind: str, code: str, at: datetime) -> None:
    if not is_valid(kind, code, on=at.date()):
        raise BadInput("code_not_valid", {"value": code[:40]})


def _known(value: str, known: tuple[str, ...], code: str) -> None:
    if value not in known:
        raise BadInput(code, {"value": value[:40]})


def _said(text: str, at_most: int, field: str) -> None:
    if not text.strip():
        raise BadInput("nothing_said", {"field": field})
    _short(text, at_most, field)


def _short(text: str, at_most: int, field: str) -> None:
    if len(text) > at_most:
        raise BadInput("said_too_much", {"field": field, "most": at_most})
    if "\x00" in text:
        raise BadInput("unprintable", {"field": field})
