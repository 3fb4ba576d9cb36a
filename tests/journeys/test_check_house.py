"""`regulars check` finds nothing in a house nobody touched, and names whatever somebody did to it by hand.

Every change here is made inside a transaction of the administrator's that is rolled back.
"""

from collections.abc import Iterator
from typing import Any, LiteralString

import pytest

from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import Finding, check_dictionary, check_house
from regulars.journeys.take_back_drift import take_back_drift
from regulars.records import dictionary
from regulars.records.orders.models import OrderLine
from regulars.rules.privacy.drift import HouseReport
from tests.cast import NOON, ann, bob, customer, said

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def touched(administrator_connection: Connection) -> Iterator[Connection]:
    """A connection on which everything is undone afterwards."""
    with administrator_connection.transaction(force_rollback=True):
        yield administrator_connection


def after(connection: Connection, *statements: LiteralString) -> HouseReport:
    """The report after somebody did this."""
    for statement in statements:
        connection.execute(statement)
    return check_house(connection)


def test_a_house_nobody_touched_agrees_in_every_point(administrator_connection: Connection) -> None:
    ann(), bob()
    report = check_house(administrator_connection)
    assert report.findings == ()
    assert report.limits == ()
    assert report.agrees
    assert report.counts["customers"] == 2
    assert min(report.counts[what] for what in ("columns", "views", "rights", "triggers", "functions")) > 0
    assert report.seconds < 4


def test_it_opens_the_administrators_connection_itself() -> None:
    assert check_house().agrees


def test_it_leaves_nothing_behind(administrator_connection: Connection) -> None:
    check_house(administrator_connection)
    found = administrator_connection.execute("SELECT FROM pg_namespace WHERE nspname LIKE '%scratch%'").fetchall()
    assert found == []


