"""A pair weighs in a batch what it weighs live; and two of one household are not one person."""

import secrets
from dataclasses import replace
from datetime import date

import pytest

from regulars.journeys.compare_records import compared, gather, marked, new_room, weigh_pairs
from regulars.rules.identity.batch import NAMES_OF_A_FAMILY, match_of
from regulars.rules.identity.comparing import compare
from regulars.rules.identity.encoding import COLUMNS, Encoder
from regulars.rules.identity.generations import COMPARISON as GENERATION
from regulars.rules.identity.judging import DOUBTFUL, DOUBTFUL_FROM, LIKELIER, NOT, SURE, judged
from regulars.rules.identity.marks import Marker, Told
from regulars.rules.identity.model import AT_HOME, MODEL, Match

HOUSE = 10_000  # so many customers the house is taken to have
FANG = Told(
    names=(("王晓芳", "王", "晓芳"),), birth_on=date(1980, 3, 4), sex="female", city="杭州", postcode="310000",
    phones=("+8613800138000",), emails=("wang.xf@example.com",), streets=("湖滨路8号2栋301室",), plates=("浙A12345",),
)  # fmt: skip
ANN = Told(
    names=(("Ann Maria Archer", "Archer", "Ann Maria"),), birth_on=date(1980, 3, 4), sex="female", city="Dublin",
    postcode="D02", phones=("+353861230000",), emails=("ann.archer@example.com",), streets=("12 Alder Row, Flat 3",),
)  # fmt: skip


def named(told: Told, family: str, given: str) -> Told:
    return replace(told, names=(("", family, given),))


def matches(*told: Told, house: int = HOUSE) -> dict[tuple[int, int], Match]:
    """What a batch says of every two of these, by their places from 1."""
    with new_room() as room:
        room.take_in("people", marked([(n, one, "CN") for n, one in enumerate(told, 1)], secrets.token_bytes(32)))
        gather(room)
        weigh_pairs(room, MODEL, house)
        return {(row["a"], row["b"]): match_of(row, MODEL, house) for row in compared(room)}


def verdict_on(one: Told, other: Told, *others: Told) -> str:
    found = matches(one, other, *others).get((1, 2))
    return judged(found) if found else NOT


def levels(match: Match) -> dict[str, str]:
    return {step.comparison: step.level for step in match.steps}


RECORDS = (
    FANG, named(FANG, "Wang", "Xiaofang"), named(FANG, "Xiaofang", "Wang"), named(FANG, "王", "小方"),
    replace(FANG, birth_on=date(1980, 4, 3)), replace(FANG, birth_on=date(1981, 3, 4), phones=("+8613800139999",)),
    replace(FANG, phones=("+8613911138000",), emails=("wangxf@example.org",), plates=()),
    replace(FANG, streets=("湖滨路8号",), city="上海"), named(FANG, "Wang", "Xiaofagn"),
    named(FANG, "Xiaofagn", "Wang"),
    ANN, named(ANN, "Archer", "A."), named(ANN, "Arhcer", "Anne"), named(ANN, "Archer", "Maria"),
    replace(ANN, birth_on=None, phones=(), sex=""), Told(phones=ANN.phones),
    Told(names=ANN.names, birth_on=ANN.birth_on),
    replace(ANN, names=(("Ann Maria Archer Jr.", "Archer", "Ann Maria"),)),
    replace(ANN, names=(("Ann Maria Archer Sr.", "Archer", "Ann Maria"),)),
)  # fmt: skip


def test_a_pair_stands_on_the_levels_and_weighs_what_it_does_while_a_clerk_types() -> None:
    key = secrets.token_bytes(32)
    traits = [Marker(key).wanted(one, "CN").ways[0] for one in RECORDS]
    found = matches(*RECORDS)
    assert len(found) > len(RECORDS)
    for (one, other), match in found.items():
        live = compare(traits[one - 1], traits[other - 1], MODEL)
        batch = Match(tuple(step for step in match.steps if step.comparison not in (AT_HOME, GENERATION)))
        assert levels(batch) == levels(live), (RECORDS[one - 1], RECORDS[other - 1])
        assert batch.bits - batch.steps[0].bits == pytest.approx(live.bits - live.steps[0].bits)


