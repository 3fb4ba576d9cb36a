"""What is done with a scored pair: sure, doubtful or not; who belongs together; who of two lists is whose partner.

However likely, nothing is merged here. A sure pair is put before a person as one that only needs a nod, a doubtful one
as one to look into, and what was said to be two persons stays so.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import log2
from typing import Final

from regulars.rules.identity.generations import COMPARISON as GENERATION
from regulars.rules.identity.model import Match

SURE: Final = "sure"
DOUBTFUL: Final = "doubtful"
NOT: Final = "not"
SURE_FROM: Final = 0.99
DOUBTFUL_FROM: Final = 0.2
#: Two who live at one home are proposed as a household from here on.
TOGETHER_FROM: Final = 0.8
#: From here on more speaks for one person than against.
LIKELIER: Final = 0.5

MOST: Final = 20
NEVER: Final = 1e9

#: What brothers do not share, though twins share one of them, and a father and his son another.
HER_OWN: Final = ("given_name", "birth_on", "sex", "reference", GENERATION)
#: One given name, however it is written. Twins share a part of it (晓芳 and 晓红), an initial, all but a letter.
SAME_NAME: Final = frozenset({"same", "same_reading", "swapped", "nickname"})
SAME_DAY: Final = frozenset({"same", "day_month"})
#: While a clerk looks on, it is almost certain from here on.
ALMOST_CERTAIN_FROM: Final = 0.98

#: Two records, the lower id first.
Pair = tuple[int, int]


def verdict(chance: float) -> str:
    """What a pair with this chance of being one person is.

    >>> verdict(0.995), verdict(0.6), verdict(0.01)
    ('sure', 'doubtful', 'not')
    """
    if chance >= SURE_FROM:
        return SURE
    return DOUBTFUL if chance >= DOUBTFUL_FROM else NOT


def judged(match: Match) -> str:
    """What is done with the pair. Sure is only who has the given name and the birth date in common, or a number of her
    own, and nothing of her own that says otherwise: what a household shares is not enough, however much it is.

    >>> from regulars.rules.identity.model import Step
    >>> judged(Match((Step("prior", "", -20), Step("phone", "same", 30), Step("given_name", "part", 2))))
    'doubtful'
    """
    found = verdict(match.probability)
    of = _levels(match)
    hers = of.get("reference") == "same" or of.get("birth_on") in SAME_DAY
    return DOUBTFUL if found == SURE and not (hers and _is_her(of)) else found


def is_almost_certain(match: Match) -> bool:
    """Whether a clerk is told so of somebody who comes into question: likely enough, and the given name or a number of
    her own agrees, and nothing of her own says otherwise. A phone that a family shares is a reason to ask.

    >>> from regulars.rules.identity.model import Step
    >>> phone, given = Step("phone", "same", 30), Step("given_name", "same", 7)
    >>> is_almost_certain(Match((phone,))), is_almost_certain(Match((phone, given)))
    (False, True)
    """
    return match.probability >= ALMOST_CERTAIN_FROM and _is_her(_levels(match))


def _is_her(of: Mapping[str, str]) -> bool:
    against = any(of.get(name) == "other" for name in HER_OWN)
    return not against and (of.get("given_name") in SAME_NAME or of.get("reference") == "same")


def _levels(match: Match) -> dict[str, str]:
    return {step.comparison: step.level for step in match.steps}


def together(chances: Mapping[Pair, float], apart: Collection[Pair] = ()) -> list[frozenset[int]]:
    """Who belongs together, as groups of two and more. The likeliest pairs come first; two groups become one when all
    that is known of pairs between them, added up, speaks for it, and never over two who are known to be `apart`.

    `chances` also tells of pairs that are unlikely; of a pair it does not tell of, nothing is known.

    >>> [sorted(group) for group in together({(1, 2): .9, (2, 3): .8, (4, 5): .7}, apart={(1, 3)})]
    [[1, 2], [4, 5]]
    >>> [sorted(group) for group in together({(1, 2): .9, (2, 3): .8, (1, 3): .01})]
    [[1, 2]]
    """
    weights = {pair: _bits(chance) for pair, chance in chances.items()} | dict.fromkeys(apart, -NEVER)
    group_of: dict[int, set[int]] = {}
    for one, other in sorted(
        (pair for pair, bits in weights.items() if bits > 0), key=lambda pair: (-weights[pair], pair)
    ):
        left, right = (group_of.setdefault(who, {who}) for who in (one, other))
        if left is not right and sum(weights.get(_pair(a, b), 0.0) for a in left for b in right) > 0:
            small, large = sorted((left, right), key=len)
            large |= small
            group_of.update(dict.fromkeys(small, large))
    groups = {id(group): group for group in group_of.values() if len(group) > 1}
    return sorted((frozenset(group) for group in groups.values()), key=min)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _bits(chance: float) -> float:
    """The odds in bits, at most `MOST` either way."""
    least = 2.0**-MOST
    return log2(max(chance, least) / max(1 - chance, least))


def pairs_of(groups: Iterable[Collection[int]]) -> Iterator[Pair]:
    """Every two of a group, group by group."""
    for group in groups:
        ordered = sorted(group)
        yield from ((one, other) for n, one in enumerate(ordered) for other in ordered[n + 1 :])


def partners(chances: Mapping[Pair, float]) -> set[Pair]:
    """Who of one list is whose partner in another, where neither list has anybody twice: each the likeliest for the
    other, and likelier than not.

    >>> sorted(partners({(1, 11): .9, (1, 12): .8, (2, 12): .6, (3, 13): .4}))
    [(1, 11), (2, 12)]
    """
    taken, found = set[int](), set[Pair]()
    for pair in sorted(chances, key=lambda pair: (-chances[pair], pair)):
        if chances[pair] >= LIKELIER and not taken & set(pair):
            found.add(pair)
            taken.update(pair)
    return found
