"""Tables of other databases come in: from where they were left, as a file comes in, with the password in the home."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection

from regulars.connections.databases.addresses import address_kept
from regulars.connections.databases.tables import Drawn, Mark, Piece, draw_table
from regulars.connections.postgres.logins import administrator
from regulars.journeys.draw_tables import add_table, end_table, fetch_due, fetch_table, tables_read, try_table
from regulars.records.customers.models import Customer
from regulars.records.intake.source_tasks import source_tasks
from regulars.records.orders.models import OrderLine
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from tests.cast import MIA, NOON, STEN, reached_by

pytestmark = pytest.mark.usefixtures("house")
ORDERS: dict[str, Any] = {
    "source_ref": "shop", "table": "sale", "by_column": "id", "kind": "orders", "every_minutes": 60,
    "columns": {"order_ref": "receipt", "line_ref": "id", "customer_ref": "card", "ordered_at": "sold_at",
                "amount": "paid", "product_name": "what"},
    "answers": {"currency": "EUR", "decimal_mark": ".", "zone": "UTC"},
}  # fmt: skip


@pytest.fixture
def shop(house: None, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody's till: a receipt with two lines, and one of nobody's amount."""
    with sqlite3.connect(tmp_path / "shop.db") as other:
        other.execute(
            "CREATE TABLE sale (id INTEGER, receipt TEXT, card TEXT, sold_at TEXT, paid NUMERIC, what TEXT, photo BLOB)"
        )
        sell(other, 1, "R-1", 9.5)
        sell(other, 2, "R-1", 1)
        sell(other, 3, "R-2", "much")
        other.commit()
        yield other


