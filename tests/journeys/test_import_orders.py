"""An order file is brought in: every line once, corrections applied, bad rows set aside, nothing else touched."""

import csv
from pathlib import Path

import pytest

from regulars.journeys.import_file import import_now
from regulars.journeys.show_imports import set_aside_as_csv
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import Customer
from regulars.records.customers.refs import customers_by_ref
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.models import ImportRun, Source
from regulars.records.orders.models import MonthTouched, OrderLine, Product
from regulars.records.set_aside.access import rows_set_aside
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, STEN, reached_by
from tests.journeys.order_files import (
    AT,
    activity_in_vault,
    activity_of_file,
    bring,
    lines_in_vault,
    lines_of_file,
    open_shop,
    order_rows,
    reasons,
    vault_count,
    write_rows,
)

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()


def test_every_line_of_the_file_is_there_once(tmp_path: Path) -> None:
    rows = order_rows(200)
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    assert (report.state, report.rows_read, report.rows_new, report.rows_refused) == ("finished", 600, 600, 0)
    assert lines_in_vault() == lines_of_file(rows)
    assert activity_in_vault() == activity_of_file(rows)
    assert report.customers_new == len({row[2] for row in rows})


def test_whom_only_an_order_names_is_used_for_what_its_source_permits(tmp_path: Path) -> None:
    """Of some the file tells no more than a number; they are closed to the other purposes all the same."""
    source = ensure_source("market", by=STEN, at=AT).id
    describe_source(source, by=STEN, kind="external", supplier="Market", purposes=["service", "direct_marketing"])
    bring(write_rows(tmp_path / "receipts.csv", order_rows(20)), source="market")
    assert Customer.objects.count() > 5
    assert not Customer.objects.filter(allows_automated_decision=True).exists()
    denied = ChoiceEntry.objects.filter(value="denied").values_list("purpose", flat=True)
    assert set(denied) == {"third_party_disclosure", "automated_decision", "sensitive_use"}
    assert len(denied) == 3 * Customer.objects.count()


def test_the_same_file_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    rows = order_rows(50)
    path = write_rows(tmp_path / "receipts.csv", rows)
    first = bring(path)
    again = bring(path)
    assert again.already == first.run_id
    assert (again.rows_new, again.rows_changed, again.rows_same) == (0, 0, 150)
    assert lines_in_vault() == lines_of_file(rows)
    assert ImportRun.objects.count() == 1


def test_the_same_rows_in_another_file_change_nothing(tmp_path: Path) -> None:
    rows = order_rows(50)
    bring(write_rows(tmp_path / "receipts.csv", rows))
    touched = dict(MonthTouched.objects.values_list("month", "changed_at"))
    later = AT.replace(day=13)
    report = bring(write_rows(tmp_path / "again.csv", list(reversed(rows))), at=later)
    assert (report.rows_new, report.rows_changed, report.rows_same) == (0, 0, 150)
    assert (report.customers_new, report.customers_matched) == (0, len({row[2] for row in rows}))
    assert lines_in_vault() == lines_of_file(rows)
    assert dict(MonthTouched.objects.values_list("month", "changed_at")) == touched


def test_a_corrected_amount_replaces_the_wrong_one(tmp_path: Path) -> None:
    rows = order_rows(50)
    bring(write_rows(tmp_path / "receipts.csv", rows))
    rows[7][7] = "1.00"
    rows[8][4] = "P999"
    report = bring(write_rows(tmp_path / "corrected.csv", rows))
    assert (report.rows_new, report.rows_changed, report.rows_same) == (0, 2, 148)
    assert lines_in_vault() == lines_of_file(rows)
    assert activity_in_vault() == activity_of_file(rows)


def test_a_line_whose_date_moved_to_another_month_is_not_doubled(tmp_path: Path) -> None:
    rows = order_rows(50)
    bring(write_rows(tmp_path / "receipts.csv", rows))
    rows[0][3] = rows[1][3] = rows[2][3] = "2024-02-29 10:00"
    report = bring(write_rows(tmp_path / "moved.csv", rows), at=AT.replace(day=13))
    assert (report.rows_new, report.rows_changed, report.rows_same) == (0, 3, 147)
    assert lines_in_vault() == lines_of_file(rows)
    fresh = {
        f"{month:%Y-%m}" for month in MonthTouched.objects.filter(changed_at__day=13).values_list("month", flat=True)
    }
    assert "2024-02" in fresh
    assert len(fresh) == 2


