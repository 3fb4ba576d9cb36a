"""One name in 汉字, in pinyin, and in the letters of Hong Kong or Taiwan: 陳大文, Chen Dawen, Chan Tai Man; 張志明,
Zhang Zhiming, Chang Chih-ming.

Several characters are one syllable there, and the other way about: what comes of it is who may be meant, never who is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product
from typing import Final

from regulars.rules.cleaning.romanised import SURNAMES, SYLLABLES
from regulars.rules.cleaning.scripts import simplified
from regulars.rules.cleaning.surnames import COMPOUND_SURNAMES
from regulars.rules.cleaning.wade_giles import READ, SPELLED
from regulars.rules.cleaning.writing import HAN, readings, surname_reading
from regulars.rules.identity.traits import Called, called, common_readings

MOST_WAYS: Final = 24
LONGEST_GIVEN: Final = 18


def _turned(table: Mapping[str, str], compounds: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Character, or surname of two → how it is spelled."""
    found: dict[str, list[str]] = {}
    for spelled, signs in table.items():
        for sign in (signs,) if signs in compounds else signs:
            found.setdefault(sign, []).append(spelled)
    return found


_FAMILY_SPELLED: Final = _turned(SURNAMES, COMPOUND_SURNAMES)
_GIVEN_SPELLED: Final = _turned(SYLLABLES)


@lru_cache(maxsize=5_000)
def ways_elsewhere(name: Called) -> tuple[Called, ...]:
    """The names somebody called so may stand under where it is written in other letters, at most `MOST_WAYS` by each
    way of writing.

    >>> [(one.family, one.given) for one in ways_elsewhere(called("Chan", "Tai Man"))][:2]
    [('chen', 'dawen'), ('chen', 'damin')]
    >>> ("chan", "taiman") in {(one.family, one.given) for one in ways_elsewhere(called("陳", "大文"))}
    True
    >>> [(one.family, one.given) for one in ways_elsewhere(called("Tsai", "Ing-wen"))]
    [('cai', 'yingwen'), ('zai', 'yingwen')]
    >>> ways_elsewhere(called("Archer", "Ann"))
    ()
    """
    signs = simplified(name.given_written)
    if signs and len(HAN.findall(signs)) == len(signs) <= 2:
        family = simplified(name.family_written)
        spelled = (_GIVEN_SPELLED.get(sign, ()) for sign in signs)
        by_rule = (SPELLED.get(one, ()) for one in readings(signs))
        ways = (*_ways(_FAMILY_SPELLED.get(family, ()), product(*spelled)),
                *_ways(SPELLED.get(surname_reading(family), ()), product(*by_rule)))  # fmt: skip
    elif HAN.search(name.family_written):
        return ()
    else:
        ways = (*_by_ear(name), *_by_rule(name, READ), *_by_rule(name, SPELLED))
    return tuple(one for one in dict.fromkeys(ways) if (one.family, one.given) != (name.family, name.given))


def _by_ear(name: Called) -> tuple[Called, ...]:
    """In pinyin what Hong Kong's letters may stand for, the likeliest first."""
    if name.family not in SURNAMES:
        return ()
    signs = SURNAMES[name.family]
    families = (surname_reading(one).replace(" ", "") for one in ((signs,) if signs in COMPOUND_SURNAMES else signs))
    return _ways(families, (given for apart in _apart(name.given, SYLLABLES) for given in _read(apart)))


def _read(syllables: Iterable[str]) -> Iterator[tuple[str, ...]]:
    yield from product(*(dict.fromkeys(readings(SYLLABLES[one])) for one in syllables))


def _by_rule(name: Called, table: Mapping[str, tuple[str, ...]]) -> tuple[Called, ...]:
    """From Taiwan's letters to pinyin or back, with usual surnames first."""
    families = sorted(table.get(name.family, ()), key=lambda one: one not in common_readings())
    if not families:
        return ()
    return _ways(
        families, (given for apart in _apart(name.given, table) for given in product(*(table[one] for one in apart)))
    )


def _ways(families: Iterable[str], givens: Iterable[Iterable[str]]) -> tuple[Called, ...]:
    """Each family name with each given one; written otherwise than what was told, whatever the letters say."""
    both = product(list(dict.fromkeys(families)), ("".join(one) for one in islice(givens, MOST_WAYS)))
    found = (replace(called(*one), family_written="", given_written="") for one in both)
    return tuple(islice(dict.fromkeys(found), MOST_WAYS))


def _apart(letters: str, table: Collection[str]) -> Iterator[tuple[str, ...]]:
    """A given name of one syllable, or of two."""
    letters = letters[:LONGEST_GIVEN]
    if letters in table:
        yield (letters,)
    yield from (
        (letters[:at], letters[at:]) for at in range(1, len(letters)) if letters[:at] in table and letters[at:] in table
    )
