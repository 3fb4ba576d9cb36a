"""What a file says about persons, cleaned: values as they are kept, what was changed of them and why, cells left out.

Whatever brings persons in — files, tables of other databases, bought lists, streams, webhooks — comes through here.
What came as it is kept costs nothing; of the rest the original travels with its row, and is counted by reason.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from regulars.rules.cleaning.addresses import PARTS, by_part, clean_address, clean_whole_address
from regulars.rules.cleaning.cleaned import Came, Change, Cleaned, Doubt, Notes, came_as
from regulars.rules.cleaning.company_codes import clean_code_of
from regulars.rules.cleaning.dates import clean_date
from regulars.rules.cleaning.emails import clean_email
from regulars.rules.cleaning.names import PersonName, clean_name, clean_parts
from regulars.rules.cleaning.phones import clean_phone
from regulars.rules.cleaning.places import Address
from regulars.rules.cleaning.report import CleanedLine, Tally
from regulars.rules.cleaning.resident_ids import clean_resident_id
from regulars.rules.cleaning.texts import tidied
from regulars.rules.cleaning.writing import HAN
from regulars.rules.intake.answers import says_nothing
from regulars.rules.intake.import_settings import ImportSettings

Column = list[str | None]
#: Notes a cell that is left out: place, code, meaning, text.
LeaveOut = Callable[[int, str, str, str], None]
#: Longer texts than this are no street; no letter prints them and no index holds them.
LONGEST_STREET: Final = 1_000
#: No company is called by a longer name.
LONGEST_COMPANY: Final = 200
_OLDEST: Final = dt.date(1900, 1, 1)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")
_RESIDENT: Final = re.compile(r"\D*(?:\d[ \-]?){14,17}[\dXxＸ]\s*\Z")


@dataclass(slots=True)
class People:
    """The rows of a chunk while they are cleaned: their columns by meaning, where each stands in the file, and what is
    noted on the way. `headings` are those of the file, by meaning."""

    columns: dict[str, Any]
    numbers: Sequence[int]
    headings: Mapping[str, str]
    settings: ImportSettings
    leave_out: LeaveOut
    came: dict[int, list[Came]] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def as_it_came(self) -> Column:
        """Of every row in which something was changed: field, original, what became of it, reasons; as JSON."""
        return [
            json.dumps(self.came[place], ensure_ascii=False) if place in self.came else None
            for place in range(len(self.numbers))
        ]

    def lines(self) -> tuple[CleanedLine, ...]:
        """How many values were changed, and doubted, by column and reason."""
        return self.tally.lines()

    def leave(self) -> frozenset[str]:
        """Changes that are not made of this source's values."""
        return self.settings.leave

    def take(self, place: int, name: str, cleaned: Cleaned[Any], became: str, *, heading: str = "") -> bool:
        """Whether the value is kept; what was changed and doubted of it is noted, or that it was left out."""
        heading = heading or name
        if cleaned.value is None:
            self.leave_out(place, cleaned.doubts[0].reason, heading, cleaned.original)
            return False
        if came := came_as(name, cleaned, became):
            self.came.setdefault(place, []).append(came)
        if cleaned.changes or cleaned.doubts:
            self.tally.add(self.headings[heading], name, self.numbers[place], cleaned)
        return True


def whole_street(
    street: str | None, number: str | None, more: str | None, *, number_first: bool = False
) -> str | None:  # fmt: skip
    """The street as one line, of what stood in columns of their own: house number and what a second line says.

    >>> whole_street("湖滨路", "8号", "301室"), whole_street("High Street", "22", "Flat 4", number_first=True)
    ('湖滨路8号301室', '22 High Street, Flat 4')
    >>> whole_street("Lindenweg", "5a", None), whole_street("Lindenweg 5a", "5a", "n/a"), whole_street(None, "-", "")
    ('Lindenweg 5a', 'Lindenweg 5a', None)
    """
    line, number, more = ("" if says_nothing(text or "") else str(text).strip() for text in (street, number, more))
    together = HAN.search(line) is not None
    if number and not re.search(rf"(?<!\w){re.escape(number)}(?!\w)", line):
        line = ("" if together else " ").join(
            filter(None, (number, line) if number_first and not together else (line, number))
        )
    return ("" if together else ", ").join(filter(None, (line, more))) or None


