"""Properties, against attackers who know every figure: nothing they can work out is about too few people."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.rules.statistics.cubes import Cube, Only
from tests.rules.statistics.worlds import (
    CITY,
    SEX,
    Recipient,
    buyers,
    grid_of,
    members,
    tells_about_few,
    widths,
    worlds,
)

BY_CITY, BY_BOTH = Cube((CITY,)), Cube((CITY, SEX))
CUBES = (
    BY_CITY, BY_BOTH, Cube((SEX,)), replace(BY_CITY, only=(Only(SEX, ("f",)),)),
    replace(BY_BOTH, only=(Only(CITY, ("L", "N")),)),
)  # fmt: skip
FEW = 3


@given(st.lists(st.tuples(st.sampled_from(CUBES), worlds(11)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_combination_of_all_answers_is_about_few(asked: list[tuple[Cube, dict[int, Any]]]) -> None:
    """Whatever cubes are asked, whoever comes, goes or moves between: every figure told is laid beside every other."""
    her = Recipient(least=FEW)
    for cube, world in asked:
        her.asks(cube, world)
    assert tells_about_few([members(*one) for one in her.told()], FEW) is None


@given(st.lists(worlds(11, cities="LN", money=True), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_no_combination_of_sums_is_of_few_purchases(asked: list[dict[int, Any]]) -> None:
    """A purchase more is a change like a person more."""
    her = Recipient(least=FEW, percent=0)
    for world in asked:
        her.asks(Cube((CITY,), measures=("money",)), world)
    assert tells_about_few([buyers(*one) for one in her.told(money=True)], FEW) is None
    assert tells_about_few([members(*one) for one in her.told()], FEW) is None


@given(worlds(60))
@settings(max_examples=100, deadline=None)
def test_no_unsafe_cell_is_worked_out_from_the_margins(world: dict[int, Any]) -> None:
    """For who knows the headings and that nobody is counted less than once, the interval stays as wide as the least."""
    least = 5
    figures = Recipient(least=least).asks(BY_BOTH, world)
    grid = grid_of(world, BY_BOTH, least=least)
    unsafe = {at for at, one in figures.items() if grid.at[at].people and not one.is_told and one.why[0] in UNSAFE}
    found = widths(grid, figures)
    assert [(at, found[at]) for at in unsafe if found[at] < least - 1e-6] == []


UNSAFE = ("few_people", "all_alike")


@given(worlds(60, money=True))
@settings(max_examples=60, deadline=None)
def test_no_big_buyer_is_worked_out_from_the_sums(world: dict[int, Any]) -> None:
    """The money of an unsafe cell stays open by a part of what its biggest buyer spent."""
    cube = replace(BY_BOTH, measures=("money",))
    figures = Recipient(least=5, percent=20).asks(cube, world)
    grid = grid_of(world, cube, least=5)
    own = {at for at, one in figures.items() if not one.is_told and one.why[0] != "would_tell_another"}
    found = widths(grid, figures, of="money")
    assert [at for at in own if grid.at[at].people and found[at] < grid.at[at].first * 0.2 - 1e-3] == []


@given(st.lists(worlds(14), min_size=1, max_size=3), st.sampled_from(CUBES))
@settings(max_examples=100, deadline=None)
def test_asked_again_the_answer_is_the_same(asked: list[dict[int, Any]], cube: Cube) -> None:
    """And nothing in it is new."""
    her = Recipient(least=FEW)
    for world in asked:
        first = her.asks(cube, world)
        again = her.asks(cube, world)
        assert {at: one.people for at, one in again.items()} == {at: one.people for at, one in first.items()}
        assert all(one.state != "told" for one in again.values())


@given(worlds(30), st.permutations([CITY, SEX]))
@settings(max_examples=50, deadline=None)
def test_the_same_cells_are_told_alike_in_every_layout(world: dict[int, Any], order: list[Any]) -> None:
    """A cube with one dimension more has the other's cells among its totals: told before, told so again; withheld
    before, withheld again."""
    her = Recipient(least=FEW)
    narrow = her.asks(Cube((order[0],)), world)
    wide = her.asks(BY_BOTH, world)
    place = BY_BOTH.dimensions.index(order[0])
    for at, figure in narrow.items():
        across = tuple(at[0] if n == place else "*" for n in range(2))
        assert wide[across].people == figure.people


def test_the_same_people_under_another_heading_are_another_question() -> None:
    """All of one sex live in one city. That there are so many of the sex is told; that all are of the city is not, at
    the second asking as little as at the first, nor by a table that is about that city alone."""
    world = {n: {"city": "LN"[n % 2], "sex": "m"} for n in range(40)} | {
        n: {"city": "L", "sex": "f"} for n in range(40, 52)
    }
    her = Recipient(least=10)
    for _ in range(2):
        told = her.asks(BY_BOTH, world)
        assert (told["*", "f"].people, told["L", "f"].people) == (12, None)
    assert her.asks(replace(Cube((SEX,)), only=(Only(CITY, ("L",)),)), world)["f",].people is None
