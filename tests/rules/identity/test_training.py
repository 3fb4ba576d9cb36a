"""Training: a house with few pairs keeps to the published model, and levels nobody was seen on stay possible."""

from dataclasses import replace

import pytest

from regulars.rules.identity.figures_of_model import SETTINGS
from regulars.rules.identity.model import MODEL, Model
from regulars.rules.identity.training import Expected, begun, changes, settled

TOLD = ("family_name", "given_name", "birth_on", "phone")
CUSTOMERS = 1_000
PAIRS = CUSTOMERS * (CUSTOMERS - 1) / 2


def seen(same: float, at_home: float = 0.0) -> Expected:
    """So many pairs, all on the first level of every comparison."""
    return Expected(same, at_home, {name: {next(iter(MODEL.comparisons[name])): same} for name in TOLD})


def learned(expected: Expected) -> Model:
    return settled(begun(SETTINGS, TOLD), TOLD, CUSTOMERS, PAIRS, lambda model: expected)


def test_nothing_seen_leaves_the_published_weights_of_one_person() -> None:
    model = learned(seen(0.0))
    for name in TOLD:
        for level in model.comparisons[name].values():
            assert level.m == pytest.approx(MODEL.comparisons[name][level.name].m)


def test_what_is_seen_moves_m_and_the_rest_stays_possible() -> None:
    phone = learned(seen(3_000.0)).comparisons["phone"]
    assert phone["same"].m > 0.98
    assert all(0 < level.m < 1 and 0 < level.u < 1 for level in phone.values())


def test_how_often_somebody_is_there_again_is_counted_among_all_pairs() -> None:
    assert learned(seen(250.0)).others_of_own == pytest.approx(0.5, rel=0.01)
    assert learned(seen(250.0, at_home=500.0)).others_at_home == pytest.approx(0.95, rel=0.02)


def test_a_comparison_nobody_tells_of_is_left_alone() -> None:
    assert learned(seen(3_000.0)).comparisons["email"] == MODEL.comparisons["email"]


def test_pairs_of_one_person_among_those_at_random_do_not_count_as_chance() -> None:
    first = begun(SETTINGS, TOLD)
    crowded = replace(first.comparisons["phone"]["same"], u=0.01)
    first = replace(first, comparisons={**first.comparisons, "phone": {**first.comparisons["phone"], "same": crowded}})
    model = settled(first, TOLD, CUSTOMERS, PAIRS, lambda model: seen(4_995.0))
    assert model.comparisons["phone"]["same"].u < 0.001


def test_what_changed_is_told_level_by_level() -> None:
    told = list(changes(MODEL, learned(seen(3_000.0))))
    assert [(name, level) for name, level, _, _ in told] == [
        (name, level) for name, levels in MODEL.comparisons.items() for level in levels
    ]
