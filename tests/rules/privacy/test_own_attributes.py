"""Own attributes: what may be said of one, and that no view shows more of it than its class and purposes allow."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.categories import CATEGORIES, OURS, USE_OF, USES
from regulars.rules.privacy.compiler import SHAPES_BY_ROW
from regulars.rules.privacy.dictionary import PURPOSES, Class
from regulars.rules.privacy.exposure import OPENING
from regulars.rules.privacy.keeping import ANCHORS, Keep, read_keep
from regulars.rules.privacy.own_attributes import (
    HELD_IN,
    KINDS,
    Choice,
    OwnAttribute,
    check_attribute,
    may_serve,
    shown_in,
    usual_purposes,
)
from regulars.rules.privacy.own_values import Writing, held, plain_of, read_value, spoken
from regulars.rules.privacy.views import BY_NAME

TYPES = {"text": "text", "amount": "bigint", "day": "date", "yes": "boolean"}
WRAPS = (Choice("paper", "Paper", "纸"), Choice("box", "Box", "盒"))
SHOE = OwnAttribute(
    "shoe_size", "number", "Shoe size", "鞋码", data_class="personal", category="user.demographic",
    purposes=frozenset({"service", "direct_marketing", "analysis"}), coarser="band",
)  # fmt: skip
FAITH = OwnAttribute(
    "faith", "text", "Faith", "信仰", data_class="sensitive", category="user.demographic.religious_belief",
    purposes=usual_purposes("sensitive"),
)  # fmt: skip

attributes = st.builds(
    OwnAttribute,
    key=st.just("thing"),
    kind=st.sampled_from(KINDS),
    label=st.just("Thing"),
    label_zh=st.just("东西"),
    data_class=st.sampled_from(["", *Class]),
    category=st.sampled_from(sorted(CATEGORIES)),
    purposes=st.frozensets(st.sampled_from(PURPOSES)),
    coarse=st.sampled_from(["keep", "gone", "year", "band"]),
    coarser=st.sampled_from(["keep", "gone", "decade", "rounded", "prefix"]),
).map(lambda one: dataclasses.replace(one, choices=WRAPS) if one.kind == "choice" else one)


def sound(one: OwnAttribute) -> bool:
    """Whether the rules let it be meant so."""
    try:
        check_attribute(one)
    except BadInput:
        return False
    return True


@given(attributes)
def test_no_view_shows_more_than_class_and_purpose_allow(one: OwnAttribute) -> None:
    if not sound(one):
        return
    shown = shown_in(one)
    if not one.data_class:
        assert shown == {}
    for view, how in shown.items():
        assert view == "personal" or BY_NAME[view].purpose in one.purposes
        assert how in SHAPES_BY_ROW[TYPES[HELD_IN[one.kind]]]
    if one.sealed:
        assert shown.keys() <= OPENING
        assert set(shown.values()) <= {"keep"}
    if one.data_class == Class.SENSITIVE:
        assert shown.keys() <= {"personal", "sensitive"}
    if one.data_class in (Class.IDENTIFYING, Class.SENSITIVE, Class.PSEUDONYM):
        assert not shown.keys() & {"anonymous", "warehouse"}


@given(attributes, st.sampled_from(PURPOSES))
def test_an_unclassed_attribute_serves_nothing(one: OwnAttribute, purpose: str) -> None:
    assert may_serve(one, purpose) == (bool(one.data_class) and purpose in one.purposes)
    assert not may_serve(dataclasses.replace(one, data_class=""), purpose)


def test_a_shoe_size_is_banded_where_nobody_has_a_name() -> None:
    assert shown_in(SHOE) == {
        "standard": "keep", "assigned": "keep", "personal": "keep", "anonymous": "band", "marketing": "keep",
        "warehouse": "keep",
    }  # fmt: skip


def test_faith_is_opened_by_two_views_only() -> None:
    assert shown_in(FAITH) == {"personal": "keep", "sensitive": "keep"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"key": "Shoe size"}, "attribute_key_unclear"),
        ({"kind": "colour"}, "attribute_kind_unknown"),
        ({"label_zh": " "}, "attribute_label_missing"),
        ({"kind": "choice"}, "attribute_choices_unclear"),
        ({"choices": WRAPS}, "attribute_choices_unclear"),
        ({"data_class": "secret"}, "attribute_class_unknown"),
        ({"category": "user.shoes"}, "attribute_category_unknown"),
        ({"purposes": frozenset()}, "attribute_purposes_missing"),
        ({"purposes": frozenset({"fun"})}, "attribute_purposes_unknown"),
        ({"coarser": "decade"}, "attribute_coarsening_unfit"),
        ({"data_class": "identifying"}, "attribute_must_be_gone"),
        ({"data_class": "sensitive", "coarser": "gone"}, "attribute_sensitive_purposes"),
        ({"data_class": "identifying", "coarser": "gone", "coarse": "band"}, "attribute_sealed_not_coarse"),
        ({"keep": "a while"}, "keep_unclear"),
    ],
)
def test_what_cannot_be_meant_is_refused(more: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_attribute(dataclasses.replace(SHOE, **more))  # type: ignore[arg-type]
    assert refused.value.code == code


@given(st.integers(1, 36_525), st.sampled_from(ANCHORS))
def test_a_keep_reads_back(days: int, anchor: str) -> None:
    assert read_keep(str(Keep(days, anchor))) == Keep(days, anchor)


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from([".", ","]))
def test_a_number_is_what_was_typed(amount: object, mark: str) -> None:
    plain = read_value(SHOE, str(amount).replace(".", mark), Writing(decimal_mark=mark))
    assert plain_of(held("number", plain)) == plain
    assert read_value(SHOE, spoken(SHOE, plain, digits=2), Writing()) == plain


def test_a_comma_is_a_decimal_mark_only_where_the_source_says_so() -> None:
    assert read_value(SHOE, "42,5", Writing(decimal_mark=",")) == "42500"
    with pytest.raises(BadInput):
        read_value(SHOE, "42,5", Writing())


@pytest.mark.parametrize(
    ("kind", "typed", "plain"),
    [
        ("date", "2026年3月5日", "2026-03-05"), ("date", "05.03.2026", "2026-03-05"), ("yes_no", "是", "true"),
        ("yes_no", "Nein", "false"), ("choice", "盒", "box"), ("money", "¥1,234.50", "123450"),
        ("text", " tea ", "tea"), ("number", "-1,234,567.5", "-1234567500"), ("number", ".5", "500"),
        ("number", "\u22125", "-5000"),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(kind: str, typed: str, plain: str) -> None:
    one = OwnAttribute("thing", kind, "Thing", "东西", choices=WRAPS if kind == "choice" else ())
    assert read_value(one, typed, Writing(date_order="dmy")) == plain
    assert plain_of(held(kind, plain)) == plain


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("number", "42.5001"), ("number", "NaN"), ("date", "31.02.2026"), ("yes_no", "perhaps"), ("choice", "bag"),
     ("text", "x" * 401), ("number", "42,5"), ("number", "1,23"), ("number", "1e3"), ("number", "1_000"),
     ("number", "."), ("money", "12,34,567"), ("date", "03-04-05"), ("date", "3.4.26")],
)  # fmt: skip
def test_what_is_no_such_value_is_refused(kind: str, typed: str) -> None:
    one = OwnAttribute("thing", kind, "Thing", "东西", choices=WRAPS if kind == "choice" else ())
    with pytest.raises(BadInput):
        read_value(one, typed, Writing(date_order="dmy"))


def test_every_purpose_has_a_use_that_fideslang_knows() -> None:
    assert USE_OF.keys() == set(PURPOSES)
    assert set(USE_OF.values()) <= USES | OURS
