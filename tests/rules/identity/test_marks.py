"""Marks: everybody is found by any one thing she tells, and nothing of what is kept can be read."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.identity.finding import all_tokens
from regulars.rules.identity.marks import Marker, Told
from regulars.rules.identity.typed import read_typed

KEY = b"a key of thirty-two bytes for us"
MARKER = Marker(KEY)
FANG = Told(
    names=(("王晓芳", "王", "晓芳"),), birth_on=date(1980, 3, 4), sex="female", city="杭州", postcode="310000",
    phones=("+8613800138000",), emails=("wang.xf@example.com",), streets=("湖滨路8号2栋301室",), plates=("浙A12345",),
)  # fmt: skip
ANN = Told(
    names=(("Ann Maria Archer", "Archer", "Ann Maria"),), birth_on=date(1980, 3, 4), city="Dublin", postcode="D02",
    phones=("+353861230000",), emails=("ann.archer@example.com",), streets=("12 Alder Row, Flat 3",),
)  # fmt: skip


def comes_into_question(asked: Told, known: Told) -> bool:
    """By a mark, or by a key of the search."""
    wanted = MARKER.wanted(asked)
    names = [name for parts in known.names for name in parts]
    contacts = [("phone", one) for one in known.phones] + [("email", one) for one in known.emails]
    tokens = all_tokens(names, known.references, contacts, KEY, "CN")
    return bool(MARKER.kept(known) & set(wanted.marks) or tokens & set(wanted.tokens))


@pytest.mark.parametrize("typed", [
    "王晓芳", "wang xiaofang", "Xiaofang Wang", "wang xiao fang", "wangxiaofang", "Wáng Xiǎofāng", "汪小芳", "王小方",
    "13800138000", "138 0013 8000", "+86 138-0013-8000", "wang.xf@example.com", "wangxf@example.org",
    "浙A·12345", "浙A 12345", "0571 0138000",
])  # fmt: skip
def test_she_is_found_by_any_one_thing_a_clerk_types(typed: str) -> None:
    assert comes_into_question(read_typed(typed), FANG)


@pytest.mark.parametrize("typed", [
    "Ann Archer", "Archer Ann", "Archer, Ann Maria", "A. Archer", "annie archer", "086 123 0000 ",
    "ann.archer@example.org",
])  # fmt: skip
def test_so_is_ann(typed: str) -> None:
    assert comes_into_question(read_typed(typed, "IE"), ANN)


@pytest.mark.parametrize("asked", [
    Told(names=(("Wang", "", ""),), birth_on=date(1980, 3, 4)),
    Told(names=(("Xiaofang", "", ""),), birth_on=date(1980, 3, 4)),
    Told(names=(("王", "王", ""),), phones=("13811118000",)),
    Told(names=(("王", "王", ""),), phones=("13800139999",)),
    Told(names=(("王", "王", ""),), streets=("湖滨路8号",), postcode="310000"),
    Told(streets=("湖滨路8号2栋301室",)),
])  # fmt: skip
def test_two_things_with_a_slip_in_one_find_her(asked: Told) -> None:
    assert comes_into_question(asked, FANG)


def test_one_letter_wrong_shares_a_mark() -> None:
    for wrong in ("archr", "acrher", "arrcher", "ercher", "archer"):
        assert MARKER.slips("archer") & MARKER.slips(wrong), wrong


def test_without_the_key_nothing_is_known() -> None:
    assert not MARKER.kept(FANG) & Marker(b"another key").kept(FANG)
    kept = MARKER.kept(FANG)
    assert all(-(2**63) <= mark < 2**63 for mark in kept) and len(kept) <= 20


def test_a_shared_box_marks_nobody() -> None:
    with_box = MARKER.kept(replace(FANG, emails=("info@example.com",)))
    assert with_box < MARKER.kept(FANG)


@given(st.text(max_size=200))
def test_any_line_can_be_typed(text: str) -> None:
    told = read_typed(text)
    wanted = MARKER.wanted(told)
    assert len(wanted.marks) < 400 and len(wanted.ways) <= 8
    MARKER.kept(told)


@given(
    st.builds(
        Told, names=st.tuples(st.tuples(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))),
        birth_on=st.none() | st.dates(), city=st.text(max_size=20), postcode=st.text(max_size=9),
        phones=st.tuples(st.text(max_size=20)), emails=st.tuples(st.text(max_size=20)),
        streets=st.tuples(st.text(max_size=40)), plates=st.tuples(st.text(max_size=12)),
    )
)  # fmt: skip
def test_who_says_all_shares_every_mark(told: Told) -> None:
    assert MARKER.kept(told, "CN") <= set(MARKER.wanted(told, "CN").marks) or not told.names[0][1]


@pytest.mark.parametrize("text", ["x" * 10_000, "王" * 10_000, "1" * 10_000, "😀 " * 4_000, "a@" * 4_000, "‮ابج" * 999])
def test_endless_lines_are_bounded(text: str) -> None:
    wanted = MARKER.wanted(read_typed(text))
    assert len(wanted.marks) < 400 and len(wanted.tokens) < 60


@pytest.mark.parametrize(("text", "born"), [
    ("王芳 1980年3月4日", date(1980, 3, 4)), ("ann 4.3.1980", date(1980, 3, 4)), ("19800304", date(1980, 3, 4)),
    ("1980-13-44", None),
])  # fmt: skip
def test_dates_are_heard(text: str, born: date | None) -> None:
    assert read_typed(text).birth_on == born


OLGA = Told(names=(("Ольга Кузнецова", "Кузнецова", "Ольга"),), birth_on=date(1982, 7, 21))
LI = Told(names=(("吕丽", "吕", "丽"),), birth_on=date(1990, 9, 9))


@pytest.mark.parametrize(("known", "other"), [
    (OLGA, ("Olga Kuznetsova", "Kuznetsova", "Olga")), (LI, ("Lü Li", "Lü", "Li")), (LI, ("LYU LI", "LYU", "LI")),
    (LI, ("Lǚ Lì", "Lǚ", "Lì")), (LI, ("Lv3 Li4", "Lv3", "Li4")), (LI, ("呂麗", "呂", "麗")),
])  # fmt: skip
def test_one_name_in_two_scripts_has_the_same_marks(known: Told, other: tuple[str, str, str]) -> None:
    assert MARKER.kept(replace(known, names=(other,))) == MARKER.kept(known)


@pytest.mark.parametrize("typed", ["Olga Kuznetsova", "kuznetsova olga", "Ольга Кузнецова"])
def test_who_is_kept_in_cyrillic_is_found_in_latin_letters(typed: str) -> None:
    assert comes_into_question(read_typed(typed, "RU"), OLGA)
