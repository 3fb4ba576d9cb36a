"""What a recipient is told of a cube: each cell as it is, as it was told before, or not at all, and why.

A cell of the very same people as one told before is told again: asking costs nothing and reveals nothing. One withheld
before stays withheld. A figure told before that would have moved by too few people stands as it was told: whether
nothing happened to it or little, nobody outside can see.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regulars.rules.statistics.counting import Cell, Grid, Ints, People, buying
from regulars.rules.statistics.cubes import TOTAL, Cube
from regulars.rules.statistics.differencing import Told, too_telling
from regulars.rules.statistics.fewness import ALIKE, unsafe
from regulars.rules.statistics.hiding import complements

At = tuple[str, ...]
Words = NDArray[np.uint64]
Content = tuple[int, ...]
#: So much of a content says of which people it is; the rest, of which purchases.
PEOPLE: Final = 2
TOLD, AGAIN, STANDS, WITHHELD = "told", "told_again", "stands", "withheld"
FRESH: Final = frozenset({TOLD, AGAIN})
WOULD_TELL, DIFFERENCE, MONEY_DIFFERENCE = "would_tell_another", "difference", "money_difference"
#: Why a cell is withheld, besides what it is by itself (`fewness`).
REASONS: Final = (WOULD_TELL, DIFFERENCE, MONEY_DIFFERENCE)
#: Two sets of people are told apart by sums of numbers drawn from who they are (a set hash of 64 bits).
_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True, slots=True)
class Figure:
    """What is told of a cell: its state, the figures where any are told, since when they stand, why it is not as it is
    now. `costs` is whether telling it tells something new."""

    at: At
    state: str
    people: int | None = None
    orders: int | None = None
    money: int | None = None
    as_of: date | None = None
    why: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether the recipient sees a number."""
        return self.people is not None


@dataclass(frozen=True, slots=True)
class Remembered:
    """One earlier answer as the ledger holds it: of which cube, who was in which finest cell, under numbers of this
    recipient's ledger alone; what each bought, as a number that changes when it does; about how much; every figure."""

    cube: Cube
    categories: tuple[tuple[str, ...], ...]
    who: Ints
    leaf: Ints
    purchases: Ints
    amount: Ints
    figures: tuple[Figure, ...]

    @property
    def measured(self) -> bool:
        """Whether anything beside people was summed up."""
        return bool(self.cube.measures)


@dataclass(frozen=True, slots=True)
class Counted:
    """Who is in a grid under the numbers of a recipient's ledger, in the grid's own order."""

    who: Ints
    purchases: Ints
    amount: Ints


def answered(
    grid: Grid, counted: Counted, earlier: Sequence[Remembered], *, least: int, percent: int, on: date
) -> tuple[Figure, ...]:
    """Every cell of the grid with what is told of it to whoever was told `earlier`, on that day."""
    known = _known(grid, counted, earlier)
    again = {at: figure for at, figure in known.items() if figure.state in FRESH}
    refused = _refused(grid, known, again, least, percent)
    for why, before, money in _comparisons(grid, earlier):
        new = [cell for cell in grid.cells if cell.at not in again and cell.at not in refused]
        asked = _Asked(grid, counted, before, least, percent, money)
        refused |= {new[place].at: (why,) for place in _telling(asked, new)}
    standing = _last_told(grid, earlier)
    return tuple(_figure(cell, grid, again, refused, standing, on) for cell in grid.cells)


def _refused(
    grid: Grid, known: Mapping[At, Figure], again: Collection[At], least: int, percent: int
) -> dict[At, tuple[str, ...]]:
    """What the table by itself does not tell: unsafe cells, what was withheld of the same people, complements."""
    small = {at: why for at, why in unsafe(grid, least=least, percent=percent).items() if at not in again}
    before = {at: figure.why for at, figure in known.items() if at not in again and at not in small}
    also = complements(grid, small, least=least, percent=percent, hidden=before, told=again)
    return small | before | dict.fromkeys(also, (WOULD_TELL,))


def _comparisons(
    grid: Grid, earlier: Sequence[Remembered]
) -> Iterator[tuple[str, Sequence[Remembered], bool]]:  # fmt: skip
    """What the new figures are laid beside: each other, then all that was told before; people, then purchases."""
    for why, money in ((DIFFERENCE, False), (MONEY_DIFFERENCE, True)):
        if grid.cube.measures or not money:
            yield WOULD_TELL, (), money
            yield from [(why, earlier, money)] if earlier else ()


