"""Phone numbers made clean: E.164 (ITU-T), by the country they were written in, with what was done to get there."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from regulars.rules.cleaning.cleaned import NOTHING_LEFT, Cleaned, Notes, unusable
from regulars.rules.cleaning.texts import objection_to, tidied, without_label

LONGEST_PHONE: Final = 120  # characters; several numbers in one cell fit, a letter to the shop does not
_LABEL: Final = re.compile(
    r"^(?:tel(?:efon|ephone)?|phone|mobile|mobil|cell|handy|fax|tél|手机号?码?|电话(?:号码)?|联系电话|固话|座机)\s*(?:no|nr)?\s*[.:：=]*\s*",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(
    r"\s*(?:;(?!ext=)|[,、，；|]|\s/\s|/(?=[+\d])|\s(?:or|oder|ou|und|and|或|和)\s)\s*", re.IGNORECASE
)
_EXTENSION: Final = re.compile(
    r"\s*(?:ext\.?|extension|x|durchwahl|dw|poste|转|轉|分机|分機|#)\s*[.:：]?\s*(\d{1,7})$", re.IGNORECASE
)
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_MASKED: Final = re.compile(r"\d[*xX×＊]{2,}|[*×＊]{2,}\d")
#: Whose number it is or where it rings, in brackets or behind it.
_ASIDE: Final = re.compile(r"[(（\[][^\d()（）\[\]]*[)）\]]|(?<=\d)\s+[^\W\d_]{2,}[^\d]*$|(?<=\d)[㐀-鿿]+$")
#: A landline or service number of China with the extension behind a dash; elsewhere that is a part of the number.
_DASHED: Final = re.compile(
    r"^((?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4}))-(\d{1,6})$", re.ASCII
)
#: Letters typed for digits, where nothing but they stand among digits.
_WITH_LOOKALIKES: Final = re.compile(r"(?=.*[OoIl])(?=(?:[^\d]*\d){5})[\dOoIl+()\s./-]+", re.ASCII)
_LOOKALIKES: Final = str.maketrans("OoIl", "0011")
_HAN_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_KINDS: Final = {
    PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "fixed", PhoneNumberType.TOLL_FREE: "free",
    PhoneNumberType.PREMIUM_RATE: "premium", PhoneNumberType.VOIP: "voip",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed or mobile",
}  # fmt: skip


#: Chinese mobile numbers as most Chinese files have them: their first seven digits say whether they are given out.
_CHINESE_MOBILE: Final = re.compile(r"(\+86 ?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164 and the extension behind it."""

    number: str
    extension: str = ""

    @property
    def country(self) -> str:
        """The country it belongs to (ISO 3166); empty for numbers of the world."""
        return _country_of(_again(self.number))

    @property
    def kind(self) -> str:
        """mobile, fixed, free, premium, voip, fixed or mobile, other."""
        return _KINDS.get(phonenumbers.number_type(_again(self.number)), "other")

    @property
    def dialled(self) -> str:
        """The number as it is kept: E.164, with the extension where there is one."""
        return f"{self.number};ext={self.extension}" if self.extension else self.number


