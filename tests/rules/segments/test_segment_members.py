"""Three ways to one answer: the SQL, the shared scans, and the rule asked of each person's facts."""

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.evaluate import Tables, count_steps, evaluate, evaluate_many
from regulars.rules.segments.facts import Facts, Line, why_in
from regulars.rules.segments.profile import PROFILE
from regulars.rules.segments.rule import Group, parse
from regulars.rules.segments.sql import Names, as_sql
from tests.rules.segments.cast import AT, as_tables, people, rules


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    # As the warehouse does it: nothing from outside, nothing to be found by chance.
    connection = duckdb.connect()
    connection.execute("SET enable_external_access = false")
    return connection


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(rules, min_size=1, max_size=4), st.lists(people, min_size=1, max_size=8))
def test_sql_shared_scans_and_facts_agree(
    con: duckdb.DuckDBPyConnection, some: list[Group], persons: list[Facts]
) -> None:
    tables = as_tables(con, persons)
    many = evaluate_many({str(number): rule for number, rule in enumerate(some)}, tables, at=AT)
    for number, rule in enumerate(some):
        by_facts = [who for who, facts in enumerate(persons) if why_in(rule, facts, at=AT).is_in]
        assert list(evaluate(rule, tables, at=AT)) == by_facts
        assert list(many[str(number)]) == by_facts
        read_by_a_person = as_sql(rule, at=AT, names=Names("profile", "lines", "products", "answers"))
        assert sorted(who for (who,) in con.sql(read_by_a_person).fetchall()) == by_facts
        steps = count_steps(rule, tables, at=AT)
        assert (steps.everyone, steps.left) == (len(persons), len(by_facts))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rules, st.lists(people, min_size=1, max_size=6))
def test_steps_only_ever_go_one_way(con: duckdb.DuckDBPyConnection, rule: Group, persons: list[Facts]) -> None:
    left = [step.left for step in count_steps(rule, as_tables(con, persons), at=AT).steps]
    assert left == sorted(left, reverse=rule.joined != "any")


def test_at_all_and_not_at_all_share_everybody_out(con: duckdb.DuckDBPyConnection) -> None:
    tables = as_tables(con, [_nobody(), _nobody()])
    both = {
        said: evaluate(parse({"all": [{"field": "answered", "operator": said}]}), tables, at=AT)
        for said in ("at_all", "not_at_all")
    }
    assert (len(both["at_all"]), len(both["not_at_all"])) == (0, 2)


def test_a_table_that_is_not_at_hand_is_said_before_anything_is_asked(con: duckdb.DuckDBPyConnection) -> None:
    tables = Tables(as_tables(con, [_nobody()]).profile)
    assert len(evaluate(parse({"all": [{"field": "city", "operator": "is_unknown"}]}), tables, at=AT)) == 1
    for field, value, table in (("bought_brand", "x", "order_lines"), ("answered", 1, "answers")):
        rule = parse({"all": [{"field": field, "operator": "any_of", "value": [value]}]})
        with pytest.raises(BadInput) as refused:
            evaluate(rule, tables, at=AT)
        assert refused.value.code == "table_not_at_hand" and refused.value.values["table"] == table


def test_two_days_asked_in_turn_do_not_mix_their_tables() -> None:
    con = duckdb.connect()
    rule = parse({"all": [{"field": "bought_at", "operator": "any_of", "value": [1]}]})
    bought = Facts(_nobody().profile, [Line(1, AT, 100, branch_id=1)])
    first = as_tables(con, [bought, _nobody()])
    kept = Tables(con.sql("SELECT customer_id + 10 AS customer_id FROM profile"), con.table("lines"))
    assert list(evaluate(rule, first, at=AT)) == [0]
    assert list(evaluate(rule, kept, at=AT)) == []
    assert list(evaluate(rule, first, at=AT)) == [0]


