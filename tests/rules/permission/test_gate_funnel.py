"""The gate for millions says of everybody what the gate for one says of each."""

from dataclasses import asdict, fields
from datetime import UTC, date, datetime, time, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.rules.permission import funnel
from regulars.rules.permission.choices import CHANNELS
from regulars.rules.permission.funnel import PERSON_COLUMNS, allowed, ask_everyone, count_funnel, read_answers
from regulars.rules.permission.gate import RULES, Contact, Person, decide

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
maybe = st.one_of(st.none(), st.booleans())
hours = st.one_of(st.none(), st.integers(0, 23).map(time))
people = st.builds(
    Person,
    customer_id=st.just(0),
    allows_direct_marketing=maybe,
    allows_email=maybe,
    allows_phone=maybe,
    allows_letter=maybe,
    allows_sms=maybe,
    reachable=maybe,
    reason_holds=maybe,
    suppressions=st.one_of(st.none(), st.just(()), st.just(("bounced",))),
    birth_on=st.one_of(st.none(), st.dates(date(2007, 1, 1), date(2013, 1, 1))),
    birth_year=st.one_of(st.none(), st.integers(2006, 2013)),
    flagged_minor=st.booleans(),
    jurisdiction=st.sampled_from(["CN", "EU", "US-CA", "none", "o'hara"]),
    open_complaints=st.one_of(st.none(), st.integers(0, 2)),
    contacts_30d=st.one_of(st.none(), st.integers(0, 4)),
    competing_priority=st.one_of(st.none(), st.integers(0, 2)),
    competing_campaign=st.one_of(st.none(), st.integers(1, 3)),
    may_from=hours,
    may_until=hours,
    subject_closed=maybe,
    timezone=st.sampled_from([None, "", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Nowhere/O'Hara"]),
)
contacts = st.builds(
    Contact,
    channel=st.sampled_from(CHANNELS),
    reason=st.sampled_from(["due", "due", ""]),
    at=st.one_of(
        st.integers(0, 60).map(lambda h: NOW + timedelta(hours=h)), st.just(datetime(2028, 2, 29, 12, tzinfo=UTC)),
        st.just(datetime(2026, 12, 31, 12, tzinfo=UTC)),
    ),
    service=st.booleans(),
    campaign=st.just(2),
    priority=st.integers(0, 2),
    cap=st.integers(1, 4),
    open_from=st.integers(0, 23).map(time),
    open_until=st.integers(0, 23).map(time),
)  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def as_table(con: duckdb.DuckDBPyConnection, persons: list[Person]) -> duckdb.DuckDBPyRelation:
    columns = ", ".join(f"{name} {kind}" for name, kind in PERSON_COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE persons ({columns})")
    for person in persons:
        row = asdict(person)
        suppressions = row.pop("suppressions")
        row["suppressed"] = None if suppressions is None else bool(suppressions)
        marks = ", ".join("?" for _ in PERSON_COLUMNS)
        con.execute(f"INSERT INTO persons VALUES ({marks})", [row[name] for name in PERSON_COLUMNS])
    return con.table("persons")


def numbered(persons: list[Person]) -> list[Person]:
    return [Person(**asdict(person) | {"customer_id": number}) for number, person in enumerate(persons)]


def test_the_table_has_a_column_for_each_thing_the_gate_must_know() -> None:
    asked = {"suppressed" if f.name == "suppressions" else f.name for f in fields(Person)}
    assert asked == set(PERSON_COLUMNS)


@settings(max_examples=60, deadline=None)
@given(st.lists(people, min_size=1, max_size=25).map(numbered), contacts)
def test_every_row_equals_the_one_person_gate(
    con: duckdb.DuckDBPyConnection, persons: list[Person], contact: Contact
) -> None:
    one_by_one = {person.customer_id: decide(person, contact) for person in persons}
    asked = ask_everyone(as_table(con, persons), contact)
    for customer_id, verdict, first_rule, strip in read_answers(asked, contact).fetchall():
        decision = one_by_one[customer_id]
        first = decision.first.rule if decision.first else None
        assert (verdict, first_rule, strip) == (decision.verdict, first, decision.strip)
    for customer_id, answers in asked.fetchall():
        decision = one_by_one[customer_id]
        assert funnel.verdict(answers) == decision.verdict
        assert funnel.strip(answers, contact) == decision.strip
        assert funnel.first_rule(answers) == (decision.first.rule if decision.first else None)
    going = {customer_id for (customer_id,) in allowed(asked).fetchall()}
    assert going == {number for number, decision in one_by_one.items() if decision.verdict == "allowed"}


@settings(max_examples=30, deadline=None)
@given(st.lists(people, min_size=1, max_size=25).map(numbered), contacts)
def test_the_funnel_adds_up(con: duckdb.DuckDBPyConnection, persons: list[Person], contact: Contact) -> None:
    counted = count_funnel(ask_everyone(as_table(con, persons), contact), contact)
    decisions = [decide(person, contact) for person in persons]
    firsts = [decision.first.rule for decision in decisions if decision.first]
    assert counted.everyone == len(persons)
    assert tuple(step.rule for step in counted.steps) == RULES
    assert [step.taken for step in counted.steps] == [firsts.count(rule) for rule in RULES]
    assert counted.left == counted.steps[-1].left == counted.everyone - sum(step.taken for step in counted.steps)
    verdicts = [decision.verdict for decision in decisions]
    assert (counted.held, counted.refused) == (verdicts.count("held"), verdicts.count("refused"))


def test_an_audience_of_nobody_has_a_funnel_too(con: duckdb.DuckDBPyConnection) -> None:
    letter = Contact("letter", "due", NOW)
    counted = count_funnel(ask_everyone(as_table(con, []), letter), letter)
    assert (counted.everyone, counted.left, counted.taken_by_privacy) == (0, 0, 0)
