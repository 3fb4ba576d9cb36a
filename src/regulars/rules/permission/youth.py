"""From which age a person's own word about her data counts, and until which age silence is a no.

China puts the line at 14, the GDPR at 16 unless a member state says otherwise (13 at the least), California at 13 for
the parent's word and at 16 for silence. A country without a line of its own gets the jurisdiction's; a jurisdiction
without one gets the Convention on the Rights of the Child: 18.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

_GDPR: Final = "GDPR Art. 8(1)"
_CALIFORNIA: Final = "Cal. Civ. Code 1798.120(c)"
ELSEWHERE: Final = 18


@dataclass(frozen=True, slots=True)
class Ages:
    """Below `own_word_from` years a yes is the guardian's to give; below `silence_is_no_under` nothing is presumed."""

    jurisdiction: str
    country: str
    own_word_from: int
    silence_is_no_under: int
    law: str


def _member(country: str, age: int) -> Ages:
    return Ages("EU", country, age, age, f"{_GDPR}; national law of {country}")


_OWN_AGES: Final = {
    13: ("BE", "EE", "FI", "GB", "IS", "LV", "MT", "NO", "PT", "SE"),
    14: ("AT", "BG", "CY", "ES", "IT", "LT"),
    15: ("CZ", "DK", "FR", "GR", "SI"),
}
AGES: Final[tuple[Ages, ...]] = (
    Ages("CN", "", 14, 14, "PIPL Art. 28, 31"),
    Ages("EU", "", 16, 16, _GDPR),
    Ages("US-CA", "", 13, 16, _CALIFORNIA),
    Ages("none", "", ELSEWHERE, ELSEWHERE, "Convention on the Rights of the Child Art. 1"),
    *(_member(country, age) for age, countries in _OWN_AGES.items() for country in countries),
)
_BY_PLACE: Final = {(ages.jurisdiction, ages.country): ages for ages in AGES}


@dataclass(frozen=True, slots=True)
class Youth:
    """How old somebody is before the law on a day; without a birth date nobody is taken for a child."""

    birth_on: date | None = None
    on: date | None = None
    own_word_from: int = 0
    silence_is_no_under: int = 0

    @property
    def needs_guardian(self) -> bool:
        """Whether today a yes is the guardian's to give."""
        return self.birth_on is not None and self.on is not None and years(self.birth_on, self.on) < self.own_word_from

    @property
    def presumes_nothing(self) -> bool:
        """Whether today silence is a no, whatever the defaults say."""
        return (
            self.birth_on is not None
            and self.on is not None
            and years(self.birth_on, self.on) < self.silence_is_no_under
        )

    def is_heard(self, value: str, at: datetime, *, by_guardian: bool) -> bool:
        """Whether a word counts: a guardian's and a no always, anything else from the age of an own word on."""
        if by_guardian or value == "denied" or self.birth_on is None:
            return True
        return years(self.birth_on, at.astimezone(UTC).date()) >= self.own_word_from


GROWN: Final = Youth()


def youth_of(jurisdiction: str, country: str, birth_on: date | None, *, on: date) -> Youth:
    """How the law of that place sees a person born then, on a day.

    >>> belgian = youth_of("EU", "BE", date(2012, 5, 1), on=date(2026, 3, 1))
    >>> german = youth_of("EU", "DE", date(2012, 5, 1), on=date(2026, 3, 1))
    >>> belgian.needs_guardian, german.needs_guardian
    (False, True)
    """
    ages = ages_in(jurisdiction, country)
    return Youth(birth_on, on, ages.own_word_from, ages.silence_is_no_under)


def ages_in(jurisdiction: str, country: str = "") -> Ages:
    """The lines that hold in a place: the country's own, else the jurisdiction's, else 18."""
    own = _BY_PLACE.get((jurisdiction, country)) or _BY_PLACE.get((jurisdiction, ""))
    return own or Ages(jurisdiction, "", ELSEWHERE, ELSEWHERE, _BY_PLACE["none", ""].law)


def years(born: date, on: date) -> int:
    """Whole years from birth to a day; who is born on 29 February has her birthday on 1 March of a common year.

    >>> years(date(2008, 2, 29), date(2022, 2, 28)), years(date(2008, 2, 29), date(2022, 3, 1))
    (13, 14)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
