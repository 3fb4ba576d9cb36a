"""Did it work? Rates and differences with their intervals, the split checked, a verdict that may say *cannot tell yet*.

- Interval of a rate: E. B. Wilson, Probable inference, JASA 22 (1927) 209-212.
- Interval of a difference of rates: R. G. Newcombe, Interval estimation for the difference between independent
  proportions: comparison of eleven methods, Statistics in Medicine 17 (1998) 873-890, method 10 (hybrid score).
- Looking more than once: K. K. G. Lan and D. L. DeMets, Discrete sequential boundaries for clinical trials, Biometrika
  70 (1983) 659-663: every look spends a part of the error. The n-th spends 2 / (n (n + 1)) of what one look alone has;
  the parts of however many looks add up to less than two.
- Sample ratio mismatch: A. Fabijan et al., Diagnosing sample ratio mismatch in online controlled experiments, KDD 2019;
  Pearson's chi-square, alarm below p = 0.001.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose, sqrt
from statistics import NormalDist
from typing import Final, Literal

from scipy.special import chdtrc

from regulars.rules.permission.errors import BadInput

Verdict = Literal["passed", "failed", "cannot_tell_yet"]
LEVEL: Final = 0.95
MISMATCH_BELOW: Final = 0.001


@dataclass(frozen=True, slots=True)
class Arm:
    """How many were contacted (or held out) and how many of them responded."""

    people: int
    responses: int

    def __post_init__(self) -> None:
        if not 0 <= self.responses <= self.people:
            raise BadInput("responses_out_of_range", {"responses": self.responses, "people": self.people})


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between its limits; nothing is known (None) of nobody, whose limits are the widest there are."""

    value: float | None
    low: float
    high: float

    def holds(self, number: float) -> bool:
        """Whether a number is not ruled out."""
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a test, the code of the sentence that explains it, and the figures it rests on.

    `rate` is the interval of the `look`-th look, held to `level`.
    """

    verdict: Verdict
    code: str
    rate: Interval
    threshold: float
    look: int = 1
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class Ratio:
    """Whether the arms have the sizes they were meant to have: chi-square, its p-value, and the alarm."""

    chi_square: float
    p_value: float
    is_mismatch: bool


def rate(arm: Arm, level: float = LEVEL) -> Interval:
    """The response rate with Wilson's score interval.

    >>> seen = rate(Arm(people=600, responses=29))
    >>> f"{seen.value:.1%} ({seen.low:.1%} to {seen.high:.1%})"
    '4.8% (3.4% to 6.9%)'
    """
    if arm.people == 0:
        return Interval(None, 0.0, 1.0)
    share, z = arm.responses / arm.people, _z(level)
    centre = share + z * z / (2 * arm.people)
    reach = z * sqrt(share * (1 - share) / arm.people + z * z / (4 * arm.people**2))
    low, high = ((centre + side) / (1 + z * z / arm.people) for side in (-reach, reach))
    # At the ends the formula is exact in theory and off by a rounding in practice.
    return Interval(share, 0.0 if arm.responses == 0 else low, 1.0 if arm.responses == arm.people else high)


def difference(one: Arm, other: Arm, level: float = LEVEL) -> Interval:
    """The rate of `one` minus the rate of `other`, with Newcombe's hybrid score interval.

    >>> gain = difference(Arm(people=600, responses=29), Arm(people=412, responses=6))
    >>> f"{gain.value:+.1%} ({gain.low:+.1%} to {gain.high:+.1%})"
    '+3.4% (+1.2% to +5.5%)'
    """
    a, b = rate(one, level), rate(other, level)
    if a.value is None or b.value is None:
        return Interval(None, -1.0, 1.0)
    gain = a.value - b.value
    down = sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    up = sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Interval(gain, gain - down, gain + up)


def decide(test: Arm, threshold: float, *, look: int = 1, level: float = LEVEL) -> Judgement:
    """Whether the response of a test is surely above, surely below, or not yet told apart from a threshold.

    `look` counts how often the test was looked at, this time included; nobody need know beforehand how often it will
    be. The interval is widened from look to look, so that a response that only reaches the threshold is ever called
    passed, at any of the looks, with at most 1 - `level` of a chance; ever called failed likewise.

    >>> decide(Arm(600, 29), 0.03).verdict, decide(Arm(600, 22), 0.03).verdict, decide(Arm(600, 8), 0.03).verdict
    ('passed', 'cannot_tell_yet', 'failed')
    >>> decide(Arm(600, 29), 0.03, look=5).verdict, round(decide(Arm(600, 29), 0.03, look=5).level, 4)
    ('cannot_tell_yet', 0.9967)
    """
    held_to = level_of(look, level)
    seen = rate(test, held_to)
    verdict, code = _verdict(test, seen, threshold)
    return Judgement(verdict, code, seen, threshold, look, held_to)


def level_of(look: int, level: float = LEVEL) -> float:
    """What the interval of the n-th look is held to: wide enough that looking again costs its part of the error.

    >>> [round(level_of(n), 4) for n in (1, 2, 3, 10)]
    [0.95, 0.9833, 0.9917, 0.9991]
    """
    return 1 - 2 * (1 - level) / (look * (look + 1))


def check_split(counts: Mapping[str, int], shares: Mapping[str, float]) -> Ratio:
    """Whether arms of such sizes are likely under the shares they were meant to have.

    >>> check_split({"test": 25, "holdout": 75}, {"test": 0.5, "holdout": 0.5}).is_mismatch
    True
    >>> check_split({"test": 48, "holdout": 52}, {"test": 0.5, "holdout": 0.5}).is_mismatch
    False
    """
    if counts.keys() != shares.keys() or not isclose(sum(shares.values()), 1, abs_tol=1e-9):
        raise BadInput("shares_do_not_fit_arms", {"arms": sorted(counts), "shares": sorted(shares)})
    everyone = sum(counts.values())
    expected = {arm: everyone * share for arm, share in shares.items()}
    if any(counts[arm] and not expected[arm] for arm in counts):
        return Ratio(float("inf"), 0.0, True)
    asked = [arm for arm in counts if expected[arm]]
    chi_square = sum((counts[arm] - expected[arm]) ** 2 / expected[arm] for arm in asked)
    p_value = float(chdtrc(len(asked) - 1, chi_square)) if len(asked) > 1 else 1.0
    return Ratio(chi_square, p_value, p_value < MISMATCH_BELOW)


def cost_per_response(cost_minor: int, arm: Arm, level: float = LEVEL) -> Interval:
    """What one response costs, in minor units; without a response its value is None and its upper limit infinite.

    >>> cost = cost_per_response(144_000, Arm(people=600, responses=29))
    >>> round(cost.value), round(cost.low), round(cost.high)
    (4966, 3501, 7088)
    """
    seen = rate(arm, level)
    dearest = _per(cost_minor, arm.people * seen.low)
    value = cost_minor / arm.responses if arm.responses else None
    return Interval(value, _per(cost_minor, arm.people * seen.high), dearest)


def expected_responses(test: Arm, people: int, level: float = LEVEL) -> Interval:
    """How many of so many further people will respond if they are like those of the test.

    >>> further = expected_responses(Arm(people=600, responses=29), 3104)
    >>> round(further.low), round(further.high)
    (105, 213)
    """
    seen = rate(test, level)
    value = None if seen.value is None else people * seen.value
    return Interval(value, people * seen.low, people * seen.high)


def people_needed(threshold: float, likely: float, level: float = LEVEL) -> int | None:
    """About how many people a test needs before a likely rate can be told from a threshold; None if they are equal.

    >>> people_needed(0.03, 0.048)
    542
    """
    gap = abs(likely - threshold)
    return None if gap == 0 else round((_z(level) / gap) ** 2 * likely * (1 - likely)) or 1


def _verdict(test: Arm, seen: Interval, threshold: float) -> tuple[Verdict, str]:
    if test.people == 0:
        return "cannot_tell_yet", "nobody_asked_yet"
    if seen.low >= threshold:
        return "passed", "lower_limit_reaches_threshold"
    if seen.high < threshold:
        return "failed", "upper_limit_below_threshold"
    return "cannot_tell_yet", "threshold_inside_interval"


def _per(cost_minor: int, responses: float) -> float:
    return cost_minor / responses if responses else float("inf")


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
