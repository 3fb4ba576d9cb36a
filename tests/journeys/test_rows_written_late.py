"""A row that is written late, below what was read already, is read: once, and nothing that was read comes again."""

import os
import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from regulars.connections.databases.tables import Drawn, Mark, draw_table
from regulars.connections.postgres.logins import administrator
from regulars.journeys.draw_tables import add_table, end_table, fetch_table, look_back, tables_read
from regulars.journeys.import_file import import_now
from regulars.records.access_log.models import ChangeEntry
from regulars.records.customers.models import Customer
from regulars.records.intake.models import TableSource
from regulars.records.orders.models import OrderLine
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.permission.errors import BadInput, Denied
from tests.cast import MIA, NOON, STEN
from tests.journeys.test_draw_tables import ORDERS, added, amounts, sell
from tests.journeys.test_sources_killed import killed_until_done

pytestmark = pytest.mark.usefixtures("house")
HOUR = timedelta(hours=1)
FETCH = """
from datetime import timedelta
from regulars.journeys import run_import
from regulars.journeys.draw_tables import fetch_table
from tests.cast import NOON, STEN
run_import.ROWS_PER_CHUNK = 8
fetch_table("till", by=STEN, at=NOON + timedelta(hours=1))
"""


@pytest.fixture
def shop(house: None, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody's till whose receipts 1 to 9 have been read, but for 4 and 5; the ninth is set aside."""
    with sqlite3.connect(tmp_path / "shop.db") as other:
        other.execute(
            "CREATE TABLE sale (id INTEGER, receipt TEXT, card TEXT, sold_at TEXT, paid NUMERIC, what TEXT, photo BLOB)"
        )
        for number in (1, 2, 3, 6, 7, 8):
            sell(other, number, f"R-{number}", number)
        sell(other, 9, "R-9", "much")
        added(tmp_path)
        fetch_table("till", by=STEN, at=NOON)
        yield other


def fetched(hours: float = 1, name: str = "till") -> tuple[int, int, int]:
    """(rows that came, of them new, of them changed)."""
    drawn, report = fetch_table(name, by=STEN, at=NOON + hours * HOUR)
    return (drawn.rows, report.rows_new, report.rows_changed) if report else (drawn.rows, 0, 0)


def test_a_late_row_is_read_once_and_what_was_read_does_not_come_again(shop: sqlite3.Connection) -> None:
    sell(shop, 4, "R-4", 4)
    assert fetched() == (1, 1, 0)
    assert amounts() == [100, 200, 300, 400, 600, 700, 800]
    assert fetched(2) == (0, 0, 0)
    assert RefusedRow.objects.count() == 1
    sell(shop, 10, "R-10", 10)
    assert fetched(30) == (1, 1, 0)
    sell(shop, 5, "R-5", 5)  # more than a day after it was passed by: the till has been read since
    assert fetched(55) == (0, 0, 0)
    assert tables_read(by=STEN)[0].mark["text"] == "10"


def test_what_was_changed_there_comes_in_anew_also_when_it_is_changed_back(shop: sqlite3.Connection) -> None:
    for hours, paid in ((1, 30), (2, 3), (3, 30)):
        shop.execute("UPDATE sale SET paid = ? WHERE id = 3", (paid,))
        shop.commit()
        assert fetched(hours) == (1, 0, 1)
    assert 3000 in amounts() and OrderLine.objects.count() == 6


def test_who_looks_back_by_nothing_reads_the_last_value_again_and_no_more(shop: sqlite3.Connection) -> None:
    look_back("till", 0, by=STEN)
    sell(shop, 4, "R-4", 4)
    shop.execute("UPDATE sale SET paid = 9 WHERE id = 9")
    shop.commit()
    assert fetched() == (1, 1, 0)
    look_back("till", 24, by=STEN)
    assert [ChangeEntry.objects.filter(subject="table_source", field="till: look_back_hours").count()] == [2]


def test_of_a_table_that_is_read_no_more_no_digests_stay(shop: sqlite3.Connection) -> None:
    assert len(bytes(TableSource.objects.get().seen)) == 8 * 7
    end_table("till", by=STEN, at=NOON)
    assert bytes(TableSource.objects.get().seen) == b""


def test_only_the_steward_says_how_far_back_and_not_without_end(shop: sqlite3.Connection) -> None:
    with pytest.raises(Denied):
        look_back("till", 2, by=MIA)
    for hours in (-1, 31 * 24 + 1):
        with pytest.raises(BadInput, match="look_back_unfit"):
            look_back("till", hours, by=STEN)


def test_a_table_read_before_there_was_looking_back_goes_on_and_counts_nothing_twice(shop: sqlite3.Connection) -> None:
    TableSource.objects.update(mark={"kind": "int", "text": "9", "rows": 1}, seen=b"")
    assert fetched() == (1, 0, 0)
    sell(shop, 4, "R-4", 4)
    sell(shop, 10, "R-10", 10)
    assert fetched(2)[:2] == (1, 1)
    sell(shop, 9, "R-late", 4)
    assert fetched(3)[:2] == (1, 1)
    assert amounts() == [100, 200, 300, 400, 600, 700, 800, 1000]


def test_what_is_known_does_not_unsay_what_the_source_said_since(house: None, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as other:
        other.execute("CREATE TABLE person (no TEXT, name TEXT, town TEXT, changed TEXT)")
        put = "INSERT INTO person VALUES (?, ?, ?, ?)"
        other.execute(put, ("1", "Ann Archer", "Lyon", "2026-03-12 10:00:00"))
        other.commit()
        columns = {"customer_ref": "no", "name": "name", "city": "town"}
        said = {"source_ref": "crm", "table": "person", "by_column": "changed", "kind": "customers"}
        added(tmp_path, "people", **said, columns=columns, answers={})
        assert fetched(0, "people")[:2] == (1, 1)
        newer = tmp_path / "newer.csv"
        newer.write_text("no,name,town,changed\n1,Ann Archer,Graz,\n")
        import_now(newer, source_ref="crm", kind="customers", by=STEN, at=NOON + HOUR)
        other.execute(put, ("2", "Bob Baker", "Paris", "2026-03-12 09:00:00"))
        other.commit()
        assert fetched(2, "people")[:2] == (1, 1)
    assert sorted(Customer.objects.values_list("name", "city")) == [("Ann Archer", "Graz"), ("Bob Baker", "Paris")]


def test_a_clock_that_goes_ahead_hides_nobody(house: None, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as other:
        other.execute("CREATE TABLE person (no TEXT, name TEXT, changed TEXT)")
        put = "INSERT INTO person VALUES (?, ?, ?)"
        other.execute(put, ("1", "Ann Archer", "2099-01-01 00:00:00"))
        other.commit()
        said = {"source_ref": "crm", "table": "person", "by_column": "changed", "kind": "customers"}
        added(tmp_path, "people", **said, columns={"customer_ref": "no", "name": "name"}, answers={})
        assert fetched(0, "people")[:2] == (1, 1)
        for hours in (100, 200):
            other.execute(put, (f"{hours}", "Bob Baker", f"{NOON + (hours - 1) * HOUR:%Y-%m-%d %H:%M:%S}"))
            other.commit()
            assert fetched(hours, "people")[:2] == (1, 1)


def test_a_long_transaction_in_a_postgresql_is_read_when_it_ends(house: None) -> None:
    told = administrator(settings.HOME, os.environ)
    host, link = str(connection.settings_dict["HOST"]), Path("/tmp") / f"regulars-late-{os.getpid()}"
    put = "INSERT INTO late.sale (receipt, written) VALUES (%s, %s)"
    with psycopg.connect(**told, autocommit=True) as other, psycopg.connect(**told) as slow:
        other.execute("DROP SCHEMA IF EXISTS late CASCADE")
        other.execute("CREATE SCHEMA late")
        other.execute(
            "CREATE TABLE late.sale (id bigserial, receipt text, card text DEFAULT 'M-1', paid numeric DEFAULT 5,"
            " sold_at date DEFAULT '2026-03-01', what text DEFAULT 'Coat', written timestamptz)"
        )
        link.symlink_to(host)
        try:
            url = f"postgresql://{told['user']}@/{told['dbname']}?host={link}"
            for name, column in (("by number", "id"), ("by moment", "written")):
                said = ORDERS | {"table": "late.sale", "by_column": column, "source_ref": name}
                add_table(name.replace(" ", "-"), url=url, by=STEN, at=NOON, **said)
            slow.execute(put, ["R-slow", NOON - HOUR])
            other.execute(put, ["R-quick", NOON])
            assert [fetched(0, name)[:2] for name in ("by-number", "by-moment")] == [(1, 1)] * 2
            slow.commit()
            assert [fetched(1, name)[:2] for name in ("by-number", "by-moment")] == [(1, 1)] * 2
            assert [fetched(2, name)[:2] for name in ("by-number", "by-moment")] == [(0, 0)] * 2
        finally:
            link.unlink()
            slow.rollback()
            other.execute("DROP SCHEMA late CASCADE")


def test_known_rows_take_no_room_from_those_that_are_new(shop: sqlite3.Connection, tmp_path: Path) -> None:
    """Two at most a time: whatever is read again, each reading goes on."""
    shop.execute("CREATE TABLE long AS SELECT value AS id FROM json_each('[1,2,3,4,4,4,5,6,7]')")
    shop.commit()
    drawn, known, came = Drawn(0, 0, 0, True, None), b"", list[int]()
    while drawn.more:
        drawn = draw_table(
            f"sqlite:///{tmp_path}/shop.db", "long", "id", tmp_path / "x", since=Mark("int", "1") if known else None,
            known=known, key=b"key", most=2,
        )  # fmt: skip
        known = drawn.digests_since(Mark("int", "1"))
        came.append(drawn.rows)
    assert came == [2, 4, 2, 1]  # equal values stay together


@pytest.mark.engine
def test_killed_before_any_statement_late_rows_are_there_once(shop: sqlite3.Connection) -> None:
    for number in (4, 5, *range(10, 40)):
        sell(shop, number, f"R-{number}", number)
    shop.execute("UPDATE sale SET paid = 30 WHERE id = 3")
    shop.commit()
    killed = 0
    for killed in killed_until_done(FETCH, dice=random.Random(3), most=60):
        mark = tables_read(by=STEN)[0].mark["text"]
        assert mark == "9" or OrderLine.objects.count() == 38, killed
    assert killed >= 3, "nobody was killed in the middle: the test shows nothing"
    assert fetched(2) == (0, 0, 0)
    assert amounts() == sorted([100, 200, 3000, *(100 * number for number in (4, 5, 6, 7, 8, *range(10, 40)))])