def test_nothing_is_left_behind_on_the_connection(con: duckdb.DuckDBPyConnection) -> None:
    tables = as_tables(con, [_nobody()])
    rule = parse({"all": [{"field": "bought_brand", "operator": "any_of", "value": ["x"]}]})
    evaluate(rule, tables, at=AT), count_steps(rule, tables, at=AT), evaluate_many({"one": rule}, tables, at=AT)
    assert con.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == []


def test_why_says_condition_by_condition_what_was_found() -> None:
    rule = parse(
        {
            "all": [
                {"field": "orders", "operator": "at_least", "value": 1, "days": 10},
                {"none": [{"field": "bought_category", "operator": "any_of", "value": ["COATS", "HATS"]}]},
            ]
        }
    )
    ann = Facts(_nobody().profile, [Line(1, AT, 100, category="COATS"), Line(2, AT, 50), Line(2, AT, -50)])
    why = why_in(rule, ann, at=AT)
    assert not why.is_in
    assert [(reason.path, reason.found, reason.speaks_for) for reason in why.reasons] == [
        ((0,), 1, True),
        ((1, 0), ("COATS",), False),
    ]
    assert [reason.condition.field for reason in why.against] == ["bought_category"]


def _nobody() -> Facts:
    counted = {name: 0 for name in PROFILE.names() if name.startswith(("orders_", "amount_", "frequency", "monetary"))}
    return Facts(dict.fromkeys(PROFILE.names()[1:]) | counted)


#: What somebody asks of a number of one's own: whole thousandths from the smallest to the greatest, and finer ones.
whole = st.integers(-(10**15), 10**15) | st.integers(-3000, 3000)
asked_numbers = st.builds(lambda held: held / 1000, whole) | st.floats(-5, 5, width=32)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(("at_least", "at_most", "more_than", "less_than", "equals")),
    asked_numbers, whole, st.integers(-1, 1),
)  # fmt: skip
def test_a_number_of_ones_own_is_the_same_to_sql_and_to_why_at_every_edge(
    con: duckdb.DuckDBPyConnection, operator: str, asked: float, elsewhere: int, beside: int
) -> None:
    rule = parse({"all": [{"field": "own.number.shoe_size", "operator": operator, "value": asked}]})
    held = [round(asked * 1000) + beside, elsewhere]
    rows = ", ".join(f"({who}::BIGINT, 'shoe_size', {amount}::BIGINT)" for who, amount in enumerate(held))
    own = con.sql(f"SELECT * FROM (VALUES {rows}) t (customer_id, attribute, amount)")
    everybody = con.sql(f"SELECT range AS customer_id FROM range({len(held)})")
    by_facts = [
        who
        for who, amount in enumerate(held)
        if why_in(rule, Facts({}, own={"own.number.shoe_size": amount / 1000}), at=AT).is_in
    ]
    assert list(evaluate(rule, Tables(everybody, own_values=own), at=AT)) == by_facts


@pytest.mark.parametrize(
    ("operator", "asked", "found"),
    [
        ("at_least", 42.0005, [1]), ("more_than", 42.0005, [1]), ("at_most", 42.0005, [0]), ("less_than", 42.0005, [0]),
        ("equals", 42.0005, []), ("equals", 42.001, [1]), ("between", [42.0005, 43], [1]),
        ("between", [42.0001, 42.0009], []), ("between", [1, 42.00000000011], [0]),
    ],
)  # fmt: skip
def test_a_bound_finer_than_numbers_are_kept_falls_between_two_of_them(
    con: duckdb.DuckDBPyConnection, operator: str, asked: object, found: list[int]
) -> None:
    rule = parse({"all": [{"field": "own.number.shoe_size", "operator": operator, "value": asked}]})
    held = "(0, 'shoe_size', 42000), (1, 'shoe_size', 42001)"
    own = con.sql(f"SELECT * FROM (VALUES {held}) t (customer_id, attribute, amount)")
    everybody = con.sql("SELECT range AS customer_id FROM range(2)")
    assert list(evaluate(rule, Tables(everybody, own_values=own), at=AT)) == found
