"""How names are written: characters and letters, honorifics and particles, and the keys they are sorted and found by.

A Chinese surname is one character or one of the compound ones; its reading follows surname tradition, not the
dictionary's first reading (单 is Shan, not dan).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from regulars.rules.cleaning.pinyin import syllables
from regulars.rules.cleaning.surnames import COMPOUND_SURNAMES, SURNAME_READINGS

HAN: Final = re.compile(r"[㐀-䶿一-鿿\uf900-\ufaff〇]")
ALL_HAN: Final = re.compile(r"[㐀-䶿一-鿿\uf900-\ufaff〇·・]+\Z")
SPACES: Final = re.compile(r"\s+")
HONORIFICS: Final = {
    "mr": "Mr", "mister": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mx": "Mx", "dr": "Dr", "doctor": "Dr",
    "prof": "Prof", "professor": "Prof", "sir": "Sir", "dame": "Dame", "herr": "Herr", "frau": "Frau", "m": "M",
    "mme": "Mme", "mlle": "Mlle",
}  # fmt: skip
HAN_HONORIFICS: Final = ("先生", "女士", "小姐", "太太", "夫人", "老师", "博士", "教授", "医生", "同志")
SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "phd", "md", "mba"})
#: Letters that Unicode does not take apart into a plain one and an accent.
PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "‘": "'", "ʼ": "'"}
)
UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
JOINERS: Final = "\u200c\u200d"  # between letters of Persian and between the signs of one emoji they mean something
ASIDE: Final = re.compile(r"[（(【\[].*?[)）】\]]")
PARTICLES: Final = frozenset(
    {"van", "von", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le", "ten", "ter", "bin", "al"}
)

#: Somebody may be called so herself.
GIVEN_TOO: Final = frozenset({"al", "bin", "la", "du", "da"})


def name_parts(text: str) -> tuple[str, str]:
    """(family, given) of a whole name, as a search or a comparison reads it; what is kept of one is for `names` to say.

    >>> name_parts("欧阳芳女士"), name_parts("van der Berg, Dr. Ann"), name_parts("Ann Archer Jr.")
    (('欧阳', '芳'), ('van der Berg', 'Ann'), ('Archer', 'Ann'))
    >>> name_parts("Berg, Maria van der")
    ('van der Berg', 'Maria')
    """
    plain = tidy(text)
    bare = tidy(ASIDE.sub(" ", plain)) or plain
    close = bare.replace(" ", "")
    return _chinese(close) if ALL_HAN.match(close) else _western(bare)


def tidy(text: str) -> str:
    """Spaces put in order; control characters and half-width oddities gone.

    >>> tidy("  Ann　 Archer ")
    'Ann Archer'
    """
    printable = "".join(c if c.isprintable() or c in JOINERS else " " for c in text)
    return SPACES.sub(" ", printable).strip()


def sort_key(family: str, given: str) -> str:
    """Family first, in small Latin letters; Chinese by pinyin.

    >>> sort_key("单", "雄信"), sort_key("Müller", "Änne")
    ('shan xiong xin', 'muller anne')
    """
    return plain_letters(f"{surname_reading(family)} {' '.join(readings(given))}".strip())


def plain_letters(text: str) -> str:
    """Small letters without accents, so that lists and searches do not depend on who typed.

    >>> plain_letters("Løvås"), plain_letters("Çağrı")
    ('lovas', 'cagri')
    """
    if text.isascii():
        return text.lower()
    return _bare(_bare(text).casefold().translate(PLAIN))


def _bare(text: str) -> str:
    """Every letter as the plain one it stands for, its accents gone; capitals stay."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def umlauts_spelled_out(text: str) -> str:
    """Small letters with ä as ae, ö as oe, ü as ue — how Germans write where the keyboard has no umlauts.

    >>> umlauts_spelled_out("Müller")
    'mueller'
    """
    return plain_letters(unicodedata.normalize("NFC", text.casefold()).translate(UMLAUTS))


def readings(text: str) -> list[str]:
    """The words of a name in small Latin letters: each Chinese character its pinyin, other words as they are.

    >>> readings("芳芳 Li")
    ['fang', 'fang', 'li']
    """
    parts = re.findall(r"[㐀-䶿一-鿿\uf900-\ufaff〇]|[^\s㐀-䶿一-鿿\uf900-\ufaff〇]+", text)
    return [_reading(part) if HAN.match(part) else part.casefold() for part in parts]


@lru_cache(maxsize=30_000)
def _reading(character: str) -> str:
    return syllables(character)[0]


@lru_cache(maxsize=10_000)
def surname_reading(family: str) -> str:
    """How a family name is read, in small letters: 单 is shan.

    >>> surname_reading("尉迟"), surname_reading("Archer")
    ('yu chi', 'archer')
    """
    return SURNAME_READINGS.get(family) or " ".join(readings(family))


def family_starts(words: Sequence[str]) -> int:
    """Where the family name begins: the last word, with the particles before it.

    >>> family_starts(["Maria", "de", "la", "Cruz"]), family_starts(["Ann"]), family_starts(["van", "den", "Berg"])
    (1, 1, 0)
    """
    if len(words) < 2:
        return len(words)
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    return 0 if at == 1 and len(words) > 2 and words[0].casefold() in PARTICLES - GIVEN_TOO else at


def particles_behind(words: Sequence[str]) -> int:
    """How many words at the end are the particles of a family name that stands before: Berg, Maria van der.

    >>> particles_behind(["Maria", "van", "der"]), particles_behind(["van"]), particles_behind(["Ann", "Al"])
    (2, 0, 0)
    """
    at = len(words)
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    while at < len(words) and words[at].casefold() in GIVEN_TOO:
        at += 1
    return len(words) - at


def with_dot(name: str) -> tuple[str, str]:
    """(family, given) of a foreign name in Chinese characters, which has a dot between them; empty where there is none.

    >>> with_dot("约翰·史密斯"), with_dot("王芳")
    (('史密斯', '约翰'), ('', ''))
    """
    given, dot, family = name.replace("・", "·").rpartition("·")
    return (family, given) if dot else ("", "")


def _chinese(text: str) -> tuple[str, str]:
    honorific = next((one for one in HAN_HONORIFICS if text.endswith(one) and len(text) > len(one)), "")
    bare = text.removesuffix(honorific)
    if any(apart := with_dot(bare)):
        return apart
    length = 2 if bare[:2] in COMPOUND_SURNAMES else 1
    return (bare[:length], bare[length:]) if len(bare) <= 3 + length else ("", bare)


def _western(text: str) -> tuple[str, str]:
    if "," in text:
        family, _, rest = text.partition(",")
        words = _without_honorific(rest.split())
        at = len(words) - particles_behind(words)
        return " ".join([*words[at:], family.strip()]), " ".join(words[:at])
    words = _without_honorific(text.split())
    kept = words[:-1] if len(words) > 2 and words[-1].rstrip(".").casefold() in SUFFIXES else words
    at = family_starts(kept)
    return " ".join(kept[at:]), " ".join(kept[:at])


def _without_honorific(words: list[str]) -> list[str]:
    """Without leading Mr, Dr, Frau …"""
    while len(words) > 1 and words[0].rstrip(".").casefold() in HONORIFICS:
        words = words[1:]
    return words
