"""The writing door of answers: each counts once, however often it is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from regulars.records.contacts.models import Response

POSITIVE = ("redemption", "order", "visit", "click")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one customer to one campaign; `ref` is what makes it the same when it is told again."""

    customer_id: int
    kind: str
    at: datetime
    ref: str
    amount_minor: int = 0


def record_answers(campaign_id: int, answers: Iterable[Answer]) -> int:
    """How many of these answers were new."""
    before = Response.objects.filter(campaign_id=campaign_id).count()
    rows = [
        Response(
            campaign_id=campaign_id,
            customer_id=a.customer_id,
            kind=a.kind,
            at=a.at,
            ref=a.ref,
            amount_minor=a.amount_minor,
        )
        for a in answers
    ]
    Response.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return Response.objects.filter(campaign_id=campaign_id).count() - before


def answers_given() -> list[tuple[int, int, date]]:
    """(customer id, campaign id, day) of every positive answer; for segments that ask who answered. Pseudonymous."""
    rows = Response.objects.filter(kind__in=POSITIVE).values_list("customer_id", "campaign_id", "at")
    return [(person, campaign, at.date()) for person, campaign, at in rows]
