"""Scores are refreshed: warehouse filled, everybody banded, rhythm read, lists and bucket drawn, segments counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
from duckdb import DuckDBPyRelation as Relation

from regulars.connections.warehouse import Warehouse
from regulars.journeys.count_segments import count_all_segments
from regulars.journeys.fill_warehouse import fill_warehouse
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.scores import actions as scores
from regulars.rules.segments.profile import build_profile, scores_of
from regulars.rules.segments.standing import standing
from regulars.rules.value.bands import Cuts, quantile_cuts
from regulars.rules.value.groups import group_sizes
from regulars.rules.value.leaky_bucket import leaky_bucket
from regulars.rules.value.purchases import purchase_days
from regulars.rules.value.rfm import activity, banded
from regulars.rules.value.rhythm import rhythm
from regulars.rules.value.three_lists import three_lists

Say = Callable[[str, int, int], None]
LISTED_MONTHS = 3
#: What pages worked out for themselves; nobody may still be reading an answer so old.
KEPT_AT_MOST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What one refresh did: order lines written to the warehouse, customers scored, segments counted and set aside."""

    as_of: date
    lines_written: int
    customers: int
    segments: int
    set_aside: tuple[str, ...]


def refresh_scores(*, at: datetime, as_of: date, say: Say = lambda step, done, of: None) -> RefreshReport:
    """Every score, list and segment is right for the end of `as_of` when this returns.

    Killed half-way it has changed nothing that pages read: the figures land together in one transaction at the end.
    """
    run = scores.begin_refresh(as_of=as_of, at=at)
    with open_warehouse() as warehouse:
        written = fill_warehouse(warehouse, say=say)
        scores.note_step(run, "figures", lines=written)
        figures = _figures(warehouse, as_of, f"{as_of.isoformat()} {run}", say)
        scores.put_figures(figures, run=run)
        counted = count_all_segments(warehouse, at=at, as_of=as_of, say=say)
        warehouse.forget_kept(KEPT_AT_MOST)
    scores.finish_refresh(run, customers=figures.standing.num_rows, at=at)
    return RefreshReport(as_of, written, figures.standing.num_rows, counted.segments, counted.set_aside)


def _figures(warehouse: Warehouse, as_of: date, mark: str, say: Say) -> scores.Figures:
    """All tables of one refresh, from the warehouse alone; `mark` tells this refresh from any other of the same day."""
    lines = warehouse.order_lines(until=as_of)
    say("rfm", 0, 4)
    days = warehouse.hold(purchase_days(lines, at=as_of))
    people = warehouse.hold(activity(lines, at=as_of))
    bands = banded(people, quantile_cuts(people))
    say("rhythm", 1, 4)
    rhythms = warehouse.hold(rhythm(days, at=as_of))
    profile = build_profile(warehouse.customers(), lines, scores_of(bands, rhythms), at=as_of)
    stands = standing(warehouse.keep("profile", profile, mark=mark), rhythms)
    say("bucket", 2, 4)
    bucket = leaky_bucket(days, at=as_of).to_arrow_table()
    say("lists", 3, 4)
    return scores.Figures(
        as_of, stands.to_arrow_table(), _history(warehouse, people, lines, as_of), bucket, _lists(lines, as_of)
    )


def _history(warehouse: Warehouse, people: Relation, lines: Relation, as_of: date) -> pa.Table:
    """Groups at each month's end, with today's cut points, so that months compare."""
    cuts = quantile_cuts(people)
    tables = [_sizes(activity(lines, at=day), cuts, day) for day in month_ends(_first_day(lines), as_of)]
    return (
        pa.concat_tables(tables)
        if tables
        else pa.table({"month": [], "group_name": [], "customers": [], "monetary": []})
    )


def _sizes(people: Relation, cuts: Cuts, day: date) -> pa.Table:
    sizes = group_sizes(banded(people, cuts)).to_arrow_table()
    return sizes.append_column("month", pa.array([day.replace(day=1)] * sizes.num_rows, pa.date32()))


def _lists(lines: Relation, as_of: date) -> list[scores.ListCounts]:
    """The three lists of this month and those before it, as counts; only months with a history behind them."""
    first, wanted = _first_day(lines), as_of.replace(day=1)
    found = []
    for _ in range(LISTED_MONTHS):
        if first is None or wanted <= first:
            break
        found.append(_counts(lines, wanted, as_of))
        wanted = (wanted - timedelta(days=1)).replace(day=1)
    return found


def _counts(lines: Relation, start: date, as_of: date) -> scores.ListCounts:
    end = month_end(start)
    counted = (
        three_lists(lines, start=start, end=end, at=as_of).aggregate("outcome, count(*), sum(amount_minor)").fetchall()
    )
    by_outcome = {outcome: (int(people), int(money or 0)) for outcome, people, money in counted}
    bought, grace, lapsed = (by_outcome.get(name, (0, 0)) for name in ("bought", "within_grace", "lapsed"))
    return scores.ListCounts(start, bought[0] + grace[0] + lapsed[0], bought[0], grace[0], lapsed[0], bought[1])


def _first_day(lines: Relation) -> date | None:
    row = lines.aggregate("min(ordered_on)").fetchone()
    return row[0] if row else None


def month_end(day: date) -> date:
    """The last day of the month.

    >>> month_end(date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_ends(first: date | None, last: date) -> list[date]:
    """The last day of each month from `first` to `last`; of the running month, `last` itself."""
    ends: list[date] = []
    day = first
    while day is not None and day.replace(day=1) <= last:
        ends.append(min(month_end(day), last))
        day = month_end(day) + timedelta(days=1)
    return ends
