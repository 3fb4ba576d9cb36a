"""Which source is believed where several say different things about a customer.

What belongs together is chosen together: a name with its parts, a place with its postcode. The best source is believed;
what it does not say is filled only from one that contradicts nothing that is believed already. Of allergies all is
believed that anybody says: one too many does no harm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

CONFIRMED, TRUSTED, NEWEST = "confirmed", "trusted", "newest"
#: What counts first, second and third. What somebody confirmed goes before everything.
RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "trusted": (CONFIRMED, TRUSTED, NEWEST),
    "newest": (CONFIRMED, NEWEST, TRUSTED),
}
USUAL_RULE: Final = "trusted"
#: Why a value won beyond the three: nobody else says anything, all say the same, it fills what the best leaves open,
#: nothing tells the two apart and the source that was there first is believed, or all that is said counts.
ONLY, AGREE, FILLS, FIRST, ALL = "only", "agree", "fills", "first", "all"
#: Fields that are chosen together, by what they are together.
TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "given_name", "family_name", "name_sort"),
    "place": ("country", "region", "city", "postcode", "jurisdiction"),
}
_THING: Final = {field: thing for thing, fields in TOGETHER.items() for field in fields}
#: A field that is worked out of another one goes with it.
FOLLOWS: Final[Mapping[str, str]] = {"jurisdiction": "country", "name_sort": "name"}
#: Fields whose values add up: what one source says does not unsay what another did.
ADDS_UP: Final = frozenset({"allergies"})
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Says:
    """What one source says of one thing (field → value, never empty), since when, how far it is trusted (1–5), and when
    somebody confirmed it; `came` are the merges (moment and number) by which it came to be said of this customer."""

    source: int | None
    values: Mapping[str, Any]
    trust: int
    said_at: datetime
    confirmed_at: datetime | None = None
    came: frozenset[tuple[datetime, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value that is believed, whose it is, and why."""

    value: Any
    source: int | None
    why: str


def thing_of(field: str) -> str:
    """What the field is chosen together with.

    >>> thing_of("city"), thing_of("sex")
    ('place', 'sex')
    """
    return _THING.get(field, field)


def fields_of(thing: str) -> tuple[str, ...]:
    """The fields that are chosen together.

    >>> fields_of("sex")
    ('sex',)
    """
    return TOGETHER.get(thing, (thing,))


def choose(says: Sequence[Says], rule: str = USUAL_RULE) -> dict[str, Chosen]:
    """Field → what is believed of it; a field that nobody says, or only somebody who is not believed, is not there.

    >>> till = Says(1, {"city": "Berlin", "postcode": "10115"}, 3, datetime(2026, 3, 1, tzinfo=UTC))
    >>> shop = Says(2, {"city": "Munich"}, 3, datetime(2026, 4, 1, tzinfo=UTC))
    >>> {field: (one.value, one.why) for field, one in choose([till, shop]).items()}
    {'city': ('Munich', 'newest')}
    >>> list(choose([till, Says(2, {"country": "DE"}, 3, datetime(2026, 4, 1, tzinfo=UTC))]))
    ['country', 'city', 'postcode']
    >>> wool = Says(1, {"allergies": "wool"}, 3, datetime(2026, 3, 1, tzinfo=UTC))
    >>> nuts = Says(2, {"allergies": "nuts"}, 2, datetime(2026, 4, 1, tzinfo=UTC))
    >>> choose([wool, nuts])["allergies"]
    Chosen(value='wool; nuts', source=1, why='all')
    """
    ranked = sorted(says, key=lambda one: _rank(one, rule), reverse=True)
    believed: dict[str, Says] = {}
    for one in ranked:
        if not _contradicts(one, believed):
            believed |= {field: one for field in one.values if field not in believed and field not in FOLLOWS}
    believed |= {f: believed[to] for f, to in FOLLOWS.items() if to in believed and f in believed[to].values}
    leader = ranked[0] if ranked else None
    chosen = {
        field: Chosen(one.values[field], one.source, _why(field, one, leader, ranked, rule))
        for field, one in believed.items()
    }
    return chosen | {field: _added_up(field, chosen[field], ranked) for field in ADDS_UP & chosen.keys()}


def all_told(texts: Iterable[str | None]) -> str | None:
    """What any of them says, once, in their order.

    >>> all_told(["wool", "nuts"]), all_told(["wool; nuts", None, "Nuts"]), all_told(["", None])
    ('wool; nuts', 'wool; nuts', None)
    """
    once: dict[str, str] = {}
    for part in (part.strip() for text in texts for part in (text or "").split(";")):
        once.setdefault(part.casefold(), part)
    return "; ".join(part for part in once.values() if part) or None


def words_in(text: str) -> set[str]:
    """What is said in a text of several words.

    >>> sorted(words_in("Wool; nuts"))
    ['nuts', 'wool']
    """
    return {part.strip().casefold() for part in text.split(";") if part.strip()}


def _added_up(field: str, best: Chosen, ranked: Sequence[Says]) -> Chosen:
    """All that is said of the field, the best first; where nobody adds anything, the best as it stands."""
    said = [one for one in ranked if field in one.values]
    stands = [one for n, one in enumerate(said) if not any(_overrules(better, one) for better in said[:n])]
    told = all_told(one.values[field] for one in stands)
    return best if told == all_told([best.value]) else Chosen(told, best.source, ALL)


def _overrules(one: Says, other: Says) -> bool:
    """Whether the one was confirmed when the other had been said already, and of the same person: what came by a merge
    was said of somebody else until then."""
    sure, said = one.confirmed_at, max(other.said_at, other.confirmed_at or _LONG_AGO)
    return sure is not None and said <= sure and all(at < sure for at, _ in one.came ^ other.came)


def best_word(says: Sequence[Says], field: str, rule: str = USUAL_RULE) -> Any:
    """What the best of those says who say anything of the field, whatever is believed beside it; None when nobody does.

    >>> till = Says(1, {"city": "Berlin", "jurisdiction": "EU"}, 3, datetime(2026, 3, 1, tzinfo=UTC))
    >>> best_word([till, Says(2, {"city": "Munich"}, 3, datetime(2026, 4, 1, tzinfo=UTC))], "jurisdiction")
    'EU'
    """
    ranked = sorted((one for one in says if field in one.values), key=lambda one: _rank(one, rule))
    return ranked[-1].values[field] if ranked else None


def _contradicts(one: Says, believed: Mapping[str, Says]) -> bool:
    return any(f in believed and believed[f].values[f] != value for f, value in one.values.items() if f not in FOLLOWS)


def _rank(one: Says, rule: str) -> tuple[Any, ...]:
    """Greater is better; of two that nothing tells apart, the source that was there first."""
    return (*(_worth(one, by) for by in RULES[rule]), -(one.source or 0))


def _worth(one: Says, by: str) -> Any:
    return {CONFIRMED: one.confirmed_at or _LONG_AGO, TRUSTED: one.trust, NEWEST: one.said_at}[by]


def _why(field: str, one: Says, leader: Says | None, ranked: Sequence[Says], rule: str) -> str:
    others = [other for other in ranked if other is not one and field in other.values]
    dissenting = [other for other in others if other.values[field] != one.values[field]]
    if one is not leader:
        return FILLS
    if not dissenting:
        return AGREE if others else ONLY
    return next((by for by in RULES[rule] if _worth(one, by) != _worth(dissenting[0], by)), FIRST)