@lru_cache(maxsize=20_000)
def clean_phone(text: str, country: str = "", leave: frozenset[str] = NOTHING_LEFT) -> Cleaned[Phone]:
    """The number as +<country><number>. `country` (ISO 3166) says how a number without country code is meant; `leave`
    are changes that are not made.

    >>> found = clean_phone("手机：１３８ 0013 8000", "CN")
    >>> found.value.number, found.value.kind, found.reasons
    ('+8613800138000', 'mobile', ('full_width', 'label_removed', 'separators_removed', 'country_code_added'))
    >>> clean_phone("+44 (0)20 7946 0018 ext. 12").value.dialled
    '+442079460018;ext=12'
    >>> clean_phone("1.38E+10", "CN").reasons, clean_phone("call me").reasons, clean_phone("13800000000", "CN").reasons
    (('shortened_number',), ('not_a_phone',), ('country_code_added',))
    """
    notes = Notes(leave)
    plain = tidied(text, notes)
    mobile = _CHINESE_MOBILE.match(plain)
    if mobile and (mobile[1] or country == "CN" or _is_nobodys_but_chinese(mobile, country)):
        return notes.give(text, _chinese_mobile(plain, mobile, notes))
    if reason := objection_to(plain) or _objection(plain):
        return unusable(text, reason)
    bare = without_label(plain, _LABEL, notes)
    bare = _one_of(notes.change("aside_apart", bare, _ASIDE.sub(" ", bare).strip()), notes)
    if _WITH_LOOKALIKES.fullmatch(bare):
        bare = notes.change("lookalike_replaced", bare, bare.translate(_LOOKALIKES))
    bare, extension = _extension_apart(bare, country, notes)
    number = _parsed(_plus_restored(_spelled_digits(bare, notes), country, notes), country)
    made_up = _is_made_up(bare.partition(";ext=")[0])
    if number is None or not phonenumbers.is_possible_number(number):
        return unusable(text, "placeholder" if made_up else "not_a_phone")
    extension, number.extension = extension or number.extension or "", None
    spelled, given_out = (
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.is_valid_number(number),
    )
    made_up = made_up or _is_made_up(spelled)
    if not given_out and (made_up or _parsed(spelled, "") != number):
        return unusable(text, "placeholder" if made_up else "not_a_phone")
    if bare != f"{spelled};ext={extension}":
        _tell(bare, spelled, notes)
    if not given_out:
        notes.doubt("not_given_out", spelled)
    return notes.give(text, Phone(spelled, extension))


def read_phone(text: str, country: str = "") -> str | None:
    """The number as it is searched and compared by: E.164 without extension; None when it cannot be a number.

    >>> read_phone("138 0013 8000", "CN"), read_phone("(020) 7946 0018", "GB"), read_phone("call me", "CN")
    ('+8613800138000', '+442079460018', None)
    """
    found = clean_phone(text, country).value
    return found.number if found else None


def phone_meant(text: str, country: str = "") -> str | None:
    """The number somebody types without saying where it is: as dialled in `country`, and where nobody there has such a
    number but somebody in China, China's.

    >>> phone_meant("(020) 7946 0018", "GB"), phone_meant("138 0013 8000", "US"), phone_meant("021 6279 8888", "US")
    ('+442079460018', '+8613800138000', '+862162798888')
    """
    read = [found for one in dict.fromkeys((country, "CN")) if one and (found := clean_phone(text, one)).value]
    best = min(read, key=lambda one: "not_given_out" in one.reasons, default=None)
    return best.value.number if best and best.value else None


def _is_nobodys_but_chinese(found: re.Match[str], country: str) -> bool:
    """Whether the digits are a mobile number of China, and in the country they were written in nobody's."""
    bare = "".join(found.groups()[1:])
    at_home = _parsed(bare, country) if country else None
    return bool(country) and _is_given_out(bare[:7]) and not (at_home and phonenumbers.is_valid_number(at_home))


def _chinese_mobile(plain: str, found: re.Match[str], notes: Notes) -> Phone | None:
    """The same as the long way finds, without parsing."""
    bare = "".join(found.groups()[1:])
    if _is_made_up(bare) and not _is_given_out(bare[:7]):
        notes.doubt("placeholder")
        return None
    _tell(plain, f"+86{bare}", notes)
    if not _is_given_out(bare[:7]):
        notes.doubt("not_given_out", f"+86{bare}")
    return Phone(f"+86{bare}")


@lru_cache(maxsize=100_000)
def _is_given_out(first_seven: str) -> bool:
    return phonenumbers.is_valid_number(_again(f"+86{first_seven}0000"))


def _objection(plain: str) -> str:
    if _SHORTENED.fullmatch(plain):
        return "shortened_number"
    if _MASKED.search(plain):
        return "masked"
    return "not_a_phone" if len(plain) > LONGEST_PHONE else ""


