"""Somebody nobody knows yet is taken in while she is served: what she tells is cleaned, kept, and her choices asked.

One transaction with whatever she came for: she is there with all of it, or not at all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.journeys.recognise_likely import LikelyCustomer, recognise_likely
from regulars.records.choices.actions import add_choice
from regulars.records.company.access import company, statement_version
from regulars.records.customers.access import Opened
from regulars.records.customers.taking_in import NewCustomer, take_in
from regulars.rules.cleaning.person import CleanedPerson, TypedPerson, clean_person
from regulars.rules.identity.marks import Told
from regulars.rules.identity.time_zones import zone_where
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import ALLOWS
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.jurisdictions import jurisdiction_of

SAID: Final = ("granted", "denied")


@dataclass(frozen=True, slots=True)
class ChoiceSaid:
    """What she said about one permission (a key of ALLOWS), and the very sentence she was asked."""

    allows: str
    value: str
    wording: str


def look_over(typed: TypedPerson, *, at: datetime) -> CleanedPerson:
    """What would be kept of her, with everything that was changed and is doubtful."""
    return clean_person(typed, at=_day(at))


def perhaps_known(person: CleanedPerson, *, by: Asker, because: str) -> list[LikelyCustomer]:
    """Those she may be whom we know already, as far as the asker's view shows them; the likeliest first."""
    told = _told(person)
    return recognise_likely(told, by=by, because=because, country=person.country) if told else []


def check_new(person: CleanedPerson) -> None:
    """BadInput when nothing is told to know her by, or something told is of no use."""
    if person.unusable:
        raise BadInput("new_customer_unusable", {"fields": ", ".join(person.unusable)})
    if person.name is None and not person.ways:
        raise BadInput("new_customer_nameless")


def take_in_customer(
    person: CleanedPerson, choices: tuple[ChoiceSaid, ...], *, source_id: int, branch_id: int | None, how: str,
    by: Asker, because: str, at: datetime,
) -> Opened:  # fmt: skip
    """She is known, with what she said about the use of her data, when the caller's transaction commits.

    `how` is the way she said it (counter, phone). BadInput as for `check_new`, and for a choice that is none.
    """
    check_new(person)
    opened = take_in(
        NewCustomer(_told_of(person, branch_id), person.ways, came=person.came), source_id=source_id, by=by,
        because=because, on=_day(at), at=at,
    )  # fmt: skip
    version = statement_version()
    for one in choices:
        if one.allows not in ALLOWS or one.value not in SAID:
            raise BadInput("choice_unclear", {"value": one.value[:40]})
        purpose, channel = ALLOWS[one.allows]
        add_choice(
            opened.id, purpose=purpose, channel=channel, value=one.value, at=at, by=by, source=how,
            statement_version=version, wording=one.wording[:500],
        )  # fmt: skip
    return opened


def _told_of(person: CleanedPerson, branch_id: int | None) -> dict[str, Any]:
    """Columns of the record."""
    name, home = person.name, person.address
    country = (home.country if home else "") or person.country
    region = home.region if home else ""
    phone = next((value for channel, value in person.ways if channel == "phone"), "")
    told: dict[str, Any] = {
        "birth_on": person.birth_on, "sex": person.sex, "language": person.language, "home_branch_id": branch_id,
        "jurisdiction": jurisdiction_of(country, region) if country else company().jurisdiction,
        "timezone": zone_where(country, phone), "country": country,
    }  # fmt: skip
    if name:
        told |= {"name": name.display, "given_name": name.given, "family_name": name.family, "name_sort": name.sort,
                 "honorific": name.honorific}  # fmt: skip
    if home:
        told |= {"city": home.city, "region": region, "postcode": home.postcode}
    return told


def _told(person: CleanedPerson) -> Told:
    """The same, for comparing it with those we know."""
    name, home = person.name, person.address
    by_channel = dict(person.ways)
    return Told(
        names=((name.display, name.family, name.given),) if name else (), birth_on=person.birth_on, sex=person.sex,
        phones=_one(by_channel.get("phone")), emails=_one(by_channel.get("email")),
        streets=_one(by_channel.get("letter")), city=home.city if home else "", postcode=home.postcode if home else "",
    )  # fmt: skip


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(company().timezone)).date()
