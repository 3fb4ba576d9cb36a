"""A file of customers says whose contacts they are: by the company's code, checked, opened where nobody knows it."""

from datetime import timedelta
from pathlib import Path

import pytest

from regulars.journeys.expire_sources import expire_sources
from regulars.journeys.import_file import ImportReport
from regulars.journeys.keep_groups import groups_on_card, say_left
from regulars.journeys.merge_customers import merge_customers, unmerge_customers
from regulars.records.access_log.models import ChangeEntry
from regulars.records.customers.models import Customer, CustomerRef
from regulars.records.groups.models import CustomerGroup, GroupMember
from regulars.records.intake.actions import describe_source
from regulars.records.intake.models import Source
from tests.cast import DORA, STEN
from tests.journeys.order_files import AT, bring, open_shop, write_rows
from tests.journeys.test_import_ties import brought

pytestmark = pytest.mark.usefixtures("house")
NANZHI, FAR, WRONG = "91110000600037341L", "HRB 86786", "91110000600037341A"
HEADINGS = ("会员号", "姓名", "国家", "统一社会信用代码", "公司名称")
WANG = ("M1", "王芳", "中国", "9111 0000 6000 37341l", "南枝服饰")
LI = ("M2", "李梅", "中国", NANZHI, "")
ANN = ("M3", "Ann Archer", "DE", FAR, "Faraway GmbH")


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()


def told(tmp_path: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, **more: object) -> ImportReport:
    name = f"people{len(list(tmp_path.iterdir()))}.csv"
    return bring(write_rows(tmp_path / name, rows, headings), "crm", **more)


def by_ref(ref: str) -> Customer:
    return CustomerRef.objects.select_related("customer").get(ref=ref).customer


def contacts() -> set[tuple[str, str]]:
    return set(GroupMember.objects.values_list("customer__name", "group__company_code"))


@pytest.mark.parametrize("headings", [
    HEADINGS, ("customer_no", "name", "country", "Unified social credit code", "Company"),
    ("Kundennummer", "Name", "Land", "company_code", "Firma"),
])  # fmt: skip
def test_each_is_her_companys_contact_and_the_company_bears_its_name(
    tmp_path: Path, headings: tuple[str, ...]
) -> None:  # fmt: skip
    report = told(tmp_path, LI, WANG, ANN, headings=headings)
    assert (report.kind, report.rows_new, report.rows_refused) == ("customers", 3, 0)
    assert contacts() == {("王芳", NANZHI), ("李梅", NANZHI), ("Ann Archer", FAR)}
    assert set(CustomerGroup.objects.values_list("name", "country", "kind")) == {
        ("南枝服饰", "CN", "company"), ("Faraway GmbH", "DE", "company"),
    }  # fmt: skip
    _, [mine] = groups_on_card(by_ref("M1").number, by=DORA, because="call", on=AT.date())
    assert (mine.group.name, mine.role) == ("南枝服饰", "staff")
    told_of = ChangeEntry.objects.filter(door="belong_to_companies", who="Sten")
    assert sorted(told_of.values_list("subject", flat=True)) == ["customer_group"] * 2 + ["group_member"] * 3


def test_a_code_that_cannot_be_one_costs_the_cell_and_is_told(tmp_path: Path) -> None:
    rows = [
        ("M1", "王芳", "中国", WRONG, "南枝服饰"), ("M2", "李梅", "", "110000000000000", ""),
        ("M3", "Ann Archer", "DE", WRONG, ""), ("M4", "Bob Baker", "", "no idea", ""),
        ("M5", "Cleo Baker", "", "", "Nameless Ltd"), ("M6", "张伟", "", "330106199101010074", ""),
        ("M7", "Dora Dee", "DE", FAR, "F" * 201),
    ]  # fmt: skip
    report = told(tmp_path, *rows)
    assert (report.rows_new, report.rows_refused) == (7, 0)
    left_out = {(line.reason, line.column): line.rows for line in report.reasons}
    assert left_out == {
        ("checksum_wrong", HEADINGS[3]): 2, ("old_company_number", HEADINGS[3]): 1,
        ("not_a_company_code", HEADINGS[3]): 2, ("company_without_code", HEADINGS[4]): 2,
        ("text_too_long", HEADINGS[4]): 1,
    }  # fmt: skip
    assert contacts() == {("Dora Dee", FAR)} and CustomerGroup.objects.get().name == FAR