def test_the_sum_in_the_engine_is_the_waterfall_s() -> None:
    with new_room() as room:
        room.take_in("people", marked([(n, one, "CN") for n, one in enumerate(RECORDS, 1)], b"key"))
        gather(room)
        weigh_pairs(room, MODEL, HOUSE)
        for row in compared(room):
            assert match_of(row, MODEL, HOUSE).probability == pytest.approx(row["chance"])


JOHN = replace(ANN, names=(("John Smith Jr.", "Smith", "John"),), sex="male")


@pytest.mark.parametrize(("one", "other", "said"), [
    ("John Smith Jr.", "John Smith, Sr.", DOUBTFUL), ("John Smith II", "John Smith III", DOUBTFUL),
    ("John Smith Jr", "John Smith junior", SURE), ("John Smith Jr.", "John Smith", SURE),
    ("John Smith", "John Smith", SURE),
])  # fmt: skip
def test_two_whose_names_say_father_and_son_are_not_surely_one(one: str, other: str, said: str) -> None:
    pair = [replace(JOHN, names=((name, "Smith", "John"),), references=("AB123456",)) for name in (one, other)]
    assert verdict_on(pair[0], pair[1]) == said
    found = matches(*pair)[1, 2]
    assert ("generation" in levels(found)) == (said == DOUBTFUL)


def test_the_elder_and_the_younger_of_one_family_are_not_surely_one() -> None:
    old, young = (replace(FANG, names=((name, "王", ""),), references=("AB123456",)) for name in ("老王", "小王"))
    assert (verdict_on(old, young), verdict_on(old, old)) == (DOUBTFUL, SURE)


def test_what_is_hardly_likely_is_not_put_up_where_the_names_say_that_they_are_two() -> None:
    one, other = (
        Told(names=((f"John Smith {which}", "Smith", "John"),), birth_on=born, streets=ANN.streets, city="Dublin")
        for which, born in (("Jr.", None), ("Sr.", ANN.birth_on))
    )
    with new_room() as room:
        room.take_in("people", marked([(1, one, "IE"), (2, other, "IE")], b"key"))
        gather(room)
        weigh_pairs(room, MODEL, HOUSE)
        [pair] = compared(room)
        for least in (pair["chance"] * 1.1, pair["chance"] * 0.9):
            weigh_pairs(room, MODEL, HOUSE, least=least)
            assert len(list(compared(room))) == (least < pair["chance"])


SEVERAL = (
    replace(FANG, phones=(*FANG.phones, "+8613700137000"), emails=("fang@example.org", *FANG.emails)),
    replace(FANG, phones=("+8613700137000", "+8613600136000"), emails=("fang@example.org",), references=("AB123456",)),
    replace(named(FANG, "Wang", "Xiaofagn"), phones=("+8613600136000",), references=("AB123465", "CD654321")),
    replace(ANN, streets=("湖滨路8号2栋301室", *ANN.streets), phones=("+353861239999", *ANN.phones)),
)


def test_a_glance_before_lists_are_compared_loses_nobody_and_changes_no_level() -> None:
    with new_room() as room:
        told = [(n, one, "CN") for n, one in enumerate((*RECORDS, *SEVERAL), 1)]
        room.take_in("people", marked(told, secrets.token_bytes(32)))
        gather(room)
        weigh_pairs(room, MODEL, HOUSE)
        in_full = {(row["a"], row["b"]): row for row in compared(room)}
        for least in (LIKELIER, DOUBTFUL_FROM, 1e-9):
            weigh_pairs(room, MODEL, HOUSE, least=least)
            assert {(row["a"], row["b"]): row for row in compared(room)} == {
                pair: row for pair, row in in_full.items() if row["chance"] >= least
            }


