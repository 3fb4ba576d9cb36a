"""Trees of groups over time, held against somebody who walks them day by day."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from regulars.rules.groups.kinds import COMPANY, DEEPEST
from regulars.rules.groups.spans import EVER, Span, joined, span
from regulars.rules.groups.tree import (
    CIRCLE,
    NO_DAYS,
    TOO_DEEP,
    TWO_PARENTS,
    WRONG_KIND,
    Member,
    Place,
    above,
    below,
    counted,
    why_not_under,
)

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
GROUPS = range(6)
MARCH = date(2026, 3, 1)


@some.composite
def spans(draw: Callable[..., Any]) -> Span:
    began, ended = (draw(some.one_of(some.none(), some.sampled_from(DAYS))) for _ in range(2))
    return span(began, ended)


@some.composite
def trees(draw: Callable[..., Any]) -> list[Place]:
    """Moves as the writing door lets them through: one after the other, each only where nothing speaks against it."""
    places: list[Place] = []
    for _ in range(draw(some.integers(0, 14))):
        group, parent = draw(some.sampled_from(GROUPS)), draw(some.sampled_from(GROUPS))
        new = Place(group, parent, draw(spans()))
        if not why_not_under(new, places, dict.fromkeys(GROUPS, COMPANY)):
            places.append(new)
    return places


members = some.lists(some.builds(Member, some.integers(1, 4), some.sampled_from(GROUPS), spans()), max_size=10)


def tops(group: int, day: date, places: list[Place]) -> set[int]:
    """The group and all above it on one day, step by step."""
    found, row = {group}, {group}
    while row := {one.parent for one in places if one.group in row and day in one.when} - found:
        found |= row
    return found


@settings(deadline=None, max_examples=60)
@given(trees(), members)
def test_each_day_of_each_person_counts_where_they_belonged_that_day_and_once(
    places: list[Place], people: list[Member]
) -> None:
    for root in GROUPS:
        found = counted(root, places, people)
        for person in range(1, 5):
            for day in DAYS:
                there = any(
                    one.person == person and day in one.when and root in tops(one.group, day, places) for one in people
                )
                assert sum(day in one for one in found.get(person, ())) == there


@settings(deadline=None, max_examples=60)
@given(trees())
def test_what_stands_above_is_what_one_reaches_step_by_step(places: list[Place]) -> None:
    for group in GROUPS:
        for day in DAYS:
            assert set(above(group, day, places)) == tops(group, day, places) - {group}


@settings(deadline=None, max_examples=60)
@given(trees())
def test_at_no_moment_is_there_a_circle_or_a_second_parent(places: list[Place]) -> None:
    for day in DAYS:
        for group in GROUPS:
            parents = [one.parent for one in places if one.group == group and day in one.when]
            assert len(parents) <= 1
            assert all(group not in tops(parent, day, places) for parent in parents)


@settings(deadline=None, max_examples=60)
@given(some.lists(spans(), max_size=6))
def test_joined_stretches_hold_the_same_days_and_never_overlap(stretches: list[Span]) -> None:
    done = joined(stretches)
    assert all(any(day in one for one in stretches) == (sum(day in one for one in done) == 1) for day in DAYS)
    assert all(before.until < after.since for before, after in pairwise(done))


def test_who_moved_in_march_counts_in_both_houses_at_their_times() -> None:
    moves = [Member(7, 1, Span(until=MARCH)), Member(7, 2, Span(MARCH))]
    assert counted(1, [], moves) == {7: (Span(until=MARCH),)}
    assert counted(2, [], moves) == {7: (Span(MARCH),)}


def test_a_branch_that_was_sold_counts_for_each_owner_while_it_was_theirs() -> None:
    tree = [Place(3, 1, Span(until=MARCH)), Place(3, 2, Span(MARCH))]
    assert counted(1, tree, [Member(7, 3)])[7] == (Span(until=MARCH),)
    assert counted(2, tree, [Member(7, 3)])[7] == (Span(MARCH),)
    assert above(3, date(2026, 2, 28), tree) == [1]


def test_who_belongs_on_two_ways_counts_once() -> None:
    assert counted(1, [Place(2, 1), Place(3, 1)], [Member(7, 2), Member(7, 3), Member(7, 1)]) == {7: (EVER,)}


def test_owners_may_change_places_when_the_days_do_not_meet() -> None:
    kinds = dict.fromkeys((1, 2), COMPANY)
    assert not why_not_under(Place(1, 2, Span(MARCH)), [Place(2, 1, Span(until=MARCH))], kinds)
    assert why_not_under(Place(1, 2, Span(until=MARCH)), [Place(2, 1)], kinds) == [CIRCLE]


def test_every_reason_is_told_at_once() -> None:
    kinds = {1: "agent", 2: "company", 3: "company", 4: "company"}
    wrong = why_not_under(Place(1, 2, Span(MARCH, MARCH)), [], kinds)
    assert wrong == [WRONG_KIND, NO_DAYS]
    assert why_not_under(Place(2, 3), [Place(2, 4)], kinds) == [TWO_PARENTS]
    assert why_not_under(Place(2, 2), [], kinds) == [CIRCLE]


@pytest.mark.parametrize(("above_it", "below_it", "goes"), [(4, 4, True), (4, 5, False), (8, 1, False), (7, 1, True)])
def test_a_tree_is_so_high_and_no_higher(above_it: int, below_it: int, goes: bool) -> None:
    """Chains of so many groups are put under each other."""
    upper = [Place(n + 1, n) for n in range(1, above_it)]
    lower = [Place(100 + n + 1, 100 + n) for n in range(1, below_it)]
    kinds = dict.fromkeys([*range(1, 20), *range(100, 120)], COMPANY)
    assert (why_not_under(Place(101, above_it), upper + lower, kinds) == []) is goes
    assert DEEPEST == 8


def test_a_tall_tree_of_other_days_is_no_hindrance() -> None:
    upper = [Place(n + 1, n, Span(until=MARCH)) for n in range(1, DEEPEST)]
    kinds = dict.fromkeys(range(1, 20), COMPANY)
    assert not why_not_under(Place(12, DEEPEST, Span(MARCH)), upper, kinds)
    assert why_not_under(Place(12, DEEPEST), upper, kinds) == [TOO_DEEP]


def test_all_that_ever_stood_below() -> None:
    tree = [Place(2, 1), Place(3, 2, Span(MARCH)), Place(4, 3, Span(until=MARCH))]
    assert set(below(1, tree)) == {1, 2, 3}
