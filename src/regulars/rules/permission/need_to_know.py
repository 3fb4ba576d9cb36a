"""Need to know by assignment: where the privacy officer asks for it, a file opens for a reason somebody else gave.

A role that is asked looks through a view of its own, in which nobody is but whom the log says is being opened. Lists
and the door itself, which decide who that may be, ask through the everyday view.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

ASSIGNED: Final = "assigned"
EVERYDAY: Final = "standard"
#: Roles it can be asked of: those whose everyday view the assigned one is a part of.
ASKABLE: Final = ("service", "steward")
#: What a customer said who stands at the counter or is on the line opens her file for so long.
HERE_FOR: Final = timedelta(minutes=30)
#: So many customers may be said to be here within an hour; a busy counter serves about twenty.
MOST_HERE: Final = 30
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Needed:
    """A role is asked for a given reason: everywhere, or of those who work for that branch."""

    role: str
    branch_id: int | None = None


def is_asked(role: str, branches: Iterable[int], settings: Iterable[Needed]) -> bool:
    """Whether somebody in that role needs a given reason. Who works for several branches needs one as soon as one of
    them asks for it, and who is bound to none works for all: the most restrictive wins.

    >>> hill = [Needed("service", 3)]
    >>> [is_asked("service", places, hill) for places in ([2], [2, 3], [])], is_asked("steward", [3], hill)
    ([False, True, True], False)
    """
    places = set(branches)
    found = [one.branch_id for one in settings if one.role == role]
    return any(branch is None or not places or branch in places for branch in found)


def wider(view: str) -> str:
    """The view through which it is decided whose file may open, and through which one's own list of work is read.

    >>> wider("assigned"), wider("marketing")
    ('standard', 'marketing')
    """
    return EVERYDAY if view == ASSIGNED else view