DRIFT: list[tuple[str, str, tuple[LiteralString, ...]]] = [
    ("column_unclassed", "customer.shoe_size", ("ALTER TABLE vault.customer ADD shoe_size int",)),
    ("column_unclassed", "stray.a", ("CREATE TABLE vault.stray (a int)",)),
    ("column_absent", "touchpoint.title", ("ALTER TABLE vault.touchpoint DROP title CASCADE",)),
    ("comment_differs", "customer.name", ("COMMENT ON COLUMN vault.customer.name IS 'none'",)),
    ("view_differs", "marketing.customer", (
        """DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW marketing.customer WITH (security_barrier) AS ' ||
             regexp_replace(pg_get_viewdef('marketing.customer'), 'AND (t\\.)?allows_direct_marketing', ''); END $$""",
    )),
    ("view_missing", "standard.customer", ("DROP VIEW standard.customer",)),
    ("view_extra", "standard.everybody", ("CREATE VIEW standard.everybody AS SELECT * FROM vault.customer",)),
    ("view_extra", "standard.kept", ("CREATE MATERIALIZED VIEW standard.kept AS SELECT * FROM vault.customer",)),
    ("view_owner", "standard.customer", ("ALTER VIEW standard.customer OWNER TO regulars_vault",)),
    ("view_not_barrier", "standard.customer", ("ALTER VIEW standard.customer SET (security_barrier = false)",)),
    ("function_extra", "standard.peek", ("CREATE FUNCTION standard.peek() RETURNS int LANGUAGE sql AS 'SELECT 1'",)),
    ("relation_extra", "vault.peek", ("CREATE VIEW vault.peek AS SELECT 1 AS one",)),
    ("owner_differs", "vault.customer", ("ALTER TABLE vault.customer OWNER TO CURRENT_USER",)),
    ("schema_extra", "side_door", ("CREATE SCHEMA side_door",)),
    ("right_extra", "regulars_standard vault.customer SELECT", (
        "GRANT SELECT ON vault.customer TO regulars_standard",)),
    ("right_extra", "regulars_writer vault.customer UPDATE allows_email", (
        "GRANT UPDATE (allows_email) ON vault.customer TO regulars_writer",)),
    ("choice_writable", "vault.customer", ("GRANT UPDATE (allows_email) ON vault.customer TO regulars_writer",)),
    ("right_extra", "regulars_writer vault.choice_entry DELETE", (
        "GRANT DELETE ON vault.choice_entry TO regulars_writer",)),
    ("right_extra", "PUBLIC standard.customer SELECT", ("GRANT SELECT ON standard.customer TO PUBLIC",)),
    ("right_extra", "regulars_writer vault.staff SELECT*", (
        "GRANT SELECT ON vault.staff TO regulars_writer WITH GRANT OPTION",)),
    ("right_missing", "regulars_log vault.access_entry INSERT who", (
        "REVOKE INSERT ON vault.access_entry FROM regulars_log",)),
    ("schema_right_extra", "regulars_standard vault USAGE", ("GRANT USAGE ON SCHEMA vault TO regulars_standard",)),
    ("schema_right_extra", "regulars_standard standard CREATE", (
        "GRANT CREATE ON SCHEMA standard TO regulars_standard",)),
    ("schema_right_extra", "PUBLIC public USAGE", ("GRANT USAGE ON SCHEMA public TO PUBLIC",)),
    ("database_right_extra", "regulars_standard TEMPORARY", (
        """DO $$ BEGIN
             EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO regulars_standard', current_database()); END $$""",)),
    ("default_right_extra", "regulars_vault PUBLIC SELECT", (
        "ALTER DEFAULT PRIVILEGES FOR ROLE regulars_vault GRANT SELECT ON TABLES TO PUBLIC",)),
    ("membership_extra", "regulars_vault regulars_standard True", ("GRANT regulars_vault TO regulars_standard",)),
    ("membership_extra", "pg_read_all_data regulars_standard True", ("GRANT pg_read_all_data TO regulars_standard",)),
    ("role_strong", "regulars_standard", ("ALTER ROLE regulars_standard BYPASSRLS",)),
    ("role_differs", "regulars_vault", ("ALTER ROLE regulars_vault LOGIN",)),
    ("role_extra", "regulars_guest", ("CREATE ROLE regulars_guest LOGIN",)),
    ("role_extra", "bi_unknown", ("CREATE ROLE bi_unknown LOGIN",)),
    ("setting_missing", "regulars_standard statement_timeout=20s", (
        "ALTER ROLE regulars_standard RESET statement_timeout",)),
    ("row_security_off", "vault.customer", ("ALTER TABLE vault.customer DISABLE ROW LEVEL SECURITY",)),
    ("row_security_off", "vault.customer", ("ALTER TABLE vault.customer NO FORCE ROW LEVEL SECURITY",)),
    ("policy_differs", "vault.customer.view_marketing", (
        "ALTER POLICY view_marketing ON vault.customer USING (true)",)),
    ("policy_extra", "vault.customer.generous", ("CREATE POLICY generous ON vault.customer TO PUBLIC USING (true)",)),
    ("policy_missing", "vault.customer.writer_all", ("DROP POLICY writer_all ON vault.customer",)),
    ("trigger_differs", "choice_becomes_present", (
        "ALTER TABLE vault.choice_entry DISABLE TRIGGER choice_becomes_present",)),
    ("trigger_missing", "choice_entry_only_added_to", (
        "DROP TRIGGER choice_entry_only_added_to ON vault.choice_entry",)),
    ("trigger_differs", "choice_becomes_present", (
        "DROP TRIGGER choice_becomes_present ON vault.choice_entry",
        """CREATE TRIGGER choice_becomes_present AFTER INSERT ON vault.choice_entry FOR EACH ROW WHEN (false)
             EXECUTE FUNCTION vault.choice_becomes_present()""")),
    ("trigger_extra", "listener", (
        """CREATE TRIGGER listener AFTER INSERT ON vault.choice_entry FOR EACH ROW
             EXECUTE FUNCTION vault.choice_becomes_present()""",)),
    ("function_differs", "vault.choice_is_heard", (
        """CREATE OR REPLACE FUNCTION vault.choice_is_heard(said text, by_guardian boolean, at timestamptz, born date,
           own_word_from integer) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = vault, pg_temp
           AS 'SELECT true'""",)),
    ("function_callers", "vault.years_old", ("GRANT EXECUTE ON FUNCTION vault.years_old TO regulars_standard",)),
    ("function_search_path", "vault.choice_becomes_present", (
        "ALTER FUNCTION vault.choice_becomes_present() RESET search_path",)),
    ("rule_extra", "vault.task", ("CREATE RULE quiet AS ON DELETE TO vault.task DO INSTEAD NOTHING",)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "statements"), DRIFT, ids=[f"{code} {place}" for code, place, _ in DRIFT])
