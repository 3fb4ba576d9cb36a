"""The reading door of scores: the company's figures, and lists of people behind them through the asker's own view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.expressions import RawSQL

from regulars.connections.postgres.asking import WRITER, Asking, door, first, question
from regulars.records.access_log.actions import note_access
from regulars.records.customers.within_reach import Named, named
from regulars.records.scores.models import BucketMonth, ListMonth, RfmMonth, Score
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.need_to_know import wider


@dataclass(frozen=True, slots=True)
class Bucket:
    """One month of the leaky bucket, people and minor units."""

    month: date
    gained: int
    kept: int
    won_back: int
    lapsed: int
    inside: int
    gained_minor: int
    kept_minor: int
    won_back_minor: int
    lapsed_minor: int


@dataclass(frozen=True, slots=True)
class Lists:
    """The three lists of one month as counts."""

    month: date
    due: int
    bought: int
    within_grace: int
    lapsed: int
    bought_minor: int


@dataclass(frozen=True, slots=True)
class GroupMonth:
    """One RFM group at one month's end."""

    month: date
    rfm_group: str
    customers: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the heat map, as far as the asker's view shows people. `customers` counts everybody in the cell."""

    r: int
    f: int
    customers: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One customer in a list of scored people; `own` holds what lists of own attributes were asked for, by key."""

    customer_id: int
    number: str
    name: str
    city: str
    invented: bool
    recency_days: int
    frequency: int
    monetary_minor: int
    rfm_group: str
    state: str
    due_on: date
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefreshFacts:
    """The last finished refresh."""

    as_of: date
    finished_at: datetime | None
    order_lines: int
    customers: int


@door
def last_refresh() -> Asking[RefreshFacts | None]:
    """When the figures were computed; None before the first time."""
    row = first((yield from question(WRITER, _LAST_REFRESH)))
    return RefreshFacts(*row) if row else None


def bucket_months(*, by: Asker) -> list[Bucket]:
    """The leaky bucket, oldest month first. Totals only; no person is read."""
    return [
        Bucket(*row)
        for row in BucketMonth.objects.using(by.view).order_by("month").values_list(*Bucket.__dataclass_fields__)
    ]


def list_months(*, by: Asker) -> list[Lists]:
    """The three lists as counts, newest month first."""
    return [
        Lists(*row)
        for row in ListMonth.objects.using(by.view).order_by("-month").values_list(*Lists.__dataclass_fields__)
    ]


def group_months(*, by: Asker) -> list[GroupMonth]:
    """Groups month by month, oldest first."""
    rows = RfmMonth.objects.using(by.view).order_by("month", "rfm_group").values_list(*GroupMonth.__dataclass_fields__)
    return [GroupMonth(*row) for row in rows]


def heat_cells(*, by: Asker) -> list[Cell]:
    """Recency × frequency with customers and money, through the asker's view."""
    rows = (
        Score.objects.using(by.view).values_list("r", "f").annotate(n=Count("customer_id"), money=Sum("monetary_minor"))
    )
    return [Cell(r, f, n, int(money or 0)) for r, f, n, money in rows]


def people_where(
    *, by: Asker, because: str, r: int | None = None, f: int | None = None, group: str = "", state: str = "",
    lapsed_since: date | None = None, ids: Iterable[int] | None = None, without: Iterable[int] = (),
    limit: int = 100, offset: int = 0,
) -> tuple[int, list[ScoredLine]]:  # fmt: skip
    """How many scored people match and one page of them by money, through the asker's view; the page is logged.

    `ids` are those to choose from (None: everybody), `without` those to leave out; `lapsed_since` wants a grace that
    ended on that day or later.
    """
    found = _matching(by.view, ids, without, r=r, f=f, rfm_group=group, state=state, grace_until__gte=lapsed_since)
    rows = list(found.order_by("-monetary_minor", "customer_id").values_list(*_LINE)[offset : offset + limit])
    people = named([row[0] for row in rows], by=by)
    lines = [_scored(row[0], people[row[0]], row[1:]) for row in rows if row[0] in people]
    note_access(by, door="people_where", because=because, rows=len(lines))
    return found.count(), lines


def count_people(
    *, by: Asker, group: str = "", state: str = "", lapsed_since: date | None = None,
    ids: Iterable[int] | None = None, without: Iterable[int] = (),
) -> int:  # fmt: skip
    """How many such scored people the asker's view shows. A count only."""
    return _matching(wider(by.view), ids, without, rfm_group=group, state=state, grace_until__gte=lapsed_since).count()


def count_everybody(*, group: str = "", state: str = "") -> int:
    """How many scored people there are of that group and state, whether or not a view shows them. A count only."""
    return _matching("default", None, (), rfm_group=group, state=state).count()


def _matching(
    alias: str, ids: Iterable[int] | None, without: Iterable[int], **wanted: object
) -> "QuerySet[Score, Score]":
    asked = {name: value for name, value in wanted.items() if value not in (None, "")}
    found = Score.objects.using(alias).filter(**asked)
    found = found if ids is None else found.filter(customer_id__in=_listed(ids))
    left_out = list(without)
    return found.exclude(customer_id__in=_listed(left_out)) if left_out else found


def _listed(ids: Iterable[int]) -> RawSQL:
    # One parameter however many they are: a list of a million placeholders would be read for longer than it is asked.
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def _scored(customer_id: int, who: Named, figures: tuple[Any, ...]) -> ScoredLine:
    return ScoredLine(customer_id, who.number, who.name, who.city, who.invented, *figures)


_LINE = ("customer_id", "recency_days", "frequency", "monetary_minor", "rfm_group", "state", "due_on")
_LAST_REFRESH = """
SELECT as_of, finished_at, order_lines, customers FROM refresh WHERE state = 'finished' ORDER BY id DESC LIMIT 1
"""
