"""Sources and the course of a file: looked at, waiting, running, finished; and who may see rows set aside."""

from threading import Thread
from typing import Any

import pyarrow as pa
import pytest
from django.db import connections

from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.records.intake import actions as intake
from regulars.records.intake.access import (
    how_many_before,
    lines_brought,
    run_of,
    runs,
    runs_under_way,
    source_by_ref,
    source_lines,
    sources,
)
from regulars.records.intake.actions import Counts, KeptFile, StoppedByHand
from regulars.records.intake.models import ImportRun
from regulars.records.set_aside.access import reasons_set_aside, rows_set_aside
from regulars.records.set_aside.actions import set_aside
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import DORA, EMIL, MIA, NOON, STEN

pytestmark = pytest.mark.usefixtures("house")
FILE = KeptFile("orders.csv", "files/1.csv", "d1")


@pytest.fixture
def till() -> int:
    return intake.ensure_source("till", by=STEN, at=NOON, name="Till receipts").id


def run(source: int, state: str = "looking", file: KeptFile = FILE, **settings: Any) -> int:
    """A file of that source, as far as the state says."""
    made = intake.open_run(source, "orders", file, settings, rows=10, by=STEN, at=NOON)
    if state != "looking":
        intake.let_wait(made)
    if state in ("running", "finished", "failed"):
        intake.begin(made, at=NOON)
    if state == "finished":
        intake.advance(made, Counts(read=10, new=8, refused=2), done_through=10, progress={})
        intake.finish(made, at=NOON, message={})
    if state == "failed":
        intake.fail(made, "disk_full", {})
    return made


def test_a_source_is_opened_once_by_whoever_brings_the_first_file(till: int) -> None:
    assert intake.ensure_source("till", by=EMIL, at=NOON).id == till
    [source] = sources(by=STEN)
    assert (source.ref, source.name, source.owner) == ("till", "Till receipts", "Sten")
    assert source_by_ref("nothing", by=STEN) is None
    assert ChangeEntry.objects.filter(subject="source", new="till").count() == 1


def test_what_is_said_of_a_source_is_kept_with_what_was_said_before(till: int) -> None:
    intake.describe_source(till, by=STEN, lawful_basis="consent", owner="Sten")
    assert ChangeEntry.objects.latest("id").new == "consent"
    assert ChangeEntry.objects.filter(field="owner").count() == 0
    for wrong in ({"ref": "x"}, {"lawful_basis": "curiosity"}):
        with pytest.raises(BadInput):
            intake.describe_source(till, by=STEN, **wrong)


def test_how_columns_were_understood_is_remembered_per_kind(till: int) -> None:
    intake.remember_columns(till, "orders", {"date": "order_date"})
    intake.remember_columns(till, "customers", {"name": "姓名"})
    found = source_by_ref("till", by=STEN)
    assert found is not None
    assert found.settings == {"orders": {"date": "order_date"}, "customers": {"name": "姓名"}}


def test_the_way_of_a_file(till: int) -> None:
    made = run(till)
    assert intake.begin(made, at=NOON) is False
    assert intake.let_wait(made) is True
    assert intake.let_wait(made) is False
    assert intake.begin(made, at=NOON) is True
    intake.advance(made, Counts(read=5, new=5), done_through=5, progress={"step": "writing"})
    intake.advance(made, Counts(read=5, new=3, refused=2), done_through=10, progress={})
    intake.finish(made, at=NOON, message={"said": "done"})
    facts = run_of(made, by=STEN)
    assert (facts.state, facts.rows_read, facts.rows_new, facts.rows_refused, facts.done_through) == (
        "finished", 10, 8, 2, 10,
    )  # fmt: skip
    assert (facts.started_at, facts.finished_at, facts.is_under_way) == (NOON, NOON, False)


def test_settings_are_settled_before_it_begins(till: int) -> None:
    made = run(till)
    intake.settle(made, {"zone": "UTC"})
    intake.let_wait(made)
    with pytest.raises(BadInput, match="import_has_begun"):
        intake.settle(made, {})
    with pytest.raises(BadInput, match="no_such_kind"):
        intake.open_run(till, "spells", FILE, {}, rows=0, by=STEN, at=NOON)


def test_stopped_by_hand_nothing_more_is_written(till: int) -> None:
    made = run(till, "running")
    assert intake.stop_run(made, by=DORA) is True
    assert intake.stop_run(made, by=DORA) is False
    with pytest.raises(StoppedByHand):
        intake.advance(made, Counts(read=1), done_through=1, progress={})
    assert run_of(made, by=STEN).message["values"] == {"who": "Dora"}
    assert intake.let_wait(made) is True


def test_what_was_only_looked_at_can_be_forgotten_and_what_began_cannot(till: int) -> None:
    assert intake.forget_run(run(till)) is True
    assert intake.forget_run(run(till, "failed")) is False
    assert ImportRun.objects.count() == 1


