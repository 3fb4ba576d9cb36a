"""Customer rows: refused only when nobody can say who it is; a doubtful cell costs that cell."""

import datetime as dt
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from regulars.rules.intake.checking_customers import CheckedCustomers, check_customers, people_in_orders
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.line_keys import SeenLines
from tests.rules.intake.orders import AT, chunk, order, settings

ENGINE = duckdb.connect()
COLUMNS = {
    "customer_ref": "card",
    "name": "name",
    "phone": "phone",
    "email": "mail",
    "birth_on": "born",
    "sex": "sex",
    "country": "land",
    "household_size": "people",
    "consent_direct_marketing": "letters ok",
}
SAID = ImportSettings("customers", "club", COLUMNS, date_order="dmy", country="CN")


def person(**cells: str) -> dict[str, str]:
    blank = dict.fromkeys(COLUMNS.values(), "")
    return blank | {"card": "ANN", "name": "Ann Archer"} | {k.replace("_", " "): v for k, v in cells.items()}


def check(*rows: dict[str, str], seen: SeenLines | None = None) -> CheckedCustomers:
    return check_customers(chunk(*rows), SAID, at=AT, seen=seen, engine=ENGINE)


def taken(**cells: str) -> dict[str, Any]:
    checked = check(person(**cells))
    assert checked.notices.num_rows == 0
    return checked.accepted.to_pylist()[0]  # type: ignore[no-any-return]


def test_wang_fang_is_read_completely() -> None:
    contacts = {"phone": "138 0013 8000", "mail": "W@Example.COM", "land": "中国"}
    found = taken(name="王芳 女士", born="12.03.1990", sex="女", people="3人", letters_ok="同意", **contacts)
    assert (found["family_name"], found["given_name"], found["honorific"], found["name_sort"]) == (
        "王",
        "芳",
        "女士",
        "wang fang",
    )
    assert (found["phone"], found["email"], found["country"]) == ("+8613800138000", "W@example.com", "CN")
    assert (found["birth_on"], found["sex"], found["household_size"]) == (dt.date(1990, 3, 12), "female", 3)
    assert found["consent_direct_marketing"] == "granted"


@pytest.mark.parametrize(("answer", "choice"), [("yes", "granted"), ("否", "denied"), ("", None), ("n/a", None)])
def test_consent(answer: str, choice: str | None) -> None:
    assert taken(letters_ok=answer)["consent_direct_marketing"] == choice


def test_an_answer_nobody_understands_is_never_a_yes() -> None:
    checked = check(person(letters_ok="yes, but not on Sundays"))
    assert checked.accepted["consent_direct_marketing"].to_pylist() == [None]
    assert checked.notices.to_pylist() == [
        {"row_number": 2, "code": "not_understood", "column": "letters ok", "value": "yes, but not on Sundays"}
    ]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"phone": "12"}, "phone", "not_a_phone"),
        ({"mail": "nobody"}, "mail", "not_an_email"),
        ({"born": "31.02.1990"}, "born", "no_such_day"),
        ({"born": "01.01.2030"}, "born", "date_in_future"),
        ({"born": "01.01.1800"}, "born", "date_too_early"),
        ({"sex": "42"}, "sex", "not_understood"),
        ({"born": "农历三月十二"}, "born", "lunar_date"),
        ({"phone": "1.38E+10"}, "phone", "shortened_number"),
        ({"phone": "0000000"}, "phone", "placeholder"),
        ({"mail": "a***@qq.com"}, "mail", "masked"),
        ({"name": "先生"}, "name", "honorific_only"),
        ({"name": "👩‍👧"}, "name", "no_letters"),
        ({"name": "=1+1"}, "name", "no_letters"),
        ({"name": "13800138000"}, "name", "contact_in_name"),
        ({"name": "A" * 10_001}, "name", "text_too_long"),
        ({"name": "A\x00B"}, "name", "control_characters"),
        ({"name": "A\ufffd"}, "name", "undecodable"),
    ],
)
def test_a_bad_cell_is_left_out_and_said(cells: dict[str, str], column: str, code: str) -> None:
    checked = check(person(**cells))
    assert checked.refused.num_rows == 0
    assert [(n["column"], n["code"]) for n in checked.notices.to_pylist()] == [(column, code)]


