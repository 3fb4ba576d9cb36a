"""What PostgreSQL's own catalogues tell one login of what another asks: every view and every table of them is read."""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from regulars.connections.postgres.securing import Connection
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.rules.privacy.compiler import login_role
from regulars.rules.privacy.views import VIEWS
from tests.attacks.conftest import Attacker, LogIn
from tests.cast import customer

pytestmark = pytest.mark.usefixtures("house")
#: Written into questions by somebody else; nowhere in the tables.
ASKED = ("Xanthippe Quartermain", "+15550177001", "xq@example.com", "4 Hidden Lane")
CATALOGUES: LiteralString = """
SELECT c.oid::regclass::text FROM pg_class c
 WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'public'::regnamespace)
   AND c.relkind IN ('r', 'v', 'm')
"""
#: Functions behind such views take an argument, so that no view shows all they say.
BY_NUMBER: tuple[LiteralString, ...] = (
    "SELECT pg_stat_get_backend_activity(n) FROM generate_series(1, 300) n",
    "SELECT pg_stat_get_activity(%s)",
    "SELECT pg_blocking_pids(%s)",
    "SELECT pg_stat_get_progress_info('COPY')",
    "SELECT pg_log_backend_memory_contexts(%s)",
    "SELECT pg_stat_get_backend_wal(%s)",
)


@pytest.fixture
def busy(log_in: LogIn) -> Iterator[list[int]]:
    """Sessions of the writer and of every view, in the midst of questions with somebody's name, phone, mail, street."""
    sessions = [log_in(role) for role in ("regulars_writer", *(login_role(view) for view in VIEWS))]
    for session in sessions:
        session.autocommit = False
        session.execute("SELECT set_config('application_name', %s, false)", ["Xanthippe Quartermain"])
        session.execute("PREPARE one AS SELECT 'Xanthippe Quartermain'")
        session.execute("DECLARE two CURSOR FOR SELECT '+15550177001'")
        session.execute("SELECT 'xq@example.com', '4 Hidden Lane'")
    yield [session.info.backend_pid for session in sessions]
    for session in sessions:
        session.rollback()


@pytest.fixture(params=["bi_lin", "bi_mo", "regulars_log", *(login_role(view) for view in VIEWS)])
def curious(request: pytest.FixtureRequest, log_in: LogIn) -> Attacker:
    """Everybody who logs in: two analysts, and the application through each of its views."""
    if request.param.startswith("regulars"):
        return log_in(request.param)
    lin: Attacker = request.getfixturevalue(request.param.removeprefix("bi_"))
    return lin


def told(session: Attacker, question: LiteralString | sql.Composed, *values: object) -> str:
    """All that comes back, or why nothing does."""
    try:
        return str(session.execute(question, values or None).fetchall())
    except psycopg.Error as error:
        session.rollback()
        return f"{error} {error.diag.message_detail} {error.diag.context}"


def test_no_catalogue_tells_what_another_session_asks(
    curious: Attacker, busy: list[int], administrator_connection: Connection
) -> None:
    """Not by its current question, its prepared ones, its cursors, the name it gave itself, locks, statistics."""
    catalogues = [str(name) for (name,) in administrator_connection.execute(CATALOGUES)]
    assert {"pg_stat_activity", "pg_prepared_statements", "pg_cursors", "pg_locks"} <= set(catalogues)
    for name in catalogues:
        heard = told(curious, sql.SQL("SELECT * FROM {}").format(sql.Identifier(*name.split("."))))
        assert not any(word in heard for word in ASKED), name
    for question in BY_NUMBER:
        for pid in busy if "%s" in question else [None]:
            heard = told(curious, question, *([pid] if pid else []))
            assert not any(word in heard for word in ASKED), question


def test_no_statistic_of_the_tables_holds_a_value(curious: Attacker, administrator_connection: Connection) -> None:
    """Most common values, bounds of histograms, extended statistics: of tables nobody but their owner may read."""
    for _ in range(5):
        customer("Ann Archer", birth_on=date(1988, 4, 2))
    renew_anonymous_keys()
    administrator_connection.execute("ANALYZE vault.customer, vault.anonymous_key")
    catalogues = [str(name) for (name,) in administrator_connection.execute(CATALOGUES)]
    shown = told(administrator_connection, "SELECT * FROM pg_stats WHERE tablename = 'customer'")
    assert "Ann Archer" in shown  # to whom it may be shown it is
    for name in catalogues:
        heard = told(curious, sql.SQL("SELECT * FROM {}").format(sql.Identifier(*name.split("."))))
        assert not any(word in heard for word in ("Ann Archer", "1988-04-02")), name


def test_what_statements_were_counted_is_asked_where_no_login_goes(curious: Attacker) -> None:
    """The counting of analysts' statements has its texts; they are read in a database that lets none of us in."""
    with pytest.raises((errors.UndefinedTable, errors.InsufficientPrivilege)):
        curious.execute("SELECT query FROM pg_stat_statements")
    with pytest.raises(errors.UndefinedFunction):
        curious.execute("SELECT * FROM pg_stat_statements(true)")