def test_an_order_that_belongs_to_somebody_else_leaves_the_first_customers_totals(tmp_path: Path) -> None:
    rows = [
        ["R1", 1, "M1", "2025-03-01", "P1", "Wool", 1, "10.00", "S1"],
        ["R2", 1, "M2", "2025-03-01", "P1", "Wool", 1, "5.00", "S1"],
    ]
    bring(write_rows(tmp_path / "receipts.csv", rows))
    rows[0][2] = "M2"
    bring(write_rows(tmp_path / "corrected.csv", rows))
    assert activity_in_vault() == {"M2": (2, 2, 1500)}


def test_returns_are_negative_lines_and_undo_the_order(tmp_path: Path) -> None:
    rows = [
        ["R1", 1, "M1", "2025-03-01", "P1", "Wool", 1, "10.00", "S1"],
        ["R1", 2, "M1", "2025-03-09", "P1", "Wool", -1, "10.00", "S1"],
    ]
    bring(write_rows(tmp_path / "receipts.csv", rows))
    assert sorted(OrderLine.objects.values_list("amount_minor", flat=True)) == [-1000, 1000]
    assert activity_in_vault() == {"M1": (0, 2, 0)}


def test_without_line_numbers_equal_lines_stay_two_and_come_again_as_the_same_two(tmp_path: Path) -> None:
    headings = ("order_no", "customer_no", "order_date", "sku", "quantity", "amount")
    rows = [["R1", "M1", "2025-03-01", "P1", 1, "10.00"], ["R1", "M1", "2025-03-01", "P1", 1, "10.00"]]
    bring(write_rows(tmp_path / "receipts.csv", rows, headings))
    rows[1][5] = "9.00"
    report = bring(write_rows(tmp_path / "again.csv", rows, headings))
    assert (report.rows_changed, report.rows_same) == (1, 1)
    assert sorted(OrderLine.objects.values_list("amount_minor", flat=True)) == [900, 1000]


def test_two_sources_may_use_the_same_numbers(tmp_path: Path) -> None:
    rows = order_rows(10)
    path = write_rows(tmp_path / "receipts.csv", rows)
    bring(path, "till")
    bring(path, "webshop")
    assert vault_count("order_line") == 60
    assert vault_count("customer") == 2 * len({row[2] for row in rows})


def test_bad_rows_are_set_aside_with_number_reason_and_the_whole_row(tmp_path: Path) -> None:
    rows = order_rows(3)
    rows[1][7], rows[4][3], rows[6][2] = "two pieces", "2052-11-08", ""
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    assert reasons(report) == {"not_a_number": 1, "date_in_future": 1, "missing_customer": 1}
    assert (report.rows_new, report.rows_refused) == (6, 3)
    aside = list(rows_set_aside(report.run_id or 0, by=STEN, because="mend"))
    assert [(row.row_number, row.reason, row.column) for row in aside] == [
        (3, "not_a_number", "amount"),
        (6, "date_in_future", "order_date"),
        (8, "missing_customer", "customer_no"),
    ]
    assert aside[0].raw == ",".join(map(str, rows[1]))
    assert {line.reason: line.example for line in report.reasons}["date_in_future"] == "2052-11-08"


def test_dora_at_the_counter_does_not_get_rows_set_aside(tmp_path: Path) -> None:
    rows = order_rows(1)
    rows[0][7] = "?"
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    with pytest.raises(Denied):
        rows_set_aside(report.run_id or 0, by=DORA, because="curious")
    assert [row.value for row in rows_set_aside(report.run_id or 0, by=EMIL, because="oversight")] == ["?"]


def test_new_customers_have_said_nothing(tmp_path: Path) -> None:
    bring(write_rows(tmp_path / "receipts.csv", order_rows(5)))
    assert vault_count("choice_entry") == 0
    assert not Customer.objects.filter(allows_disclosure=True).exists()
    assert set(Customer.objects.values_list("jurisdiction", "stage")) == {("CN", "customer")}


