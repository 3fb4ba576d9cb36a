"""A file of ties: households, contacts of companies and their branches; bad rows aside, brought again nothing new."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from regulars.connections.files import LONGEST_RAW
from regulars.desks.cli.grouping import group_command
from regulars.journeys.import_ties import TiesReport, import_ties
from regulars.records.access_log.models import AccessEntry
from regulars.records.customers.models import Customer
from regulars.records.groups.models import CustomerGroup, GroupMember, GroupPlace
from regulars.records.watched.actions import protect
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import DORA, EMIL, MIA, NOON, STEN, ann, bob, cleo
from tests.merging import branch

pytestmark = pytest.mark.usefixtures("house")
FILE = """\
群组编号,kind,名称,parent,客户号,role,since
nanzhi,company,Nanzhi Clothing,,,,
nanzhi-north,company,Nanzhi North,nanzhi,C-20001,buyer,2025-03-01
oak-street,household,,,C-20002,,
oak-street,,,,C-20003,adult,
oak-street,,,,C-29999,,
oak-street,,,,C-20001,boss,
,household,,,C-20001,,
nanzhi-north,,,,,,
oak-street,,,nanzhi,,,
nanzhi,,,nanzhi-north,,,
nanzhi-north,,,,C-20003,staff,yesterday or so
one,too,few
"""


def brought(path: Path, text: str = FILE, **more: object) -> TiesReport:
    file = path / "ties.csv"
    file.write_text(text)
    return import_ties(file, **{"by": STEN, "at": NOON} | more)  # type: ignore[arg-type]


def reasons(report: TiesReport) -> dict[int, str]:
    return {one.row_number: one.reason for one in report.set_aside}


def people() -> list[Customer]:
    return [ann(), bob(), cleo()]


def members(ref: str) -> set[str]:
    return set(GroupMember.objects.filter(group__ref=ref).values_list("customer__number", flat=True))


def test_households_contacts_and_branches_come_in_and_bad_rows_go_aside(tmp_path: Path) -> None:
    people()
    report = brought(tmp_path)
    assert (report.rows, report.groups, report.members, report.places) == (12, 3, 3, 1)
    assert reasons(report) == {
        6: "customer_not_there", 7: "group_role_unknown", 8: "tie_names_no_group", 9: "tie_says_nothing",
        10: "group_cannot_stand_under", 11: "group_circle", 12: "tie_day_unclear", 13: "wrong_field_count",
    }  # fmt: skip
    assert report.set_aside_rows == 8 and "C-29999" in report.set_aside[0].raw
    assert members("oak-street") == {"C-20002", "C-20003"} and members("nanzhi-north") == {"C-20001"}
    assert GroupPlace.objects.get().parent.ref == "nanzhi"
    bought = GroupMember.objects.get(group__ref="nanzhi-north")
    assert (bought.role, str(bought.since_on)) == ("buyer", "2025-03-01")
    assert AccessEntry.objects.filter(door="import_ties", who="Sten", rows=3).exists()


def test_brought_again_it_changes_nothing_and_a_trial_keeps_nothing(tmp_path: Path) -> None:
    people()
    tried = brought(tmp_path, dry_run=True)
    assert not CustomerGroup.objects.exists() and not GroupMember.objects.exists()
    assert AccessEntry.objects.filter(door="import_ties", rows=3).count() == 1, "a trial reads, and is on record"
    first = brought(tmp_path)
    assert replace(tried, dry_run=False, set_aside=[]) == replace(first, set_aside=[])
    before = list(GroupMember.objects.order_by("id").values()), list(CustomerGroup.objects.order_by("id").values())
    again = brought(tmp_path)
    assert (again.groups, again.members, again.places, again.known) == (0, 0, 0, 4)
    assert before == (list(GroupMember.objects.order_by("id").values()), list(CustomerGroup.objects.order_by("id").values()))  # fmt: skip  # noqa: E501


def test_a_company_is_known_by_its_code(tmp_path: Path) -> None:
    people()
    code = "91330106MA2B0XYC0J"
    text = f"company code,country,kind,name,customer\n{code},DE,company,Nanzhi,C-20001\n{code},DE,,,C-20002\n"
    report = brought(tmp_path, text)
    assert (report.groups, report.members, report.set_aside_rows) == (1, 2, 0)


def test_the_code_and_the_country_may_be_written_as_people_write_them(tmp_path: Path) -> None:
    people()
    text = """company code,country,kind,name,customer
