"""Arms are stable, as large as meant, and those of one campaign say nothing about those of another."""

import hashlib
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regulars.rules.experiments.effect import check_split
from regulars.rules.experiments.split import (
    ARMS,
    Shares,
    arm_numbers,
    arm_of,
    expected_counts,
    place_of,
    places_of,
    split,
)
from regulars.rules.permission.errors import BadInput

KEY = bytes(range(32))
SPRING = Shares(test=0.2, holdout=0.1)
EVERYONE = np.arange(100_000)


def test_a_place_is_a_word_of_a_keyed_blake2b_digest_as_rfc_7693_has_it() -> None:
    message = (6).to_bytes(4, "big") + b"spring" + (10042 // 8).to_bytes(8, "big")
    digest = hashlib.blake2b(message, key=KEY, person=b"regulars.split.1").digest()
    word = digest[10042 % 8 * 8 :][:8]
    assert place_of(10042, campaign="spring", key=KEY) == (int.from_bytes(word, "big") >> 11) / 2**53


def test_ann_stays_where_she_is_however_the_test_grows() -> None:
    held_out = split(EVERYONE, SPRING, campaign="spring", key=KEY)["holdout"]
    grown = split(EVERYONE, Shares(test=0.6, holdout=0.1), campaign="spring", key=KEY)
    assert np.array_equal(held_out, grown["holdout"])
    assert set(split(EVERYONE, SPRING, campaign="spring", key=KEY)["test"]) <= set(grown["test"])


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**62), max_size=60, unique=True), st.text(max_size=20))
def test_many_at_once_are_placed_like_one_by_one(ids: list[int], campaign: str) -> None:
    places = places_of(np.array(ids, dtype=np.int64), campaign=campaign, key=KEY)
    assert places.tolist() == [place_of(each, campaign=campaign, key=KEY) for each in ids]
    numbers = arm_numbers(np.array(ids, dtype=np.int64), SPRING, campaign=campaign, key=KEY)
    assert [ARMS[n] for n in numbers] == [arm_of(each, SPRING, campaign=campaign, key=KEY) for each in ids]


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**40), unique=True, max_size=60), st.randoms())
def test_the_order_of_asking_does_not_matter(ids: list[int], random: Random) -> None:
    shuffled = ids.copy()
    random.shuffle(shuffled)
    one, other = (split(np.array(those, dtype=np.int64), SPRING, campaign="c", key=KEY) for those in (ids, shuffled))
    assert all(set(one[arm]) == set(other[arm]) for arm in ARMS)
    assert sorted(np.concatenate(list(one.values())).tolist()) == sorted(ids)


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=1, max_size=64), st.text(max_size=12), st.sampled_from([(0.5, 0.5), (0.2, 0.1), (0.05, 0)]))
def test_arms_have_the_sizes_they_were_meant_to_have(key: bytes, campaign: str, meant: tuple[float, float]) -> None:
    shares = Shares(test=meant[0], holdout=meant[1])
    arms = split(EVERYONE[:20_000], shares, campaign=campaign, key=key)
    for arm, expected in expected_counts(20_000, shares).items():
        # Six standard deviations: an honest split fails here about once in five hundred million.
        assert abs(len(arms[arm]) - expected) <= 6 * (20_000 * 0.25) ** 0.5


def test_places_are_spread_evenly() -> None:
    places = places_of(EVERYONE, campaign="spring", key=KEY)
    assert stats.kstest(places, "uniform").pvalue > 0.001
    assert places.min() >= 0 and places.max() < 1


def test_two_campaigns_and_two_keys_know_nothing_of_each_other() -> None:
    spring = arm_numbers(EVERYONE, SPRING, campaign="spring", key=KEY)
    for other in (
        arm_numbers(EVERYONE, SPRING, campaign="summer", key=KEY),
        arm_numbers(EVERYONE, SPRING, campaign="spring", key=KEY[::-1]),
    ):
        table = np.array([[np.sum((spring == a) & (other == b)) for b in range(3)] for a in range(3)])
        assert stats.chi2_contingency(table).pvalue > 0.001


def test_neighbours_by_id_do_not_go_together() -> None:
    places = places_of(EVERYONE, campaign="spring", key=KEY)
    for distance in (1, 7, 8):
        assert abs(np.corrcoef(places[:-distance], places[distance:])[0, 1]) < 0.015


def test_a_split_by_hash_raises_no_alarm_and_a_botched_one_does() -> None:
    arms = split(EVERYONE, SPRING, campaign="spring", key=KEY)
    shares = {arm: SPRING.of(arm) for arm in ARMS}
    assert not check_split({arm: len(ids) for arm, ids in arms.items()}, shares).is_mismatch
    assert check_split({"holdout": 9_000, "test": 21_000, "rollout": 70_000}, shares).is_mismatch


def test_no_share_may_be_negative_and_all_together_not_more_than_one() -> None:
    for test, holdout in ((-0.1, 0.1), (0.1, -0.1), (0.6, 0.5)):
        with pytest.raises(BadInput, match="shares_do_not_add_up"):
            Shares(test=test, holdout=holdout)
    assert Shares(test=0.9, holdout=0.1).rollout == pytest.approx(0)


def test_there_is_no_split_without_a_key() -> None:
    with pytest.raises(BadInput, match="split_key_length"):
        place_of(1, campaign="spring", key=b"")
