"""What a training makes of the model: the figures of the house's own records, nobody having told which are the same.

Splink estimates u from pairs at random and m by expectation and maximisation (Dempster, Laird and Rubin, JRSS B 39
(1977)) on pairs that share a birth date, or a name. It knows two answers, one person or two; where brothers share home
and birthday, its m takes them for one. So it goes on from there with the third, two of a household, on every pair that
comes into question: until m, and how likely each answer is, are what the model's own answers bear out. Among pairs at
random some are of one person, which counts where u is small; and a level nobody was seen on keeps a little likelihood.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from regulars.rules.identity.figures_of_model import WITH_THE_NAME
from regulars.rules.identity.model import MODEL, Level, Model, model_of

#: Pairs that share this are looked at to learn how often one person's records differ in the rest.
TRAINED_ON: Final = ("l.birth_on = r.birth_on", "l.family = r.family AND l.given = r.given")
#: So many pairs at random, and so many of each kind above at most.
AT_RANDOM: Final = 1_000_000
OF_A_KIND: Final = 2_000_000
SEED: Final = 1
LEAST_M: Final = 0.0001
ROUNDS: Final = 60
SETTLED: Final = 0.001
#: What the published model says counts as much as so many pairs of one person, and as so many records with others at
#: home: a house with few of either keeps to it.
PAIRS_BEFORE: Final = 30
RECORDS_BEFORE: Final = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """What a model expects of all pairs that come into question: how many are one person, how many one household, and
    of those of one person how many stand on each level of each comparison."""

    same: float
    at_home: float
    levels: Mapping[str, Mapping[str, float]]


def begun(settings: Mapping[str, Any], told: Collection[str]) -> Model:
    """The model of what Splink hands back; comparisons of which nothing is told keep the published figures."""
    found = model_of(settings)
    comparisons = {
        name: _tidied(name, levels) if name in told else MODEL.comparisons[name]
        for name, levels in found.comparisons.items()
    }
    return replace(found, comparisons=comparisons)


def settled(
    begun: Model, told: Collection[str], customers: int, pairs: float, ask: Callable[[Model], Expected]
) -> Model:
    """The model that its own answers bear out: expectation by `ask`, maximisation here, until it moves no more."""
    model = begun
    for _ in range(ROUNDS):
        found = ask(model)
        before, random = model.others_of_own, max(found.same, 1.0) / pairs
        comparisons = {
            name: _moved(name, levels, begun, found, random) if name in told else levels
            for name, levels in model.comparisons.items()
        }
        model = replace(
            model, comparisons=comparisons, others_of_own=random * customers,
            others_at_home=_others(found, customers, pairs),
        )  # fmt: skip
        if abs(model.others_of_own - before) < SETTLED * before:
            break
    return model


def _others(found: Expected, customers: int, pairs: float) -> float:
    """How many others of the household there are to a record, on average."""
    expected = MODEL.others_at_home * RECORDS_BEFORE + found.at_home / pairs * customers * customers
    return expected / (RECORDS_BEFORE + customers)


def _moved(name: str, levels: Mapping[str, Level], begun: Model, found: Expected, random: float) -> dict[str, Level]:
    """m as the pairs of one person have it, beside some of the published model's; u without those pairs."""
    seen, whole = found.levels.get(name, {}), sum(found.levels.get(name, {}).values())
    m = {one: (seen.get(one, 0.0) + PAIRS_BEFORE * MODEL.comparisons[name][one].m) / (whole + PAIRS_BEFORE)
         for one in levels}  # fmt: skip
    u = {one: _without(begun.comparisons[name][one].u, random * m[one], _least_u(name, one)) for one in levels}
    return _with_shares(levels, m, u)


def _tidied(name: str, levels: Mapping[str, Level]) -> dict[str, Level]:
    """Where Splink saw nobody it hands back what it was given."""
    before = MODEL.comparisons[name]
    m = {one: LEAST_M if level.m == before[one].m else max(level.m, LEAST_M) for one, level in levels.items()}
    u = {one: _least_u(name, one) if level.u == before[one].u or (name, one) in WITH_THE_NAME else level.u
         for one, level in levels.items()}  # fmt: skip
    return _with_shares(levels, m, u)


def _least_u(name: str, level: str) -> float:
    """Of nobody in n, 3 in n may still be so (Hanley and Lippman-Hand, JAMA 249 (1983))."""
    before = MODEL.comparisons[name][level].u
    return before if (name, level) in WITH_THE_NAME else min(before, 3 / AT_RANDOM)


def _without(u: float, of_one_person: float, least: float) -> float:
    return max(u - of_one_person, least)


def _with_shares(levels: Mapping[str, Level], m: Mapping[str, float], u: Mapping[str, float]) -> dict[str, Level]:
    whole_m, whole_u = sum(m.values()), sum(u.values())
    return {one: replace(level, m=m[one] / whole_m, u=u[one] / whole_u) for one, level in levels.items()}


def changes(one: Model, other: Model) -> Iterator[tuple[str, str, float, float]]:
    """Comparison, level, bits in the one and in the other, in the model's order."""
    for name, levels in one.comparisons.items():
        for level in levels.values():
            yield name, level.name, level.bits, other.comparisons[name][level.name].bits
