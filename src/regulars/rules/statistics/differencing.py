"""What all the answers one recipient has had tell together, and which new one would tell about too few.

Every figure told is a sum over a set of people. Whoever holds several can add and subtract them in any way; what comes
out is a sum over the people whose numbers do not cancel out. So the question is one of linear algebra: is there a
combination of the sets that cancels out for all but a few people, and not for these?

People who are in the same told sets are one *atom*: no combination tells them apart. A combination over fewer than
`least` people is made of small atoms only. Restricted to the large atoms it is nothing: a row of the left kernel of
"told sets × large atoms" (Chin and Özsoyoğlu 1982, for one person; here for fewer than `least`). Whatever of that
kernel is not nothing on the small atoms has to rest on enough people together, or a set has to go.

Reckoned modulo a prime, so exactly and without rounding; wrong only where the prime divides a determinant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from regulars.rules.statistics.counting import Ints, first_two

PRIME: Final = 2_147_483_647
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: the finest cell everybody in it was in, and of which finest cells each figure told is made.

    `who` are numbers by which the same person is known again in another answer, `amount` what everybody adds to a sum
    of money (nothing where people alone are counted).
    """

    who: Ints
    leaf: Ints
    amount: Ints
    figures: tuple[tuple[int, ...], ...]


def too_telling(
    earlier: Sequence[Told], new: Told, *, least: int, percent: int = 0, first_to_go: Sequence[int] = ()
) -> set[int]:
    """Which figures of the new answer (by their place) must not be told, for together with earlier ones they would
    tell about fewer than `least` people, or, where money is summed, about one big buyer (the p% rule).

    Of the figures a telling combination needs, the one goes that comes first in `first_to_go`.

    >>> nobody_pays = lambda n: np.zeros(n, dtype=np.int64)
    >>> paris, without_ann = np.arange(20), np.arange(1, 20)
    >>> before = Told(paris, np.zeros(20, int), nobody_pays(20), ((0,),))
    >>> too_telling([before], Told(without_ann, np.zeros(19, int), nobody_pays(19), ((0,),)), least=10)
    {0}
    >>> too_telling([before], Told(np.arange(10), np.zeros(10, int), nobody_pays(10), ((0,),)), least=10)
    set()
    """
    rank = {place: number for number, place in enumerate(first_to_go)}
    gone = set[int]()
    while True:
        telling = [one for one in _leaks(_system(earlier, new, gone), least, percent) if one]
        if not telling:
            return gone
        gone |= {min(one, key=lambda place: rank.get(place, place)) for one in telling}


@dataclass(frozen=True, slots=True)
class _System:
    """Told sets × atoms, how many people and what money an atom has, and which place in the new answer a row has."""

    rows: Bools
    people: Ints
    money: tuple[Ints, Ints, Ints]
    places: tuple[int, ...]


def _system(earlier: Sequence[Told], new: Told, gone: set[int]) -> _System:
    answers = [*earlier, new]
    figures = [*(list(range(len(one.figures))) for one in earlier)]
    figures.append([place for place in range(len(new.figures)) if place not in gone])
    marks = [_marks(one, kept) for one, kept in zip(answers, figures, strict=True)]
    atom, member = _atoms(answers, [mark for mark, _ in marks])
    rows = [known[:, member[:, place]] for place, (_, known) in enumerate(marks)]
    places = [-1] * sum(len(kept) for kept in figures[:-1]) + figures[-1]
    return _System(np.concatenate(rows), *_weights(answers, atom, member.shape[0]), tuple(places))


def _marks(answer: Told, kept: Sequence[int]) -> tuple[Ints, Bools]:
    """For each finest cell the pattern of told figures it is in, and figures × patterns. Pattern 0 is: in none."""
    size = int(answer.leaf.max(initial=-1)) + 1
    size = max([size, *(leaf + 1 for place in kept for leaf in answer.figures[place])])
    inside = np.zeros((len(kept), size + 1), dtype=bool)  # the last is: not in this answer
    for row, place in enumerate(kept):
        inside[row, list(answer.figures[place])] = True
    patterns, mark = np.unique(inside.T, axis=0, return_inverse=True)
    return mark.reshape(-1).astype(np.int64), patterns.T


def _atoms(answers: Sequence[Told], marks: Sequence[Ints]) -> tuple[Ints, Ints]:
    """For everybody who was ever counted her atom, and for each atom its pattern in every answer."""
    everybody = np.unique(np.concatenate([one.who for one in answers]))
    label = np.zeros(len(everybody), dtype=np.int64)
    seen = []
    for one, mark in zip(answers, marks, strict=True):
        mine = np.full(len(everybody), mark[-1])
        mine[np.searchsorted(everybody, one.who)] = mark[one.leaf]
        seen.append(mine)
        label = np.unique(label * (len(mark) + 1) + mine, return_inverse=True)[1].reshape(-1)
    _, first = np.unique(label, return_index=True)
    return label, np.stack([mine[first] for mine in seen], axis=1)


