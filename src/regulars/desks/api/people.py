"""The people behind a figure, as far as the token's view shows them; shared by lists, bucket, RFM and segments."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from ninja import Schema

from regulars.desks.api.keys import Token
from regulars.desks.api.shapes import Money, Page, Paging, page
from regulars.journeys.hand_out_people import people_listed
from regulars.records.company.access import company, now
from regulars.records.scores.access import ScoredLine
from regulars.rules.permission.asking import Asker

#: Who may read lists of people at all; a service agent opens one file at a time.
READING_LISTS: Final = Token("marketer", "officer")


class ScoredCustomer(Schema):
    """One customer in a list, with the figures of the last refresh."""

    number: str
    name: str | None
    city: str | None
    recency_days: int
    frequency: int
    monetary: Money
    group: str
    state: str
    due_on: date
    invented: bool


def people_page(ids: Iterable[int], paging: Paging, *, by: Asker, because: str) -> Page[ScoredCustomer]:
    """One page of these customers, by money, neighbours swapped as the export it belongs to has them; `total` counts
    those the view shows. Logged, and on record as an export."""
    total, lines, _export = people_listed(
        by=by, because=because, door="api", at=now(), ids=ids, limit=paging.limit, offset=paging.offset
    )
    return page(paging, total, scored(lines))


def scored(lines: Iterable[ScoredLine]) -> list[ScoredCustomer]:
    """Lines of scored people as they are told over HTTP."""
    currency = company().currency
    return [
        ScoredCustomer(
            number=one.number,
            name=one.name,
            city=one.city,
            recency_days=one.recency_days,
            frequency=one.frequency,
            monetary=Money(minor=one.monetary_minor, currency=currency),
            group=one.rfm_group,
            state=one.state,
            due_on=one.due_on,
            invented=one.invented,
        )
        for one in lines
    ]
