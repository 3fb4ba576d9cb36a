"""Persons of a file cleaned: what is kept, what was changed and why, what a steward left as it is."""

import json
from typing import Any

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from regulars.rules.cleaning.cleaned import CHANGES, DOUBTS, JUDGEMENTS
from regulars.rules.cleaning.report import CleanedLine, shape_of, summed
from regulars.rules.intake.checking_customers import CheckedCustomers, check_customers
from regulars.rules.intake.import_settings import ImportSettings
from tests.rules.intake.orders import AT, chunk

ENGINE = duckdb.connect()
MEANINGS = (
    "customer_ref", "name", "phone", "email", "street", "city", "region", "postcode", "country", "birth_on",
    "id_document", "sex",
)  # fmt: skip


def check(*rows: dict[str, str], columns: tuple[str, ...] = MEANINGS, leave: frozenset[str] = frozenset()) -> Any:
    said = ImportSettings("customers", "club", {one: one for one in columns}, country="CN", leave=leave)
    blank = dict.fromkeys(columns, "") | {"customer_ref": "ANN"}
    told = [blank | {"customer_ref": f"R{number}"} | row for number, row in enumerate(rows)]
    found: CheckedCustomers = check_customers(chunk(*told), said, at=AT, engine=ENGINE)
    return found


