"""Invented people: always the same, nobody's, and of some variety."""

from datetime import date

from regulars.rules.cleaning.emails import read_email
from regulars.rules.cleaning.phones import clean_phone, read_phone
from regulars.rules.identity.inventing import BANDS, invent

AT = date(2017, 12, 31)
KEY = b"Millbrook"
PEOPLE = [invent(KEY, number, at=AT) for number in range(1, 2_001)]


def test_the_same_number_and_key_are_the_same_person() -> None:
    assert PEOPLE[:50] == [invent(KEY, number, at=AT) for number in range(1, 51)]
    assert invent(b"another", 1, at=AT) != PEOPLE[0]


def test_nobody_can_be_reached() -> None:
    for person in PEOPLE:
        assert read_email(person.email) == person.email
        assert person.email.rpartition("@")[2] in ("example.com", "example.org", "example.net")
        assert read_phone(person.phone) == person.phone
        fiction = person.phone.startswith("+1") and person.phone[5:10] == "55501"
        assert fiction or (
            person.phone.startswith("+86100") and clean_phone(person.phone).reasons == ("not_given_out",)
        )


def test_about_half_are_chinese_and_each_lives_where_the_name_fits() -> None:
    chinese = [person for person in PEOPLE if person.country == "CN"]
    assert 850 < len(chinese) < 1_150
    assert all(person.language == "zh-hans" and person.timezone == "Asia/Shanghai" for person in chinese)
    assert all(person.language == "en" for person in PEOPLE if person.country != "CN")


def test_there_is_variety_and_some_share_an_address() -> None:
    assert len({person.name for person in PEOPLE}) > 1_000
    assert len({person.phone for person in PEOPLE}) > 1_980
    addresses = [(person.city, person.street) for person in PEOPLE]
    shared = [here == before for here, before in zip(addresses[1:], addresses, strict=False)]
    assert sum(shared) > 20


def test_ages_lie_in_the_band() -> None:
    for band, (youngest, oldest) in BANDS.items():
        for number in range(100):
            born = invent(KEY, number, at=AT, age_band=band).birth_on
            age = AT.year - born.year - ((AT.month, AT.day) < (born.month, born.day))
            assert youngest <= age <= oldest
