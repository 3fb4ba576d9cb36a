"""The warehouse: typed when empty, whole or not at all, by month, private, and blind to the world outside."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.connections.warehouse import Warehouse, WarehouseError, WrongColumns
from regulars.rules.tables import STORED, layout

ANN, BOB = 1, 2


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse(tmp_path / "warehouse", layout()) as opened:
        yield opened


def lines(*days: str, customer: int = ANN) -> pa.Table:
    """One line of ¥1 on each of the days."""
    many = len(days)
    return pa.table(
        {
            "customer_id": [customer] * many,
            "order_key": list(range(many)),
            "product_id": pa.nulls(many, pa.int64()),
            "branch_id": pa.nulls(many, pa.int64()),
            "ordered_on": pa.array([date.fromisoformat(day) for day in days], pa.date32()),
            "quantity_milli": [1000] * many,
            "amount_minor": [100] * many,
        }
    )


def days(relation: duckdb.DuckDBPyRelation) -> list[str]:
    return sorted(str(day) for (day,) in relation.project("ordered_on").fetchall())


def test_an_empty_warehouse_has_every_table_with_its_columns_and_types(warehouse: Warehouse) -> None:
    for table in STORED:
        relation = warehouse.order_lines() if table.name == "order_lines" else warehouse.table(table.name)
        assert (relation.columns, relation.fetchall()) == (table.names(), [])
    types = dict(zip(warehouse.customers().columns, map(str, warehouse.customers().types), strict=True))
    assert (types["customer_id"], types["first_seen_on"], types["city"]) == ("BIGINT", "DATE", "VARCHAR")
    assert (warehouse.months(), warehouse.manifest(), warehouse.mark("customers")) == ([], {}, None)


def test_what_is_written_is_read_table_by_table(warehouse: Warehouse) -> None:
    written = warehouse.write_table("branches", pa.table({"name": ["Nanzhi", "湖滨"], "branch_id": [1, 2]}), mark="v1")
    assert (written, warehouse.branches().order("branch_id").fetchall()) == (2, [(1, "Nanzhi"), (2, "湖滨")])
    assert warehouse.mark("branches") == "v1"


def test_months_come_as_tables_readers_and_batches(warehouse: Warehouse) -> None:
    table = lines("2024-01-31", "2024-01-01")
    for source in (table, table.to_reader(), table.to_batches(max_chunksize=1)):
        assert warehouse.write_month("2024-01", source) == 2
        assert days(warehouse.order_lines()) == ["2024-01-01", "2024-01-31"]


def test_only_files_of_the_asked_months_are_opened(warehouse: Warehouse) -> None:
    for month in ("2023-12", "2024-01", "2024-02"):
        warehouse.write_month(month, lines(f"{month}-01", f"{month}-15"))
    (warehouse.folder / "order_lines" / "month=2023-12" / "lines.parquet").write_bytes(b"broken")
    assert days(warehouse.order_lines(since=date(2024, 1, 2), until=date(2024, 2, 1))) == ["2024-01-15", "2024-02-01"]
    assert days(warehouse.order_lines(since=date(2024, 2, 15))) == ["2024-02-15"]
    assert days(warehouse.order_lines(since=date(2024, 3, 1))) == []


def test_only_months_that_changed_are_stale(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"), mark="run 1")
    warehouse.write_month("2024-02", lines("2024-02-01"), mark="run 1")
    truth = {"2024-02": "run 2", "2024-03": "run 2"}
    assert warehouse.stale_months({"2024-01": "run 1", **truth}) == ["2024-02", "2024-03"]
    assert warehouse.stale_months(truth) == ["2024-01", "2024-02", "2024-03"]
    warehouse.drop_month("2024-01")
    assert warehouse.stale_months({"2024-02": "run 1"}) == []
    warehouse.drop_month("2024-01")


def test_an_emptied_month_stays_known(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"))
    assert warehouse.write_month("2024-01", lines(), mark="empty") == 0
    assert (warehouse.manifest(), warehouse.order_lines().fetchall()) == ({"2024-01": "empty"}, [])


def test_rows_that_do_not_fit_change_nothing(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"), mark="good")
    with pytest.raises(WrongColumns, match="amount_minor"):
        warehouse.write_month("2024-01", lines("2024-01-01").drop_columns(["amount_minor"]))
    half = lines("2024-01-01")
    with pytest.raises(WrongColumns):
        warehouse.write_month("2024-01", half.set_column(6, "amount_minor", pa.array([0.5])))
    for wrong in ("2024-02-01", "2023-12-31"):
        with pytest.raises(WarehouseError, match="not all of 2024-01"):
            warehouse.write_month("2024-01", lines("2024-01-02", wrong))
    assert (warehouse.manifest(), days(warehouse.order_lines())) == ({"2024-01": "good"}, ["2024-01-01"])
    assert not list(warehouse.folder.rglob(".part-*"))


def test_a_source_that_breaks_half_way_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"), mark="good")

    def breaking() -> Iterator[pa.RecordBatch]:
        yield from lines("2024-01-02").to_batches()
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        warehouse.write_month("2024-01", breaking(), mark="bad")
    assert (warehouse.manifest(), days(warehouse.order_lines())) == ({"2024-01": "good"}, ["2024-01-01"])


@pytest.mark.parametrize("month", ["2024-13", "2024-1", "../2024-01", "2024-01/x", ""])
def test_what_is_no_month_reaches_no_file(warehouse: Warehouse, month: str) -> None:
    with pytest.raises(WarehouseError, match="not a month"):
        warehouse.write_month(month, lines())


@pytest.mark.parametrize("name", ["../secrets", "order_lines", "nothing", "Kept"])
def test_unknown_tables_and_odd_names_reach_no_file(warehouse: Warehouse, name: str) -> None:
    with pytest.raises(WarehouseError):
        warehouse.write_table(name, pa.table({"x": [1]}))
    with pytest.raises(WarehouseError):
        warehouse.kept(name)


def test_answers_are_kept_across_openings_and_held_until_closing(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01", "2024-01-02"))
    answer = warehouse.order_lines().aggregate("customer_id, count(*) AS n", "customer_id")
    assert warehouse.hold(answer).fetchall() == [(ANN, 2)]
    assert warehouse.keep("sizes", answer, mark="of O'Neil").fetchall() == [(ANN, 2)]
    with Warehouse(warehouse.folder, layout()) as again:
        assert (again.kept("sizes").fetchall(), again.kept_mark("sizes")) == ([(ANN, 2)], "of O'Neil")
    held = warehouse.hold(answer)
    warehouse.write_month("2024-01", lines())
    assert held.fetchall() == [(ANN, 2)]


def test_answers_kept_long_ago_are_forgotten(warehouse: Warehouse) -> None:
    warehouse.keep("old", warehouse.connection.sql("SELECT 1 AS x"))
    warehouse.keep("new", warehouse.connection.sql("SELECT 2 AS x"))
    os.utime(warehouse.folder / "kept" / "old.parquet", (0, 0))
    assert warehouse.forget_kept(timedelta(days=3)) == 1
    assert (warehouse.kept_mark("old"), warehouse.kept("new").fetchall()) == (None, [(2,)])


def test_thrown_away_it_reads_as_never_filled(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"))
    warehouse.write_table("branches", pa.table({"branch_id": [1], "name": ["a"]}))
    warehouse.keep("answer", warehouse.order_lines())
    warehouse.throw_away()
    assert (warehouse.months(), warehouse.order_lines().fetchall(), warehouse.branches().fetchall()) == ([], [], [])
    assert warehouse.kept_mark("answer") is None


def test_nobody_else_may_look_into_the_folder(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"))
    warehouse.keep("answer", warehouse.order_lines())
    for place in (warehouse.folder, *warehouse.folder.rglob("*")):
        assert place.stat().st_mode & 0o077 == 0, place
    (tmp_path / "open").mkdir(mode=0o755)
    with Warehouse(tmp_path / "open", layout()) as opened:
        assert opened.folder.stat().st_mode & 0o777 == 0o700


def test_an_open_folder_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(WarehouseError, match="somebody else"):
        Warehouse(tmp_path, layout())
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_folder_with_a_quote_in_its_name_works(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "O'Neil's", layout()) as opened:
        opened.write_month("2024-01", lines("2024-01-01"))
        assert opened.keep("answer", opened.order_lines()).aggregate("count(*)").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "reach",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
        "COPY (SELECT 1) TO '/tmp/regulars-leak.csv'",
        "ATTACH '/tmp/regulars-leak.db'",
        "INSTALL httpfs",
        "LOAD postgres",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
def test_its_queries_reach_nothing_outside_the_folder(warehouse: Warehouse, reach: str) -> None:
    with pytest.raises(duckdb.Error):
        warehouse.connection.execute(reach).fetchall()


def test_memory_and_threads_are_limited(tmp_path: Path) -> None:
    with Warehouse(tmp_path, layout(), memory="300MB", threads=1) as opened:
        settings = opened.connection.sql(
            "SELECT current_setting('threads'), current_setting('memory_limit')"
        ).fetchall()
    assert settings == [(1, "286.1 MiB")]


WRITER = """
import sys, pyarrow as pa
from datetime import date, timedelta
from pathlib import Path
from regulars.connections.warehouse import Warehouse
from regulars.rules.tables import layout
from tests.connections.warehouse.test_warehouse import lines
with Warehouse(Path(sys.argv[1]), layout()) as warehouse:
    print("open", flush=True)
    for turn in range(10_000):
        warehouse.write_month("2024-01", lines(*["2024-01-01"] * 5_000, customer=turn), mark=str(turn))
