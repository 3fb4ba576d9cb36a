"""Father and son of one name: what is typed after or before it tells which of the two is meant.

It moves the order of those who come into question and little more: families are not strict about it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.identity.model import Match, Step

COMPARISON: Final = "generation"
SAME: Final = Step(COMPARISON, "same", 3.0)
OTHER: Final = Step(COMPARISON, "other", -4.0)
YOUNGER, ELDER = "younger", "elder"
_SPELLED: Final = {"junior": "jr", "jnr": "jr", "jun": "jr", "senior": "sr", "snr": "sr", "sen": "sr"}
_MEANS: Final = {"jr": YOUNGER, "ii": YOUNGER, "iii": YOUNGER, "iv": YOUNGER, "小": YOUNGER, "sr": ELDER, "老": ELDER}
_AFTER: Final = re.compile(r"[\s,]+([^\W\d_]{2,6})\.?\s*\Z")
_BEFORE: Final = re.compile(r"\A\s*([小老])[㐀-䶿一-鿿]\s*\Z")
#: So many years lie at least between parents and children.
YEARS: Final = 14


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody who comes into question: the whole name, what she is called by (family and given, for comparing), and
    when she was born."""

    name: str
    called: tuple[str, str]
    birth_on: date | None


def generation_in(name: str) -> str:
    """What a name says of father and son: jr, sr, ii, iii, iv, 小, 老, or nothing.

    >>> [generation_in(one) for one in ("John Smith, Jr.", "Smith III", "Junior Smith", "小王", "小芳芳", "Ann Sr")]
    ['jr', 'iii', '', '小', '', 'sr']
    """
    after, before = _AFTER.search(name), _BEFORE.match(name)
    told = after[1].casefold() if after else before[1] if before else ""
    said = _SPELLED.get(told, told)
    return said if said in _MEANS else ""


def step_for(told: Iterable[str], one: Bearer, all_of: Sequence[Bearer]) -> Step | None:
    """What the names that were told say for or against this one, beside the others who come into question.

    A suffix is compared with a suffix. Of who has none, the birth date tells whether another of that name, so much
    younger or older, is meant.

    >>> old, young = (Bearer("John Smith", ("smith", "john"), date(year, 5, 1)) for year in (1950, 1980))
    >>> [step_for(["John Smith Jr."], who, [old, young]).level for who in (old, young)]
    ['other', 'same']
    >>> step_for(["John Smith"], old, [old, young])
    """
    said = next(filter(None, map(generation_in, told)), "")
    known = generation_in(one.name)
    if not said:
        return None
    if known:
        return SAME if known == said else OTHER
    place = _place(one, all_of)
    return None if place is None else SAME if place == _MEANS[said] else OTHER


def are_two(one: str, other: str) -> bool:
    """Whether one name says that it is the father's, or an elder's, and the other that it is the son's.

    >>> are_two("John Smith Jr.", "John Smith Sr."), are_two("John Smith Jr", "John Smith junior")
    (True, False)
    >>> are_two("老王", "王芳"), are_two("老王", "小王")
    (False, True)
    """
    said = generation_in(one), generation_in(other)
    return all(said) and said[0] != said[1]


def aged(match: Match, *, two: bool) -> Match:
    """The match, with a step more where the names say of father and son that they are two.

    >>> aged(Match(()), two=True).bits, aged(Match(()), two=False).bits
    (-4.0, 0)
    """
    return Match((*match.steps, OTHER)) if two else match


def _place(one: Bearer, all_of: Sequence[Bearer]) -> str | None:
    """Whether she is a child's age beside another of the name, or a parent's; None where there is no such other one."""
    born = one.birth_on
    others = [other.birth_on for other in all_of if other.called == one.called and other.birth_on]
    if born is None:
        return None
    apart = {ELDER for other in others if other.year - born.year >= YEARS}
    apart |= {YOUNGER for other in others if born.year - other.year >= YEARS}
    return apart.pop() if len(apart) == 1 else None
