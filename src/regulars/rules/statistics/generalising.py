"""Which rungs an extract climbs to: the least lossy ones on which every class is fit to be told.

All combinations of rungs are a lattice. What too few people share on one combination too few share on every finer one,
so a combination that fails takes all finer ones with it (LeFevre, DeWitt and Ramakrishnan, "Incognito", SIGMOD 2005);
one that is fit takes those that lose more. The next to try is always the middle one of what is left (El Emam et al., "A
globally optimal k-anonymity method", JAMIA 2009). Everything is reckoned on the different rows, with how often each
occurs: a million people are a few ten thousand of them.

Fit is a class of `least` people (Samarati and Sweeney 1998) with `variety` different confidential values
(Machanavajjhala et al. 2007) whose shares are not further than `closeness` from everybody's (Li, Li and
Venkatasubramanian, "t-closeness", ICDE 2007, the equal distance: half the sum of differences). The last one does not
grow with coarseness once rows are left out, so nothing is concluded from it about finer combinations.

Loss is the normalised certainty penalty of Xu et al. (KDD 2006): of each cell, which part of all values it may be,
nothing where it is one, all where a star stands; a row left out is a loss of one. Between 0 and 1, the mean over rows
and columns. Of two that lose the same the lower rungs are taken, for they stay when other people come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from regulars.rules.permission.errors import BadInput
from regulars.rules.statistics.counting import OTHER, Ints
from regulars.rules.statistics.cubes import Dimension
from regulars.rules.statistics.extracts import Demand, Extract
from regulars.rules.statistics.ladders import ALL, Cells, Ladder, telling_rung

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Node = tuple[int, ...]
#: As much as a number of 64 bits holds.
_ROOM: Final = 2**62
_HELD: Final = 1e-9
#: What a rung more costs where nothing else tells two combinations apart.
_TIE: Final = 1e-9


@dataclass(frozen=True)
class Scale:
    """One column as people have it: everybody's finest value by its number, and for every rung to which value each of
    the finest belongs, and how the values of the rung are called."""

    ladder: Ladder
    finest: Ints
    up: tuple[Ints, ...]
    labels: tuple[tuple[str, ...], ...]

    @cached_property
    def penalty(self) -> tuple[Floats, ...]:
        """For every rung, of each finest value: which part of all it is hidden among."""
        return tuple(_penalty(up, rung) for up, rung in zip(self.up, self.ladder.rungs, strict=True))


@dataclass(frozen=True)
class Microdata:
    """People as an extract sees them: numbers that say who, a scale for each known column, and everybody's confidential
    value by its number (the same for all where none is declared)."""

    who: Ints
    scales: tuple[Scale, ...]
    value: Ints
    values: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True)
class Classes:
    """People in classes on some rungs: everybody's class by its number, which classes are fit to be told, how many
    people each has, what each is called column by column, and what was lost."""

    rungs: tuple[str, ...]
    group: Ints
    fit: Bools
    sizes: Ints
    labels: tuple[tuple[str, ...], ...]
    loss: float

    @property
    def told(self) -> Bools:
        """Who is in a class that is fit."""
        return np.asarray(self.fit[self.group], dtype=np.bool_)


def microdata(extract: Extract, who: Ints, columns: Sequence[Sequence[str]], *, least: int) -> Microdata:
    """The people of these columns (one for each of `extract.reads`, in that order).

    A confidential value fewer than `least` people have is told as `(other)`: it would be known whose it is.
    """
    by_column = dict(zip(extract.reads, columns, strict=True))
    scales = tuple(scale_of(one, [by_column[read] for read in one.reads]) for one in extract.ladders)
    if extract.confidential is None:
        return Microdata(who, scales, np.zeros(len(who), dtype=np.int64), ("",))
    value, values = _confidential(extract.confidential, by_column[extract.confidential], least)
    return Microdata(who, scales, value, values)


def scale_of(ladder: Ladder, columns: Sequence[Sequence[str]]) -> Scale:
    """The values people have, on every rung.

    >>> from regulars.rules.statistics.cubes import Dimension
    >>> from regulars.rules.statistics.ladders import ladder_of
    >>> born = scale_of(ladder_of(Dimension("customer", "birth_on", "decade")), [["1980s", "1970s", "1990s"]])
    >>> born.labels[1], born.up[1].tolist()
    (('1960–1979', '1980–1999'), [1, 0, 1])
    """
    rows: Sequence[Cells] = list(zip(*columns, strict=True))
    place: dict[Cells, int] = {cells: number for number, cells in enumerate(dict.fromkeys(rows))}
    finest = np.fromiter((place[cells] for cells in rows), np.int64, len(rows))
    climbed = [_numbered([ladder.on(rung, cells) for cells in place]) for rung in ladder.rungs]
    return Scale(ladder, finest, tuple(up for up, _ in climbed), tuple(labels for _, labels in climbed))


def least_lossy(data: Microdata, demand: Demand) -> tuple[str, ...]:
    """The rungs, one for each column, on which all classes but few rows are fit and least is lost.

    BadInput where not even all people together are: too few, or too much alike in what is confidential.
    """
    if len(data) < demand.least:
        raise BadInput("extract_impossible", {"least": demand.least})
    lattice, counts = _Lattice(data), _Counts(data)
    best, chosen = np.inf, None
    while (left := lattice.left()).size:
        node = lattice.nodes[left[len(left) // 2]]
        judged = counts.judged(tuple(node), demand)
        lattice.tried(node, hopeless=not judged.enough)
        lost = judged.loss + _TIE * int(node.sum())
        if judged.fits and lost < best:
            best, chosen = lost, node
            lattice.loses(best)
    if chosen is None:
        raise BadInput("extract_impossible", {"least": demand.least})
    return tuple(scale.ladder.rungs[rung] for scale, rung in zip(data.scales, chosen, strict=True))


def classes_on(data: Microdata, rungs: Sequence[str], demand: Demand) -> Classes:
    """Everybody's class on these rungs, and which of them are fit."""
    node = tuple(scale.ladder.rungs.index(rung) for scale, rung in zip(data.scales, rungs, strict=True))
    counts = _Counts(data)
    judged = counts.judged(node, demand)
    group = judged.group[counts.row]
    first = np.unique(group, return_index=True)[1]
    labels = tuple(
        tuple(
            scale.labels[rung][scale.up[rung][scale.finest[person]]]
            for scale, rung in zip(data.scales, node, strict=True)
        )
        for person in first
    )
    return Classes(tuple(rungs), group, judged.fit, judged.sizes, labels, judged.loss)