def one(**cells: str) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The row as it is kept, and field → original, value and reasons of what was changed in it."""
    row = check(cells).accepted.to_pylist()[0]
    return row, {name: said for name, *said in json.loads(row["as_it_came"] or "[]")}


def test_wang_fang_is_cleaned_and_every_original_travels_with_her() -> None:
    row, came = one(
        name="王 芳女士", phone="手机：１３８ 0013 8000", email="Fang <Fang@Example.COM>", birth_on="1990年3月12日",
        street="浙江省西湖区文三路９０号３幢５０２室", country="中国", id_document="330106 19910101 0074",
    )  # fmt: skip
    assert (row["name"], row["honorific"], row["phone"]) == ("王芳", "女士", "+8613800138000")
    assert (row["street"], row["city"], row["region"]) == ("西湖区文三路90号3幢502室", "杭州市", "浙江省")
    assert came["name"] == ["王 芳女士", "王芳", ["spaces_within", "honorific_apart"]]
    assert came["phone"][0] == "手机：１３８ 0013 8000" and "country_code_added" in came["phone"][2]
    assert came["email"] == ["Fang <Fang@Example.COM>", "Fang@example.com", ["name_apart", "domain_small_letters"]]
    assert came["birth_on"] == ["1990年3月12日", "1990-03-12", ["date_form"]]
    assert came["city"] == ["", "杭州市", ["city_filled"]]
    assert came["street"][0].startswith("浙江省") and "full_width" in came["street"][2]
    assert came["id_document"] == ["330106 19910101 0074", "330106199101010074", ["separators_removed"]]


def test_what_was_clean_costs_nothing() -> None:
    checked = check({"name": "Ann Archer", "phone": "+442079460018", "birth_on": "1990-03-12", "country": "GB"})
    assert checked.accepted["as_it_came"].to_pylist() == [None] and checked.cleaned == ()


@pytest.mark.parametrize(
    ("line", "country", "street", "city", "region", "postcode"),
    [
        ("12 High Street, Oxford OX1 4BH, UK", "", "12 High Street", "Oxford", None, "OX1 4BH"),
        ("1 Main St, Sacramento, CA 95814", "US", "1 Main St", "Sacramento", "CA", "95814"),
        ("浙江省杭州市西湖区文三路90号 310012", "", "西湖区文三路90号", "杭州市", "浙江省", "310012"),
        ("Hauptstr. 5, 10115 Berlin, Deutschland", "", "Hauptstr. 5", "Berlin", None, "10115"),
    ],
)
def test_an_address_in_one_column_is_taken_apart(
    line: str, country: str, street: str, city: str, region: str | None, postcode: str
) -> None:
    cells = {"street": line, "country": country}
    checked = check(cells, columns=("customer_ref", "street", "country"))
    row = checked.accepted.to_pylist()[0]
    assert (row["street"], row["city"], row["region"], row["postcode"]) == (street, city, region, postcode)
    assert row["country"] and json.loads(row["as_it_came"])[0][1] == line


def test_a_resident_id_with_a_wrong_digit_stays_and_is_doubted() -> None:
    checked = check({"id_document": "33010619910101007X"}, {"id_document": "E1234567"})
    assert checked.accepted["id_document"].to_pylist() == ["33010619910101007X", "E1234567"]
    assert [(line.reason, line.doubtful, line.values) for line in checked.cleaned] == [("checksum_wrong", True, 1)]


@pytest.mark.parametrize(
    ("cells", "leave", "kept"),
    [
        (
            {"name": "ARCHER, Ann"},
            {"order_turned", "capitals_evened"},
            {"name": "ARCHER, Ann", "family_name": "ARCHER"},
        ),
        ({"name": "芳 王"}, {"order_turned"}, {"name": "芳王"}),
        ({"name": "ARCHER Ann"}, {"family_name_first"}, {"name": "Archer Ann", "family_name": "Archer"}),
        ({"name": "Dr. Ann Archer"}, {"honorific_apart"}, {"name": "Dr. Ann Archer", "honorific": None}),
        ({"name": "王芳女士"}, {"honorific_apart"}, {"name": "王芳女士"}),
        ({"name": "Ann Archer (VIP)"}, {"aside_apart"}, {"name": "Ann Archer (VIP)"}),
        ({"name": "Ann (Annie) Archer"}, {"aside_apart"}, {"name": "Ann (Annie) Archer", "family_name": "Archer"}),
        ({"name": "王芳（VIP）"}, {"aside_apart"}, {"name": "王芳(VIP)", "family_name": "王"}),
        ({"city": "杭州"}, {"place_name_completed", "region_filled"}, {"city": "杭州", "region": None}),
        ({"region": "California", "city": "Sacramento", "country": "US"}, {"region_code"}, {"region": "California"}),
    ],
)
def test_what_a_steward_leaves_as_it_is_stays(cells: dict[str, str], leave: set[str], kept: dict[str, str]) -> None:
    row = check(cells, leave=frozenset(leave)).accepted.to_pylist()[0]
    assert {name: row[name] for name in kept} == kept
    assert not leave & {reason for _, _, _, said in json.loads(row["as_it_came"] or "[]") for reason in said}


def test_values_are_counted_by_column_and_reason_and_shown_by_their_shape() -> None:
    lines = check({"phone": "138 0013 8000"}, {"phone": "139-0013-9000"}, {"phone": "13700137000"}).cleaned
    by_reason = {line.reason: line for line in lines}
    assert (by_reason["separators_removed"].values, by_reason["country_code_added"].values) == (2, 3)
    assert by_reason["separators_removed"].examples[0].before == "999 9999 9999"
    assert all(CleanedLine.from_json(line.to_json()) == line for line in lines)
    assert {line.values for line in summed(lines, lines)} == {4, 6}


def test_a_file_with_parts_of_names() -> None:
    columns = ("customer_ref", "given_name", "family_name", "name")
    checked = check({"given_name": "ANN", "family_name": "ARCHER"}, columns=columns)
    row = checked.accepted.to_pylist()[0]
    assert (row["name"], row["given_name"], row["family_name"]) == ("Ann Archer", "Ann", "Archer")
    assert [line.column for line in checked.cleaned] == ["family_name"]
    both = check({"given_name": "Ann", "family_name": "Archer", "name": "N/A"}, columns=columns).accepted.to_pylist()[0]
    assert both["name"] == "Ann Archer"


WILD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "王 芳女士", "ARCHER, ann", "１３８ 0013 8000", "a@b.c", "杭州", "Ca", "12.03.90", "歐陽娜娜"]
    ),
)


@runs(max_examples=150, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(MEANINGS[1:], WILD)))
def test_every_change_has_a_reason(cells: dict[str, str]) -> None:
    row = check(cells).accepted.to_pylist()[0]
    for _, before, after, reasons in json.loads(row["as_it_came"] or "[]"):
        assert before != after and reasons and (set(reasons) <= CHANGES or set(reasons) <= DOUBTS)


@pytest.mark.parametrize(
    ("field", "text", "kept", "reason"),
    [
        ("email", "a@b.com; c@d.com", "a@b.com", "several_addresses"),
        ("phone", "+8613800138000; +8613900139000", "+8613800138000", "several_numbers"),
        ("name", "Ann Archer, Jr.", "Ann Archer Jr.", "separators_removed"),
        ("name", "·王芳", "王芳", "separators_removed"),
    ],
)
def test_of_what_only_a_part_is_kept_all_of_it_stays_beside(field: str, text: str, kept: str, reason: str) -> None:
    row, came = one(**{field: text})
    assert row[field] == kept and came[field] == [text, kept, [reason]]


NAMES = st.lists(
    st.sampled_from(["Ann", "ARCHER", "o'neill", "王芳", "·", ",", "(VIP)", "（一）", "Jr.", "Dr.", "♥", "van"])
)


@runs(max_examples=150, deadline=None)
@given(NAMES.map(" ".join), st.sets(st.sampled_from(JUDGEMENTS)))
@example("Dr. Ann , van", {"order_turned", "honorific_apart"})
def test_a_name_that_is_kept_otherwise_than_it_came_is_kept_as_it_came_too(text: str, leave: set[str]) -> None:
    row = check({"name": text}, leave=frozenset(leave)).accepted.to_pylist()[0]
    assert row["name"] in (None, text) or json.loads(row["as_it_came"])[0][:3] == ["name", text, row["name"]]


@given(st.text(max_size=60))
def test_a_shape_says_nothing(text: str) -> None:
    assert not {sign for sign in shape_of(text) if sign.isalnum()} - set("9Aa字９Ａａ")


@pytest.mark.parametrize(
    ("text", "kept", "given_name", "family_name", "reason"),
    [
        ("x" * 10_000, "X" + "x" * 9_999, "X" + "x" * 9_999, None, "unusually_long"),
        ("Ann 👩‍👧 Archer ❤", "Ann Archer", "Ann", "Archer", "signs_removed"),
        ("عمر \u202eالشريف\u202c", "عمر الشريف", "عمر", "الشريف", "invisible_characters"),
        ("Ａｎｎ　Ａｒｃｈｅｒ", "Ann Archer", "Ann", "Archer", "full_width"),
        ("ｱﾝ ｱﾁｬｰ", "アン アチャー", "アン", "アチャー", "full_width"),
        ("A\u0301nne Mu\u0308ller", "Ánne Müller", "Ánne", "Müller", "composed"),
        ("Madonna", "Madonna", "Madonna", None, ""),
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai", "Thị Minh Khai", "Nguyễn", ""),
        ("欧阳娜娜", "欧阳娜娜", "娜娜", "欧阳", ""),
        ("歐陽娜娜", "歐陽娜娜", "娜娜", "歐陽", ""),
        ("Dr. med. Müller-Lüdenscheidt", "Müller-Lüdenscheidt", None, "Müller-Lüdenscheidt", "honorific_apart"),
        ("杭州湖滨有限公司", "杭州湖滨有限公司", "杭州湖滨有限公司", None, "company_name"),
        ("ACME GmbH", "ACME GmbH", "ACME GmbH", None, "company_name"),
    ],
)
def test_names_that_break_others(
    text: str, kept: str, given_name: str | None, family_name: str | None, reason: str
) -> None:
    checked = check({"name": text})
    row = checked.accepted.to_pylist()[0]
    assert (row["name"], row["given_name"], row["family_name"]) == (kept, given_name, family_name)
    assert not reason or reason in {line.reason for line in checked.cleaned}
    if kept != text:
        assert json.loads(row["as_it_came"])[0][1] == text


@pytest.mark.parametrize("text", ["先生", "Mr", "Prof. Dr.", "女士"])
def test_a_form_of_address_alone_is_no_name(text: str) -> None:
    checked = check({"name": text})
    assert checked.accepted["name"].to_pylist() == [None]
    assert checked.notices["code"].to_pylist() == ["honorific_only"]


def test_a_phone_keeps_its_extension() -> None:
    row, came = one(phone="+44 (0)20 7946 0018 ext. 12")
    assert row["phone"] == "+442079460018;ext=12" and came["phone"][0].endswith("ext. 12")


def test_a_street_of_a_novels_length_is_left_out() -> None:
    checked = check({"street": "文三路" * 3_000, "city": "杭州"})
    assert checked.accepted["street"].to_pylist() == [None] and checked.accepted["city"].to_pylist() == ["杭州市"]
    assert checked.notices["code"].to_pylist() == ["text_too_long"]
