"""A house on a server by DATABASE_URL: over TCP, by password, made by a superuser or by an ordinary administrator."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS
from psycopg import sql

from regulars.connections.home import Home
from regulars.connections.postgres.given_server import administrator_at_work, demand_same_keys, note_keys
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.logins import (
    administrator,
    keys_mark,
    login_password,
    login_settings,
    parameters_of,
)
from regulars.connections.postgres.reading import columns_from
from regulars.rules.privacy.roles import LOGINS
from regulars.rules.privacy.views import BY_NAME
from tests.connections.postgres.second_server import SecondServer, second_server

ROOT = Path(__file__).resolve().parents[3]
LINES = 180
CUSTOMERS = 12
#: What only a superuser can take back from everybody; the check tells it as a limit of this server.
OPEN_ENDS = ["statistics", "sizes", "locks", "advisory_locks", "large_objects", "wal", "sql_uncounted",
             "catalogue_counts", "setting_temp_file_limit", "language_plpgsql", "language_sql"]  # fmt: skip


@dataclass(frozen=True)
class LifeThere:
    """What a house by URL said of itself, and how to knock at its doors from outside."""

    server: SecondServer
    database: str
    home: Home
    environment: dict[str, str]
    told: dict[str, Any]

    def knock(self, alias: str) -> "psycopg.Connection[Any]":
        """A connection with the very words Django has for this alias."""
        words = login_settings(self.home, self.environment, BY_NAME)[alias]
        return psycopg.connect(**parameters_of(words), autocommit=True)

    def come_in(self, name: str, password: str, **words: Any) -> "psycopg.Connection[Any]":
        return self.server.connect(self.database, user=name, password=password, **words)


@pytest.fixture(scope="module")
def server() -> Iterator[SecondServer]:
    with second_server() as running:
        yield running


@pytest.fixture(scope="module", params=[pytest.param("superuser", marks=pytest.mark.engine), "administrator"])
def life(request: pytest.FixtureRequest, server: SecondServer) -> Iterator[LifeThere]:
    """A house lived in on a server of somebody's, once made by its superuser, once by an owner with CREATEROLE."""
    url = _superusers(server) if request.param == "superuser" else _administrators(server)
    with tempfile.TemporaryDirectory(prefix="regulars-by-url-") as folder:
        environment = {"DATABASE_URL": url, "REGULARS_HOME": folder}
        yield LifeThere(server, request.param, Home(Path(folder)), environment, _lived(environment))
    _leave(server, request.param)


def _superusers(server: SecondServer) -> str:
    with server.connect() as connection:
        connection.execute("CREATE DATABASE superuser")
    return server.url(database="superuser")


def _administrators(server: SecondServer) -> str:
    with server.connect() as connection:
        connection.execute("CREATE ROLE boss LOGIN CREATEROLE PASSWORD 'pa ss:wo/rd?'")
        connection.execute("CREATE DATABASE administrator OWNER boss")
    return server.url(user="boss", password="pa ss:wo/rd?", database="administrator")


def _lived(environment: dict[str, str]) -> dict[str, Any]:
    """The settings read the environment when they are imported: that takes a process of its own."""
    words = [sys.executable, "-m", "tests.connections.postgres.life_by_url"]
    done = subprocess.run(words, env={**os.environ, **environment}, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _leave(server: SecondServer, database: str) -> None:
    """The next house finds a server without roles."""
    with server.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
        rows = connection.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^(regulars|bi)_'").fetchall()
        for (role,) in rows:
            connection.execute(sql.SQL("DROP OWNED BY {0} CASCADE").format(sql.Identifier(role)))
        for (role,) in rows:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def ask(connection: "psycopg.Connection[Any]", question: LiteralString) -> Any:
    return connection.execute(question).fetchone()[0]  # type: ignore[index]


pytestmark = pytest.mark.slow


def test_the_house_stands_there_and_nothing_of_ours_was_started(life: LifeThere) -> None:
    assert (life.told["made"], life.told["made_again"]) == (True, False)
    assert life.told["embedded"] == "new"
    assert not (life.home.path / "postgres").exists()


def test_the_check_finds_dictionary_views_rights_and_ledger_in_agreement(life: LifeThere) -> None:
    limits = ["sql_uncounted"] if life.database == "superuser" else OPEN_ENDS
    for when in ("new_house", "full_house"):
        assert life.told[when]["findings"] == []
        assert life.told[when]["limits"] == limits
    assert life.told["full_house"]["counts"]["order_lines"] == LINES


def test_orders_come_in_and_figures_come_out(life: LifeThere) -> None:
    assert life.told["brought"] == ["finished", LINES]
    assert (life.told["scored"], life.told["counted"]) == (CUSTOMERS, CUSTOMERS)
    assert life.told["logged"]


def test_who_withdraws_is_gone_from_the_segment(life: LifeThere) -> None:
    assert life.told["seen"] == [CUSTOMERS, 0]


@pytest.mark.parametrize("view", sorted(BY_NAME))
def test_each_login_comes_in_by_its_password_and_sees_its_schema_alone(life: LifeThere, view: str) -> None:
    with life.knock(view) as connection:
        assert ask(connection, "SELECT current_user::text") == f"regulars_{view}"
        assert ask(connection, "SHOW search_path") == view
        assert ask(connection, "SHOW default_transaction_read_only") == "on"
        for question in ("SELECT * FROM vault.customer", "SELECT * FROM vault.contact_point", "CREATE TEMP TABLE x ()"):
            with pytest.raises(psycopg.Error):
                connection.execute(question)


@pytest.mark.parametrize(
    ("view", "table", "least"),
    [("standard", "customer", 14), ("marketing", "customer", 1), ("warehouse", "customer", 14)],
)
def test_the_views_show_what_they_should(life: LifeThere, view: str, table: LiteralString, least: int) -> None:
    with life.knock(view) as connection:
        assert ask(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))) == least  # type: ignore[arg-type]


