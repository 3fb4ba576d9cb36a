"""A source changes its columns: it is told before anything is read, and what is gone is not guessed anew."""

from pathlib import Path

import pytest
from django.conf import settings

from regulars.journeys.import_file import (
    ImportReport,
    confirm,
    import_now,
    leave_as_it_is,
    start,
    take_in,
    understand,
)
from regulars.journeys.look_at_file import FOLDER, keep_file
from regulars.records.customers.models import Customer
from regulars.records.intake.access import run_of
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.models import ImportRun, SourceTask
from regulars.records.intake.source_tasks import source_tasks
from regulars.records.staff.actions import hire
from regulars.rules.intake.changed_columns import ChangedColumns
from regulars.rules.intake.import_settings import ImportSettings
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import MIA, NOON, STEN
from tests.desks.api.programs import program
from tests.desks.cli.terminal import regulars
from tests.desks.visitors import signed_in
from tests.story import PASSWORD

pytestmark = pytest.mark.usefixtures("house")
BEFORE = "member_no,name,Town,remark\na,Ann Archer,Lyon,x\n"
RENAMED = "member_no,name,town_name,segment\na,Ann Archer,Paris,gold\nb,Bob Baker,Nice,silver\n"


def file(folder: Path, text: str) -> Path:
    path = folder / f"people {len(list(folder.iterdir()))}.csv"
    path.write_text(text)
    return path


def bring(folder: Path, text: str, **more: object) -> ImportReport:
    return import_now(file(folder, text), source_ref="crm", kind="customers", by=STEN, at=NOON, **more)  # type: ignore[arg-type]


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """The source's first file, in which Town is the city, and who answers for the source."""
    told = {"customer_ref": "member_no", "name": "name", "city": "Town"}
    assert bring(tmp_path, BEFORE, mapping=told).state == "finished"
    describe_source(ensure_source("crm", by=STEN, at=NOON).id, by=STEN, owner="Petra")
    return tmp_path


def file_names() -> set[str]:
    return {one.name for one in (settings.HOME.files / FOLDER).iterdir()}


def cities() -> list[str]:
    return list(Customer.objects.order_by("id").values_list("city", flat=True))


def test_a_column_that_is_gone_is_asked_for_and_the_others_mean_what_they_meant(known: Path) -> None:
    heard: list[ChangedColumns] = []
    with pytest.raises(BadInput, match="columns_changed") as told:
        bring(known, RENAMED, changes=heard.append)
    assert (told.value.values["lost"], told.value.values["alike"]) == ("Town", "Town → town_name")
    assert told.value.values["say"] == '--column city="town_name"'
    assert (heard[0].new, heard[0].gone) == (("town_name", "segment"), ("Town", "remark"))
    assert cities() == ["Lyon"] and ImportRun.objects.count() == 1
    [task] = source_tasks(by=STEN)
    assert (task.source_ref, task.kind, task.owner) == ("crm", "columns_changed", "Petra")
    assert task.told["new"] == "town_name, segment"
    with pytest.raises(BadInput, match="columns_changed"):
        bring(known, RENAMED, dry_run=True)
    assert SourceTask.objects.count() == 1
    report = bring(known, RENAMED, mapping={"city": "town_name"})
    assert (report.state, report.columns["name"], report.columns["city"]) == ("finished", "name", "town_name")
    assert cities() == ["Paris", "Nice"] and source_tasks(by=STEN) == []
    assert bring(known, RENAMED + "c,Cleo,Graz,gold\n").state == "finished"


def test_a_dry_run_tells_it_and_gives_nobody_a_task(known: Path) -> None:
    kept = file_names()
    with pytest.raises(BadInput, match="columns_changed"):
        bring(known, RENAMED, dry_run=True)
    assert not SourceTask.objects.exists() and file_names() == kept


def test_who_says_that_nothing_stands_for_it_is_believed(known: Path) -> None:
    report = bring(known, RENAMED, mapping={"city": ""})
    assert report.state == "finished" and "city" not in report.columns
    assert cities() == ["Lyon", ""]


