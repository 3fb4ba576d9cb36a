"""One person as a clerk types her → what is kept of her, field by field, with what was changed and what is doubtful."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from regulars.rules.cleaning.addresses import by_part, clean_address
from regulars.rules.cleaning.cleaned import UNUSABLE, Came, Cleaned, came_as
from regulars.rules.cleaning.dates import clean_date
from regulars.rules.cleaning.emails import clean_email
from regulars.rules.cleaning.names import PersonName, clean_name
from regulars.rules.cleaning.phones import clean_phone
from regulars.rules.cleaning.places import Address

LONGEST: Final = 400
SEXES: Final = ("female", "male", "other")
LANGUAGES: Final = ("en", "zh-hans")


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """What was typed of somebody; "" for what was not. `country` (ISO 3166) is where she lives."""

    name: str = ""
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    birth_on: str = ""
    sex: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class CleanedPerson:
    """Each field that was typed, cleaned (name, phone, email, street, birth_on), and the rest as it can be kept;
    `typed_home` are the PARTS of the address as they were typed."""

    fields: Mapping[str, Cleaned[Any]]
    country: str
    sex: str
    language: str
    typed_home: tuple[str, str, str, str] = ("", "", "", "")

    @property
    def unusable(self) -> tuple[str, ...]:
        """Fields whose text is of no use."""
        return tuple(name for name, cleaned in self.fields.items() if cleaned.validity == UNUSABLE)

    @property
    def name(self) -> PersonName | None:
        """Hers, if one was typed that can be used."""
        found = self._value("name")
        return found if isinstance(found, PersonName) else None

    @property
    def address(self) -> Address | None:
        """Hers, likewise."""
        found = self._value("street")
        return found if isinstance(found, Address) else None

    @property
    def birth_on(self) -> date | None:
        """Her birthday, likewise."""
        found = self._value("birth_on")
        return found if isinstance(found, date) else None

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """Ways to reach her, as (channel, value)."""
        phone, email, home = self._value("phone"), self._value("email"), self.address
        told = (
            ("phone", phone.dialled if phone else ""),
            ("email", email or ""),
            ("letter", home.on_a_letter if home else ""),
        )
        return tuple((channel, value) for channel, value in told if value)

    @property
    def came(self) -> tuple[Came, ...]:
        """What was typed otherwise than it is kept."""
        name, phone, email, born = (self._value(field) for field in ("name", "phone", "email", "birth_on"))
        kept = {
            "name": name.display if name else "", "phone": phone.dialled if phone else "", "email": email or "",
            "birth_on": str(born or ""),
        }  # fmt: skip
        parts = by_part(self.typed_home, self.fields["street"]) if self.address else {}
        told = [(field, self.fields[field], became) for field, became in kept.items() if became]
        told += [(field, part, part.value or "") for field, part in parts.items()]
        return tuple(came for one in told if (came := came_as(*one)))

    def _value(self, field: str) -> Any:
        cleaned = self.fields.get(field)
        return cleaned.value if cleaned else None


def clean_person(typed: TypedPerson, *, at: date) -> CleanedPerson:
    """What was typed, cleaned; `at` is today.

    >>> found = clean_person(TypedPerson(name="王 芳女士", phone="138 0013 8000", country="CN"), at=date(2026, 3, 12))
    >>> found.name.display, found.ways, found.unusable
    ('王芳', (('phone', '+8613800138000'),), ())
    >>> clean_person(TypedPerson(phone="call me"), at=date(2026, 3, 12)).unusable
    ('phone',)
    """
    country = typed.country.strip().upper()[:2]
    fields: dict[str, Cleaned[Any]] = {}
    if typed.name.strip():
        fields["name"] = clean_name(typed.name[: 30 * LONGEST], country)
    if typed.phone.strip():
        fields["phone"] = clean_phone(typed.phone[: 30 * LONGEST], country)
    if typed.email.strip():
        fields["email"] = clean_email(typed.email[: 30 * LONGEST])
    if any(part.strip() for part in (typed.street, typed.city, typed.region, typed.postcode)):
        fields["street"] = clean_address(
            typed.street, city=typed.city, region=typed.region, postcode=typed.postcode, country=country
        )
    if typed.birth_on.strip():
        fields["birth_on"] = clean_date(typed.birth_on[: 30 * LONGEST], at=at, order="ymd")
    return CleanedPerson(
        fields, country if country.isascii() and country.isalpha() and len(country) == 2 else "",
        typed.sex if typed.sex in SEXES else "", typed.language if typed.language in LANGUAGES else "",
        (typed.street, typed.city, typed.region, typed.postcode),
    )  # fmt: skip
