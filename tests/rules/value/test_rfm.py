"""R, F, M and bands: ties stay together, returns subtract, and the tables equal plain Python."""

from datetime import date

import pytest
from hypothesis import given, settings

from regulars.rules import tables
from regulars.rules.value import (
    HOUSE_CUTS,
    Cuts,
    Scope,
    activity,
    banded,
    flow,
    group_sizes,
    grouped,
    heat_map,
    in_scope,
    quantile_cuts,
    rfm,
    rfm_history,
)
from tests.rules.value import by_hand
from tests.rules.value.shop import (
    ANN,
    BOB,
    CLEO,
    WANG_FANG,
    Line,
    bought,
    connection,
    day,
    days_of_shop,
    relation,
    rows,
    shops,
)


def measured(lines: list[Line], at: str) -> list[tuple[object, ...]]:
    return rows(activity(relation(lines), at=day(at)), "customer_id", "recency", "frequency", "monetary")


def test_two_orders_on_one_day_are_two() -> None:
    lines = [Line(ANN, 1, day("3-1"), 100), Line(ANN, 2, day("3-1"), 50), Line(ANN, 2, day("3-1"), 25)]
    assert measured(lines, "3-11") == [(ANN, 10, 2, 175)]


def test_a_return_subtracts_from_the_day_it_happens() -> None:
    lines = [*bought(BOB, "1-5"), Line(BOB, 7, day("2-1"), 100), Line(BOB, 7, day("2-20"), -100)]
    assert measured(lines, "2-19") == [(BOB, 18, 2, 200)]
    assert measured(lines, "2-20") == [(BOB, 46, 1, 100)]


def test_a_return_booked_as_its_own_order_is_no_visit_but_costs_money() -> None:
    assert measured([*bought(BOB, "1-5"), Line(BOB, 9, day("2-1"), -30)], "2-1") == [(BOB, 27, 1, 70)]


def test_who_brought_everything_back_and_who_only_got_a_sample_are_not_there() -> None:
    lines = [Line(BOB, 7, day("2-1"), 100), Line(BOB, 7, day("2-2"), -100), Line(CLEO, 8, day("2-1"), 0)]
    assert measured(lines, "2-3") == []


def test_nobody_at_all_gives_an_empty_table_with_all_columns() -> None:
    table = rfm(relation([]), at=day("3-1"))
    assert (table.columns, table.fetchall()) == (tables.RFM.names(), [])


def test_the_only_customer_has_bands_too() -> None:
    assert rows(rfm(relation(bought(ANN, "3-1")), at=day("3-2")), "recency_band", "frequency_band") == [(5, 1)]


def test_equal_values_are_never_in_different_bands() -> None:
    lines = [line for customer in range(1, 11) for line in bought(customer, "3-1", amount=100)]
    table = rfm(relation(lines), at=day("3-1"))
    assert set(rows(table, "recency_band", "frequency_band", "monetary_band")) == {(5, 1, 1)}


def test_own_bounds_are_last_values_of_their_band() -> None:
    lines = [*bought(ANN, "3-1"), *bought(BOB, "1-31"), *bought(CLEO, "1-30")]
    table = rfm(relation(lines), at=day("3-31"), cuts=HOUSE_CUTS)
    assert rows(table, "customer_id", "recency", "recency_band") == [(ANN, 30, 5), (BOB, 60, 4), (CLEO, 61, 4)]
    edge = rfm(relation(bought(ANN, "3-1")), at=day("4-1"), cuts=HOUSE_CUTS)
    assert rows(edge, "recency", "recency_band") == [(31, 4)]


@pytest.mark.parametrize("points", [(1, 2, 3), (1, 2, 3, 4, 5), (4, 3, 2, 1)])
def test_cut_points_that_make_no_five_bands_are_refused(points: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="four cut points"):
        Cuts(points, HOUSE_CUTS.frequency, HOUSE_CUTS.monetary)


