"""Groups under groups, as they were on each day: who counts to what when, what stands above and below, what may not be.

A group may have stood under another from March on and under a third before. At no moment is there a circle, and a tree
is never higher than `DEEPEST`; so every walk through it ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.groups.kinds import DEEPEST, stands_under
from regulars.rules.groups.spans import EVER, Span, joined

CIRCLE: Final = "group_circle"
TOO_DEEP: Final = "group_too_deep"
WRONG_KIND: Final = "group_cannot_stand_under"
TWO_PARENTS: Final = "group_has_parent_then"
NO_DAYS: Final = "group_no_days"


@dataclass(frozen=True, slots=True)
class Place:
    """A group stood under another on those days."""

    group: int
    parent: int
    when: Span = EVER


@dataclass(frozen=True, slots=True)
class Member:
    """A person belonged to a group on those days."""

    person: int
    group: int
    when: Span = EVER


Spans = tuple[Span, ...]


def below(root: int, places: Iterable[Place]) -> dict[int, Spans]:
    """Every group that ever stood under that one, itself among them, and on which days it did.

    >>> tree = [Place(2, 1), Place(3, 2, Span(date(2026, 3, 1)))]
    >>> below(1, tree)[3] == (Span(date(2026, 3, 1)),)
    True
    """
    found: dict[int, list[Span]] = defaultdict(list)
    _walk(root, EVER, _by(places, "parent"), "group", found)
    return {group: joined(spans) for group, spans in found.items()}


def above(group: int, on: date, places: Iterable[Place]) -> list[int]:
    """The groups it stands under on that day, nearest first; of several equally near the lowest number first."""
    ups, row, path = _by((one for one in places if on in one.when), "group"), [group], list[int]()
    while row := sorted({one.parent for group in row for one in ups[group]} - {group, *path}):
        path += row
    return path


def counted(root: int, places: Sequence[Place], members: Iterable[Member]) -> dict[int, Spans]:
    """Person → the days on which they belonged to that group or to one that then stood under it; each day once.

    >>> moved = [Member(7, 2, Span(until=date(2026, 3, 1))), Member(7, 3, Span(date(2026, 3, 1)))]
    >>> counted(2, [], moved)[7], counted(1, [Place(2, 1), Place(3, 1)], moved)[7] == (EVER,)
    ((Span(since=datetime.date(1, 1, 1), until=datetime.date(2026, 3, 1)),), True)
    """
    under = below(root, places)
    found: dict[int, list[Span]] = defaultdict(list)
    for one in members:
        found[one.person] += [one.when.meet(days) for days in under.get(one.group, ())]
    return {person: spans for person, days in found.items() if (spans := joined(days))}


def why_not_under(new: Place, places: Sequence[Place], kinds: Mapping[int, str]) -> list[str]:
    """Every reason why a group cannot stand there on those days; empty when it can.

    `kinds` are those of all groups in `places` and of the two. At any moment a group has one parent of a kind at most.

    >>> chain = [Place(2, 1)]
    >>> why_not_under(Place(1, 2), chain, {1: "company", 2: "company"})
    ['group_circle']
    """
    reasons = [] if stands_under(kinds[new.group], kinds[new.parent]) else [WRONG_KIND]
    if not new.when:
        reasons.append(NO_DAYS)
    if _has_parent(new, places, kinds):
        reasons.append(TWO_PARENTS)
    if new.group == new.parent or _meets(new.parent, new.group, new.when, places):
        reasons.append(CIRCLE)
    elif _height(new, places) > DEEPEST:
        reasons.append(TOO_DEEP)
    return reasons


def _has_parent(new: Place, places: Iterable[Place], kinds: Mapping[int, str]) -> bool:
    """Whether it stands under one of that kind then; where it stands already, said again, is no other."""
    return any(
        one.group == new.group and kinds[one.parent] == kinds[new.parent] and bool(one.when.meet(new.when))
        for one in places
    )


def _meets(group: int, top: int, when: Span, places: Sequence[Place]) -> bool:
    """Whether the group stands under that other on some of those days."""
    return any(days.meet(when) for days in below(top, places).get(group, ()))


def _height(new: Place, places: Sequence[Place]) -> int:
    """How many groups stand above each other at most, at any moment, when this one stands there."""
    ups, downs = _by(places, "group"), _by(places, "parent")
    return max(
        steps + 2 + _most_steps(new.group, left, downs, "group")
        for steps, left in _paths(new.parent, new.when, ups, "parent")
    )


def _most_steps(group: int, when: Span, edges: Mapping[int, list[Place]], end: str) -> int:
    return max(steps for steps, _ in _paths(group, when, edges, end))


def _paths(group: int, when: Span, edges: Mapping[int, list[Place]], end: str) -> Iterator[tuple[int, Span]]:
    """Every way on from that group and the days on which it is one: (steps, days)."""
    yield 0, when
    for one in edges.get(group, ()):
        if left := when.meet(one.when):
            yield from ((steps + 1, days) for steps, days in _paths(getattr(one, end), left, edges, end))


def _walk(group: int, when: Span, edges: Mapping[int, list[Place]], end: str, found: dict[int, list[Span]]) -> None:
    found[group].append(when)
    for one in edges.get(group, ()):
        if left := when.meet(one.when):
            _walk(getattr(one, end), left, edges, end, found)


def _by(places: Iterable[Place], end: str) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    for one in places:
        found[getattr(one, end)].append(one)
    return found
