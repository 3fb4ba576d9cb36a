"""An analyst whose login is limited to a branch or a brand, and who wants the rest: the database holds the line."""

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import pytest
from psycopg import errors

from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.journeys.limited_views import remake_limited_views
from regulars.journeys.take_back_drift import take_back_drift
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import Customer
from regulars.records.orders.models import Product
from regulars.records.staff.sql_logins import sql_logins
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.views import Within
from tests.attacks.conftest import Attacker, LogIn, ask
from tests.cast import EMIL, NOON, customer
from tests.story import Shop, order, shop

pytestmark = pytest.mark.usefixtures("house")
Limited = Callable[..., Attacker]


@pytest.fixture
def at() -> Shop:
    """Lena is at home at the lake and buys tea and linen, Hugo on the hill buys tea, Nomi belongs nowhere."""
    at_shop = shop()
    lena = customer("Lena Lake", home_branch_id=at_shop.lake, email="lena@example.com")
    hugo = customer("Hugo Hill", home_branch_id=at_shop.hill)
    customer("Nomi Nowhere")
    for who, lines, ref in ((lena, ["Tea", "Linen"], "B-1"), (hugo, ["Tea"], "B-2")):
        order(who, NOON, [(name, 900) for name in lines], branch=at_shop.lake, source=at_shop.source, ref=ref)
    Product.objects.filter(name="Tea").update(brand="Leaf")
    Product.objects.filter(name="Linen").update(brand="O'Linen")
    renew_anonymous_keys()
    return at_shop


@pytest.fixture
def limited(log_in: LogIn) -> Iterator[Limited]:
    """Opens a connection as an analyst limited so."""
    given: list[str] = []

    def knock(name: str = "lea", view: str = "standard", **within: tuple[Any, ...]) -> Attacker:
        login = give_sql_login(name, view=view, within=Within(**within), by=EMIL, at=NOON)
        given.append(login.role_name)
        return log_in(login.role_name, password=login.password)

    yield knock
    for role in given:
        if any(one.role_name == role and one.revoked_at is None for one in sql_logins()):
            revoke_sql_login(role, by=EMIL, at=NOON)


def names(connection: Attacker) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM customer")}


def test_she_reads_her_branch_and_of_nobody_else_anything(at: Shop, limited: Limited) -> None:
    """Customers, purchases, contacts: those of the branch's customers; totals of the whole house are not there."""
    lea = limited(branches=(at.lake,))
    assert names(lea) == {"Lena Lake"}
    assert ask(lea, "SELECT count(DISTINCT customer_id) FROM order_line") == 1
    assert ask(lea, "SELECT count(*) FROM contact_point WHERE value IS NOT NULL") == 0
    for table in ("bucket_month", "list_month"):
        with pytest.raises(errors.UndefinedTable):
            lea.execute(f"SELECT * FROM {table}")


def test_of_a_brand_she_reads_its_buyers_and_its_lines(at: Shop, limited: Limited) -> None:
    """Lena bought another brand as well: that line stays away, and so does the article."""
    lea = limited(brands=("O'Linen",))
    assert names(lea) == {"Lena Lake"}
    assert ask(lea, "SELECT count(*) FROM order_line") == 1
    assert ask(lea, "SELECT string_agg(name, ',') FROM product") == "Linen"


def test_where_two_limits_are_said_both_must_hold(at: Shop, limited: Limited) -> None:
    """The most restrictive wins: tea was bought by two, one of them at home on the hill; linen by nobody there."""
    assert names(limited("one", branches=(at.hill,), brands=("Leaf",))) == {"Hugo Hill"}
    assert names(limited("two", branches=(at.hill,), brands=("O'Linen",))) == set()


def test_an_anonymous_view_can_be_limited_too(at: Shop, limited: Limited) -> None:
    lea = limited(view="anonymous", branches=(at.lake,))
    assert lea.execute("SELECT name, home_branch_id FROM customer").fetchall() == [(None, at.lake)]
    assert ask(lea, "SELECT count(*) FROM order_line") == 2


TRIES: tuple[LiteralString, ...] = (
    "SELECT * FROM standard.customer",
    "SELECT * FROM vault.customer",
    "SELECT * FROM anonymous.order_line",
    "SET ROLE regulars_bi_standard",
    "SET ROLE regulars_view_bi_lea",
    "SET ROLE regulars_bi_limited",
    "SET SESSION AUTHORIZATION regulars_standard",
    "CREATE VIEW bi_lea.everybody AS SELECT 1",
    "ALTER VIEW bi_lea.customer SET (security_barrier = false)",
    "DROP VIEW bi_lea.customer",
    "GRANT regulars_bi_standard TO bi_lea",
)