def test_a_customer_is_first_seen_on_the_day_of_the_first_order_even_when_it_comes_last(tmp_path: Path) -> None:
    rows = [
        ["R2", 1, "M1", "2025-09-01", "P1", "Wool", 1, "1.00", "S1"],
        ["R1", 1, "M1", "2025-03-01", "P1", "Wool", 1, "1.00", "S1"],
    ]
    bring(write_rows(tmp_path / "receipts.csv", rows[:1]))
    bring(write_rows(tmp_path / "older.csv", rows[1:]))
    assert f"{Customer.objects.get().first_seen_on}" == "2025-03-01"


def test_a_product_takes_its_newest_name_and_forgets_none(tmp_path: Path) -> None:
    rows = order_rows(1)
    bring(write_rows(tmp_path / "receipts.csv", rows))
    rows[0][5] = "Merino wool"
    report = bring(write_rows(tmp_path / "renamed.csv", rows))
    assert report.rows_same == 3
    assert Product.objects.get(ref=rows[0][4]).name == "Merino wool"


def test_a_dry_run_counts_with_reasons_and_writes_nothing(tmp_path: Path) -> None:
    rows = order_rows(20)
    bring(write_rows(tmp_path / "receipts.csv", rows))
    rows[0][7], rows[1][7] = "5.00", "?"
    rows.append(["N1", 1, "M9999", "2025-03-01", "P777", "New", 1, "1.00", "S9"])
    before = {
        table: vault_count(table)
        for table in ("order_line", "customer", "product", "import_run", "refused_row", "branch")
    }
    tried = bring(write_rows(tmp_path / "next.csv", rows), dry_run=True)
    assert (tried.state, tried.rows_new, tried.rows_changed, tried.rows_same, tried.rows_refused) == (
        "tried",
        1,
        1,
        58,
        1,
    )
    assert (tried.customers_new, reasons(tried)) == (1, {"not_a_number": 1})
    assert {table: vault_count(table) for table in before} == before


def test_a_dry_run_of_a_new_source_does_not_even_open_the_source(tmp_path: Path) -> None:
    tried = bring(write_rows(tmp_path / "receipts.csv", order_rows(5)), dry_run=True)
    assert (tried.rows_new, Source.objects.count()) == (15, 0)


def test_the_understanding_is_remembered_for_the_sources_next_file(tmp_path: Path) -> None:
    headings = ("c1", "c2", "c3", "c4")
    mapping = {"order_ref": "c1", "customer_ref": "c2", "ordered_at": "c3", "amount": "c4"}
    bring(write_rows(tmp_path / "a.csv", [["R1", "M1", "2025-03-01", "5"]], headings), mapping=mapping)
    report = bring(write_rows(tmp_path / "b.csv", [["R2", "M1", "2025-03-02", "6"]], headings))
    assert (report.state, report.rows_new, dict(report.columns)) == ("finished", 1, mapping)


def test_an_unclear_date_is_asked_and_not_guessed(tmp_path: Path) -> None:
    rows = [["R1", 1, "M1", "03/04/2025", "P1", "Wool", 1, "10.00", "S1"]]
    path = write_rows(tmp_path / "receipts.csv", rows)
    with pytest.raises(BadInput) as asked:
        bring(path)
    assert asked.value.code == "date_order_unclear"
    report = bring(path, answers={"date_order": "mdy"})
    assert report.rows_new == 1
    assert f"{OrderLine.objects.get().ordered_at:%Y-%m-%d %H:%M}" == "2025-03-03 16:00"


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "receipts.csv", order_rows(1))
    with pytest.raises(BadInput) as wrong:
        bring(path, mapping={"amount": "betrag"})
    assert (wrong.value.code, wrong.value.values["columns"]) == ("no_such_column", "betrag")


