"""The night shift is killed with a file in its hands: the next one takes it up, and nothing is lost or doubled."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from regulars.desks.night_shift import jobs
from regulars.desks.shared.sessions import SessionStore
from regulars.journeys.import_file import confirm, start, take_in
from regulars.journeys.look_at_file import keep_file
from regulars.journeys.prepare_house import prepare_house
from regulars.records.customers import marking
from regulars.records.customers.models import MarkingProgress, RecognitionMark
from regulars.records.intake.models import ImportRun
from regulars.records.staff.models import StaffSession
from tests.cast import STEN, ann, bob, cleo, wang_fang
from tests.desks.visitors import signed_in
from tests.journeys.order_files import (
    AT,
    activity_in_vault,
    activity_of_file,
    lines_in_vault,
    lines_of_file,
    open_shop,
    order_rows,
    vault_count,
    write_rows,
)
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")
WORKER = (
    "import django; django.setup()\n"
    "from regulars.connections.files import delimited\n"
    "from regulars.journeys import run_import\n"
    "delimited.BLOCK = 12_000; run_import.ROWS_PER_CHUNK = 100\n"
    "from regulars.desks.night_shift.jobs import run_worker\n"
    "run_worker()\n"
)


def waiting_file(path: Path) -> int:
    """A confirmed file that waits for the night shift."""
    run_id = take_in(keep_file(path), source_ref="till", by=STEN, at=AT)
    proposed = ImportRun.objects.get(id=run_id).settings["understanding"]["columns"]
    confirm(run_id, proposed, {}, by=STEN, at=AT)
    assert start(run_id)
    return run_id


def test_a_file_in_the_hands_of_a_killed_worker_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_shop()
    rows = order_rows(1_500)
    run_id = waiting_file(write_rows(tmp_path / "receipts.csv", rows))
    root = Path(__file__).parents[3]
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=dict(os.environ), cwd=root)
    patience = time.monotonic() + 90
    while not vault_count("order_line") and time.monotonic() < patience:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    assert ImportRun.objects.get(id=run_id).state == "running"
    monkeypatch.setattr(jobs, "STALLED_SECONDS", 0.0)  # the dead worker's last sign of life is old enough at once
    jobs.run_worker(until_empty=True, signals=False)
    assert ImportRun.objects.get(id=run_id).state == "finished"
    assert lines_in_vault() == lines_of_file(rows)
    assert activity_in_vault() == activity_of_file(rows)


def test_a_file_asked_for_twice_comes_once(tmp_path: Path) -> None:
    open_shop()
    run_id = waiting_file(write_rows(tmp_path / "receipts.csv", order_rows(20)))
    assert not start(run_id)
    jobs.run_worker(until_empty=True, signals=False)
    assert not start(run_id)
    jobs.run_worker(until_empty=True, signals=False)
    assert (vault_count("order_line"), ImportRun.objects.get(id=run_id).rows_read) == (60, 60)


def test_two_files_of_one_source_come_one_after_the_other(tmp_path: Path) -> None:
    open_shop()
    runs = [waiting_file(write_rows(tmp_path / f"{n}.csv", order_rows(20, seed=n))) for n in range(2)]
    jobs.run_worker(until_empty=True, signals=False, concurrency=2)
    assert {ImportRun.objects.get(id=run).state for run in runs} == {"finished"}


def test_sessions_that_have_run_out_are_swept_though_nobody_signs_in() -> None:
    shop()
    signed_in("emil"), signed_in("mia")
    _, alive = StaffSession.objects.order_by("id")
    visitor = SessionStore()
    visitor.create()
    Session.objects.exclude(session_key=alive.session_key).update(expire_date=timezone.now() - timedelta(minutes=1))
    jobs.sweep_sessions_every_hour(timestamp=0)
    assert [one.session_key for one in Session.objects.all()] == [alive.session_key]
    assert list(StaffSession.objects.values_list("id", flat=True)) == [alive.id]
    assert "sweep_sessions" in {task.task.name for task in app.periodic_registry.periodic_tasks.values()}


def test_a_large_house_opens_before_everybody_is_marked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [ann(), bob(), cleo(), wang_fang()]
    MarkingProgress.objects.all().delete()
    monkeypatch.setattr("regulars.journeys.prepare_house.MARKED_AT_START", 1)
    monkeypatch.setattr(marking, "BLOCK", 1)
    for _ in range(2):  # each start marks some, and asks for the rest once
        prepare_house()
    assert marked() == {one.id for one in people[:2]}
    assert not marking.are_marked()
    assert len(list(app.job_manager.list_jobs(task="mark_customers", status="todo"))) == 1
    jobs.run_worker(until_empty=True, signals=False)
    assert marked() == {one.id for one in people}
    assert marking.are_marked()


def marked() -> set[int]:
    return set(RecognitionMark.objects.values_list("customer_id", flat=True))
