"""Rules as data: what is read, what is refused and why, and that writing gives back what was read."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.fields import FIELDS, OPERATORS, fields_for
from regulars.rules.segments.profile import PROFILE
from regulars.rules.segments.ready import READY
from regulars.rules.segments.rule import Condition, Group, as_data, conditions, parse, validate
from regulars.rules.segments.sql import as_sql
from tests.rules.segments.cast import AT, rules

FREQUENT = {"field": "frequency", "operator": "at_least", "value": 3}


@given(rules)
def test_a_rule_written_and_read_again_is_the_same_rule(rule: Group) -> None:
    assert parse(json.dumps(as_data(rule))) == rule


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{", "rule_not_json"),
        ("[" * 100_000, "rule_not_json"),
        ("3", "group_unknown"),
        ({}, "group_unknown"),
        ({"every": [FREQUENT]}, "group_unknown"),
        ({"all": [FREQUENT], "any": [FREQUENT]}, "group_unknown"),
        ({"all": []}, "group_empty"),
        ({"all": "frequency"}, "group_empty"),
        ({"all": ["frequency"]}, "group_unknown"),
        ({"all": [FREQUENT] * 201}, "rule_too_large"),
        ({"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": [FREQUENT]}]}]}]}]}]}]}, "rule_too_deep"),
        ({"all": [FREQUENT | {"field": "shoe_size"}]}, "field_unknown"),
        ({"all": [FREQUENT | {"sql": "1=1"}]}, "condition_key_unknown"),
        ({"all": [FREQUENT | {"operator": "like"}]}, "operator_not_for_field"),
        ({"all": [FREQUENT | {"value": None}]}, "value_missing"),
        ({"all": [FREQUENT | {"value": "3"}]}, "value_not_a_number"),
        ({"all": [FREQUENT | {"value": True}]}, "value_not_a_number"),
        ({"all": [FREQUENT | {"value": float("nan")}]}, "value_not_a_number"),
        ({"all": [FREQUENT | {"value": 2.5}]}, "value_not_whole"),
        ({"all": [FREQUENT | {"value": 2**70}]}, "value_not_whole"),
        ({"all": [{"field": "own.number.shoe_size", "operator": "at_least", "value": 1e308}]}, "value_out_of_range"),
        ({"all": [FREQUENT | {"value": -1}]}, "value_out_of_range"),
        ({"all": [FREQUENT | {"operator": "between", "value": 3}]}, "between_wants_two"),
        ({"all": [FREQUENT | {"operator": "between", "value": [5, 3]}]}, "between_turned_round"),
        ({"all": [FREQUENT | {"days": 30}]}, "field_has_no_period"),
        ({"all": [FREQUENT | {"field": "orders", "days": 0}]}, "days_out_of_range"),
        ({"all": [FREQUENT | {"field": "orders", "days": 10**9}]}, "days_out_of_range"),
        ({"all": [FREQUENT | {"field": "orders", "days": 30, "since": "2026-01-01"}]}, "period_said_twice"),
        ({"all": [FREQUENT | {"field": "orders", "since": "1/1/26"}]}, "value_not_a_date"),
        (
            {"all": [FREQUENT | {"field": "orders", "since": "2026-02-01", "until": "2026-01-01"}]},
            "between_turned_round",
        ),
        ({"all": [{"field": "return_share", "operator": "at_most", "value": 60}]}, "value_out_of_range"),
        ({"all": [{"field": "r", "operator": "equals", "value": 6}]}, "value_out_of_range"),
        ({"all": [{"field": "city", "operator": "any_of", "value": []}]}, "value_list_length"),
        ({"all": [{"field": "city", "operator": "any_of", "value": [3]}]}, "value_not_text"),
        ({"all": [{"field": "city", "operator": "any_of", "value": ["a\0b"]}]}, "value_not_text"),
        ({"all": [{"field": "state", "operator": "any_of", "value": ["sleepy"]}]}, "value_not_offered"),
        ({"all": [{"field": "last_branch", "operator": "any_of", "value": ["one"]}]}, "value_not_a_number"),
        ({"all": [{"field": "due_on", "operator": "this_month", "value": 3}]}, "value_not_wanted"),
        ({"all": [{"field": "due_on", "operator": "on_or_after", "value": "2026-02-30"}]}, "value_not_a_date"),
        ({"all": [{"field": "orders", "operator": "is_known"}]}, "operator_not_for_field"),
    ],
)
def test_what_cannot_be_understood_says_why(rule: str | dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(rule)
    assert refused.value.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_nothing_handed_in_gets_further_than_a_sentence(data: object) -> None:
    for given_in in (data, {"all": [data]}, {"any": [{"field": "city", "operator": "any_of", "value": data}]}):
        try:
            parse(given_in)  # type: ignore[arg-type]
        except BadInput as refused:
            assert refused.code


def test_where_it_went_wrong_is_said_by_path() -> None:
    with pytest.raises(BadInput) as refused:
        parse({"all": [FREQUENT, {"any": [FREQUENT, FREQUENT | {"value": "x"}]}]})
    assert refused.value.values["path"] == (1, 1)


def test_one_value_may_stand_alone_and_twice_the_same_is_once() -> None:
    rule = parse({"all": [{"field": "city", "operator": "any_of", "value": "杭州"}]})
    assert rule.parts == (Condition("city", "any_of", ("杭州",)),)
    twice = parse({"all": [{"field": "city", "operator": "any_of", "value": ["b", "a", "b"]}]})
    assert twice.parts == (Condition("city", "any_of", ("b", "a")),)


def test_dora_at_the_counter_may_not_ask_for_income_and_marketing_may() -> None:
    rule = parse({"all": [FREQUENT, {"none": [{"field": "income_band", "operator": "any_of", "value": "50-74K"}]}]})
    validate(rule, "direct_marketing")
    with pytest.raises(BadInput) as refused:
        validate(rule, "service")
    assert refused.value.values == {"path": (1, 0), "field": "income_band", "purpose": "service"}


def test_emil_closes_a_column_in_the_dictionary_and_the_field_is_no_longer_offered() -> None:
    open_columns = set(PROFILE.names()) - {"income_band"}
    offered = {field.key for field in fields_for("direct_marketing", open_columns)}
    assert "income_band" not in offered and {"city", "orders", "bought_category"} <= offered
    with pytest.raises(BadInput, match="field_not_for_purpose"):
        validate(parse({"all": [{"field": "income_band", "operator": "is_known"}]}), "direct_marketing", open_columns)


def test_every_field_has_a_column_that_exists_and_words_in_both_languages() -> None:
    looked_up = {"orders", "amount", "department", "category", "brand", "product_id", "branch_id", "campaign_id"}
    assert {field.column for field in FIELDS.values()} - looked_up <= set(PROFILE.names())
    assert all(field.label and field.label_zh and field.kind in OPERATORS for field in FIELDS.values())


@pytest.mark.parametrize("key", READY)
def test_a_ready_segment_is_a_rule_that_marketing_may_ask(key: str) -> None:
    ready = READY[key]
    validate(ready.rule(), "direct_marketing")
    assert ready.name and ready.name_zh and ready.use and ready.use_zh and ready.key == key


@given(rules)
def test_no_text_of_a_person_ends_a_literal_early(rule: Group) -> None:
    # Outside of quoted text nothing of the values is left: only our own words, numbers and dates.
    outside = "".join(as_sql(rule, at=AT).split("'")[::2])
    assert not any(strange in outside for strange in ("--", ";", "%", "{", '"', "杭", "Hara"))


def test_the_sql_can_be_read() -> None:
    rule = parse(
        {
            "all": [
                {"field": "orders", "operator": "at_most", "value": 2, "days": 45},
                {
                    "any": [
                        {"field": "due_on", "operator": "this_month"},
                        {"field": "bought_category", "operator": "all_of", "value": ["COATS", "HATS"], "days": 365},
                    ]
                },
            ]
        }
    )
    assert as_sql(rule, at=date(2026, 2, 28)).splitlines() == [
        "SELECT customer_id",
        "FROM marketing.profile",
        f"WHERE customer_id NOT IN ({AT_MOST_TWO_ORDERS})",
        f"  AND (due_on BETWEEN DATE '2026-02-01' AND DATE '2026-02-28' OR customer_id IN ({COATS_AND_HATS}))",
    ]


AT_MOST_TWO_ORDERS = (
    "SELECT customer_id FROM (SELECT customer_id, min(ordered_on) AS bought_on, sum(amount_minor) AS amount_minor"
    " FROM marketing.order_lines WHERE ordered_on <= DATE '2026-02-28' GROUP BY customer_id, order_key) AS orders"
    " WHERE amount_minor > 0 AND bought_on BETWEEN DATE '2026-01-15' AND DATE '2026-02-28'"
    " GROUP BY customer_id HAVING NOT (count(*) <= 2)"
)
COATS_AND_HATS = (
    "SELECT customer_id FROM marketing.order_lines JOIN marketing.products USING (product_id)"
    " WHERE category IN ('COATS', 'HATS') AND amount_minor > 0"
    " AND ordered_on BETWEEN DATE '2025-03-01' AND DATE '2026-02-28'"
    " GROUP BY customer_id HAVING count(DISTINCT category) = 2"
)


@given(rules)
def test_every_condition_has_a_path_of_its_own(rule: Group) -> None:
    paths = [path for path, _ in conditions(rule)]
    assert len(set(paths)) == len(paths)