def test_a_new_column_is_told_and_not_read(known: Path) -> None:
    heard: list[ChangedColumns] = []
    more = "member_no,name,Town,remark,sex\nb,Bob Baker,Nice,x,male\n"
    assert bring(known, more, changes=heard.append).state == "finished"
    assert (heard[0].new, heard[0].gone, heard[0].lost) == (("sex",), (), {})
    assert Customer.objects.get(name="Bob Baker").sex == "" and source_tasks(by=STEN) == []


def test_the_order_of_columns_is_no_change_and_another_kind_of_file_neither(known: Path) -> None:
    heard: list[ChangedColumns] = []
    assert bring(known, "Town,remark,name,member_no\nNice,x,Bob Baker,b\n", changes=heard.append).state == "finished"
    orders = "order_no,member_no,date,amount\nR-1,a,2026-03-01,9.50\n"
    path = file(known, orders)
    assert import_now(path, source_ref="crm", kind="orders", by=STEN, at=NOON, changes=heard.append).state == "finished"
    assert heard == []


def test_on_the_page_what_is_alike_is_offered_and_nothing_starts_unconfirmed(known: Path) -> None:
    run = take_in(keep_file(file(known, RENAMED)), source_ref="crm", kind="customers", by=STEN, at=NOON)
    looked = understand(run, by=STEN)[1]
    assert looked.proposal.settings.columns == {"customer_ref": "member_no", "name": "name", "city": "town_name"}
    with pytest.raises(BadInput, match="columns_changed"):
        start(run)
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    page = signed_in("sten").get(f"/data/imports/{run}/columns/").content.decode()
    assert "This source has changed its columns." in page and "Town → town_name" in page
    chinese = signed_in("sten", "zh-hans").get(f"/data/imports/{run}/columns/").content.decode()
    assert "缺少：Town、remark。新增：town_name、segment。" in chinese
    ask = program("steward")
    look = ask.get(f"/imports/{run}/look").told
    assert look["changed"] == {
        "new": ["town_name", "segment"], "gone": ["Town", "remark"], "lost": {"city": "Town"},
        "alike": {"Town": "town_name"},
    }  # fmt: skip
    assert ask.post(f"/imports/{run}/start", {}).code() == "columns_changed"
    confirm(run, looked.proposal.settings.columns, {}, by=STEN, at=NOON)
    assert start(run)


def test_what_cleaning_leaves_is_said_without_confirming_the_columns(known: Path) -> None:
    run = take_in(keep_file(file(known, RENAMED)), source_ref="crm", kind="customers", by=STEN, at=NOON)
    leave_as_it_is(run, "order_turned", by=STEN)
    assert ImportSettings.from_json(ImportRun.objects.get(id=run).settings["understanding"]).leave == {"order_turned"}
    with pytest.raises(BadInput, match="columns_changed"):
        bring(known, RENAMED)
    same = take_in(
        keep_file(file(known, BEFORE + "c,Cleo,Graz,x\n")), source_ref="crm", kind="customers", by=STEN, at=NOON
    )
    assert run_of(same, by=STEN).progress["as_before"]


def test_the_terminal_tells_it_and_the_tasks_stand_on_every_side(known: Path) -> None:
    path = file(known, RENAMED)
    said = regulars("import", str(path), "--source", "crm", "--kind", "customers")
    assert said.status == 1
    for words in ("This source has changed its columns.", "Town → town_name", '--column city="town_name"'):
        assert words in said.out + said.err, words
    assert "crm" in regulars("source", "tasks").out
    [told] = program("steward").get("/source-tasks").told
    assert (told["source"], told["kind"], told["owner"]) == ("crm", "columns_changed", "Petra")
    assert "town_name" in told["sentence"]
    hire("sten", "Sten", roles=["steward"], password=PASSWORD)
    assert "Waits for whoever answers for it" in signed_in("sten").get("/data/").content.decode()
    with pytest.raises(Denied):
        source_tasks(by=MIA)