def test_names_and_phones_in_an_order_file_reach_the_customer(tmp_path: Path) -> None:
    headings = ("order_no", "customer_no", "order_date", "amount", "customer_name", "phone")
    rows = [
        ["R1", "M1", "2025-03-01", "5.00", "王芳", "13800138000"],
        ["R2", "M2", "2025-03-01", "6.00", "Ann Archer", "nonsense"],
    ]
    report = bring(write_rows(tmp_path / "receipts.csv", rows, headings))
    names = dict(Customer.objects.values_list("name", "family_name"))
    assert names == {"王芳": "王", "Ann Archer": "Archer"}
    assert reached_by() == [("phone", "+8613800138000")]
    left_out = [line for line in report.reasons if line.row_taken]
    assert [(line.reason, line.example) for line in left_out] == [("not_a_phone", "")]
    assert (report.rows_new, report.rows_refused) == (2, 0)


def test_a_row_that_is_set_aside_whole_is_not_listed_for_its_cells_too(tmp_path: Path) -> None:
    headings = ("order_no", "customer_no", "order_date", "amount", "phone")
    rows = [["R1", "M1", "2025-03-01", "nothing", "nonsense"], ["R2", "M2", "2025-03-01", "6.00", "rubbish"]]
    path = write_rows(tmp_path / "receipts.csv", rows, headings)
    phone = {"phone": "phone"}
    tried, done = bring(path, mapping=phone, dry_run=True), bring(path, mapping=phone)
    for report in (tried, done):
        told = [(line.reason, line.rows, line.row_taken) for line in report.reasons]
        assert sorted(told) == [("not_a_number", 1, False), ("not_a_phone", 1, True)]
        assert (report.rows_new, report.rows_refused) == (1, 1)
    assert done.run_id is not None
    [aside] = rows_set_aside(done.run_id, by=STEN, because="mend")
    assert (aside.value, aside.raw) == ("nothing", "R1,M1,2025-03-01,nothing,nonsense")
    assert vault_count("refused_row") == 2


def test_an_address_taken_for_a_customer_number_is_taken_for_an_address(tmp_path: Path) -> None:
    headings = ("order_no", "who", "order_date", "amount")
    rows = [["R1", "Ann@example.com", "2025-03-01", "5.00"], ["R2", "", "2025-03-02", "6.00"]]
    report = bring(write_rows(tmp_path / "web.csv", rows, headings), mapping={"customer_ref": "who"})
    assert (report.known_by, report.columns["email"], reasons(report)) == ("email", "who", {"missing_customer": 1})
    assert reached_by() == [("email", "Ann@example.com")]
    assert vault_count("customer_ref", "ref LIKE '%@%'") == 0


def test_answers_are_told_by_the_address_that_stands_for_the_customer(tmp_path: Path) -> None:
    headings = ("order_no", "phone", "order_date", "amount")
    bring(write_rows(tmp_path / "web.csv", [["R1", "138 0013 8000", "2025-03-01", "5.00"]], headings), source="web")
    found = customers_by_ref("web", ["+8613800138000", "M1"], by=STEN)
    assert list(found) == ["+8613800138000"]
    assert reached_by() == [("phone", "+8613800138000")]


def headless(folder: Path) -> Path:
    """Sales without a row of headings."""
    rows = [
        ["tea", "ann", "2025-03-01", "5.00"],
        ["cake", "bob", "2025-03-02", "6.50"],
        ["tea", "ann", "2025-03-09", ""],
    ]
    return write_rows(folder / "till.csv", rows[1:], rows[0])


SAID = {"product_ref": "Column 1", "customer_ref": "Column 2", "ordered_at": "Column 3", "amount": "Column 4"}


@pytest.mark.parametrize("row", [0, "0"])
def test_a_file_without_headings_is_guessed_by_content_and_confirmed(tmp_path: Path, row: object) -> None:
    path = headless(tmp_path)
    with pytest.raises(BadInput, match="meaning_missing"):
        bring(path, answers={"header_row": row}, dry_run=True)
    with pytest.raises(BadInput) as asked:
        bring(path, answers={"header_row": row}, mapping={"customer_ref": "Column 2"})
    assert asked.value.code == "columns_only_guessed"
    assert asked.value.values["columns"] == '--column ordered_at="Column 3" --column amount="Column 4"'
    tried = bring(path, answers={"header_row": row}, mapping={"customer_ref": "Column 2"}, dry_run=True)
    assert (tried.rows_read, tried.columns["amount"]) == (3, "Column 4")
    report = bring(path, answers={"header_row": row}, mapping=SAID)
    assert (report.state, report.rows_read, report.rows_new) == ("finished", 3, 2)
    assert reasons(report) == {"missing_amount": 1}
    assert sorted(Product.objects.values_list("ref", flat=True)) == ["cake", "tea"]


