"""One name in 汉字, in pinyin and in the letters of Hong Kong: 陳大文, Chen Dawen, Chan Tai Man.

By ear several characters are one syllable there, and the other way about: what comes of it is who may be meant, never
who is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product
from typing import Final

from regulars.rules.cleaning.romanised import SURNAMES, SYLLABLES
from regulars.rules.cleaning.scripts import simplified
from regulars.rules.cleaning.surnames import COMPOUND_SURNAMES
from regulars.rules.cleaning.writing import HAN, readings, surname_reading
from regulars.rules.identity.traits import Called, called

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
    """The names somebody called so may stand under where it is written in other letters, at most `MOST_WAYS`.

    >>> [(one.family, one.given) for one in ways_elsewhere(called("Chan", "Tai Man"))][:2]
    [('chen', 'dawen'), ('chen', 'damin')]
    >>> ("chan", "taiman") in {(one.family, one.given) for one in ways_elsewhere(called("陳", "大文"))}
    True
    >>> ways_elsewhere(called("Archer", "Ann"))
    ()
    """
    signs = simplified(name.given_written)
    if signs and len(HAN.findall(signs)) == len(signs) <= 2:
        spelled = (_GIVEN_SPELLED.get(sign, ()) for sign in signs)
        return _ways(_FAMILY_SPELLED.get(simplified(name.family_written), ()), product(*spelled))
    if name.family not in SURNAMES or HAN.search(name.family_written):
        return ()
    signs = SURNAMES[name.family]
    of_two = signs in COMPOUND_SURNAMES
    families = (surname_reading(one).replace(" ", "") for one in ((signs,) if of_two else signs))
    return _ways(families, _read(name.given))


def _ways(families: Iterable[str], givens: Iterable[Iterable[str]]) -> tuple[Called, ...]:
    """Each family name with each given one; written otherwise than what was told, whatever the letters say."""
    both = product(list(dict.fromkeys(families)), ("".join(one) for one in islice(givens, MOST_WAYS)))
    found = (replace(called(*one), family_written="", given_written="") for one in both)
    return tuple(islice(dict.fromkeys(found), MOST_WAYS))


def _read(letters: str) -> Iterator[tuple[str, ...]]:
    """In pinyin what the syllables may stand for, the likeliest first."""
    for syllables in _apart(letters[:LONGEST_GIVEN], 2):
        yield from product(*(dict.fromkeys(readings(SYLLABLES[one])) for one in syllables))


def _apart(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    if letters in SYLLABLES:
        yield (letters,)
    if most > 1:
        for at in range(1, len(letters)):
            if letters[:at] in SYLLABLES:
                yield from ((letters[:at], *rest) for rest in _apart(letters[at:], most - 1))
