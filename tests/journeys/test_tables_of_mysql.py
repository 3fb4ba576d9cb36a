"""A web shop's MariaDB comes in: a real server, started for these tests where there is one on this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pymysql
import pytest

from regulars.connections.databases.errors import DatabaseAway
from regulars.connections.databases.tables import Drawn, Mark, draw_table
from regulars.journeys.draw_tables import add_table, fetch_table, tables_read
from regulars.records.customers.models import Customer
from tests.cast import NOON, STEN, reached_by

SERVER = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") or ""
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not SERVER, reason="MARIADB TESTS NOT RUN: no mariadbd here. Install mariadb-server."),
]
PASSWORD, WRITTEN = "hush@:/%", "hush%40%3A%2F%25"
SHOP = """
CREATE DATABASE shop CHARACTER SET utf8mb4;
SET SESSION sql_mode = '', time_zone = '+01:00';
CREATE TABLE shop.customer (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, no BINARY(16), email VARCHAR(190), name VARCHAR(80), born DATE,
  club BIT(1), seen DATETIME(3), updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
INSERT INTO shop.customer VALUES
  (1, UNHEX('0189ABCDEF0123456789ABCDEF012345'), 'ann@example.com', 'Ann Archer 😀', '1980-02-03', b'1',
   '2026-02-01 03:04:05.678', '2026-03-01 10:00:00'),
  (18446744073709551614, UNHEX('0189ABCDEF0123456789ABCDEF012346'), 'wang@example.com', '王芳', '0000-00-00', b'0',
   '0000-00-00 00:00:00', '2026-03-01 11:00:00'),
  (3, NULL, 'zero@example.com', 'Zero', NULL, NULL, NULL, '0000-00-00 00:00:00');
CREATE TABLE shop.`the ``odd`` 顾客 %s` (`id %` INT PRIMARY KEY, `%(name)s` VARCHAR(20)) CHARACTER SET gbk;
INSERT INTO shop.`the ``odd`` 顾客 %s` VALUES (1, '陈大文'), (2, '王芳');
CREATE VIEW shop.people AS SELECT id, email, updated_at FROM shop.customer;
CREATE TABLE shop.moments (id INT PRIMARY KEY, at TIMESTAMP NULL);
CREATE TABLE shop.many (id INT AUTO_INCREMENT PRIMARY KEY, said VARCHAR(250));
INSERT INTO shop.many (said) SELECT REPEAT('x', 250) FROM shop.seq_1_to_200000;
CREATE USER reader@'%' IDENTIFIED BY 'hush@:/%';
GRANT SELECT ON shop.* TO reader@'%';
CREATE USER guest@'%' IDENTIFIED BY 'guest';
GRANT SELECT (id) ON shop.customer TO guest@'%';
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the shop's server listens; it lives in a zone with a summer time, and goes when the tests do."""
    with tempfile.TemporaryDirectory(prefix="regulars-mariadb-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
        free.close()
        who = ["--user=root"] if os.geteuid() == 0 else []
        data = [f"--datadir={folder}/data", *who]
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", *data,
             "--skip-test-db"],  # which would let anybody in, before everybody else
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        server = subprocess.Popen(
            [SERVER, "--no-defaults", *data, f"--socket={folder}/s", f"--port={number}", "--bind-address=127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"TZ": "Europe/Berlin"},
        )  # fmt: skip
        try:
            _wait_for(number)
            with closing(at_shop(number, database=None)) as other, other.cursor() as cursor:
                for line in SHOP.strip().split(";\n"):
                    cursor.execute(line.rstrip(";\n"))
                other.commit()
            yield number
        finally:
            server.terminate()
            server.wait(60)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the server does not start")


def at_shop(port: int, database: str | None = "shop") -> Any:
    """The shop's own program, which writes."""
    return pymysql.connect(host="127.0.0.1", port=port, user="root", database=database, autocommit=True)


def address(port: int, who: str = f"reader:{WRITTEN}") -> str:
    return f"mysql://{who}@127.0.0.1:{port}/shop"


def drawn(url: str, table: str, by: str, into: Path, **more: Any) -> tuple[Drawn, list[dict[str, str]]]:
    said = {"since": None, "known": b"", "key": b"k" * 32} | more
    found = draw_table(url, table, by, into / "rows.parquet", **said)
    return found, pq.read_table(into / "rows.parquet").to_pylist()


def test_a_shops_customers_come_in_and_what_was_changed_comes_anew(house: None, port: int) -> None:
    columns = {"customer_ref": "no", "name": "name", "email": "email", "birth_on": "born"}
    add_table(
        "people", url=address(port), source_ref="shop", table="customer", by_column="updated_at", kind="customers",
        columns=columns, answers={}, every_minutes=5, by=STEN, at=NOON,
    )  # fmt: skip
    found, report = fetch_table("people", by=STEN, at=NOON)
    assert report is not None
    assert (found.rows, found.without, report.rows_new, report.rows_refused) == (2, 1, 2, 0)
    assert tables_read(by=STEN)[0].mark["text"] == "2026-03-01T10:00:00+00:00"
    ann, wang = Customer.objects.order_by("id")
    assert (ann.given_name, str(ann.birth_on), wang.birth_on) == ("Ann", "1980-02-03", None)
    assert fetch_table("people", by=STEN, at=NOON)[1] is None
    with closing(at_shop(port)) as other, other.cursor() as cursor:
        cursor.execute("UPDATE customer SET email = 'ann@new.example.com', born = '1980-02-04' WHERE id = 1")
        cursor.execute(
            "INSERT INTO customer (id, no, email, name, updated_at) VALUES"
            " (4, REPEAT('a', 16), 'late@example.com', 'Lea Late', '2026-03-01 10:59:00')"
        )
    found, report = fetch_table("people", by=STEN, at=NOON + timedelta(hours=1))
    assert report is not None
    assert (found.rows, found.known, report.rows_new, report.rows_changed) == (2, 1, 1, 1)
    assert ("email", "ann@new.example.com") in reached_by(Customer.objects.order_by("id")[0])


def test_cells_are_what_the_shop_means(port: int, tmp_path: Path) -> None:
    _, rows = drawn(address(port), "customer", "id", tmp_path)
    one = next(row for row in rows if row["id"] == "1")
    assert (one["no"], one["club"], one["seen"]) == (
        "0189abcdef0123456789abcdef012345", "1", "2026-02-01T03:04:05.678000",
    )  # fmt: skip
    big = next(row for row in rows if row["name"] == "王芳")
    assert (big["id"], big["born"], big["seen"], big["club"]) == ("18446744073709551614", "", "", "0")
    assert drawn(address(port), "customer", "id", tmp_path)[0].mark == Mark("int", "18446744073709551614")


def test_names_are_quoted_and_texts_are_read_in_any_encoding(port: int, tmp_path: Path) -> None:
    _, rows = drawn(address(port), "the `odd` 顾客 %s", "id %", tmp_path)
    assert rows == [{"id %": "1", "%(name)s": "陈大文"}, {"id %": "2", "%(name)s": "王芳"}]


def test_a_view_is_read_by_who_may_only_select(port: int, tmp_path: Path) -> None:
    found, rows = drawn(address(port), "people", "updated_at", tmp_path)
    assert (found.without, len(rows)) == (1, found.rows)


def test_the_hour_that_an_autumn_has_twice_is_two_hours(port: int, tmp_path: Path) -> None:
    with closing(at_shop(port)) as other, other.cursor() as cursor:
        cursor.execute("SET time_zone = '+00:00'")
        for number, moment in ((1, "00:40:00"), (2, "01:20:00")):
            cursor.execute("INSERT INTO moments VALUES (%s, %s)", (number, f"2026-10-25 {moment}"))
    first, _ = drawn(address(port), "moments", "at", tmp_path)
    assert first.mark == Mark("datetime", "2026-10-25T01:20:00+00:00")
    with closing(at_shop(port)) as other, other.cursor() as cursor:
        cursor.execute("SET time_zone = '+00:00'")
        cursor.execute("INSERT INTO moments VALUES (3, '2026-10-25 01:30:00')")
    known = first.digests_since(first.mark)
    _, rows = drawn(address(port), "moments", "at", tmp_path, since=first.mark, known=known)
    assert [row["id"] for row in rows] == ["3"]


def test_what_is_not_wanted_is_not_read(port: int, tmp_path: Path) -> None:
    began = time.process_time()
    found, _ = drawn(address(port), "many", "id", tmp_path, most=1)
    assert (found.rows, found.more) == (1, True)
    assert time.process_time() - began < 1
    with closing(at_shop(port)) as other, other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.processlist WHERE user = 'reader'")
        assert cursor.fetchone() == (0,)


def test_a_reader_that_may_write_reads_all_the_same(port: int) -> None:
    from sqlalchemy import text

    from regulars.connections.databases.opening import opened

    with pytest.raises(DatabaseAway) as said, opened(address(port, "root")) as connection:
        connection.execute(text("DELETE FROM customer"))
    assert "READ ONLY" in str(said.value.values["reason"])


@pytest.mark.parametrize(
    ("who", "more", "table", "code"),
    [
        ("reader:wrong", "", "customer", "database_lets_not_in"),
        ("guest:guest", "", "customer", "database_keeps_closed"),
        ("root", "?ssl_verify_cert=true", "customer", "database_unproven"),
        ("root", "?colour=red", "customer", "database_option_unknown"),
        ("root", "", "nowhere", "table_not_there"),
    ],
)
def test_what_is_the_matter_is_told(port: int, tmp_path: Path, who: str, more: str, table: str, code: str) -> None:
    with pytest.raises(DatabaseAway) as away:
        drawn(address(port, who) + more, table, "id", tmp_path)
    assert away.value.code == code
    assert "wrong" not in str(away.value.values)


def test_a_server_that_breaks_off_is_told(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from regulars.connections.databases import tables

    read = tables._Growing.see

    def killed(growing: Any, values: Any) -> None:
        with closing(at_shop(port)) as other, other.cursor() as cursor:
            cursor.execute("SELECT id FROM information_schema.processlist WHERE user = 'reader'")
            for (number,) in cursor.fetchall():
                cursor.execute(f"KILL {number}")
        read(growing, values)

    with monkeypatch.context() as broken, pytest.raises(DatabaseAway, match="database_broke_off"):
        broken.setattr(tables._Growing, "see", killed)
        drawn(address(port), "many", "id", tmp_path)


def test_a_table_somebody_holds_is_not_waited_for_a_day(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulars.connections.databases import opening

    monkeypatch.setattr(opening, "LOCKED", 1)
    with closing(at_shop(port)) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLES customer WRITE")
        with pytest.raises(DatabaseAway, match="table_locked"):
            drawn(address(port), "customer", "id", tmp_path)