def _weights(answers: Sequence[Told], atom: Ints, atoms: int) -> tuple[Ints, tuple[Ints, Ints, Ints]]:
    """People of each atom; their money, and what the first and second of them add to it."""
    everybody = np.unique(np.concatenate([one.who for one in answers]))
    amount = np.zeros(len(everybody), dtype=np.int64)
    for one in answers:
        amount[np.searchsorted(everybody, one.who)] = np.abs(one.amount)
    sums = np.zeros(atoms, dtype=np.int64)
    np.add.at(sums, atom, amount)
    return np.bincount(atom, minlength=atoms).astype(np.int64), (sums, *first_two(atom, amount, atoms))


def _leaks(system: _System, least: int, percent: int) -> Iterator[list[int]]:
    """For each combination that rests on too little: the places of the new figures it needs."""
    large = _broad(system.people, *system.money, least, percent)
    kernel = _left_kernel(system.rows[:, large].astype(np.int64))
    small = np.flatnonzero(~large)
    combined = (kernel @ system.rows[:, small].astype(np.int64)) % PRIME
    combined, needs = _reduced(combined, kernel)
    for covered, group in _apart(combined != 0):
        if len(group) > 1 or not _rests_on_enough(system, small[covered], least, percent):
            yield from (_new_among(system, needs[one]) for one in group)


def _new_among(system: _System, needs: Ints) -> list[int]:
    """Which of the new figures a combination needs."""
    return [system.places[row] for row in np.flatnonzero(needs) if system.places[row] >= 0]


def _rests_on_enough(system: _System, atoms: Ints, least: int, percent: int) -> bool:
    """Whether those atoms together are enough people, with nobody among them who is most of the money."""
    total, first, second = (one[atoms] for one in system.money)
    biggest = np.sort(np.concatenate([first, second]))[::-1]
    people, money = system.people[atoms].sum(), total.sum()
    return bool(_broad(people, money, biggest[0], biggest[1], least, percent))


def _broad(people: Any, total: Any, first: Any, second: Any, least: int, percent: int) -> Any:
    """Enough people; and the p% rule, as in `fewness.is_dominated`, for numbers and for columns of them."""
    return (people >= least) & (100 * (total - first - second) >= percent * first)


def _left_kernel(matrix: Ints) -> Ints:
    """A basis of the combinations of rows that are nothing everywhere."""
    work = np.concatenate([matrix % PRIME, np.eye(len(matrix), dtype=np.int64)], axis=1)
    left = np.arange(len(matrix))
    for column in range(matrix.shape[1]):
        candidates = left[work[left, column] != 0]
        if not candidates.size:
            continue
        pivot = int(min(candidates, key=lambda row: np.count_nonzero(work[row])))
        _clear(work, pivot, column, candidates[candidates != pivot])
        left = left[left != pivot]
    return work[left][:, matrix.shape[1] :]


def _reduced(combined: Ints, needs: Ints) -> tuple[Ints, Ints]:
    """Those that are something, in reduced row echelon form, and the same done to what they are combined of."""
    width = combined.shape[1]
    work = np.concatenate([combined, needs], axis=1).astype(np.int64)
    done: list[int] = []
    for column in range(width):
        rows = np.flatnonzero(work[:, column])
        free = [int(row) for row in rows if row not in done]
        if free:
            done.append(free[0])
            _clear(work, free[0], column, rows[rows != free[0]])
    return work[done][:, :width], work[done][:, width:]


def _clear(work: Ints, pivot: int, column: int, rows: Ints) -> None:
    """The column is nothing in these rows."""
    work[pivot] = work[pivot] * pow(int(work[pivot, column]), PRIME - 2, PRIME) % PRIME
    work[rows] = (work[rows] - work[rows, column][:, None] * work[pivot][None, :] % PRIME) % PRIME


def _apart(supports: Bools) -> Iterator[tuple[Bools, list[int]]]:
    """Rows in groups that share no column with each other: what a group covers, and its rows."""
    waiting = list(range(len(supports)))
    while waiting:
        group = [waiting.pop(0)]
        covered = supports[group[0]].copy()
        while joined := [row for row in waiting if (supports[row] & covered).any()]:
            group += joined
            waiting = [row for row in waiting if row not in joined]
            covered |= supports[joined].any(axis=0)
        yield covered, group