"""


@pytest.mark.parametrize("after", [0.01, 0.05, 0.13, 0.29])
def test_killed_while_writing_it_holds_one_whole_version(tmp_path: Path, after: float) -> None:
    folder = tmp_path / "warehouse"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer.stdout:
        writer.stdout.readline()
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    with Warehouse(folder, layout()) as warehouse:
        versions = warehouse.order_lines().aggregate("customer_id, count(*)", "customer_id").fetchall()
        mark = warehouse.manifest().get("2024-01")
    assert versions == ([] if mark is None else [(int(mark), 5_000)])


def test_remnants_of_the_dead_are_swept_and_the_living_left_alone(tmp_path: Path) -> None:
    dead, living, young = (tmp_path / f".part-{name}" for name in ("dead", "living", "young"))
    for part in (dead, living, young):
        part.write_bytes(b"")
    for part in (dead, living):
        os.utime(part, (0, 0))
    with living.open("wb") as file:
        os.utime(living, (0, 0))
        fcntl.flock(file, fcntl.LOCK_EX)
        Warehouse(tmp_path, layout()).close()
    assert [part.exists() for part in (dead, living, young)] == [False, True, True]


def test_a_reader_sees_old_or_new_while_months_are_replaced(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines(*["2024-01-01"] * 1_000, customer=ANN))
    script = WRITER.replace("10_000", "60").replace("customer=turn", "customer=turn + 100")
    with subprocess.Popen([sys.executable, "-c", script, str(warehouse.folder)], stdout=subprocess.DEVNULL) as writer:
        seen = set()
        while writer.poll() is None:
            [(customers, rows)] = warehouse.order_lines().aggregate("count(DISTINCT customer_id), count(*)").fetchall()
            assert (customers, rows) in {(1, 1_000), (1, 5_000)}
            seen.add(rows)
    assert writer.returncode == 0
    assert 5_000 in seen or days(warehouse.order_lines()) == ["2024-01-01"] * 5_000


def test_parquet_made_by_others_has_no_mark(warehouse: Warehouse) -> None:
    warehouse.write_month("2024-01", lines("2024-01-01"), mark="ours")
    pq.write_table(lines("2024-01-01"), warehouse.folder / "order_lines" / "month=2024-01" / "lines.parquet")
    assert warehouse.manifest() == {"2024-01": ""}
