"""The people behind a figure of the three lists, the bucket or a segment; for a door to read by name."""

from collections.abc import Callable
from datetime import date

from duckdb import DuckDBPyRelation as Relation

from regulars.connections.warehouse import Warehouse
from regulars.journeys.refresh_scores import month_end
from regulars.journeys.segment_tables import profile_day
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.segments.access import members_of
from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.members import Members
from regulars.rules.value.leaky_bucket import PLACES, bucket_people
from regulars.rules.value.purchases import purchase_days
from regulars.rules.value.three_lists import OUTCOMES, three_lists

DUE = "due"
LISTS = (DUE, *OUTCOMES)


def people_on_list(which: str, month: date) -> Members:
    """Who was due in a month (`due`), or what came of it: `bought`, `within_grace`, `lapsed`; ids only."""
    if which not in LISTS:
        raise BadInput("list_unknown", {"list": which[:40]})

    def listed(warehouse: Warehouse, at: date) -> Relation:
        start = month.replace(day=1)
        return three_lists(warehouse.order_lines(until=at), start=start, end=month_end(start), at=at)

    return _kept("due_list", month, listed, "" if which == DUE else f"outcome = '{which}'")


def people_in_bucket(place: str, month: date) -> Members:
    """Who was gained, won back, kept or lapsed in a month; ids only."""
    if place not in PLACES:
        raise BadInput("bucket_place_unknown", {"place": place[:40]})

    def poured(warehouse: Warehouse, at: date) -> Relation:
        return bucket_people(purchase_days(warehouse.order_lines(until=at), at=at), month=month, at=at)

    return _kept("bucket", month, poured, f"place = '{place}'")


def people_in_segment(key: str) -> Members:
    """Who was in the segment when it was last counted; ids only."""
    return members_of([key]).get(key, Members())


def _kept(family: str, month: date, work_out: Callable[[Warehouse, date], Relation], condition: str) -> Members:
    """Worked out once after each refresh and kept; nobody before the first."""
    with open_warehouse() as warehouse:
        day = profile_day(warehouse)
        if day is None:
            return Members()
        mark = warehouse.kept_mark("profile") or ""
        kept = warehouse.asked_before(family, f"{month:%Y_%m}", lambda: work_out(warehouse, day), mark=mark)
        chosen = kept.filter(condition) if condition else kept
        return Members(chosen.project("customer_id").distinct().fetchnumpy()["customer_id"])
