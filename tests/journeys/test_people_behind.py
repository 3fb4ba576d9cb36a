"""Behind every figure of the bucket and the lists stand exactly so many people."""

from datetime import date, timedelta

import pytest

from regulars.journeys.people_behind import people_in_bucket, people_in_segment, people_on_list
from regulars.records.scores.access import bucket_months, list_months
from regulars.rules.permission.errors import BadInput
from regulars.rules.value.leaky_bucket import PLACES
from tests.cast import EMIL, ann, bob, customer
from tests.shop import everybody_segment, open_shop, refreshed, sell

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)


def a_year_of_sales() -> None:
    open_shop(TODAY)
    for n, who in enumerate([ann(), bob(), *(customer(f"Guest Number{n}") for n in range(8))]):
        for visit in range(1 + n):
            sell(who, TODAY - timedelta(days=3 + (17 + 11 * n) * visit), 1_000 * (n + 1))
    everybody_segment()
    refreshed(TODAY)


def test_counts_and_people_agree_month_by_month() -> None:
    a_year_of_sales()
    for month in bucket_months(by=EMIL):
        found = {place: len(people_in_bucket(place, month.month)) for place in PLACES}
        assert found == {place: getattr(month, place) for place in PLACES}, month.month


def test_the_three_lists_divide_those_who_were_due() -> None:
    a_year_of_sales()
    for lists in list_months(by=EMIL):
        found = {which: people_on_list(which, lists.month) for which in ("due", "bought", "within_grace", "lapsed")}
        assert {which: len(people) for which, people in found.items()} == {
            which: getattr(lists, which) for which in found
        }
        assert found["due"] == found["bought"] | found["within_grace"] | found["lapsed"]


def test_a_refresh_makes_what_was_kept_old() -> None:
    a_year_of_sales()
    month = date(2026, 3, 1)
    before = len(people_in_bucket("gained", month))
    sell(customer("Late Comer"), TODAY, 5_000)
    refreshed(TODAY)
    assert len(people_in_bucket("gained", month)) == before + 1


def test_before_the_first_figures_there_is_nobody() -> None:
    open_shop(TODAY)
    assert (
        len(people_on_list("due", TODAY)) == len(people_in_bucket("gained", TODAY)) == len(people_in_segment("x")) == 0
    )


@pytest.mark.parametrize("wrong", ["", "nobody", "'; DROP TABLE customer --"])
def test_only_lists_and_places_that_there_are(wrong: str) -> None:
    with pytest.raises(BadInput):
        people_on_list(wrong, TODAY)
    with pytest.raises(BadInput):
        people_in_bucket(wrong, TODAY)
