"""A published generator of people and of the mistakes made about them: the same number makes the same, for everybody.

People are invented and nobody is reached (Chinese phones and mail addresses as in rules/identity/inventing; Western
numbers have an exchange that begins with 1, which the North American plan gives to nobody). Half are Chinese, half
Western, family names as skewed as in earnest. One in a hundred is a twin, one in a hundred a son of his father's name,
and one in twenty has the phone of a neighbour.

`KINDS` names what can be wrong with a record that is told: something missing, wrong, of somebody else, in another
script, out of order. Each takes a person and dice and gives what is told of her.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final

from regulars.rules.cleaning.writing import readings, surname_reading
from regulars.rules.identity.figures_of_model import FAMILIES
from regulars.rules.identity.inventing import (
    CHINESE_PLACES,
    CHINESE_STREETS,
    FAMILY_NAMES,
    FEMALE_NAMES,
    MALE_NAMES,
    SURNAMES,
    WESTERN_PLACES,
    WESTERN_STREETS,
    Place,
)
from regulars.rules.identity.marks import Told
from regulars.rules.identity.sounds import other_forms

#: Characters of given names; two of them make most names.
SIGNS: Final = (
    "芳敏静丽艳娟霞秀英婷玉兰慧雪梅佳怡欣诗涵梦洁晓彤思琪雨桐若曦婉清书瑶可馨子美玲春燕冬文雅琴"
    "伟强磊军洋勇杰涛超明刚平辉国栋建华志浩然轩宇航俊博天佑家豪晨一鸣振海永康立新云飞龙凤珍珠莉红萍丹青松柏林森山川江河湖波泉源光亮星月阳春秋夏荷菊竹桃莲蓉薇蕾蕊萱芷菲芸茜茹"
    "莹颖颜容贞淑贤惠德仁义礼智信忠孝诚安宁福禄寿喜庆吉祥如意金银铜铁钢石岩峰岭岳嵩泰恒"
)
SYLLABLES: Final = (
    "al an ar bar ben ber bor bran car cor dal dan der dor el er fal far fen gar gor han har hol ing jan kal ken kin "
    "lan lar len lin lor mal man mar mel mor nel nor ol or pal par pel per ran rol ron sal san sel sin sol tal tan "
    "tor val van ver vin wal wen wil wor"
).split()
ENDINGS: Final = (
    "son",
    "sen",
    "man",
    "ton",
    "ley",
    "ford",
    "berg",
    "stein",
    "er",
    "ing",
    "wood",
    "field",
    "ski",
    "ini",
)
CAST_TWINS, CAST_SONS, CAST_FAMILIES = 1, 2, 10  # of a hundred
LONG_AGO: Final = date(1935, 1, 1)
OLDER: Final = timedelta(days=10_400)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `number` is hers among all."""

    number: int
    chinese: bool
    family: str
    given: str
    sex: str
    birth_on: date
    phone: str
    email: str
    street: str
    place: Place

    @property
    def name(self) -> str:
        """As her record writes it."""
        return f"{self.family}{self.given}" if self.chinese else f"{self.given} {self.family}"

    @property
    def told(self) -> Told:
        """All of it, without a mistake."""
        return Told(
            names=((self.name, "", ""),), birth_on=self.birth_on, sex=self.sex, city=self.place.city,
            postcode=self.place.postcode, phones=(self.phone,), emails=(self.email,), streets=(self.street,),
        )  # fmt: skip


def person(number: int, seed: int = 1) -> Person:
    """The person of that number: herself, or her neighbour's twin, son, or one of the family."""
    place, role = number - number % 2, number % 100
    if role == CAST_TWINS:
        return _twin(_alone(place, seed), _alone(number, seed))
    if role == CAST_SONS + 1:
        return _son(_alone(place, seed), _alone(number, seed))
    one = _alone(number, seed)
    return replace(one, phone=_alone(place, seed).phone) if number % 20 == CAST_FAMILIES + 1 else one


