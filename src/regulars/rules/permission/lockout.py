"""How long a name or an address waits after wrong tries at the door: a little, then twice as long each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: So many wrong tries cost nothing. A whole shop signs in from one address, a person under one name.
FREE: Final[Mapping[str, int]] = {"name": 3, "address": 20}
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries in a row, the last of them, and until when the door stays closed."""

    failures: int
    at: datetime
    closed_until: datetime


def wait_after(failures: int, kind: str) -> timedelta:
    """The wait after so many wrong tries in a row under a "name", or from an "address".

    >>> [wait_after(n, "name").seconds for n in (3, 4, 5, 10, 40)]
    [0, 2, 4, 128, 900]
    >>> wait_after(20, "address").seconds, wait_after(21, "address").seconds
    (0, 2)
    """
    beyond = failures - FREE[kind]
    if beyond <= 0:
        return timedelta()
    doubled: int = 1 << min(beyond - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def one_more(so_far: Tries | None, kind: str, *, at: datetime) -> Tries:
    """After one more try that counts as wrong until it has proved right. A day of quiet begins anew.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    >>> one_more(Tries(3, noon, noon), "name", at=noon).closed_until - noon
    datetime.timedelta(seconds=2)
    """
    before = so_far.failures if so_far and at - so_far.at < FORGOTTEN_AFTER else 0
    return Tries(before + 1, at, at + wait_after(before + 1, kind))