def test_the_next_file_without_headings_is_read_as_the_last(tmp_path: Path) -> None:
    bring(headless(tmp_path), answers={"header_row": 0}, mapping=SAID)
    later = write_rows(
        tmp_path / "later.csv", [["cake", "ann", "2025-03-10", "7.00"]], ["tea", "cleo", "2025-03-10", "4"]
    )
    report = bring(later)
    assert (report.rows_new, report.customers_new, dict(report.columns)) == (2, 1, SAID)


@pytest.mark.parametrize("row", ["-1", "first", "1001"])
def test_a_row_of_headings_that_is_none_is_told(tmp_path: Path, row: str) -> None:
    with pytest.raises(BadInput, match="header_row_unclear"):
        bring(headless(tmp_path), answers={"header_row": row})


def test_the_file_is_not_kept_once_it_is_in(tmp_path: Path) -> None:
    from django.conf import settings

    bring(write_rows(tmp_path / "receipts.csv", order_rows(2)))
    assert list((settings.HOME.files / "imports").iterdir()) == []


def test_a_file_that_is_not_there_is_a_sentence_and_no_run(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as missing:
        import_now(tmp_path / "nothing.csv", source_ref="till", by=STEN, at=AT)
    assert missing.value.code == "not_there"
    assert ImportRun.objects.count() == 0


def mended_file(path: Path, run_id: int, mend: dict[str, str]) -> Path:
    """The downloaded rows set aside, with cells mended by hand."""
    words = ("row", "reason", "column", "value")
    text = "".join(set_aside_as_csv(run_id, by=STEN, headings=words, say=str.upper))
    for wrong, right in mend.items():
        assert wrong in text
        text = text.replace(wrong, right)
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_set_aside_are_downloaded_mended_and_brought_again(tmp_path: Path) -> None:
    rows = order_rows(10)
    right = [row[:] for row in rows]
    rows[1][7], rows[4][3] = "two pieces", "2052-11-08"
    first = bring(write_rows(tmp_path / "receipts.csv", rows))
    mended = mended_file(
        tmp_path / "mended.csv",
        first.run_id or 0,
        {
            f",two pieces,{right[1][8]}": f",{right[1][7]},{right[1][8]}",
            f",2052-11-08,{right[4][4]}": f",{right[4][3]},{right[4][4]}",
        },
    )
    second = bring(mended)
    assert (second.rows_new, second.rows_changed, second.rows_refused) == (2, 0, 0)
    assert lines_in_vault() == lines_of_file(right)
    whole = bring(write_rows(tmp_path / "whole.csv", right))
    assert (whole.rows_new, whole.rows_changed, whole.rows_same) == (0, 0, 30)


def test_a_mended_row_without_line_numbers_overwrites_none_of_its_equals(tmp_path: Path) -> None:
    headings = ("order_no", "customer_no", "order_date", "sku", "quantity", "amount")
    rows = [["R1", "M1", "2025-03-01", "P1", 1, "10.00"], ["R1", "M1", "2025-03-01", "P1", 1, "nine"]]
    first = bring(write_rows(tmp_path / "receipts.csv", rows, headings))
    second = bring(mended_file(tmp_path / "mended.csv", first.run_id or 0, {"1,nine": "1,9.00"}))
    assert (second.rows_new, second.rows_changed) == (1, 0)
    rows[1][5] = "9.00"
    whole = bring(write_rows(tmp_path / "whole.csv", rows, headings))
    assert (whole.rows_new, whole.rows_changed, whole.rows_same) == (0, 0, 2)


def test_a_formula_leaves_as_text(tmp_path: Path) -> None:
    rows = order_rows(2)
    rows[0][7], rows[0][5], rows[1][7] = "=1+1", "@SUM(A1)", "-x"
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    text = "".join(set_aside_as_csv(report.run_id or 0, by=STEN, headings=("a", "b", "c", "d"), say=str))
    cells = [cell for line in csv.reader(text.splitlines()) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert {"'=1+1", "'@SUM(A1)", "'-x"} <= set(cells)
