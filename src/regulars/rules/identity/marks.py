"""Keys by which a customer comes into question, kept beside her record, and those that a typed record asks for.

A mark is a keyed digest of 64 bits (BLAKE2b, RFC 7693) of some traits together: who lacks the key, which is not in the
database, can neither guess nor list what is behind it. One trait alone is shared by thousands (a surname, a birth year,
the last digits of a phone), two or three together by a handful; so the marks are of traits together, and what one slip
spoils in one mark another mark does without. (Blocking by several passes: Newcombe, Science 130 (1959).)

Whole phones, whole mail addresses and references are keys of the search already (see `finding`).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from regulars.rules.cleaning.emails import is_of_a_desk, read_email, same_mailbox
from regulars.rules.cleaning.phones import read_phone
from regulars.rules.identity.finding import WORD, contact_token, keyed, number_tokens
from regulars.rules.identity.phone_slips import SHORTEST, meant_by
from regulars.rules.identity.romanised_ways import ways_elsewhere
from regulars.rules.identity.sounds import other_forms, sound
from regulars.rules.identity.traits import (
    NONE,
    Called,
    Marks,
    Traits,
    called,
    called_as_typed,
    called_in_file,
    place,
    shorter,
)

#: Changes with what is marked; then the house marks everybody anew.
RECIPE: Final = 5
TAIL: Final = 7
LAST: Final = 4
MOST_WAYS: Final = 4
#: From so many letters on a word is found with a slip in it.
SLIPS_FROM: Final = 4
MOST_OF_A_KIND: Final = 8
#: So many readings of a misspelled name are asked for.
MOST_MEANT: Final = 24
DIGITS: Final = re.compile(r"\d+", re.ASCII)
_HOUSE_WORDS: Final = re.compile(r"[号號栋棟幢室楼樓座单元層层]+")
#: One of several given names with the family's; as it was called when only the first was marked.
ALONE: Final = "first"
#: Of what kind a mail box is that a desk shares: who has it comes into question, and it tells hardly anybody apart.
DESK: Final = "desk"
#: Of what kind a whole phone is that a slip made into what was told.
PHONE_SLIP: Final = "phone_slip"
#: So many numbers are taken for misspelled.
MOST_NUMBERS: Final = 2
PLATE: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Told:
    """A record as people tell it, in clear; what is not told is empty. `names` are (whole, family, given)."""

    names: tuple[tuple[str, str, str], ...] = ()
    birth_on: date | None = None
    sex: str = ""
    city: str = ""
    postcode: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        alone = self.birth_on or self.phones or self.emails or self.streets or self.plates or self.references
        return bool(alone or any(any(parts) for parts in self.names))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: marks and search keys, each with the kind it is of, and the ways the record may be meant.

    `names` are those that a mark may stand for; `meant` those that only who has the mark may be meant by.
    """

    marks: dict[int, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ways: tuple[Traits, ...] = ()
    names: dict[int, Called] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    meant: dict[int, Called] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.marks or self.tokens)


