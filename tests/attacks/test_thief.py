"""Somebody who has the database itself: a dump, a superuser's session, an old backup. Not the keys, or too late."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from regulars.connections.files.complete_journey import households
from regulars.connections.home import Home
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.keys.master_keys import MasterKeys, Wrapped
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server
from regulars.connections.postgres.securing import Connection
from regulars.journeys.demo.cast import CUSTOMER_COLUMNS
from regulars.journeys.demo.households import ALLERGIES, write_households
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.let_go import keep_no_longer, let_rule_go
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.records.customers.file_keys import file_opening_key, file_sealing_key
from regulars.records.customers.models import Customer, FileKey
from regulars.records.set_aside.access import rows_set_aside
from regulars.records.staff.actions import issue_token
from regulars.records.staff.factors import app_in_making, confirm_app
from tests.attacks.conftest import LogIn
from tests.attacks.looking_for import dresses, found_in
from tests.cast import EMIL, NOON, STEN, ann, bob, cleo, customer, reached_by, wang_fang
from tests.desks.visitors import portal_path, signed_in
from tests.journeys.order_files import bring, open_shop, write_rows
from tests.set_aside import rows_aside
from tests.story import PASSWORD, shop, wanqing

pytestmark = pytest.mark.usefixtures("house")
ROOT = Path(__file__).resolve().parents[2]
BACKUP = "regulars_backup"


def dumped(*more: str, home: Home = settings.HOME) -> bytes:
    """What pg_dump gives to the administrator, who may read every table."""
    server = Server(home)
    words = [str(server.binaries.program("pg_dump")), *server.psql_command(ADMINISTRATOR)[1:], *more]
    return subprocess.run(words, capture_output=True, check=True).stdout


def secrets_kept() -> set[str]:
    """Every phone, mail, street, id document and allergy in the house, asked of it through its own doors."""
    words = {value for _, value in reached_by()}
    for number in Customer.objects.values_list("number", flat=True):
        held = copy_of_own_data(number, by=EMIL, at=NOON)["customer"]
        words |= {held["allergies"] or "", held["id_document"] or ""}
    return words - {"", "wool"}  # wool is a preference in the list of codes that every house has


def test_a_dump_of_the_cast_names_no_way_to_reach_anybody(tmp_path: Path) -> None:
    """Phones, mails, streets, id documents and allergies: not as they are, nor in UTF-16, hexadecimal or base64."""
    wanqing(shop())
    ann(), bob(), cleo(), wang_fang()
    customer("Rich Rita", phone="+8613900007777", allergies="macadamia nuts", id_document="330106198804020021")
    headings = ("card_no", "name", "phone", "email", "street", "allergies", "id_document")
    rows = [["M1", "Zoë Quist", "+41446681800", "zoe.quist@example.org", "Bahnhofstrasse 77", "hazelnut-9", "P1234567"]]
    changed = [["M1", "Zoë Quist", "+41446681801", "zoe@example.org", "Seestrasse 1203", "walnut-12", "P7654321"]]
    for name, told in (("people.csv", rows), ("again.csv", changed)):
        assert bring(write_rows(tmp_path / name, told, headings)).rows_refused == 0
    words = secrets_kept() | {"hazelnut-9", "P1234567", "13900007777", "13800004187"}
    assert len(words) > 20
    assert found_in(dumped(), words) == []
    assert found_in(dumped("--inserts"), words) == []


def test_a_dump_says_nothing_of_rows_set_aside_and_the_steward_still_mends_them(tmp_path: Path) -> None:
    """Phones, mails and streets of rows that could not be used, whole ones and broken ones, wherever they are."""
    open_shop()
    headings = ("card_no", "name", "phone", "email", "street", "birth_date")
    rows: list[list[object]] = [
        ["M1", "Zoë Quist", "+41446681800", "zoe.quist@example.org", "Bahnhofstrasse 77", "1980-02-30"],
        ["M2", "Yan Quist", "0138 0000 4", "yan.quist@example.org", "Seestrasse 1203", "1980-02-03"],
        ["", "", "+41446681802", "", "Limmatquai 5521", "+41446681803"],
        ["M4", "Xaver Quist", "+41446681804", "xaver@example.org", "Rennweg 6612", "1980-02-03", "one too many"],
        ["M5", "Wim Quist", "1980-02-03", "+41446681805", "Rennweg 6613", "wim.quist@example.org"],
    ]
    path = write_rows(tmp_path / "people.csv", rows, headings)
    report = bring(path)
    assert report.rows_refused >= 2
    words = {
        "+41446681800", "zoe.quist@example.org", "Bahnhofstrasse 77", "0138 0000 4", "+41446681802", "Limmatquai 5521",
        "+41446681803", "+41446681804", "xaver@example.org", "Rennweg 6612", "+41446681805", "wim.quist@example.org",
    }  # fmt: skip
    for dump in (dumped(), dumped("--inserts")):
        assert found_in(dump, words) == []
    told = "".join(row.raw for row in rows_set_aside(report.run_id or 0, by=STEN, because="mend"))
    assert "Limmatquai 5521" in told
    assert all(row.raw or row.value for row in rows_aside())


def test_rows_set_aside_are_no_use_to_who_reads_the_other_views(log_in: LogIn, tmp_path: Path) -> None:
    """Sealed cells, key and all, are in two views: the one that mends and the officer's."""
    open_shop()
    bring(write_rows(tmp_path / "people.csv", [["", "", "+41446681802"]], ("card_no", "name", "phone")))
    for view in ("standard", "marketing"):
        rows = log_in(f"regulars_{view}").execute("SELECT value, example, raw FROM refused_row").fetchall()
        assert set(rows) == {(None, None, None)}
        with pytest.raises(psycopg.errors.UndefinedTable):
            log_in(f"regulars_{view}").execute("SELECT * FROM file_key")


