"""The reading door of visits, calls, notes and complaints; asked with an opened file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.touchpoints.models import Complaint, Touchpoint
from regulars.rules.permission.asking import Asker


@dataclass(frozen=True, slots=True)
class TouchpointFacts:
    """One meeting between customer and company. `title` and `detail` are None where the view masks what was said."""

    id: int
    at: datetime
    kind: str
    channel: str
    title: str | None
    detail: str | None
    staff_name: str
    branch: str | None
    source: str | None
    invented: bool


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """One complaint; open while `closed_at` is None. Words are None where the view masks them."""

    id: int
    opened_at: datetime
    code: str
    detail: str | None
    answer_by: datetime | None
    closed_at: datetime | None
    outcome: str | None
    invented: bool

    @property
    def ref(self) -> str:
        """What people call it."""
        return complaint_ref(self.id)


_TOUCHPOINT = (
    "id",
    "at",
    "kind",
    "channel",
    "title",
    "detail",
    "staff_name",
    "branch__name",
    "source__name",
    "invented",
)
_COMPLAINT = tuple(ComplaintFacts.__dataclass_fields__)


def complaint_ref(complaint_id: int) -> str:
    """What people call a complaint: K-118."""
    return f"K-{complaint_id}"


def touchpoints_of(opened: Opened, *, before: datetime, newest: int = 20) -> list[TouchpointFacts]:
    """The newest touchpoints before a moment, newest first."""
    found = Touchpoint.objects.using(opened.by.view).filter(customer_id=opened.id, at__lt=before)
    return [TouchpointFacts(*row) for row in found.order_by("-at", "-id").values_list(*_TOUCHPOINT)[:newest]]


def wishes_of(opened: Opened, *, newest: int = 5) -> list[TouchpointFacts]:
    """What the customer wished for, newest first."""
    found = Touchpoint.objects.using(opened.by.view).filter(customer_id=opened.id, kind="wish")
    return [TouchpointFacts(*row) for row in found.order_by("-at", "-id").values_list(*_TOUCHPOINT)[:newest]]


def complaints_of(opened: Opened, *, newest: int = 20) -> list[ComplaintFacts]:
    """All complaints, newest first."""
    found = Complaint.objects.using(opened.by.view).filter(customer_id=opened.id).order_by("-opened_at", "-id")
    return [ComplaintFacts(*row) for row in found.values_list(*_COMPLAINT)[:newest]]


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """One open complaint in a list of those that wait for an answer."""

    complaint: ComplaintFacts
    number: str
    name: str | None
    branch: str | None
    customer_invented: bool


_WHOSE = ("customer__number", "customer__name", "customer__home_branch__name", "customer__invented")


def complaints_waiting(*, by: Asker, because: str, limit: int = 50) -> list[ComplaintLine]:
    """Open complaints within the asker's view and branches, the nearest deadline first."""
    rows = _waiting(by).order_by(F("answer_by").asc(nulls_last=True), "id").values_list(*_COMPLAINT, *_WHOSE)[:limit]
    cut = len(_COMPLAINT)
    lines = [ComplaintLine(ComplaintFacts(*row[:cut]), *row[cut:]) for row in rows]
    note_access(by, door="complaints_waiting", because=because, rows=len(lines))
    return lines


def count_open_complaints(*, by: Asker) -> int:
    """How many wait for an answer within the asker's view and branches. A count only."""
    return _waiting(by).count()


def _waiting(by: Asker) -> "QuerySet[Complaint, Complaint]":
    found = Complaint.objects.using(by.view).filter(closed_at__isnull=True, customer__number__isnull=False)
    if not by.branches:
        return found
    return found.filter(Q(customer__home_branch__in=by.branches) | Q(customer__home_branch__isnull=True))


def with_open_complaint(ids: Iterable[int], *, by: Asker) -> frozenset[int]:
    """Those of a list just found who wait for an answer."""
    found = Complaint.objects.using(by.view).filter(customer_id__in=list(ids), closed_at__isnull=True)
    return frozenset(found.values_list("customer_id", flat=True))
