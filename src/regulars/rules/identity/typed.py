"""One line that a clerk types, taken apart: phone, mail address, date, plate, number, and what is left is a name.

Nothing is lost: what can be meant in two ways (eight digits are a date, a phone, a customer number) is told as each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from regulars.rules.cleaning.emails import read_email
from regulars.rules.cleaning.phones import phone_meant
from regulars.rules.cleaning.writing import HAN, tidy
from regulars.rules.identity.marks import Told

LONGEST: Final = 240
_DAY: Final = r"(?P<y>(?:19|20)\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})日?"
_DAY_FIRST: Final = r"(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>(?:19|20)\d\d)"
#: A year of two digits, where no day or month can be meant.
_SHORT_YEAR: Final = r"(?<!\d[-./])(?P<y>3[2-9]|[4-9]\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})日?(?![-./]\d)"
DATES: Final = tuple(re.compile(rf"(?<!\d){one}(?!\d)", re.ASCII) for one in (_DAY, _DAY_FIRST, _SHORT_YEAR))
EIGHT: Final = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)\Z", re.ASCII)
PHONES: Final = re.compile(r"(?<![\w@.+-])\+?\(?\d[\d ().\-/]{5,20}\d(?![\w@])", re.ASCII)
#: Chinese plates begin with a province's sign; others are letters and digits together.
CHINESE_PLATE: Final = re.compile(r"[㐀-鿿][A-Z][·\s-]?[A-Z0-9]{5,6}\Z", re.IGNORECASE)
_PLATE_BEGINS: Final = re.compile(r"(?<!\S)([㐀-鿿][A-Za-z])[ ·-]+(?=[A-Za-z0-9]{5,6}(?!\S))")
WITH_DIGITS: Final = re.compile(r"[\w#-]*\d[\w#-]*\Z")


@dataclass(slots=True)
class _Found:
    names: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    plates: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    birth_on: date | None = None


def read_typed(text: str, country: str = "CN") -> Told:
    """What was typed, as a record.

    >>> told = read_typed("wang fang 138 0013 8000 1980-03-04")
    >>> told.names, told.phones, told.birth_on
    ((('wang fang', '', ''),), ('+8613800138000',), datetime.date(1980, 3, 4))
    >>> read_typed("浙A·12345").plates, read_typed("C-10042").references, read_typed("ann@example.com").emails
    (('浙A·12345',), ('C-10042',), ('ann@example.com',))
    """
    found, rest = _Found(), _PLATE_BEGINS.sub(r"\1·", tidy(text[: 2 * LONGEST])[:LONGEST])
    rest = _dates(rest, found)
    rest = _phones(rest, found, country)
    for word in rest.split():
        _word(word, found)
    name = " ".join(found.names)
    return Told(
        names=tuple((one, "", "") for one in _names(name)), birth_on=found.birth_on, phones=tuple(found.phones),
        emails=tuple(found.emails), plates=tuple(found.plates), references=tuple(found.references),
    )  # fmt: skip


def _names(name: str) -> Iterator[str]:
    """The name, and of one in two scripts (王芳 Wang Fang) each by itself."""
    if not name:
        return
    yield name
    signs = "".join(HAN.findall(name))
    others = tidy(HAN.sub(" ", name))
    if signs and others:
        yield signs
        yield others


def _dates(text: str, found: _Found) -> str:
    for pattern in DATES:
        if (match := pattern.search(text)) and (day := _day(match)):
            found.birth_on = day
            return text[: match.start()] + " " + text[match.end() :]
    return text


def _phones(text: str, found: _Found, country: str) -> str:
    """What looks like a phone; its digits alone may be a customer's number elsewhere too."""
    for match in PHONES.finditer(text):
        bare = re.sub(r"\D", "", match[0])
        if number := phone_meant(match[0], country):
            found.phones.append(number)
        elif match[0].startswith("+"):  # a digit missing or too many: another country's, all the same
            found.phones.append(f"+{bare}")
        found.references.append(bare)
        if (eight := EIGHT.match(bare)) and (day := _day(eight)) and found.birth_on is None:
            found.birth_on = day
    return PHONES.sub(" ", text)


def _word(word: str, found: _Found) -> None:
    if address := read_email(word):
        found.emails.append(address)
    elif CHINESE_PLATE.match(word):
        found.plates.append(word)
    elif WITH_DIGITS.match(word):
        found.references.append(word.lstrip("#"))
        if any(map(str.isalpha, word)):
            found.plates.append(word)
            found.names += [word] if len(word) > len("ab1") and word[:2].isalpha() and _is_toned(word) else []
    else:
        found.names.append(word)


def _is_toned(word: str) -> bool:
    """Pinyin with its tones as digits: wang2fang1."""
    return re.fullmatch(r"(?:[a-zü]+[1-5])+", word.casefold()) is not None


def _day(match: re.Match[str]) -> date | None:
    try:
        year = int(match["y"])
        return date(year + 1900 if year < 100 else year, int(match["m"]), int(match["d"]))
    except ValueError:
        return None
