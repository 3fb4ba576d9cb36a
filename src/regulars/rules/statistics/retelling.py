"""Which classes of an extract may be handed to somebody who has files of it already.

Whoever holds two files takes them apart: who left a class, who came, who stayed, whose value changed. So people who
are alike in all they were told as (in which class of which file, and whether their value was then another) are taken
together, as an *atom*. Every class of every file is made of whole atoms, so whatever can be worked out from all files
is about atoms. Each must be fit to be told by itself: enough people, and in each file enough different values. Then
neither subtracting nor intersecting files singles anybody out, whatever else is known of who is where.

After Xiao and Tao, "m-invariance: towards privacy preserving re-publication of dynamic datasets" (SIGMOD 2007), and
Byun et al., "Secure anonymization for incremental datasets" (SDM 2006). A class whose atoms would be too small is not
told anew: what was told of it stands. Nor is one in which nothing happened; so what is missing says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.rules.statistics.counting import Ints


@dataclass(frozen=True, slots=True)
class Handed:
    """One file: numbers by which a person is known again, her class, and her confidential value. Two files give one
    class, and one value, the same number."""

    who: Ints
    group: Ints
    value: Ints

    def only(self, groups: set[int]) -> "Handed":
        """The people of these classes."""
        there = np.isin(self.group, list(groups))
        return Handed(self.who[there], self.group[there], self.value[there])


@dataclass(frozen=True, slots=True)
class FileKept:
    """One file as the ledger holds it: its rungs, what its classes and values are called, and for everybody in it her
    number in this recipient's ledger, her class and her value by their places."""

    rungs: tuple[str, ...]
    classes: tuple[tuple[str, ...], ...]
    values: tuple[str, ...]
    who: Ints
    group: Ints
    value: Ints


def numbered_alike(files: Sequence[FileKept]) -> list[Handed]:
    """The files with one number for each class and each value, whatever place it has in its own file.

    >>> files = [FileKept(("city",), ((city,),), (value,), *(np.array([n]) for n in (7, 0, 0)))
    ...          for city, value in (("Lyon", "gold"), ("Nice", "gold"))]
    >>> [(int(one.group[0]), int(one.value[0])) for one in numbered_alike(files)]
    [(0, 0), (1, 0)]
    """
    groups = _numbers(name for one in files for name in one.classes)
    values = _numbers(name for one in files for name in one.values)
    return [
        Handed(one.who, _named(one.group, one.classes, groups), _named(one.value, one.values, values)) for one in files
    ]


def may_be_told(earlier: Sequence[Handed], new: Handed, *, least: int, variety: int) -> set[int]:
    """The classes of the new file that changed and may be handed out beside the earlier files; their numbers.

    `variety` is 1 where nothing is confidential. In the first file every class of it is new.

    >>> lyon, nobody = np.zeros(30, dtype=np.int64), np.zeros(0, dtype=np.int64)
    >>> first = Handed(np.arange(30), lyon, lyon)
    >>> without_ann = Handed(np.arange(1, 30), lyon[1:], lyon[1:])
    >>> may_be_told([], first, least=10, variety=1), may_be_told([first], without_ann, least=10, variety=1)
    ({0}, set())
    >>> may_be_told([first], Handed(np.arange(12, 30), lyon[12:], lyon[12:]), least=10, variety=1)
    {0}
    """
    known = _Known(earlier, new)
    told = set(map(int, np.unique(new.group))) - known.unchanged()
    while told:
        gone = known.telling(new.only(told), least, variety) & told
        if not gone:
            break
        told -= gone
    return told


