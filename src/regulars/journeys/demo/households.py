"""The households of the demonstration as a file of customers: bands as the source gives them, persons invented around
them.

What people allow is invented too: most agree to everything usual, some said no to one thing or another, some said
nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.connections.files.complete_journey import Household
from regulars.journeys.demo.cast import LAST_DAY
from regulars.rules.identity.inventing import InventedPerson, invent

KEY: Final = b"Millbrook Market, invented"
CONSENTS: Final = (
    "direct_marketing",
    "third_party_disclosure",
    "automated_decision",
    "sensitive_use",
    "email",
    "phone",
    "letter",
    "sms",
)
#: Of a hundred invented people: how many said yes, how many no; the rest said nothing.
SAID: Final = {
    "direct_marketing": (66, 14),
    "third_party_disclosure": (9, 41),
    "automated_decision": (52, 11),
    "sensitive_use": (12, 30),
    "email": (71, 9),
    "phone": (24, 38),
    "letter": (58, 12),
    "sms": (47, 18),
}
ALLERGIES: Final = ("peanuts", "lactose", "gluten", "shellfish", "花生", "乳糖")


def write_households(households: Iterable[Household], place: Path) -> int:
    """One Parquet file of customers; how many."""
    rows = list(_rows(households))
    half = place.with_suffix(".half")
    pq.write_table(pa.Table.from_pylist(rows), half, compression="zstd")
    half.replace(place)
    return len(rows)


def _rows(households: Iterable[Household]) -> Iterator[dict[str, str]]:
    for household in households:
        person = invent(KEY, household.household_id, at=LAST_DAY, age_band=household.age)
        yield (
            _known(household) | _invented(person) | _allowed(household.household_id) | _allergy(household.household_id)
        )


def _known(household: Household) -> dict[str, str]:
    return {
        "household_id": str(household.household_id),
        "income": household.income or "",
        "marital_status": (household.marital_status or "").lower(),
        "household_size": (household.household_size or "").rstrip("+"),
        "store_id": str(household.store_id),
    }


def _invented(person: InventedPerson) -> dict[str, str]:
    return {
        "family_name": person.family,
        "given_name": person.given,
        "honorific": person.honorific,
        "sex": person.sex,
        "birth_date": person.birth_on.isoformat(),
        "language": person.language,
        "phone": person.phone,
        "email": person.email,
        "street": person.street,
        "city": person.city,
        "region": person.region,
        "postcode": person.postcode,
        "country": person.country,
    }


def _allowed(household_id: int) -> dict[str, str]:
    return {f"consent_{name}": _said(name, household_id) for name in CONSENTS}


def _said(name: str, household_id: int) -> str:
    yes, no = SAID[name]
    throw = _throw(name, household_id)
    return "yes" if throw < yes else "no" if throw < yes + no else ""


def _allergy(household_id: int) -> dict[str, str]:
    throw = _throw("allergy", household_id)
    return {"allergies": ALLERGIES[throw % len(ALLERGIES)] if throw < 8 else ""}


def _throw(what: str, household_id: int) -> int:
    """A number from 0 to 99 that follows from the two."""
    return int.from_bytes(hashlib.sha256(KEY + f"{what}:{household_id}".encode()).digest()[:8], "big") % 100
