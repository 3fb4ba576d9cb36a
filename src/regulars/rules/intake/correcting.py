"""A value that somebody types at the card because the customer told her so → what is kept of it.

What belongs together is corrected together: a name with its parts; of a place, what is larger than what was typed stays
believed, and what is smaller, and was not typed too, is not known any more: the postcode of one town does not stand
beside the name of another.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from regulars.rules.cleaning.cleaned import Notes
from regulars.rules.cleaning.countries import read_country
from regulars.rules.cleaning.dates import clean_date
from regulars.rules.cleaning.names import clean_name
from regulars.rules.cleaning.texts import tidied
from regulars.rules.intake.answers import read_household_size, read_language, read_sex
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.jurisdictions import jurisdiction_of

LONGEST: Final = 200
#: Places from the largest to the smallest.
PLACES: Final = ("country", "region", "city", "postcode")
#: What may be typed; the parts of a name follow from the whole.
TYPED: Final = (
    "name", "honorific", "sex", "birth_on", "language", "country", "region", "city", "postcode", "household_size",
    "marital_status", "income_band", "allergies", "id_document",
)  # fmt: skip
Told = Mapping[str, Any]


def corrected(field: str, text: str, *, believed: Told, on: date) -> dict[str, str]:
    """Field → what the customer says of it and of what is chosen with it, as text; `believed` is what the record says.

    BadInput `correction_unclear` for what cannot be a value of the field, `correction_empty` for nothing.

    >>> march = date(2026, 3, 12)
    >>> corrected("name", "archer, ANN", believed={"country": "US"}, on=march)["name"]
    'Ann Archer'
    >>> corrected("city", "Lyon", believed={"country": "FR", "city": "Paris", "postcode": "75001"}, on=march)
    {'country': 'FR', 'city': 'Lyon', 'jurisdiction': 'EU'}
    """
    plain = tidied(text, Notes())
    if not plain:
        raise BadInput("correction_empty", {"field": field[:40]})
    if field not in TYPED or len(plain) > LONGEST:
        raise _unclear(field)
    if field == "name":
        return _name(plain, str(believed.get("country") or ""))
    value = _READ.get(field, str)(plain) if field != "birth_on" else _day(plain, on)
    if value in (None, ""):
        raise _unclear(field)
    return _place(field, str(value), believed) if field in PLACES else {field: str(value)}


def _name(text: str, country: str) -> dict[str, str]:
    found = clean_name(text, country).value
    if found is None:
        raise _unclear("name")
    told = {"name": found.display, "given_name": found.given, "family_name": found.family, "name_sort": found.sort}
    return {field: value for field, value in told.items() if value}


def _place(field: str, value: str, believed: Told) -> dict[str, str]:
    larger = {name: str(believed[name]) for name in PLACES[: PLACES.index(field)] if believed.get(name)}
    told = larger | {field: value}
    if "country" in told:
        told["jurisdiction"] = jurisdiction_of(told["country"], told.get("region", ""))
    return told


def _day(text: str, on: date) -> str | None:
    found = clean_date(text, at=on, order="ymd").value
    return found.isoformat() if found else None


def _unclear(field: str) -> BadInput:
    return BadInput("correction_unclear", {"field": field[:40]})


def _size(text: str) -> str | None:
    found = read_household_size(text)
    return str(found) if found else None


_READ: Final[Mapping[str, Callable[[str], str | None]]] = {
    "sex": read_sex, "language": read_language, "country": read_country, "household_size": _size,
}  # fmt: skip
