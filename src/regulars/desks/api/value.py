"""Insight: recency, frequency and money for all or a part of the shop, the three lists, the leaky bucket."""

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from regulars.desks.api.keys import FOR_TOTALS, Token, asking
from regulars.desks.api.people import READING_LISTS, ListAsked, ScoredCustomer, people_page
from regulars.desks.api.shapes import LARGEST, Day, Id, Line, Money, Month, Page, Said, month_of
from regulars.journeys.look_at_rfm import RfmPicture, look_at_rfm, people_in_cell, what_there_is
from regulars.journeys.people_behind import people_in_bucket, people_on_list
from regulars.records.company.access import company
from regulars.records.scores.access import Bucket, Lists, bucket_months, list_months
from regulars.rules.permission.errors import BadInput
from regulars.rules.value.bands import Cuts
from regulars.rules.value.purchases import Scope

TOTALS: Final = Token("marketer", "service", "officer", "steward", purposes=FOR_TOTALS)
Points = Annotated[list[Annotated[int, Field(ge=-LARGEST, le=LARGEST)]], Field(max_length=4)]
Band = Annotated[int, Field(ge=1, le=5)]

router = Router(tags=["Insight"])


class Amounts(Schema):
    """People and what they brought."""

    customers: int
    amount: Money


class Cell(Amounts):
    """One cell of the heat map; band 5 is the best."""

    recency_band: int
    frequency_band: int


class Group(Amounts):
    """One group of customers."""

    group: str


class Moved(Schema):
    """How many went from one group to another between the two days."""

    from_group: str
    to_group: str
    customers: int


class CutPoints(Schema):
    """Four points a measure, each the last value of its band: days, orders, minor units."""

    recency: list[int]
    frequency: list[int]
    monetary: list[int]


class Rfm(Schema):
    """The picture of a day and of an earlier one, and who moved between them."""

    as_of: date
    earlier: date
    customers: int
    own_cuts: bool
    cuts: CutPoints
    cells: list[Cell]
    groups: list[Group]
    groups_earlier: list[Group]
    flow: list[Moved]


class Branch(Schema):
    """A branch the picture can be narrowed to."""

    id: int
    name: str


class Parts(Schema):
    """What the picture can be narrowed to."""

    departments: list[str]
    branches: list[Branch]


class ScopeAsked(Said):
    """Which part of the shop; what is left out does not restrict. Cut points: all three lists of four, or none."""

    department: Annotated[list[Line], Field(max_length=100)] = []
    category: Annotated[list[Line], Field(max_length=100)] = []
    branch: Annotated[list[Id], Field(max_length=100)] = []
    since: Day | None = None
    until: Day | None = None
    recency: Points = Field([], description="Days: four points that do not fall")
    frequency: Points = Field([], description="Orders: four points that do not fall")
    monetary: Points = Field([], description="Minor units: four points that do not fall")

    def scope(self) -> Scope:
        """The part of the shop."""
        return Scope(
            departments=frozenset(self.department),
            categories=frozenset(self.category),
            branches=frozenset(self.branch),
            since=self.since,
            until=self.until,
        )

    def cuts(self) -> Cuts | None:
        """Own cut points; BadInput when they are not three times four that do not fall."""
        said = (self.recency, self.frequency, self.monetary)
        if not any(said):
            return None
        try:
            return Cuts(*(tuple(points) for points in said))
        except ValueError as error:
            raise BadInput(
                "cuts_not_readable", {"said": "/".join(",".join(map(str, points)) for points in said)}
            ) from error


class RfmAsked(ScopeAsked):
    """The same with how far back the comparison goes."""

    back_days: Annotated[int, Field(ge=1, le=3_660)] = 92


class CellAsked(ScopeAsked, ListAsked):
    """A cell of that picture."""

    r: Band
    f: Band


class ListMonth(Schema):
    """The three lists of one month: due, bought, did not."""

    month: date
    due: int
    bought: int
    within_grace: int
    lapsed: int
    bought_amount: Money


class BucketMonth(Schema):
    """One month of the leaky bucket in people and money; `inside` at its end."""

    month: date
    inside: int
    gained: Amounts
    kept: Amounts
    won_back: Amounts
    lapsed: Amounts


@router.get("/rfm", response=Rfm, auth=READING_LISTS)
def show_rfm(request: HttpRequest, asked: Query[RfmAsked]) -> Rfm:
    """Recency × frequency with money, the groups, and who moved since an earlier day. Counts only."""
    back = timedelta(days=asked.back_days)
    picture = look_at_rfm(scope=asked.scope(), cuts=asked.cuts(), back=back, by=asking(request))
    if picture is None:
        raise BadInput("no_figures_yet")
    return _rfm(picture)


