"""People into cells: every combination of categories, and every total over some of them.

A category fewer than `least` people have is no column of the table; they are counted together under `OTHER`, so that
the headings themselves name nobody. A cell without people stands in the table like one of few: nobody sees which it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regulars.rules.permission.errors import BadInput
from regulars.rules.statistics.cubes import MOST_CELLS, TOTAL, Cube

Ints = NDArray[np.int64]
UNKNOWN, OTHER = "(unknown)", "(other)"
#: Categories that are none: all people of a class having one says nothing about anybody.
NO_VALUES: Final = frozenset({TOTAL, UNKNOWN, OTHER})


@dataclass(frozen=True, slots=True)
class People:
    """Who is counted: numbers that say who, for each column of the cube everybody's category, orders and money."""

    who: Ints
    columns: tuple[tuple[str, ...], ...]
    orders: Ints
    money: Ints

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with what it is of: people, their orders and money, how many of them bought anything, and how much the
    first and second of them did. `leaves` are the numbers of the finest cells it is made of."""

    at: tuple[str, ...]
    people: int
    orders: int
    money: int
    buyers: int
    first: int
    second: int
    leaves: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True)
class Grid:
    """All cells of a cube: the categories of each dimension, and for everybody the finest cell she is in."""

    cube: Cube
    categories: tuple[tuple[str, ...], ...]
    people: People
    leaf: Ints

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The finest first, then the totals over one dimension, over two, over all."""
        whole = range(2 ** len(self.categories))
        kept = sorted(whole, key=lambda mask: -mask.bit_count())
        return tuple(cell for mask in kept for cell in _cells_by(self, mask))

    @cached_property
    def at(self) -> dict[tuple[str, ...], Cell]:
        """The cell of these categories."""
        return {cell.at: cell for cell in self.cells}


def counted(cube: Cube, people: People, *, least: int) -> Grid:
    """The people of the cube in its cells. BadInput when that would be more cells than anybody reads.

    >>> from regulars.rules.statistics.cubes import Dimension
    >>> ann, bob, cleo = 1, 2, 3
    >>> cube, none = Cube((Dimension("customer", "city", "keep"),)), np.zeros(3, dtype=np.int64)
    >>> people = People(np.array([ann, bob, cleo]), (("Lyon", "Lyon", "Nice"),), none, none)
    >>> [(cell.at, cell.people) for cell in counted(cube, people, least=2).cells]
    [(('(other)',), 1), (('Lyon',), 2), (('*',), 3)]
    """
    chosen = _chosen(cube, people)
    folded = [_folded(column, least) for column in chosen.columns[: len(cube.dimensions)]]
    categories = tuple(tuple(sorted(set(column))) for column in folded)
    if np.prod([len(one) + 1 for one in categories]) > MOST_CELLS:
        raise BadInput("cube_too_many_cells", {"most": MOST_CELLS})
    codes = [_codes(column, known) for column, known in zip(folded, categories, strict=True)]
    return Grid(cube, categories, chosen, _mixed(codes, [len(one) for one in categories], len(chosen)))


def buying(people: People) -> NDArray[np.bool_]:
    """Who adds anything to a sum."""
    return np.asarray((people.orders != 0) | (people.money != 0))


def first_two(groups: Ints, values: Ints, size: int) -> tuple[Ints, Ints]:
    """The largest and second largest value in each of so many groups; nothing where there is none.

    >>> [list(map(int, one)) for one in first_two(np.array([0, 0, 1]), np.array([3, 5, 4]), 3)]
    [[5, 4, 0], [3, 0, 0]]
    """
    order = np.lexsort((-values, groups))
    groups, values = groups[order], values[order]
    starts = np.searchsorted(groups, np.arange(size))
    ends = np.searchsorted(groups, np.arange(size), side="right")
    padded = np.append(values, [0, 0])
    return np.where(ends > starts, padded[starts], 0), np.where(ends > starts + 1, padded[starts + 1], 0)


def _chosen(cube: Cube, people: People) -> People:
    """Those the declaration is about."""
    column = dict(zip(cube.columns, people.columns, strict=True))
    there = np.ones(len(people), dtype=bool)
    for one in cube.only:
        there &= np.isin(np.array(column[one.dimension], dtype=object).astype(str), list(one.values))
    kept = tuple(tuple(np.array(values, dtype=object)[there]) for values in people.columns)
    return People(people.who[there], kept, people.orders[there], people.money[there])


def _folded(column: Sequence[str], least: int) -> list[str]:
    named = [value or UNKNOWN for value in column]
    known, counts = np.unique(np.array(named, dtype=object).astype(str), return_counts=True)
    many = {str(value) for value, count in zip(known, counts, strict=True) if count >= least}
    return [value if value in many else OTHER for value in named]


def _codes(column: Sequence[str], known: Sequence[str]) -> Ints:
    place = {value: number for number, value in enumerate(known)}
    return np.fromiter((place[value] for value in column), np.int64, len(column))


def _mixed(codes: Sequence[Ints], sizes: Sequence[int], length: int) -> Ints:
    mixed = np.zeros(length, dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        mixed = mixed * size + code
    return mixed


def _cells_by(grid: Grid, mask: int) -> Iterator[Cell]:
    """The cells that keep the dimensions of the mask and add up over the others."""
    sizes = [len(one) for one in grid.categories]
    if not all(sizes):
        return
    kept = [bool(mask >> place & 1) for place in range(len(sizes))]
    all_leaves = np.indices(sizes).reshape(len(sizes), -1)
    group = _mixed(
        [all_leaves[d] * kept[d] for d in range(len(sizes))],
        [size if keep else 1 for size, keep in zip(sizes, kept, strict=True)],
        all_leaves.shape[1],
    )
    figures = _figures(grid.people, group[grid.leaf], int(group.max()) + 1)
    named = product(*(known if keep else (TOTAL,) for known, keep in zip(grid.categories, kept, strict=True)))
    for number, at in enumerate(named):
        people, orders, money, buyers, first, second = (int(one[number]) for one in figures)
        leaves = tuple(np.flatnonzero(group == number).tolist())
        yield Cell(at, people, orders, money, buyers, first, second, leaves)


def _figures(people: People, group: Ints, size: int) -> list[Ints]:
    """People, orders, money, buyers, first and second of each group."""
    added = (np.ones(len(people), dtype=np.int64), people.orders, people.money, buying(people).astype(np.int64))
    return [*(_summed(group, values, size) for values in added), *first_two(group, np.abs(people.money), size)]


def _summed(group: Ints, values: Ints, size: int) -> Ints:
    """Exactly, as floating sums of money are not."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, group, values)
    return sums
