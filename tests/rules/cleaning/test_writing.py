"""Names as a search reads them: Chinese and Western, with honorifics, compound surnames, particles and asides."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.rules.cleaning.writing import name_parts, plain_letters, sort_key, tidy


@pytest.mark.parametrize(
    ("whole", "family", "given", "sort"),
    [
        ("王芳", "王", "芳", "wang fang"),
        ("王 芳", "王", "芳", "wang fang"),
        ("王先生", "王", "", "wang"),
        ("欧阳娜娜", "欧阳", "娜娜", "ou yang na na"),
        ("司马", "司马", "", "si ma"),
        ("单雄信", "单", "雄信", "shan xiong xin"),
        ("曾国藩", "曾", "国藩", "zeng guo fan"),
        ("尉迟恭", "尉迟", "恭", "yu chi gong"),
        ("约翰·史密斯", "史密斯", "约翰", "shi mi si yue han"),
        ("王芳（VIP）", "王", "芳", "wang fang"),
        ("Ann Archer", "Archer", "Ann", "archer ann"),
        ("Dr. Ann Archer", "Archer", "Ann", "archer ann"),
        ("Archer, Ms. Ann", "Archer", "Ann", "archer ann"),
        ("Ann B. Archer Jr.", "Archer", "Ann B.", "archer ann b."),
        ("Maria de la Cruz", "de la Cruz", "Maria", "de la cruz maria"),
        ("Frau Änne Müller", "Müller", "Änne", "muller anne"),
        ("Bob", "", "Bob", "bob"),
        ("عمر", "", "عمر", "عمر"),
    ],
)
def test_names(whole: str, family: str, given: str, sort: str) -> None:
    assert (*name_parts(whole), sort_key(*name_parts(whole))) == (family, given, sort)


def test_what_turns_text_around_or_hides_is_taken_out_and_joiners_stay() -> None:
    assert tidy("Ann\u202e\u0000\tArcher") == "Ann Archer"
    assert tidy("👩‍👧") == "👩‍👧"


@example("𝑨")
@example("Ǽ")
@given(st.text(max_size=40))
def test_no_text_breaks_it_and_reading_again_changes_nothing(text: str) -> None:
    assert not any("\x00" in part for part in name_parts(text)) and tidy(tidy(text)) == tidy(text)
    assert plain_letters(plain_letters(text)) == plain_letters(text)