def remembered(grid: Grid, counted: Counted, figures: Sequence[Figure]) -> Remembered:
    """This answer as the ledger is to hold it."""
    return Remembered(
        grid.cube, grid.categories, counted.who, grid.leaf, counted.purchases,
        _rounded(counted.amount), tuple(figures),
    )  # fmt: skip


def _rounded(amounts: Ints) -> Ints:
    """To two digits: enough to see who is most of a sum, and no more."""
    size = 10 ** np.maximum(np.char.str_len(np.abs(amounts).astype(str)) - 2, 0)
    return np.asarray(np.rint(amounts / size) * size, dtype=np.int64)


def tells_something_new(figures: Collection[Figure], earlier: Sequence[Remembered], cube: Cube) -> bool:
    """Whether the recipient learns anything it was not told before, so that the ledger has to remember it."""
    return any(one.state == TOLD for one in figures) or not any(one.cube == cube for one in earlier)


def _figure(
    cell: Cell, grid: Grid, again: Mapping[At, Figure], refused: Mapping[At, tuple[str, ...]],
    standing: Mapping[At, Figure], on: date,
) -> Figure:  # fmt: skip
    if (known := again.get(cell.at)) is not None:
        return _shown(grid, cell.at, AGAIN, known, known.as_of, ())
    if (why := refused.get(cell.at)) is None:
        return _shown(grid, cell.at, TOLD, cell, on, ())
    before = standing.get(cell.at)
    if before is not None and set(why) <= set(REASONS):
        return _shown(grid, cell.at, STANDS, before, before.as_of, why)
    return Figure(cell.at, WITHHELD, why=why)


def _shown(grid: Grid, at: At, state: str, known: Cell | Figure, as_of: date | None, why: tuple[str, ...]) -> Figure:
    """Only what the cube sums up."""
    asked = grid.cube.measures
    orders = known.orders if "orders" in asked else None
    money = known.money if "money" in asked else None
    return Figure(at, state, known.people, orders, money, as_of, why)


def _last_told(grid: Grid, earlier: Sequence[Remembered]) -> dict[At, Figure]:
    """Of this very cube, what was last told of each cell."""
    mine = [one for one in earlier if one.cube == grid.cube]
    return {figure.at: figure for one in mine for figure in one.figures if figure.is_told}


def _known(grid: Grid, counted: Counted, earlier: Sequence[Remembered]) -> dict[At, Figure]:
    """Of every cell what follows from earlier answers alone, because it is of the very same people and purchases."""
    memory = _Memory(grid.cube)
    for one in earlier:
        memory.add(one)
    mine = _contents(counted.who, counted.purchases, grid.leaf, bool(grid.cube.measures))
    found = {cell.at: memory.of(cell.at, _content(mine, cell.leaves)) for cell in grid.cells if cell.people}
    return {at: figure for at, figure in found.items() if figure is not None}


class _Memory:
    """What was told before, by whom it is of.

    Told again is what was told of the same class. The same people as another class are another question: telling that
    as many are of a decade as are of it in Lyon would tell that all of them live there. What was withheld of people
    about whom nothing was told is withheld, however they are called.
    """

    def __init__(self, cube: Cube) -> None:
        self._cube = cube
        self._meant: dict[tuple[object, Content], Figure] = {}
        self._withheld: dict[Content, Figure] = {}
        self._classes: dict[Content, set[object]] = {}

    def add(self, one: Remembered) -> None:
        """Everything that answer says."""
        sums, leaves = _contents(one.who, one.purchases, one.leaf, one.measured), leaves_of(one.categories)
        for figure in one.figures:
            self._keep(one.cube, figure, _content(sums, leaves[figure.at]))

    def of(self, at: At, content: Content) -> Figure | None:
        """What follows for a cell; nothing where it is a new question."""
        mine = self._cube.class_of(at)
        if (meant := self._meant.get((mine, content))) is not None:
            return meant
        if mine not in self._classes.get(content[:PEOPLE], {mine}):
            return Figure(at, WITHHELD, why=(ALIKE,))
        return self._withheld.get(content)

    def _keep(self, cube: Cube, figure: Figure, content: Content) -> None:
        mine = cube.class_of(figure.at)
        if figure.state in FRESH:
            self._classes.setdefault(content[:PEOPLE], set()).add(mine)
        if bool(cube.measures) != bool(self._cube.measures):
            return
        if cube.orders == self._cube.orders and _has(figure, self._cube.measures):
            self._meant[mine, content] = figure
        if figure.state == WITHHELD:
            self._withheld[content] = figure