@dataclass(frozen=True)
class _Judged:
    """What a combination of rungs comes to: the class of each different row, its people, whether it is fit; whether
    enough rows are left by number and variety alone, whether by all, and the loss."""

    group: Ints
    sizes: Ints
    fit: Bools
    enough: bool
    fits: bool
    loss: float


class _Counts:
    """The different rows of known and confidential values, and how many people have each."""

    def __init__(self, data: Microdata) -> None:
        self._data = data
        columns = [*((scale.finest, len(scale.up[0])) for scale in data.scales), (data.value, len(data.values))]
        mixed = _mixed(columns)
        _, first, self.row, counts = np.unique(mixed, return_index=True, return_inverse=True, return_counts=True)
        self.row = self.row.reshape(-1)
        self._count = counts.astype(np.float64)
        self._finest = [scale.finest[first] for scale in data.scales]
        self._value = data.value[first]

    def judged(self, node: Node, demand: Demand) -> _Judged:
        """Every class on these rungs, measured."""
        scales = self._data.scales
        on = [scale.up[rung][finest] for scale, rung, finest in zip(scales, node, self._finest, strict=True)]
        sizes_of = [len(scale.labels[rung]) for scale, rung in zip(scales, node, strict=True)]
        group = _dense(_mixed(list(zip(on, sizes_of, strict=True))))
        sizes = np.bincount(group, weights=self._count).astype(np.float64)
        counted = (sizes >= demand.least) & self._varied(group, len(sizes), demand.variety)
        fit = counted & self._close(group, sizes, demand.closeness)
        most = len(self._data) * demand.suppressed // 100
        enough, fits = (bool(sizes[~good].sum() <= most and good.any()) for good in (counted, fit))
        return _Judged(group, sizes.astype(np.int64), fit, enough, fits, self._loss(node, fit[group]))

    def _varied(self, group: Ints, groups: int, variety: int) -> Bools:
        if len(self._data.values) == 1:
            return np.ones(groups, dtype=np.bool_)
        pairs = np.unique(group * len(self._data.values) + self._value)
        return np.asarray(np.bincount(pairs // len(self._data.values), minlength=groups) >= variety)

    def _close(self, group: Ints, sizes: Floats, closeness: int) -> Bools:
        """Half the sum of differences is the sum of those that are above: only values a class has count."""
        values = len(self._data.values)
        everybody = np.bincount(self._value, weights=self._count, minlength=values) / max(1, len(self._data))
        pairs, place = np.unique(group * values + self._value, return_inverse=True)
        own = np.bincount(place.reshape(-1), weights=self._count) / sizes[pairs // values]
        above = np.maximum(0, own - everybody[pairs % values])
        far = np.bincount(pairs // values, weights=above, minlength=len(sizes))
        return np.asarray(far <= closeness / 100 + _HELD)

    def _loss(self, node: Node, told: Bools) -> float:
        penalties = [
            s.penalty[rung][finest] for s, rung, finest in zip(self._data.scales, node, self._finest, strict=True)
        ]
        row = np.where(told, np.mean(penalties, axis=0), 1.0)
        return float(np.average(row, weights=self._count)) if len(row) else 1.0


class _Lattice:
    """All combinations of rungs that may still be the best, those that lose less first."""

    def __init__(self, data: Microdata) -> None:
        nodes = np.array(list(product(*(range(len(scale.up)) for scale in data.scales))), dtype=np.int64)
        weights = [[float(penalty[scale.finest].mean()) for penalty in scale.penalty] for scale in data.scales]
        floor = np.mean([np.array(known)[nodes[:, n]] for n, known in enumerate(weights)], axis=0)
        order = np.argsort(floor, kind="stable")
        self.nodes, self._floor = nodes[order], (floor + _TIE * nodes.sum(axis=1))[order]
        self._open = np.ones(len(nodes), dtype=np.bool_)

    def left(self) -> Any:
        """The places of those that may still be."""
        return np.flatnonzero(self._open)

    def tried(self, node: Ints, *, hopeless: bool) -> None:
        """This one is not asked again; nor is any finer one where it is hopeless."""
        finer = (self.nodes <= node).all(axis=1) if hopeless else (self.nodes == node).all(axis=1)
        self._open &= ~finer

    def loses(self, best: float) -> None:
        """Whatever loses as much without leaving out a row is no better."""
        self._open &= self._floor < best


def _confidential(told: Dimension, column: Sequence[str], least: int) -> tuple[Ints, tuple[str, ...]]:
    scale = scale_of(Ladder(told, (told,), (telling_rung(told),)), [column])
    value = scale.up[0][scale.finest]
    many = np.bincount(value, minlength=len(scale.labels[0])) >= least
    up, labels = _numbered([label if kept else OTHER for label, kept in zip(scale.labels[0], many, strict=True)])
    return up[value], labels


def _numbered(names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    labels = tuple(sorted(set(names)))
    place = {label: number for number, label in enumerate(labels)}
    return np.fromiter((place[name] for name in names), np.int64, len(names)), labels


def _penalty(up: Ints, rung: str) -> Floats:
    if rung == ALL:
        return np.ones(len(up))
    among = np.bincount(up)[up] if len(up) else np.zeros(0)
    return np.where(among > 1, among / max(1, len(up)), 0.0)


def _mixed(columns: Sequence[tuple[Ints, int]]) -> Ints:
    """One number for each combination; made small again before it no longer fits."""
    mixed, room = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for codes, size in columns:
        if room * size > _ROOM:
            mixed = _dense(mixed)
            room = int(mixed.max(initial=0)) + 1
        mixed, room = mixed * size + codes, room * size
    return mixed


def _dense(numbers: Ints) -> Ints:
    """The same differences in numbers from 0 on, in the same order."""
    top = int(numbers.max(initial=0)) + 1
    if top > 4 * len(numbers) + 1_000:
        return np.unique(numbers, return_inverse=True)[1].reshape(-1).astype(np.int64)
    seen = np.zeros(top, dtype=np.bool_)
    seen[numbers] = True
    return np.asarray((np.cumsum(seen) - 1)[numbers], dtype=np.int64)
