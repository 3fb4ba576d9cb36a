"""Phone numbers that one typing slip makes of one another: a digit missing, one too many, one wrong, two swapped.

They are made from the number that was typed, a hundred or two, and looked up among the keys there are: nothing more is
kept of anybody. Which lengths come into question the numbering plan says (`phonenumbers`).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata

DIGITS: Final = "0123456789"
SHORTEST: Final = 6
LONGEST: Final = 15


def meant_by(typed: str, country: str = "") -> list[str]:
    """The numbers, as +<country><number>, of which one slip makes what was typed; none where that is no number.

    >>> near = meant_by("1380013800", "CN")
    >>> "+8613800138000" in near, "+8613800138001" in near, "+8613800138000" in meant_by("13800138001", "CN")
    (True, True, True)
    >>> meant_by("call me", "CN")
    []
    """
    apart = _apart(typed, country)
    if apart is None:
        return []
    code, national, given_out = apart
    mobile, usual = _lengths(code)
    wanted, length = (mobile if given_out else usual), len(national)
    found = dict[str, None]()
    if length in mobile or given_out:
        found |= dict.fromkeys((*_one_wrong(national), *_two_swapped(national)))
    if length + 1 in wanted:
        found |= dict.fromkeys(_one_missing(national))
    if length - 1 in wanted:
        found |= dict.fromkeys(_one_too_many(national))
    return [f"+{code}{one}" for one in found if one != national]


def _apart(typed: str, country: str) -> tuple[int, str, bool] | None:
    """(country code, national number, whether it is given out)."""
    try:
        number = phonenumbers.parse(typed, country or None)
    except NumberParseException:
        return None
    if number.country_code is None:
        return None
    national = phonenumbers.national_significant_number(number)
    if typed.startswith("+"):  # as it is: a digit too many may look like the prefix that is dialled within a country
        national = "".join(filter(str.isdecimal, typed)).removeprefix(str(number.country_code))
    if not (SHORTEST <= len(national) <= LONGEST and national.isascii()):
        return None
    return number.country_code, national, phonenumbers.is_valid_number(number)


@lru_cache(maxsize=300)
def _lengths(code: int) -> tuple[frozenset[int], frozenset[int]]:
    """How many digits mobile numbers of a country code have, and all but the shorter ones of landlines."""
    plan = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(code))
    if plan is None or plan.mobile is None or not plan.mobile.possible_length:
        return frozenset(), frozenset()
    mobile = frozenset(plan.mobile.possible_length)
    fixed = frozenset(plan.fixed_line.possible_length if plan.fixed_line else ())
    return mobile, mobile | {length for length in fixed if abs(length - max(mobile)) <= 1}


def _one_wrong(digits: str) -> Iterator[str]:
    for at, digit in enumerate(digits):
        yield from (f"{digits[:at]}{other}{digits[at + 1 :]}" for other in DIGITS if other != digit)


def _two_swapped(digits: str) -> Iterator[str]:
    for at in range(len(digits) - 1):
        yield f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}"


def _one_missing(digits: str) -> Iterator[str]:
    for at in range(len(digits) + 1):
        yield from (f"{digits[:at]}{digit}{digits[at:]}" for digit in DIGITS)


def _one_too_many(digits: str) -> Iterator[str]:
    for at in range(len(digits)):
        yield digits[:at] + digits[at + 1 :]
