"""Stretches of days, from a first day on and up to, not with, a last: `None` is open on that side.

What is added up over time is added up over stretches that do not overlap, so that nothing counts twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from `since` on and before `until`."""

    since: date = date.min
    until: date = date.max

    def __bool__(self) -> bool:
        return self.since < self.until

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until

    def meet(self, other: "Span") -> "Span":
        """The days of both; empty (false) when there are none.

        >>> bool(Span(date(2026, 1, 1), date(2026, 3, 1)).meet(Span(date(2026, 3, 1))))
        False
        """
        return Span(max(self.since, other.since), min(self.until, other.until))


EVER: Final = Span()


def span(since: date | None, until: date | None) -> Span:
    """The stretch between two days, open where one is not known.

    >>> span(None, date(2026, 3, 1)).since
    datetime.date(1, 1, 1)
    """
    return Span(since or date.min, until or date.max)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in as few stretches as can be, in order; none overlaps or touches another.

    >>> day = [date(2026, 1, n) for n in range(1, 9)]
    >>> len(joined([Span(day[0], day[3]), Span(day[2], day[5]), Span(day[5], day[6]), Span(day[7])]))
    2
    """
    done: list[Span] = []
    for one in sorted(one for one in spans if one):
        if done and one.since <= done[-1].until:
            done[-1] = Span(done[-1].since, max(done[-1].until, one.until))
        else:
            done.append(one)
    return tuple(done)
