"""What an analyst runs in PostgreSQL finds the same people as the rule asked of each person's facts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.rules.segments.facts import Facts, Line
from regulars.rules.segments.facts import why_in as why
from regulars.rules.segments.fields import FIELDS, WITHOUT_VALUE
from regulars.rules.segments.granted import Granted, as_granted_sql
from regulars.rules.segments.rule import Condition, Group
from tests.rules.segments.cast import AT, people, products, rules

Connection = psycopg.Connection[tuple[object, ...]]
TRIAL = Granted("segment_trial", "Asia/Shanghai", "CNY")
CUSTOMER = (
    "stage", "sex", "city", "region", "country", "language", "income_band", "marital_status",
    "home_branch_id", "household_size", "first_seen_on", "birth_on",
)  # fmt: skip
SCORE = (
    "recency_days",
    "frequency",
    "monetary_minor",
    "r",
    "f",
    "m",
    "rfm_group",
    "state",
    "due_on",
    "first_on",
    "last_on",
)
TABLES = """
DROP SCHEMA IF EXISTS segment_trial CASCADE; CREATE SCHEMA segment_trial;
CREATE TABLE segment_trial.customer (id bigint, stage text, sex text, city text, region text, country text,
    language text, income_band text, marital_status text, home_branch_id bigint, household_size smallint,
    first_seen_on date, birth_on date);
CREATE TABLE segment_trial.score (customer_id bigint, recency_days int, frequency int, monetary_minor bigint,
    r smallint, f smallint, m smallint, rfm_group text, state text, due_on date, first_on date, last_on date);
CREATE TABLE segment_trial.order_line (customer_id bigint, order_key bigint, product_id bigint, branch_id bigint,
    ordered_at timestamptz, amount_minor bigint, currency text);
CREATE TABLE segment_trial.product (id bigint, department text, category text, brand text);
CREATE TABLE segment_trial.response (customer_id bigint, campaign_id bigint, at timestamptz, kind text);
"""
TEXTS = CUSTOMER[:8]


@pytest.fixture
def trial(administrator_connection: Connection) -> Iterator[Connection]:
    administrator_connection.execute(TABLES)
    put(administrator_connection, "product", [(number, *product) for number, product in products.items()])
    yield administrator_connection
    administrator_connection.execute("DROP SCHEMA segment_trial CASCADE")


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(rules, st.lists(st.tuples(people, st.none() | st.integers(1950, 2012)), min_size=1, max_size=6))
def test_an_analyst_finds_whom_the_rule_means(
    trial: Connection, rule: Group, persons: list[tuple[Facts, int | None]]
) -> None:
    told = [derived(facts, born) for facts, born in persons]
    fill(trial, told, [born for _, born in persons])
    found = trial.execute(as_granted_sql(rule, TRIAL, at=AT)).fetchall()  # type: ignore[call-overload]
    assert sorted(found) == [(who,) for who, facts in enumerate(told) if why(rule, facts, at=AT).is_in]


@pytest.mark.parametrize("key", FIELDS)
def test_every_field_can_be_asked_in_the_view_of_marketing(administrator_connection: Connection, key: str) -> None:
    for operator in FIELDS[key].operators:
        rule = Group("all", (Condition(key, operator, some_value(key, operator)),))
        sql = as_granted_sql(rule, replace(TRIAL, view="marketing"), at=AT)
        administrator_connection.execute(f"EXPLAIN {sql}")  # type: ignore[call-overload]


def some_value(key: str, operator: str) -> Any:
    field = FIELDS[key]
    if operator in WITHOUT_VALUE:
        return None
    one: Any = 1
    if field.kind == "date" and not operator.endswith("_days"):
        one = AT
    elif field.kind in ("text", "bought") and key not in ("bought_product", "bought_at"):
        one = "x"
    if operator == "between":
        return (one, one)
    return (one,) if operator in ("any_of", "none_of", "all_of") else one


def derived(facts: Facts, born: int | None) -> Facts:
    """The facts, with what the profile derives derived from their own order lines."""
    known = [line for line in facts.lines if line.ordered_on <= AT]
    lately = [line.amount_minor for line in known if line.ordered_on > AT - timedelta(90)]
    paid, back = sum(a for a in lately if a > 0), -sum(a for a in lately if a < 0)
    made = {
        "age_band": None if born is None else f"{born // 10 * 10}s",
        "return_share_90d": min(1, back / paid) if paid else None,
        "last_branch_id": last_branch(known),
        "established_minor": facts.profile["monetary_minor"],
        **{f"orders_{days}d": orders_in(known, days) for days in (30, 90, 365)},
        **{
            f"amount_{days}d_minor": sum(a.amount_minor for a in known if a.ordered_on > AT - timedelta(days))
            for days in (90, 365)
        },
    }
    return replace(facts, profile={**facts.profile, **made})


def orders_in(lines: list[Line], days: int) -> int:
    orders: dict[int, list[Line]] = {}
    for line in lines:
        orders.setdefault(line.order_key, []).append(line)
    kept = [order for order in orders.values() if sum(line.amount_minor for line in order) > 0]
    return sum(min(line.ordered_on for line in order) > AT - timedelta(days) for order in kept)


def last_branch(lines: list[Line]) -> int | None:
    bought = [(a.ordered_on, a.order_key, a.branch_id) for a in lines if a.amount_minor > 0 and a.branch_id is not None]
    return max(bought)[2] if bought else None


def fill(trial: Connection, persons: list[Facts], born: list[int | None]) -> None:
    for table in ("customer", "score", "order_line", "response"):
        trial.execute(f"DELETE FROM segment_trial.{table}")
    profiles = [
        {**facts.profile, "birth_on": None if year is None else date(year, 7, 1)}
        for facts, year in zip(persons, born, strict=True)
    ]
    put(trial, "customer", [(n, *(kept(name, p[name]) for name in CUSTOMER)) for n, p in enumerate(profiles)])
    put(trial, "score", [(n, *(p[name] for name in SCORE)) for n, p in enumerate(profiles)])
    put(trial, "order_line", [(n, *line) for n, facts in enumerate(persons) for line in map(told, facts.lines)])
    answers = [(n, a.campaign_id, evening(a.answered_on), "visit") for n, f in enumerate(persons) for a in f.answers]
    put(trial, "response", answers)


def kept(name: str, value: object) -> object:
    return "" if value is None and name in TEXTS else value


def told(line: Line) -> tuple[object, ...]:
    return line.order_key, line.product_id, line.branch_id, evening(line.ordered_on), line.amount_minor, "CNY"


def evening(day: date) -> datetime:
    """Late on that day in Shanghai."""
    return datetime(day.year, day.month, day.day, 15, 59, tzinfo=UTC)


def put(trial: Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join(["%s"] * len(rows[0]))
        trial.cursor().executemany(f"INSERT INTO segment_trial.{table} VALUES ({marks})", rows)  # type: ignore[arg-type]
