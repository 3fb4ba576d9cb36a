"""The people behind a figure, as far as the token's view shows them; shared by lists, bucket, RFM and segments."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Final

from ninja import Schema
from pydantic import Field

from regulars.desks.api.keys import Token
from regulars.desks.api.shapes import Money, Page, Paging, Short, page
from regulars.journeys.hand_out_people import people_listed
from regulars.records.company.access import company, now
from regulars.records.own_attributes.of_people import MOST_COLUMNS
from regulars.records.scores.access import ScoredLine
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.own_values import spoken

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
    own: dict[str, str | None] = Field(description="The own attributes asked for, by key; null where nothing is shown")


class ListAsked(Paging):
    """Which page of a list of people, and which own attributes stand in it."""

    own: Annotated[list[Short], Field(max_length=MOST_COLUMNS, description="Keys of own attributes to show too")] = []


def people_page(ids: Iterable[int], asked: ListAsked, *, by: Asker, because: str) -> Page[ScoredCustomer]:
    """One page of these customers, by money, neighbours swapped as the export it belongs to has them; `total` counts
    those the view shows. Logged, and on record as an export."""
    found = people_listed(
        by=by, because=because, door="api", at=now(), own=asked.own, ids=ids, limit=asked.limit, offset=asked.offset
    )
    return page(asked, found.total, scored(found.lines, found.own))


def scored(lines: Iterable[ScoredLine], own: Sequence[OwnAttribute] = ()) -> list[ScoredCustomer]:
    """Lines of scored people as they are told over HTTP, with these own attributes."""
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
            own=_own(one, own, digits_of(currency)),
        )
        for one in lines
    ]


def _own(line: ScoredLine, own: Sequence[OwnAttribute], digits: int) -> dict[str, str | None]:
    plain = {one: line.own.get(one.key) for one in own}
    return {one.key: None if said is None else spoken(one, said, digits=digits) for one, said in plain.items()}
