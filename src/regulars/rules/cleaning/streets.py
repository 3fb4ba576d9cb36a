"""Street lines outside China: the house number before or behind the street by custom, a unit beside it."""

import re
from typing import Final

from regulars.rules.cleaning.places import AddressParts

#: Where the number comes before the street.
NUMBER_FIRST: Final = frozenset("US GB IE CA AU NZ FR LU SG MY IN ZA IL TH PH KR HK MO JP AE EG".split())
_NUMBER: Final = r"\d+(?:\s?[-/–]\s?\d+)*(?:\s?(?:[A-Za-z](?![^\W\d_])|bis|ter|½))?"
_FIRST: Final = re.compile(rf"^(?:(?:no|nr|n°|nº)\.?\s*)?({_NUMBER})[\s,]+(?=\S*[^\W\d_])(.+)$", re.IGNORECASE)
_LAST: Final = re.compile(
    rf"^(.*[^\W\d_](?:[.)]|[.)]?(?=[\s,])))[\s,]*(?:(?:no|nr|n°|nº)\.?\s*)?({_NUMBER}(?:\s?[-/]\s?[A-Za-z0-9]+)?)$",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r"(?:^|[\s,]+)((?:apt|apartment|unit|suite|ste|flat|room|rm|app|appt|appartement|wohnung|whg|top|bus|bte|box|piso|int|interno|lgh|#)"
    r"\.?\s?[#:]?\s?\w{0,8}\d\w{0,8}|(?:apt|unit|suite|flat|apartment)\s[A-Za-z])(?=$|[\s,])",
    re.IGNORECASE,
)
_FLOOR: Final = re.compile(
    r"(?:^|[\s,]+)(\d{1,3}(?:st|nd|rd|th|\.|er|e|ème)?\s?(?:floor|fl|stock|og|obergeschoss|étage|etage|piano|planta)"
    r"|\d{1,3}/f|ground floor|erdgeschoss|eg|rez-de-chaussée)\.?(?=$|[\s,])",
    re.IGNORECASE,
)
_BUILDING: Final = re.compile(
    r"(?:^|[\s,]+)((?:building|bldg|block|blk|tower)\.?\s?(?:no\.?\s?)?(?:\w{0,3}\d\w{0,3}|[A-Za-z]))(?=$|[\s,])",
    re.IGNORECASE,
)
#: No. 100, Century Avenue: the number is that of the street behind the comma.
_NUMBER_APART: Final = re.compile(r"\b((?:no|nr)\.?\s*\d+[A-Za-z]?)\s*,\s*(?=[^\W\d_])", re.IGNORECASE)
_BOX: Final = re.compile(
    r"(?:^|[\s,]+)((?:p\.?\s?o\.?\s?box|post\s?box|postfach|boîte postale|b\.?p\.?|apartado"
    r"|casella postale|postbus|信箱)\s?(?:no\.?\s?)?:?\s?\d[\d ]{0,9})(?=$|[\s,])",
    re.IGNORECASE,
)


def parts_of(line: str, country: str = "") -> AddressParts:
    """The parts of a street line outside China.

    >>> found = parts_of("12 Rue de la Paix, 3e étage", "FR")
    >>> found.number, found.street, found.floor
    ('12', 'Rue de la Paix', '3e étage')
    >>> found = parts_of("Hauptstraße 5a", "DE")
    >>> found.street, found.number, parts_of("PO Box 123", "US").po_box
    ('Hauptstraße', '5a', 'PO Box 123')
    """
    rest, box = _off(line, _BOX)
    rest, floor = _off(rest, _FLOOR)
    rest, unit = _off(rest, _UNIT)
    buildings = list[str]()
    while (found := _off(rest, _BUILDING))[1]:
        rest, building = found
        buildings.append(building)
    rest = _NUMBER_APART.sub(r"\1 ", rest)
    segments = [segment.strip() for segment in rest.split(",") if segment.strip()]
    place, number, street = "", "", ""
    for segment in segments:
        first, name = _number_and_street(segment, country) if not street or not number else ("", "")
        if first and not number:
            place = ", ".join(part for part in (place, street) if part)
            number, street = first, name
        elif not street:
            street = segment
        else:
            place = ", ".join(part for part in (place, segment) if part)
    return AddressParts(
        street=street, number=number, place=place, building=", ".join(buildings), unit=unit, floor=floor, po_box=box
    )  # fmt: skip


def _off(text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    """The text without what the pattern finds first, and that."""
    found = pattern.search(text)
    if not found:
        return text, ""
    return f"{text[: found.start()]},{text[found.end() :]}".strip(" ,"), found[1].strip()


def _number_and_street(segment: str, country: str) -> tuple[str, str]:
    """(number, street), the number looked for where the country's custom has it first."""
    first, last = _FIRST.match(segment), _LAST.match(segment)
    if first and (country in NUMBER_FIRST or not country or not last):
        return first[1].strip(), first[2].strip()
    return (last[2].strip(), last[1].strip()) if last else ("", segment)