def _numbers(names: Iterable[Any]) -> dict[Any, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _named(places: Ints, names: Sequence[Any], numbers: dict[Any, int]) -> Ints:
    table = np.fromiter((numbers[name] for name in names), np.int64, len(names))
    return np.asarray(table[places] if len(names) else places, dtype=np.int64)


class _Known:
    """Everybody in any file, and her atom after the earlier ones."""

    def __init__(self, earlier: Sequence[Handed], new: Handed) -> None:
        self._new = new
        self._earlier = [*earlier]
        self._who = np.unique(np.concatenate([new.who, *(one.who for one in earlier)]))
        self._atom = np.zeros(len(self._who), dtype=np.int64)
        self._last = np.full(len(self._who), -1, dtype=np.int64)
        self._cell = np.zeros((len(self._who), 2), dtype=np.int64) - 1  # the file she was last in, and her class there
        for number, one in enumerate(earlier):
            mine = self._places(one)
            self._atom = self._split(one)
            self._last[mine] = one.value
            self._cell[mine] = np.stack([np.full(len(mine), number), one.group], axis=1)

    def unchanged(self) -> set[int]:
        """Classes of the new file that are told already just so: the same people with the same values."""
        mine, size = self._places(self._new), int(self._new.group.max(initial=-1)) + 1
        file, before = self._cell[mine].T
        same = (file >= 0) & (before == self._new.group) & (self._last[mine] == self._new.value)
        newest, oldest = np.full(size, -1), np.full(size, len(self._earlier))
        np.maximum.at(newest, self._new.group, file)
        np.minimum.at(oldest, self._new.group, file)
        people = np.bincount(self._new.group, minlength=size)
        alike = (np.bincount(self._new.group, weights=~same, minlength=size) == 0) & (newest == oldest) & (people > 0)
        told = [np.bincount(one.group, minlength=size)[:size] for one in self._earlier]
        return {one for one in map(int, np.flatnonzero(alike)) if told[newest[one]][one] == people[one]}

    def telling(self, told: Handed, least: int, variety: int) -> set[int]:
        """Classes that have to go, for an atom that is not fit needs them."""
        atom = self._split(told)
        bad = self._unfit(atom, told, least, variety)
        place = np.full(len(self._who), -1, dtype=np.int64)
        place[self._places(told)] = told.group
        gone = set(map(int, np.unique(place[bad[atom] & (place >= 0)])))
        return gone | self._beside(np.unique(self._atom[bad[atom] & (place < 0)]), place)

    def _beside(self, atoms: Any, place: Ints) -> set[int]:
        """Of each atom that would be taken apart, the class with the fewest of it: without that, what is left grows."""
        there = np.isin(self._atom, atoms) & (place >= 0) & (self._atom > 0)
        pairs, counts = np.unique(np.stack([self._atom[there], place[there]], axis=1), axis=0, return_counts=True)
        order = np.lexsort((pairs[:, 1], counts, pairs[:, 0]))
        _, first = np.unique(pairs[order, 0], return_index=True)
        return set(map(int, pairs[order][first, 1]))

    def _unfit(self, atom: Ints, told: Handed, least: int, variety: int) -> Any:
        """Atoms of too few people, or of too few values in a file; the first is who was told in no file."""
        bad = np.bincount(atom) < least
        for one in (*self._earlier, told):
            mine = atom[self._places(one)]
            _, codes = np.unique(one.value, return_inverse=True)
            pairs = np.unique(np.stack([mine, codes.reshape(-1)], axis=1), axis=0)[:, 0]
            values = np.bincount(pairs, minlength=len(bad))
            bad |= (values > 0) & (values < variety)
        bad[0] = False
        return bad

    def _split(self, one: Handed) -> Ints:
        """Everybody's atom when this file is told, too; 0 stays for who was never told."""
        step = np.zeros(len(self._who), dtype=np.int64)
        mine = self._places(one)
        _, group = np.unique(one.group, return_inverse=True)
        changed = (self._last[mine] >= 0) & (self._last[mine] != one.value)
        step[mine] = 1 + 2 * group.reshape(-1) + changed
        mixed = self._atom * (int(step.max(initial=0)) + 1) + step
        _, atom = np.unique(np.append(mixed, 0), return_inverse=True)  # nobody is 0 when everybody was told
        return np.asarray(atom.reshape(-1)[:-1], dtype=np.int64)

    def _places(self, one: Handed) -> Any:
        return np.searchsorted(self._who, one.who)
