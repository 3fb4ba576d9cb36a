"""Segments on the real warehouse, whose DuckDB is closed to the outside: what works on an open connection must work
here."""

from datetime import date, timedelta

import pytest

from regulars.journeys.explore_segment import alter_segment, explore, keep_segment, overlap_of, people_of
from regulars.journeys.refresh_scores import refresh_scores
from regulars.records.segments.access import segment
from regulars.records.segments.models import Segment
from regulars.rules.permission.errors import BadInput
from tests.cast import MIA, NOON, ann, bob, cleo
from tests.shop import open_shop, refreshed, sell

pytestmark = pytest.mark.usefixtures("house")
TODAY = date(2026, 3, 12)
OFTEN = {"all": [{"field": "orders", "operator": "at_least", "value": 2, "days": 45}]}
ANSWERED = {"all": [{"field": "answered", "operator": "at_all", "days": 365}]}


def shop() -> None:
    open_shop(TODAY)
    for who, days in ((ann(), (1, 20)), (bob(), (1, 20)), (cleo(), (1,))):
        for day in days:
            sell(who, date(2026, 2, day), 5_000)
    refreshed(TODAY)


def test_a_rule_over_order_lines_counts_and_shows_only_whom_the_marketer_may_see() -> None:
    shop()
    found = explore(OFTEN, by=MIA, language="en")
    assert (found.everyone, found.count) == (3, 2)
    assert [one.name for one in found.sample] == ["Ann Archer"]
    assert found.visible == 1


def test_who_answered_can_be_asked_before_anybody_did() -> None:
    shop()
    assert explore(ANSWERED, by=MIA, language="zh-hans").count == 0


def test_a_kept_segment_knows_its_people_and_its_overlaps() -> None:
    shop()
    keep_segment("often", "Often", "常来", OFTEN, by=MIA, at=NOON)
    keep_segment(
        "all", "All", "所有", {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}, by=MIA, at=NOON
    )
    total, people = people_of("often", by=MIA)
    assert (total, [one.name for one in people]) == (1, ["Ann Archer"])
    assert overlap_of(["often", "all"], by=MIA).pairs == ((2, 2), (2, 3))


def test_a_rule_nobody_can_read_says_where() -> None:
    shop()
    with pytest.raises(BadInput, match="field_unknown"):
        explore({"all": [{"field": "shoe_size", "operator": "at_least", "value": 2}]}, by=MIA, language="en")


def test_a_segment_whose_field_went_away_is_set_aside_and_the_rest_refreshed() -> None:
    shop()
    keep_segment("often", "Often", "常来", OFTEN, by=MIA, at=NOON)
    keep_segment("sizes", "Large feet", "大脚", OFTEN, by=MIA, at=NOON)
    gone = {"all": [{"field": "shoe_size", "operator": "at_least", "value": 42}]}
    Segment.objects.filter(key="sizes").update(rule=gone)
    later = NOON + timedelta(days=1)
    report = refresh_scores(at=later, as_of=TODAY)
    assert (report.segments, report.set_aside) == (1, ("sizes",))
    assert (segment("often").counted_at, segment("often").count) == (later, 2)
    assert segment("sizes").counted_at is None
    assert people_of("sizes", by=MIA) == (0, [])
    alter_segment("sizes", OFTEN, by=MIA, at=later)
    assert (segment("sizes").counted_at, refresh_scores(at=later, as_of=TODAY).set_aside) == (later, ())
