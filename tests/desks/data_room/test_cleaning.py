"""Sten reads what cleaning changed, before and after: by column and reason, naming nobody; and turns a rule off."""

import csv
import re
from pathlib import Path

import pytest
from django.test import Client

from regulars.desks.night_shift.jobs import run_worker
from regulars.journeys.import_file import import_now
from regulars.journeys.receive_events import receive_events
from regulars.journeys.tell_people import tell_people
from regulars.records.access_log.models import AccessEntry
from regulars.records.company.access import CompanyFacts
from regulars.records.company.actions import set_up_company
from regulars.records.customers.models import AsItCame, Customer
from regulars.records.events.write_keys import make_write_key, recognise
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.models import ImportRun, Source
from regulars.records.staff.actions import hire
from regulars.rules.permission.errors import BadInput
from tests.cast import NOON, STEN
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.journeys.order_files import write_rows
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
HEADINGS = ("customer_no", "name", "phone", "email", "city", "country")
ROWS = [
    ("M1", "ARCHER, Ann", "(020) 7946 0018", "Ann@Example.COM", "London", "GB"),
    ("M2", "王 芳女士", "138 0013 8000", "fang@gmial.com", "杭州", "中国"),
    ("M3", "Bob Baker", "+442079460019", "", "", ""),
    ("M4", "杭州湖滨有限公司", "", "", "", ""),
]
#: What may stand in no report: names, numbers, addresses.
NOBODY = ("ARCHER", "Archer", "王", "7946", "0013", "Example.COM", "gmial")


@pytest.fixture(autouse=True)
def staff() -> None:
    set_up_company(CompanyFacts("South Branch", "南枝衣铺", None, "CN", "CNY", "Asia/Shanghai", False))
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    hire("emil", "Emil", roles=["officer"], password=PASSWORD)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "people.csv", ROWS, HEADINGS)


def looked_at(sten: Client, file: Path) -> int:
    """The run, its columns confirmed as proposed, tried and not begun."""
    with file.open("rb") as body:
        sten.post("/data/bring/", {"file": body, "new_source": "club"})
    run = ImportRun.objects.latest("id").id
    page = sten.get(f"/data/imports/{run}/columns/").content.decode()
    chosen = {
        name: "".join(re.findall(r'value="([a-z_]+)" selected', options))
        for name, options in re.findall(r'<select id="(column-[0-9]+)".*?>(.*?)</select>', page, re.DOTALL)
    }
    assert sten.post(f"/data/imports/{run}/columns/", chosen)["Location"].endswith("/trial/")
    return run


def part_about_cleaning(page: str) -> str:
    return page.partition('id="cleaned"')[2].partition("</section>")[0]


def test_the_dry_run_says_what_would_be_changed_and_writes_nothing(file: Path) -> None:
    sten = signed_in("sten")
    run = looked_at(sten, file)
    told = part_about_cleaning(sten.get(f"/data/imports/{run}/trial/").content.decode())
    assert "name put in reading order" in told and "AAAAAA, Aaa" in told
    assert "looks like a company" in told and "the domain looks mistyped" in told
    assert not [word for word in NOBODY if word in told]
    assert not Customer.objects.exists() and not AsItCame.objects.exists()


def test_a_rule_is_turned_off_before_anything_is_written_and_stays_off(file: Path, tmp_path: Path) -> None:
    sten = signed_in("sten")
    run = looked_at(sten, file)
    answer = sten.post(f"/data/imports/{run}/leave/", {"reason": "order_turned"})
    assert answer["Location"] == f"/data/imports/{run}/trial/"
    told = part_about_cleaning(sten.get(f"/data/imports/{run}/trial/").content.decode())
    assert "Clean again" in told and "AAAAAA, Aaa → Aaa" not in told
    sten.post(f"/data/imports/{run}/start/")
    run_worker(until_empty=True, signals=False)
    assert Customer.objects.filter(name="ARCHER, Ann", given_name="Ann").exists()
    assert Source.objects.get(ref="club").leave == ["order_turned"]
    more = write_rows(tmp_path / "more.csv", [("M9", "COOPER, Eve", "", "", "", "")], HEADINGS)
    import_now(more, source_ref="club", by=STEN, at=NOON)
    assert Customer.objects.filter(name="COOPER, Eve").exists()
    sten.post(f"/data/imports/{run}/leave/", {"reason": "order_turned", "again": "1"})
    assert Source.objects.get(ref="club").leave == []


