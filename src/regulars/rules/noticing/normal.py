"""What somebody normally reads in an hour, learned from her own past hours, and the bounds that follow from it.

Median and median absolute deviation, because one wild hour must not make wild hours normal (Hampel, 1974; the factor
1.4826 makes the deviation comparable to a standard deviation under a normal distribution). Whoever raises her reading
slowly, week by week, still meets the ceiling of her role: what is learned moves the bound between floor and ceiling.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

#: Of the same hour of the week, so many make a normal of their own; else all hours she worked; else her role's.
SAME_HOURS: Final = 4
ANY_HOURS: Final = 8
SPREADS: Final = 6
DEVIATION: Final = 1.4826
LEAST_SPREAD: Final = 0.25
STOP_AT: Final = 2
#: A number or mail address that is tried and leads to nobody counts like so many rows: at a counter most that are
#: typed are somebody's, and who tries them one after another is noticed before she has tried a thousand.
GUESS_WEIGHS: Final = 12


@dataclass(frozen=True, slots=True)
class Amount:
    """What was, or may be, read in an hour: customers' files opened, and rows of lists handed out."""

    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """Slower beyond `slow`, not at all beyond `stop`."""

    slow: Amount
    stop: Amount


@dataclass(frozen=True, slots=True)
class Role:
    """What nobody in a role is slowed down for (`floor`), and what nobody in it reads freely (`ceiling`)."""

    floor: Amount
    ceiling: Amount


ROLES: Final[Mapping[str, Role]] = {
    "service": Role(Amount(60, 10_000), Amount(150, 20_000)),  # a search hands out lines while a name is typed
    "officer": Role(Amount(60, 10_000), Amount(150, 20_000)),
    "steward": Role(Amount(30, 10_000), Amount(100, 50_000)),
    "marketer": Role(Amount(30, 50_000), Amount(100, 500_000)),
    "analyst": Role(Amount(30, 50_000), Amount(100, 500_000)),  # rows that came back; totals of millions are few rows
    "program": Role(Amount(500, 50_000), Amount(5_000, 500_000)),
}
OTHERS: Final = Role(Amount(30, 5_000), Amount(100, 20_000))


def bounds_of(role: str, same_hour: Sequence[Amount], all_hours: Sequence[Amount]) -> Bounds:
    """The bounds for the coming hour, from past hours of the same hour of the week and from all hours she worked.

    >>> bounds_of("service", [], []).slow.files, bounds_of("service", [], []).stop.files
    (60, 120)
    >>> busy = [Amount(20 + n % 3, 0) for n in range(8)]
    >>> bounds_of("service", busy, busy).slow.files, bounds_of("service", [], [Amount(400, 0)] * 9).slow.files
    (60, 150)
    """
    known = ROLES.get(role, OTHERS)
    files = _bound([one.files for one in same_hour], [one.files for one in all_hours], known.floor.files)
    rows = _bound([one.rows for one in same_hour], [one.rows for one in all_hours], known.floor.rows)
    slow = Amount(min(files, known.ceiling.files), min(rows, known.ceiling.rows))
    return Bounds(slow, Amount(STOP_AT * slow.files, STOP_AT * slow.rows))


def _bound(same_hour: Sequence[int], all_hours: Sequence[int], floor: int) -> int:
    learned_from = same_hour if len(same_hour) >= SAME_HOURS else all_hours if len(all_hours) >= ANY_HOURS else ()
    return max(floor, beyond(learned_from)) if learned_from else floor


def beyond(amounts: Sequence[int]) -> int:
    """Where the unusual begins: the median and six robust spreads; a spread is at least a quarter of the median.

    >>> beyond([10, 11, 12, 13, 500])
    30
    """
    middle = median(amounts)
    spread = max(DEVIATION * median(abs(one - middle) for one in amounts), LEAST_SPREAD * middle)
    return round(middle + SPREADS * spread)
