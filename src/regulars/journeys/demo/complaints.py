"""A few invented complaints and visits, so that the gate and the card have something to be tactful about."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Final

from regulars.journeys.demo.cast import HOUSE
from regulars.records.scores.access import people_where
from regulars.records.touchpoints.inventing import invent_complaint, invent_touchpoint, invented_already

WORDS: Final = (
    ("billing", "The shelf said one price, the till another."),
    ("product", "The jar was cracked."),
    ("service", "等了二十分钟，只开了一个收银台。"),
    ("other", "常买的豆腐又没有货。"),
    ("service", "The till was in a hurry, I was not."),
)
OPEN, CLOSED, VISITS = 14, 30, 60


def invent_tact(*, campaign_on: date, at: datetime) -> int:
    """How many complaints and visits were invented now; none the second time. Some are open when the campaign goes
    out."""
    if invented_already():
        return 0
    _, people = people_where(by=HOUSE, because="demonstration: invented complaints", limit=OPEN + CLOSED + VISITS)
    for count, one in enumerate(people):
        _invent(count, one.customer_id, campaign_on, at)
    return len(people)


def _invent(count: int, customer_id: int, campaign_on: date, at: datetime) -> None:
    days = int.from_bytes(hashlib.sha256(f"tact:{customer_id}".encode()).digest()[:2], "big")
    code, words = WORDS[count % len(WORDS)]
    if count < OPEN:
        opened = at - timedelta(days=1 + days % 20)
        invent_complaint(
            customer_id, code=code, detail=words, opened_at=opened, answer_by=at + timedelta(days=1 + days % 4)
        )
    elif count < OPEN + CLOSED:
        opened = datetime.combine(campaign_on, time(15), tzinfo=at.tzinfo) - timedelta(days=days % 6)
        invent_complaint(customer_id, code=code, detail=words, opened_at=opened, closed_at=opened + timedelta(days=9))
    else:
        visited = at - timedelta(days=days % 90)
        invent_touchpoint(
            customer_id, kind="visit", channel="counter", title="Asked where the new shelf is", at=visited
        )