@router.get("/rfm/parts", response=Parts, auth=READING_LISTS)
def show_parts(request: HttpRequest) -> Parts:
    """Departments and branches the picture can be narrowed to."""
    there = what_there_is()
    branches = [Branch(id=number, name=name) for number, name in there.branches]
    return Parts(departments=list(there.departments), branches=branches)


@router.get("/rfm/people", response=Page[ScoredCustomer], auth=READING_LISTS)
def list_cell(request: HttpRequest, asked: Query[CellAsked]) -> Page[ScoredCustomer]:
    """The people behind one cell, as far as the view shows them. Logged."""
    ids = people_in_cell(scope=asked.scope(), cuts=asked.cuts(), r=asked.r, f=asked.f).ids().tolist()
    return people_page(ids, asked, by=asking(request), because=f"RFM cell {asked.r} × {asked.f}")


@router.get("/lists", response=list[ListMonth], auth=TOTALS)
def show_lists(request: HttpRequest) -> list[ListMonth]:
    """The three lists as counts, newest month first."""
    currency = company().currency
    return [_list_month(one, currency) for one in list_months(by=asking(request))]


@router.get("/lists/{month}/{which}", response=Page[ScoredCustomer], auth=READING_LISTS)
def list_people_on_list(
    request: HttpRequest,
    month: Month,
    which: Literal["due", "bought", "within_grace", "lapsed"],
    asked: Query[ListAsked],
) -> Page[ScoredCustomer]:
    """Who was on a list of a month, as far as the view shows them. Logged."""
    ids = people_on_list(which, month_of(month)).ids().tolist()
    return people_page(ids, asked, by=asking(request), because=f"list {which} of {month}")


@router.get("/bucket", response=list[BucketMonth], auth=TOTALS)
def show_bucket(request: HttpRequest) -> list[BucketMonth]:
    """The leaky bucket, oldest month first."""
    currency = company().currency
    return [_bucket_month(one, currency) for one in bucket_months(by=asking(request))]


@router.get("/bucket/{month}/{place}", response=Page[ScoredCustomer], auth=READING_LISTS)
def list_people_in_bucket(
    request: HttpRequest, month: Month, place: Literal["gained", "kept", "won_back", "lapsed"], asked: Query[ListAsked]
) -> Page[ScoredCustomer]:
    """Who was gained, kept, won back or lapsed in a month, as far as the view shows them. Logged."""
    ids = people_in_bucket(place, month_of(month)).ids().tolist()
    return people_page(ids, asked, by=asking(request), because=f"bucket {place} of {month}")


def _rfm(picture: RfmPicture) -> Rfm:
    currency, cuts = company().currency, picture.cuts

    def amounts(row: dict[str, Any]) -> dict[str, Any]:
        return {"customers": row["customers"], "amount": Money(minor=row["monetary"] or 0, currency=currency)}

    def groups(rows: list[dict[str, Any]]) -> list[Group]:
        return [Group(group=row["group_name"], **amounts(row)) for row in rows]

    return Rfm(
        as_of=picture.as_of,
        earlier=picture.earlier,
        customers=picture.customers,
        own_cuts=picture.own_cuts,
        cuts=CutPoints(recency=list(cuts.recency), frequency=list(cuts.frequency), monetary=list(cuts.monetary)),
        cells=[
            Cell(recency_band=c["recency_band"], frequency_band=c["frequency_band"], **amounts(c))
            for c in picture.cells
        ],
        groups=groups(picture.groups),
        groups_earlier=groups(picture.groups_before),
        flow=[
            Moved(from_group=m["from_group"], to_group=m["to_group"], customers=m["customers"]) for m in picture.flow
        ],
    )


def _list_month(one: Lists, currency: str) -> ListMonth:
    return ListMonth(
        month=one.month,
        due=one.due,
        bought=one.bought,
        within_grace=one.within_grace,
        lapsed=one.lapsed,
        bought_amount=Money(minor=one.bought_minor, currency=currency),
    )


def _bucket_month(one: Bucket, currency: str) -> BucketMonth:
    def poured(place: str) -> Amounts:
        money = Money(minor=getattr(one, f"{place}_minor"), currency=currency)
        return Amounts(customers=getattr(one, place), amount=money)

    return BucketMonth(
        month=one.month,
        inside=one.inside,
        gained=poured("gained"),
        kept=poured("kept"),
        won_back=poured("won_back"),
        lapsed=poured("lapsed"),
    )
