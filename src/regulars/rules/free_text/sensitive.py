"""Sensitive things in a free text: words of the list, and numbers that reach or prove a person.

Rules only: what is found is where, of which kind. A number counts when it could be real: a card passes Luhn's check
(ISO/IEC 7812), a Chinese id number its check digit (GB 11643, ISO 7064 MOD 11-2).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.free_text.words import CHINESE, ENGLISH, HARMLESS, HARMLESS_ENGLISH

KINDS: Final = (*ENGLISH, "id_number", "card_number", "phone", "email")
COVER: Final = "▇▇▇"
_EMAIL: Final = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
_DIGITS: Final = re.compile(r"(?<![A-Za-z0-9_.,/-])\+?\(?\d(?:[\d ()./-]{5,30})[\dXx](?![A-Za-z0-9_])")
_SOCIAL: Final = re.compile(r"(?<!\d)(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?!\d)")
_PASSPORT: Final = re.compile(r"(?:passport|护照)\D{0,12}?([A-Z]{1,2}\d{7,8})(?!\d)", re.IGNORECASE)
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9]\d{9}\Z")
_DATE_LIKE: Final = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Something sensitive from `start` to `end` (not included) of the text."""

    start: int
    end: int
    kind: str


def find_sensitive(text: str) -> tuple[Hit, ...]:
    """Everything sensitive in the text, in its order, none inside another.

    >>> [(hit.kind, "Fasts in Ramadan, call 138 0013 8000"[hit.start:hit.end])
    ...  for hit in find_sensitive("Fasts in Ramadan, call 138 0013 8000")]
    [('religion', 'Ramadan'), ('phone', '138 0013 8000')]
    >>> find_sensitive("Wants the blue scarf on Sunday, paid 1,299.00")
    ()
    """
    found = sorted({*_words(text), *_numbers(text)}, key=lambda hit: (hit.start, -hit.end))
    return tuple(_apart(found))


def kinds_in(*texts: str) -> tuple[str, ...]:
    """The kinds of sensitive things in these texts, each once, in the order of `KINDS`."""
    there = {hit.kind for text in texts for hit in find_sensitive(text)}
    return tuple(kind for kind in KINDS if kind in there)


def covered(text: str) -> str:
    """The text with everything sensitive covered; covering it again changes nothing.

    >>> covered("她是回族，电话13800138000")
    '她是▇▇▇，电话▇▇▇'
    """
    for hit in reversed(find_sensitive(text)):
        text = text[: hit.start] + COVER + text[hit.end :]
    return text


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of hits that overlap the first and longest."""
    reached = -1
    for hit in hits:
        if hit.start >= reached:
            yield hit
            reached = hit.end


def _words(text: str) -> Iterator[Hit]:
    harmless = [*_spans(_HARMLESS, text), *_spans(_HARMLESS_ENGLISH, text)]
    for kind, pattern in _PATTERNS:
        for start, end in _spans(pattern, text):
            if not any(a <= start and end <= b for a, b in harmless):
                yield Hit(start, end, kind)


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text)]


def _numbers(text: str) -> Iterator[Hit]:
    yield from (Hit(*found.span(), "email") for found in _EMAIL.finditer(text))
    yield from (Hit(*found.span(), "id_number") for found in _SOCIAL.finditer(text))
    yield from (Hit(*found.span(1), "id_number") for found in _PASSPORT.finditer(text))
    for found in _DIGITS.finditer(text):
        if kind := _kind_of_number(found[0]):
            yield Hit(found.start(), found.end(), kind)


def _kind_of_number(written: str) -> str:
    """What a run of digits is; empty for dates, amounts and numbers that could be anything."""
    bare = re.sub(r"[^\dXx+]", "", written)
    digits = bare.lstrip("+")
    if is_chinese_id(digits):
        return "id_number"
    if digits.isdecimal() and 13 <= len(digits) <= 19 and passes_luhn(digits):
        return "card_number"
    if _MOBILE.match(bare) or (bare.startswith("+") and 9 <= len(digits) <= 15):
        return "phone"
    apart = len(re.findall(r"[ ()-]", written)) >= 2 and "/" not in written and not _DATE_LIKE.search(written)
    local = written.lstrip("(").startswith("0") and 9 <= len(digits) <= 12
    return "phone" if digits.isdecimal() and apart and local else ""


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B).

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    doubled = (int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits)))
    return len(set(digits)) > 1 and sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_chinese_id(text: str) -> bool:
    """Whether this is a Chinese id number: area, a real birth date, check digit (GB 11643-1999).

    >>> is_chinese_id("11010519491231002X"), is_chinese_id("110105194912310021")
    (True, False)
    """
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    rest = sum(int(d) * weight for d, weight in zip(text, _WEIGHTS, strict=False)) % 11
    return "10X98765432"[rest] == text[-1].upper()


def _english(words: Iterable[str]) -> str:
    said = (
        re.escape(word.rstrip("*")).replace(r"\ ", r"\s+") + ("[A-Za-z]*" if word.endswith("*") else "")
        for word in words
    )
    return rf"(?<![A-Za-z0-9_])(?:{'|'.join(sorted(said, key=len, reverse=True))})(?![A-Za-z0-9_])"


def _chinese(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_PATTERNS: Final = tuple(
    (kind, re.compile(f"{_english(ENGLISH[kind])}|{_chinese(CHINESE[kind])}", re.IGNORECASE)) for kind in ENGLISH
)
_HARMLESS: Final = re.compile(_chinese(HARMLESS))
_HARMLESS_ENGLISH: Final = re.compile(_english(HARMLESS_ENGLISH), re.IGNORECASE)
