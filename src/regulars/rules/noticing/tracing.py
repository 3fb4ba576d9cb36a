"""From which export a list comes, judged by who is in it, in which order, and whether somebody invented is among them.

A decoy stands in one export only, so her number is enough; her name only where half of the list was in that export, for
somebody elsewhere may bear it. Pairs of neighbours that both survive stand as the export had them
or not; in any other export's order it is a coin's toss for each, so the chance of so many agreeing is a tail of the
binomial distribution, times the number of exports that were compared (Bonferroni). Who is in a list says least: many
lists hold the same people. What it says of them in figures tells exports of different days apart, and makes none sure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import comb, exp, log
from typing import Final

#: Of a million lists that have nothing to do with an export, one is taken for it by its order.
SURE_BELOW: Final = 1e-6
LIKELY_BELOW: Final = 1e-3
#: So much of a list must be in an export for it to be named at all.
LEAST_SHARE: Final = 0.5
COUNTED_EXACTLY: Final = 400
HALF: Final = 0.5
CERTAIN, LIKELY, POSSIBLE = "certain", "likely", "possible"
ORDER: Final = (CERTAIN, LIKELY, POSSIBLE)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a list and an export have in common: of `asked` rows so many were in it; pairs of neighbours and how many
    of them still stand in its order; decoys of that export, and how many of these are known by their names alone.

    `fit` is how well the list's figures are those the export said (see `figures`); None where it has none left, or the
    export said none."""

    export: int
    asked: int
    shared: int
    pairs: int
    agreeing: int
    decoys: int
    by_name: int = 0
    fit: float | None = None


@dataclass(frozen=True, slots=True)
class Suspect:
    """An export a list may come from: `certain`, `likely` or `possible`, and on what grounds."""

    overlap: Overlap
    verdict: str
    chance: float

    @property
    def share(self) -> float:
        """How much of the list was in the export, decoys included."""
        held = self.overlap.shared + self.overlap.decoys
        return held / self.overlap.asked if self.overlap.asked else 0.0


def agreement(places: Sequence[int]) -> tuple[int, int]:
    """Of a list's rows, given by their places in an export: how many pairs of neighbours survive, how many in order.

    >>> agreement([0, 1, 3, 2, 7, 4])
    (2, 1)
    """
    where = {place: n for n, place in enumerate(places)}
    pairs = [(place, place + 1) for place in where if place % 2 == 0 and place + 1 in where]
    return len(pairs), sum(where[first] < where[second] for first, second in pairs)


def chance_of(agreeing: int, pairs: int) -> float:
    """How likely so many pairs agree, or more, where each is the toss of a coin; of very many pairs an upper bound
    (Chernoff, 1952).

    >>> chance_of(20, 20) < 1e-6, chance_of(0, 0), round(chance_of(5, 10), 3)
    (True, 1.0, 0.623)
    """
    if pairs <= COUNTED_EXACTLY:
        tail = sum(comb(pairs, n) for n in range(agreeing, pairs + 1))
        return float(tail / 2**pairs)
    share = agreeing / pairs
    if share <= HALF:
        return 1.0
    rest = (1 - share) * log(2 * (1 - share)) if share < 1 else 0.0
    return exp(-pairs * (share * log(2 * share) + rest))


def suspects(overlaps: Sequence[Overlap]) -> list[Suspect]:
    """The exports a list may come from, the surest first; among the possible those whose figures the list says."""
    judged = [_judged(one, len(overlaps)) for one in overlaps]
    named = [one for one in judged if one.verdict != POSSIBLE or one.share >= LEAST_SHARE]
    return sorted(named, key=_rank)


def _rank(one: Suspect) -> tuple[float, ...]:
    fit = HALF if one.overlap.fit is None else one.overlap.fit
    sure = one.chance if one.verdict != POSSIBLE else 0.0  # the coins of an order that says nothing rank nobody
    return ORDER.index(one.verdict), -one.overlap.decoys, sure, -fit, -one.share


def _judged(one: Overlap, compared: int) -> Suspect:
    chance = min(1.0, chance_of(one.agreeing, one.pairs) * max(1, compared))
    known = Suspect(one, CERTAIN, chance)
    if one.decoys > one.by_name or (one.decoys and known.share >= LEAST_SHARE) or chance < SURE_BELOW:
        return known
    return Suspect(one, LIKELY if chance < LIKELY_BELOW else POSSIBLE, chance)


MAY: Final = "may"
MUST_GO: Final = "must_go"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an old file: its number in the file, what it was known by, and "may" or why it must go; "must_go"
    for whom is not told why."""

    line: int
    known_by: str
    answer: str


def recheck_rows(
    rows: Sequence[tuple[int, str, Sequence[int]]],
    state: str,
    there: Mapping[int, bool],
    *,
    unsure: Collection[int] = (),
    tells: bool = True,
) -> list[Row]:
    """For every row (line, what it says, the places it may have had) whether it may still be used; whatever is not
    certain, not: of namesakes all must be there.

    `state` is "" for an export that stands, else why none of its rows may be used; `there` says for each place of the
    export whether its person is still shown. Lines that are `unsure` may be about somebody nobody knows the name of any
    more. Without `tells` nobody learns who was in the export and said no since.

    >>> rows, there = [(2, "C-1", [0]), (3, "C-2", [1]), (4, "?", []), (5, "Ann", [0, 1])], {0: True, 1: False}
    >>> [one.answer for one in recheck_rows(rows, "", there)]
    ['may', 'person_closed', 'not_in_export', 'person_closed']
    >>> [one.answer for one in recheck_rows(rows, "", {0: True, 1: True}, unsure={5})]
    ['may', 'may', 'not_in_export', 'not_certain']
    >>> [one.answer for one in recheck_rows(rows, "", there, tells=False)]
    ['may', 'must_go', 'must_go', 'must_go']
    >>> recheck_rows(rows, "export_expired", there)[0].answer
    'export_expired'
    """
    return [
        Row(line, known, state or _answer(places, there, sure=line not in unsure, tells=tells))
        for line, known, places in rows
    ]


def _answer(places: Sequence[int], there: Mapping[int, bool], *, sure: bool, tells: bool) -> str:
    may = bool(places) and all(there.get(place) for place in places)
    if may and sure:
        return MAY
    if not tells:
        return MUST_GO
    return "not_certain" if may else "person_closed" if places else "not_in_export"