def test_46_a_backup_from_before_the_rows_outlived_their_keep_holds_noise(restored: Any, tmp_path: Path) -> None:
    """Half a year later the rows' texts go, and with the last of them the file's key: the old copy opens no more."""
    open_shop()
    bring(write_rows(tmp_path / "people.csv", [["", "", "+41446681802"]], ("card_no", "name", "phone")))
    ((run_id, wrapped, master),) = FileKey.objects.values_list("import_run_id", "wrapped", "master_id")
    key = Wrapped(-run_id, bytes(wrapped), master)
    masters: MasterKeys = settings.MASTER_KEYS
    assert masters.open([key])
    backup = dumped()
    for column in ("raw", "value", "example"):
        let_rule_go(f"refused_row.{column}", True, by=EMIL, at=NOON)
    later = timezone.now() + timedelta(days=200)
    assert keep_no_longer(at=later)["refused_row.raw"] == 1
    assert not FileKey.objects.exists()
    assert [row.raw for row in rows_set_aside(run_id, by=STEN, because="mend")] == [""]
    with pytest.raises(KeyFileError, match="destroyed"):
        masters.open([key])
    with restored(backup) as old:
        assert old.execute("SELECT count(*) FROM vault.refused_row WHERE raw IS NOT NULL").fetchone() == (1,)


def test_46_rows_that_came_back_with_an_old_backup_are_emptied_and_the_next_file_has_a_key(tmp_path: Path) -> None:
    """A house on an old copy: its rows open no more, its number is given to a new file, and that one's rows open."""
    open_shop()
    bring(write_rows(tmp_path / "people.csv", [["", "", "+41446681802"]], ("card_no", "name", "phone")))
    kept = FileKey.objects.get()
    masters: MasterKeys = settings.MASTER_KEYS
    masters.forget(Wrapped(-kept.import_run_id, bytes(kept.wrapped), kept.master_id).leaf)
    assert [row.raw for row in rows_set_aside(kept.import_run_id, by=STEN, because="mend")] == [""]
    keep_no_longer(at=NOON)
    assert not FileKey.objects.exists()
    assert [row.raw for row in rows_aside()] == [""]
    key = file_sealing_key(kept.import_run_id)
    assert file_opening_key("repair", kept.import_run_id) is not None
    assert key.customer_id == -kept.import_run_id


