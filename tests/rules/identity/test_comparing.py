"""Two records compared: symmetric, the more agrees the likelier, and everybody is most like herself."""

import inspect
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.identity import comparing
from regulars.rules.identity.comparing import OTHERS, compare
from regulars.rules.identity.figures_of_model import COMPARISONS
from regulars.rules.identity.model import MODEL, UNKNOWN
from regulars.rules.identity.traits import Traits, called, called_as_typed

called("王", "芳")  # the readings of characters are loaded before anybody looks at the clock
WORDS = st.sampled_from(
    ["Ann", "Anne", "Archer", "Arhcer", "王", "汪", "芳", "fang", "wang", "Bill", "William", "", "Ö"]
)
MARKS = st.frozensets(st.integers(0, 3), max_size=2).map(frozenset[object])
TRAITS = st.builds(
    Traits, called=st.builds(called, WORDS, WORDS), birth_on=st.none() | st.dates(date(1980, 1, 1), date(1980, 3, 9)),
    sex=st.sampled_from(["", "female", "male"]), city=st.sampled_from(["", "hangzhou", "dublin"]),
    postcode=st.sampled_from(["", "1", "2"]), phone=MARKS, phone_tail=MARKS, phone_part=MARKS, email=MARKS,
    email_user=MARKS, home=MARKS, house=MARKS, plate=MARKS, reference=MARKS,
)  # fmt: skip


def levels(one: Traits, other: Traits) -> dict[str, str]:
    return {step.comparison: step.level for step in compare(one, other, MODEL).steps}


def name_levels(typed: str, family: str, given_name: str) -> tuple[str, str]:
    known = Traits(called(family, given_name))
    found = comparing.best([Traits(way) for way in called_as_typed(typed)], known, MODEL)
    told = {step.comparison: step.level for step in found.steps}
    return told["family_name"], told["given_name"]


@given(TRAITS, TRAITS)
def test_either_order_says_the_same(one: Traits, other: Traits) -> None:
    assert compare(one, other, MODEL).bits == pytest.approx(compare(other, one, MODEL).bits)


@given(TRAITS, TRAITS)
def test_nobody_is_more_like_her_than_herself(one: Traits, other: Traits) -> None:
    itself = compare(one, replace(one, called=one.called), MODEL)
    alike = replace(other, called=one.called)
    assert itself.bits >= compare(one, alike, MODEL).bits - 1e-9


@given(TRAITS, TRAITS, st.sampled_from(["phone", "email", "plate", "reference"]))
def test_a_mark_that_agrees_never_speaks_against(one: Traits, other: Traits, name: str) -> None:
    agreeing = replace(other, **{name: getattr(one, name) or frozenset(["mark"])})
    told = replace(one, **{name: getattr(agreeing, name)})
    assert compare(told, agreeing, MODEL).bits > compare(replace(told, **{name: frozenset()}), agreeing, MODEL).bits


@given(TRAITS, TRAITS)
def test_what_is_not_told_moves_nothing(one: Traits, other: Traits) -> None:
    told = levels(one, Traits())
    assert {level for name, level in told.items() if name != "prior"} == {UNKNOWN}


def test_levels_fall_in_weight_as_they_stand() -> None:
    for name, found in MODEL.comparisons.items():
        agreeing = [level.bits for level in found.values() if level.name not in ("swapped", "other", "initial")]
        if name in ("birth_on", "phone", "email", "address", "plate", "reference"):
            assert agreeing == sorted(agreeing, reverse=True), name
        assert found["other"].bits < min(agreeing, default=0)


def test_every_level_of_the_file_is_decided_and_every_decided_level_is_in_the_file() -> None:
    """A batch may move the figures; names of levels are what both paths agree on."""
    text = inspect.getsource(comparing)
    for found in MODEL.comparisons.values():
        assert all(f'"{level}"' in text for level in found)
    assert set(MODEL.comparisons) == {"family_name", "given_name", *OTHERS}


def test_the_chances_of_each_comparison_add_up() -> None:
    for name, told in COMPARISONS.items():
        for chance in ("m_probability", "u_probability"):
            assert sum(level.get(chance, 0) for level in told) == pytest.approx(1), name


