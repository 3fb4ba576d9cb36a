"""The words of the fields: for each a phrase that follows "customers who", in English and 中文.

In a phrase `{v}` is the value with its quantity ("at least 3 times"), `{n}` the bare number, `{low}` and `{high}` the
ends of a between, `{p}` the period, which English puts at the end and Chinese at the beginning. A phrase may have a
form of its own for an operator, or for an operator with one number (`equals 0`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from regulars.rules.segments.fields import Field

Pair = tuple[str, str]
NEGATIVE: Final = frozenset({"none_of", "not_at_all"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """The forms of a field's phrase, each in (English, 中文): the usual one, the negative, and those of operators."""

    usual: Pair
    negative: Pair = ("", "")
    special: Mapping[str, Pair] = field(default_factory=dict)

    def form(self, operator: str, value: object, *, chinese: bool) -> str:
        """The form to fill in for an operator and value."""
        exact = self.special.get(f"{operator} {value:g}") if isinstance(value, int | float) else None
        usual = self.negative if operator in NEGATIVE else self.usual
        return (exact or self.special.get(operator) or usual)[chinese]


def _bands(english: str, chinese: str) -> Phrase:
    return Phrase(
        ("", ""),
        special={
            "at_least": (f"are in {english} band {{n}} or higher", f"{chinese}{{n}}档及以上"),
            "at_least 5": (f"are in the highest {english} band", f"{chinese}在最高档"),
            "equals 5": (f"are in the highest {english} band", f"{chinese}在最高档"),
            "at_most": (f"are in {english} band {{n}} or lower", f"{chinese}{{n}}档及以下"),
            "more_than": (f"are above {english} band {{n}}", f"{chinese}高于{{n}}档"),
            "less_than": (f"are below {english} band {{n}}", f"{chinese}低于{{n}}档"),
            "equals": (f"are in {english} band {{n}}", f"{chinese}正好{{n}}档"),
            "between": (f"are in {english} bands {{low}} to {{high}}", f"{chinese}在{{low}}到{{high}}档"),
        },
    )


def own_phrase(asked: Field, label: str, label_zh: str) -> Phrase:
    """The phrase of an own attribute, from what it is called.

    >>> from regulars.rules.segments.fields import own_field
    >>> own_phrase(own_field("number", "shoe_size"), "Shoe size", "鞋码").usual
    ('have a shoe size of {v}', '鞋码{v}')
    """
    english, chinese = (text.replace("{", "{{").replace("}", "}}") for text in (label, label_zh))
    english = english if english[1:2].isupper() else english[:1].lower() + english[1:]
    if asked.kind in ("number", "money"):
        return Phrase((f"have a {english} of {{v}}", f"{chinese}{{v}}"))
    if asked.kind == "date":
        return Phrase((f"have a {english} {{v}}", f"{chinese}在{{v}}"))
    return Phrase(
        (f"have the {english} {{v}}", f"{chinese}是{{v}}"),
        (f"have another {english} than {{v}}", f"{chinese}不是{{v}}"),
    )


_TIMES: Final[Mapping[str, Pair]] = {
    "at_least": ("have bought {v}{p}", "{p}至少买过{n}次"),
    "at_most": ("have bought {v}{p}", "{p}最多买过{n}次"),
    "more_than": ("have bought {v}{p}", "{p}买过不止{n}次"),
    "less_than": ("have bought {v}{p}", "{p}买过不到{n}次"),
    "equals": ("have bought {v}{p}", "{p}正好买过{n}次"),
    "equals 0": ("bought nothing{p}", "{p}没买过东西"),
    "at_most 0": ("bought nothing{p}", "{p}没买过东西"),
    "more_than 0": ("have bought something{p}", "{p}买过东西"),
    "between": ("have bought {low} to {high} times{p}", "{p}买过{low}到{high}次"),
}