def test_the_search_itself_finds_what_is_there() -> None:
    """In every dress: otherwise finding nothing would prove nothing."""
    words = ["+8613900007777", "zoe@example.org", "wool"]
    for word in words:
        for dress in dresses(word):
            assert found_in(b"x" * 4_194_299 + dress + b"y" * 9, words) == [word], dress
    ann()
    assert found_in(dumped(), ["Ann Archer"]) == ["Ann Archer"]


@pytest.mark.slow
def test_a_dump_of_the_demonstrations_people_names_no_way_to_reach_anybody(tmp_path: Path) -> None:
    """All its households, as many as `make demo` brings in, and what some of them are allergic to."""
    open_shop()
    write_households(households(), tmp_path / "people.parquet")
    report = bring(tmp_path / "people.parquet", source="demo", mapping=CUSTOMER_COLUMNS)
    assert report.rows_new > 2_000
    words = {value for _, value in reached_by()}
    assert len(words) > 6_000
    assert Customer.objects.filter(allergies__isnull=False).count() > 100
    assert found_in(dumped(), words | set(ALLERGIES)) == []


def test_52_a_superuser_reads_bytes_that_say_nothing(administrator_connection: Connection) -> None:
    """Through no view and no door, with every right there is."""
    who = customer("Rich Rita", phone="+8613900007777", allergies="macadamia nuts", id_document="330106198804020021")
    asked = """SELECT c.allergies, c.id_document, p.value FROM vault.customer c
                 JOIN vault.contact_point p ON p.customer_id = c.id WHERE c.id = %s"""
    for cell in administrator_connection.execute(asked, [who.id]).fetchone() or ():
        assert isinstance(cell, bytes)
        assert cell[0] == 1
        assert found_in(cell, ["+8613900007777", "13900007777", "macadamia", "330106198804020021"]) == []


def test_52_the_locked_key_is_no_use_without_the_keys_of_the_home(administrator_connection: Connection) -> None:
    """Whoever has the whole database and makes master keys of her own opens nothing."""
    who = ann()
    row = administrator_connection.execute("SELECT wrapped FROM vault.customer_key").fetchone()
    assert row is not None
    other = MasterKeys(settings.HOME, {"REGULARS_KEY_MASTER_1": "ab" * 32})
    with pytest.raises(KeyFileError, match="cannot be opened"):
        other.open([Wrapped(who.id, row[0], 1)])  # type: ignore[arg-type]


