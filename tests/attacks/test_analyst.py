"""An analyst with SQL of her own against the house. Numbers are those of the attack suite in docs/reference/attacks.md.

Each case is tried through the application's login of the standard view and through two named analysts' logins.
"""

from datetime import date
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors

from regulars.connections.postgres.securing import Connection
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import Customer
from tests.attacks.conftest import Attacker, LogIn, ask
from tests.cast import ann, bob, customer, said

pytestmark = pytest.mark.usefixtures("house")
NO_RIGHT = errors.InsufficientPrivilege
HIDDEN = ("ann@example.com", "+15550100001", "1 Elm Street", "wool", "1988-04-02", "4 Apr")


@pytest.fixture(autouse=True)
def somebody_to_spy_on() -> None:
    """Ann has contacts and a birthday, Bob an allergy; both have a key of the night."""
    ann()
    bob()
    renew_anonymous_keys()


def refused(connection: Attacker, *attempts: LiteralString) -> None:
    """Every attempt ends with "permission denied", and none of them says anything hidden on the way."""
    for attempt in attempts:
        with pytest.raises(NO_RIGHT) as told:
            connection.execute(attempt)
        assert not any(hidden in str(told.value) for hidden in HIDDEN)


def test_1_select_on_the_vault_is_denied(analyst: Attacker) -> None:
    """SELECT on a base table: no right on the schema, whatever the search path says."""
    for table in ("customer", "contact_point", "choice_entry", "access_entry", "staff", "suppression"):
        with pytest.raises(NO_RIGHT, match="permission denied for schema vault"):
            analyst.execute(f"SELECT * FROM vault.{table}")
    analyst.execute("SET search_path = vault, standard")
    for schema in ("vault", "personal", "marketing", "delivery", "warehouse", "sensitive"):
        with pytest.raises(NO_RIGHT):
            analyst.execute(f"SELECT * FROM {schema}.customer")


def test_1_no_partition_is_reached_by_itself(analyst: Attacker, administrator_connection: Connection) -> None:
    """A partition of the order lines is a table too; a month opened today gives nobody anything."""
    administrator_connection.execute("SELECT vault.open_order_month('2031-05-01')")
    try:
        found = ask(analyst, "SELECT oid FROM pg_class WHERE relname = 'order_line_2031_05'")
        assert not ask(analyst, "SELECT has_table_privilege(%s::oid, 'SELECT')", found)
        refused(analyst, "SELECT * FROM vault.order_line_2031_05", "COPY vault.order_line_2031_05 TO STDOUT")
    finally:
        administrator_connection.execute("DROP TABLE vault.order_line_2031_05")


def test_2_a_leaky_function_cannot_be_made(analyst: Attacker) -> None:
    """No CREATE anywhere, no language to write one in, and no block of code either."""
    analyst.execute("SET default_transaction_read_only = off")
    refused(
        analyst,
        "CREATE FUNCTION standard.peek(text) RETURNS boolean LANGUAGE sql COST 0.0001 AS 'SELECT true'",
        "CREATE FUNCTION public.peek(text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RETURN true; END$$",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION pg_trgm",
        "DO $$ BEGIN RAISE NOTICE 'hello'; END $$",
        "CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
    )


LEAKY: tuple[LiteralString, ...] = (
    "name || pg_sleep(0)::text <> ''",
    "pg_input_is_valid(name, 'int4') IS NOT NULL",
    "to_jsonb(name)::text::jsonb IS NOT NULL",
)


def test_2_a_leaky_builtin_sees_no_row_that_is_not_there(analyst: Attacker, notices: list[str]) -> None:
    """A qualification that leaks is asked after the view's own: of the erased it hears nothing."""
    gone = customer("Gone Gilbert")
    Customer.objects.filter(id=gone.id).update(erased_at="2026-01-01T00:00Z")
    analyst.execute("SET client_min_messages = debug5")
    for probe in LEAKY:
        rows = analyst.execute("SELECT name FROM customer WHERE " + probe).fetchall()
        assert ("Gone Gilbert",) not in rows
    assert not any("Gilbert" in notice for notice in notices)


def test_3_temporary_tables_and_functions_are_denied(analyst: Attacker) -> None:
    """No TEMP right: nothing can be shadowed, staged or kept."""
    analyst.execute("SET default_transaction_read_only = off")
    refused(
        analyst,
        "CREATE TEMP TABLE customer (id int)",
        "CREATE TEMP VIEW v AS SELECT 1",
        "CREATE FUNCTION pg_temp.peek() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT * INTO TEMP mine FROM customer",
    )


