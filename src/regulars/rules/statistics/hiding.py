"""Complementary suppression: cells are hidden, too, until nobody can work an unsafe one out from the others.

An attacker knows that every finest cell holds nobody or more, and that totals add up. What she can say of a hidden cell
is an interval: the smallest and the largest number that agree with all figures told (two linear programmes; Fischetti
and Salazar, "Solving the cell suppression problem", Management Science 2001; Hundepool et al. 2012, chapter 4.4). It
must be at least as wide as the threshold. Of the figures that hold its ends the smallest is hidden until it is.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from regulars.rules.statistics.counting import Cell, Grid

At = tuple[str, ...]
_HELD: Final = 1e-7


def complements(
    grid: Grid, unsafe: Collection[At], *, least: int, percent: int = 0, hidden: Collection[At] = (),
    told: Collection[At] = (),
) -> set[At]:  # fmt: skip
    """Which further cells have to be hidden so that of no unsafe one with people in it can be told how many to within
    `least`, nor its money to within `percent` of its biggest buyer.

    Those of `hidden` are not told anyway; those of `told` are known outside already, and stay.

    >>> from regulars.rules.statistics.counting import People, counted
    >>> from regulars.rules.statistics.cubes import Cube, Dimension
    >>> cities = ("Lyon",) * 12 + ("Nice",) * 11 + ("",) * 3
    >>> people = People(np.arange(26), (cities,), np.zeros(26, int), np.zeros(26, int))
    >>> grid = counted(Cube((Dimension("customer", "city", "keep"),)), people, least=10)
    >>> complements(grid, {("(other)",)}, least=10)
    {('Nice',)}
    """
    not_told = {*unsafe, *hidden}
    protected = [one for one in grid.cells if one.at in unsafe and one.people]
    gone = set(not_told)
    for wanted in _wanted(grid, protected, least, percent):
        gone |= _hidden_with(_Table(grid, gone, wanted.values), protected, wanted, told)
    return gone - not_told


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A figure of every cell, and how wide the interval of each protected one must be."""

    values: Sequence[int]
    widths: Sequence[float]


def _wanted(grid: Grid, protected: Sequence[Cell], least: int, percent: int) -> Iterator[_Wanted]:
    """People always; money where it is summed up and nobody's is less than nothing, so that it has bounds at all."""
    if not protected:
        return
    yield _Wanted([one.people for one in grid.cells], [least] * len(protected))
    if percent and "money" in grid.cube.measures and grid.people.money.min(initial=0) >= 0:
        yield _Wanted([one.money for one in grid.cells], [one.first * percent / 100 for one in protected])


def _hidden_with(table: "_Table", protected: Sequence[Cell], wanted: _Wanted, told: Collection[At]) -> set[At]:
    """All that is hidden once every interval is wide enough, or held by what is known outside alone."""
    for cell, width in zip(protected, wanted.widths, strict=True):
        while free := [one for one in table.holding(cell, width) if one.at not in told]:
            table.hide(min(free, key=lambda one: (one.people, one.at)))
    return table.hidden


class _Table:
    """What is told of a grid, and what holds a hidden cell's interval."""

    def __init__(self, grid: Grid, hidden: Collection[At], values: Sequence[int]) -> None:
        self.hidden = set(hidden)
        self._cells = grid.cells
        self._rows = _matrix(grid)
        self._unit = max(1.0, max(values) / 1_000)  # money in minor units is beyond a solver's tolerances
        self._values = np.array(values) / self._unit

    def hide(self, cell: Cell) -> None:
        self.hidden.add(cell.at)

    def holding(self, cell: Cell, width: float) -> list[Cell]:
        """The told figures that hold the ends of its interval; none when that is wide enough."""
        told = [place for place, one in enumerate(self._cells) if one.at not in self.hidden]
        low, high = (self._end(cell, told, sign) for sign in (1, -1))
        if high.status != 0 or -high.fun - low.fun >= width / self._unit - _HELD:
            return []
        pull = np.abs(low.eqlin.marginals) + np.abs(high.eqlin.marginals)
        return [self._cells[place] for place, force in zip(told, pull, strict=True) if force > _HELD]

    def _end(self, cell: Cell, told: Sequence[int], sign: int) -> Any:
        """The linear programme of one end; its status is not 0 where there is no end."""
        goal = np.zeros(self._rows.shape[1])
        goal[list(cell.leaves)] = sign
        return linprog(goal, A_eq=self._rows[told], b_eq=self._values[told], bounds=(0, None), method="highs")


def _matrix(grid: Grid) -> Any:
    """A row for each cell, a one for each finest cell it is made of."""
    columns = np.concatenate([one.leaves for one in grid.cells]).astype(np.int64)
    starts = np.cumsum([0, *(len(one.leaves) for one in grid.cells)])
    leaves = int(np.prod([len(one) for one in grid.categories]))
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(grid.cells), leaves))