class Marker:
    """Makes marks under one key."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key[:64]

    def mark(self, kind: str, *parts: object) -> int:
        """The mark of these traits together.

        >>> marker = Marker(b"k")
        >>> marker.mark("name", "wang", "fang") == marker.mark("name", "wangf", "ang")
        False
        """
        said = "\0".join((kind, *map(str, parts))).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(said, digest_size=8, key=self._key).digest(), "big", signed=True)

    def kept(self, told: Told, country: str = "") -> frozenset[int]:
        """The marks kept beside the record of a customer who is told so."""
        names = {called_in_file(*one) for one in told.names[:MOST_OF_A_KIND]}
        names |= {one for name in names for one in shorter(name)}
        return frozenset(mark for mark, _ in self._all(names, told, country))

    def with_kinds(self, name: Called, told: Told, country: str = "") -> Iterator[tuple[int, str]]:
        """The same marks for a name that is read already, each with the kind it is of."""
        return self._all((name,), told, country)

    def numbers(self, told: Told, country: str = "") -> list[str]:
        """The phones that can be read, each as +<country><number>."""
        return _numbers(told, country)

    def slips(self, word: str) -> frozenset[int]:
        """The marks under which a word of a name is found when one letter is left out, doubled, wrong or swapped: its
        own, and those of the word with each letter left out (the symmetric deletions of W. Garbe's SymSpell, 2012)."""
        spelled = {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
        return frozenset(self.mark("slip", one) for one in spelled)

    def wanted(self, told: Told, country: str = "CN") -> Wanted:
        """What to ask for to find who is told so."""
        ways = self._ways(told)
        simpler = [one for way in ways for one in shorter(way)]
        kinds = dict(self._all({way for way in (*ways, *simpler) if way.given or way.family}, told, country))
        kinds |= {mark: "form" for way in ways for mark in self._forms(way)}
        less = {self.mark("name", one.family, one.given): one for one in simpler}
        names = {self.mark("name", way.family, way.given): way for way in ways}
        traits = self._traits(told, kinds, country)
        words = frozenset(word for way in ways for word in (way.family, way.given) if len(word) >= SLIPS_FROM)
        meant = tuple(replace(traits, called=way) for way in ways or [Called()])
        return Wanted(kinds, _tokens(told, ways, self._key, country), meant, names, words, less)

    def with_slips(self, wanted: Wanted, likely: Mapping[str, Sequence[str]], told: Told) -> Wanted:
        """What to ask for when words of the name are misspelled, or in the letters of elsewhere: `likely` says which
        word each may stand for."""
        names = [way.called for way in wanted.ways]
        meant = {
            replace(way, family=family, given=given)
            for way in names
            for family in (way.family, *likely.get(way.family, ()))
            for given in (way.given, *likely.get(way.given, ()))
        } - set(names)
        ordered = sorted(meant, key=lambda one: (one.family, one.given))[:MOST_MEANT]
        marks = {mark: kind for one in ordered for mark, kind in self._of_name(one, told)}
        marks |= {self.mark(ALONE, one.family, one.given): ALONE for one in ordered if one.family and one.given}
        alone = {WORD + (one.family or one.given): "word" for one in ordered if not (one.family and one.given)}
        elsewhere = {self.mark("name", way.family, way.given): way for one in names for way in ways_elsewhere(one)}
        elsewhere = {mark: way for mark, way in elsewhere.items() if mark not in wanted.marks}
        marks = wanted.marks | marks | dict.fromkeys(elsewhere, "name")
        return replace(wanted, marks=marks, tokens=wanted.tokens | alone, meant=wanted.meant | elsewhere)

    def with_slips_of_phones(self, wanted: Wanted, told: Told, country: str = "CN") -> Wanted:
        """What to ask for when a digit of the phone is missing, too many, wrong or swapped: the numbers it may stand
        for. Nothing more where a whole name is told: marks of name and number together find her then."""
        if any(way.called.family and way.called.given for way in wanted.ways):
            return wanted
        meant = (number for one in numbers_typed(told)[:MOST_NUMBERS] for number in meant_by(one, country))
        slips = dict.fromkeys((keyed("phone", number, self._key) for number in meant), PHONE_SLIP)
        return replace(wanted, tokens=slips | wanted.tokens)

    def _ways(self, told: Told) -> list[Called]:
        ways = [way for whole, family, given in told.names for way in _ways_of(whole, family, given)]
        return list(dict.fromkeys(ways))[:MOST_WAYS]

    def _all(self, names: Iterable[Called], told: Told, country: str) -> Iterator[tuple[int, str]]:
        digits = [number.lstrip("+") for number in _numbers(told, country)]
        houses = [house_of(street) for street in told.streets[:MOST_OF_A_KIND]]
        for name in names:
            yield from self._of_name(name, told)
            yield from self._of_name_and_contact(name, digits, houses, told)
        yield from ((self.mark("phone_tail", one[-TAIL:]), "phone_tail") for one in digits if len(one) >= TAIL)
        yield from ((self.mark("email_user", one), "email_user") for one in _users(told))
        yield from ((self.mark("home", *one), "home") for one in houses if all(one))
        yield from ((self.mark("plate", one), "plate") for one in plates(told.plates))

    def _of_name(self, name: Called, told: Told) -> Iterator[tuple[int, str]]:
        """A name by itself and with what makes it rarer."""
        family, given, born = name.family, name.given, told.birth_on
        if family and given:
            yield self.mark("name", family, given), "name"
            yield self.mark("sound", sound(family), sound(given)), "sound"
            yield self.mark("initial", family, given[0]), "initial"
            yield from ((self.mark(ALONE, family, one), ALONE) for one in name.parts)
            if city := place(told.city):
                yield self.mark("name_city", family, given, city), "name_city"
            if born:
                yield self.mark("name_year", family, given, born.year), "name_year"
        if born and family:
            yield self.mark("family_birth", family, born), "family_birth"
        if born and given:
            yield self.mark("given_birth", given, born), "given_birth"

    def _of_name_and_contact(
        self, name: Called, digits: list[str], houses: list[tuple[str, str]], told: Told
    ) -> Iterator[tuple[int, str]]:
        if not name.family:
            return
        for one in digits:
            yield self.mark("phone_last", name.family, one[-LAST:]), "phone_part"
            yield self.mark("phone_front", name.family, one[:-LAST]), "phone_part"
        if code := place(told.postcode):
            yield from ((self.mark("house", name.family, code, n), "house") for n, _ in houses if n)

    def _forms(self, way: Called) -> Iterator[int]:
        """The name under the other forms of the given name; of several names one alone."""
        if not (way.family and way.given):
            return
        for form in sorted(other_forms(way.given))[:MOST_OF_A_KIND]:
            yield self.mark("name", way.family, form)
        yield self.mark(ALONE, way.family, way.given)
        yield from (self.mark("name", way.family, one) for one in way.parts)

    def _traits(self, told: Told, kinds: dict[int, str], country: str) -> Traits:
        """What the record is compared by, contacts as marks and keys."""
        by_kind = defaultdict[str, list[int]](list)
        for mark, kind in kinds.items():
            by_kind[kind].append(mark)
        of: dict[str, Marks] = {kind: frozenset(marks) for kind, marks in by_kind.items()}
        return Traits(
            birth_on=told.birth_on, sex=told.sex, city=place(told.city), postcode=place(told.postcode),
            phone=_contacts("phone", told.phones, self._key, country), phone_tail=of.get("phone_tail", NONE),
            phone_part=of.get("phone_part", NONE),
            email=_contacts("email", of_persons(told.emails), self._key, country),
            email_user=of.get("email_user", NONE), home=of.get("home", NONE), house=of.get("house", NONE),
            plate=of.get("plate", NONE), reference=frozenset(number_tokens(*told.references)),
        )  # fmt: skip


def numbers_typed(told: Told) -> tuple[str, ...]:
    """What may be phones, whether they can be read or not.

    >>> numbers_typed(Told(phones=("138",))), numbers_typed(Told(references=("1380013800", "C-10042", "42")))
    (('138',), ('1380013800',))
    """
    return told.phones or tuple(one for one in told.references if _is_of_digits(one) and len(one) >= SHORTEST)


def _is_of_digits(text: str) -> bool:
    return text.isdecimal() and text.isascii()


def plates(told: Iterable[str]) -> list[str]:
    """Number plates in the letters they are compared by.

    >>> plates(["浙A·12345", "b-xy 99"])
    ['浙A12345', 'BXY99']
    """
    return [bare for one in told if 4 <= len(bare := PLATE.sub("", one).upper()) <= 12][:MOST_OF_A_KIND]


def _ways_of(whole: str, family: str, given: str) -> list[Called]:
    if family or given:
        return [called(family, given)]
    return called_as_typed(whole)


def _tokens(told: Told, ways: Iterable[Called], key: bytes, country: str) -> dict[str, str]:
    """Keys of the search: whole contacts, references, and a name of one word only."""
    persons = frozenset(of_persons(told.emails))
    contacts = [("phone", "phone", one) for one in told.phones]
    contacts += [("email" if read_email(one) in persons else DESK, "email", one) for one in told.emails]
    found = {
        token: kind
        for kind, channel, value in contacts
        if (token := contact_token(channel, value, key, country)) is not None
    }
    alone = {way.family or way.given for way in ways if not (way.family and way.given)}
    return found | dict.fromkeys(number_tokens(*told.references), "reference") | {WORD + one: "word" for one in alone}


def _contacts(channel: str, values: Iterable[str], key: bytes, country: str) -> frozenset[object]:
    found = (contact_token(channel, value, key, country) for value in values)
    return frozenset(token for token in found if token)


def _numbers(told: Told, country: str) -> list[str]:
    return [
        number for one in told.phones[:MOST_OF_A_KIND] if (number := one if _is_e164(one) else read_phone(one, country))
    ]


def _is_e164(text: str) -> bool:
    return text[:1] == "+" and text[1:].isdecimal() and text.isascii() and 8 <= len(text) <= 16


def of_persons(addresses: Iterable[str]) -> list[str]:
    """The mail addresses among these whose box is a person's and no desk's.

    >>> of_persons(["Info@example.com", "客服@example.com", "Ann@Example.com", "ann"])
    ['Ann@example.com']
    """
    return [one for one in map(read_email, addresses) if one and not is_of_a_desk(one.rpartition("@")[0])]


def _users(told: Told) -> Iterator[str]:
    """What stands before the @, without dots and tags."""
    for address in of_persons(told.emails[:MOST_OF_A_KIND]):
        user = same_mailbox(address).rpartition("@")[0].partition("+")[0]
        bare = re.sub(r"[\W_]+", "", user)
        if len(bare) >= SLIPS_FROM:
            yield bare


def house_of(street: str) -> tuple[str, str]:
    """(first number of the street address, its first letters and its further numbers).

    >>> house_of("湖滨路8号2栋301室"), house_of("12 Alder Row, Flat 3")
    (('8', 'hubinl2301'), ('12', 'alderr3'))
    """
    numbers = DIGITS.findall(street[:200])
    letters = place(DIGITS.sub(" ", _HOUSE_WORDS.sub(" ", street[:200])))
    return (numbers[0] if numbers else "", letters[:6] + "".join(numbers[1:]) if letters else "")