PHRASES: Final[Mapping[str, Phrase]] = {
    "stage": Phrase(("are {v}", "是{v}"), ("are not {v}", "不是{v}")),
    "sex": Phrase(("are {v}", "是{v}"), ("are not {v}", "不是{v}")),
    "age_band": Phrase(("were born in {v}", "是{v}"), ("were not born in {v}", "不是{v}")),
    "city": Phrase(("live in {v}", "住在{v}"), ("do not live in {v}", "不住在{v}")),
    "region": Phrase(("live in {v}", "住在{v}"), ("do not live in {v}", "不住在{v}")),
    "country": Phrase(("live in {v}", "住在{v}"), ("do not live in {v}", "不住在{v}")),
    "language": Phrase(("prefer {v}", "习惯用{v}"), ("do not prefer {v}", "不习惯用{v}")),
    "home_branch": Phrase(("belong to {v}", "属于{v}"), ("do not belong to {v}", "不属于{v}")),
    "income_band": Phrase(("have an income of {v}", "收入在{v}"), ("have an income other than {v}", "收入不在{v}")),
    "marital_status": Phrase(("are {v}", "婚姻状况是{v}"), ("are not {v}", "婚姻状况不是{v}")),
    "household_size": Phrase(
        ("live in a household of {v}", "家里{v}人"),
        special={"between": ("live in a household of {low} to {high}", "家里{low}到{high}人")},
    ),
    "first_seen": Phrase(("were first recorded {v}", "{v}建档")),
    "recency_days": Phrase(
        ("", ""),
        special={
            "at_least": ("have not bought for {n} days or more", "至少{n}天没来"),
            "at_most": ("last bought within {n} days", "{n}天内来过"),
            "more_than": ("have not bought for more than {n} days", "超过{n}天没来"),
            "less_than": ("last bought less than {n} days ago", "不到{n}天前来过"),
            "equals": ("last bought {n} days ago", "上次来正好是{n}天前"),
            "equals 0": ("bought today", "今天来过"),
            "at_most 0": ("bought today", "今天来过"),
            "between": ("last bought {low} to {high} days ago", "上次来是{low}到{high}天前"),
        },
    ),
    "frequency": Phrase(
        ("", ""),
        special={
            **_TIMES,
            "equals 0": ("have not bought anything yet", "还没买过东西"),
            "at_most 0": ("have not bought anything yet", "还没买过东西"),
            "equals 1": ("have bought only once", "只买过1次"),
        },
    ),
    "orders": Phrase(("", ""), special=_TIMES),
    "monetary": Phrase(("have spent {v} in all", "一共花了{v}")),
    "amount": Phrase(("have spent {v}{p}", "{p}花了{v}")),
    "established": Phrase(("have brought a margin of {v} so far", "既成价值{v}")),
    "r": _bands("recency", "近度"),
    "f": _bands("frequency", "频度"),
    "m": _bands("money", "额度"),
    "rfm_group": Phrase(("are {v}", "属于{v}客群"), ("are not {v}", "不属于{v}客群")),
    "state": Phrase(("are {v}", "{v}"), ("are not {v}", "并非{v}")),
    "due_on": Phrase(("are due {v}", "{v}该来")),
    "first_on": Phrase(("bought for the first time {v}", "{v}第一次来")),
    "last_on": Phrase(("last bought {v}", "最近一次来在{v}")),
    "return_share": Phrase(
        ("returned {v} of what they bought in the past 90 days", "近90天退货率{v}"),
        special={
            "equals 0": ("returned nothing in the past 90 days", "近90天没退过货"),
            "at_most 0": ("returned nothing in the past 90 days", "近90天没退过货"),
            "more_than 0": ("returned something in the past 90 days", "近90天退过货"),
        },
    ),
    "last_branch": Phrase(
        ("last bought at {v}", "最近一次在{v}消费"), ("last bought elsewhere than at {v}", "最近一次不在{v}消费")
    ),
    "bought_department": Phrase(
        ("have bought something from {v}{p}", "{p}买过{v}部门的东西"),
        ("have bought nothing from {v}{p}", "{p}没买过{v}部门的东西"),
        {"all_of": ("have bought from each of {v}{p}", "{p}{v}部门的东西都买过")},
    ),
    "bought_category": Phrase(
        ("have bought something from {v}{p}", "{p}买过{v}"),
        ("have bought nothing from {v}{p}", "{p}没买过{v}"),
        {"all_of": ("have bought from each of {v}{p}", "{p}{v}都买过")},
    ),
    "bought_brand": Phrase(
        ("have bought the brand {v}{p}", "{p}买过{v}牌的东西"),
        ("have not bought the brand {v}{p}", "{p}没买过{v}牌的东西"),
        {"all_of": ("have bought each of the brands {v}{p}", "{p}{v}牌的东西都买过")},
    ),
    "bought_product": Phrase(
        ("have bought {v}{p}", "{p}买过{v}"),
        ("have not bought {v}{p}", "{p}没买过{v}"),
        {"all_of": ("have bought each of {v}{p}", "{p}{v}都买过")},
    ),
    "bought_at": Phrase(
        ("have shopped at {v}{p}", "{p}光顾过{v}"),
        ("have not shopped at {v}{p}", "{p}没光顾过{v}"),
        {"all_of": ("have shopped at each of {v}{p}", "{p}{v}都光顾过")},
    ),
    "answered": Phrase(
        ("answered {v}{p}", "{p}响应过{v}"),
        ("did not answer {v}{p}", "{p}没响应过{v}"),
        {
            "at_all": ("answered a campaign{p}", "{p}响应过活动"),
            "not_at_all": ("answered no campaign{p}", "{p}没响应过活动"),
        },
    ),
}

VALUES: Final[Mapping[str, Mapping[str, Pair]]] = {
    "stage": {"prospect": ("prospects", "潜在客户"), "customer": ("customers already", "买过东西的客户")},
    "sex": {"female": ("women", "女士"), "male": ("men", "男士")},
    "language": {
        "zh": ("Chinese", "中文"),
        "zh-hans": ("Chinese", "中文"),
        "zh-Hans": ("Chinese", "中文"),
        "en": ("English", "英文"),
    },
    "marital_status": {
        "married": ("married", "已婚"),
        "Married": ("married", "已婚"),
        "unmarried": ("unmarried", "未婚"),
        "Unmarried": ("unmarried", "未婚"),
        "single": ("single", "单身"),
        "divorced": ("divorced", "离异"),
        "widowed": ("widowed", "丧偶"),
    },
    "rfm_group": {
        "champions": ("champions", "冠军"),
        "loyal": ("loyal", "忠实"),
        "new": ("newcomers", "新客"),
        "promising": ("promising", "有望"),
        "attention": ("in need of attention", "该留意"),
        "at_risk": ("at risk", "快流失"),
        "asleep": ("asleep", "沉睡"),
    },
    "state": {
        "new": ("new", "刚来过第一次"),
        "active": ("coming as usual", "往来如常"),
        "due": ("due within a week", "一周内该来"),
        "grace": ("late", "该来还没来"),
        "lapsed": ("lapsed", "已经流失"),
    },
}
CURRENCIES_EN: Final[Mapping[str, str]] = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "¥"}
CURRENCIES_ZH: Final[Mapping[str, str]] = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港元",
    "JPY": "日元",
}
YES_NO: Final[Mapping[str, Pair]] = {"yes": ("yes", "是"), "no": ("no", "否")}


def values_of(asked: Field) -> Mapping[str, Pair]:
    """What the values of a field are called, where they have names of their own."""
    return YES_NO if asked.source == "own" and asked.values else VALUES.get(asked.key, {})