def test_whatever_is_changed_by_hand_is_named(
    touched: Connection, code: str, place: str, statements: tuple[LiteralString, ...]
) -> None:
    report = after(touched, *statements)
    assert (code, place) in {(finding.code, finding.place) for finding in report.findings}


def test_a_partition_that_is_given_away_is_named(touched: Connection) -> None:
    report = after(
        touched,
        "SELECT vault.open_order_month('2026-03-01')",
        "GRANT SELECT ON vault.order_line_2026_03 TO regulars_standard",
    )
    places = [finding.place for finding in report.findings]
    assert places == ["regulars_standard vault.order_line_2026_03 SELECT"]


def test_the_customer_whose_permission_was_turned_by_hand_is_named(touched: Connection) -> None:
    person = bob()
    touched.execute("UPDATE vault.customer SET allows_direct_marketing = true WHERE id = %s", [person.id])
    found = [f for f in check_house(touched).findings if f.code == "choice_disagrees"]
    assert found == [
        Finding(
            "choice_disagrees", f"customer {person.id}", "allows_direct_marketing=False", "allows_direct_marketing=True"
        )
    ]


def test_an_order_of_nobody_is_named(administrator_connection: Connection) -> None:
    with administrator_connection.transaction(force_rollback=True) as _:
        administrator_connection.execute("SELECT vault.open_order_month('2026-03-01')")
        administrator_connection.execute(
            """INSERT INTO vault.order_line (line_key, ordered_at, customer_id, source_id, order_ref, order_key,
                 quantity_milli, amount_minor, currency, import_run_id)
               VALUES (gen_random_uuid(), '2026-03-02', 404, 405, 'x', 1, 1000, 100, 'CNY', 406)"""
        )
        found = {f.place: f.found for f in check_house(administrator_connection).findings}
    assert found == {
        "order_line.customer_id": "404 (1 lines)",
        "order_line.source_id": "405 (1 lines)",
        "order_line.import_run_id": "406 (1 lines)",
    }
    assert not OrderLine.objects.exists()


def test_what_everybody_may_ask_again_is_told_as_a_limit(touched: Connection) -> None:
    report = after(touched, "GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_get_live_tuples(oid) TO PUBLIC")
    assert report.limits == ("statistics",)
    assert report.agrees


def test_drift_is_taken_back(administrator_connection: Connection) -> None:
    person = bob()
    for statement in (
        "GRANT SELECT ON vault.customer TO regulars_standard",
        "GRANT UPDATE (allows_email) ON vault.customer TO regulars_writer",
        "ALTER VIEW standard.customer SET (security_barrier = false)",
        "CREATE POLICY generous ON vault.customer TO PUBLIC USING (true)",
        "ALTER POLICY view_marketing ON vault.customer USING (true)",
        "ALTER TABLE vault.customer DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE vault.choice_entry DISABLE TRIGGER choice_becomes_present",
        f"UPDATE vault.customer SET allows_direct_marketing = true WHERE id = {person.id}",
    ):
        administrator_connection.execute(statement)
    before, now = take_back_drift(administrator_connection)
    assert len(before.findings) >= 8
    assert now.findings == ()


def test_what_may_be_somebodys_work_is_not_thrown_away(administrator_connection: Connection) -> None:
    try:
        administrator_connection.execute("CREATE TABLE vault.stray (a int)")
        _, now = take_back_drift(administrator_connection)
        assert {finding.code for finding in now.findings} == {"column_unclassed", "owner_differs"}
    finally:
        administrator_connection.execute("DROP TABLE vault.stray")


def test_the_dictionary_and_the_models_name_the_same_columns() -> None:
    assert check_dictionary() == []


def test_a_column_somebody_forgot_to_class_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_allergies(table: Any) -> Any:
        kept = tuple(column for column in table.columns if column.name != "allergies")
        return type(table)(table.name, table.meaning, kept, table.person, table.views)

    fewer = tuple(without_allergies(table) for table in dictionary.DICTIONARY)
    monkeypatch.setattr("regulars.journeys.check_dictionary.DICTIONARY", fewer)
    assert check_dictionary() == [Finding("column_unclassed", "customer.allergies")]


def test_a_withdrawal_keeps_ledger_and_present_equal(administrator_connection: Connection) -> None:
    person = customer("Ann Archer", jurisdiction="CN")
    for value in ("granted", "denied", "unset", "granted"):
        said(person, "direct_marketing", value, at=NOON)
    assert check_house(administrator_connection).agrees