@pytest.fixture
def restored() -> Iterator[Any]:
    """Puts a dump into a database of its own on the same server; that is gone after the test."""
    server = Server(settings.HOME)
    words = server.connection_parameters(ADMINISTRATOR)
    with psycopg.connect(**words, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {BACKUP} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {BACKUP}")

        def restore(dump: bytes) -> "psycopg.Connection[Any]":
            psql = [*server.psql_command(ADMINISTRATOR, BACKUP), "-v", "ON_ERROR_STOP=1", "-q"]
            subprocess.run(psql, input=dump, check=True, capture_output=True)
            return psycopg.connect(**server.connection_parameters(ADMINISTRATOR, BACKUP), autocommit=True)

        yield restore
        connection.execute(f"DROP DATABASE {BACKUP} WITH (FORCE)")


CELLS = """
SELECT k.customer_id, k.wrapped, k.master, p.value FROM vault.customer_key k
  JOIN vault.contact_point p ON p.customer_id = k.customer_id AND p.channel = 'email' ORDER BY 1
"""


def test_46_a_backup_from_before_the_erasure_holds_noise(restored: Any) -> None:
    """With the database of then and every key of now: Bob's mail opens, Ann's does not, by anybody's hand."""
    erased, stays = ann(), bob()
    backup = dumped()
    erase_customer(erased.number, by=EMIL, because="she asked", reference="T-1", at=NOON)
    masters: MasterKeys = settings.MASTER_KEYS
    with restored(backup) as old:
        (hers, her_cell), (his, his_cell) = ((Wrapped(*row[:3]), row[3]) for row in old.execute(CELLS).fetchall())
    assert masters.open([his])[stays.id].open("contact_point.value", his_cell) == "bob@example.com"
    for someone in (masters, MasterKeys(settings.HOME, {})):
        with pytest.raises(KeyFileError, match="destroyed"):
            someone.open([hers])
    assert her_cell[:1] == b"\x01"


def test_46_a_house_that_opens_on_the_backup_erases_her_again(restored: Any) -> None:
    """Her name and city are in the old copy, though nothing of hers was sealed then: the house knows whom it forgot."""
    erased, nameless = ann(), customer("Nobody Reaches")
    bob()
    backup = dumped()
    for one in (erased, nameless):
        erase_customer(one.number, by=EMIL, because="she asked", reference="T-1", at=NOON)
    with restored(backup) as old:
        assert old.execute("SELECT count(*) FROM vault.customer WHERE name = 'Ann Archer'").fetchone() == (1,)
        words = (
            "import django; django.setup(); from regulars.journeys.prepare_house import prepare_house as p; print(p())"
        )
        environment = {**os.environ, "REGULARS_DATABASE": BACKUP}
        done = subprocess.run(
            [sys.executable, "-c", words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr
        left = old.execute("SELECT name, erased_at IS NOT NULL FROM vault.customer ORDER BY id").fetchall()
        assert left == [("", True), ("", True), ("Bob Baker", False)]
        assert old.execute("SELECT because FROM vault.erasure").fetchall() == [("erased before",)] * 2


def test_46_an_old_copy_of_the_keys_is_the_one_thing_to_keep_away(tmp_path: Path) -> None:
    """What the threat model says of itself: with keys from before the erasure beside the old database she is read."""
    who = ann()
    old_keys = {path.name: path.read_bytes() for path in settings.HOME.keys.iterdir() if path.is_file()}
    erase_customer(who.number, by=EMIL, because="she asked", reference="T-1", at=NOON)
    now = {path.name: path.read_bytes() for path in settings.HOME.keys.iterdir() if path.is_file()}
    changed = {name for name in now if old_keys.get(name) != now[name]}
    assert "tree_1" in changed
    assert changed == {name for name in now if name.startswith("tree_")}, "every tree forgets her; nothing else changes"
    assert time.time() - (settings.HOME.keys / "tree_1").stat().st_mtime < 60


def test_a_dump_opens_no_door() -> None:
    """What lets somebody in stands in it as digests or sealed: session keys, tokens, links, codes, secrets of apps."""
    at_shop = shop()
    link = portal_path(wanqing(at_shop).number).removeprefix("/me/enter/").strip("/")
    session = signed_in("emil").cookies["regulars_session"].value
    token = issue_token("till", role="service", issued_by="Emil", at=NOON)
    app = app_in_making(at_shop.dora, at=NOON)
    codes = confirm_app(at_shop.dora, pyotp.TOTP(app).at(NOON), at=NOON)
    words = {link, session, token, token[3:], app, PASSWORD, *codes, *(code.replace("-", "") for code in codes)}
    assert len(words) > 10
    assert found_in(dumped(), words) == []
    assert found_in(dumped("--inserts"), words) == []


def test_a_session_copied_out_of_the_database_opens_nothing(administrator_connection: Connection) -> None:
    """The thief who reads the table of sessions while Emil is at work shows its key as her own cookie."""
    shop()
    emil = signed_in("emil")
    assert emil.get("/privacy/").status_code == 200
    keys = administrator_connection.execute("SELECT session_key FROM vault.django_session").fetchall()
    assert keys
    for (key,) in keys:
        thief = Client()
        thief.cookies["regulars_session"] = str(key)
        assert thief.get("/privacy/").status_code == 302
    assert emil.get("/privacy/").status_code == 200