def test_contact_points_are_masked_in_standard_and_open_in_personal(life: LifeThere) -> None:
    with life.knock("standard") as standard, life.knock("personal") as personal:
        assert ask(standard, "SELECT count(value) FROM contact_point") == 0
        assert ask(personal, "SELECT count(value) FROM contact_point") > 0


def test_the_writer_cannot_set_a_permission(life: LifeThere) -> None:
    with life.knock(DEFAULT_DB_ALIAS) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE customer SET allows_email = true")


@pytest.mark.parametrize("role", LOGINS)
def test_without_the_password_nobody_comes_in(life: LifeThere, role: str) -> None:
    for password in ("", "wrong", login_password(life.home, role)[:-1]):
        with pytest.raises(psycopg.OperationalError, match="password"):
            life.come_in(role, password)


def test_the_warehouse_is_read_in_columns_through_its_own_login(life: LifeThere) -> None:
    entry = login_settings(life.home, life.environment, BY_NAME)["warehouse"]
    with columns_from(entry, zone="Asia/Shanghai") as reader:
        read = reader.ask("SELECT customer_id, amount_minor, ordered_at::date AS ordered_on FROM order_line")
        assert read.num_rows == LINES
        assert [str(field.type) for field in read.schema] == ["int64", "int64", "date32[day]"]
        with reader.stream("SELECT current_user::text AS who, current_setting('TimeZone') AS zone") as batches:
            assert batches.read_all().to_pylist() == [{"who": "regulars_warehouse", "zone": "Asia/Shanghai"}]


def test_lin_comes_in_with_the_login_she_was_given(life: LifeThere) -> None:
    name, password, command = life.told["lin"]
    assert command == f"psql postgresql://{name}@127.0.0.1:{life.server.port}/{life.database}"
    with life.come_in(name, password) as connection:
        assert ask(connection, "SELECT count(*) FROM customer") == 14
        assert ask(connection, "SELECT count(value) FROM contact_point") == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM vault.customer")


def test_mo_whose_login_was_taken_away_stays_out(life: LifeThere) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        life.come_in(*life.told["mo"])


def test_nan_sees_her_branch_and_what_lasts_too_long_in_her_window_is_ended(life: LifeThere) -> None:
    assert life.told["ended"] == ["bi_nan"]
    with life.come_in(*life.told["nan"]) as connection:
        count, branch = life.told["part"]
        rows = connection.execute("SELECT DISTINCT home_branch_id FROM customer").fetchall()
        assert {one for (one,) in rows} <= {branch, None}
        assert ask(connection, "SELECT count(*) FROM customer WHERE home_branch_id IS NOT NULL") == count


def test_another_installations_keys_may_not_take_this_house_over(life: LifeThere, tmp_path: Path) -> None:
    with administrator_at_work(administrator(life.home, life.environment)) as connection:
        demand_same_keys(connection, "regulars_vault", keys_mark(life.home))
        with pytest.raises(LauncherError, match="other keys"):
            demand_same_keys(connection, "regulars_vault", keys_mark(Home(tmp_path)))
        note_keys(connection, "regulars_vault", keys_mark(life.home))
        demand_same_keys(connection, "nobody_knows_this_role", "keys of anybody")


def test_a_server_that_does_not_let_us_in_is_told_in_a_sentence(server: SecondServer, tmp_path: Path) -> None:
    for url in (server.url(password="wrong"), server.url(database="nowhere"), "postgresql://a:b@127.0.0.1:1/x"):
        words = administrator(Home(tmp_path), {"DATABASE_URL": url})
        with pytest.raises(LauncherError, match="does not let"), administrator_at_work(words):
            pass


def test_an_administrator_who_may_not_make_roles_is_told_what_to_ask_for(server: SecondServer, tmp_path: Path) -> None:
    with server.connect() as connection:
        connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
    words = administrator(
        Home(tmp_path), {"DATABASE_URL": server.url(user="clerk", password="clerk", database="postgres")}
    )
    with pytest.raises(LauncherError, match="CREATEROLE"), administrator_at_work(words):
        pass