def test_of_nobody_anything_stands_in_a_row_in_clear() -> None:
    row = dict(zip(COLUMNS, Encoder(b"key").row(7, FANG, "CN"), strict=True))
    marks = [value for name, value in row.items() if name not in ("id", "sex", "given_is_initial", "family_share")]
    assert all(
        isinstance(mark, int) for value in marks if value for mark in (value if isinstance(value, list) else [value])
    )
    other = dict(zip(COLUMNS, Encoder(b"another key").row(7, FANG, "CN"), strict=True))
    assert all(row[name] != other[name] for name in ("family", "phone", "email", "home", "birth_on", "keys"))


@pytest.mark.parametrize("again", [
    replace(FANG, emails=(), plates=()), named(FANG, "Wang", "Xiaofang"),
    replace(named(FANG, "Xiaofang", "Wang"), sex=""),
    Told(names=FANG.names, birth_on=FANG.birth_on, phones=FANG.phones),
    replace(FANG, phones=("+8613999999999",), emails=()),
    replace(FANG, streets=("西湖大道1号",), city="上海", postcode="200000"),
])  # fmt: skip
def test_she_is_herself(again: Told) -> None:
    assert verdict_on(FANG, again) == SURE


TWIN = replace(named(FANG, "王", "天颖"), emails=("wang.ty@example.com",))


def test_twins_at_one_address_are_never_sure() -> None:
    assert verdict_on(FANG, TWIN) != SURE
    assert verdict_on(FANG, replace(TWIN, emails=())) != SURE
    assert verdict_on(replace(FANG, emails=(), plates=()), replace(TWIN, emails=(), plates=(), sex="")) != SURE


def test_father_and_son_of_one_name_are_never_sure() -> None:
    son = replace(ANN, birth_on=date(2008, 8, 21), emails=("son@example.com",))
    assert verdict_on(ANN, son) != SURE
    assert verdict_on(ANN, replace(son, emails=ANN.emails)) != SURE


def test_one_phone_for_a_whole_family_glues_nobody() -> None:
    family = [
        replace(named(FANG, "王", given), birth_on=born, emails=(), plates=(), sex=sex)
        for given, born, sex in (
            ("晓芳", date(1980, 3, 4), "female"), ("建国", date(1978, 1, 9), "male"),
            ("浩然", date(2009, 7, 1), "male"), ("桂兰", date(1952, 11, 30), "female"),
        )
    ]  # fmt: skip
    assert {judged(match) for match in matches(*family).values()} <= {NOT}


def test_a_shared_company_mail_glues_nobody() -> None:
    staff = [
        Told(names=(("", family, given),), emails=("purchasing.desk@example.com",), city="Dublin")
        for family, given in (("Archer", "Ann"), ("Baker", "Bob"), ("Cooper", "Cleo"), ("Dyer", "Dora"),
                              ("Ash", "Emil"), ("Fox", "Finn"), ("Gray", "Gwen"), ("Archer", "Adam"))
    ]  # fmt: skip
    assert len(staff) > NAMES_OF_A_FAMILY
    assert {judged(match) for match in matches(*staff).values()} <= {NOT}
    office = [replace(one, emails=("info@example.com",)) for one in staff[:2]]
    assert verdict_on(*office) == NOT


def test_a_first_name_and_a_home_leave_a_doubt_at_most() -> None:
    assert verdict_on(FANG, Told(names=(("", "王", ""),), streets=FANG.streets, city="杭州", postcode="310000")) != SURE


def test_somebody_of_a_common_name_is_not_everybody_of_that_name() -> None:
    assert verdict_on(Told(names=(("", "王", "芳"),), city="杭州"), Told(names=(("", "王", "芳"),), city="杭州")) == NOT


def test_either_order_of_records_says_the_same() -> None:
    one, other = matches(FANG, TWIN)[1, 2], matches(TWIN, FANG)[1, 2]
    assert one.bits == pytest.approx(other.bits)


def test_a_mark_that_too_many_share_finds_nobody() -> None:
    many = [Told(names=(("", "王", "芳"),), phones=(f"+861380013{n:04d}",)) for n in range(70)]
    assert not matches(*many)