9111 0000 6000 37341l,中国,company,Nanzhi,C-20001
91110000600037341L,,,,C-20002
00123,Germany,company,Far,C-20003
00124,CNN,company,Farther,
"""
    report = brought(tmp_path, text)
    assert (report.groups, report.members, reasons(report)) == (2, 3, {5: "tie_country_unknown"})
    assert set(CustomerGroup.objects.values_list("company_code", "country")) == {
        ("91110000600037341L", "CN"), ("00123", "DE")
    }  # fmt: skip
    again = brought(tmp_path, text)
    assert (again.groups, again.members, again.known) == (0, 0, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_in_whatever_encoding_it_comes(tmp_path: Path, encoding: str) -> None:
    people()
    (tmp_path / "ties.csv").write_bytes("群组,种类,名称,客户\n南枝,公司,南枝服饰,C-20001\n".encode(encoding))
    report = import_ties(tmp_path / "ties.csv", by=STEN, at=NOON)
    assert (report.members, report.set_aside, members("南枝")) == (1, [], {"C-20001"})


def test_a_huge_cell_goes_aside_and_is_not_handed_back_whole(tmp_path: Path) -> None:
    people()
    huge = "a" * 600_000
    report = brought(tmp_path, f'group,kind,name\n{huge},company,n\n"{huge * 30}",company,n\nx,company,n\n')
    assert reasons(report) == {2: "tie_too_long", 3: "line_too_long"} and report.groups == 1
    assert max(len(one.raw) for one in report.set_aside) <= LONGEST_RAW


@pytest.mark.parametrize("text", ["", "\n", "\0\1\2" * 100, "a,b\n"])
def test_an_empty_file_or_none_at_all_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="ties_without_groups"):
        brought(tmp_path, text)


def test_a_group_that_would_stand_under_itself_three_steps_on_stays_where_it_is(tmp_path: Path) -> None:
    lines = "group,kind,name,parent\na,company,A,\nb,company,B,a\nc,company,C,b\na,,,c\na,,,a\n"
    report = brought(tmp_path, lines)
    assert (report.places, reasons(report)) == (2, {5: "group_circle", 6: "group_circle"})


def test_whom_she_could_not_open_looks_as_if_not_there(tmp_path: Path) -> None:
    everybody = people()
    there = branch()
    Customer.objects.filter(id=everybody[1].id).update(home_branch=there)
    protect(everybody[2].id, because="known from the news", by=EMIL, at=NOON)
    elsewhere = replace(STEN, branches=frozenset({there + 1}))
    report = brought(tmp_path, by=elsewhere)
    assert {reasons(report)[row] for row in (4, 5, 6)} == {"customer_not_there"}
    assert members("oak-street") == set()


@pytest.mark.parametrize("by", [DORA, MIA, EMIL])
def test_nobody_else_brings_one(tmp_path: Path, by: Asker) -> None:
    with pytest.raises(Denied):
        brought(tmp_path, by=by)


def test_a_file_that_names_no_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="ties_without_groups"):
        brought(tmp_path, "colour,size\nred,3\n")


def test_the_terminal_tells_what_became_of_it(tmp_path: Path) -> None:
    people()
    (tmp_path / "ties.csv").write_text(FILE)
    words = ["import", str(tmp_path / "ties.csv"), "--set-aside", str(tmp_path / "aside.csv")]
    told = CliRunner().invoke(group_command, words)
    assert told.exit_code == 0, told.output
    assert "no group is named" in told.output
    aside = (tmp_path / "aside.csv").read_text().splitlines()
    assert len(aside) == 9 and "C-29999" in aside[1]


def test_the_file_of_rows_set_aside_holds_every_one_and_its_cells_can_be_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.journeys.import_ties.SHOWN", 2)
    (tmp_path / "ties.csv").write_text("group;name;customer\n" + 'oak;"a; b, c";C-29999\n' * 5)
    words = ["import", str(tmp_path / "ties.csv"), "--set-aside", str(tmp_path / "aside.csv"), "--json"]
    told = CliRunner().invoke(group_command, words)
    assert told.exit_code == 0, told.output
    lines = (tmp_path / "aside.csv").read_text().splitlines()
    assert len(lines) == 6 and json.loads(told.output)["set_aside_rows"] == 5
    assert all('oak;""a; b, c"";C-29999' in line for line in lines[1:])