def test_the_report_is_read_downloaded_and_told_to_programs_and_at_the_terminal(file: Path) -> None:
    report = import_now(file, source_ref="club", by=STEN, at=NOON)
    sten = signed_in("sten")
    page = part_about_cleaning(sten.get(f"/data/imports/{report.run_id}/").content.decode())
    assert "country code added" in page and "As they came" not in page
    table = b"".join(sten.get(f"/data/imports/{report.run_id}/cleaned.csv")).decode()
    lines = list(csv.reader(table.removeprefix("\ufeff").splitlines()))
    assert ["name", "name put in reading order", "order_turned", "1", "2", "AAAAAA, Aaa", "Aaa AAAAAA"] in lines
    told = program("steward").get(f"/imports/{report.run_id}").told["cleaned"]
    line = next(one for one in told if one["reason"] == "country_code_added")
    assert (line["column"], line["values"], line["doubtful"], line["may_leave"]) == ("phone", 2, False, False)
    assert next(one for one in told if one["reason"] == "domain_mistyped")["doubtful"]
    assert program("steward").get(f"/imports/{report.run_id}/cleaned.csv").status == 200
    said = regulars("cleaned", str(report.run_id)).out
    for text in (page, table, str(told), said):
        assert not [word for word in NOBODY if word in text]


def test_a_program_tries_a_file_and_says_what_to_leave(file: Path) -> None:
    steward = program("steward")
    run = steward.bring(file.read_bytes(), "people.csv", source="club").told["id"]
    columns = steward.get(f"/imports/{run}/look").told["columns"]
    steward.put(f"/imports/{run}/settings", {"columns": columns})
    tried = steward.post(f"/imports/{run}/trial", {}).told
    assert {"order_turned", "honorific_apart", "company_name"} <= {one["reason"] for one in tried["cleaned"]}
    assert steward.put("/sources/club", {"leave": ["order_turned"]}).told["leave"] == ["order_turned"]
    assert steward.put("/sources/club", {"leave": ["spaces"]}).status == 422


def test_only_emil_looks_at_values_as_they_came_and_the_log_says_so(file: Path) -> None:
    report = import_now(file, source_ref="club", by=STEN, at=NOON)
    where = f"/data/imports/{report.run_id}/originals/?field=phone&reason=country_code_added"
    emil, sten = signed_in("emil"), signed_in("sten")
    page = emil.get(where).content.decode()
    assert "138 0013 8000" in page and "+8613800138000" in page
    assert AccessEntry.objects.filter(door="originals", allowed=True).count() == 1
    assert where.partition("?")[2].replace("&", "&amp;") in emil.get(f"/data/imports/{report.run_id}/").content.decode()
    assert sten.get(where).status_code == 403


def test_the_terminal_says_what_a_source_leaves(file: Path) -> None:
    ensure_source("club", by=STEN, at=NOON)
    regulars("source", "say", "club", "--leave", "capitals_evened", "--leave", "order_turned")
    assert Source.objects.get(ref="club").leave == ["capitals_evened", "order_turned"]
    tried = regulars("import", str(file), "--source", "club", "--dry-run", "--json").json()
    assert "order_turned" not in {one["reason"] for one in tried["cleaned"]} and tried["cleaned"]
    regulars("source", "say", "club", "--leave-nothing")
    assert Source.objects.get(ref="club").leave == []
    with pytest.raises(BadInput, match="no_such_cleaning"):
        describe_source(Source.objects.get(ref="club").id, by=STEN, leave=["spaces"])


def test_what_a_stream_says_is_cleaned_kept_reported_and_left_likewise() -> None:
    source = ensure_source("shop", by=STEN, at=NOON)
    describe_source(source.id, by=STEN, leave=["capitals_evened"])
    secret = make_write_key(source.id, "site", by=STEN, at=NOON)[1]
    key = recognise(secret)
    assert key is not None
    said = {"name": "ARCHER, ann", "email": "Ann@Example.COM", "phone": "138 0013 8000"}
    member = {"type": "identify", "userId": "M-1", "traits": said}
    receive_events({"batch": [member]}, key=key, at=NOON, size=500, call="batch")
    tell_people(at=NOON)
    assert Customer.objects.get().name == "ann ARCHER"
    assert set(AsItCame.objects.values_list("field", flat=True)) == {"name", "email", "phone"}
    counted = ImportRun.objects.get(source_id=source.id).cleaned
    assert {one["reason"] for one in counted} >= {"order_turned", "domain_small_letters", "separators_removed"}
