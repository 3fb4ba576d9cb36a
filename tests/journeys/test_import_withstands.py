"""What people and machines do to an import: odd files, full disks, a database that goes away, kills at any moment."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from psycopg.errors import DiskFull

from regulars.connections.files import delimited
from regulars.connections.postgres.launcher import Server
from regulars.desks.shared.mistakes import sentence_for
from regulars.journeys import run_import as running
from regulars.journeys.import_file import import_now, stop
from regulars.records.intake.models import ImportRun
from regulars.records.orders import actions as orders
from regulars.rules.permission.errors import BadInput
from tests.cast import STEN
from tests.journeys.order_files import (
    AT,
    HEADINGS,
    activity_in_vault,
    activity_of_file,
    bring,
    in_a_process_of_its_own,
    lines_in_vault,
    lines_of_file,
    open_shop,
    order_rows,
    reasons,
    vault_count,
    write_rows,
)

pytestmark = pytest.mark.usefixtures("house")
SMALL_CHUNKS = 200  # rows, and the bytes they take
SMALL_BLOCK = 12_000


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many transactions for few rows."""
    monkeypatch.setattr(running, "ROWS_PER_CHUNK", SMALL_CHUNKS)
    monkeypatch.setattr(delimited, "BLOCK", SMALL_BLOCK)


def all_there(rows: list[list[object]]) -> None:
    """Every row once, and the totals of the customers right."""
    assert lines_in_vault() == lines_of_file(rows)
    assert activity_in_vault() == activity_of_file(rows)


