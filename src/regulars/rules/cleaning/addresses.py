"""Postal addresses made clean and taken apart, from columns or from one line as on an envelope.

Chinese places and lines are read in `chinese_addresses`, streets of elsewhere in `streets`; forms, states and postcodes
by country are those of `postcodes`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from regulars.rules.cleaning import chinese_addresses, taiwan_addresses
from regulars.rules.cleaning.cleaned import LONGEST, NOTHING_LEFT, Change, Cleaned, Notes, unusable
from regulars.rules.cleaning.countries import read_country
from regulars.rules.cleaning.divisions import CITY, PROVINCE, said_in_latin
from regulars.rules.cleaning.places import Address, AddressParts
from regulars.rules.cleaning.postcodes import clean_postcode, region_key
from regulars.rules.cleaning.streets import parts_of
from regulars.rules.cleaning.texts import NOTHING, tidied
from regulars.rules.cleaning.writing import HAN, plain_letters

LONGEST_LINE: Final = 400  # characters; a longer street is a letter, and is not taken apart
_POSTCODE_AND_CITY: Final = re.compile(
    r"^(?:[A-Z]{1,2}-)?(\d{4,6}(?:\s?[A-Z]{2})?|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}-\d{3})\s+([^\d]+)$"
)
_COUNTRY_AND_POSTCODE: Final = re.compile(r"^[A-Z]{1,2}-\d{4,5}\s+[^\d]+$")
_CITY_STATE_ZIP: Final = re.compile(
    r"^([^\d,]*?)[,\s]*\b([A-Z]{2,3})\s+(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4})$"
)
_CITY_POSTCODE: Final = re.compile(
    r"^(.*?)\s*\b([A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|[A-Z]\d{2}\s?[A-Z\d]{4}|\d{5,6})$", re.IGNORECASE
)
#: Regions of China that are countries of their own to ISO 3166, where nobody said which is meant.
_OWN_CODE: Final = {"香港特别行政区": "HK", "澳门特别行政区": "MO", "台湾省": "TW"}
#: Where people write the state behind the city, also without a postcode.
_WITH_STATES: Final = frozenset(("", "US", "CA", "AU"))
#: States, and countries in some language, that are called like a city: Granada is Grenada in Spanish.
_ALSO_CITIES: Final = frozenset(
    "new york,washington,quebec,granada,salvador,santa elena,santa lucia,san martin,saint-martin".split(",")
)
_HANGUL: Final = re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]")
#: What only Japan writes: 〒, kana (の stands on Chinese shops too), 県, 丁目, and three prefectures of another kind.
_JAPANESE: Final = re.compile(
    r"〒|[\u3041-\u306d\u306f-\u3096\u30a1-\u30fa]|[㐀-鿿]{2}県|丁目|^(?:東京都|京都府|大阪府)"
)


def clean_address(
    street: str, *, city: str = "", region: str = "", postcode: str = "", country: str = "", district: str = "",
    leave: frozenset[str] = NOTHING_LEFT,
) -> Cleaned[Address]:  # fmt: skip
    """An address that came in columns. `original` is the street as it came; `country` is ISO 3166, empty if unknown;
    `leave` are changes that are not made.

    >>> found = clean_address("浙江省西湖区文三路９０号３幢５０２室", country="CN")
    >>> found.value.city, found.value.district, found.value.line, found.reasons
    ('杭州市', '西湖区', '文三路90号3幢502室', ('full_width', 'place_apart', 'city_filled'))
    >>> found.value.parts.street, found.value.parts.number, found.value.parts.building, found.value.parts.room
    ('文三路', '90号', '3幢', '502室')
    >>> found = clean_address("221b Baker Street, Flat 2", city="London", postcode="nw16xe", country="GB")
    >>> found.value.parts.number, found.value.parts.street, found.value.parts.unit, found.value.postcode
    ('221b', 'Baker Street', 'Flat 2', 'NW1 6XE')
    """
    return _clean_address(street, city, region, postcode, country, district, leave)


@lru_cache(maxsize=20_000)
def _clean_address(
    street: str, city: str, region: str, postcode: str, country: str, district: str, leave: frozenset[str]
) -> Cleaned[Address]:
    notes = Notes(leave)
    given = [tidied(part, notes) for part in (street, city, region, postcode, district)]
    line, city, region, postcode, district = ("" if part.casefold() in NOTHING else part for part in given)
    if not (line or city or region or postcode or district):
        return unusable(street, "placeholder" if any(given) else "nothing_there")
    if len(line) > LONGEST:
        return unusable(street, "too_long")
    country = country or _written_in(" ".join((region, city, district, line)).strip())
    known = Address(country, region, city, district, line, postcode, AddressParts())
    if len(line) > LONGEST_LINE:
        notes.doubt("unusually_long")
        return notes.give(street, _with_postcode(known, notes))
    if HAN.search(line + city) and taiwan_addresses.is_of_taiwan(known):
        found = taiwan_addresses.taken_apart(known, notes)
    elif _is_chinese(known):
        found = chinese_addresses.taken_apart(replace(known, country=country or "CN"), notes)
        found = found if country else replace(found, country=_OWN_CODE.get(found.region, found.country))
    else:
        found = _taken_apart(known, notes)
    if found.line.casefold() in NOTHING:
        found = replace(found, line="", parts=AddressParts())
    return notes.give(street, _with_postcode(found, notes))


def _is_chinese(known: Address) -> bool:
    """Written in Chinese, and in China as far as anything says."""
    return known.country in ("", "CN") and bool(HAN.search(known.line + known.city + known.region + known.district))


def _written_in(text: str) -> str:
    """The country whose writing it is, where that is Korea's or Japan's."""
    return "KR" if _HANGUL.search(text) else "JP" if _JAPANESE.search(text) else ""


def _with_postcode(found: Address, notes: Notes) -> Address:
    if not found.postcode:
        return found
    within = chinese_addresses.province_code(found.region) if found.country == "CN" else found.region
    cleaned = clean_postcode(found.postcode, found.country, within, notes.leave)
    notes.changes.extend(cleaned.changes)
    notes.doubts.extend(cleaned.doubts)
    return replace(found, postcode=cleaned.value or "")


def _taken_apart(known: Address, notes: Notes) -> Address:
    """A street of elsewhere: box, floor, unit, number, and what is left is the street."""
    region = known.region
    if HAN.search(known.line) and known.country not in ("JP", "KR"):
        known = replace(known, line=chinese_addresses.addressee_apart(known.line, notes))
    if key := region_key(known.country, region):
        region = notes.change("region_code", region, key)
    parts = parts_of(known.line, known.country)
    if known.line and not parts.po_box:
        if not parts.street:
            notes.doubt("no_street", known.line[:200])
        elif not parts.number:
            notes.doubt("no_number", known.line[:200])
    return replace(known, region=region, parts=parts)


#: The parts of an address that have a column each.
PARTS: Final = ("street", "city", "region", "postcode")
#: Reasons that speak of one part, whatever stood there.
_ABOUT: Final = {
    "postcode_spacing": "postcode", "postcode_zero_restored": "postcode", "capital_letters": "postcode",
    "region_code": "region", "region_filled": "region", "city_filled": "city",
}  # fmt: skip


def by_part(given: Sequence[str], found: Cleaned[Address]) -> dict[str, Cleaned[str]]:
    """Each of the PARTS as it was given and as it is kept, with the changes that are its own; doubts are the first's.

    >>> home = clean_address("1 Main St", city="boston ", region="massachusetts", country="US")
    >>> {name: part.reasons for name, part in by_part(("1 Main St", "boston ", "massachusetts", ""), home).items()}
    {'street': (), 'city': ('spaces',), 'region': ('region_code',), 'postcode': ()}
    """
    home = found.value
    kept = (home.on_a_letter, home.city, home.region, home.postcode) if home else ("", "", "", "")
    now, changes = dict(zip(PARTS, given, strict=True)), {name: list[Change]() for name in PARTS}
    for change in found.changes:
        part = _ABOUT.get(change.reason) or next((name for name in PARTS if now[name] == change.before), "street")
        changes[part].append(change)
        now[part] = change.after
    for name, before, after in zip(PARTS, given, kept, strict=True):
        if before and before != after and not changes[name]:
            changes[name].append(Change("place_apart", before, after))
    doubts = {PARTS[0]: found.doubts}
    return {
        name: Cleaned(before, after, tuple(changes[name]), doubts.get(name, ()))
        for name, before, after in zip(PARTS, given, kept, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Columns:
    street: str
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


def clean_whole_address(text: str, country: str = "", leave: frozenset[str] = NOTHING_LEFT) -> Cleaned[Address]:
    """An address in one line or several, as on an envelope; `country` is the usual one, where the text names none, and
    `leave` are changes that are not made.

    >>> found = clean_whole_address("12 High Street, Oxford OX1 4BH, UK").value
    >>> found.line, found.city, found.postcode, found.country
    ('12 High Street', 'Oxford', 'OX1 4BH', 'GB')
    >>> found = clean_whole_address("Hauptstr. 5, 10115 Berlin, Deutschland").value
    >>> found.parts.street, found.parts.number, found.city, found.postcode, found.country
    ('Hauptstr.', '5', 'Berlin', '10115', 'DE')
    >>> found = clean_whole_address("1 Main St, Apt 4B, Boston, MA 02138", "US").value
    >>> found.line, found.city, found.region, found.postcode
    ('1 Main St, Apt 4B', 'Boston', 'MA', '02138')
    """
    if len(text) > LONGEST:
        return unusable(text, "too_long")
    notes = Notes(leave)
    if len(text) > 4 * LONGEST_LINE:
        return clean_address(text, country=country, leave=leave)
    lines = tidied(re.sub(r"\s*[\r\n]+\s*", ", ", text.strip()), notes)
    country = _written_in(lines) or country
    columns = (
        _columns_of(lines, country)
        if not (HAN.search(lines) and country in ("", "CN"))
        else _Columns(lines, country=country)
    )
    notes.change("place_apart", lines, columns.street)
    found = clean_address(
        columns.street, city=columns.city, region=columns.region, postcode=columns.postcode, country=columns.country,
        leave=leave,
    )  # fmt: skip
    return Cleaned(text, found.value, (*notes.changes, *found.changes) if found.value else (), found.doubts)


def _columns_of(lines: str, country: str) -> _Columns:
    """Read from the end: country, then postcode with city and state, then the street."""
    pieces = [piece.strip() for piece in lines.split(",") if piece.strip()]
    if len(pieces) > 1 and (named := _country_behind(pieces[-1], country)):
        country, pieces = named, pieces[:-1]
    if len(pieces) < 2:
        return _Columns(", ".join(pieces), country=country)
    if _COUNTRY_AND_POSTCODE.match(pieces[0]):
        pieces = [*pieces[1:], pieces[0]]
    *before, last = pieces
    if found := _POSTCODE_AND_CITY.match(last):
        return _Columns(", ".join(before), found[2].strip(), "", found[1], country)
    if found := _CITY_STATE_ZIP.match(last):
        city = found[1].strip() or (before.pop() if len(before) > 1 else "")
        return _Columns(", ".join(before), city, found[2], found[3], country)
    if found := _CITY_POSTCODE.match(last):
        city = found[1].strip(" ,") or (before.pop() if len(before) > 1 else "")
        return _of_a_province(before, city, found[2], country)
    if any(map(str.isdecimal, last)):
        return _Columns(lines, country=country)
    return _of_a_province(before, last, "", country)


def _country_behind(piece: str, usual: str) -> str | None:
    """The country the last piece names, unless it may as well be a state or a city."""
    return None if plain_letters(piece) in _ALSO_CITIES or _is_state(piece, usual) else read_country(piece)


def _is_state(piece: str, country: str) -> bool:
    """Whether it names a state of the usual country; where none is said, Georgia is that of Atlanta."""
    return bool(region_key(country or ("US" if len(piece) > 2 else ""), piece))


def _is_city_of_state(city: str, piece: str, country: str) -> bool:
    """Whether a city stands before its state, where people write the two so."""
    if country not in _WITH_STATES or any(map(str.isdecimal, city)) or not _is_state(piece, country):
        return False
    return plain_letters(piece) not in _ALSO_CITIES or city.casefold() == piece.casefold()


def _of_a_province(before: list[str], last: str, postcode: str, country: str) -> _Columns:
    """`…, Hangzhou, Zhejiang` or `…, Atlanta, Georgia`: the province or state stands behind the city."""
    if country in ("", "CN") and len(before) > 1 and said_in_latin(PROVINCE, last) and said_in_latin(CITY, before[-1]):
        return _Columns(", ".join(before[:-1]), before[-1], last, postcode, country)
    if len(before) > 1 and _is_city_of_state(before[-1], last, country):
        return _Columns(", ".join(before[:-1]), before[-1], last, postcode, country or "US")
    return _Columns(", ".join(before), last, "", postcode, country)
