"""Lin is an analyst: she gets a login of her own with a password, and loses it again."""

import shlex
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, LiteralString

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from regulars.connections.postgres.analysts import end_analyst, role_exists
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.give_sql_login import SqlLogin, give_sql_login, revoke_sql_login, sql_logins
from regulars.records.access_log.models import AccessEntry, ChangeEntry
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.views import Within
from tests.cast import DORA, EMIL, NOON, ann
from tests.story import shop

pytestmark = pytest.mark.usefixtures("house")
WAITING = "SELECT count(*) FROM pg_locks WHERE relation = 'vault.customer'::regclass AND NOT granted"


@pytest.fixture
def lin(standing_house: None, administrator_connection: Connection) -> Iterator[SqlLogin]:
    """Her login to the standard view."""
    yield give_sql_login("lin", view="standard", by=EMIL, at=NOON)
    end_analyst(administrator_connection, "bi_lin")


def knock(login: SqlLogin, password: str | None = None, **more: Any) -> "psycopg.Connection[Any]":
    """A plain libpq connection with her name and a password over the socket."""
    words = Server(settings.HOME).connection_parameters(login.role_name)
    return psycopg.connect(**words, password=login.password if password is None else password, autocommit=True, **more)


def ask(connection: "psycopg.Connection[Any]", question: LiteralString) -> Any:
    return connection.execute(question).fetchone()[0]  # type: ignore[index]


def test_lin_reads_the_standard_view_with_her_password(lin: SqlLogin) -> None:
    ann()
    with knock(lin) as connection:
        assert ask(connection, "SELECT current_user::text") == "bi_lin"
        assert ask(connection, "SELECT name FROM customer") == "Ann Archer"
        assert ask(connection, "SELECT value FROM contact_point LIMIT 1") is None


def beside_a_vacuum(act: Callable[[], object]) -> None:
    """It waits for the customers' table while a vacuum has it, which then writes into the row that rights stand in."""

    def act_alone() -> None:
        try:
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as others, psycopg.connect(**administrator(settings.HOME, {})) as vacuum:
        vacuum.execute("LOCK TABLE vault.customer IN SHARE UPDATE EXCLUSIVE MODE")
        vacuum.execute("SET lock_timeout = '5s'")
        acting = others.submit(act_alone)
        while not ask(
            vacuum, "SELECT count(*) FROM pg_locks WHERE relation = 'vault.customer'::regclass AND NOT granted"
        ):
            assert not acting.done(), "it did not need the table"
        vacuum.execute("ALTER TABLE vault.customer SET (fillfactor = 100)")
        vacuum.rollback()
        acting.result(60)


def test_a_part_is_given_and_ended_while_autovacuum_is_at_the_customers() -> None:
    lake = shop().lake
    beside_a_vacuum(lambda: give_sql_login("lin", view="standard", within=Within((lake,)), by=EMIL, at=NOON))
    beside_a_vacuum(lambda: revoke_sql_login("bi_lin", by=EMIL, at=NOON))


def test_a_part_that_cannot_be_made_leaves_no_login_behind(
    administrator_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else she would have a login without a view that no book knows, and nobody could give or end it."""

    def broken(*words: object) -> None:
        raise RuntimeError("the server went away")

    monkeypatch.setattr("regulars.journeys.give_sql_login.make_limited_view", broken)
    lake = shop().lake
    with pytest.raises(RuntimeError):
        give_sql_login("lin", view="standard", within=Within((lake,)), by=EMIL, at=NOON)
    assert not role_exists(administrator_connection, "bi_lin")
    assert sql_logins() == []


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_comes_in_without_it(lin: SqlLogin, password: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        knock(lin, password)


def test_her_sessions_start_careful(lin: SqlLogin) -> None:
    with knock(lin) as connection:
        assert ask(connection, "SHOW default_transaction_read_only") == "on"
        assert ask(connection, "SHOW statement_timeout") == "20s"
        assert ask(connection, "SHOW transaction_timeout") == "2min"
        assert ask(connection, "SHOW search_path") == "standard"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET temp_file_limit = -1")


def test_she_opens_four_windows_and_no_fifth(lin: SqlLogin) -> None:
    windows = [knock(lin) for _ in range(4)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        knock(lin)
    for window in windows:
        window.close()


def test_the_command_that_is_shown_works(lin: SqlLogin) -> None:
    ann()
    words = [*shlex.split(lin.command), "-Atc", "SELECT name FROM customer", "-c", r"\dv", "-c", r"\d customer"]
    done = subprocess.run(words, env={"PGPASSWORD": lin.password}, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Ann Archer\n")
    assert "contact_point" in done.stdout
    assert "allows_direct_marketing" in done.stdout


def test_the_check_knows_her(lin: SqlLogin, administrator_connection: Connection) -> None:
    assert check_house(administrator_connection).findings == ()


def test_her_password_is_shown_once_and_kept_nowhere(lin: SqlLogin) -> None:
    assert lin.password not in repr(lin)
    assert [(one.role_name, one.view, one.issued_by, one.revoked_at) for one in sql_logins()] == [
        ("bi_lin", "standard", "Emil", None)
    ]
    assert ChangeEntry.objects.get(field="bi_lin").new == "standard"


def test_what_she_had_open_ends_when_it_is_revoked(lin: SqlLogin, administrator_connection: Connection) -> None:
    window = knock(lin)
    revoke_sql_login("bi_lin", by=EMIL, at=NOON)
    with pytest.raises(psycopg.OperationalError):
        window.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        knock(lin)
    assert check_house(administrator_connection).agrees
    with pytest.raises(NotThere):
        revoke_sql_login("bi_lin", by=EMIL, at=NOON)


def test_it_may_be_given_again(lin: SqlLogin) -> None:
    revoke_sql_login("bi_lin", by=EMIL, at=NOON)
    again = give_sql_login("lin", view="anonymous", by=EMIL, at=NOON)
    assert again.password != lin.password
    with knock(again) as connection:
        assert ask(connection, "SHOW search_path") == "anonymous"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM standard.customer")


def test_two_of_a_name_there_cannot_be(lin: SqlLogin) -> None:
    with pytest.raises(BadInput, match="sql_login_taken"):
        give_sql_login("lin", view="standard", by=EMIL, at=NOON)
    assert len(sql_logins()) == 1


@pytest.mark.parametrize("name", ["", "x", "Lin", "lin; DROP ROLE regulars_vault", 'lin"', "林", "a" * 60])
def test_a_name_is_small_letters(name: str) -> None:
    with pytest.raises(BadInput, match="sql_login_name"):
        give_sql_login(name, view="standard", by=EMIL, at=NOON)


@pytest.mark.parametrize("view", ["personal", "marketing", "delivery", "warehouse", "vault", "pg_catalog"])
def test_only_two_views_may_be_asked_with_sql(view: str) -> None:
    with pytest.raises(BadInput, match="view_without_sql"):
        give_sql_login("lin", view=view, by=EMIL, at=NOON)


def test_dora_gives_no_logins() -> None:
    with pytest.raises(Denied):
        give_sql_login("lin", view="standard", by=DORA, at=NOON)
    assert [(entry.who, entry.allowed) for entry in AccessEntry.objects.all()] == [("Dora", False)]
    assert sql_logins() == []