def test_the_scope_leaves_only_what_was_asked_for() -> None:
    coat, tea = 1, 2
    lines = relation(
        [
            Line(ANN, 1, day("3-1"), 500, coat, 7),
            Line(ANN, 1, day("3-1"), 20, tea, 7),
            Line(BOB, 2, day("3-2"), 30, tea, 8),
        ]
    )
    products = connection.sql("SELECT 1 AS product_id, 'clothes' AS department, 'coats' AS category")
    for scope in (Scope(departments=frozenset({"clothes"})), Scope(categories=frozenset({"coats"}))):
        assert rows(activity(in_scope(lines, products, scope), at=day("3-9")), "customer_id, monetary") == [(ANN, 500)]
    assert rows(in_scope(lines, products, Scope(branches=frozenset({8}))), "customer_id") == [(BOB,)]
    assert rows(in_scope(lines, products, Scope(products=frozenset({tea}))), "customer_id") == [(ANN,), (BOB,)]
    assert rows(in_scope(lines, products, Scope(since=day("3-2"))), "customer_id") == [(BOB,)]
    assert len(rows(in_scope(lines, products, Scope()))) == 3


def test_history_shows_each_day_as_it_was_known_then() -> None:
    lines = relation([Line(ANN, 1, day("1-10"), 100), Line(ANN, 1, day("2-10"), -100), *bought(BOB, "1-20")])
    history = rfm_history(lines, days=[day("1-31"), day("2-29")], cuts=HOUSE_CUTS)
    assert history.columns == tables.RFM_HISTORY.names()
    assert rows(history, "as_of", "sum(customers) OVER (PARTITION BY as_of)", "monetary")[:1] == [
        (date(2024, 1, 31), 2, 200)
    ]
    assert rows(history.filter("as_of > DATE '2024-02-01'"), "customers", "monetary") == [(1, 100)]


def test_groups_flow_and_nobody_is_lost_on_the_way() -> None:
    before = rfm(relation([*bought(ANN, "1-1"), *bought(BOB, "1-2")]), at=day("1-31"), cuts=HOUSE_CUTS)
    after_lines = [*bought(ANN, "1-1", "3-1", "3-2"), *bought(WANG_FANG, "3-3"), *bought(BOB, "1-2")]
    returned = Line(BOB, after_lines[-1].order_key, day("2-2"), -100)
    after = rfm(relation([*after_lines, returned]), at=day("3-31"), cuts=HOUSE_CUTS)
    streams = flow(before, after)
    assert streams.columns == tables.FLOW.names()
    assert rows(streams) == [("arrived", "new", 1), ("new", "gone", 1), ("new", "loyal", 1)]
    assert rows(group_sizes(after)) == [("loyal", 1, 300), ("new", 1, 100)]


@settings(max_examples=40, deadline=None)
@given(lines=shops, at=days_of_shop)
def test_rfm_equals_plain_python(lines: list[Line], at: date) -> None:
    expected = by_hand.rfm(lines, at)
    people = activity(relation(lines), at=at)
    assert people.columns == tables.ACTIVITY.names()
    found = people.project("customer_id, recency, frequency, monetary").fetchall()
    assert {row[0]: row[1:] for row in found} == expected
    cuts = quantile_cuts(people)
    measures = list(zip(*expected.values(), strict=True)) or [(), (), ()]
    assert (cuts.recency, cuts.frequency, cuts.monetary) == tuple(by_hand.fifths(values) for values in measures)
    bands = banded(people, cuts).project("customer_id, recency_band, frequency_band, monetary_band").fetchall()
    for customer, *its in bands:
        recency, frequency, monetary = expected[customer]
        assert tuple(its) == cuts.bands(recency=recency, frequency=frequency, monetary=monetary)


@settings(max_examples=20, deadline=None)
@given(lines=shops, at=days_of_shop)
def test_cells_groups_and_flow_add_up_to_everybody(lines: list[Line], at: date) -> None:
    table = connection.from_arrow(rfm(relation(lines), at=at).to_arrow_table())
    people, money = table.aggregate("count(*), coalesce(sum(monetary), 0)").fetchall()[0]
    for summary in (heat_map(table), group_sizes(table)):
        assert summary.aggregate("coalesce(sum(customers), 0), coalesce(sum(monetary), 0)").fetchall() == [
            (people, money)
        ]
    assert grouped(table).filter("group_name IS NULL").fetchall() == []
    assert flow(table, table).filter("from_group <> to_group").fetchall() == []
