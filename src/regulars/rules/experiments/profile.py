"""Who answered, who did not, and what tells them apart.

Every value of every trait is a cell: so many were contacted, so many responded. Its lift is the response rate inside
divided by the rate of everybody else contacted, with the interval of D. Katz et al., Obtaining confidence intervals for
the risk ratio in cohort studies, Biometrics 34 (1978) 469-474 (half a person added to each count where one is nought).
Whether the difference may be chance is R. A. Fisher's exact test (1935); because many cells are looked at, the p-values
become q-values by Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995) 289-300: of the
cells said to tell responders apart, on average no more than the stated share do not.

Cells of fewer than five persons are not shown, nor a single hidden cell that subtraction would give away.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from duckdb import DuckDBPyRelation as Relation
from numpy.typing import NDArray
from scipy.special import gammaln

from regulars.rules.experiments.effect import LEVEL, Arm, Interval, rate
from regulars.rules.segments.fields import Kind, fields_for

SMALLEST: Final = 5
MOST_CELLS: Final = 20
FALSE_DISCOVERIES: Final = 0.05
_BANDED: Final[frozenset[Kind]] = frozenset({"count", "days", "money", "share"})
_AS_IS: Final[frozenset[Kind]] = frozenset({"text", "id", "band"})


@dataclass(frozen=True, slots=True)
class Trait:
    """What is compared: a column by its values, or `is_banded` by fifths of the people."""

    key: str
    column: str
    is_banded: bool = False


class Band(NamedTuple):
    """A stretch of numbers: more than `above`, up to and including `up_to`; None is without end."""

    above: float | None
    up_to: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """The people of one value: how many, their response rate, the lift against all others, and how sure it is.

    `value` is None for those of whom nobody knows. `tells` is whether it tells responders apart, given its `q_value`.
    """

    value: object
    people: int
    responders: int
    rate: Interval
    lift: Interval
    p_value: float
    q_value: float
    tells: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One trait with its cells, largest first; `hidden_people` are in cells too small to show or too many to list."""

    trait: Trait
    cells: tuple[Cell, ...]
    hidden_people: int

    @property
    def q_value(self) -> float:
        """That of its most telling cell; 1 if none is shown."""
        return min((cell.q_value for cell in self.cells), default=1.0)

    @property
    def strength(self) -> float:
        """How far its cells' rates lie apart: Cramér's V of the shown cells, 0 to 1."""
        return cramers_v([(cell.people, cell.responders) for cell in self.cells])


@dataclass(frozen=True, slots=True)
class ResponderProfile:
    """Everybody contacted, and the traits ranked by how surely and how strongly they tell responders apart."""

    people: int
    responders: int
    traits: tuple[Compared, ...]

    @property
    def telling(self) -> tuple[tuple[Trait, Cell], ...]:
        """The cells that tell responders apart, surest first; with equal sureness the stronger lift."""
        found = [(compared.trait, cell) for compared in self.traits for cell in compared.cells if cell.tells]
        return tuple(sorted(found, key=lambda each: (each[1].q_value, -_distance(each[1].lift))))


def traits_for(purpose: str, columns: Collection[str] | None = None) -> tuple[Trait, ...]:
    """The traits of the profile that a purpose may compare; `columns` as for `segments.fields.fields_for`."""
    fields = (field for field in fields_for(purpose, columns) if not field.has_period)
    return tuple(
        Trait(field.key, field.column, field.kind in _BANDED)
        for field in fields
        if field.kind in _BANDED or field.kind in _AS_IS
    )


def responder_profile(people: Relation, traits: Sequence[Trait], *, level: float = LEVEL) -> ResponderProfile:
    """The profile of those who responded among those who were contacted.

    `people` has one row per person contacted: `responded` (boolean) and the columns of the traits.

    >>> import duckdb
    >>> people = duckdb.sql("SELECT 'f' AS sex, i < 30 AS responded FROM range(50) t(i)"
    ...                     " UNION ALL SELECT 'm', i < 10 FROM range(50) t(i)")
    >>> found = responder_profile(people, [Trait("sex", "sex")])
    >>> for cell in found.traits[0].cells:
    ...     print(cell.value, cell.responders, f"{cell.lift.value:.2f} ({cell.lift.low:.2f} to {cell.lift.high:.2f})")
    f 30 3.00 (1.65 to 5.46)
    m 10 0.33 (0.18 to 0.61)
    """
    everyone, responders = people.aggregate("count(*), count(*) FILTER (responded)").fetchall()[0]
    tables = [(trait, *_shown(_counts(people, trait))) for trait in traits]
    compared = [
        Compared(trait, tuple(_cell(each, everyone, responders, level) for each in counts), hidden)
        for trait, counts, hidden in tables
    ]
    return ResponderProfile(everyone, responders, _ranked(_corrected(compared)))


def lift(inside: Arm, outside: Arm, level: float = LEVEL) -> Interval:
    """The rate inside divided by the rate outside, with Katz's interval; without a rate outside it has no value.

    >>> times = lift(Arm(people=100, responses=20), Arm(people=100, responses=10))
    >>> f"{times.value:.1f} ({times.low:.2f} to {times.high:.2f})"
    '2.0 (0.99 to 4.05)'
    """
    if not inside.people or not outside.people:
        return Interval(None, 0.0, inf)
    value = _ratio(inside, outside, 0.0) if outside.responses else None
    # Where a count is nought the logarithm has no variance: half a person is added everywhere.
    added = 0.0 if inside.responses and outside.responses else 0.5
    a, n, b, m = (count + added for count in (inside.responses, inside.people, outside.responses, outside.people))
    spread = NormalDist().inv_cdf((1 + level) / 2) * sqrt(max(0.0, 1 / a - 1 / n + 1 / b - 1 / m))
    middle = log(_ratio(inside, outside, added))
    low = 0.0 if not inside.responses else exp(middle - spread)
    return Interval(value, low, exp(middle + spread) if outside.responses else inf)


