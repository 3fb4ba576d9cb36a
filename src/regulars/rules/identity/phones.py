"""Phone numbers in one spelling: E.164 (ITU-T), by the country they were written in."""

from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

LONGEST: Final = 40


@lru_cache(maxsize=200_000)
def read_phone(text: str, country: str = "") -> str | None:
    """The number as +<country><number>, or None when it cannot be a number at all.

    `country` (ISO 3166) says how a number without its own country code is meant.

    >>> read_phone("138 0013 8000", "CN"), read_phone("(020) 7946 0018", "GB"), read_phone("call me", "CN")
    ('+8613800138000', '+442079460018', None)
    """
    if not text or len(text) > LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