def _alone(number: int, seed: int) -> Person:
    dice = random.Random(f"{seed}:{number}")
    chinese, female = (number // 2) % 2 == 0, dice.random() < 0.5
    family, given = _chinese_name(dice) if chinese else _western_name(dice, female)
    place = (CHINESE_PLACES if chinese else WESTERN_PLACES)[dice.randrange(8)]
    house, road = dice.randrange(1, 400), dice.randrange(200)
    street = f"{CHINESE_STREETS[road % len(CHINESE_STREETS)]}{house}号{1 + road // 9}栋{dice.randrange(101, 2900)}室"
    if not chinese:
        street = f"{house} {SYLLABLES[road % len(SYLLABLES)].title()} {WESTERN_STREETS[road % len(WESTERN_STREETS)]}"
    return Person(
        number, chinese, family, given, "female" if female else "male",
        LONG_AGO + timedelta(days=dice.randrange(26_000)),
        _phone(dice, chinese), _email(family, given, number), street, place,
    )  # fmt: skip


def _twin(one: Person, own: Person) -> Person:
    return replace(
        own, chinese=one.chinese, family=one.family, given=_another_given(one, own.number), sex=one.sex,
        birth_on=one.birth_on, street=one.street, place=one.place, phone=one.phone,
    )  # fmt: skip


def _son(father: Person, own: Person) -> Person:
    return replace(
        own, chinese=father.chinese, family=father.family, given=father.given, sex=father.sex, street=father.street,
        birth_on=father.birth_on + OLDER, place=father.place,
    )  # fmt: skip


def _another_given(one: Person, number: int) -> str:
    dice = random.Random(f"twin:{number}")
    while (given := (_chinese_name(dice) if one.chinese else _western_name(dice, one.sex == "female"))[1]) == one.given:
        pass
    return given


@cache
def _surnames() -> tuple[tuple[str, ...], tuple[float, ...]]:
    shares = tuple(FAMILIES.get(surname_reading(one).replace(" ", ""), 0.0005) for one in SURNAMES)
    return SURNAMES, shares


def _chinese_name(dice: random.Random) -> tuple[str, str]:
    names, shares = _surnames()
    given = dice.choice(SIGNS) + (dice.choice(SIGNS) if dice.random() < 0.8 else "")
    return dice.choices(names, shares)[0], given


def _western_name(dice: random.Random, female: bool) -> tuple[str, str]:
    given = dice.choice(FEMALE_NAMES if female else MALE_NAMES)
    middle = f" {dice.choice(FEMALE_NAMES if female else MALE_NAMES)}" if dice.random() < 0.3 else ""
    if dice.random() < 0.3:
        return FAMILY_NAMES[int(len(FAMILY_NAMES) * dice.random() ** 2)], given + middle
    middle_part = dice.choice(SYLLABLES) if dice.random() < 0.5 else ""
    return (dice.choice(SYLLABLES) + middle_part + dice.choice(ENDINGS)).title(), given + middle


def _phone(dice: random.Random, chinese: bool) -> str:
    return (
        f"+86100{dice.randrange(10**8):08d}" if chinese else f"+1{dice.randrange(201, 990)}1{dice.randrange(10**6):06d}"
    )


def _email(family: str, given: str, number: int) -> str:
    name = ".".join("".join(readings(part)) for part in (given.split()[0], family))
    return f"{name}{number % 1000}@example.{('com', 'org', 'net')[number % 3]}".replace(" ", "")


# ---- what can be wrong

Kind = Callable[[Person, random.Random], Told]


def _besides(one: Person, dice: random.Random, *fields: str, of: int = 2) -> Told:
    """Her name and some of these fields, at random; a clerk seldom has all."""
    chosen = set(dice.sample(fields, min(of, len(fields))))
    whole, bare = one.told, Told(names=one.told.names)
    kept = {
        "street": ("streets", "city", "postcode"), "phone": ("phones",), "email": ("emails",),
        "birth": ("birth_on",), "city": ("city",),
    }  # fmt: skip
    return replace(bare, **{name: getattr(whole, name) for field in chosen for name in kept[field]})


def _any(one: Person, dice: random.Random) -> Told:
    return _besides(one, dice, "phone", "email", "birth", "street", "city")


def slipped(text: str, dice: random.Random) -> str:
    """One letter left out, doubled, wrong, or swapped with its neighbour; never the first of a word of one or two."""
    at = dice.randrange(1, len(text)) if len(text) > 2 else len(text) - 1
    how = dice.randrange(4)
    if how == 0 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    if how == 1:
        return text[:at] + text[at] + text[at:]
    if how == 2 and at + 1 < len(text) and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + dice.choice([c for c in "abcdefghijklmnopqrstuvwxyz" if c != text[at]]) + text[at + 1 :]


def _latin(one: Person) -> tuple[str, str]:
    """Family and given name in letters."""
    family = surname_reading(one.family).replace(" ", "") if one.chinese else one.family
    return family.title(), "".join(readings(one.given)).title() if one.chinese else one.given


def _named(told: Told, name: str) -> Told:
    return replace(told, names=((name, "", ""),))


def nothing_wrong(one: Person, dice: random.Random) -> Told:
    """Name and two more things, all right."""
    return _any(one, dice)


def much_missing(one: Person, dice: random.Random) -> Told:
    """Name and one more thing that tells somebody apart."""
    return _besides(one, dice, "phone", "email", "birth", of=1)


def name_missing(one: Person, dice: random.Random) -> Told:
    """No name: phone, or mail and birth date."""
    return replace(_besides(one, dice, "phone", "email", of=1), names=(), birth_on=one.birth_on)


def slip_in_name(one: Person, dice: random.Random) -> Told:
    """A typing slip in one part of the name; Chinese names in pinyin."""
    family, given = _latin(one)
    if dice.random() < 0.5:
        family = slipped(family.lower(), dice)
    else:
        given = slipped(given.lower(), dice)
    return _named(_any(one, dice), f"{given} {family}" if not one.chinese else f"{family} {given}")


def swapped(one: Person, dice: random.Random) -> Told:
    """Family name where the given name belongs; Chinese names in pinyin."""
    family, given = _latin(one)
    return _named(_any(one, dice), f"{family} {given}" if not one.chinese else f"{given} {family}")


def pinyin(one: Person, dice: random.Random) -> Told:
    """Letters for 汉字, syllables together or apart; Western names in capitals."""
    family, given = _latin(one)
    apart = " ".join(readings(one.given)) if dice.random() < 0.5 else given
    return _named(_any(one, dice), f"{family} {apart}" if one.chinese else one.name.upper())


def wrong_sign(one: Person, dice: random.Random) -> Told:
    """Another character read the same (芳 for 方); Western names by ear (Meier for Mayer)."""
    if one.chinese:
        return _named(_any(one, dice), one.family + "".join(_homophone(sign, dice) for sign in one.given))
    heard = one.name.replace("ck", "k").replace("ph", "f").replace("y", "i").replace("sch", "sh").replace("c", "k")
    return _named(_any(one, dice), heard)


@cache
def _by_reading() -> dict[str, str]:
    found: dict[str, str] = {}
    for sign in SIGNS + "方晨辰玮娜凌":
        found[readings(sign)[0]] = found.get(readings(sign)[0], "") + sign
    return found


def _homophone(sign: str, dice: random.Random) -> str:
    others = [one for one in _by_reading().get(readings(sign)[0], "") if one != sign]
    return dice.choice(others) if others else sign


def short_form(one: Person, dice: random.Random) -> Told:
    """A nickname, or the initial only; of Chinese names the surname with 先生 or 女士, and two things more."""
    if one.chinese:
        told = _besides(one, dice, "phone", "email", "birth", "street")
        return _named(told, one.family + ("女士" if one.sex == "female" else "先生"))
    first = one.given.split()[0]
    forms = sorted(other_forms(first.casefold()))
    short = dice.choice(forms).title() if forms and dice.random() < 0.6 else first[0] + "."
    return _named(_any(one, dice), f"{short} {one.family}")


def old_phone(one: Person, dice: random.Random) -> Told:
    """A number she no longer has, or has not told yet; beside it birth date, mail or home."""
    told = _besides(one, dice, "email", "birth", "street")
    return replace(told, phones=(_phone(dice, one.chinese),))


def slip_in_phone(one: Person, dice: random.Random) -> Told:
    """One digit wrong or two swapped, and the name."""
    digits, at = one.phone, dice.randrange(5, len(one.phone) - 1)
    wrong = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if wrong == digits:
        wrong = digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :]
    return replace(_besides(one, dice, "city", of=1), phones=(wrong,))


