"""Somebody with more rights than most: an application role with pg_dump, a database administrator with a free hand."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from psycopg import errors

from regulars.connections.postgres.catalogue import views_of
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.securing import Connection, set_password
from regulars.journeys.check_dictionary import check_dictionary
from regulars.journeys.check_house import check_house
from regulars.journeys.secure_house import secure_house
from regulars.journeys.take_back_drift import take_back_drift
from regulars.records.customers.models import Customer
from regulars.rules.permission.choices import ALLOWS, what_holds
from regulars.rules.privacy.roles import LOGINS
from regulars.rules.privacy.views import VIEWS
from tests.attacks.conftest import Attacker, LogIn, ask
from tests.cast import ann, bob, customer

pytestmark = pytest.mark.usefixtures("house")


def dump(role: str, *more: str) -> "subprocess.CompletedProcess[str]":
    """What pg_dump says to somebody who comes as this role."""
    server = Server(settings.HOME)
    words = [str(server.binaries.program("pg_dump")), *server.psql_command(role)[1:], *more]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("role", LOGINS)
def test_47_pg_dump_as_an_application_role_fails(role: str) -> None:
    """A dump wants every table of the database and the row rules off: no role of ours may have either."""
    ann()
    done = dump(role)
    assert done.returncode != 0
    assert "ann@example.com" not in done.stdout
    assert "permission denied" in done.stderr or "row-level security" in done.stderr


@pytest.mark.parametrize("role", [role for role in LOGINS if role != "regulars_writer"])
@pytest.mark.parametrize("more", [("--data-only", "--table=vault.contact_point"), ("--enable-row-security",)])
def test_47_nor_does_a_dump_of_a_single_table(role: str, more: tuple[str, ...]) -> None:
    """Asking for less does not help a reader."""
    ann()
    done = dump(role, *more)
    assert done.returncode != 0
    assert "ann@example.com" not in done.stdout


def test_48_a_view_without_its_where_raises_an_alarm(administrator_connection: Connection, log_in: LogIn) -> None:
    """The view is replaced by one that shows everybody: the second wall holds, the check names it, it goes back."""
    person = bob()
    administrator_connection.execute(
        """DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW marketing.customer WITH (security_barrier) AS ' ||
             regexp_replace(pg_get_viewdef('marketing.customer'), 'WHERE .*$', ''); END $$"""
    )
    marketing = log_in("regulars_marketing")
    assert ask(marketing, "SELECT count(*) FROM customer WHERE id = %s", person.id) == 0
    found = {(finding.code, finding.place) for finding in check_house(administrator_connection).findings}
    assert found == {("view_differs", "marketing.customer")}
    _, now = take_back_drift(administrator_connection)
    assert now.agrees


def test_48_both_walls_down_are_two_alarms(administrator_connection: Connection, log_in: LogIn) -> None:
    """With the view's owner changed as well, the row is really there: both are named, and both go back."""
    person = bob()
    administrator_connection.execute(
        """DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW marketing.customer WITH (security_barrier) AS ' ||
             regexp_replace(pg_get_viewdef('marketing.customer'), 'WHERE .*$', ''); END $$"""
    )
    administrator_connection.execute("ALTER VIEW marketing.customer OWNER TO CURRENT_USER")
    marketing = log_in("regulars_marketing")
    assert ask(marketing, "SELECT count(*) FROM customer WHERE id = %s", person.id) == 1
    codes = {finding.code for finding in check_house(administrator_connection).findings}
    assert {"view_differs", "view_owner"} <= codes
    take_back_drift(administrator_connection)
    assert ask(log_in("regulars_marketing"), "SELECT count(*) FROM customer WHERE id = %s", person.id) == 0


@pytest.mark.parametrize(
    ("deed", "undo", "code"),
    [
        ("ALTER TABLE vault.customer DISABLE ROW LEVEL SECURITY", "", "row_security_off"),
        ("ALTER TABLE vault.customer NO FORCE ROW LEVEL SECURITY", "", "row_security_off"),
        ("GRANT SELECT ON vault.customer TO regulars_standard", "", "right_extra"),
        ("GRANT SELECT ON ALL TABLES IN SCHEMA vault TO PUBLIC", "", "right_extra"),
        (
            "GRANT regulars_vault TO regulars_standard",
            "REVOKE regulars_vault FROM regulars_standard",
            "membership_extra",
        ),
        (
            "GRANT pg_read_all_data TO regulars_marketing",
            "REVOKE pg_read_all_data FROM regulars_marketing",
            "membership_extra",
        ),
        ("ALTER ROLE regulars_marketing BYPASSRLS", "ALTER ROLE regulars_marketing NOBYPASSRLS", "role_strong"),
    ],
)
def test_49_rights_given_by_hand_raise_an_alarm(
    administrator_connection: Connection, deed: str, undo: str, code: str
) -> None:
    """DISABLE RLS, GRANT to self, membership in the owner: named at the next check; rights and row rules go back."""
    try:
        administrator_connection.execute(deed)
        assert code in {finding.code for finding in check_house(administrator_connection).findings}
        _, now = take_back_drift(administrator_connection)
        assert now.agrees == (undo == "")
    finally:
        if undo:
            administrator_connection.execute(undo)
    assert check_house(administrator_connection).agrees


