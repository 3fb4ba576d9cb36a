"""What the planner expects behind a view is what is there, so that it joins by hashing and not by loops in loops."""

import json
from datetime import date

import pytest
from django.db import connections

from regulars.connections.postgres.securing import Connection
from regulars.records.customers.models import Customer
from tests.cast import NOON

pytestmark = pytest.mark.usefixtures("house")
PEOPLE, ONE_IN = 5_000, 50
SAID = """
SET session_replication_role = replica;
UPDATE vault.customer SET allows_sensitive_use = substr(number, 3)::int % {one_in} = 0;
RESET session_replication_role;
ANALYZE vault.customer
"""
#: As any two tables of a view are joined by their customer.
JOIN = "SELECT count(*) FROM customer a JOIN customer b ON b.id = a.id"


@pytest.fixture
def few_allow(administrator_connection: Connection) -> None:
    """Five thousand customers, of whom one in fifty lets sensitive data be used."""
    Customer.objects.bulk_create(
        Customer(number=f"C-{n}", name="Somebody", first_seen_on=date(2024, 5, 18), changed_at=NOON)
        for n in range(PEOPLE)
    )
    for statement in SAID.format(one_in=ONE_IN).split(";"):
        administrator_connection.execute(statement)  # type: ignore[arg-type]


def expected(question: str) -> tuple[float, str]:
    """How many rows the planner expects below the counting, and its plan as text, asked by the view's own login."""
    with connections["sensitive"].cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {question}")
        (told,) = cursor.fetchone()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return plan["Plans"][0]["Plan Rows"], json.dumps(plan)


@pytest.mark.usefixtures("few_allow")
def test_a_rule_said_twice_is_counted_once() -> None:
    """One in fifty, not one in fifty of one in fifty, though the view says it and the row rule says it again."""
    assert expected("SELECT count(*) FROM customer")[0] == pytest.approx(PEOPLE / ONE_IN, rel=0.2)


@pytest.mark.usefixtures("few_allow")
def test_two_tables_of_a_view_are_not_joined_by_loops_in_loops() -> None:
    """Of two thousand people with four thousand lines such loops made eight million comparisons."""
    assert "Nested Loop" not in expected(JOIN)[1]


def test_without_the_statistics_it_would_expect_next_to_nobody(
    few_allow: None, administrator_connection: Connection
) -> None:
    """Otherwise the first two would prove nothing: it expects two of a hundred, and loops."""
    with administrator_connection.transaction(force_rollback=True):
        administrator_connection.execute("DROP STATISTICS vault.customer_rules")
        administrator_connection.execute("SET LOCAL ROLE regulars_view_sensitive; SET LOCAL search_path = sensitive")
        (line,) = administrator_connection.execute("EXPLAIN SELECT * FROM customer").fetchall()[0]
        plan = administrator_connection.execute(f"EXPLAIN {JOIN}").fetchall()
    assert " rows=2 " in str(line)
    assert "Nested Loop" in str(plan)
