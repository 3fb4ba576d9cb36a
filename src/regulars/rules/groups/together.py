"""Who lives together, as households: pairs that hang together, no more than a household holds."""

from collections.abc import Collection, Mapping
from typing import Any, Final

#: With more than so many it is no household that a rule should propose.
LARGEST: Final = 8


def households_of(
    pairs: Mapping[tuple[int, int], Any], apart: Collection[tuple[int, int]] = ()
) -> list[frozenset[int]]:  # fmt: skip
    """The people of each household, in the order of the pairs. A pair that would make one too large stands aside, or
    one that would bring two together who are known to live `apart`.

    >>> [sorted(one) for one in households_of({(1, 2): .9, (4, 5): .8, (2, 3): .7})]
    [[1, 2, 3], [4, 5]]
    >>> [sorted(one) for one in households_of({(1, 2): .9, (2, 3): .7}, apart={(1, 3)})]
    [[1, 2]]
    """
    home_of: dict[int, set[int]] = {}
    for one, other in pairs:
        left, right = home_of.setdefault(one, {one}), home_of.setdefault(other, {other})
        if left is not right and len(left) + len(right) <= LARGEST and not _meet(left, right, apart):
            left |= right
            home_of.update(dict.fromkeys(right, left))
    homes = {id(home): home for pair in pairs for home in (home_of[pair[0]], home_of[pair[1]])}
    return [frozenset(home) for home in homes.values() if len(home) > 1]


def _meet(left: set[int], right: set[int], apart: Collection[tuple[int, int]]) -> bool:
    return any((min(one, other), max(one, other)) in apart for one in left for other in right)
