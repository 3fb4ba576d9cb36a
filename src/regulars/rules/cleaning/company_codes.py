"""Unified social credit codes of China's companies (GB 32100-2015): form and check digit, by python-stdnum."""

import re
from dataclasses import dataclass
from typing import Final

from stdnum.cn import uscc

from regulars.rules.cleaning.cleaned import Cleaned, Notes, unusable
from regulars.rules.cleaning.divisions import place_of_code
from regulars.rules.cleaning.resident_ids import clean_resident_id
from regulars.rules.cleaning.texts import objection_to, tidied, without_label

CHINA: Final = "CN"
#: No register gives a longer code.
LONGEST: Final = 60
_LABEL: Final = re.compile(
    r"^(?:统一社会信用代码|信用代码|税号|纳税人识别号|uscc|tax\s*id)\s*[.:：=]*\s*", re.IGNORECASE
)
#: The standard leaves out I, O, S, V and Z because they are taken for these.
_LOOKALIKES: Final = str.maketrans({"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"})
_SHORTENED: Final = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
_KINDS: Final = {"1": "government", "5": "civil society", "9": "business", "N": "village collective", "Y": "other"}


@dataclass(frozen=True, slots=True)
class CompanyCode:
    """A code and what it says: what kind of organisation (government, civil society, business, village collective,
    other), where it is registered, and its organisation code."""

    code: str
    kind: str
    place: tuple[str, ...]
    organisation: str


def clean_company_code(text: str) -> Cleaned[CompanyCode]:
    """The code as eighteen capitals and digits.

    >>> found = clean_company_code("9111 0000 6000 37341l")
    >>> found.value.code, found.value.kind, found.value.place, found.reasons
    ('91110000600037341L', 'business', ('北京市',), ('separators_removed', 'capital_letters'))
    >>> clean_company_code("911100006OOO37341L").reasons, clean_company_code("91110000600037341A").reasons
    (('lookalike_replaced',), ('checksum_wrong',))
    """
    notes = Notes()
    plain = tidied(text, notes)
    if reason := objection_to(plain) or ("shortened_number" if _SHORTENED.fullmatch(plain) else ""):
        return unusable(text, reason)
    if len(plain) > 1 and len(set(plain)) == 1:
        return unusable(text, "placeholder")
    bare = without_label(plain, _LABEL, notes)
    code = notes.change("separators_removed", bare, re.sub(r"[\s\-–—.,_·]", "", bare))
    code = notes.change("capital_letters", code, code.upper())
    code = notes.change("lookalike_replaced", code, code.translate(_LOOKALIKES))
    if reason := _wrong(code):
        return unusable(text, reason)
    place = place_of_code(code[2:8], None)
    if not place:
        notes.doubt("place_unknown", code[2:8])
    return notes.give(text, CompanyCode(code, _KINDS.get(code[0], "other"), place, f"{code[8:16]}-{code[16]}"))


def clean_code_of(text: str, country: str) -> Cleaned[tuple[str, str]]:
    """The code, and the country whose register gave it: China's where its check digit says so, else that country's as
    it stands. A code of China's form whose digit is wrong is nobody's, and a resident's id is no company's.

    >>> clean_code_of("91110000600037341L", "DE").value, clean_code_of("HRB 86786", "DE").value
    (('91110000600037341L', 'CN'), ('HRB 86786', 'DE'))
    >>> clean_code_of("身份证号: 11010519491231002X", "DE").reasons
    ('not_a_company_code',)
    >>> clean_code_of("91110000600037341A", "DE").reasons, clean_code_of("HRB 86786", "").reasons
    (('checksum_wrong',), ('not_a_company_code',))
    """
    found, person = clean_company_code(text), clean_resident_id(text)
    if person.value is not None and "old_form_upgraded" not in person.reasons:
        return unusable(text, "not_a_company_code")
    if found.value is not None:
        return Cleaned(text, (found.value.code, CHINA), found.changes, found.doubts)
    notes = Notes()
    plain = tidied(text, notes)
    reason = objection_to(plain) or ("too_long" if len(plain) > LONGEST else "")
    if country in ("", CHINA) or found.reasons[0] in ("checksum_wrong", "shortened_number", "placeholder") or reason:
        return unusable(text, reason or found.reasons[0])
    return notes.give(text, (plain, country))


def _wrong(code: str) -> str:
    if code.isascii() and re.fullmatch(r"\d{15}", code):
        return "old_company_number"
    if not code.isascii() or not re.fullmatch(r"[0-9A-Z]\d{7}[0-9A-Z]{10}|[0-9A-Z]{2}\d{6}[0-9A-Z]{10}", code):
        return "not_a_company_code"
    return "checksum_wrong" if code[-1] != uscc.calc_check_digit(code[:-1]) else ""
