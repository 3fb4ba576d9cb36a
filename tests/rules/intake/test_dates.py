"""Five and more ways to write a date; what a value does not say is asked."""

import datetime as dt
from collections.abc import Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.rules.intake.dates import FORMS, find_date_order, form_of, local_and_utc_sql, slashed_forms

DAY = "2026-03-12 00:00:00"
MINUTE = "2026-03-12 09:05:00"

ENGINE = duckdb.connect()


def read(values: Sequence[str], order: str = "dmy") -> list[str | None]:
    local, utc = local_and_utc_sql("value", order, 27)
    query = f"SELECT CAST(coalesce({local}, {utc}) AS VARCHAR) FROM (SELECT unnest(?) AS value)"
    return [row[0] for row in ENGINE.execute(query, [list(values)]).fetchall()]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-12", DAY),
        ("2026/3/12", DAY),
        ("2026.3.12", DAY),
        ("12.03.2026", DAY),
        ("12.3.26", DAY),
        ("20260312", DAY),
        ("2026年3月12日", DAY),
        ("12. März 2026", DAY),
        ("Mar 12, 2026", DAY),
        ("12-Mar-2026", DAY),
        ("12-Mar-26", DAY),
        ("46093", DAY),
        ("2026-03-12T09:05", MINUTE),
        ("2026/3/12 9:05:00", MINUTE),
        ("12.03.2026 9:05", MINUTE),
        ("202603120905", MINUTE),
        ("20260312090500", MINUTE),
        ("20260312 09:05", MINUTE),
        ("2026年03月12日 9时05分", MINUTE),
        ("12/3/2026 9:05 AM", MINUTE),
        ("2026/3/12 9:05 am", MINUTE),
        ("2026-03-12T17:05:00+08:00", MINUTE),
        ("2026-03-12 09:05:00Z", MINUTE),
        ("2026-03-12 04:05:00 -0500", MINUTE),
        ("1773306300", MINUTE),
        ("1773306300000", MINUTE),
    ],
)
def test_ways_to_write_a_moment(written: str, meant: str) -> None:
    assert read([written]) == [meant]


@pytest.mark.parametrize(
    "written", ["2026-02-30", "31.04.2026", "soon", "", "99999", "2026-13-01", "25:00", "infinity", "12/3"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert read([written]) == [None]


def test_five_forms_in_one_column() -> None:
    assert read(["2026-03-12", "12.03.2026", "2026年3月12日", "20260312", "46093"]) == [DAY] * 5


def test_day_and_month_follow_the_settled_order() -> None:
    assert read(["03/12/2026", "3/12/26"], "mdy") == [DAY, DAY]
    assert read(["12/03/2026", "12-3-26"], "dmy") == [DAY, DAY]
    assert read(["26/3/12", "26-03-12"], "ymd") == [DAY, DAY]
    assert read(["26/3/2", "26/3/2"], "ymd") == ["2026-03-02 00:00:00"] * 2


def test_a_two_digit_year_lies_in_the_last_hundred_years() -> None:
    assert read(["12.03.65", "12.03.27", "12.03.28"]) == [
        "1965-03-12 00:00:00",
        "2027-03-12 00:00:00",
        "1928-03-12 00:00:00",
    ]


def test_a_doubtful_column_is_asked_about_with_an_example() -> None:
    found = find_date_order(["03/12/2026", "04/05/2026"], "mdy")
    assert (found.order, found.sure, found.unclear) == ("mdy", False, "03/12/2026")


def test_a_single_value_settles_the_column() -> None:
    assert find_date_order(["03/12/2026", "13/05/2026"]).order == "dmy"
    assert find_date_order(["03/12/2026", "05/13/2026"]).order == "mdy"


def test_short_years_in_front_are_never_taken_for_days() -> None:
    """26/3/12 is in March of 2026 as well as of 2012: what varies more is the day."""
    found = find_date_order(["26/3/12", "26/4/01", "25/12/31"])
    assert (found.order, found.sure, found.unclear) == ("ymd", False, "26/3/12")
    assert find_date_order(["26/3/12", "26/4/1"]) == find_date_order(["26/4/1", "26/3/12"])
    assert (find_date_order(["26/3/2"]).order, find_date_order(["26/3/2"]).sure) == ("ymd", True)
    days_of_2026 = find_date_order(["12/03/26", "25/04/26", "31/12/25"])
    assert (days_of_2026.order, days_of_2026.sure) == ("dmy", True)


def test_values_that_contradict_each_other_settle_nothing() -> None:
    found = find_date_order(["13/05/2026", "05/13/2026"])
    assert (found.sure, found.contradictory) == (False, True)


DAYS = st.integers(31_536_000, 3_155_000_000).map(lambda s: dt.datetime.fromtimestamp(s, dt.UTC).replace(tzinfo=None))
WRITTEN = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%Y年%m月%d日 %H:%M:%S",
    "%d %b %Y %H:%M:%S",
)


@settings(max_examples=10, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=20))
def test_every_form_reads_back_what_it_wrote(moments: list[dt.datetime]) -> None:
    for written in WRITTEN:
        assert read([moment.strftime(written) for moment in moments]) == [str(moment) for moment in moments]
    for order, written in (("dmy", "%d/%m/%Y %H:%M:%S"), ("mdy", "%m/%d/%Y %H:%M:%S")):
        assert read([moment.strftime(written) for moment in moments], order) == [str(moment) for moment in moments]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.sampled_from("0123456789-/.: TZ年月日+AMPmar"), max_size=22), min_size=1, max_size=30))
def test_python_and_the_engine_see_the_same_forms_and_nothing_crashes(values: list[str]) -> None:
    kept = [value for value in values if value == value.strip()]
    known = [form.code for form in (*FORMS, *slashed_forms("dmy"))]
    for value, meant in zip(kept, read(kept), strict=True):
        assert meant is None or form_of(value) in known
