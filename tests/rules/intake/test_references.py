"""Where a file has no customer numbers, an address says who it is; its keyed digest is the reference, never itself."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.intake.checking import check_orders
from regulars.rules.intake.checking_customers import people_in_orders
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.intake.proposing import propose
from regulars.rules.intake.references import REFERENCE, addresses_apart, is_keyed, keyed_reference, with_references

AT = datetime(2026, 3, 12, 12, tzinfo=UTC)
KEY = b"k" * 32
BY_MAIL = {"email": "Mail", "ordered_at": "Day", "amount": "Sum", "order_ref": "No"}


def rows(*cells: str, **more: list[str]) -> pa.Table:
    count = len(cells)
    columns: dict[str, Any] = {
        "row_number": pa.array(range(2, count + 2), pa.int64()),
        "Mail": list(cells),
        "Day": ["2026-03-01"] * count,
        "Sum": ["9.90"] * count,
        "No": [f"R{n}" for n in range(count)],
    }
    return pa.table(columns | more)


def checked(table: pa.Table, columns: dict[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    settings = ImportSettings("orders", "shop", columns)
    found = check_orders(with_references(table, settings, KEY), settings, at=AT)
    return found.accepted.to_pylist(), found.refused.to_pylist()


def test_one_mailbox_is_one_reference_however_it_is_spelled() -> None:
    accepted, refused = checked(rows("Ann@Example.com", ' ="ann@example.COM"', "bob@example.com"), BY_MAIL)
    refs = [line["customer_ref"] for line in accepted]
    assert refused == []
    assert refs[0] == refs[1] != refs[2]
    assert all(is_keyed(ref) and "example" not in ref for ref in refs)


def test_phones_are_read_by_the_country_of_their_row() -> None:
    columns = {"phone": "Mail", "country": "Land", "ordered_at": "Day", "amount": "Sum"}
    accepted, _ = checked(rows("138 0013 8000", "+86 13800138000", "020 7946 0018", Land=["", "中国", "GB"]), columns)
    refs = [line["customer_ref"] for line in accepted]
    assert refs[0] == refs[1] == keyed_reference("phone", "+8613800138000", KEY)
    assert refs[2] == keyed_reference("phone", "+442079460018", KEY)


def test_a_row_without_a_readable_address_is_set_aside_as_it_stood() -> None:
    _, refused = checked(rows("", "n/a", "nobody", "ann@example.com"), BY_MAIL)
    assert [(line["reason"], line["column"], line["value"]) for line in refused] == [
        ("missing_customer", "Mail", ""), ("missing_customer", "Mail", "n/a"),
        ("unreadable_reference", "Mail", "nobody"),
    ]  # fmt: skip
    assert refused[2]["raw"] == "nobody,2026-03-01,9.90,R2"


def test_without_order_numbers_the_digest_names_the_order_too() -> None:
    columns = {meaning: header for meaning, header in BY_MAIL.items() if meaning != "order_ref"}
    accepted, _ = checked(rows("ann@example.com"), columns)
    assert accepted[0]["order_ref"] == f"{accepted[0]['customer_ref']}@2026-03-01"


def test_the_address_is_a_contact_of_the_same_customer() -> None:
    settings = ImportSettings("orders", "shop", BY_MAIL)
    people = people_in_orders(with_references(rows("Ann@Example.com"), settings, KEY), settings, at=AT).accepted
    assert people.select(["customer_ref", "email"]).to_pylist() == [
        {"customer_ref": keyed_reference("email", "ann@example.com", KEY), "email": "Ann@example.com"}
    ]


def test_an_address_among_customer_numbers_is_not_kept_in_clear_either() -> None:
    accepted, _ = checked(rows("M-1", "ann@example.com", "M@2"), {**BY_MAIL, "customer_ref": "Mail"} | {"email": "No"})
    refs = [line["customer_ref"] for line in accepted]
    assert refs == ["M-1", keyed_reference("email", "ann@example.com", KEY), "M@2"]


def test_plain_customer_numbers_cost_nothing() -> None:
    table = rows("M-1", "M-2")
    assert with_references(table, ImportSettings("orders", "shop", {"customer_ref": "Mail"}), KEY) is table


def test_a_file_known_by_mail_asks_for_nothing_more() -> None:
    proposal = propose(
        ["Order", "E-mail", "Date", "Amount"],
        [["1", "ann@example.com", "2026-03-01", "9.90"], ["2", "bob@example.com", "2026-03-02", "1.00"]],
        source_ref="shop",
    )
    assert (proposal.settings.named_by, proposal.settings.missing(), proposal.questions) == ("email", (), ())


@pytest.mark.parametrize("columns", [{"customer_ref": "who", "email": "mail"}, {"email": "who"}, {"customer_ref": "x"}])
def test_what_is_understood_stays(columns: dict[str, str]) -> None:
    assert addresses_apart(columns, ["who", "mail"], [["ann@example.com", ""]]) == columns


@given(st.text(max_size=60), st.sampled_from(["email", "phone"]))
def test_no_text_is_ever_its_own_reference(text: str, kind: str) -> None:
    reference = keyed_reference(kind, text, KEY, "CN")
    assert reference is None or (is_keyed(reference) and reference != text)
    assert REFERENCE not in (reference or "")