def test_nothing_a_session_says_widens_it(at: Shop, limited: Limited) -> None:
    """Neither another schema, nor another role, nor a setting, nor a view of her own."""
    lea = limited(branches=(at.lake,))
    lea.execute("SET default_transaction_read_only = off")
    for attempt in TRIES:
        with pytest.raises(errors.InsufficientPrivilege):
            lea.execute(attempt)
    for name, value in (("app.branch", str(at.hill)), ("regulars.branches", "{}"), ("app.purpose", "oversight")):
        lea.execute("SELECT set_config(%s, %s, false)", [name, value])
    lea.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege):
        lea.execute("SELECT name FROM customer").fetchall()
    lea.execute("RESET ALL; SET search_path = standard, bi_lea")
    assert names(lea) == {"Lena Lake"}


LEAKS: tuple[LiteralString, ...] = (
    "SELECT name FROM customer WHERE name || pg_sleep(0)::text <> ''",
    "SELECT c.name FROM order_line o RIGHT JOIN customer c ON true",
    "SELECT name FROM customer WHERE home_branch_id IS DISTINCT FROM 0 OR true",
)


def test_neither_a_leak_nor_a_cast_error_tells_of_the_others(at: Shop, limited: Limited) -> None:
    lea = limited(branches=(at.lake,))
    for probe in LEAKS:
        assert {row[0] for row in lea.execute(probe)} <= {"Lena Lake"}
    with pytest.raises(errors.InvalidTextRepresentation) as told:
        lea.execute("SELECT name::int FROM customer")
    assert "Hugo" not in str(told.value)


def test_who_moves_to_another_branch_is_gone_with_the_next_statement(at: Shop, limited: Limited) -> None:
    lea = limited(branches=(at.lake,))
    Customer.objects.filter(name="Lena Lake").update(home_branch_id=at.hill)
    assert names(lea) == set()


def test_the_check_knows_her_and_finds_what_was_widened(
    at: Shop, limited: Limited, administrator_connection: Connection
) -> None:
    """Limits taken out of the view's text: the row rule holds, both are named, and both go back."""
    lea = limited(branches=(at.lake,))
    assert check_house(administrator_connection).findings == ()
    administrator_connection.execute(
        """DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW bi_lea.customer WITH (security_barrier) AS ' ||
             regexp_replace(pg_get_viewdef('bi_lea.customer'), 'WHERE .*$', ''); END $$"""
    )
    assert names(lea) == {"Lena Lake"}
    administrator_connection.execute("ALTER POLICY view_bi_lea ON vault.customer USING (true)")
    assert len(names(lea)) == 3
    found = {(one.code, one.place) for one in check_house(administrator_connection).findings}
    assert found == {("view_differs", "bi_lea.customer"), ("policy_differs", "vault.customer.view_bi_lea")}
    _, now = take_back_drift(administrator_connection)
    assert now.findings == ()
    assert names(lea) == {"Lena Lake"}


def test_a_new_shape_of_the_tables_makes_her_views_anew(
    at: Shop, limited: Limited, administrator_connection: Connection
) -> None:
    lea = limited(branches=(at.lake,))
    administrator_connection.execute("DROP SCHEMA bi_lea CASCADE")
    remake_limited_views(administrator_connection)
    assert names(lea) == {"Lena Lake"}


def test_when_it_is_revoked_nothing_of_it_is_left(
    at: Shop, limited: Limited, administrator_connection: Connection
) -> None:
    limited(branches=(at.lake,))
    revoke_sql_login("bi_lea", by=EMIL, at=NOON)
    left = administrator_connection.execute(
        """SELECT rolname FROM pg_roles WHERE rolname ~ 'bi_lea' UNION ALL SELECT nspname FROM pg_namespace
            WHERE nspname = 'bi_lea' UNION ALL SELECT policyname FROM pg_policies WHERE policyname ~ 'bi_lea'"""
    ).fetchall()
    assert left == []
    assert check_house(administrator_connection).findings == ()


@pytest.mark.parametrize("within", [Within(branches=(99_999,)), Within(brands=("No such brand",))])
def test_a_limit_nobody_falls_under_is_a_mistake(at: Shop, within: Within) -> None:
    with pytest.raises(BadInput, match="unknown"):
        give_sql_login("lea", view="standard", within=within, by=EMIL, at=NOON)
    assert sql_logins() == []
