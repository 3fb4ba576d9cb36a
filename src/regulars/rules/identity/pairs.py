"""Two records that may be one person: which two, what the model says, and when a person has to look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.rules.identity.model import Match, Step


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two customers, by id in any order, and what the model says of them."""

    one: int
    other: int
    match: Match

    @property
    def ids(self) -> tuple[int, int]:
        """The lower id first.

        >>> DoubtfulPair(7, 3, Match(())).ids
        (3, 7)
        """
        return in_order(self.one, self.other)


def in_order(one: int, other: int) -> tuple[int, int]:
    """The two ids, the lower first."""
    return (one, other) if one < other else (other, one)


def steps_as_told(match: Match) -> list[list[Any]]:
    """The waterfall as lists, as JSON keeps it.

    >>> steps_as_told(Match((Step("phone", "same", 11.51234),)))
    [['phone', 'same', 11.512]]
    """
    return [[step.comparison, step.level, round(step.bits, 3)] for step in match.steps]


def match_told(steps: Iterable[Sequence[Any]]) -> Match:
    """The waterfall again.

    >>> match_told([["phone", "same", 11.5]]).bits
    11.5
    """
    return Match(tuple(Step(str(comparison), str(level), float(bits)) for comparison, level, bits in steps))