def clean_people(people: People, days: Sequence[dt.date | None], *, today: dt.date) -> None:
    """The columns hold what is kept. `days` are birthdays as the file's other dates are read; countries are codes."""
    _clean_names(people)
    _clean_phones(people)
    _clean_emails(people)
    _clean_addresses(people)
    _clean_birthdays(people, days, today)
    _clean_documents(people, today)
    _clean_companies(people)


def _said(people: People, name: str) -> Iterator[tuple[int, str]]:
    """(place, text) of every cell that says something; a way of saying nothing says nothing."""
    column = people.columns[name]
    for place, text in enumerate(column):
        if text and not says_nothing(text):
            yield place, text
        else:
            column[place] = None


def _clean_names(people: People) -> None:
    columns = people.columns
    for name in ("name", "given_name", "family_name"):
        for _ in _said(people, name):
            pass
    columns["name_sort"] = [None] * len(people.numbers)
    for place in range(len(people.numbers)):
        if columns["name"][place] or columns["given_name"][place] or columns["family_name"][place]:
            _clean_name(people, place)


def _clean_name(people: People, place: int) -> None:
    columns = people.columns
    whole, given, family = (columns[name][place] or "" for name in ("name", "given_name", "family_name"))
    honorific, country = columns["honorific"][place] or "", columns["country"][place] or ""
    found = clean_name(whole, country, people.leave()) if whole else None
    heading = "name" if whole else "family_name" if family else "given_name"
    if given or family:
        parts = clean_parts(given, family, honorific, people.leave())
        taken = found is None or found.value is None
        found = parts if found is None or found.value is None or parts.value is None else _with_parts(found, parts)
        heading = heading if not taken or not whole else "family_name" if family else "given_name"
    value: PersonName | None = found.value if found else None
    if found and people.take(place, "name", found, value.display if value else "", heading=heading) and value:
        honorific = honorific or value.honorific
    told = (value.display, value.given, value.family, value.sort) if value else ("", "", "", "")
    for name, text in zip(("name", "given_name", "family_name", "name_sort"), told, strict=True):
        columns[name][place] = text or None
    columns["honorific"][place] = honorific or None


def _with_parts(whole: Cleaned[PersonName], parts: Cleaned[PersonName]) -> Cleaned[PersonName]:
    """A whole name beside its parts: shown as it stands, and taken apart as the file says."""
    shown, apart = whole.value, parts.value
    if shown is None or apart is None:
        return whole
    made = PersonName(
        shown.display, apart.given, apart.family, apart.honorific or shown.honorific, shown.suffix, shown.aside,
        apart.sort,
    )  # fmt: skip
    return Cleaned(whole.original, made, whole.changes, whole.doubts)


def _clean_phones(people: People) -> None:
    """A number without country code belongs to the country in the same row, else to the source's."""
    column, countries, usual = people.columns["phone"], people.columns["country"], people.settings.country
    for place, text in _said(people, "phone"):
        found = clean_phone(text, countries[place] or usual, people.leave())
        number = found.value.dialled if found.value else ""
        column[place] = number if people.take(place, "phone", found, number) else None


def _clean_emails(people: People) -> None:
    column = people.columns["email"]
    for place, text in _said(people, "email"):
        found = clean_email(text, people.leave())
        column[place] = found.value if people.take(place, "email", found, found.value or "") else None


def _clean_addresses(people: People) -> None:
    columns = people.columns
    alone = not any(name in people.headings for name in PARTS[1:])
    for place in range(len(people.numbers)):
        given = [columns[name][place] or "" for name in PARTS]
        if any(given):
            _clean_address(people, place, given, alone)