def fisher(inside: Arm, outside: Arm) -> float:
    """The two-sided p-value of Fisher's exact test that both respond alike: all tables no likelier than the one seen.

    >>> round(fisher(Arm(people=4, responses=3), Arm(people=4, responses=1)), 4)
    0.4857
    """
    everyone, responders = inside.people + outside.people, inside.responses + outside.responses
    possible = np.arange(max(0, responders - outside.people), min(inside.people, responders) + 1, dtype=np.float64)
    logs = _log_choose(inside.people, possible) + _log_choose(outside.people, responders - possible)
    chances = np.exp(logs - _log_choose(everyone, np.float64(responders)))
    seen = chances[inside.responses - int(possible[0])]
    return float(min(1.0, chances[chances <= seen * (1 + 1e-7)].sum()))


def q_values(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p-values, in the order given.

    >>> [round(q, 4) for q in q_values([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.0533, 0.0533, 0.5]
    """
    if not p_values:
        return []
    given = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(given)[::-1]
    ranks = np.arange(len(given), 0, -1)
    adjusted = np.minimum.accumulate(given[order] * (len(given) / ranks))
    result = np.empty_like(given)
    result[order] = np.minimum(adjusted, 1.0)
    return [float(q) for q in result]


def cramers_v(cells: Iterable[tuple[int, int]]) -> float:
    """Cramér's V (1946) of cells of (people, responders): 0 all respond alike, 1 the cell says it all.

    >>> cramers_v([(10, 10), (10, 0)]), cramers_v([(10, 5), (20, 10)])
    (1.0, 0.0)
    """
    counts = [cell for cell in cells if cell[0]]
    everyone, responders = sum(people for people, _ in counts), sum(answered for _, answered in counts)
    if not 0 < responders < everyone:
        return 0.0
    share = responders / everyone
    chi_square = sum((answered - people * share) ** 2 / (people * share * (1 - share)) for people, answered in counts)
    return sqrt(chi_square / everyone)


class _Count(NamedTuple):
    value: object
    people: int
    responders: int


def _counts(people: Relation, trait: Trait) -> list[_Count]:
    # Fullest first; of equals by value, so that the same people always give the same profile.
    bands = _bands(people, trait) if trait.is_banded else []
    value = _band_sql(trait.column, bands) if trait.is_banded else f'"{trait.column}"'
    rows = people.aggregate(f"{value} AS value, count(*), count(*) FILTER (responded)", value).fetchall()
    found = [_Count(bands[value] if trait.is_banded and value is not None else value, *rest) for value, *rest in rows]
    return sorted(found, key=lambda count: (-count.people, str(count.value)))


def _bands(people: Relation, trait: Trait) -> list[Band]:
    fifths = people.aggregate(f'quantile_disc("{trait.column}", [0.2, 0.4, 0.6, 0.8])').fetchall()[0][0] or []
    points = sorted({float(point) if isinstance(point, float) else int(point) for point in fifths})
    return [Band(low, high) for low, high in zip([None, *points], [*points, None], strict=True)]


def _band_sql(column: str, bands: Sequence[Band]) -> str:
    cases = " ".join(f'WHEN "{column}" <= {band.up_to!r} THEN {n}' for n, band in enumerate(bands[:-1]))
    return f'CASE WHEN "{column}" IS NULL THEN NULL {cases} ELSE {len(bands) - 1} END'


def _shown(counts: Sequence[_Count]) -> tuple[list[_Count], int]:
    """The cells that may be shown, and how many people are in the others: never one to four of them."""
    shown = [count for count in counts if count.people >= SMALLEST][:MOST_CELLS]
    everyone = sum(count.people for count in counts)
    while shown and 0 < everyone - sum(count.people for count in shown) < SMALLEST:
        shown = shown[:-1]
    return shown, everyone - sum(count.people for count in shown)


def _cell(count: _Count, everyone: int, responders: int, level: float) -> Cell:
    inside = Arm(count.people, count.responders)
    outside = Arm(everyone - count.people, responders - count.responders)
    p_value = fisher(inside, outside)
    return Cell(*count, rate(inside, level), lift(inside, outside, level), p_value, 1.0, False)


def _corrected(compared: Sequence[Compared]) -> list[Compared]:
    corrected = iter(q_values([cell.p_value for each in compared for cell in each.cells]))
    return [replace(each, cells=tuple(_with_q(cell, next(corrected)) for cell in each.cells)) for each in compared]


def _with_q(cell: Cell, q_value: float) -> Cell:
    return replace(cell, q_value=q_value, tells=q_value <= FALSE_DISCOVERIES)


def _ranked(compared: Iterable[Compared]) -> tuple[Compared, ...]:
    return tuple(sorted(compared, key=lambda each: (each.q_value, -each.strength, each.trait.key)))


def _ratio(inside: Arm, outside: Arm, added: float) -> float:
    within = (inside.responses + added) / (inside.people + added)
    return within / ((outside.responses + added) / (outside.people + added))


def _distance(times: Interval) -> float:
    return abs(log(times.value)) if times.value else inf


def _log_choose(n: int, k: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    chosen: NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return chosen
