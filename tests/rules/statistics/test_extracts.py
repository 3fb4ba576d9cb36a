"""Properties of extracts against oracles that try everything, in plain Python and without a clever thought."""

from collections import Counter, defaultdict
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.rules.permission.errors import BadInput
from regulars.rules.statistics.cubes import TOTAL, Dimension
from regulars.rules.statistics.extracts import Demand, Extract
from regulars.rules.statistics.generalising import Classes, Microdata, classes_on, least_lossy, microdata
from regulars.rules.statistics.retelling import Handed, may_be_told
from regulars.rules.statistics.risk import risk_of

CITY, BORN, SEX = (
    Dimension("customer", "city", "keep"), Dimension("customer", "birth_on", "decade"),
    Dimension("customer", "sex", "keep"),
)  # fmt: skip
GROUP = Dimension("score", "rfm_group", "keep")
EXTRACT, OPEN = Extract((BORN, CITY, SEX), GROUP), Extract((BORN, CITY, SEX))
Person = tuple[str, str, str, str, str, str]
people = st.lists(
    st.tuples(
        st.sampled_from(["1950s", "1960s", "1980s", ""]), st.just("FR"), st.sampled_from(["A", "B"]),
        st.sampled_from(["Lyon", "Metz", ""]), st.sampled_from("fm"), st.sampled_from(["gold", "tin", "tin", "new"]),
    ),
    min_size=1, max_size=40,
)  # fmt: skip
demands = st.builds(
    Demand, st.integers(2, 5), st.integers(1, 2), st.sampled_from([30, 60, 100]), st.sampled_from([0, 10, 30])
)


def seen(world: list[Person], extract: Extract, least: int) -> Microdata:
    read = dict(
        zip(("birth_on", "country", "region", "city", "sex", "rfm_group"), zip(*world, strict=True), strict=True)
    )
    return microdata(extract, np.arange(len(world)), [read[one.column] for one in extract.reads], least=least)


def said(data: Microdata, rungs: Any) -> list[tuple[str, ...]]:
    """What each row says on these rungs, by the labels alone."""
    places = [scale.ladder.rungs.index(rung) for scale, rung in zip(data.scales, rungs, strict=True)]
    return [
        tuple(s.labels[p][s.up[p][s.finest[n]]] for s, p in zip(data.scales, places, strict=True))
        for n in range(len(data))
    ]


def judged(data: Microdata, rungs: Any, demand: Demand) -> tuple[set[tuple[str, ...]], float] | None:
    """The oracle: classes that are fit and the loss; nothing where too many rows are left out."""
    rows, everybody = said(data, rungs), Counter(data.value.tolist())
    fit = {row for row in set(rows) if _is_fit(data, rows, row, everybody, demand)}
    out = sum(row not in fit for row in rows)
    if not fit or out > len(rows) * demand.suppressed // 100:
        return None
    return fit, sum(_penalty(data, rungs, n) if row in fit else 1.0 for n, row in enumerate(rows)) / len(rows)


def _is_fit(data: Microdata, rows: list[tuple[str, ...]], row: tuple[str, ...], everybody: Any, demand: Demand) -> bool:
    mine = Counter(int(data.value[n]) for n, one in enumerate(rows) if one == row)
    size = mine.total()
    far = sum(abs(mine[v] / size - everybody[v] / len(rows)) for v in everybody) / 2
    return (
        size >= demand.least
        and (len(data.values) == 1 or len(mine) >= demand.variety)
        and far <= demand.closeness / 100 + 1e-9
    )


def _penalty(data: Microdata, rungs: Any, person: int) -> float:
    parts = []
    for scale, rung in zip(data.scales, rungs, strict=True):
        if rung == "all":
            parts.append(1.0)
            continue
        up = scale.up[scale.ladder.rungs.index(rung)].tolist()
        among = up.count(up[scale.finest[person]])
        parts.append(among / len(up) if among > 1 else 0.0)
    return sum(parts) / len(parts)


@given(people, demands, st.sampled_from([EXTRACT, OPEN]))
@settings(max_examples=120, deadline=None)
def test_the_chosen_rungs_lose_least_of_all_that_are_fit(world: list[Person], demand: Demand, extract: Extract) -> None:
    data = seen(world, extract, demand.least)
    tried = [judged(data, rungs, demand) for rungs in product(*(scale.ladder.rungs for scale in data.scales))]
    losses = [one[1] for one in tried if one is not None]
    if not losses:
        with pytest.raises(BadInput, match="extract_impossible"):
            least_lossy(data, demand)
        return
    chosen = judged(data, least_lossy(data, demand), demand)
    assert chosen is not None
    assert chosen[1] == pytest.approx(min(losses))


@given(people, demands, st.sampled_from([EXTRACT, OPEN]))
@settings(max_examples=120, deadline=None)
def test_classes_and_their_declared_risk_are_those_of_the_oracle(
    world: list[Person], demand: Demand, extract: Extract
) -> None:
    data = seen(world, extract, demand.least)
    for rungs in [tuple(scale.ladder.rungs[p % len(scale.ladder.rungs)] for scale in data.scales) for p in range(4)]:
        found, oracle = classes_on(data, rungs, demand), judged(data, rungs, demand)
        rows = said(data, rungs)
        told = {found.labels[n] for n in np.flatnonzero(found.fit)}
        assert [found.labels[n] for n in found.group] == rows
        assert oracle is None or told == oracle[0]
        assert oracle is None or found.loss == pytest.approx(oracle[1])
        _is_declared(data, found, rows, told)


