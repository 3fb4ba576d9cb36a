"""Names taken apart: Chinese and Western, with honorifics, compound surnames, particles and asides."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.rules.identity.names import made_of, plain_letters, read_name, sort_key, tidy


@pytest.mark.parametrize(
    ("whole", "family", "given", "honorific", "sort"),
    [
        ("王芳", "王", "芳", "", "wang fang"),
        ("王 芳", "王", "芳", "", "wang fang"),
        ("王先生", "王", "", "先生", "wang"),
        ("欧阳娜娜", "欧阳", "娜娜", "", "ou yang na na"),
        ("司马", "司马", "", "", "si ma"),
        ("单雄信", "单", "雄信", "", "shan xiong xin"),
        ("曾国藩", "曾", "国藩", "", "zeng guo fan"),
        ("尉迟恭", "尉迟", "恭", "", "yu chi gong"),
        ("约翰·史密斯", "史密斯", "约翰", "", "shi mi si yue han"),
        ("王芳（VIP）", "王", "芳", "", "wang fang"),
        ("Ann Archer", "Archer", "Ann", "", "archer ann"),
        ("Dr. Ann Archer", "Archer", "Ann", "Dr", "archer ann"),
        ("Archer, Ms. Ann", "Archer", "Ann", "Ms", "archer ann"),
        ("Ann B. Archer Jr.", "Archer", "Ann B.", "", "archer ann b."),
        ("Maria de la Cruz", "de la Cruz", "Maria", "", "de la cruz maria"),
        ("Frau Änne Müller", "Müller", "Änne", "Frau", "muller anne"),
        ("Bob", "", "Bob", "", "bob"),
        ("عمر", "", "عمر", "", "عمر"),
    ],
)
def test_names(whole: str, family: str, given: str, honorific: str, sort: str) -> None:
    name = read_name(whole)
    assert (name.family, name.given, name.honorific, name.sort) == (family, given, honorific, sort)


def test_an_aside_is_shown_and_is_no_part_of_the_name() -> None:
    assert read_name("Ann (Annie) Archer").display == "Ann (Annie) Archer"
    assert read_name("Ann (Annie) Archer").given == "Ann"


def test_parts_make_the_same_name_as_the_whole() -> None:
    assert made_of("芳", "王").sort == read_name("王芳").sort == sort_key("王", "芳")
    assert made_of("Ann", "Archer") == read_name("Ann Archer")


def test_what_turns_text_around_or_hides_is_taken_out_and_joiners_stay() -> None:
    assert tidy("Ann\u202e\u0000\tArcher") == "Ann Archer"
    assert tidy("👩‍👧") == "👩‍👧"


@example("𝑨")
@example("Ǽ")
@given(st.text(max_size=40))
def test_no_text_breaks_it_and_reading_again_changes_nothing(text: str) -> None:
    name = read_name(text)
    assert read_name(name.display).display == read_name(name.display).display
    assert "\x00" not in name.display and name.display == tidy(name.display)
    assert plain_letters(plain_letters(text)) == plain_letters(text)