def sell(other: sqlite3.Connection, number: int | None, receipt: str, paid: Any, what: str = "Coat") -> None:
    row = (number, receipt, "M-1", "2026-03-01 10:00:00", paid, what, b"\x00\xff")
    other.execute("INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    other.commit()


def added(tmp_path: Path, name: str = "till", **more: Any) -> None:
    add_table(name, url=f"sqlite:///{tmp_path}/shop.db", by=STEN, at=NOON, **(ORDERS | more))


def amounts() -> list[int]:
    return sorted(OrderLine.objects.values_list("amount_minor", flat=True))


def test_a_till_comes_in_and_goes_on_where_it_was_left(shop: sqlite3.Connection, tmp_path: Path) -> None:
    added(tmp_path)
    drawn, report = fetch_table("till", by=STEN, at=NOON)
    assert report is not None
    assert (drawn.rows, report.state, report.rows_new, report.rows_refused) == (3, "finished", 2, 1)
    assert amounts() == [100, 950]
    assert RefusedRow.objects.get().reason == "not_a_number"
    assert fetch_table("till", by=STEN, at=NOON)[1] is None
    sell(shop, 4, "R-3", 20)
    drawn, report = fetch_table("till", by=STEN, at=NOON)
    assert report is not None
    assert (drawn.rows, drawn.known, report.rows_new) == (1, 3, 1)
    assert RefusedRow.objects.count() == 1  # what is known is neither taken nor set aside again
    assert amounts() == [100, 950, 2000]


def test_what_breaks_off_comes_once_more_and_is_there_once(
    shop: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulars.records.intake import tables

    added(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(tables, "note_drawn", lambda *_said, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fetch_table("till", by=STEN, at=NOON)
    fetch_table("till", by=STEN, at=NOON)
    assert amounts() == [100, 950]


def test_a_column_that_does_not_only_grow_is_told_before_rows_are_passed_over(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    added(tmp_path)
    fetch_table("till", by=STEN, at=NOON)
    shop.execute("INSERT INTO sale (id, receipt) VALUES ('none', 'R-9')")
    sell(shop, 4, "R-3", 20)
    with pytest.raises(BadInput, match="table_column_mixed"):
        fetch_table("till", by=STEN, at=NOON)
    assert tables_read(by=STEN)[0].problem["values"] == {"column": "id", "kinds": "number, str"}
    shop.execute("DELETE FROM sale WHERE id = 'none'")
    shop.execute("INSERT INTO sale (id, receipt) VALUES (9e999, 'R-9')")
    shop.commit()
    with pytest.raises(BadInput, match="table_column_unfit"):
        fetch_table("till", by=STEN, at=NOON)
    shop.execute("DELETE FROM sale WHERE id > 1000")
    shop.commit()
    assert fetch_table("till", by=STEN, at=NOON)[0].rows == 1
    assert 2000 in amounts()


def test_numbers_written_as_texts_grow_only_where_all_are_as_long(shop: sqlite3.Connection, tmp_path: Path) -> None:
    shop.execute("CREATE TABLE slip (id TEXT, receipt TEXT, card TEXT, sold_at TEXT, paid TEXT, what TEXT)")
    put = "INSERT INTO slip VALUES (?, 'R-1', 'M-1', '2026-03-01', '1.00', 'Coat')"
    shop.execute(put, ("08",))
    shop.execute(put, ("09",))
    shop.commit()
    added(tmp_path, table="slip")
    assert fetch_table("till", by=STEN, at=NOON)[0].rows == 2
    shop.execute(put, ("100",))
    shop.commit()
    with pytest.raises(BadInput, match="table_column_of_digits"):
        fetch_table("till", by=STEN, at=NOON)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    added(tmp_path)
    with pytest.raises(BadInput, match="database_silent"):
        fetch_table("till", by=STEN, at=NOON)
    assert not (tmp_path / "shop.db").exists()


def test_a_trial_says_what_would_be_and_keeps_nothing(shop: sqlite3.Connection, tmp_path: Path) -> None:
    added(tmp_path)
    drawn, report = try_table("till", by=STEN, at=NOON)
    assert report is not None
    assert (drawn.rows, report.state, report.rows_new, report.rows_refused) == (3, "tried", 2, 1)
    assert amounts() == []
    (one,) = tables_read(by=STEN)
    assert (one.mark, one.last_at) == ({}, None)


def test_rows_without_a_value_in_the_column_are_counted(shop: sqlite3.Connection, tmp_path: Path) -> None:
    sell(shop, None, "R-9", 5)
    added(tmp_path)
    assert fetch_table("till", by=STEN, at=NOON)[0].without == 1


def test_a_table_that_changes_its_columns_is_told_and_goes_on_when_mended(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    added(tmp_path)
    fetch_table("till", by=STEN, at=NOON)
    shop.execute("ALTER TABLE sale RENAME COLUMN paid TO price")
    sell(shop, 4, "R-3", 20)
    assert fetch_due(by=STEN, at=NOON + timedelta(hours=1)) == 0
    (one,) = tables_read(by=STEN)
    assert (one.problem["code"], one.problem["values"]["lost"]) == ("columns_changed", "paid")
    [task] = source_tasks(by=STEN)
    assert (task.source_ref, task.kind, task.told["new"]) == ("shop", "columns_changed", "price")
    assert one.mark["text"] == "3"
    shop.execute("ALTER TABLE sale RENAME COLUMN price TO paid")
    fetch_table("till", by=STEN, at=NOON)
    assert amounts() == [100, 950, 2000] and source_tasks(by=STEN) == []


def test_the_night_shift_reads_what_is_due_and_goes_on_where_one_is_away(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    added(tmp_path, "away", table="nowhere")
    added(tmp_path)
    assert fetch_due(by=STEN, at=NOON) == 1
    assert fetch_due(by=STEN, at=NOON) == 0
    assert {one.name: one.problem.get("code", "") for one in tables_read(by=STEN)} == {
        "away": "table_not_there", "till": "",
    }  # fmt: skip


def test_a_clock_that_went_ahead_and_was_put_right_keeps_no_table_from_being_read(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    added(tmp_path)
    assert fetch_due(by=STEN, at=NOON + timedelta(days=400)) == 1
    assert fetch_due(by=STEN, at=NOON) == 1
    assert fetch_due(by=STEN, at=NOON) == 0


def test_customers_come_out_of_a_postgresql_by_the_moment_of_change(house: None) -> None:
    told = administrator(settings.HOME, os.environ)
    with psycopg.connect(**told, autocommit=True) as other:
        other.execute("DROP SCHEMA IF EXISTS crm CASCADE")
        other.execute("CREATE SCHEMA crm")
        other.execute(
            "CREATE TABLE crm.person (no int, name text, mail text, born date, changed timestamptz, tags jsonb, n dec,"
            " valid_to timestamptz DEFAULT 'infinity', valid_from date DEFAULT '-infinity')"
        )
        for number in range(1, 4):
            other.execute(
                "INSERT INTO crm.person VALUES (%s, %s, %s, '1988-04-02', now() + %s * interval '1 s', '[]', 1.50)",
                [number, f"Ann Archer{number}", f"ann{number}@example.com", number],
            )
        address = f"postgresql://{told['user']}@/{told['dbname']}?host={connection.settings_dict['HOST']}"
        try:
            with pytest.raises(BadInput, match="database_is_ours"):
                add_people(address)
            # a way to the same server that does not say whose it is, as one over the network would not
            link = Path("/tmp") / f"regulars-other-{os.getpid()}"
            link.symlink_to(connection.settings_dict["HOST"])
            try:
                add_people(address.replace(str(connection.settings_dict["HOST"]), str(link)))
                _, report = fetch_table("people", by=STEN, at=NOON)
                assert report is not None
                assert (report.state, report.rows_new) == ("finished", 3)
                assert fetch_table("people", by=STEN, at=NOON)[1] is None
            finally:
                link.unlink()
        finally:
            other.execute("DROP SCHEMA crm CASCADE")
    assert reached_by(Customer.objects.order_by("id")[0]) == [("email", "ann1@example.com")]


def add_people(url: str) -> None:
    columns = {"customer_ref": "no", "name": "name", "email": "mail", "birth_on": "born"}
    add_table(
        "people", url=url, source_ref="crm", table="crm.person", by_column="changed", kind="customers",
        columns=columns, answers={}, every_minutes=5, by=STEN, at=NOON,
    )  # fmt: skip


def test_the_address_is_in_the_home_for_nobody_else_and_in_no_answer(shop: sqlite3.Connection, tmp_path: Path) -> None:
    secret = "postgresql://reader:hush-hush@127.0.0.1:9/shop"
    add_table("far", url=secret, by=STEN, at=NOON, **ORDERS)
    place = settings.HOME.path / "databases" / "far"
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with pytest.raises(BadInput) as away:
        fetch_table("far", by=STEN, at=NOON)
    assert away.value.code == "database_silent"
    assert "hush" not in str(away.value.values)
    assert "hush" not in str(tables_read(by=STEN))
    place.chmod(0o644)
    with pytest.raises(BadInput, match="database_address_open"):
        fetch_table("far", by=STEN, at=NOON)
    end_table("far", by=STEN, at=NOON)
    assert not place.exists()
    with pytest.raises(NotThere):
        fetch_table("far", by=STEN, at=NOON)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"columns": {"order_ref": "receipt"}}, "table_needs_lines"), ({"kind": "dance"}, "no_such_kind"),
        ({"every_minutes": 0}, "minutes_unfit"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_so_is_refused(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        added(tmp_path, **more)


@pytest.mark.parametrize(("name", "url"), [("../keys", "sqlite:///a"), ("Till", "sqlite:///a"), ("till", "no address")])
def test_names_and_addresses_are_looked_at(house: None, name: str, url: str) -> None:
    with pytest.raises(BadInput):
        add_table(name, url=url, by=STEN, at=NOON, **ORDERS)


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("mysql://reader:hush@127.0.0.1:9/shop", "database_silent", "refused"),
        ("mariadb://reader:hush@127.0.0.1:9/shop?ssl_ca=/none/ca.pem", "database_silent", "no such file: ca.pem"),
        ("mysql://reader:hush@127.0.0.1:9/shop?colour=red", "database_option_unknown", "colour"),
        ("mysql://reader:hush@127.0.0.1", "database_address_unfit", ""),
        ("mysql://reader:hush@127.0.0.1:door/shop", "database_address_unfit", ""),
        ("mysql+mysqldb://reader:hush@127.0.0.1/shop", "database_driver_missing", "mysqlclient"),
        ("mssql://reader:hush@127.0.0.1/shop", "database_driver_missing", "pymssql"),
        ("oracle://reader:hush@127.0.0.1/shop", "database_driver_missing", "oracledb"),
        ("abacus://reader:hush@127.0.0.1/shop", "database_kind_unknown", "abacus"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_without_its_password(
    house: None, url: str, code: str, told: str
) -> None:
    add_table("far", url=url, by=STEN, at=NOON, **ORDERS)
    with pytest.raises(BadInput, match=code) as away:
        fetch_table("far", by=STEN, at=NOON)
    assert told in str(away.value.values)
    assert "hush" not in str(away.value.values)


def test_a_file_that_is_locked_is_read_the_next_time(
    shop: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulars.connections.databases import opening

    monkeypatch.setattr(opening, "CONNECT", 0.1)
    added(tmp_path)
    shop.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BadInput, match="table_locked"):
        fetch_table("till", by=STEN, at=NOON)
    shop.rollback()
    assert fetch_table("till", by=STEN, at=NOON)[0].rows == 3


def test_sixteen_bytes_are_an_id_and_others_no_text(shop: sqlite3.Connection, tmp_path: Path) -> None:
    shop.execute("UPDATE sale SET photo = ? WHERE id = 1", (bytes(range(16)),))
    shop.commit()
    draw_table(
        f"sqlite:///{tmp_path}/shop.db", "sale", "id", tmp_path / "rows.parquet", since=None, known=b"", key=b"k" * 32
    )
    rows = pq.read_table(tmp_path / "rows.parquet").column("photo").to_pylist()
    assert rows == ["000102030405060708090a0b0c0d0e0f", "", ""]


def test_a_column_of_days_that_becomes_one_of_moments_is_read_on() -> None:
    digests = np.array([7], np.uint64)
    drawn = Drawn(1, 0, 0, False, None, (Piece(NOON, digests),))
    assert drawn.digests_since(Mark("date", "2026-03-01")) == digests.tobytes()


def test_columns_and_tables_are_never_put_into_sql_as_they_are_said(shop: sqlite3.Connection, tmp_path: Path) -> None:
    added(tmp_path, "one", table='sale"; DROP TABLE sale; --')
    added(tmp_path, "two", by_column="id; DROP TABLE sale")
    for name, code in (("one", "table_not_there"), ("two", "table_column_not_there")):
        with pytest.raises(BadInput, match=code):
            fetch_table(name, by=STEN, at=NOON)
    assert shop.execute("SELECT count(*) FROM sale").fetchone() == (3,)


def test_a_marketer_reads_no_tables(shop: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(Denied):
        tables_read(by=MIA)
    with pytest.raises(Denied):
        fetch_table("till", by=MIA, at=NOON)
    with pytest.raises(BadInput, match="database_address_missing"):
        from regulars.connections.databases.errors import DatabaseAway

        try:
            address_kept(settings.HOME, "never")
        except DatabaseAway as error:
            raise BadInput(error.code) from None
