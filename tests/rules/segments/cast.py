"""Random rules and random customers for the properties of segments."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta

import duckdb
from hypothesis import strategies as st

from regulars.rules.segments.evaluate import Tables
from regulars.rules.segments.facts import Answer, Facts, Line
from regulars.rules.segments.fields import BY_NUMBER, FIELDS, WITHOUT_VALUE, Field
from regulars.rules.segments.profile import PROFILE
from regulars.rules.segments.rule import Condition, Group, Part

AT = date(2026, 3, 2)
TEXTS = ["杭州", "O'Hara", "{x}", 'say "hi"', "-- ;", "%", "COATS"]
KINDS = {"bigint": "BIGINT", "integer": "INTEGER", "double": "DOUBLE", "date": "DATE", "text": "VARCHAR"}
LINE_COLUMNS = (
    "customer_id BIGINT, order_key BIGINT, product_id BIGINT, branch_id BIGINT, ordered_on DATE, amount_minor BIGINT"
)

days_near = st.integers(-70, 70).map(lambda days: AT + timedelta(days))


def numbers(field: Field) -> st.SearchStrategy[int | float]:
    if field.kind == "share":
        return st.sampled_from([0, 0.0, 0.1, 0.5, 0.6, 1])
    low, high = {"band": (1, 5), "money": (-300, 300)}.get(field.kind, (0, 6))
    return st.integers(low, high)


def listed(field: Field) -> st.SearchStrategy[int | str]:
    if field.column in BY_NUMBER:
        return st.integers(1, 4)
    return st.sampled_from(field.values or TEXTS)


def values(field: Field, operator: str) -> st.SearchStrategy[object]:
    if operator in WITHOUT_VALUE:
        return st.none()
    if operator in ("in_last_days", "in_next_days"):
        return st.integers(1, 60)
    one: st.SearchStrategy[object] = days_near if field.kind == "date" else numbers(field)
    if operator == "between":
        return st.tuples(one, one).map(lambda pair: tuple(sorted(pair)))  # type: ignore[type-var]
    if operator in ("any_of", "none_of", "all_of"):
        return st.lists(listed(field), min_size=1, max_size=3, unique=True).map(tuple)
    return one


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(sorted(FIELDS.values(), key=lambda field: field.key)))
    operator = draw(st.sampled_from(field.operators))
    value = draw(values(field, operator))
    days = since = until = None
    if field.has_period:
        days = draw(st.sampled_from([None, None, 10, 30, 90]))
        if days is None:
            since, until = draw(st.tuples(st.none() | days_near, st.none() | days_near))
            since, until = (until, since) if since and until and since > until else (since, until)
    return Condition(field.key, operator, value, days, since, until)  # type: ignore[arg-type]


def groups(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(["all", "any", "none"]), st.lists(parts, min_size=1, max_size=3).map(tuple))


parts: st.SearchStrategy[Part] = st.recursive(conditions(), groups, max_leaves=6)
rules = groups(parts)

products = {1: ("Coats", "COATS", "O'Hara"), 2: ("Coats", "杭州", "%"), 3: ("{x}", "-- ;", None)}


@st.composite
def lines(draw: st.DrawFn) -> Line:
    product = draw(st.sampled_from([None, 1, 2, 3, 4]))
    department, category, brand = products.get(product or 0, (None, None, None))
    return Line(
        draw(st.integers(1, 4)), draw(days_near), draw(st.sampled_from([-200, -50, 0, 50, 100, 200])), product,
        draw(st.sampled_from([None, 1, 2])), department, category, brand,
    )  # fmt: skip


def profile_values(name: str, kind: str) -> st.SearchStrategy[object]:
    field = next((field for field in FIELDS.values() if field.column == name), None)
    if kind == "date":
        return st.none() | days_near
    if kind == "text":
        return st.none() | st.sampled_from((field.values if field else ()) or TEXTS)
    if kind == "double":
        return st.sampled_from([None, 0.0, 0.1, 0.5, 0.6, 0.61, 1.0])
    counted = st.integers(-300, 300) if "minor" in name else st.integers(0, 6)
    # What the profile always counts is never empty.
    return counted if name.startswith(("orders_", "amount_", "frequency", "monetary")) else st.none() | counted


profiles = st.fixed_dictionaries(
    {name: profile_values(name, kind) for name, kind in PROFILE.types().items() if name != "customer_id"}
)
people = st.builds(
    Facts,
    profiles,
    st.lists(lines(), max_size=6),
    st.lists(st.builds(Answer, st.integers(1, 3), days_near), max_size=2),
)


def as_tables(con: duckdb.DuckDBPyConnection, persons: Sequence[Facts]) -> Tables:
    """The persons, numbered from 0, as the tables that rules are evaluated on."""
    columns = ", ".join(f"{name} {KINDS[kind]}" for name, kind in PROFILE.types().items())
    for name, layout in (
        ("profile", columns),
        ("lines", LINE_COLUMNS),
        ("products", "product_id BIGINT, department VARCHAR, category VARCHAR, brand VARCHAR"),
        ("answers", "customer_id BIGINT, campaign_id BIGINT, answered_on DATE"),
    ):
        con.execute(f"CREATE OR REPLACE TABLE {name} ({layout})")
    names = PROFILE.names()
    _insert(con, "profile", [[number, *(p.profile[n] for n in names[1:])] for number, p in enumerate(persons)])
    _insert(con, "lines", [[number, *_line(line)] for number, p in enumerate(persons) for line in p.lines])
    _insert(con, "products", [[number, *product] for number, product in products.items()])
    _insert(
        con,
        "answers",
        [[number, *(getattr(a, f.name) for f in fields(a))] for number, p in enumerate(persons) for a in p.answers],
    )
    return Tables(con.table("profile"), con.table("lines"), con.table("products"), con.table("answers"))


def _line(line: Line) -> list[object]:
    return [line.order_key, line.product_id, line.branch_id, line.ordered_on, line.amount_minor]


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[object]]) -> None:
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        con.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