CASTS: tuple[LiteralString, ...] = (
    "SELECT name::int FROM customer",
    "SELECT allergies::int FROM customer",
    "SELECT (SELECT value FROM contact_point LIMIT 1)::int",
    "SELECT * FROM customer WHERE allergies::int = 1",
    "SELECT CAST(birth_on::text || name AS date) FROM customer",
    "SELECT id_document::uuid FROM customer",
)


def test_4_a_cast_error_says_nothing_hidden(analyst: Attacker, notices: list[str]) -> None:
    """An error quotes the value that does not fit: only values that are shown anyway can be quoted."""
    for probe in CASTS:
        try:
            analyst.execute(probe)
            told = ""
        except psycopg.Error as error:
            told = f"{error} {error.diag.message_detail} {error.diag.context}"
        assert not any(hidden in told for hidden in HIDDEN)
    assert not any(hidden in notice for notice in notices for hidden in HIDDEN)


def test_5_dividing_by_nothing_gives_no_signal(lin: Attacker) -> None:
    """1/(x-c) on a masked or coarse column: the same answer for the right guess as for a wrong one."""

    def signal(guess: date) -> str:
        try:
            question = "SELECT 1 / (birth_on - %s) FROM customer WHERE name = 'Ann Archer'"
            return str(lin.execute(question, [guess]).fetchall() != [])
        except errors.DivisionByZero:
            return "zero"

    assert signal(date(1988, 4, 2)) == signal(date(1988, 4, 3)) == "True"
    assert signal(date(1988, 1, 1)) == "zero"  # the year is shown, and is all there is


def test_6_explain_is_harmless(analyst: Attacker) -> None:
    """A plan says nothing about a masked value: the right guess and a wrong one have the same plan, to the letter."""

    def plan(guess: str) -> list[str]:
        options = "ANALYZE, COSTS ON, TIMING OFF, SUMMARY OFF, BUFFERS OFF"
        question = f"EXPLAIN ({options}) SELECT 1 FROM customer WHERE allergies = %s"
        return [row[0].replace(guess, "?") for row in analyst.execute(question, [guess])]

    assert plan("wool") == plan("none")
    assert not any("Removed" in line for line in plan("wool"))
    with pytest.raises(NO_RIGHT):
        analyst.execute("EXPLAIN SELECT * FROM vault.customer")


def test_6_explain_of_a_contact_is_harmless(lin: Attacker) -> None:
    """The same for a phone number: it is not in the relation that is asked."""
    question = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT 1 FROM contact_point WHERE value = %s"
    plans = [
        [row[0].replace(guess, "?") for row in lin.execute(question, [guess])] for guess in ("+15550100001", "+15559")
    ]
    assert plans[0] == plans[1]


def test_7_no_plan_and_no_log_reaches_the_analyst(analyst: Attacker, notices: list[str]) -> None:
    """Message levels may be turned up: what comes is the shape of a view, never a value."""
    for setting in ("log_min_messages", "log_statement", "log_min_duration_statement", "log_executor_stats"):
        with pytest.raises(NO_RIGHT):
            analyst.execute(f"SET {setting} = 'on'")
    analyst.execute("SET client_min_messages = debug5")
    for shown in ("debug_print_plan", "debug_print_rewritten", "debug_print_parse"):
        analyst.execute(f"SET {shown} = on")
    analyst.execute("SELECT * FROM customer WHERE allergies = 'silk'").fetchall()
    assert not any(hidden in notice for notice in notices for hidden in HIDDEN)


TELLING: tuple[LiteralString, ...] = (
    "SELECT reltuples FROM pg_class WHERE relname = 'customer'",
    "SELECT relpages FROM pg_class",
    "SELECT relallvisible FROM pg_class",
    "SELECT * FROM pg_class",
    "SELECT pg_relation_size(oid) FROM pg_class WHERE relname = 'customer'",
    "SELECT pg_total_relation_size(oid) FROM pg_class WHERE relname = 'customer'",
    "SELECT pg_table_size(oid) FROM pg_class WHERE relname = 'choice_entry'",
    "SELECT pg_database_size(current_database())",
    "SELECT n_live_tup FROM pg_stat_all_tables WHERE relname = 'customer'",
    "SELECT n_tup_upd FROM pg_stat_user_tables",
    "SELECT idx_scan FROM pg_stat_user_indexes",
    "SELECT heap_blks_hit FROM pg_statio_all_tables",
    "SELECT pg_stat_get_live_tuples(oid) FROM pg_class WHERE relname = 'customer'",
    "SELECT pg_stat_get_xact_tuples_updated(oid) FROM pg_class",
    "SELECT query FROM pg_stat_activity",
    "SELECT tup_updated FROM pg_stat_database",
    "SELECT relation FROM pg_locks",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_statistic_ext_data",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_largeobject",
    "SELECT pg_current_wal_lsn()",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT * FROM pg_hba_file_rules",
)


