"""The model two records are compared with, and what it says of them: Fellegi and Sunter, JASA 64 (1969).

Comparisons have levels, and for each level it is known how often it is so of two records of one person (m) and of two
persons (u). A weight is log2(m / u), in bits; weights of independent comparisons add, and the sum with that of two
records at random gives the probability. How common a family name is moves its weight: that two Wangs are both called
Wang says less than that two Zhuges are.

Two persons of one household are no two persons at random: name, home and phone agree there as if they were one. A
batch, which glues where live only shows, sets a third answer beside the two: the step `household` is how much of the
odds goes to it, and is never above 0.

The figures are data (`figures_of_model`), in the shape Splink 5 reads, for batch and live path alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import log2, prod
from typing import Any, Final

from regulars.rules.identity.figures_of_model import FAMILIES, HOUSEHOLD, OTHERS_AT_HOME, OTHERS_OF_OWN, RARE, SETTINGS

UNKNOWN: Final = "unknown"
PRIOR: Final = "prior"
AT_HOME: Final = "household"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a comparison; `by_frequency` when the weight depends on how common the value is."""

    name: str
    m: float
    u: float
    by_frequency: bool = False
    least_u: float = 0.0

    @property
    def bits(self) -> float:
        """The weight of a pair on this level, for a value of ordinary frequency."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the waterfall: which comparison, on which level, how many bits it moves the sum."""

    comparison: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Match:
    """What the model says of two records: every step in the model's order, the first being how likely it was before
    anything was compared."""

    steps: tuple[Step, ...]

    @property
    def bits(self) -> float:
        """The match weight: the sum of all steps."""
        return sum(step.bits for step in self.steps)

    @property
    def probability(self) -> float:
        """How likely the two are one person.

        >>> round(Match((Step("prior", "", -20.0), Step("phone", "same", 20.0))).probability, 2)
        0.5
        """
        return float(1 / (1 + 2.0 ** -max(-500.0, min(500.0, self.bits))))

    @property
    def reasons(self) -> tuple[Step, ...]:
        """What speaks for it, the strongest first."""
        told = (step for step in self.steps if step.comparison != PRIOR and step.bits > 0)
        return tuple(sorted(told, key=lambda step: -step.bits))


@dataclass(frozen=True)
class Model:
    """The comparisons with their levels, how likely two records at random are one person, and how common names are.

    How many other records of her own, and of others of her household, a customer has among the customers is what a
    batch begins with."""

    random: float
    comparisons: Mapping[str, Mapping[str, Level]]
    frequencies: Mapping[str, float]
    rare: float
    household: Mapping[str, Mapping[str, float]]
    others_of_own: float
    others_at_home: float

    @cached_property
    def prior(self) -> Step:
        """Where the sum begins."""
        return Step(PRIOR, "", log2(self.random / (1 - self.random)))

    def step(self, comparison: str, level: str, value: str = "") -> Step:
        """The step on that level; `value` is the family name in letters, where its frequency counts.

        >>> MODEL.step("family_name", "same", "zhuge").bits > MODEL.step("family_name", "same", "wang").bits > 0
        True
        """
        found = self._steps[comparison, level]
        return (
            self._by_frequency(comparison, level, value) if value and found.level in self._moving[comparison] else found
        )

    def apart(self, match: Match, customers: int) -> Match:
        """The match with one step more: what it loses to the two being different persons of one household, among so
        many customers.

        >>> alike = Match((MODEL.prior, MODEL.step("family_name", "same"), MODEL.step("address", "home")))
        >>> MODEL.apart(alike, 10_000).bits < alike.bits - 5
        True
        """
        told = [step for step in match.steps if step.comparison != PRIOR and step.level != UNKNOWN]
        as_often = prod(
            self.household[step.comparison][step.level] / self.comparisons[step.comparison][step.level].m
            for step in told
        )
        odds = 1.0 + self.at_home(customers) * as_often * 2.0 ** sum(step.bits for step in told)
        return replace(match, steps=(*match.steps, Step(AT_HOME, "", -log2(odds))))

    def among(self, customers: int) -> Step:
        """Where the sum begins in a batch: how likely two of so many customers are one person."""
        random = min(self.others_of_own / max(customers, 1), 0.5)
        return Step(PRIOR, "", log2(random / (1 - random)))

    def at_home(self, customers: int) -> float:
        """How many pairs at random are of one household, for each that is of none."""
        return self.others_at_home / max(customers, 1)

    def _by_frequency(self, comparison: str, level: str, value: str) -> Step:
        found = self.comparisons[comparison][level]
        common = max(self.frequencies.get(value, self.rare), found.least_u)
        return Step(comparison, level, log2(found.m / common))

    @cached_property
    def _steps(self) -> Mapping[tuple[str, str], Step]:
        """Every step that does not depend on a value, made once: the live path takes hundreds in a millisecond."""
        told = {(name, one.name): one.bits for name, levels in self.comparisons.items() for one in levels.values()}
        return {(name, level): Step(name, level, told.get((name, level), 0.0))
                for name, levels in self.comparisons.items() for level in (UNKNOWN, *levels)}  # fmt: skip

    @cached_property
    def _moving(self) -> Mapping[str, frozenset[str]]:
        """Comparison → the levels whose weight depends on how common the value is."""
        return {
            name: frozenset(one.name for one in levels.values() if one.by_frequency)
            for name, levels in self.comparisons.items()
        }


def model_of(
    settings: Mapping[str, Any],
    frequencies: Mapping[str, float] = FAMILIES,
    others_of_own: float = OTHERS_OF_OWN,
    others_at_home: float = OTHERS_AT_HOME,
) -> Model:
    """The model of Splink's settings and of the share of each family name; of one not among them, `RARE`."""
    comparisons = {one["output_column_name"]: _levels(one["comparison_levels"]) for one in settings["comparisons"]}
    likely = settings["probability_two_random_records_match"]
    return Model(likely, comparisons, frequencies, RARE, HOUSEHOLD, others_of_own, others_at_home)


def _levels(told: list[dict[str, Any]]) -> dict[str, Level]:
    return {
        one["label_for_charts"]: Level(
            one["label_for_charts"], one["m_probability"], one["u_probability"], "tf_adjustment_column" in one,
            one.get("tf_minimum_u_value", 0.0),
        )
        for one in told if not one.get("is_null_level")
    }  # fmt: skip


MODEL: Final = model_of(SETTINGS)