def _clean_address(people: People, place: int, given: list[str], alone: bool) -> None:
    """`alone`: the file has one column for all of an address."""
    columns, country = people.columns, people.columns["country"][place] or ""
    street, city, region, postcode = given
    if len(street) > LONGEST_STREET:
        people.leave_out(place, "text_too_long", "street", street)
        street = given[0] = ""
    if alone:
        found = clean_whole_address(street, country, people.leave())
    else:
        found = clean_address(
            street, city=city, region=region, postcode=postcode, country=country, leave=people.leave()
        )
    home = found.value
    became = (home.on_a_letter, home.city, home.region, home.postcode) if home else ("", "", "", "")
    if home is None:
        name = next((name for name, text in zip(PARTS, given, strict=True) if text), "")
        if name and not says_nothing(given[PARTS.index(name)]):
            people.leave_out(place, found.doubts[0].reason, name, given[PARTS.index(name)])
    else:
        _take_parts(people, place, given, found)
        if alone and home.country and not country:
            columns["country"][place] = home.country
    for name, text in zip(PARTS, became, strict=True):
        columns[name][place] = text or None


def _take_parts(people: People, place: int, given: Sequence[str], found: Cleaned[Address]) -> None:
    """Each part of an address under its own heading, or that of the column that held them all."""
    told = [name for name in PARTS if name in people.headings]
    for name, part in by_part(given, found).items():
        heading = name if name in people.headings else told[0]
        people.take(place, name, part, part.value or "", heading=heading)


def _clean_birthdays(people: People, days: Sequence[dt.date | None], today: dt.date) -> None:
    texts = people.columns["birth_on"]
    born: list[dt.date | None] = [None] * len(texts)
    for place, text in _said(people, "birth_on"):
        found = _birthday(text, days[place], today, people.settings.date_order)
        if people.take(place, "birth_on", found, str(found.value or "")):
            born[place] = found.value
    people.columns["birth_on"] = born


@lru_cache(maxsize=100_000)
def _birthday(text: str, day: dt.date | None, today: dt.date, order: str) -> Cleaned[dt.date]:
    """The day as the file's other dates are read, else as somebody may have meant it; none of the future or past all
    birthdays."""
    found = Cleaned(text, day) if day and _ISO.match(text) else clean_date(text, at=today, order=order)
    if day and found.value != day:
        found = Cleaned(text, day, (Change("date_form", text, day.isoformat()),))
    if found.value is None:
        return found
    code = "date_in_future" if found.value > today else "date_too_early" if found.value < _OLDEST else ""
    return Cleaned(text, None, (), (Doubt(code, found.value.isoformat()),)) if code else found


def _clean_documents(people: People, today: dt.date) -> None:
    """Numbers of China's residents by their check digit; those of other papers are only tidied."""
    columns = people.columns
    for place, text in _said(people, "id_document"):
        found = _document(
            text, columns["country"][place] or "", today, columns["birth_on"][place], columns["sex"][place] or ""
        )
        columns["id_document"][place] = (
            found.value if people.take(place, "id_document", found, found.value or "") else None
        )


def _document(text: str, country: str, today: dt.date, born: dt.date | None, sex: str) -> Cleaned[str]:
    notes = Notes()
    plain = tidied(text, notes)
    if country not in ("", "CN") or not _RESIDENT.match(plain):
        return notes.give(text, plain)
    found = clean_resident_id(text, at=today, birth_on=born, sex=sex)
    if found.value is None:  # it may be the number of another paper: it stays, and somebody should look
        return Cleaned(text, plain, tuple(notes.changes), found.doubts)
    return Cleaned(text, found.value.number, found.changes, found.doubts)


def _clean_companies(people: People) -> None:
    """The code of her company, and of which country it is; the name of a company without a code names nobody."""
    codes, names = people.columns["company_code"], people.columns["company_name"]
    countries = people.columns["company_country"] = [None] * len(codes)
    for place, text in _said(people, "company_code"):
        found = clean_code_of(text, people.columns["country"][place] or people.settings.country)
        codes[place], countries[place] = found.value or (None, None)
        if found.value is None:
            people.leave_out(place, found.doubts[0].reason, "company_code", text)
        elif found.changes or found.doubts:
            people.tally.add(people.headings["company_code"], "company_code", people.numbers[place], found)
    for place, text in _said(people, "company_name"):
        code = "text_too_long" if len(text) > LONGEST_COMPANY else "" if codes[place] else "company_without_code"
        names[place] = None if code else text
        if code:
            people.leave_out(place, code, "company_name", text)
