"""A record as a row of keyed marks: what a batch compares, trains on and clusters; no name, date or contact in clear.

Names, sounds, dates, places and contacts each become 64 bits under a key (see `marks`); a batch draws a key of its own
and forgets it, so its rows say nothing of anybody beside each other. Letters cannot be compared in marks: a slip shows
in that two words have a mark in common when a letter is left out of each (`Marker.slips`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from regulars.rules.cleaning.emails import same_mailbox
from regulars.rules.identity.comparing import CAN_SLIP
from regulars.rules.identity.figures_of_model import FAMILIES, RARE
from regulars.rules.identity.finding import number_tokens
from regulars.rules.identity.generations import generation_in
from regulars.rules.identity.marks import Marker, Told, house_of, of_persons
from regulars.rules.identity.sounds import sound, stands_for
from regulars.rules.identity.traits import Called, called, called_in_file, common_readings, place

#: Column → its type in DuckDB's words, in the order of a row; the last is how common the family name is.
MARK, MARKS, FLAG, TEXT, SHARE = "bigint", "bigint[]", "boolean", "varchar", "double"
COLUMNS: Final[dict[str, str]] = {
    "id": MARK, "family": MARK, "family_written": MARK, "family_sound": MARK, "family_slips": MARKS, "given": MARK,
    "given_written": MARK, "given_sound": MARK, "given_initial": MARK, "given_is_initial": FLAG, "given_slips": MARKS,
    "given_pet": MARKS, "given_words": MARKS, "generation": MARK, "birth_on": MARK, "birth_year": MARK,
    "birth_month": MARK, "birth_day": MARK, "sex": TEXT, "city": MARK, "postcode": MARK, "phone": MARKS,
    "phone_tail": MARKS, "phone_part": MARKS, "email": MARKS, "email_user": MARKS, "home": MARKS, "house": MARKS,
    "plate": MARKS, "reference": MARKS, "reference_slips": MARKS, "keys": MARKS, "family_share": SHARE,
}  # fmt: skip
#: Kinds of marks that a record is compared by as well as found by.
COMPARED: Final = ("phone_tail", "phone_part", "email_user", "home", "house", "plate")
#: Numbers of so many signs can have a slip and still be themselves.
NUMBER_CAN_SLIP: Final = 6
#: So many letters of a street are right where the rest may not be.
STREET_BEGINS: Final = 4

#: One syllable of Hanyu Pinyin.
ONE_SYLLABLE: Final = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?ang|iong|i?ao|[iu]?an|uai|[ei]ng|i?ong|a[in]?|e[inr]?|i[aenu]?|ou?"
    r"|u[aeino]?|ve?)\Z"
)

Row = tuple[Any, ...]


class Encoder:
    """Makes rows under one key."""

    def __init__(self, key: bytes) -> None:
        self._marker = Marker(key)
        self._name = lru_cache(maxsize=200_000)(self._name_marks)

    def row(self, customer_id: int, told: Told, country: str = "") -> Row:
        """The values of `COLUMNS`; None where nothing is told.

        >>> encoder = Encoder(b"k")
        >>> row = dict(zip(COLUMNS, encoder.row(7, Told(names=(("", "Archer", "Ann"),), emails=("a.b@example.com",)))))
        >>> row["id"], row["phone"], len(row["email"]), isinstance(row["family"], int)
        (7, None, 1, True)
        """
        name = called_as_in_china(*told.names[0]) if told.names else Called()
        contacts = self._contacts(told, country)
        kinds = self._kinds(name, told, country)
        keys = {mark for marks in kinds.values() for mark in marks} | self._more_keys(name, told)
        number_slips = set(self._number_slips(told))
        keys.update(number_slips, *contacts.values())
        compared = (_or_none(kinds.get(kind, ())) for kind in COMPARED)
        tail, part, user, home, house, plate = compared
        return (
            customer_id, *self._name(name), self._generation(told), *self._born(told.birth_on), told.sex or None,
            self._mark("place", place(told.city)), self._mark("place", place(told.postcode)),
            _or_none(contacts["phone"]), tail, part, _or_none(contacts["email"]), user, home, house, plate,
            _or_none(contacts["reference"]), _or_none(number_slips), _or_none(keys),
            FAMILIES.get(name.family, RARE),
        )  # fmt: skip

    def _mark(self, kind: str, value: object) -> int | None:
        return self._marker.mark(kind, value) if value else None

    def _generation(self, told: Told) -> int | None:
        return self._mark("generation", next(filter(None, (generation_in(whole) for whole, _, _ in told.names)), ""))

    def _kinds(self, name: Called, told: Told, country: str) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for mark, kind in self._marker.with_kinds(name, told, country):
            found.setdefault(kind, set()).add(mark)
        return found

    def _name_marks(self, name: Called) -> tuple[Any, ...]:
        """Family and given name share a kind, so that swapped ones are seen."""
        family, given, mark = name.family, name.given, self._mark
        pets = sorted(self._marker.mark("pet", one) for one in stands_for(given)) if given else None
        return (
            mark("word", family), mark("written", name.family_written), mark("sounds", sound(family)),
            self._slips(family), mark("word", given), mark("written", name.given_written),
            mark("sounds", sound(given)), mark("letter", given[:1]), len(given) == 1 if given else None,
            self._slips(given), pets, _or_none(self._marker.mark("words", one) for one in name.given_words),
        )  # fmt: skip

    def _slips(self, word: str) -> list[int] | None:
        return sorted(self._marker.slips(word)) if len(word) >= CAN_SLIP else None

    def _born(self, day: date | None) -> tuple[int | None, ...]:
        if day is None:
            return (None,) * 4
        mark = self._marker.mark
        return mark("born", day), mark("year", day.year), mark("part", day.month), mark("part", day.day)

    def _more_keys(self, name: Called, told: Told) -> set[int]:
        """What a batch, which has the time, looks for beside what is found live: when a name is wrong, or the place."""
        both = sorted((name.family, name.given))
        names = {name.family, name.given} - {""}
        near = {place(told.city), place(told.postcode)} - {""}
        homes = {
            (number, street[:STREET_BEGINS]) for number, street in map(house_of, told.streets) if number and street
        }
        found: list[tuple[object, ...]] = [("both", *both)] if all(both) else []
        found += [("near", one, where) for one in names for where in near]
        found += [("street", one, *home) for one in names for home in homes]
        if told.birth_on:
            found += [("born_near", told.birth_on, where) for where in near]
            found += [("born_letters", told.birth_on, *(one[0] for one in both))] if all(both) else []
        return {self._marker.mark("more", *one) for one in found}

    def _contacts(self, told: Told, country: str) -> dict[str, set[int]]:
        """Whole phones, mail boxes of persons, and numbers."""
        mark = self._marker.mark
        return {
            "phone": {mark("phone", one) for one in self._marker.numbers(told, country)},
            "email": {mark("email", same_mailbox(one)) for one in of_persons(told.emails)},
            "reference": {mark("reference", one) for one in number_tokens(*told.references)},
        }

    def _number_slips(self, told: Told) -> Iterator[int]:
        for one in number_tokens(*told.references):
            if len(one) - 2 >= NUMBER_CAN_SLIP:
                yield from self._marker.slips(one)


def called_as_in_china(whole: str, family: str, given: str) -> Called:
    """The name as it is on file; three syllables of pinyin, each a word, are read family first though a file in the
    Western order took the last for the family's.

    >>> name = called_as_in_china("", "shi", "Zhang jia")
    >>> name.family, name.given
    ('zhang', 'jiashi')
    """
    words = f"{given} {family}".split() or whole.split()
    if len(words) == len("姓名字") and words[0].casefold() in common_readings() and all(map(_is_syllable, words)):
        return called(words[0], " ".join(words[1:]))
    return called_in_file(whole, family, given)


def _is_syllable(word: str) -> bool:
    return word.isascii() and ONE_SYLLABLE.match(word.casefold()) is not None


def _or_none(marks: Iterable[int]) -> list[int] | None:
    return sorted(set(marks)) or None


def columns_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Rows as columns.

    >>> list(columns_of([Encoder(b"k").row(7, Told())]))[:2]
    ['id', 'family']
    """
    turned = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    return {name: list(values) for name, values in zip(COLUMNS, turned, strict=True)}
