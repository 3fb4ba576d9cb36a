"""The writing door of invented complaints and visits; everything written here is marked as invented."""

from datetime import datetime

from regulars.records.touchpoints.models import Complaint, Touchpoint


def invented_already() -> bool:
    """Whether there are invented complaints."""
    return Complaint.objects.filter(invented=True).exists()


def invent_complaint(
    customer_id: int,
    *,
    code: str,
    detail: str,
    opened_at: datetime,
    answer_by: datetime | None = None,
    closed_at: datetime | None = None,
) -> None:
    """An invented complaint, closed when `closed_at` is given."""
    Complaint.objects.create(
        customer_id=customer_id,
        code=code,
        detail=detail,
        opened_at=opened_at,
        answer_by=answer_by,
        closed_at=closed_at,
        outcome="explained" if closed_at else "",
        invented=True,
    )


def invent_touchpoint(customer_id: int, *, kind: str, channel: str, title: str, at: datetime) -> None:
    """An invented visit, call or letter."""
    Touchpoint.objects.create(customer_id=customer_id, at=at, kind=kind, channel=channel, title=title, invented=True)