def _one_of(plain: str, notes: Notes) -> str:
    """The first of several numbers; the others are named in the doubt."""
    pieces = [piece for piece in _SEVERAL.split(plain) if sum(map(str.isdecimal, piece)) >= 5]
    if len(pieces) < 2:
        return plain
    notes.doubt("several_numbers", ", ".join(pieces[1:]))
    return pieces[0]


def _extension_apart(bare: str, country: str, notes: Notes) -> tuple[str, str]:
    if country == "CN" and (dashed := _DASHED.match(bare)):
        return notes.change("extension_apart", bare, dashed[1]), dashed[2]
    found = _EXTENSION.search(bare)
    if not found or sum(map(str.isdecimal, bare[: found.start()])) < 5:
        return bare, ""
    return notes.change("extension_apart", bare, bare[: found.start()].strip()), found[1]


def _spelled_digits(bare: str, notes: Notes) -> str:
    """Digits of every script, and 〇一二 of Chinese, as 0 1 2; `.0` that a spreadsheet left behind goes."""
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in bare.translate(_HAN_DIGITS))
    plain = notes.change("digits_spelled", bare, plain)
    return notes.change("decimal_removed", plain, re.sub(r"^(\d{5,})\.0+$", r"\1", plain))


def _plus_restored(bare: str, country: str, notes: Notes) -> str:
    """8613800138000 and 0086… are Chinese numbers whose plus got lost: with it they are a number somebody has, and
    without it none, or not a mobile one. Another country's code counts only where the digits can be nothing else."""
    digits = re.sub(r"[\s().\-/]", "", bare)
    if digits.startswith("00") and not digits.startswith("000"):
        return notes.change("plus_restored", bare, "+" + digits[2:].lstrip("0"))
    if not digits.isdecimal() or len(digits) < 10 or digits[0] == "0":
        return bare
    whole, own = _parsed("+" + digits, ""), _parsed(digits, country)
    if whole is None or not phonenumbers.is_valid_number(whole):
        return bare
    if _own_code(digits, country):
        lost = (
            own is None
            or own == whole
            or not phonenumbers.is_valid_number(own)
            or (_is_mobile(whole) and not _is_mobile(own))
        )
    else:
        lost = own is None or not phonenumbers.is_possible_number(own)
    return notes.change("plus_restored", bare, "+" + digits) if lost else bare


def _own_code(digits: str, country: str) -> bool:
    code = str(phonenumbers.country_code_for_region(country)) if country else "0"
    return code != "0" and digits.startswith(code)


def _is_mobile(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.number_type(number) == PhoneNumberType.MOBILE


def _parsed(bare: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(bare, country or None)
    except NumberParseException:
        return None


def _again(number: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.parse(number)


def _tell(bare: str, spelled: str, notes: Notes) -> None:
    """What changed between the written and the clean number: signs, and a country code that nobody had written."""
    digits = "".join(sign for sign in bare if sign.isdecimal() or sign == "+")
    if digits != bare and not _done(notes, "plus_restored"):
        notes.change("separators_removed", bare, digits)
    if not digits.startswith("+") and not _done(notes, "plus_restored"):
        notes.change("country_code_added", digits, spelled)


def _done(notes: Notes, reason: str) -> bool:
    """Whether that was changed already."""
    return any(change.reason == reason for change in notes.changes)


def _is_made_up(digits: str) -> bool:
    """0000000, 1234567 and the like, typed where a form insists.

    >>> _is_made_up("00000000"), _is_made_up("12345678"), _is_made_up("13800138000")
    (True, True, False)
    """
    bare = "".join(sign for sign in digits if sign.isdecimal())
    tail = bare[-7:]
    return len(bare) >= 4 and (len(set(tail)) == 1 or tail in "01234567890123456789" or tail in "98765432109876543210")


def _country_of(number: phonenumbers.PhoneNumber) -> str:
    code = number.country_code or 0
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(code)
    return region if region and region.isalpha() and len(region) == 2 and region != "ZZ" else ""
