"""The walk of docs/walks/analyst.md, step by step, with the real psql."""

import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from regulars.connections.postgres.analysts import end_analyst
from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.give_sql_login import SqlLogin, give_sql_login, revoke_sql_login, sql_logins
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import Customer
from regulars.records.staff.models import SqlLogin as Kept
from regulars.rules.privacy.roles import ANALYST_SETTINGS
from tests.cast import EMIL, NOON, ann, bob
from tests.shop import open_shop, sell
from tests.walks.steps import Steps, walk_through

pytestmark = pytest.mark.usefixtures("house")
STEPS = Steps()


@dataclass
class Story:
    """The logins, and what was seen."""

    check: Connection
    lin: SqlLogin = field(init=False)
    mo: SqlLogin = field(init=False)
    ann: Customer = field(init=False)
    key: str = ""


def psql(login: SqlLogin, *questions: str, password: str | None = None) -> tuple[bool, str]:
    """Whether psql ended well, and what it printed: answers or complaint."""
    words = [*shlex.split(login.command), "-At", "-v", "ON_ERROR_STOP=1"]
    for question in questions:
        words += ["-c", question]
    secret = {"PGPASSWORD": login.password if password is None else password}
    done = subprocess.run(words, env=secret, capture_output=True, text=True, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def refused(login: SqlLogin, *questions: str) -> str:
    """The complaint; a question that was answered fails the walk."""
    ended_well, said = psql(login, *questions)
    assert not ended_well, said
    return said


def answered(login: SqlLogin, *questions: str) -> str:
    ended_well, said = psql(login, *questions)
    assert ended_well, said
    return said


@STEPS.says(
    "Emil, the privacy officer, gives Lin a login to the standard view. Its password is shown this once and "
    "kept nowhere."
)
def lin_gets_a_login(story: Story) -> None:
    story.lin = give_sql_login("lin", view="standard", by=EMIL, at=NOON)
    assert len(story.lin.password) >= 24
    kept = " ".join(str(value) for row in Kept.objects.values() for value in row.values())
    assert story.lin.password not in kept


@STEPS.says("Lin types the command she was given. A wrong password does not let her in.")
def a_wrong_password(story: Story) -> None:
    assert psql(story.lin, "SELECT 1", password="guess")[0] is False
    assert psql(story.lin, "SELECT 1", password="")[0] is False


@STEPS.says("With the right one she counts the customers, by name if she likes.")
def she_counts(story: Story) -> None:
    story.ann = ann()
    bob()
    assert answered(story.lin, "SELECT count(*) FROM customer") == "2"
    assert answered(story.lin, "SELECT name FROM customer ORDER BY 1") == "Ann Archer\nBob Baker"


@STEPS.says(
    "Where a phone or a mail would be, there is nothing; of a birthday she sees the year; of an allergy she "
    "sees nothing."
)
def what_is_masked(story: Story) -> None:
    assert answered(story.lin, "SELECT count(*), count(value) FROM contact_point") == "6|0"
    assert answered(story.lin, "SELECT birth_on FROM customer WHERE name = 'Ann Archer'") == "1988-01-01"
    assert answered(story.lin, "SELECT count(allergies) FROM customer") == "0"
    assert Customer.objects.filter(allergies__isnull=False).count() == 1


@STEPS.says("The tables beneath do not exist for her, and neither do the other views.")
def nothing_else(story: Story) -> None:
    for schema in ("vault", "personal", "anonymous", "marketing", "delivery"):
        assert "permission denied for schema" in refused(story.lin, f"SELECT * FROM {schema}.customer")


@STEPS.says("She can change nothing, make nothing, and become nobody else.")
def she_is_lin(story: Story) -> None:
    writing = "SET default_transaction_read_only = off"
    for attempt in (
        "UPDATE customer SET name = 'x'", "DELETE FROM contact_point", "CREATE TABLE mine (a int)",
        "CREATE TEMP TABLE mine (a int)", "CREATE FUNCTION peek() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE regulars_personal", "SET SESSION AUTHORIZATION regulars_vault", "GRANT regulars_vault TO bi_lin",
        "ALTER ROLE bi_lin SUPERUSER", "COPY customer TO '/tmp/customers'",
    ):  # fmt: skip
        refused(story.lin, writing, attempt)


@STEPS.says("A question that runs for too long is ended, and so is a window she has forgotten.")
def too_long(story: Story) -> None:
    for name in ("statement_timeout", "idle_session_timeout", "transaction_timeout"):
        assert answered(story.lin, f"SHOW {name}") == ANALYST_SETTINGS[name]
    assert "statement timeout" in refused(story.lin, "SET statement_timeout = '200ms'", "SELECT pg_sleep(5)")


@STEPS.says(
    "What the catalogue tells of her own view is all it tells: it names no row, no size and no count of "
    "anything beneath."
)
def the_catalogue(story: Story) -> None:
    for question in (
        "SELECT reltuples FROM pg_class", "SELECT pg_total_relation_size('pg_catalog.pg_class')",
        "SELECT * FROM pg_stat_user_tables", "SELECT * FROM pg_locks",
    ):  # fmt: skip
        assert "permission denied" in refused(story.lin, question)
    assert answered(story.lin, "SELECT count(*) FROM pg_stats WHERE schemaname = 'vault'") == "0"


@STEPS.says(
    "Mo gets a login to the anonymous view. There Ann has no name, her number is one of this night, and the "
    "amount of her order is a round one."
)
def mo_sees_nobody(story: Story) -> None:
    open_shop()
    sell(story.ann, date(2026, 2, 1), 12_345)
    renew_anonymous_keys()
    story.mo = give_sql_login("mo", view="anonymous", by=EMIL, at=NOON)
    assert answered(story.mo, "SELECT count(name), count(number) FROM customer") == "0|0"
    key, amount = answered(story.mo, "SELECT customer_id, amount_minor FROM order_line").split("|")
    assert int(key) != story.ann.id
    assert int(amount) == 12_000
    story.key = key


@STEPS.says("The next night her number is another: what Mo noted today leads nowhere tomorrow.")
def another_night(story: Story) -> None:
    renew_anonymous_keys()
    assert answered(story.mo, f"SELECT count(*) FROM customer WHERE id = {story.key}") == "0"
    assert answered(story.mo, "SELECT count(*) FROM customer") == "2"


@STEPS.says("The check of the house knows both logins and finds everything as declared.")
def the_check(story: Story) -> None:
    assert check_house(story.check).findings == ()


@STEPS.says("Emil takes Lin's login away. The window she has open ends, and she does not come in again.")
def taken_away(story: Story) -> None:
    words = [*shlex.split(story.lin.command), "-At", "-c", "SELECT 1", "-c", "SELECT pg_sleep(15)"]
    environment = {**os.environ, "PGPASSWORD": story.lin.password}
    window = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert window.stdout is not None
    assert window.stdout.readline() == "1\n"
    began = time.monotonic()
    revoke_sql_login("bi_lin", by=EMIL, at=NOON)
    assert window.wait(timeout=10) != 0
    assert time.monotonic() - began < 10
    window.communicate()
    refused(story.lin, "SELECT 1")


@STEPS.says("The book says who was given what, by whom, and until when.")
def the_book(story: Story) -> None:
    book = {one.role_name: (one.view, one.issued_by, one.revoked_at) for one in sql_logins()}
    assert book == {"bi_lin": ("standard", "Emil", NOON), "bi_mo": ("anonymous", "Emil", None)}


@pytest.fixture
def story(administrator_connection: Connection) -> Iterator[Story]:
    yield Story(administrator_connection)
    for role in ("bi_lin", "bi_mo"):
        end_analyst(administrator_connection, role)


def test_an_analyst_asks_with_sql_of_her_own(story: Story) -> None:
    walk_through("analyst", STEPS, story)
