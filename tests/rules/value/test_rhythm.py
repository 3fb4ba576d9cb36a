"""Rhythm, the three lists and the bucket: equal to plain Python, blind to the future, and nobody leaks unseen."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from regulars.rules import tables
from regulars.rules.value import PATIENCE, bucket_people, leaky_bucket, promises, purchase_days, rhythm, three_lists
from tests.rules.value import by_hand
from tests.rules.value.shop import ANN, BOB, CLEO, Line, bought, day, days_of_shop, relation, rows, shops

WEEKLY = [f"{month}-{number}" for month in (1, 2) for number in (1, 8, 15, 22)]


def test_ann_who_comes_weekly_has_nearly_a_week() -> None:
    [(days, due, grace)] = rows(
        rhythm(purchase_days(relation(bought(ANN, *WEEKLY)), at=day("2-22")), at=day("2-22")),
        "rhythm_days",
        "due_on",
        "grace_until",
    )
    # seven gaps, most of 7 days, against two of 30: e^((2 ln 30 + 7 ln 7) / 9)
    assert (days, due) == (pytest.approx(9.673), day("3-3"))
    assert grace == day("2-22") + timedelta(days=PATIENCE.least_silence)


def test_one_long_holiday_does_not_move_the_rhythm() -> None:
    visits = [f"1-{number}" for number in range(1, 29, 3)]
    steady = rhythm(purchase_days(relation(bought(ANN, *visits)), at=day("7-1")), at=day("7-1"))
    away = rhythm(purchase_days(relation(bought(ANN, *visits, "6-30")), at=day("7-1")), at=day("7-1"))
    [(before, count)], [(after, _)] = rows(steady, "rhythm_days", "purchases"), rows(away, "rhythm_days", "purchases")
    assert count == 10
    assert abs(float(str(after)) - float(str(before))) < 0.6


def test_bob_who_bought_once_has_the_rhythm_of_the_others() -> None:
    others = [line for number in range(10, 21) for line in bought(number, "23-11-20", "23-12-30")]
    [(days,)] = rows(
        rhythm(purchase_days(relation([*others, *bought(BOB, "7-5")]), at=day("7-5")), at=day("7-5")).filter(
            f"customer_id = {BOB}"
        ),
        "rhythm_days",
    )
    assert days == 40


def test_waits_too_young_to_have_had_their_chance_do_not_count() -> None:
    quick = [line for number in range(10, 21) for line in bought(number, "1-1", "1-3")]
    [(days,)] = rows(
        rhythm(purchase_days(relation([*quick, *bought(BOB, "2-5")]), at=day("2-5")), at=day("2-5")).filter(
            f"customer_id = {BOB}"
        ),
        "rhythm_days",
    )
    assert days == PATIENCE.first_rhythm


def test_grace_ends_with_its_last_day() -> None:
    days = purchase_days(relation(bought(ANN, "1-1")), at=day("3-31"))
    states = [rows(rhythm(days, at=day(at)), "state", "grace_until") for at in ("3-30", "3-31")]
    assert states == [[("inside", day("3-31"))], [("lapsed", day("3-31"))]]


def test_nobody_has_no_rhythm_no_list_and_no_bucket() -> None:
    nothing = relation([])
    days = purchase_days(nothing, at=day("3-1"))
    for table, declared in (
        (days, tables.PURCHASE_DAYS),
        (promises(days), tables.PROMISES),
        (rhythm(days, at=day("3-1")), tables.RHYTHM),
        (three_lists(nothing, start=day("3-1"), end=day("3-31"), at=day("4-1")), tables.DUE_LIST),
        (leaky_bucket(days, at=day("3-1")), tables.BUCKET),
    ):
        assert (table.columns, table.fetchall()) == (declared.names(), [])


def listed(lines: list[Line], at: str) -> list[tuple[object, ...]]:
    lists = three_lists(relation(lines), start=day("4-1"), end=day("4-30"), at=day(at))
    return rows(lists, "customer_id", "outcome", "amount_minor")


def test_due_bought_and_not() -> None:
    lines = [
        *bought(ANN, "3-10", "4-12", "4-20"),  # due 9 April, came twice
        *bought(BOB, "1-15"),  # overdue from February, grace until 14 April
        *bought(CLEO, "3-20"),  # due 19 April, grace until June
        *bought(8, "3-31", "4-30"),  # due on the last day, came on it
        *bought(9, "4-1"),  # not known on the eve
    ]
    assert listed(lines, "4-13") == [
        (ANN, "bought", 100),
        (BOB, "within_grace", 0),
        (CLEO, "within_grace", 0),
        (8, "within_grace", 0),
    ]
    assert listed(lines, "5-31") == [
        (ANN, "bought", 200),
        (BOB, "lapsed", 0),
        (CLEO, "within_grace", 0),
        (8, "bought", 100),
    ]


def test_who_had_lapsed_before_the_period_is_not_due_in_it() -> None:
    assert listed(bought(BOB, "1-1"), "4-30") == []


@settings(max_examples=25, deadline=None)
@given(lines=shops, at=days_of_shop)
def test_promises_equal_plain_python(lines: list[Line], at: date) -> None:
    days = by_hand.purchase_days(lines, at)
    expected = by_hand.promises(days)
    made = promises(purchase_days(relation(lines), at=at))
    assert made.columns == tables.PROMISES.names()
    found = made.project("customer_id, bought_on, rhythm_days, due_on, grace_until, usual_minor").fetchall()
    assert {(row[0], row[1]) for row in found} == set(expected)
    for customer, bought_on, rhythm_days, due_on, grace_until, usual in found:
        promise = expected[customer, bought_on]
        assert (rhythm_days, due_on, grace_until) == (promise.rhythm, promise.due_on, promise.grace_until)
        assert usual == pytest.approx(promise.usual)


@settings(max_examples=25, deadline=None)
@given(lines=shops, start=days_of_shop)
def test_the_due_list_could_have_been_printed_on_the_eve(lines: list[Line], start: date) -> None:
    end, eve = start + timedelta(days=29), start - timedelta(days=1)
    known = [line for line in lines if line.ordered_on <= eve]
    columns = ("customer_id", "due_on", "grace_until", "expected_minor")
    later = three_lists(relation(lines), start=start, end=end, at=end)
    printed = three_lists(relation(known), start=start, end=end, at=eve)
    assert rows(later, *columns) == rows(printed, *columns)
    assert "bought" not in {outcome for (outcome,) in rows(printed, "outcome")}


@settings(max_examples=25, deadline=None)
@given(lines=shops, at=days_of_shop)
def test_the_bucket_reconciles_and_equals_plain_python(lines: list[Line], at: date) -> None:
    days = by_hand.purchase_days(lines, at)
    made = by_hand.promises(days)
    bucket = leaky_bucket(purchase_days(relation(lines), at=at), at=at)
    assert bucket.columns == tables.BUCKET.names()
    water = 0
    for row in (dict(zip(bucket.columns, values, strict=True)) for values in bucket.fetchall()):
        assert row["inside_start"] == water
        water += row["gained"] + row["won_back"] - row["lapsed"]
        assert row["inside_end"] == water
        assert row == {**row, **_month_by_hand(days, made, row["month"], at)}


@settings(max_examples=15, deadline=None)
@given(lines=shops, at=days_of_shop)
def test_the_people_behind_a_month_are_as_many_as_it_says(lines: list[Line], at: date) -> None:
    days = purchase_days(relation(lines), at=at)
    bucket = leaky_bucket(days, at=at).project("month, gained, won_back, kept, lapsed, lapsed_minor").fetchall()
    for month, *counts, expected in bucket[-3:]:
        people = rows(bucket_people(days, month=month, at=at), "place", "amount_minor")
        found = Counter(place for place, _ in people)
        assert [found[place] for place in ("gained", "won_back", "kept", "lapsed")] == counts
        assert sum(int(str(money)) for place, money in people if place == "lapsed") == expected


def _month_by_hand(
    days: dict[int, dict[date, int]], made: dict[tuple[int, date], by_hand.Promise], month: date, at: date
) -> dict[str, object]:
    full_end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    end = min(full_end, at)
    before, after = by_hand.inside(days, made, month - timedelta(days=1)), by_hand.inside(days, made, end)
    spent = {c: sum(money for d, money in its.items() if month <= d <= end) for c, its in days.items()}
    came = {customer for customer, money in spent.items() if money}
    new = {customer for customer in came if month <= min(days[customer])}
    back = came - new - before
    gone = (before | new | back) - after
    missed = 0
    for customer in gone:
        promise = made[customer, max(d for d in days[customer] if d <= end)]
        missed += round(promise.usual * full_end.day / promise.rhythm)
    groups = {"gained": new, "won_back": back, "kept": came & before & after, "lapsed": gone}
    sizes = Counter({name: len(who) for name, who in groups.items()})
    sizes["quiet"] = len((before & after) - came)
    assert len(after) == len(before) + sizes["gained"] + sizes["won_back"] - sizes["lapsed"]
    money = {f"{name}_minor": sum(spent[c] for c in groups[name]) for name in ("gained", "won_back", "kept")}
    return {
        **sizes,
        **money,
        "running": full_end > at,
        "inside_end": len(after),
        "lapsed_minor": pytest.approx(missed, abs=len(gone)),
    }


def test_the_lapse_list_of_a_month_is_what_leaks_in_it() -> None:
    lines = [
        line
        for number in range(1, 60)
        for line in bought(number, *(f"{month}-{1 + number % 28}" for month in range(1, 1 + number % 7)))
    ]
    start, end = day("5-1"), day("5-31")
    lists = three_lists(relation(lines), start=start, end=end, at=end)
    lapsed = [row for row in rows(lists, "customer_id", "outcome") if row[1] == "lapsed"]
    bucket = leaky_bucket(purchase_days(relation(lines), at=end), at=end).filter(f"month = DATE '{start}'")
    assert rows(bucket, "lapsed") == [(len(lapsed),)]
    assert lapsed
