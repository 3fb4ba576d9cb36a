"""Rules read aloud in both languages, as somebody in a shop would say them."""

import re
from datetime import date

import pytest
from hypothesis import given

from regulars.rules.segments.aloud import Reader, phrase, read_aloud, read_in_pieces
from regulars.rules.segments.fields import FIELDS
from regulars.rules.segments.ready import READY
from regulars.rules.segments.rule import Condition, Group, parse
from regulars.rules.segments.words import PHRASES
from tests.rules.segments.cast import rules

EN, ZH = Reader("en", "USD"), Reader("zh-hans", "CNY")


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        (Condition("frequency", "equals", 1), "have bought only once", "只买过1次"),
        (Condition("orders", "equals", 1, 30), "have bought exactly once in the past 30 days", "近30天正好买过1次"),
        (Condition("m", "at_least", 5), "are in the highest money band", "额度在最高档"),
        (Condition("rfm_group", "any_of", ("champions", "loyal")), "are champions or loyal", "属于冠军或忠实客群"),
        (Condition("frequency", "more_than", 2), "have bought more than twice", "买过不止2次"),
        (Condition("frequency", "equals", 0), "have not bought anything yet", "还没买过东西"),
        (
            Condition("orders", "between", (2, 4), 90),
            "have bought 2 to 4 times in the past 90 days",
            "近90天买过2到4次",
        ),
        (Condition("recency_days", "at_least", 60), "have not bought for 60 days or more", "至少60天没来"),
        (Condition("monetary", "at_least", 120050), "have spent at least $1,200.50 in all", "一共花了至少1,200.50元"),
        (
            Condition("amount", "less_than", 5000, since=date(2026, 1, 1)),
            "have spent less than $50 since 1 January 2026",
            "2026年1月1日以来花了不到50元",
        ),
        (Condition("m", "at_least", 4), "are in money band 4 or higher", "额度4档及以上"),
        (Condition("return_share", "more_than", 0), "returned something in the past 90 days", "近90天退过货"),
        (
            Condition("city", "none_of", ("杭州", "苏州", "宁波")),
            "do not live in 杭州, 苏州 or 宁波",
            "不住在杭州、苏州或宁波",
        ),
        (Condition("sex", "any_of", ("female",)), "are women", "是女士"),
        (
            Condition("state", "any_of", ("grace", "lapsed")),
            "are late or lapsed",
            "该来还没来或已经流失",
        ),
        (Condition("due_on", "this_month"), "are due this month", "这个月该来"),
        (Condition("due_on", "in_next_days", 7), "are due in the next 7 days", "接下来7天该来"),
        (
            Condition("first_on", "between", (date(2026, 1, 1), date(2026, 1, 31))),
            "bought for the first time between 1 January 2026 and 31 January 2026",
            "2026年1月1日到2026年1月31日之间第一次来",
        ),
        (
            Condition("bought_category", "all_of", ("COATS", "HATS"), 365),
            "have bought from each of COATS and HATS in the past 365 days",
            "近365天COATS和HATS都买过",
        ),
        (
            Condition("answered", "not_at_all", days=30),
            "answered no campaign in the past 30 days",
            "近30天没响应过活动",
        ),
        (Condition("income_band", "is_unknown"), "have no known income", "收入不详"),
        (Condition("household_size", "between", (2, 3)), "live in a household of 2 to 3", "家里2到3人"),
    ],
)
def test_a_condition_as_one_says_it(condition: Condition, english: str, chinese: str) -> None:
    assert phrase(condition, EN) == english
    assert phrase(condition, ZH) == chinese


def test_ids_are_read_by_their_names() -> None:
    named = Reader("zh", names={"last_branch": {3: "湖滨店"}})
    assert phrase(Condition("last_branch", "any_of", (3, 4)), named) == "最近一次在湖滨店或4消费"


def test_only_leaving_out_begins_with_everybody() -> None:
    rule = parse({"none": [{"field": "state", "operator": "any_of", "value": ["lapsed"]}]})
    assert read_aloud(rule, "en") == "All customers, leaving out those who are lapsed."
    assert read_aloud(rule, "zh") == "所有客户；已经流失的除外。"


def test_groups_in_groups_can_still_be_followed() -> None:
    city = {"field": "city", "operator": "any_of", "value": ["杭州"]}
    often = {"field": "frequency", "operator": "at_least", "value": 3}
    rule = parse({"any": [city, {"all": [often, {"none": [city]}]}]})
    assert read_aloud(rule, "en") == (
        "Customers who either live in 杭州 or both have bought at least 3 times and are none of those who live in 杭州."
    )
    assert read_aloud(rule, "zh") == "住在杭州，或者至少买过3次，同时并非（住在杭州）的客户。"


@pytest.mark.parametrize("key", READY)
def test_ready_segments_read_well(key: str) -> None:
    for language, end in (("en", "."), ("zh", "。")):
        said = read_aloud(READY[key].rule(), language)
        assert said.endswith(end) and not re.search(r"[_{}]|  ", said)


def test_every_field_has_a_phrase() -> None:
    assert PHRASES.keys() == FIELDS.keys()


@given(rules)
def test_any_rule_can_be_read_in_both_languages(rule: Group) -> None:
    english, chinese = read_aloud(rule, "en"), read_aloud(rule, "zh")
    assert english.endswith(".") and chinese.endswith("。")
    assert english[0].isupper() and "客户" in chinese
    assert not re.search(r"None|\{[vnp]\}|\{low\}", english + chinese)


@given(rules)
def test_the_pieces_say_each_top_part_of_the_rule(rule: Group) -> None:
    for reader in (EN, ZH):
        paths = {piece.path[0] for piece in read_in_pieces(rule, reader) if piece.path}
        assert paths == set(range(len(rule.parts)))