def test_8_the_catalogue_says_nothing_about_the_vault(analyst: Attacker) -> None:
    """Counts, sizes, statistics, locks and other people's queries are closed."""
    refused(analyst, *TELLING)


OPEN: tuple[LiteralString, ...] = (
    "SELECT * FROM pg_stats WHERE schemaname = 'vault'",
    "SELECT * FROM pg_stats_ext",
    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'customer'",
    "SELECT last_value FROM pg_sequences WHERE last_value IS NOT NULL",
    "SELECT * FROM information_schema.columns WHERE table_schema = 'vault'",
    "SELECT * FROM information_schema.role_table_grants WHERE table_schema = 'vault'",
)


def test_8_what_statistics_are_open_are_empty(analyst: Attacker, administrator_connection: Connection) -> None:
    """pg_stats shows a table's values to those who may read the table; of the vault, that is nobody here."""
    administrator_connection.execute("ANALYZE vault.customer, vault.contact_point")
    for question in OPEN:
        assert analyst.execute(question).fetchall() == [], question


def test_8_a_views_text_holds_no_secret(analyst: Attacker) -> None:
    """pg_get_viewdef is open to all: what stands there must be fit to be read."""
    texts = [row[0] for row in analyst.execute("SELECT definition FROM pg_views WHERE definition IS NOT NULL")]
    assert not any(word in text for text in texts for word in ("sha256", "md5", "hashint", "secret", "salt"))


def test_9_no_setting_of_our_own_decides_anything(analyst: Attacker) -> None:
    """There is no app.purpose to set: what a session may change never decides what it sees."""
    before = analyst.execute("SELECT count(*), count(allergies), count(name) FROM customer").fetchall()
    for name, value in (("app.purpose", "oversight"), ("app.view", "personal"), ("regulars.user", "Emil")):
        analyst.execute("SELECT set_config(%s, %s, false)", [name, value])
    analyst.execute("SET row_security = on; SET default_transaction_read_only = off; SET statement_timeout = 0")
    assert analyst.execute("SELECT count(*), count(allergies), count(name) FROM customer").fetchall() == before


WRITING: tuple[LiteralString, ...] = (
    "UPDATE customer SET name = 'x'",
    "DELETE FROM customer",
    "INSERT INTO customer (id) VALUES (1)",
    "UPDATE customer SET allows_direct_marketing = true",
    "INSERT INTO vault.choice_entry DEFAULT VALUES",
    "TRUNCATE vault.choice_entry",
    "SELECT * FROM customer FOR UPDATE",
    "SELECT nextval('vault.customer_id_seq')",
)


def test_9_writing_is_refused_even_when_read_only_is_switched_off(analyst: Attacker) -> None:
    """The session may switch read-only off; it has no right to write all the same."""
    analyst.execute("SET default_transaction_read_only = off")
    for attempt in WRITING:
        with pytest.raises((NO_RIGHT, errors.ObjectNotInPrerequisiteState)):
            analyst.execute(attempt)
    with pytest.raises(NO_RIGHT), analyst.transaction():
        analyst.execute("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE")


STRONGER = ("vault", "writer", "personal", "view_personal", "admin", "bi", "bi_standard")


def test_10_nobody_becomes_somebody_else(analyst: Attacker) -> None:
    """SET ROLE, SESSION AUTHORIZATION, and RESET of either: the login is the weak role itself."""
    analyst.execute("SET default_transaction_read_only = off")
    for role in STRONGER:
        for words in ("SET ROLE", "SET LOCAL ROLE", "SET SESSION AUTHORIZATION"):
            with pytest.raises(NO_RIGHT):
                analyst.execute(f"{words} regulars_{role}")
        with pytest.raises(NO_RIGHT):
            analyst.execute(f"GRANT regulars_{role} TO CURRENT_USER")
    for reset in ("RESET ROLE", "RESET SESSION AUTHORIZATION", "RESET ALL", "DISCARD ALL", "SET ROLE NONE"):
        analyst.execute(reset)
        assert ask(analyst, "SELECT current_user = session_user AND current_user !~ '^regulars_(vault|writer|admin)'")
        with pytest.raises(NO_RIGHT):
            analyst.execute("SELECT * FROM vault.customer")


def test_10_a_connection_used_again_is_still_the_weak_one(lin: Attacker) -> None:
    """What a pool hands on: settings of the one before are gone or harmless, the role is the same."""
    lin.execute("SET search_path = vault; SET statement_timeout = 0")
    lin.execute("DISCARD ALL")
    assert ask(lin, "SHOW search_path") == "standard"
    assert ask(lin, "SHOW statement_timeout") == "20s"
    assert ask(lin, "SELECT current_user::text") == "bi_lin"