def digit_missing(one: Person, dice: random.Random) -> Told:
    """The phone alone, a digit left out."""
    at = _place_in(one, dice)
    return Told(phones=(one.phone[:at] + one.phone[at + 1 :],))


def digit_too_many(one: Person, dice: random.Random) -> Told:
    """The phone alone, a digit more."""
    at = _place_in(one, dice)
    return Told(phones=(one.phone[:at] + str(dice.randrange(10)) + one.phone[at:],))


def digit_wrong(one: Person, dice: random.Random) -> Told:
    """The phone alone, a digit wrong."""
    at = _place_in(one, dice)
    other = (int(one.phone[at]) + dice.randrange(1, 10)) % 10
    return Told(phones=(f"{one.phone[:at]}{other}{one.phone[at + 1 :]}",))


def digits_swapped(one: Person, dice: random.Random) -> Told:
    """The phone alone, two digits that differ swapped."""
    places = [at for at in range(_NATIONAL[one.chinese], len(one.phone) - 1) if one.phone[at] != one.phone[at + 1]]
    at = dice.choice(places)
    return Told(phones=(one.phone[:at] + one.phone[at + 1] + one.phone[at] + one.phone[at + 2 :],))


def _place_in(one: Person, dice: random.Random) -> int:
    """Any digit of the phone behind the country's code."""
    return dice.randrange(_NATIONAL[one.chinese], len(one.phone))


