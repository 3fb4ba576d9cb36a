"""Small worlds of people with a city, a decade and some money, and attackers who know all the figures."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from regulars.rules.statistics.answering import Counted, Figure, Remembered, answered, counted_under, remembered
from regulars.rules.statistics.counting import Cell, Grid, People, counted
from regulars.rules.statistics.cubes import Cube, Dimension

DAY = date(2026, 3, 12)
CITY = Dimension("customer", "city", "keep")
BORN = Dimension("customer", "birth_on", "decade")
SEX = Dimension("customer", "sex", "keep")
COLUMNS = {CITY: "city", BORN: "born", SEX: "sex"}
KEY = b"the ledger's own key"


def people_of(world: dict[int, dict[str, Any]], cube: Cube) -> People:
    """Everybody of a world (number → what is known of her) as a cube counts her."""
    columns = tuple(tuple(one.get(COLUMNS[d], "") for one in world.values()) for d in cube.columns)
    orders = np.array([1 if one.get("money") else 0 for one in world.values()], dtype=np.int64)
    money = np.array([one.get("money", 0) for one in world.values()], dtype=np.int64)
    return People(np.array(list(world), dtype=np.int64), columns, orders, money)


def grid_of(world: dict[int, dict[str, Any]], cube: Cube, *, least: int) -> Grid:
    return counted(cube, people_of(world, cube), least=least)


class Recipient:
    """Somebody who is told figures, and keeps them all."""

    def __init__(self, *, least: int = 10, percent: int = 10) -> None:
        self.least, self.percent = least, percent
        self.ledger: list[Remembered] = []
        self.grids: list[Grid] = []

    def asks(self, cube: Cube, world: dict[int, dict[str, Any]], *, on: date = DAY) -> dict[tuple[str, ...], Figure]:
        """What she is told of the cube of this world; it stands in her ledger."""
        grid = grid_of(world, cube, least=self.least)
        mine = self._counted(grid)
        figures = answered(grid, mine, self.ledger, least=self.least, percent=self.percent, on=on)
        self.ledger.append(remembered(grid, mine, figures))
        self.grids.append(grid)
        return {one.at: one for one in figures}

    def told(self, *, money: bool = False) -> list[tuple[Grid, Cell]]:
        """Every cell she was told as it was at that moment."""
        return [
            (grid, grid.at[figure.at])
            for grid, memory in zip(self.grids, self.ledger, strict=True)
            for figure in memory.figures
            if figure.state in ("told", "told_again") and (memory.measured or not money)
        ]

    @staticmethod
    def _counted(grid: Grid) -> Counted:
        return counted_under(grid.people.who, grid.people, KEY)


def members(grid: Grid, cell: Cell) -> frozenset[int]:
    """Who is in a cell."""
    return frozenset(grid.people.who[np.isin(grid.leaf, cell.leaves)].tolist())


def buyers(grid: Grid, cell: Cell) -> frozenset[tuple[int, int]]:
    """Whose purchases are in a cell, and which."""
    bought = dict(zip(grid.people.who.tolist(), grid.people.money.tolist(), strict=True))
    return frozenset((who, bought[who]) for who in members(grid, cell) if bought[who])


def tells_about_few(sets: Sequence[frozenset[Any]], least: int) -> frozenset[Any] | None:
    """By brute force: fewer than `least` people some combination of the sets is about, or None.

    There is one exactly if leaving their columns out lowers the rank.
    """
    everybody = sorted(frozenset().union(*sets)) if sets else []
    matrix = np.array([[float(one in some) for one in everybody] for some in sets]).reshape(len(sets), len(everybody))
    whole = np.linalg.matrix_rank(matrix) if matrix.size else 0
    for few in combinations(range(len(everybody)), min(least - 1, len(everybody))):
        rest = np.delete(matrix, few, axis=1)
        if (np.linalg.matrix_rank(rest) if rest.size else 0) < whole:
            return frozenset(everybody[place] for place in few)
    return None


def widths(grid: Grid, figures: dict[tuple[str, ...], Figure], *, of: str = "people") -> dict[tuple[str, ...], float]:
    """For each cell of a first answer that was not told: how wide the interval is that its people (or money) must lie
    in, for somebody who knows headings and figures. Every finest cell is an unknown; every figure an equation."""
    headings, equations, values = grid.categories, [], []
    leaves = list(np.ndindex(*(len(one) for one in headings)))
    for at, figure in figures.items():
        if figure.is_told:
            equations.append(_inside(at, leaves, headings))
            values.append(float(getattr(figure, of) or 0))
    found = {}
    for at in [at for at, figure in figures.items() if not figure.is_told]:
        goal = _inside(at, leaves, headings)
        low, high = (linprog(sign * goal, A_eq=equations or None, b_eq=values or None) for sign in (1, -1))
        found[at] = float("inf") if high.status else -high.fun - low.fun
    return found


def _inside(at: tuple[str, ...], leaves: Sequence[tuple[int, ...]], headings: Sequence[Sequence[str]]) -> Any:
    return np.array([
        float(all(value in ("*", known[place]) for value, known, place in zip(at, headings, leaf, strict=True)))
        for leaf in leaves
    ])  # fmt: skip


def worlds(people: int, *, cities: str = "LNP", money: bool = False) -> st.SearchStrategy[dict[int, dict[str, Any]]]:
    """Worlds of up to so many people."""
    one = st.fixed_dictionaries({
        "city": st.sampled_from(cities), "sex": st.sampled_from("fm"),
        "money": st.integers(0, 9) if money else st.just(0),
    })  # fmt: skip
    return st.dictionaries(st.integers(1, people), one, min_size=1, max_size=people)
