"""What an identify says about a person, as a row of the file an import would read."""

from collections.abc import Mapping
from typing import Any, Final

#: Trait of the Segment specification → what the house calls it (see rules/intake/meanings).
MEANINGS: Final = {
    "email": "email", "phone": "phone", "name": "name", "firstName": "given_name", "first_name": "given_name",
    "lastName": "family_name", "last_name": "family_name", "title": "honorific", "gender": "sex",
    "birthday": "birth_on", "language": "language",
}  # fmt: skip
ADDRESS: Final = {
    "street": "street", "city": "city", "state": "region", "postalCode": "postcode", "postal_code": "postcode",
    "country": "country",
}  # fmt: skip
TOLD: Final = tuple(dict.fromkeys((*MEANINGS.values(), *ADDRESS.values())))


def row_of(traits: Mapping[str, Any], more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Meaning → cell, for what the house keeps of a person; `more` are further traits this source's steward has named.

    >>> row_of({"email": "ann@example.com", "address": {"city": "Lyon"}, "shoe": 38, "birthday": "1988-04-02"})
    {'email': 'ann@example.com', 'birth_on': '1988-04-02', 'city': 'Lyon'}
    """
    said = traits.get("address")
    address: Mapping[str, Any] = said if isinstance(said, dict) else {}
    found = [(MEANINGS[name], value) for name, value in traits.items() if name in MEANINGS]
    found += [(ADDRESS[name], value) for name, value in address.items() if name in ADDRESS]
    found += [(meaning, traits[name]) for name, meaning in (more or {}).items() if name in traits]
    return {meaning: text for meaning, value in found if (text := _cell(value))}


def _cell(value: Any) -> str:
    """Texts and numbers as a file would have them; nothing for what is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).replace("\x00", "")
    if len(text) > 10 and text[4:5] == text[7:8] == "-" and text[10] == "T":  # a day as programs write it
        return text[:10]
    return text
