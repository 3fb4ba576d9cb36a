"""How fast long work goes, and how much longer it will take, told with its give or take."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

REMEMBERED: Final = 12  # stretches: enough to smooth, few enough to notice that the disk got slower
SURELY: Final = 1.96  # of a normal distribution, 95 of 100 lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Left:
    """Seconds still to go, and by how much that may be wrong (95 of 100 times it is not)."""

    seconds: float
    give_or_take: float


@dataclass(slots=True)
class Pace:
    """Stretches of work as pairs of amount and seconds. Amounts are bytes of a file, or whatever is known in full."""

    stretches: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def note(self, amount: float, seconds: float) -> None:
        """So much was done in so many seconds."""
        if amount > 0 and seconds > 0:
            self.stretches.append((amount, seconds))

    def left(self, amount: float, *, afterwards: float = 0.0) -> Left | None:
        """How long `amount` more will take at this pace; None before there is any. `afterwards` is a share on top.

        >>> pace = Pace()
        >>> pace.note(100, 2.0); pace.note(100, 2.0)
        >>> pace.left(300)
        Left(seconds=6.0, give_or_take=0.0)
        """
        if not self.stretches:
            return None
        rates = [seconds / done for done, seconds in self.stretches]
        per_unit = sum(seconds for _, seconds in self.stretches) / sum(done for done, _ in self.stretches)
        size = sum(done for done, _ in self.stretches) / len(self.stretches)
        error = _spread(rates, per_unit) * math.sqrt(max(amount, 0.0) * size) + _doubt(rates, per_unit) * max(
            amount, 0.0
        )
        return Left(amount * per_unit * (1 + afterwards), error * SURELY * (1 + afterwards))


def _spread(rates: Sequence[float], mean: float) -> float:
    """How much single stretches differ: the standard deviation of seconds per unit."""
    if len(rates) < 2:
        return mean / 2
    return math.sqrt(sum((rate - mean) ** 2 for rate in rates) / (len(rates) - 1))


def _doubt(rates: Sequence[float], mean: float) -> float:
    """How far the mean itself may be off."""
    return _spread(rates, mean) / math.sqrt(len(rates))