# odd files


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"order_no,customer_no,order_date,amount\r\n", "only_header")]
)
def test_a_file_without_rows_is_said_and_leaves_nothing(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "nothing.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as said:
        bring(path)
    assert said.value.code == code
    assert vault_count("import_run") == 0
    assert not list((settings.HOME.files / "imports").glob("*"))


def test_one_column_is_not_enough_and_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as said:
        bring(write_rows(tmp_path / "one.csv", [["R1"], ["R2"]], ["order_no"]), kind="orders")
    assert said.value.code == "meaning_missing"
    assert "customer_ref" in str(said.value.values["meanings"])


def test_a_column_of_formulas_is_named_with_what_it_holds(tmp_path: Path) -> None:
    rows = [[f"R{n}", "M1", "2025-03-01", f"=SUM(A{n}:B{n})"] for n in range(20)]
    with pytest.raises(BadInput) as said:
        bring(write_rows(tmp_path / "sums.csv", rows, ["订单号", "会员号", "下单时间", "实付"]), kind="orders")
    assert said.value.code == "column_holds_something_else"
    with translation.override("zh-hans"):
        assert "“实付”这一列应是这一行的金额（amount），现在写的是“=SUM(A0:B0)”" in sentence_for(said.value)
    assert vault_count("import_run") == 0


@pytest.mark.parametrize("rest", [b"9" * 3_000_000, b"\0" * 3_000_000])
def test_lines_that_do_not_end_are_not_taken_for_an_empty_table(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "endless.csv"
    path.write_bytes(b"order_no,customer_no,order_date,amount\r\nR1,M1,2025-03-01," + rest)
    with pytest.raises(BadInput) as said:
        bring(path)
    assert said.value.code == "line_too_long"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    rows = [
        ["R1", "M1", "2025-03-01", "毛衣", "199.00", "湖滨店"],
        ["R2", "M2", "2025-03-02", "围巾", "99.00", "湖滨店"],
    ]
    headings = ("订单号", "会员号", "下单时间", "商品名称", "实付", "门店")
    report = bring(write_rows(tmp_path / "receipts.csv", rows, headings, encoding=encoding))
    assert (report.state, report.rows_new) == ("finished", 2)
    assert {line[6] for line in lines_in_vault()} == {"湖滨店"}


def test_receipts_of_a_shop_in_hong_kong_come_in_as_they_were_written_and_it_is_said_what_they_were_taken_for(
    tmp_path: Path,
) -> None:
    rows = [
        ["R1", "M1", "2025-03-01", "毛衣", "199.00", "旺角店"],
        ["R2", "M2", "2025-03-02", "圍巾", "99.00", "旺角店"],
    ]
    headings = ("訂單號", "會員號", "下單時間", "商品名稱", "實付", "門店")
    report = bring(write_rows(tmp_path / "receipts.csv", rows, headings, encoding="big5"))
    assert (report.state, report.rows_new, report.encoding_guessed) == ("finished", 2, "big5")
    assert {line[6] for line in lines_in_vault()} == {"旺角店"}


def test_dates_in_five_formats_in_one_column(tmp_path: Path) -> None:
    dates = ["2025-03-09", "2025/3/9", "20250309", "2025年3月9日", "9 Mar 2025", "2025-03-09T00:00:00+08:00"]
    rows = [[f"R{n}", 1, "M1", day, "P1", "Wool", 1, "1.00", "S1"] for n, day in enumerate(dates)]
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    assert report.rows_new == len(dates), report.reasons
    assert {line[3] for line in lines_in_vault()} == {"2025-03-09 00:00"}


def test_decimal_commas_and_semicolons(tmp_path: Path) -> None:
    headings = ("Bestellnummer", "Kundennummer", "Bestelldatum", "Betrag")
    rows = [["R1", "K1", "09.03.2025", "1.234,50"], ["R2", "K1", "10.03.2025", "-12,00"]]
    report = bring(write_rows(tmp_path / "umsatz.csv", rows, headings, delimiter=";"))
    assert report.rows_new == 2, report.reasons
    assert [line[5] for line in lines_in_vault()] == [123450, -1200]


def test_parquet_comes_in_like_csv(tmp_path: Path) -> None:
    table = pa.table({
        "order_no": ["R1", "R2"], "customer_no": ["M1", "M2"], "amount": [12.5, -3.0],
        "order_date": pa.array([datetime(2025, 3, 9, 10, tzinfo=UTC)] * 2),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "orders.parquet")
    report = bring(tmp_path / "orders.parquet")
    assert (report.rows_new, [line[5] for line in lines_in_vault()]) == (2, [1250, -300])


def test_a_column_of_formulas_is_set_aside_cell_by_cell(tmp_path: Path) -> None:
    rows = order_rows(3)
    for row in rows[:4]:
        row[7] = "=A1*B1"
    report = bring(write_rows(tmp_path / "receipts.csv", rows))
    assert (report.rows_new, reasons(report)) == (5, {"not_a_number": 4})


def test_a_file_of_only_bad_rows_is_finished_with_all_of_them_aside(tmp_path: Path, small_chunks: None) -> None:
    rows = order_rows(700)
    for row in rows:
        row[7] = "?"
    report = bring(write_rows(tmp_path / "bad.csv", rows), mapping={"amount": "amount"})
    assert (report.state, report.rows_new, report.rows_refused) == ("finished", 0, 2100)
    assert vault_count("refused_row") == 2100
    assert vault_count("customer") == 0


@pytest.mark.engine
def test_a_million_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    with path.open("w") as file:
        file.write(",".join(HEADINGS) + "\n")
        file.writelines(f"R{n},1,M1,2025-03-01,P1,Wool,1,?,S1\n" for n in range(1_000_000))
    report = bring(path, mapping={"amount": "amount"})
    assert (report.state, report.rows_refused, vault_count("refused_row")) == ("finished", 1_000_000, 1_000_000)


def test_zero_bytes_lone_quotes_and_uneven_rows_lose_no_row(tmp_path: Path) -> None:
    lines = [
        ",".join(HEADINGS),
        "R1,1,M1,2025-03-01,P1,Wool,1,1.00,S1",
        "R2,1,M1,2025-03-01,P1,Wool",
        "R3,1,M1,2025-03-01,P1,Wool,1,1.00,S1,extra",
        'R4,1,M1,2025-03-01,P1,"Wo"ol,1,1.00,S1',
        "R5,1,M\x001,2025-03-01,P1,Wool,1,1.00,S1",
        "R6,1,M1,2025-03-01,P1,Wool,1,1.00,S1",
    ]
    path = tmp_path / "odd.csv"
    path.write_text("\n".join(lines))
    report = bring(path)
    assert report.rows_new + report.rows_refused == report.rows_read == 6
    assert {line[0] for line in lines_in_vault()} >= {"R1", "R6"}


def test_names_that_are_sql_html_or_formulas_are_only_texts(tmp_path: Path) -> None:
    nasty = "R1'; DROP TABLE order_line; --"
    rows = [
        [nasty, 1, "=HYPERLINK(0)", "2025-03-01", "<b>P</b>", "\\N", 1, "1.00", "\\."],
        ["R2", 1, "M2", "2025-03-01", "P", "x", 1, "1.00", "S"],
    ]
    report = bring(write_rows(tmp_path / "nasty.csv", rows))
    assert report.rows_new + report.rows_refused == 2
    assert nasty in {line[0] for line in lines_in_vault()}


# full disk, stopped database, by hand


def test_a_full_disk_is_said_and_after_making_room_it_goes_on(
    tmp_path: Path, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = order_rows(500)
    path = write_rows(tmp_path / "receipts.csv", rows)
    with monkeypatch.context() as patched:
        patched.setattr(orders, "copy_in", _full_after(3, orders.copy_in))
        report = bring(path)
    assert (report.state, report.code) == ("failed", "disk_full")
    assert 0 < vault_count("order_line") == report.rows_read < len(rows)
    again = bring(path)
    assert (again.state, again.run_id, again.rows_new) == ("finished", report.run_id, 1500)
    all_there(rows)


def _full_after(times: int, copy_in: Any) -> Any:
    """PostgreSQL's own error for a full disk, the next time order lines are copied."""
    calls = iter(range(times))

    def copy(cursor: Any, table: str, table_rows: pa.Table) -> int:
        if table == "order_line" and table_rows.num_rows and next(calls, None) is None:
            raise DiskFull("could not extend file")
        return int(copy_in(cursor, table, table_rows))

    return copy


def test_the_code_of_a_full_disk_is_postgresqls() -> None:
    assert DiskFull.sqlstate == "53100"


@pytest.mark.engine
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """The whole house on a disk of 260 MB: it fails with a sentence, and nothing of the failed chunk is there."""
    place = Path("/mnt") / f"regulars-{os.getpid()}"
    with _small_disk(place, 260):
        told = _import_on(place, write_rows(tmp_path / "receipts.csv", order_rows(300_000, customers=5_000)))
    state, code = told.split()
    assert state in {"failed", "interrupted"}  # the latter when PostgreSQL could not write its log and went down
    assert code == "disk_full"


def test_the_database_stops_in_mid_import_and_nothing_is_lost(tmp_path: Path, small_chunks: None) -> None:
    rows = order_rows(800)
    path = write_rows(tmp_path / "receipts.csv", rows)
    seen = threading.Event()
    killer = threading.Thread(target=_kill_server_when, args=(seen,))
    killer.start()
    report = bring(path, progress=lambda now: seen.set() if now.rows_read >= 2 * SMALL_CHUNKS else None)
    killer.join()
    assert (report.state, report.code) == ("interrupted", "database_gone")
    _start_server()
    again = bring(path)
    assert (again.state, again.run_id) == ("finished", report.run_id)
    assert (again.rows_read, again.rows_new, again.rows_same) == (2400, 2400, 0)
    all_there(rows)


def _kill_server_when(seen: threading.Event) -> None:
    assert seen.wait(60)
    pid = Server(settings.HOME).status().pid
    assert pid
    os.kill(pid, signal.SIGKILL)


def _start_server() -> None:
    connections.close_all()
    Server(settings.HOME).start()


def test_stopped_by_hand_it_keeps_what_is_written_and_goes_on_from_there(tmp_path: Path, small_chunks: None) -> None:
    rows = order_rows(500)
    path = write_rows(tmp_path / "receipts.csv", rows)
    report = bring(path, progress=_stopping_at(2 * SMALL_CHUNKS))
    assert (report.state, report.code, report.values["who"]) == ("stopped", "stopped", "Sten")
    assert 0 < vault_count("order_line") == report.rows_new < len(rows)
    again = bring(path)
    assert (again.state, again.run_id, again.rows_new) == ("finished", report.run_id, 1500)
    all_there(rows)


def _stopping_at(rows: int) -> Any:
    def watch(progress: running.Progress) -> None:
        if progress.rows_read >= rows and progress.step == "writing":
            stop(ImportRun.objects.latest("id").id, by=STEN)

    return watch


def test_two_at_once_the_second_is_told_or_waits(tmp_path: Path, small_chunks: None) -> None:
    rows = order_rows(500)
    path = write_rows(tmp_path / "receipts.csv", rows)
    told: list[str] = []
    report = bring(
        path, progress=lambda now: told.append(_from_another_thread(path)) if 0 < now.rows_read < 600 else None
    )
    assert told[:1] == ["import_under_way"]
    assert (report.state, vault_count("order_line")) == ("finished", 1500)
    all_there(rows)


def _from_another_thread(path: Path, *, wait: bool = False) -> str:
    said: list[str] = []

    def run() -> None:
        try:
            said.append(import_now(path, source_ref="till", by=STEN, at=AT, wait=wait).state)
        except BadInput as error:
            said.append(error.code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return said[0]


def test_two_processes_with_the_same_file_bring_it_once(tmp_path: Path) -> None:
    rows = order_rows(300)
    path = write_rows(tmp_path / "receipts.csv", rows)
    both = [in_a_process_of_its_own(path) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].split()[0] for process in both]
    assert said == ["finished", "finished"]
    all_there(rows)
    assert vault_count("import_run", "state = 'finished'") == vault_count("import_run")


# killed


def test_killed_at_a_random_moment_and_run_again_exactly_the_right_rows(tmp_path: Path) -> None:
    _killed_until_done(tmp_path, kills=2, seed=random.randrange(10**6), orders_in_file=1_500)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.engine) for seed in range(2, 6))])