def _is_declared(data: Microdata, found: Classes, rows: list[tuple[str, ...]], told: set[tuple[str, ...]]) -> None:
    risk, sizes = risk_of(data, found), [count for row, count in Counter(rows).items() if row in told]
    assert (risk.rows, risk.classes, risk.left_out) == (sum(sizes), len(sizes), len(rows) - sum(sizes))
    if sizes:
        values = [len({int(data.value[n]) for n, one in enumerate(rows) if one == row}) for row in told]
        assert (risk.smallest, risk.values) == (min(sizes), min(values))
        assert risk.average == pytest.approx(sum(sizes) / len(sizes))


@given(people)
@settings(max_examples=60, deadline=None)
def test_a_coarser_rung_joins_whole_classes(world: list[Person]) -> None:
    """What makes the search right: what shares a row shares it on every rung above."""
    data = seen(world, EXTRACT, 2)
    for scale in data.scales:
        for finer, coarser in zip(scale.up, scale.up[1:], strict=False):
            assert len({(a, b) for a, b in zip(finer.tolist(), coarser.tolist(), strict=True)}) == len(
                set(finer.tolist())
            )
        assert scale.labels[-1] == (TOTAL,)


World = dict[int, tuple[int, int]]
worlds = st.dictionaries(st.integers(0, 14), st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=15)


@given(st.lists(worlds, min_size=1, max_size=4), st.integers(2, 4), st.integers(1, 2))
@settings(max_examples=400, deadline=None)
def test_whatever_is_worked_out_from_all_files_is_of_enough_people(
    files: list[World], least: int, variety: int
) -> None:
    """People come, go, move and change. However the sets of the files are cut, what is left is enough, and varied."""
    handed: list[World] = []
    for world in files:
        fit = {n: one for n, one in world.items() if _fit_class(world, one[0], least, variety)}
        told = may_be_told([_file(one) for one in handed], _file(fit), least=least, variety=variety)
        handed.append({n: one for n, one in fit.items() if one[0] in told})
        _holds(handed, least, variety)


def _fit_class(world: World, group: int, least: int, variety: int) -> bool:
    values = [value for own, value in world.values() if own == group]
    return len(values) >= least and len(set(values)) >= variety


def _file(world: World) -> Handed:
    columns = np.array([[n, *one] for n, one in sorted(world.items())], dtype=np.int64).reshape(-1, 3)
    return Handed(*columns.T)


def _holds(handed: list[World], least: int, variety: int) -> None:
    atoms: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for n in {n for world in handed for n in world}:
        atoms[_history(n, handed)].append(n)
    for atom in atoms.values():
        assert len(atom) >= least, (atom, handed)
        for world in handed:
            values = {world[n][1] for n in atom if n in world}
            assert not values or len(values) >= variety, (atom, handed)
    sets = [frozenset(n for n, one in world.items() if one[0] == group) for world in handed for group in range(3)]
    for one, other in combinations(sets, 2):
        for part in (one & other, one - other, other - one):
            assert not part or len(part) >= least


def _history(n: int, handed: list[World]) -> tuple[Any, ...]:
    """In which class of each file she was, and whether with another value than before."""
    found, last = [], None
    for world in handed:
        if n not in world:
            found.append(None)
            continue
        group, value = world[n]
        found.append((group, last is not None and value != last))
        last = value
    return tuple(found)


def test_ten_who_leave_are_told_and_one_is_not() -> None:
    """Lyon loses one, Nice ten, in Metz nothing happens: Nice alone is told anew."""
    before = {n: (n // 40, n % 2) for n in range(120)}
    after = {n: one for n, one in before.items() if n != 0 and not 40 <= n < 50}
    assert may_be_told([_file(before)], _file(after), least=10, variety=2) == {1}
    assert may_be_told([_file(before)], _file(before), least=10, variety=2) == set()


def test_who_leaves_must_not_be_alike() -> None:
    """Ten go, all of them gold: whoever knows one of them would know it."""
    before = {n: (0, int(n >= 10)) for n in range(40)}
    assert may_be_told([_file(before)], _file({n: before[n] for n in range(10, 40)}), least=10, variety=2) == set()
    assert may_be_told([_file(before)], _file({n: before[n] for n in range(5, 35)}), least=10, variety=2) == {0}


def test_one_who_buys_moves_nothing() -> None:
    """She is where she was, and her value is another."""
    before = {n: (0, n % 3) for n in range(40)}
    assert may_be_told([_file(before)], _file(before | {0: (0, 1)}), least=10, variety=2) == set()


def test_classes_that_change_hands_are_changed() -> None:
    """All of Lyon move to Nice together."""
    before = {n: (0, n % 2) for n in range(40)}
    moved = {n: (1, n % 2) for n in range(40)}
    assert may_be_told([_file(before)], _file(moved), least=10, variety=2) == {1}
