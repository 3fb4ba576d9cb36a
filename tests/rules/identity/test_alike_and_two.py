"""Twins, father and son, a family, a firm: much the same, and never surely one; and who is herself is so still."""

from dataclasses import replace
from datetime import date

import pytest

from regulars.rules.identity.comparing import best
from regulars.rules.identity.judging import DOUBTFUL, NOT, SURE, is_almost_certain, judged
from regulars.rules.identity.marks import Marker, Told
from regulars.rules.identity.model import MODEL, Match
from tests.rules.identity.test_batch import named

GRAZ = Told(
    birth_on=date(2001, 5, 5), sex="female", city="Graz", postcode="8010", phones=("+4366412345678",),
    emails=("family.ebner@example.com",), streets=("Erlenweg 5",),
)  # fmt: skip
HANGZHOU = Told(
    birth_on=date(2001, 5, 5), sex="female", city="杭州", postcode="310000", phones=("+8613800138000",),
    emails=("wangjia@example.com",), streets=("湖滨路8号2栋301室",),
)  # fmt: skip
#: All of them share home, phone, mail box, birth date and sex.
TWINS = (
    (GRAZ, "Ebner", "Ida", "Iris"), (GRAZ, "Ebner", "Lena", "Lina"), (GRAZ, "Ebner", "Anna Maria", "Eva Maria"),
    (GRAZ, "Ebner", "Tim", "Tom"), (GRAZ, "Ebner", "I.", "Ida"), (GRAZ, "Ebner", "", "Ida"),
    (HANGZHOU, "王", "晓芳", "晓红"), (HANGZHOU, "王", "大双", "小双"), (HANGZHOU, "Wang", "Xiaofang", "Xiaohong"),
    (HANGZHOU, "欧阳", "子涵", "子轩"), (HANGZHOU, "王", "天颖", "天影儿"),
)  # fmt: skip
#: One name, one home, one phone, one mail box: (father's birth date, son's birth date), where they are told.
ONE_NAME = (
    (replace(named(GRAZ, "Ebner", "Johann"), sex="male"), "Johann Ebner"),
    (replace(named(HANGZHOU, "王", "建国"), sex="male"), "王建国"),
)
BORN = ((date(1971, 8, 3), date(2001, 5, 5)), (date(1971, 5, 5), date(2001, 5, 5)), (None, date(2001, 5, 5)),
        (None, None))  # fmt: skip


def of_batch(one: Told, other: Told, house: int) -> str:
    """What a comparison of all makes of them; that it weighs what is weighed here stands in `test_batch`."""
    _, *steps = live(one, other).steps
    return judged(MODEL.apart(Match((MODEL.among(house), *steps)), house))


def live(typed: Told, known: Told) -> Match:
    marker = Marker(b"key")
    return best(marker.wanted(typed, "CN").ways, marker.wanted(known, "CN").ways[0], MODEL)


@pytest.mark.parametrize("house", [100, 10_000, 1_000_000])
@pytest.mark.parametrize(("home", "family", "one", "other"), TWINS)
def test_twins_are_doubtful_at_most(home: Told, family: str, one: str, other: str, house: int) -> None:
    left, right = named(home, family, one), named(home, family, other)
    assert of_batch(left, right, house) in (NOT, DOUBTFUL)
    assert not is_almost_certain(live(left, right)) and not is_almost_certain(live(right, left))


@pytest.mark.parametrize("house", [100, 10_000, 1_000_000])
@pytest.mark.parametrize("born", BORN)
@pytest.mark.parametrize(("he", "whole"), ONE_NAME)
def test_father_and_son_of_one_name_are_doubtful_at_most(
    he: Told, whole: str, born: tuple[date | None, date | None], house: int
) -> None:
    father, son = (replace(he, birth_on=day) for day in born)
    assert of_batch(father, son, house) in (NOT, DOUBTFUL)
    younger = replace(son, names=((f"{whole} Jr.", *he.names[0][1:]),))
    assert of_batch(father, younger, house) in (NOT, DOUBTFUL)
    assert of_batch(replace(father, names=((f"{whole} Sr.", *he.names[0][1:]),)), younger, house) in (NOT, DOUBTFUL)


def test_chinese_father_and_son_who_are_read_alike_are_doubtful_at_most() -> None:
    father, son = (replace(named(HANGZHOU, "王", given), birth_on=None, sex="male") for given in ("伟", "玮"))
    assert of_batch(father, son, 10_000) in (NOT, DOUBTFUL)


def test_a_mother_and_a_daughter_at_the_desk_are_no_certainty() -> None:
    mother = replace(named(GRAZ, "Ebner", "Olga"), birth_on=date(1970, 1, 2))
    assert not is_almost_certain(live(mother, named(GRAZ, "Ebner", "Ida")))


@pytest.mark.parametrize("again", [
    named(GRAZ, "Ebner", "Ida"), named(GRAZ, "Ida", "Ebner"), named(GRAZ, "Ebener", "Ida"),
    replace(named(GRAZ, "Ebner", "Ida"), phones=("+4366499999999",)),
    replace(named(GRAZ, "Ebner", "Ida"), emails=(), streets=("Hauptplatz 1",), postcode="8020"),
])  # fmt: skip
def test_who_is_herself_is_surely_so(again: Told) -> None:
    ida = named(GRAZ, "Ebner", "Ida")
    assert of_batch(ida, again, 10_000) == SURE
    assert is_almost_certain(live(ida, again))


def test_wang_xiaofang_in_two_writings_is_surely_one() -> None:
    fang, pinyin = named(HANGZHOU, "王", "晓芳"), named(HANGZHOU, "Wang", "Xiaofang")
    assert of_batch(fang, pinyin, 10_000) == SURE


def test_an_id_document_makes_sure_what_a_birth_date_nobody_told_does_not() -> None:
    fang = replace(named(HANGZHOU, "王", "晓芳"), birth_on=None)
    assert of_batch(fang, fang, 10_000) == DOUBTFUL
    with_card = replace(fang, references=("33010620010505002X",))
    assert of_batch(with_card, with_card, 10_000) == SURE