def test_brought_again_nothing_is_new_and_a_name_comes_when_a_file_tells_it(tmp_path: Path) -> None:
    told(tmp_path, LI)
    assert CustomerGroup.objects.get().name == NANZHI
    again = told(tmp_path, LI, WANG)
    assert (again.rows_new, again.rows_same) == (1, 1) and CustomerGroup.objects.get().name == "南枝服饰"
    told(tmp_path, (*WANG[:4], "Another name"), LI)
    assert CustomerGroup.objects.get().name == "南枝服饰" and len(contacts()) == 2


def test_known_customers_join_and_count_as_changed_and_a_trial_keeps_nothing(tmp_path: Path) -> None:
    told(tmp_path, ("M1", "王芳", "", "", ""))
    assert told(tmp_path, WANG, dry_run=True).state and not CustomerGroup.objects.exists()
    report = told(tmp_path, WANG)
    assert (report.rows_changed, contacts()) == (1, {("王芳", NANZHI)})


def test_who_left_is_not_taken_back_by_the_next_file(tmp_path: Path) -> None:
    told(tmp_path, WANG)
    say_left(by_ref("M1").number, CustomerGroup.objects.get().ref, until=AT.date(), by=STEN, because="she left")
    told(tmp_path, WANG, LI)
    assert [one.until_on for one in GroupMember.objects.order_by("id")] == [AT.date(), None]


def test_a_file_of_ties_and_a_file_of_customers_mean_the_same_company(tmp_path: Path) -> None:
    brought(tmp_path, f"company code,kind,name,group\n{NANZHI},agent,Nanzhi Agents,nanzhi\n", at=AT)
    told(tmp_path, WANG)
    assert GroupMember.objects.get().role == "served" and CustomerGroup.objects.get().name == "Nanzhi Agents"
    again = brought(tmp_path, f"company code,customer,role\n{NANZHI},{by_ref('M1').number},served\n", at=AT)
    assert (again.known, again.members, again.set_aside_rows) == (1, 0, 0)


def test_it_goes_with_its_source_unless_another_says_so_too(tmp_path: Path) -> None:
    told(tmp_path, WANG, ANN)
    bring(write_rows(tmp_path / "till.csv", [("T1", "李梅", "中国", NANZHI, "")], HEADINGS), "till")
    crm = Source.objects.get(ref="crm").id
    describe_source(crm, by=STEN, expires_on=AT.date())
    assert expire_sources(at=AT + timedelta(days=2)) == {"crm": 2}
    assert contacts() == {("李梅", NANZHI)}
    assert not Customer.objects.filter(erased_at=None).exclude(name="李梅").exists()
    assert list(CustomerGroup.objects.values_list("company_code", flat=True)) == [NANZHI], "the till's contact is there"


def test_of_two_sources_that_say_so_the_one_that_is_kept_longer_counts(tmp_path: Path) -> None:
    told(tmp_path, WANG)
    describe_source(Source.objects.get(ref="crm").id, by=STEN, expires_on=AT.date())
    till = Source.objects.create(ref="till", name="Till", created_at=AT)
    CustomerRef.objects.create(source=till, ref="T1", customer=by_ref("M1"))
    bring(write_rows(tmp_path / "till.csv", [("T1", *WANG[1:])], HEADINGS), "till")
    expire_sources(at=AT + timedelta(days=2))
    assert contacts() == {("王芳", NANZHI)} and GroupMember.objects.get().source_id == till.id


def test_after_a_merge_that_is_undone_she_is_the_contact_her_source_says(tmp_path: Path) -> None:
    told(tmp_path, ("M1", "王芳", "", "", ""))
    bring(write_rows(tmp_path / "till.csv", [("T1", "王方", "", "", "")], HEADINGS), "till")
    fang, other = by_ref("M1"), by_ref("T1")
    merge_customers(other.number, fang.number, by=STEN, because="one name", at=AT)
    bring(write_rows(tmp_path / "again.csv", [("T1", *LI[1:])], HEADINGS), "till", at=AT + timedelta(days=1))
    assert GroupMember.objects.get().customer_id == fang.id
    unmerge_customers(other.number, by=STEN, because="two women", at=AT + timedelta(days=2))
    assert GroupMember.objects.get().customer_id == other.id
