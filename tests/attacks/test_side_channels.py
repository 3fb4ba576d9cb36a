"""Somebody who does not read what is closed but counts, compares, measures and listens: cases 21–23 and their kin."""

import statistics
import time
from datetime import date
from typing import LiteralString

import psycopg
import pytest
from django.db import connections
from psycopg import errors

from regulars.connections.postgres.securing import Connection
from regulars.records.customers.anonymous_keys import renew_anonymous_keys
from regulars.records.customers.models import AnonymousKey
from tests.attacks.conftest import Attacker, LogIn, ask
from tests.cast import NOON, ann, bob, customer, said
from tests.story import order, shop

pytestmark = pytest.mark.usefixtures("house")
CROWD = 120


@pytest.fixture
def crowd(administrator_connection: Connection) -> None:
    """Many people, so that an order that tells something does not come about by chance."""
    for number in range(CROWD):
        customer(f"P{number} Quist", city="Paris")
    renew_anonymous_keys()
    administrator_connection.execute("ANALYZE vault.customer, vault.anonymous_key")


ORDERS: tuple[LiteralString, ...] = (
    "SELECT id FROM customer",
    "SELECT id, city FROM customer WHERE city = 'Paris'",
    "SELECT c.id FROM customer c LEFT JOIN customer_activity a ON a.customer_id = c.id",
    "SELECT id FROM customer LIMIT 50",
)


@pytest.mark.parametrize("question", ORDERS)
def test_21_the_order_of_the_anonymous_rows_leads_nowhere(crowd: None, mo: Attacker, question: LiteralString) -> None:
    """In the order of the table the first row would be the same person every night, and in every view with names."""

    def led_back() -> list[int]:
        found = [row[0] for row in mo.execute(question)]
        there = dict(AnonymousKey.objects.values_list("key", "customer_id"))
        return [there[key] for key in found]

    before = led_back()
    renew_anonymous_keys()
    after = led_back()
    assert len(before) == len(after) >= 50
    assert before != sorted(before)
    assert after != sorted(after)
    assert sum(one == other for one, other in zip(before, after, strict=True)) < len(before) / 5


CLOCKS = ("UTC", "<x>+14:37", "<x>+14:38", "Pacific/Kiritimati", "America/New_York")


def test_the_minute_of_an_order_is_not_found_by_turning_the_clock(mo: Attacker) -> None:
    """A day that begins where she likes would tell by halving when somebody stood at the counter."""
    at_shop = shop()
    order(ann(), NOON.replace(hour=14, minute=37), [("Tea", 900)], branch=at_shop.lake, source=at_shop.source, ref="B")
    renew_anonymous_keys()
    told = set()
    for clock in CLOCKS:
        mo.execute("SELECT set_config('TimeZone', %s, false)", [clock])
        told.add(ask(mo, "SELECT ordered_at AT TIME ZONE 'UTC' FROM order_line"))
    assert told == {NOON.replace(hour=0, tzinfo=None)}


def test_21_nor_does_the_order_of_purchases(mo: Attacker, administrator_connection: Connection) -> None:
    """A table without names in the order it was written would say whose line is whose to anybody with the other."""
    at = shop()
    buyers = [customer(f"B{number} Quist") for number in range(40)]
    for number, who in enumerate(buyers):
        order(who, NOON, [("Tea", 900)], branch=at.lake, source=at.source, ref=f"B-{number}")
    renew_anonymous_keys()
    administrator_connection.execute("ANALYZE vault.order_line, vault.anonymous_key")
    keys = [row[0] for row in mo.execute("SELECT customer_id FROM order_line")]
    there = dict(AnonymousKey.objects.values_list("key", "customer_id"))
    people = [there[key] for key in keys]
    assert set(people) == {who.id for who in buyers}
    assert people != sorted(people)


def test_22_hidden_and_missing_take_the_same_time(log_in: LogIn) -> None:
    """By key, through the view of those who allow it: who closed it and who never was differ by noise alone."""
    who = bob()
    marketing = log_in("regulars_marketing")

    def seconds(wanted: int) -> float:
        begun = time.perf_counter()
        assert marketing.execute("SELECT name FROM customer WHERE id = %s", [wanted], prepare=True).fetchone() is None
        return time.perf_counter() - begun

    for _ in range(50):
        seconds(who.id), seconds(who.id + 999)
    hidden, missing = zip(*((seconds(who.id), seconds(who.id + 999)) for _ in range(600)), strict=True)
    apart = abs(statistics.median(hidden) - statistics.median(missing))
    spread = statistics.quantiles(missing, n=20)[-1] - statistics.quantiles(missing, n=20)[0]
    assert apart < spread, (apart, spread)


SLOW: LiteralString = (
    "SELECT count(*) FROM generate_series(1, 1000) n WHERE repeat('a', 60000 + n) LIKE '%' || repeat('a', 30000) || 'b'"
)


def test_23_a_pathological_like_ends_by_itself(lin: Attacker) -> None:
    """A pattern that never ends meets the clock a session starts with; twenty seconds, here shortened to one."""
    assert ask(lin, "SHOW statement_timeout") == "20s"
    lin.execute("SET statement_timeout = '1s'")
    begun = time.monotonic()
    with pytest.raises(errors.QueryCanceled, match="statement timeout"):
        lin.execute(SLOW)
    assert time.monotonic() - begun < 10


