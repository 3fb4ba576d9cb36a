"""Answers asked for by themselves never fill the disk, and none is pulled away from under somebody reading it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.connections.warehouse import Warehouse, room
from regulars.rules.tables import layout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


@pytest.fixture
def warehouse(folder: Path) -> Iterator[Warehouse]:
    with Warehouse(folder, layout()) as opened:
        yield opened


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for three."""
    monkeypatch.setattr(room.make_room, "__defaults__", (3, 2_000_000_000))


def ask(warehouse: Warehouse, n: int, mark: str = "today") -> int:
    answer = warehouse.asked_before("activity", f"{n}", lambda: warehouse.connection.sql(f"SELECT {n} AS x"), mark=mark)
    return int(answer.fetchall()[0][0])


def there(folder: Path) -> set[int]:
    return {int(place.stem.removeprefix("activity_")) for place in (folder / "kept").glob("activity_*")}


def test_of_many_questions_only_the_last_answers_stay(folder: Path) -> None:
    for n in range(8):
        with Warehouse(folder, layout()) as warehouse:
            assert ask(warehouse, n) == n
    assert there(folder) == {5, 6, 7}


def test_who_is_read_again_stays_and_is_not_worked_out_again(folder: Path) -> None:
    for n in (1, 2, 3, 1, 4):
        with Warehouse(folder, layout()) as warehouse:
            ask(warehouse, n)
    assert there(folder) == {1, 3, 4}
    with Warehouse(folder, layout()) as warehouse:
        kept = warehouse.asked_before("activity", "1", lambda: pytest.fail("worked out twice"), mark="today")
        assert kept.fetchall() == [(1,)]


def test_after_a_refresh_the_old_answer_is_none(folder: Path) -> None:
    for mark in ("today", "tomorrow", "tomorrow"):
        with Warehouse(folder, layout()) as warehouse:
            ask(warehouse, 1, mark)
            assert warehouse.kept_mark("activity_1") == mark


def test_bytes_count_too_and_the_last_answer_always_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.make_room, "__defaults__", (3, 1))
    for n in range(3):
        with Warehouse(folder, layout()) as warehouse:
            assert ask(warehouse, n) == n
    assert there(folder) == {2}


def test_other_families_and_the_profile_keep_their_place(folder: Path, warehouse: Warehouse) -> None:
    for name in ("activity", "bucket_2026_03"):
        warehouse.keep(name, warehouse.connection.sql("SELECT 1 AS x"))
        os.utime(folder / "kept" / f"{name}.parquet", (0, 0))
    for n in range(5):
        with Warehouse(folder, layout()) as other:
            ask(other, n)
    assert {warehouse.kept_mark(name) for name in ("activity", "bucket_2026_03")} == {""}


OTHER = """
import sys
from pathlib import Path
from regulars.connections.warehouse import Warehouse, room
from regulars.rules.tables import layout
room.make_room.__defaults__ = (3, 2_000_000_000)
for n in range(100, 120):
    with Warehouse(Path(sys.argv[1]), layout()) as warehouse:
        warehouse.asked_before("activity", str(n), lambda: warehouse.connection.sql("SELECT 1 AS x"), mark="today")
"""


def test_what_one_process_reads_no_other_pulls_away(folder: Path) -> None:
    with Warehouse(folder, layout()) as reading:
        answer = reading.asked_before("activity", "1", lambda: reading.connection.sql("SELECT 1 AS x"), mark="today")
        others = [subprocess.Popen([sys.executable, "-c", OTHER, str(folder)]) for _ in range(2)]
        while any(other.poll() is None for other in others):
            assert answer.fetchall() == [(1,)]
        assert [other.returncode for other in others] == [0, 0]
        assert 1 in there(folder)
    with Warehouse(folder, layout()) as warehouse:
        ask(warehouse, 200)
    assert there(folder) == {118, 119, 200}