ELSEWHERE: tuple[LiteralString, ...] = (
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/stolen'",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_get(1)",
    "SELECT pg_advisory_lock(20180101)",
    "SELECT pg_try_advisory_xact_lock(hashtext('open_order_month'))",
    "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))",
    "SELECT pg_create_physical_replication_slot('mine')",
    "SELECT pg_reload_conf()",
    "SELECT vault.open_order_month('2030-01-01')",
    "SELECT vault.present_choices(1, 'CN', 'CN', NULL)",
    "CREATE PUBLICATION p FOR ALL TABLES",
    "ALTER ROLE regulars_writer SET statement_timeout = 0",
    "ALTER ROLE regulars_personal PASSWORD 'x'",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER SET log_statement = 'all'",
    "CREATE ROLE friend LOGIN",
    "ALTER SYSTEM SET log_statement = 'all'",
    "COMMENT ON SCHEMA vault IS 'plan'",
    "ANALYZE vault.customer",
)


def test_nothing_else_of_the_server_is_open(analyst: Attacker) -> None:
    """Programs, files, large objects, locks that stop the writer, WAL, slots, roles: no right."""
    analyst.execute("SET default_transaction_read_only = off")
    for attempt in ELSEWHERE:
        with pytest.raises((NO_RIGHT, errors.ObjectNotInPrerequisiteState, errors.FeatureNotSupported)):
            analyst.execute(attempt)


def test_a_connections_own_words_are_not_read_by_others(lin: Attacker, log_in: LogIn) -> None:
    """What the service desk searches for stands in its sessions' queries: an analyst neither reads nor ends them."""
    desk = log_in("regulars_standard")
    desk.execute("SELECT 'a name that is searched for'")
    pid = desk.info.backend_pid
    with pytest.raises(NO_RIGHT):
        lin.execute("SELECT query FROM pg_stat_get_activity(%s)", [pid])
    for attempt in ("SELECT pg_terminate_backend(%s)", "SELECT pg_cancel_backend(%s)"):
        with pytest.raises(NO_RIGHT):
            lin.execute(attempt, [pid])
    assert ask(desk, "SELECT 1") == 1


def test_the_anonymous_key_leads_nowhere(mo: Attacker, lin: Attacker) -> None:
    """The key is the night's: it is no id, and after renewing no key of yesterday is left."""
    keys = {row[0] for row in mo.execute("SELECT id FROM customer")}
    ids = {row[0] for row in lin.execute("SELECT id FROM customer")}
    assert len(keys) == len(ids) == 2
    assert not keys & ids
    renew_anonymous_keys()
    assert not keys & {row[0] for row in mo.execute("SELECT id FROM customer")}


def test_the_anonymous_view_has_no_way_to_anybody(mo: Attacker) -> None:
    """No name, no number, no contact; the birth date is a decade."""
    found = mo.execute(
        "SELECT name, given_name, number, allergies, id_document, postcode, birth_on FROM customer"
    ).fetchall()
    assert set(found) == {(None, None, None, None, None, None, date(1980, 1, 1)), (None,) * 7}
    with pytest.raises(errors.UndefinedTable):
        mo.execute("SELECT * FROM contact_point")


def test_21_rows_have_no_place_or_time_of_their_own(analyst: Attacker) -> None:
    """ctid, xmin and tableoid, which tell the order in which rows were written, are not there."""
    for column in ("ctid", "xmin", "tableoid", "cmin"):
        with pytest.raises(errors.UndefinedColumn):
            analyst.execute(f"SELECT {column} FROM customer")


def test_a_transaction_begun_before_a_withdrawal_ends_soon(lin: Attacker) -> None:
    """REPEATABLE READ sees an older truth: an analyst's transaction therefore lasts two minutes at most."""
    assert ask(lin, "SHOW transaction_timeout") == "2min"
    assert ask(lin, "SHOW default_transaction_isolation") == "read committed"


def test_what_is_said_is_gone_with_the_next_statement(log_in: LogIn) -> None:
    """A marketer's open connection: the withdrawal of another session hides the row from its next statement."""
    marketing = log_in("regulars_marketing")
    who = customer("Cara Closing")
    said(who, "direct_marketing", "granted")
    assert ask(marketing, "SELECT name FROM customer WHERE id = %s", who.id) == "Cara Closing"
    said(who, "direct_marketing", "denied")
    assert ask(marketing, "SELECT name FROM customer WHERE id = %s", who.id) is None
