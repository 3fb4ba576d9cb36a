"""A list that was bought: who is ours, who wants no contact and what the licence does not allow stay out of it."""

from datetime import date
from pathlib import Path

import pytest

from regulars.journeys.import_do_not_contact import import_do_not_contact
from regulars.journeys.import_file import ImportReport, import_now
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import ContactPoint, Customer
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.set_aside.access import rows_set_aside
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.permission.errors import BadInput
from tests.cast import EMIL, NOON, STEN
from tests.cast import said as says

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = "member_no,name,email,phone"
OURS = ("1,Ann Archer,ann@example.com,+4915112345678", "2,Dana Doe,family@example.com,")
BOUGHT = (
    "a,Anne ARCHER,ann@example.com,", "b,Bob Baker,bob@example.com,", "c,Cleo Zypern,cleo@example.com,+4917212345678",
    "d,Dylan Doe,family@example.com,", "e,Erik Other,family@example.com,", "f,فاطمة الفهري,fatima@example.com,",
    f"g,{'x' * 10_000},long@example.com,", "h,👩‍👩‍👧 王芳,wang@example.com,",
)  # fmt: skip


def bring(folder: Path, ref: str, *rows: str, dry_run: bool = False) -> ImportReport:
    path = folder / f"{ref}.csv"
    path.write_text("\n".join([HEADINGS, *rows]))
    return import_now(path, source_ref=ref, kind="customers", by=STEN, at=NOON, dry_run=dry_run)


@pytest.fixture
def acme(tmp_path: Path) -> int:
    """Ann and Dana are ours, Dana said no; Bob is on the do-not-contact list; Acme's list may serve analysis only."""
    bring(tmp_path, "till", *OURS)
    says(Customer.objects.get(name="Dana Doe"), "direct_marketing", "denied")
    says(Customer.objects.get(name="Ann Archer"), "direct_marketing", "granted")
    no = tmp_path / "no.csv"
    no.write_text("email\nbob@example.com\n")
    import_do_not_contact(no, by=EMIL, at=NOON)
    source = ensure_source("acme", by=STEN, at=NOON).id
    describe_source(
        source, by=STEN, kind="bought_in", supplier="Acme", licence="A-7", purposes=["analysis"],
        expires_on=date(2026, 12, 31), lawful_basis="consent", trust=1,
    )  # fmt: skip
    return source


def test_who_is_ours_or_wants_no_contact_never_comes_in(acme: int, tmp_path: Path) -> None:
    tried = bring(tmp_path, "acme", *BOUGHT, dry_run=True)
    done = bring(tmp_path, "acme", *BOUGHT)
    for report in (tried, done):
        assert report.customers_new == 4
        assert {line.reason: line.rows for line in report.reasons if not line.row_taken} == {
            "already_ours": 2, "do_not_contact": 2,
        }  # fmt: skip
    bought = Customer.objects.filter(source_id=acme)
    assert {"Cleo Zypern", "فاطمة الفهري"} <= set(bought.values_list("name", flat=True))
    assert not bought.filter(name__in=["Bob Baker", "Anne Archer", "Dylan Doe", "Erik Other"]).exists()
    assert ContactPoint.objects.filter(source_id=acme).count() == 5
    assert done.run_id is not None
    rows = rows_set_aside(done.run_id, by=STEN, because="mend")
    assert not {row.raw for row in rows if row.reason in ("already_ours", "do_not_contact")} - {"", None}


def test_no_cell_is_kept_of_who_stays_out(acme: int, tmp_path: Path) -> None:
    nonsense = (
        "b,Bob Baker,bob@example.com,call Bob at home", "c,Cleo Zypern,cleo@example.com,call Cleo",
        *(f"{n},Ina Neu,ina{n}@example.com,+491721234567{n}" for n in range(4)),
    )  # fmt: skip
    for dry_run in (True, False):
        told = bring(tmp_path, "acme", *nonsense, dry_run=dry_run).reasons
        assert {(line.reason, line.row_number, line.row_taken) for line in told} == {
            ("do_not_contact", 2, False), ("not_a_phone", 3, True),
        }  # fmt: skip
    [cell] = RefusedRow.objects.exclude(value=None)
    assert cell.row_number == 3


def test_whom_only_the_list_knows_is_closed_to_what_the_licence_does_not_allow(acme: int, tmp_path: Path) -> None:
    bring(tmp_path, "acme", *BOUGHT)
    cleo = Customer.objects.get(name="Cleo Zypern")
    assert not cleo.allows_direct_marketing
    closed = ChoiceEntry.objects.filter(customer=cleo, value="denied").values_list("purpose", flat=True)
    assert set(closed) == {"direct_marketing", "third_party_disclosure", "automated_decision", "sensitive_use"}
    says(cleo, "direct_marketing", "granted")
    cleo.refresh_from_db()
    assert cleo.allows_direct_marketing  # her own word goes before the supplier's


def test_brought_again_nothing_of_it_changes(acme: int, tmp_path: Path) -> None:
    bring(tmp_path, "acme", *BOUGHT)
    again = bring(tmp_path, "acme", *BOUGHT, "i,Ina Neu,ina@example.com,")
    assert (again.customers_new, again.rows_changed) == (1, 0)
    assert again.rows_refused == 4


def test_after_its_last_day_nothing_of_it_is_taken(acme: int, tmp_path: Path) -> None:
    describe_source(acme, by=STEN, expires_on=date(2026, 3, 1))
    with pytest.raises(BadInput, match="source_expired"):
        bring(tmp_path, "acme", *BOUGHT)
