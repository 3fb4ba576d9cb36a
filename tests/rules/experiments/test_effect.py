"""Intervals against published tables and against a second derivation; verdicts that may say *cannot tell yet*."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from regulars.rules.experiments.effect import (
    Arm,
    check_split,
    cost_per_response,
    decide,
    difference,
    expected_responses,
    level_of,
    people_needed,
    rate,
)
from regulars.rules.permission.errors import BadInput

arms = st.integers(0, 3000).flatmap(lambda n: st.builds(Arm, st.just(n), st.integers(0, n)))
asked = arms.filter(lambda arm: arm.people > 0)


# Newcombe, Two-sided intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("responses", "people", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_as_published(responses: int, people: int, low: float, high: float) -> None:
    seen = rate(Arm(people, responses))
    assert (round(seen.low, 4), round(seen.high, 4)) == (low, high)


# Newcombe, Interval estimation for the difference, Statistics in Medicine 17 (1998), table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombes_interval_as_published(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    gain = difference(Arm(one[1], one[0]), Arm(other[1], other[0]))
    assert (round(gain.low, 4), round(gain.high, 4)) == (low, high)


@given(asked, st.sampled_from([0.8, 0.95, 0.999]))
def test_wilsons_limits_are_where_the_score_test_just_rejects(arm: Arm, level: float) -> None:
    seen = rate(arm, level)
    z = stats.norm.ppf((1 + level) / 2)
    for limit in (seen.low, seen.high):
        if 0 < limit < 1:
            score = abs(arm.responses / arm.people - limit) / sqrt(limit * (1 - limit) / arm.people)
            assert score == pytest.approx(z, rel=1e-6)


@given(asked)
def test_wilsons_interval_is_scipys(arm: Arm) -> None:
    theirs = stats.binomtest(arm.responses, arm.people).proportion_ci(method="wilson")
    seen = rate(arm)
    assert (seen.low, seen.high) == (pytest.approx(theirs.low, abs=1e-12), pytest.approx(theirs.high, abs=1e-12))


@given(asked, asked)
def test_a_difference_turned_round_is_its_negative_and_stays_in_range(one: Arm, other: Arm) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there.low == pytest.approx(-back.high) and there.high == pytest.approx(-back.low)
    assert -1 - 1e-12 <= there.low <= there.high <= 1 + 1e-12
    assert there.holds(there.value or 0.0)


@given(asked)
def test_an_arm_does_not_differ_from_itself(arm: Arm) -> None:
    assert difference(arm, arm).holds(0)


def test_of_nobody_nothing_is_known() -> None:
    nobody = Arm(0, 0)
    assert (rate(nobody).value, rate(nobody).low, rate(nobody).high) == (None, 0, 1)
    assert (difference(nobody, Arm(10, 1)).low, difference(nobody, Arm(10, 1)).high) == (-1, 1)
    assert decide(nobody, 0.03).code == "nobody_asked_yet"


def test_nobody_responds_twice() -> None:
    with pytest.raises(BadInput, match="responses_out_of_range"):
        Arm(people=3, responses=4)


@given(asked, st.floats(0.001, 0.999))
def test_a_verdict_is_only_given_when_the_interval_clears_the_threshold(arm: Arm, threshold: float) -> None:
    judged = decide(arm, threshold)
    if judged.verdict == "passed":
        assert judged.rate.low >= threshold
    elif judged.verdict == "failed":
        assert judged.rate.high < threshold
    else:
        assert judged.rate.holds(threshold)


@given(asked, st.floats(0.001, 0.999), st.integers(2, 30))
def test_who_looks_more_often_must_be_surer(arm: Arm, threshold: float, look: int) -> None:
    often = decide(arm, threshold, look=look)
    assert often.verdict in (decide(arm, threshold).verdict, "cannot_tell_yet")
    assert (often.look, often.level) == (look, level_of(look))
    assert level_of(look - 1) < level_of(look)


@given(st.integers(1, 2000), st.floats(0.8, 0.999))
def test_all_looks_together_spend_less_than_two_errors(looks: int, level: float) -> None:
    spent = sum(1 - level_of(look, level) for look in range(1, looks + 1))
    assert spent < 2 * (1 - level) + 1e-9


def test_a_month_of_daily_looks_makes_no_false_winners() -> None:
    """A thousand tests whose response only just reaches the threshold, a hundred more people judged every day."""
    drawn = np.random.default_rng(1998).binomial(100, 0.05, size=(1000, 30)).cumsum(axis=1)
    counting, forgetting = (
        sum(_ever_passed(days, counts=counts) for days in drawn.tolist()) / len(drawn) for counts in (True, False)
    )
    assert counting <= 0.05 < forgetting


def _ever_passed(days: list[int], *, counts: bool) -> bool:
    looks = enumerate(days, 1)
    return any(
        decide(Arm(100 * day, found), 0.05, look=day if counts else 1).verdict == "passed" for day, found in looks
    )


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 400))
def test_the_split_check_is_pearsons(a: int, b: int, c: int) -> None:
    shares = {"test": 0.2, "rollout": 0.7, "holdout": 0.1}
    counts = {"test": a, "rollout": b, "holdout": c}
    theirs = stats.chisquare([a, b, c], [share * (a + b + c) for share in shares.values()])
    ours = check_split(counts, shares)
    assert (ours.chi_square, ours.p_value) == (pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue, abs=1e-12))


def test_a_half_that_became_a_quarter_is_noticed() -> None:
    assert check_split({"a": 250, "b": 750}, {"a": 0.5, "b": 0.5}).is_mismatch
    assert check_split({"a": 10, "b": 1}, {"a": 1.0, "b": 0.0}).is_mismatch
    assert not check_split({"a": 10, "b": 0}, {"a": 1.0, "b": 0.0}).is_mismatch
    with pytest.raises(BadInput, match="shares_do_not_fit_arms"):
        check_split({"a": 10}, {"b": 1.0})


def test_without_a_response_one_costs_nobody_knows_what() -> None:
    cost = cost_per_response(10_000, Arm(100, 0))
    assert (cost.value, cost.high) == (None, float("inf")) and cost.low > 0


@given(asked.filter(lambda arm: arm.responses > 0), st.integers(1, 10**9))
def test_a_cost_per_response_lies_between_its_limits(arm: Arm, cost_minor: int) -> None:
    cost = cost_per_response(cost_minor, arm)
    assert cost.value is not None and cost.low <= cost.value * (1 + 1e-9) and cost.value <= cost.high * (1 + 1e-9)


def test_what_a_test_promises_for_the_rest() -> None:
    assert expected_responses(Arm(600, 29), 0).high == 0
    assert expected_responses(Arm(0, 0), 100).value is None


@given(st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_with_the_people_needed_it_can_about_be_told(threshold: float, likely: float) -> None:
    assume(abs(threshold - likely) > 0.02)
    needed = people_needed(threshold, likely)
    assert needed is not None and needed > 0
    many = Arm(needed * 4 + 200, round((needed * 4 + 200) * likely))
    assert decide(many, threshold).verdict == ("passed" if likely > threshold else "failed")
