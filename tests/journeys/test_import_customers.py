"""A file about customers: found or created, what is new is told, what gives way is noted, no word is spoken over
them.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.access import find_customers, open_customer
from regulars.records.customers.changes import changes_of
from regulars.records.customers.models import ContactPoint, Customer, CustomerRef
from tests.cast import DORA, EMIL, STEN, reached_by, said
from tests.journeys.order_files import AT, bring, open_shop, order_rows, reasons, write_rows

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = ("customer_no", "name", "phone", "email", "birth_date", "city", "country", "consent")
WANG = ("M1", "王芳", "138 0013 8000", "fang@example.com", "1988-04-02", "杭州", "中国", "是")
ANN = ("M2", "Dr. Ann Archer", "+44 20 7946 0018", "ann@example.com", "", "London", "GB", "")
BOB = ("M3", "Bob Baker", "", "", "", "", "", "no")


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()


def people(tmp_path: Path, *rows: tuple[str, ...], name: str = "people.csv") -> Path:
    return write_rows(tmp_path / name, rows, HEADINGS)


def by_ref(ref: str) -> Customer:
    return CustomerRef.objects.select_related("customer").get(ref=ref).customer


def test_customers_are_created_with_names_contacts_and_jurisdiction(tmp_path: Path) -> None:
    report = bring(people(tmp_path, WANG, ANN, BOB))
    assert (report.kind, report.rows_new, report.customers_new) == ("customers", 3, 3)
    wang, ann, bob = by_ref("M1"), by_ref("M2"), by_ref("M3")
    assert (wang.family_name, wang.given_name, wang.name_sort, wang.birth_on) == (
        "王",
        "芳",
        "wang fang",
        date(1988, 4, 2),
    )
    assert (ann.honorific, ann.family_name, ann.jurisdiction, ann.stage) == ("Dr", "Archer", "EU", "prospect")
    assert (wang.jurisdiction, bob.jurisdiction) == ("CN", "CN")
    assert reached_by(wang) == [("email", "fang@example.com"), ("phone", "+8613800138000")]


def test_wang_fang_is_found_by_either_spelling_and_by_her_phone(tmp_path: Path) -> None:
    bring(people(tmp_path, ("M1001", *WANG[1:]), ANN))
    for asked in ("王芳", "wang fang", "13800138000", "M1001"):
        found = find_customers(asked, by=DORA, because="on the phone")
        assert [line.name for line in found] == ["王芳"], asked


def test_consent_comes_only_from_a_column_that_says_so(tmp_path: Path) -> None:
    bring(people(tmp_path, WANG, ANN, BOB))
    told = set(ChoiceEntry.objects.values_list("customer__name", "purpose", "value", "source", "wording"))
    assert told == {
        ("王芳", "direct_marketing", "granted", "import", "consent"),
        ("Bob Baker", "direct_marketing", "denied", "import", "consent"),
    }
    assert by_ref("M1").allows_direct_marketing
    assert not by_ref("M3").allows_direct_marketing


def test_a_file_never_speaks_over_a_withdrawal(tmp_path: Path) -> None:
    bring(people(tmp_path, WANG))
    said(by_ref("M1"), "direct_marketing", "denied", at=AT)
    bring(people(tmp_path, (*WANG[:5], "上海", *WANG[6:]), name="again.csv"), at=datetime(2026, 4, 1, tzinfo=UTC))
    assert not by_ref("M1").allows_direct_marketing
    assert ChoiceEntry.objects.count() == 2


def test_a_file_that_says_no_closes_what_was_open(tmp_path: Path) -> None:
    bring(people(tmp_path, WANG))
    bring(people(tmp_path, (*WANG[:7], "否"), name="again.csv"), at=datetime(2026, 4, 1, tzinfo=UTC))
    assert not by_ref("M1").allows_direct_marketing


def test_what_gives_way_is_noted_old_and_new(tmp_path: Path) -> None:
    bring(people(tmp_path, WANG, ANN))
    report = bring(people(tmp_path, ("M1", "王芳芳", "", "", "", "上海", "", ""), ANN, name="again.csv"))
    assert (report.rows_new, report.rows_changed, report.rows_same) == (0, 1, 1)
    opened, _ = open_customer(by_ref("M1").number, by=EMIL, because="a look")
    noted = {(line.field, line.old, line.new, line.who) for line in changes_of(opened)}
    assert ("city", "杭州市", "上海市", STEN.name) in noted
    assert ("given_name", "芳", "芳芳", STEN.name) in noted
    wang = by_ref("M1")
    assert (wang.birth_on, wang.country) == (date(1988, 4, 2), "CN")
    assert ContactPoint.objects.filter(customer=wang).count() == 2
    assert [line.name for line in find_customers("王芳", by=DORA, because="on the phone")] == ["王芳芳"]


def test_a_cell_nobody_understands_costs_the_cell_and_not_the_customer(tmp_path: Path) -> None:
    unclear = ("M9", "Dora Dee", "call me", "", "2052-01-01", "", "", "perhaps")
    report = bring(people(tmp_path, WANG, unclear, ("", "Nobody", "", "", "", "", "", "")))
    assert (report.rows_new, report.rows_refused, reasons(report)) == (2, 1, {"missing_customer": 1})
    assert {line.reason for line in report.reasons if line.row_taken} == {
        "not_a_phone",
        "date_in_future",
        "not_understood",
    }
    assert list(ChoiceEntry.objects.values_list("customer__name", flat=True)) == ["王芳"]


def test_customers_and_orders_of_one_source_meet(tmp_path: Path) -> None:
    bring(people(tmp_path, ("M0001", *WANG[1:])))
    assert by_ref("M0001").stage == "prospect"
    rows = order_rows(30, customers=2)
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    assert (report.customers_new, report.customers_matched) == (1, 1)
    assert by_ref("M0001").stage == "customer"
    assert f"{by_ref('M0001').first_seen_on}" == min(str(row[3])[:10] for row in rows if row[2] == "M0001")


def test_a_dry_run_about_customers_writes_nothing(tmp_path: Path) -> None:
    bring(people(tmp_path, WANG, ANN))
    tried = bring(people(tmp_path, (*WANG[:5], "上海", *WANG[6:]), ANN, BOB, name="next.csv"), dry_run=True)
    assert (tried.rows_new, tried.rows_changed, tried.rows_same) == (1, 1, 1)
    assert by_ref("M1").city == "杭州市"
    assert Customer.objects.count() == 2


def test_a_name_that_is_sql_or_a_formula_is_a_name(tmp_path: Path) -> None:
    names = ["Robert'); drop Table customer;--", "=HyperLink", "<b>Bob</b>", "+A1+1", "\\N"]
    rows = [(f"M{place}", name, "", "", "", "", "", "") for place, name in enumerate(names)]
    report = bring(people(tmp_path, *rows))
    assert report.rows_new == len(names)
    assert set(Customer.objects.values_list("name", flat=True)) == set(names)