#: Chinese or not → where the number begins behind +86 or +1.
_NATIONAL: Final = {True: 3, False: 2}


def slip_in_mail(one: Person, dice: random.Random) -> Told:
    """A slip in the mail address, or another provider; and the name."""
    user, _, domain = one.email.partition("@")
    wrong = f"{slipped(user, dice)}@{domain}" if dice.random() < 0.5 else f"{user}@mail.example"
    return replace(_besides(one, dice, "city", "birth", of=1), emails=(wrong,))


def moved(one: Person, dice: random.Random) -> Told:
    """Another street and city than the record's; beside it phone, mail or birth date."""
    other = _alone(dice.randrange(10**6), 99)
    told = _besides(one, dice, "phone", "email", "birth")
    return replace(told, streets=(other.street,), city=other.place.city, postcode=other.place.postcode)


def day_and_month(one: Person, dice: random.Random) -> Told:
    """Day and month of the birth date swapped, where that is a date; else one year wrong."""
    born = one.birth_on
    wrong = born.replace(month=born.day, day=born.month) if born.day <= 12 else born.replace(day=1, year=born.year + 1)
    if born.day > 12 and born.day <= 28:
        wrong = born.replace(year=born.year + 1)
    return replace(_besides(one, dice, "city", "email", "street", of=2), birth_on=wrong)


def somebody_elses(one: Person, dice: random.Random) -> Told:
    """Conflicting: the phone of somebody who is a customer too, all else hers."""
    return replace(_besides(one, dice, "birth", "email", "street"), phones=(person(dice.randrange(100_000)).phone,))


def several(one: Person, dice: random.Random) -> Told:
    """A slip in the name and an old phone or a move, and two things that are right."""
    told = replace(old_phone(one, dice) if dice.random() < 0.5 else moved(one, dice))
    return _named(told, slip_in_name(one, dice).names[0][0])


def home_only(one: Person, dice: random.Random) -> Told:
    """First name and home: twins, fathers and neighbours live there too."""
    return replace(_named(Told(streets=(one.street,), city=one.place.city, postcode=one.place.postcode), ""),
                   names=(("", "", one.given),))  # fmt: skip


def with_birth_date(one: Person, dice: random.Random) -> Told:
    """Name, home and birth date: what tells a son from the father of his name."""
    return replace(home_only(one, dice), names=one.told.names, birth_on=one.birth_on)


def family_phone(one: Person, dice: random.Random) -> Told:
    """The phone and the first name."""
    return Told(names=(("", "", one.given),), phones=(one.phone,))


def _all(number: int) -> bool:
    return True


def _twins(number: int) -> bool:
    return number % 100 in (0, CAST_TWINS)


def _sons(number: int) -> bool:
    return number % 100 in (CAST_SONS, CAST_SONS + 1)


def _families(number: int) -> bool:
    return number % 20 in (CAST_FAMILIES, CAST_FAMILIES + 1)


#: Kind of mistake → how it is made, and of whom.
KINDS: Final[dict[str, tuple[Kind, Callable[[int], bool]]]] = {
    "nothing wrong": (nothing_wrong, _all), "much missing": (much_missing, _all), "name missing": (name_missing, _all),
    "slip in the name": (slip_in_name, _all), "swapped names": (swapped, _all), "pinyin or capitals": (pinyin, _all),
    "wrong sign, by ear": (wrong_sign, _all), "short form, initial": (short_form, _all), "old phone": (old_phone, _all),
    "slip in the phone": (slip_in_phone, _all), "slip in the mail": (slip_in_mail, _all), "moved": (moved, _all),
    "birth date wrong": (day_and_month, _all), "phone of another": (somebody_elses, _all),
    "several at once": (several, _all), "digit missing": (digit_missing, _all),
    "digit too many": (digit_too_many, _all), "digit wrong": (digit_wrong, _all),
    "digits swapped": (digits_swapped, _all),
    "twins": (home_only, _twins), "father and son": (with_birth_date, _sons), "family phone": (family_phone, _families),
}  # fmt: skip


def asked(kind: str, count: int, people: int, seed: int = 7) -> list[tuple[Person, Told]]:
    """So many people of so many, and what is told of each with this kind of mistake."""
    make, of_whom = KINDS[kind]
    dice = random.Random(f"{seed}:{kind}")
    found: list[tuple[Person, Told]] = []
    while len(found) < count:
        number = dice.randrange(people)
        if of_whom(number):
            one = person(number)
            found.append((one, make(one, dice)))
    return found