def test_49_an_analyst_who_changes_her_own_start_is_named(administrator_connection: Connection, lin: Attacker) -> None:
    """A role may always change its own defaults. It gains nothing by it, and the check says so."""
    lin.execute("SET default_transaction_read_only = off")
    lin.execute("ALTER ROLE bi_lin SET statement_timeout = 0")
    found = [finding.place for finding in check_house(administrator_connection).findings]
    assert found == ["bi_lin statement_timeout=20s", "bi_lin statement_timeout=0"]
    administrator_connection.execute("ALTER ROLE bi_lin SET statement_timeout = '20s'")


def test_50_a_new_column_is_in_no_view_until_it_is_classed(administrator_connection: Connection, log_in: LogIn) -> None:
    """Somebody adds a column: no view has it even after views are made anew, the check names it, the build fails."""
    administrator_connection.execute("ALTER TABLE vault.customer ADD COLUMN faith text DEFAULT 'secret faith'")
    try:
        ann()
        secure_house(administrator_connection, anew=True)
        held = views_of(administrator_connection, [view.name for view in VIEWS])
        assert not any("faith" in view.definition for view in held.values())
        found = {(finding.code, finding.place) for finding in check_house(administrator_connection).findings}
        assert found == {("column_unclassed", "customer.faith")}
    finally:
        administrator_connection.execute("ALTER TABLE vault.customer DROP COLUMN faith")
        secure_house(administrator_connection, anew=True)


def test_50_a_model_with_an_unclassed_column_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same without a database: `regulars check --dictionary-only` is part of every build."""
    from regulars.records import dictionary

    fewer = tuple(table for table in dictionary.DICTIONARY if table.name != "customer")
    monkeypatch.setattr("regulars.journeys.check_dictionary.DICTIONARY", fewer)
    assert ("column_unclassed", "customer.allergies") in {(found.code, found.place) for found in check_dictionary()}


def test_the_writer_cannot_turn_a_permission(log_in: LogIn) -> None:
    """Not by updating it, not by deleting the customer with the ledger, not by changing what silence means."""
    person = bob()
    writer = log_in("regulars_writer")
    for attempt in (
        f"UPDATE customer SET allows_direct_marketing = true WHERE id = {person.id}",
        f"DELETE FROM customer WHERE id = {person.id}",
        f"UPDATE customer SET id = 0 WHERE id = {person.id}",
        "UPDATE choice_default SET allowed = true",
        "DELETE FROM choice_entry",
        "UPDATE choice_entry SET value = 'granted'",
        "TRUNCATE choice_entry",
        "ALTER TABLE customer DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE FUNCTION vault.mine() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "DELETE FROM access_entry",
        "UPDATE change_entry SET who = 'nobody'",
        "DELETE FROM check_run",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            writer.execute(attempt)


def test_an_insert_with_permissions_in_it_gets_the_defaults() -> None:
    """A row that comes with its permissions filled in leaves with those of the law."""
    opened: dict[str, Any] = dict.fromkeys(ALLOWS, True)
    person = customer("Pat Pushy", jurisdiction="CN", **opened)
    held = Customer.objects.filter(id=person.id).values(*ALLOWS).get()
    assert held == what_holds([], "CN")


def test_the_log_writer_only_adds(log_in: LogIn) -> None:
    """It cannot read, alter or remove what it wrote."""
    log = log_in("regulars_log")
    for attempt in (
        "SELECT * FROM access_entry",
        "UPDATE access_entry SET who = 'nobody'",
        "DELETE FROM access_entry",
        "SELECT * FROM customer",
        "INSERT INTO change_entry DEFAULT VALUES",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            log.execute(attempt)


def test_a_password_never_travels_in_clear(administrator_connection: Connection, tmp_path: Path) -> None:
    """Neither a server log nor pg_stat_activity could have seen it: only its SCRAM verifier is sent."""
    administrator_connection.execute("CREATE ROLE bi_probe")
    try:
        set_password(administrator_connection, "bi_probe", "a very secret password")
        kept = ask(administrator_connection, "SELECT rolpassword FROM pg_authid WHERE rolname = 'bi_probe'")
        assert kept.startswith("SCRAM-SHA-256$")
        assert "secret" not in kept
        sent = ask(administrator_connection, "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()")
        assert "very secret" not in sent
    finally:
        administrator_connection.execute("DROP ROLE bi_probe")