MASKED_SIZES: tuple[LiteralString, ...] = (
    "SELECT DISTINCT pg_column_size(allergies) FROM customer",
    "SELECT DISTINCT length(id_document) FROM customer",
    "SELECT DISTINCT allergies IS NULL FROM customer",
    "SELECT DISTINCT pg_column_compression(allergies) FROM customer",
    "SELECT DISTINCT to_jsonb(customer) -> 'allergies' FROM customer",
    "SELECT DISTINCT hashtext(product_knowledge || postcode) FROM customer WHERE false",
)


def test_how_long_a_closed_cell_is_cannot_be_asked(analyst: Attacker) -> None:
    """Size, hash, compression, JSON: the cell is not there, with or without a value behind it (decision 6)."""
    customer("Rich Rita", allergies="macadamia nuts", id_document="330106198804020021")
    customer("Poor Paul")
    renew_anonymous_keys()
    for question in MASKED_SIZES:
        assert len(analyst.execute(question).fetchall()) <= 1, question


def test_a_unique_number_cannot_be_tried_out(analyst: Attacker) -> None:
    """Unique and foreign keys answer "exists already" only to who may write: no analyst may, in no view."""
    ann()
    analyst.execute("SET default_transaction_read_only = off")
    for attempt in (
        "INSERT INTO customer (number) VALUES ('C-20001')",
        "INSERT INTO vault.customer (number) VALUES ('C-20001')",
        "INSERT INTO customer_activity (customer_id) VALUES (1)",
    ):
        with pytest.raises((errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)):
            analyst.execute(attempt)


def test_what_the_house_calls_out_names_nobody(lin: Attacker) -> None:
    """Anybody who may connect may listen: a job that is queued is called out by its number, never by what it is for."""
    lin.execute('LISTEN "procrastinate_any_queue_v1"')
    with connections["default"].cursor() as cursor:
        cursor.execute(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
               VALUES ('imports', 'import_file', '{"who": "Ann Archer"}') RETURNING id"""
        )
        job = (cursor.fetchone() or (0,))[0]
    heard = [said.payload for said in lin.notifies(timeout=2, stop_after=1)]
    assert heard
    assert all("Ann" not in one and str(job) in one for one in heard)


def test_somebody_elses_transaction_cannot_be_held_up(lin: Attacker, log_in: LogIn) -> None:
    """An open transaction of an analyst locks nothing a writer needs: the withdrawal goes through beside it."""
    who = ann()
    with lin.transaction():
        lin.execute("SELECT * FROM customer").fetchall()
        said(who, "direct_marketing", "denied")
        assert ask(log_in("regulars_marketing"), "SELECT count(*) FROM customer") == 0


def test_a_birthday_is_not_found_by_halving(lin: Attacker) -> None:
    """Comparing, sorting and grouping by a coarse column give its coarse values and nothing between."""
    for day in (1, 2, 3, 28):
        customer(f"D{day} Quist", birth_on=date(1990, 5, day))
    found = lin.execute("SELECT count(DISTINCT birth_on), min(birth_on), max(birth_on) FROM customer").fetchone()
    assert found == (1, date(1990, 1, 1), date(1990, 1, 1))
    assert ask(lin, "SELECT count(*) FROM customer WHERE birth_on > '1990-01-01'") == 0
    assert ask(lin, "SELECT count(*) FROM customer WHERE birth_on BETWEEN '1990-01-02' AND '1990-12-31'") == 0


def test_no_window_is_opened_to_the_vault_by_a_join(analyst: Attacker) -> None:
    """Schemas of other views and the vault are closed to joins, unions, subqueries and lateral calls alike."""
    attempts: tuple[LiteralString, ...] = (
        "SELECT * FROM customer c JOIN personal.customer p ON p.id = c.id",
        "SELECT id FROM customer UNION SELECT id FROM vault.customer",
        "SELECT * FROM customer c, LATERAL (SELECT value FROM delivery.contact_point WHERE customer_id = c.id) v",
        "SELECT (SELECT value FROM repair.contact_point LIMIT 1) FROM customer",
        "TABLE personal.customer",
        "WITH x AS (SELECT * FROM sensitive.customer) SELECT * FROM x",
        "SELECT query_to_xml('SELECT * FROM vault.customer', true, true, '')",
        "SELECT table_to_xml('personal.customer', true, true, '')",
        "SELECT ts_stat('SELECT to_tsvector(name) FROM vault.customer')",
    )
    for attempt in attempts:
        with pytest.raises(psycopg.Error) as told:
            analyst.execute(attempt)
        assert isinstance(told.value, errors.InsufficientPrivilege), attempt


def test_a_withdrawn_person_is_not_kept_by_a_cursor(log_in: LogIn) -> None:
    """A question asked again is answered anew: neither a prepared statement nor a view's plan remembers who was in."""
    who = customer("Cara Closing")
    said(who, "direct_marketing", "granted")
    marketing = log_in("regulars_marketing")
    marketing.execute("PREPARE everybody AS SELECT name FROM customer")
    for _ in range(7):  # so often that the plan is kept
        assert marketing.execute("EXECUTE everybody").fetchall() == [("Cara Closing",)]
    said(who, "direct_marketing", "denied", at=NOON)
    assert marketing.execute("EXECUTE everybody").fetchall() == []
