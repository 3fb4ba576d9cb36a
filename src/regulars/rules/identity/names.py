"""Names taken apart and put together: Chinese and Western, with honorifics, and a key to sort by.

A Chinese surname is one character or one of the compound ones; its reading follows surname tradition, not the
dictionary's first reading (单 is Shan, not dan).
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pypinyin import Style, lazy_pinyin

from regulars.rules.identity.surnames import COMPOUND_SURNAMES, SURNAME_READINGS

HAN: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿〇]")
ALL_HAN: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿〇·・]+\Z")
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


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts; `display` is how it is written on a letter, `sort` what lists are ordered by."""

    display: str
    given: str
    family: str
    honorific: str
    sort: str


def read_name(text: str) -> Name:
    """A whole name taken apart. What cannot be taken apart stays whole as the given name.

    >>> read_name("欧阳芳女士")
    Name(display='欧阳芳', given='芳', family='欧阳', honorific='女士', sort='ou yang fang')
    >>> read_name("van der Berg, Dr. Ann")
    Name(display='Ann van der Berg', given='Ann', family='van der Berg', honorific='Dr', sort='van der berg ann')
    >>> read_name("Ann Archer Jr.").family
    'Archer'
    """
    plain = tidy(text)
    bare = tidy(ASIDE.sub(" ", plain)) or plain
    name = _chinese(bare.replace(" ", "")) if ALL_HAN.match(bare.replace(" ", "")) else _western(bare)
    return (
        name if bare == plain else replace(name, display=plain)
    )  # 王芳（VIP）: the aside is shown, and no part of the name


def made_of(given: str, family: str, honorific: str = "") -> Name:
    """A name whose parts came in separate columns.

    >>> made_of("芳", "王").display, made_of("Ann", "Archer").display
    ('王芳', 'Ann Archer')
    """
    given, family = tidy(given), tidy(family)
    chinese = bool(HAN.search(family or given))
    display = f"{family}{given}" if chinese else f"{given} {family}".strip()
    return Name(display, given, family, tidy(honorific), sort_key(family, given))


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
    parts = re.findall(r"[㐀-䶿一-鿿豈-﫿〇]|[^\s㐀-䶿一-鿿豈-﫿〇]+", text)
    return [_reading(part) if HAN.match(part) else part.casefold() for part in parts]


@lru_cache(maxsize=30_000)
def _reading(character: str) -> str:
    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


@lru_cache(maxsize=10_000)
def surname_reading(family: str) -> str:
    """How a family name is read, in small letters: 单 is shan.

    >>> surname_reading("尉迟"), surname_reading("Archer")
    ('yu chi', 'archer')
    """
    return SURNAME_READINGS.get(family) or " ".join(readings(family))


def _chinese(text: str) -> Name:
    honorific = next((one for one in HAN_HONORIFICS if text.endswith(one) and len(text) > len(one)), "")
    bare = text.removesuffix(honorific)
    family, given = _chinese_parts(bare)
    return Name(bare, given, family, honorific, sort_key(family, given))


def _chinese_parts(bare: str) -> tuple[str, str]:
    """(family, given); names from elsewhere have a dot between given and family name, or stay whole when long."""
    given, dot, family = bare.replace("・", "·").rpartition("·")
    if dot:
        return family, given
    length = 2 if bare[:2] in COMPOUND_SURNAMES else 1
    return (bare[:length], bare[length:]) if len(bare) <= 3 + length else ("", bare)


def _western(text: str) -> Name:
    if "," in text:
        family, _, rest = text.partition(",")
        honorific, words = _honorific(rest.split())
        given = " ".join(words)
        return Name(f"{given} {family}".strip(), given, family.strip(), honorific, sort_key(family.strip(), given))
    honorific, words = _honorific(text.split())
    kept = words[:-1] if len(words) > 2 and words[-1].rstrip(".").casefold() in SUFFIXES else words
    at = _family_starts(kept)
    given, family = " ".join(kept[:at]), " ".join(kept[at:])
    return Name(" ".join(words), given, family, honorific, sort_key(family, given))


def _honorific(words: list[str]) -> tuple[str, list[str]]:
    """A leading Mr, Dr, Frau … taken off; several keep the last."""
    found = ""
    while len(words) > 1 and (known := HONORIFICS.get(words[0].rstrip(".").casefold())):
        found, words = known, words[1:]
    return found, words


def _family_starts(words: list[str]) -> int:
    """Where the family name begins: the last word, with the particles before it."""
    if len(words) < 2:
        return len(words)
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    return at
