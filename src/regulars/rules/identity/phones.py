"""Phone numbers in one spelling: E.164 (ITU-T), by the country they were written in."""

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

LONGEST: Final = 40
#: Chinese mobile numbers as most Chinese files have them; they need no parsing, only the country's code.
CHINESE_MOBILE: Final = re.compile(r"(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})\Z", re.ASCII)


def read_phone(text: str, country: str = "") -> str | None:
    """The number as +<country><number>, or None when it cannot be a number at all.

    `country` (ISO 3166) says how a number without its own country code is meant.

    >>> read_phone("138 0013 8000", "CN"), read_phone("(020) 7946 0018", "GB"), read_phone("call me", "CN")
    ('+8613800138000', '+442079460018', None)
    """
    if not text or len(text) > LONGEST:
        return None
    if country == "CN" and (mobile := CHINESE_MOBILE.match(text.strip())):
        return "+86" + "".join(mobile.groups())
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_given_out(number: str) -> bool:
    """Whether the number (E.164) lies in a range that has been given out to subscribers; invented ones do not.

    >>> is_given_out("+8613800138000"), is_given_out("+8610000001234")
    (True, False)
    """
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except NumberParseException:
        return False
