"""Resident identity numbers of China (GB 11643-1999): length, birth date, place and check digit, by python-stdnum."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.cn import ric

from regulars.rules.cleaning.cleaned import Cleaned, Notes, unusable
from regulars.rules.cleaning.divisions import place_of_code
from regulars.rules.cleaning.texts import objection_to, tidied, without_label

_LABEL: Final = re.compile(
    r"^(?:身份证(?:号码?)?|公民身份号码|证件号码?|id(?:\s*card)?(?:\s*(?:no|number))?)\s*[.:：=]*\s*", re.IGNORECASE
)
_SHORTENED: Final = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
#: What stands for the X that is a check digit.
_LIKE_X: Final = frozenset("ⅩⅹхХΧχ×✕✖")
_OLD: Final = re.compile(r"\d{15}")
_NEW: Final = re.compile(r"\d{17}[\dX]")


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A resident's number and what it says: birth date, sex (female, male) and the place of first registration, from
    the province down; empty where the code is none of GB/T 2260's."""

    number: str
    birth_on: date
    sex: str
    place: tuple[str, ...]


def clean_resident_id(
    text: str, *, at: date | None = None, birth_on: date | None = None, sex: str = ""
) -> Cleaned[ResidentId]:
    """The number as eighteen signs. `at` is today; `birth_on` and `sex` are what is known otherwise.

    The old form of fifteen digits is completed (born 19…, check digit). A wrong check digit makes a number unusable:
    spreadsheets turn the last three into 000.

    >>> found = clean_resident_id("身份证：330106 19910101 007x", at=date(2026, 11, 1))
    >>> found.reasons
    ('checksum_wrong',)
    >>> found = clean_resident_id("330106 19910101 0074", at=date(2026, 11, 1))
    >>> found.value.birth_on, found.value.sex, found.value.place
    (datetime.date(1991, 1, 1), 'male', ('浙江省', '杭州市', '西湖区'))
    """
    notes = Notes()
    plain = tidied(text, notes)
    if reason := objection_to(plain) or _objection(plain):
        return unusable(text, reason)
    bare = without_label(plain, _LABEL, notes)
    number = notes.change("separators_removed", bare, re.sub(r"[\s\-–—.,_·]", "", bare))
    number = notes.change("capital_letters", number, number.upper())
    if number[-1:] in _LIKE_X:
        number = notes.change("lookalike_replaced", number, f"{number[:-1]}X")
    number = _upgraded(number, notes)
    if reason := _wrong(number):
        return unusable(text, reason)
    born = _born(number)
    if born is None:
        return unusable(text, "no_such_day", number[6:14])
    found = ResidentId(number, born, "male" if int(number[16]) % 2 else "female", place_of_code(number[:6], born.year))
    _doubts_about(found, at, birth_on, sex, notes)
    return notes.give(text, found)


def _objection(plain: str) -> str:
    if _SHORTENED.fullmatch(plain):
        return "shortened_number"
    if re.search(r"[*×]{2,}", plain):
        return "masked"
    return "placeholder" if len(plain) > 1 and len(set(plain)) == 1 else ""


def _upgraded(number: str, notes: Notes) -> str:
    """Fifteen digits, as given out until 1999, with century and check digit."""
    if not _is_plain(number) or not _OLD.fullmatch(number):
        return number
    longer = f"{number[:6]}19{number[6:]}"
    return notes.change("old_form_upgraded", number, longer + ric.calc_check_digit(longer + "0"))


def _is_plain(number: str) -> bool:
    return number.isascii()


def _wrong(number: str) -> str:
    if not _is_plain(number) or not _NEW.fullmatch(number):
        return "not_a_resident_id"
    return "checksum_wrong" if number[-1] != ric.calc_check_digit(number) else ""


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _doubts_about(found: ResidentId, at: date | None, birth_on: date | None, sex: str, notes: Notes) -> None:
    told = {
        "place_unknown": (not found.place and found.number[0] != "9", found.number[:6]),
        "date_in_future": (at is not None and found.birth_on > at, found.birth_on.isoformat()),
        "date_too_early": (found.birth_on.year < 1880, found.birth_on.isoformat()),
        "birth_differs": (birth_on is not None and birth_on != found.birth_on, found.birth_on.isoformat()),
        "sex_differs": (sex in ("female", "male") and sex != found.sex, found.sex),
    }
    for reason, (holds, about) in told.items():
        if holds:
            notes.doubt(reason, about)