@pytest.mark.parametrize(
    ("typed", "family", "given_name", "expected"),
    [
        ("王芳", "王", "芳", ("same", "same")),
        ("wang fang", "王", "芳", ("same_reading", "same_reading")),
        ("Wáng Fāng", "王", "芳", ("same_reading", "same_reading")),
        ("wang2 fang1", "王", "芳", ("same_reading", "same_reading")),
        ("wangfang", "王", "芳", ("same_reading", "same_reading")),
        ("fang wang", "王", "芳", ("same_reading", "same_reading")),
        ("芳王", "王", "芳", ("same", "same")),
        ("陳曉麗", "陈", "晓丽", ("same", "same")),
        ("ＷＡＮＧ ＦＡＮＧ", "王", "芳", ("same_reading", "same_reading")),
        ("汪芳", "王", "芳", ("same_reading", "same")),
        ("阿芳", "王", "芳", (UNKNOWN, "same")),
        ("王女士", "王", "芳", ("same", UNKNOWN)),
        ("zang fang", "张", "芳", ("sounds_alike", "same_reading")),
        ("ouyang fang", "欧阳", "芳", ("same_reading", "same_reading")),
        ("ou yang fang", "欧阳", "芳", ("same_reading", "same_reading")),
        ("Ann Archer", "Archer", "Ann", ("same", "same")),
        ("Archer, Ann", "Archer", "Ann", ("same", "same")),
        ("Ann Acrher", "Archer", "Ann", ("slip", "same")),
        ("A. Archer", "Archer", "Ann", ("same", "initial")),
        ("Bill Archer", "Archer", "William", ("same", "nickname")),
        ("Maria Archer", "Archer", "Ann Maria", ("same", "part")),
        ("Meyer", "Maier", "Ann", ("sounds_alike", UNKNOWN)),
        ("lü bu", "吕", "布", ("same_reading", "same_reading")),
        ("Bu LYU", "呂", "布", ("same_reading", "same_reading")),
        ("lu bu", "吕", "布", ("same_reading", "same_reading")),
        ("lu bu", "陆", "布", ("same_reading", "same_reading")),
        ("dan xiongxin", "单", "雄信", ("same_reading", "same_reading")),
        ("Bob Baker", "Archer", "Ann", ("other", "other")),
    ],
)
def test_names_as_people_type_them(typed: str, family: str, given_name: str, expected: tuple[str, str]) -> None:
    assert name_levels(typed, family, given_name) == expected


def test_a_rare_name_says_more() -> None:
    wang, zhuge = (compare(Traits(called(name, "")), Traits(called(name, "")), MODEL) for name in ("王", "诸葛"))
    assert zhuge.bits > wang.bits + 5


def test_father_and_son_are_told_apart_by_their_birth_dates() -> None:
    typed = Traits(called("Archer", "John"), date(1985, 5, 5), home=frozenset([1]))
    father = Traits(called("Archer", "John"), date(1955, 8, 1), home=frozenset([1]))
    son = replace(father, birth_on=date(1985, 5, 5))
    assert compare(typed, son, MODEL).bits > compare(typed, father, MODEL).bits + 10


@given(st.text(max_size=300))
def test_any_text_is_compared(text: str) -> None:
    for way in called_as_typed(text):
        compare(Traits(way), Traits(called("王", "芳")), MODEL)


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "王" * 10_000, "😀" * 99, "آنا آرچر", "ﾊﾝｶｸ", "a b c d e f g h" * 400, "\u202e‮"]
)
def test_endless_and_odd_names_are_compared(text: str) -> None:
    for way in called_as_typed(text):
        assert len(way.family) <= 60 and len(way.given) <= 60
        compare(Traits(way), Traits(way), MODEL)


@pytest.mark.parametrize(
    "line", ["Ⅰ月" * 40, "yue" * 19 + "q", "xian" * 14 + "q", "iao" * 79, "nangan" * 9 + "r", "月🏳" * 119]
)
def test_a_line_that_can_be_cut_into_syllables_in_a_million_ways_is_read_at_once(line: str) -> None:
    """Each more of them doubled the time: 80 letters took a process ten seconds."""
    begun = time.process_time()
    assert called_as_typed(line)
    assert time.process_time() - begun < 0.5


def test_names_run_together_are_cut_wherever_both_parts_are_whole_syllables() -> None:
    pairs = [(one.family, one.given) for one in called_as_typed("zhangan")]
    assert pairs[:4] == [("zhan", "gan"), ("gan", "zhan"), ("zhang", "an"), ("an", "zhang")]
    assert all(both in (("", "zhangan"), ("zhangan", "")) for both in pairs[4:])