def test_somebody_without_a_reference_is_refused() -> None:
    assert check(person(card=" ")).refused["reason"].to_pylist() == ["missing_customer"]


def test_of_two_rows_about_bob_the_first_is_taken() -> None:
    first = check(person(card="BOB"), person(card="BOB", name="Bobby"))
    assert first.refused["reason"].to_pylist() == ["duplicate_customer"]
    assert check(person(card="BOB"), seen=first.seen).refused.num_rows == 1


@pytest.mark.parametrize("name", ["'; DELETE FROM customer", "<b>Bob</b>", "=A1+1", "Ann 👩‍👧", "عمر", "O'Neill, Ann"])
def test_wild_names_are_kept(name: str) -> None:
    assert check(person(name=name)).notices.num_rows == 0


def test_people_are_found_in_an_order_file() -> None:
    said = settings(more={"name": "who", "phone": "tel"})
    rows = chunk(
        order(who="Ann Archer", tel="13800138000"),
        order(line="2", who="Ann Archer", tel=""),
        order(card="", who="", tel=""),
    )
    found = people_in_orders(rows, said, at=AT, engine=ENGINE)
    assert [(p["customer_ref"], p["phone"]) for p in found.accepted.to_pylist()] == [("ANN", "+8613800138000")]
    assert people_in_orders(chunk(order()), settings(), at=AT, engine=ENGINE).accepted.num_rows == 0


WILD = st.one_of(
    st.text(max_size=12), st.sampled_from(["", "1", "ANN", "王芳", "女", "yes", "12.03.1990", "13800138000"])
)


@runs(max_examples=80, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS.values(), WILD)), max_size=20))
def test_accepted_and_refused_together_are_all_rows(rows: list[dict[str, str]]) -> None:
    checked = check(*rows) if rows else check_customers(chunk(), SAID, at=AT, engine=ENGINE)
    numbers = [*checked.accepted["row_number"].to_pylist(), *checked.refused["row_number"].to_pylist()]
    assert sorted(numbers) == list(range(2, len(rows) + 2))


def test_the_house_number_of_a_column_of_its_own_stands_with_the_street() -> None:
    columns = {"customer_ref": "no", "house_number": "Nr", "street": "road", "more_of_street": "unit", "city": "town"}
    said = ImportSettings("customers", "club", columns, country="GB", headers=tuple(columns.values()))
    rows = [
        {"no": "1", "Nr": "22", "road": "High Street", "unit": "Flat 4", "town": "Leeds"},
        {"no": "2", "Nr": "7", "road": "", "unit": "n/a", "town": "Leeds"},
        {"no": "3", "Nr": "8号", "road": "湖滨路", "unit": "301室", "town": "杭州"},
        {"no": "4", "Nr": "", "road": "", "unit": "", "town": "Leeds"},
    ]
    checked = check_customers(chunk(*rows), said, at=AT, engine=ENGINE)
    assert checked.accepted["street"].to_pylist() == ["22 High Street, Flat 4", "7", "湖滨路8号301室", None]
    behind = ImportSettings("customers", "club", columns, country="DE", headers=("no", "road", "Nr", "unit", "town"))
    street = check_customers(chunk({**rows[0], "road": "Lindenweg"}), behind, at=AT, engine=ENGINE).accepted["street"]
    assert street.to_pylist() == ["Lindenweg 22, Flat 4"]


def test_a_house_number_without_a_street_is_an_address_all_the_same() -> None:
    said = ImportSettings("customers", "club", {"customer_ref": "no", "house_number": "Nr"}, country="GB")
    checked = check_customers(chunk({"no": "1", "Nr": "x" * 1_200}), said, at=AT, engine=ENGINE)
    assert checked.notices.to_pylist()[0]["column"] == "Nr"
