"""What may be told of a group: nothing through it that could not be asked of each of its people.

A sum is over those whom the asker could open one by one, and over nobody else; how many it leaves out is not said. A
household of which somebody sees one person alone is not there: it would say that somebody else lives there who is
hidden from her. Who looks through the view of a purpose has no business with single people's money, so there a figure
stands for several people or is left out, of the total as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from regulars.rules.groups.kinds import HOUSEHOLD
from regulars.rules.privacy.views import BY_NAME

#: A figure through the view of a purpose stands for at least so many people.
FEWEST: Final = 5
#: A household is told from so many people on that are seen.
TOGETHER: Final = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """What the people of a group did at one branch in one year: how many people, orders, money in minor units of the
    currency, and meetings (visits, calls, letters). `branch` is None where none was noted."""

    branch: int | None
    year: int
    currency: str
    people: int
    orders: int
    amount_minor: int
    meetings: int = 0


def is_told(kind: str, seen: int) -> bool:
    """Whether a group of that kind is there for somebody who sees so many of its people.

    >>> is_told("household", 1), is_told("household", 2), is_told("company", 0)
    (False, True, True)
    """
    return kind != HOUSEHOLD or seen >= TOGETHER


def fewest(view: str) -> int:
    """Of how many people a figure is at least, through that view.

    >>> fewest("standard"), fewest("marketing")
    (1, 5)
    """
    known = BY_NAME.get(view)
    return FEWEST if known is None or known.allows or known.renewed_keys else 1


def cells_told(cells: Iterable[Cell], view: str) -> list[Cell]:
    """The cells that stand for enough people. A total is the sum of these, so nothing can be subtracted from it."""
    least = fewest(view)
    return [one for one in cells if one.people >= least]