def test_the_same_file_understood_the_same_way_goes_on_where_it_was(till: int) -> None:
    failed = run(till, "failed", zone="UTC")
    assert intake.resumable_run(till, "orders", "d1", {"zone": "UTC"}) == failed
    assert intake.resumable_run(till, "orders", "d1", {"zone": "Asia/Shanghai"}) is None
    assert intake.resumable_run(till, "orders", "d2", {"zone": "UTC"}) is None
    intake.take_copy(failed, "files/2.csv")
    assert intake.file_is_needed("files/2.csv")
    assert not intake.file_is_needed("files/1.csv")


def test_a_file_that_is_in_already_is_known_again(till: int) -> None:
    done = run(till, "finished", zone="UTC")
    assert intake.finished_before(till, "orders", "d1", {"zone": "UTC"}) == done
    assert intake.finished_before(till, "orders", "d2", {"zone": "UTC"}) is None
    assert intake.finished_before(till, "orders", "d1", {}) is None
    assert not intake.file_is_needed(FILE.path)


def test_a_run_remembers_its_course(till: int) -> None:
    made = run(till, "running")
    intake.show_progress(made, {"share": 0.5})
    intake.note_progress(made, "warning", "slow disk")
    assert run_of(made, by=STEN).progress == {"share": 0.5, "warning": "slow disk"}
    intake.fail(made, "disk_full", {"free": 0})
    assert run_of(made, by=STEN).message == {"code": "disk_full", "values": {"free": 0}}


def test_what_each_source_brought(till: int) -> None:
    run(till, "finished"), run(till)
    later = run(till, "finished", KeptFile("more.csv", "", "d2"))
    other = intake.ensure_source("shop", by=STEN, at=NOON)
    lines = {line.source.ref: line for line in source_lines(by=STEN)}
    assert (lines["till"].files, lines["till"].rows_new, lines["till"].last_run_id) == (2, 16, later)
    assert lines["till"].completeness == 0.8
    assert (lines["shop"].files, lines["shop"].completeness) == (0, None)
    assert (lines_brought(till, by=STEN), lines_brought(other.id, by=STEN)) == (16, 0)
    assert how_many_before(run_of(later, by=STEN), by=STEN) == 1


def test_the_newest_files_come_first(till: int) -> None:
    first, second = run(till), run(till, "waiting")
    assert [one.id for one in runs(by=STEN)] == [second, first]
    assert [one.id for one in runs(by=STEN, source_id=till, limit=1)] == [second]
    assert runs(by=STEN, source_id=0) == []
    assert runs_under_way(by=STEN) == 1
    with pytest.raises(NotThere, match="no_such_import"):
        run_of(0, by=STEN)


def refused(made: int) -> None:
    rows = [(2, "no_date", "date", "32.13.", "", "a,32.13."), (3, "no_date", "date", "", "", "b,"),
            (4, "no_amount", "amount", "=1+1", "", 'c,"=1+1"')]  # fmt: skip
    names = ("row_number", "reason", "column", "value", "example", "raw")
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
    wide = table.append_column("ordinal", pa.nulls(3, pa.int32())).append_column("row_taken", pa.array([False] * 3))
    with connections["default"].cursor():
        set_aside(made, wide.set_column(0, "row_number", table["row_number"].cast(column_type("row_number"))))


def column_type(name: str) -> pa.DataType:
    kind = RefusedRow._meta.get_field(name).get_internal_type()
    return pa.int64() if kind == "BigIntegerField" else pa.int32()


def test_rows_set_aside_are_counted_by_reason_for_anybody_and_read_by_menders(till: int) -> None:
    made = run(till, "running")
    refused(made)
    assert [(line.reason, line.rows, line.row_number) for line in reasons_set_aside(made, by=DORA)] == [
        ("no_date", 2, 2), ("no_amount", 1, 4),
    ]  # fmt: skip
    assert [row.raw for row in rows_set_aside(made, by=STEN, because="mend")] == ["a,32.13.", "b,", 'c,"=1+1"']
    assert [row.row_number for row in rows_set_aside(made, by=EMIL, because="mend", reason="no_date", after=2)] == [3]
    assert [row.row_number for row in rows_set_aside(made, by=STEN, because="mend", limit=1)] == [2]
    lines = AccessEntry.objects.filter(door="intake.rows_set_aside").order_by("id")
    assert [(line.view, line.rows) for line in lines] == [("repair", 3), ("repair", 1), ("repair", 1)]


@pytest.mark.parametrize("by", [DORA, MIA], ids=lambda by: by.role)
def test_who_does_not_mend_does_not_read_them(till: int, by: Asker) -> None:
    made = run(till, "running")
    refused(made)
    with pytest.raises(Denied, match="rows_set_aside_are_for_stewards"):
        rows_set_aside(made, by=by, because="curious")
    assert AccessEntry.objects.latest("id").allowed is False


def test_two_files_of_one_source_wait_for_each_other(till: int) -> None:
    told: list[str] = []

    def comes_too() -> None:
        try:
            with intake.alone_with(till):
                told.append("came in")
        except BadInput as error:
            told.append(error.code)
        finally:
            connections.close_all()

    with intake.alone_with(till):
        in_another_thread(comes_too)
    in_another_thread(comes_too)
    with intake.alone_with(till, wait=True):
        told.append("waited for nobody")
    assert told == ["import_under_way", "came in", "waited for nobody"]


def in_another_thread(work: Any) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join()
