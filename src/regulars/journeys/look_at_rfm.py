"""Recency, frequency, money for everybody or for a part of the shop, now and against an earlier day."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from duckdb import DuckDBPyRelation as Relation

from regulars.connections.warehouse import Warehouse
from regulars.journeys.segment_tables import profile_day
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.access_log.actions import note_access
from regulars.rules.permission.asking import Asker
from regulars.rules.segments.members import Members
from regulars.rules.value.bands import Cuts, quantile_cuts
from regulars.rules.value.groups import flow, group_sizes
from regulars.rules.value.purchases import Scope, in_scope
from regulars.rules.value.rfm import activity, banded, heat_map

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RfmPicture:
    """The heat map (rows of `tables.HEAT_MAP`), group sizes now and earlier, and who went where (rows of
    `tables.FLOW`)."""

    as_of: date
    earlier: date
    cuts: Cuts
    own_cuts: bool
    customers: int
    cells: Rows
    groups: Rows
    groups_before: Rows
    flow: Rows


@dataclass(frozen=True, slots=True)
class Choices:
    """What the picture can be narrowed to."""

    departments: tuple[str, ...]
    branches: tuple[tuple[int, str], ...]


def look_at_rfm(
    *, scope: Scope, cuts: Cuts | None, back: timedelta, by: Asker, as_of: date | None = None
) -> RfmPicture | None:
    """The picture of the scope at the end of the last refresh's day (or `as_of`), and so long before; None without
    any figures.

    Without own cut points the bands are fifths of the customers in the scope; the earlier day is cut at the same
    points.
    """
    with open_warehouse() as warehouse:
        day = as_of or profile_day(warehouse)
        if day is None:
            return None
        picture = _picture(warehouse, scope, cuts, day, day - back)
    note_access(by, door="look_at_rfm", because="counts by recency and frequency", rows=0)
    return picture


def people_in_cell(*, scope: Scope, cuts: Cuts | None, r: int, f: int, as_of: date | None = None) -> Members:
    """The ids behind one cell of that picture, for a door to read through the asker's view."""
    with open_warehouse() as warehouse:
        day = as_of or profile_day(warehouse)
        if day is None:
            return Members()
        bands = _banded(warehouse, scope, cuts, day)[0]
        found = (
            bands.filter(f"recency_band = {int(r)} AND frequency_band = {int(f)}").project("customer_id").fetchnumpy()
        )
    return Members(found["customer_id"])


def what_there_is() -> Choices:
    """Departments and branches by name, for the page's selects."""
    with open_warehouse() as warehouse:
        departments = (
            warehouse.products().filter("department <> ''").project("department").distinct().order("1").fetchall()
        )
        branches = warehouse.branches().project("branch_id, name").order("name").fetchall()
    return Choices(tuple(one for (one,) in departments), tuple((number, name) for number, name in branches))


def _picture(warehouse: Warehouse, scope: Scope, cuts: Cuts | None, day: date, earlier: date) -> RfmPicture:
    now, points = _banded(warehouse, scope, cuts, day)
    before, _ = _banded(warehouse, scope, points, earlier)
    return RfmPicture(
        day,
        earlier,
        points,
        cuts is not None,
        int(now.aggregate("count(*)").fetchall()[0][0]),
        _rows(heat_map(now)),
        _rows(group_sizes(now)),
        _rows(group_sizes(before)),
        _rows(flow(before, now)),
    )


def _banded(warehouse: Warehouse, scope: Scope, cuts: Cuts | None, day: date) -> tuple[Relation, Cuts]:
    """Everybody of the scope with bands; kept on disk under what was asked, until the next refresh or until others
    have asked for much else."""

    def worked_out() -> Relation:
        lines = in_scope(warehouse.order_lines(until=day), warehouse.products(), scope)
        return activity(lines, at=day)

    mark = warehouse.kept_mark("profile") or ""
    people = warehouse.asked_before("activity", _asked(scope, day), worked_out, mark=mark)
    points = cuts or quantile_cuts(people)
    return banded(people, points), points


def _asked(scope: Scope, day: date) -> str:
    asked = repr(
        (
            sorted(scope.departments),
            sorted(scope.categories),
            sorted(scope.products),
            sorted(scope.branches),
            scope.since,
            scope.until,
            day,
        )
    )
    return hashlib.sha256(asked.encode()).hexdigest()[:24]


def _rows(table: Relation) -> Rows:
    names: Sequence[str] = table.columns
    found: Iterable[tuple[Any, ...]] = table.fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]
