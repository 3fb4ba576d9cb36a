"""The writing door of visits, calls, notes and complaints."""

from datetime import datetime

from django.db import transaction

from regulars.records.access_log.actions import note_change
from regulars.records.customers.access import Opened
from regulars.records.customers.alive import hold_alive
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.permission.errors import BadInput, NotThere

KINDS = ("visit", "call", "note", "wish", "letter", "survey", "referral", "correction")
CHANNELS = ("counter", "phone", "email", "letter", "sms", "web", "portal")
MATTERS = ("product", "delivery", "repair", "service", "billing", "privacy", "other")
OUTCOMES = ("repaired", "replaced", "refunded", "explained", "apologised", "withdrawn")
TITLE_AT_MOST, DETAIL_AT_MOST = 200, 4_000


def add_touchpoint(
    opened: Opened, *, kind: str, channel: str, title: str, detail: str = "", branch_id: int | None = None, at: datetime
) -> int:
    """The id of the new touchpoint, noted by whoever opened the file; BadInput when it says nothing we know,
    NotThere when she has been erased meanwhile."""
    _known(kind, KINDS, "touchpoint_kind_unknown")
    _known(channel, CHANNELS, "touchpoint_channel_unknown")
    _said(title, TITLE_AT_MOST, "title")
    _short(detail, DETAIL_AT_MOST, "detail")
    with transaction.atomic():
        hold_alive(opened.id)
        made = Touchpoint.objects.create(
            customer_id=opened.id, at=at, kind=kind, channel=channel, title=title.strip(), detail=detail.strip(),
            staff_name=opened.by.name, branch_id=branch_id,
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


def open_complaint(opened: Opened, *, code: str, detail: str, answer_by: datetime | None, at: datetime) -> int:
    """The id of the new complaint; from this moment marketing to the customer rests."""
    _known(code, MATTERS, "complaint_matter_unknown")
    _said(detail, DETAIL_AT_MOST, "detail")
    with transaction.atomic():
        hold_alive(opened.id)
        made = Complaint.objects.create(
            customer_id=opened.id, opened_at=at, code=code, detail=detail.strip(), answer_by=answer_by
        )
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