def test_killed_again_and_again(tmp_path: Path, seed: int) -> None:
    _killed_until_done(tmp_path, kills=6, seed=seed, orders_in_file=20_000)


def _killed_until_done(tmp_path: Path, *, kills: int, seed: int, orders_in_file: int) -> None:
    """The same import in processes that are killed with -9, each after a time drawn by the seed; then once in peace."""
    rows = order_rows(orders_in_file, seed=seed)
    path = write_rows(tmp_path / "receipts.csv", rows)
    draw = random.Random(seed)
    for _ in range(kills):
        process = in_a_process_of_its_own(path, SMALL_BLOCK)
        _wait_until_running(process)
        time.sleep(draw.uniform(0.0, 1.5))
        process.kill()
        process.communicate()
    report = bring(path, wait=True)
    assert report.state == "finished", (seed, report)
    all_there(rows)
    run = ImportRun.objects.get()
    assert (run.rows_read, run.rows_new, run.rows_changed, run.rows_same) == (len(rows), len(rows), 0, 0), seed
    assert run.customers_new == vault_count("customer"), seed


def _wait_until_running(process: Any) -> None:
    """Kills before the import has begun would prove nothing."""
    patience = datetime.now(UTC) + timedelta(seconds=60)
    while datetime.now(UTC) < patience and process.poll() is None:
        if ImportRun.objects.filter(state="running").exists():
            return
        time.sleep(0.02)


@contextmanager
def _small_disk(place: Path, megabytes: int) -> Iterator[None]:
    import subprocess

    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "tmpfs", place], check=False
    )
    if mounted.returncode:
        place.rmdir()
        pytest.skip("no right to mount a small disk here")
    try:
        yield
    finally:
        from regulars.connections.home import Home

        Server(Home(place / "house")).discard()
        subprocess.run(["umount", place], check=True)
        place.rmdir()


def _import_on(place: Path, path: Path) -> str:
    """State and code of an import in a house of its own on that disk."""
    import subprocess
    import sys

    script = (
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from regulars.journeys.prepare_house import prepare_house\n"
        "prepare_house()\n"
        "from tests.journeys.order_files import bring\n"
        f"report = bring(Path({str(path)!r}))\n"
        "print(report.state, report.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "REGULARS_HOME": str(place / "house")}, capture_output=True,
        text=True, check=False, cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    return done.stdout or done.stderr[-500:]