def _has(figure: Figure, asked: tuple[str, ...]) -> bool:
    """Whether everything asked for was told then, or nothing."""
    told = {"orders": figure.orders, "money": figure.money}
    return not figure.is_told or all(told[name] is not None for name in asked)


def leaves_of(categories: Sequence[Sequence[str]]) -> dict[At, tuple[int, ...]]:
    """The finest cells of every cell, the totals among them.

    >>> leaves_of([["Lyon", "Nice"]])
    {('Lyon',): (0,), ('Nice',): (1,), ('*',): (0, 1)}
    """
    found: dict[At, tuple[int, ...]] = {(): (0,)}
    for known in categories:
        wide: dict[At, tuple[int, ...]] = {}
        for at, leaves in found.items():
            finer = {(*at, value): tuple(leaf * len(known) + n for leaf in leaves) for n, value in enumerate(known)}
            wide |= finer | {(*at, TOTAL): tuple(sorted(sum(finer.values(), ())))}
        found = wide
    return found


def _contents(who: Ints, purchases: Ints, leaf: Ints, measured: bool) -> list[Words]:
    """For each finest cell how many are in it, and set hashes of who they are and what they bought."""
    size = int(leaf.max(initial=-1)) + 1
    sums = [np.bincount(leaf, minlength=size).astype(np.uint64), _hashed(who, leaf, size)]
    return [*sums, _hashed(purchases, leaf, size)] if measured else sums


def _content(sums: Sequence[Words], leaves: Sequence[int]) -> Content:
    inside = [leaf for leaf in leaves if leaf < len(sums[0])]
    return tuple(int(one[inside].sum(dtype=np.uint64)) for one in sums)


def _hashed(numbers: Ints, leaf: Ints, size: int) -> Words:
    """The sum, modulo 2⁶⁴, of each number mixed by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    mixed = numbers.astype(np.uint64) + _MIX[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX[1]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[2]
    out = np.zeros(size, dtype=np.uint64)
    np.add.at(out, leaf, mixed ^ (mixed >> np.uint64(31)))
    return out


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whether new cells tell too much beside what was told before: of people, or of their purchases."""

    grid: Grid
    counted: Counted
    earlier: Sequence[Remembered]
    least: int
    percent: int
    money: bool


def _telling(asked: _Asked, new: Sequence[Cell]) -> set[int]:
    """Which of the new cells, by their place; the smallest go first."""
    mine, money = asked.counted, asked.money
    before = [_as_told(one, money=money) for one in asked.earlier if one.measured or not money]
    figures = tuple(cell.leaves for cell in new)
    now = _told(mine.who, asked.grid.leaf, mine.purchases, mine.amount, figures, money=money)
    order = sorted(range(len(new)), key=lambda place: (new[place].people, new[place].at))
    percent = asked.percent if money and "money" in asked.grid.cube.measures else 0
    return too_telling(before, now, least=asked.least, percent=percent, first_to_go=order)


def _as_told(one: Remembered, *, money: bool) -> Told:
    leaves = leaves_of(one.categories)
    figures = tuple(leaves[figure.at] for figure in one.figures if figure.state in FRESH)
    return _told(one.who, one.leaf, one.purchases, one.amount, figures, money=money)


def _told(
    who: Ints, leaf: Ints, purchases: Ints, amount: Ints, figures: tuple[tuple[int, ...], ...], *, money: bool
) -> Told:
    """People by who they are; or purchases by what they are, of those who made any."""
    if not money:
        return Told(who, leaf, np.zeros(len(who), dtype=np.int64), figures)
    made = purchases != 0
    return Told(purchases[made], leaf[made], amount[made], figures)


def counted_under(who: Ints, people: People, key: bytes) -> Counted:
    """The people under those numbers. What somebody bought is a number of its own, keyed, that changes when it does,
    and nothing where she bought nothing."""
    bought = buying(people)
    numbers = [
        _keyed(*line, key) for line in zip(who[bought], people.orders[bought], people.money[bought], strict=True)
    ]
    purchases = np.zeros(len(who), dtype=np.int64)
    purchases[bought] = numbers
    return Counted(who, purchases, people.money)


def _keyed(who: int, orders: int, money: int, key: bytes) -> int:
    digest = hashlib.blake2b(f"{who}|{orders}|{money}".encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big") >> 2 | 1
