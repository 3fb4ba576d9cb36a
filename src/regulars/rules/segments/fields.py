"""The catalogue: every field a segment may ask about, once, with its words in both languages.

A field is a column of the profile, or something looked up in order lines or answers (`source`). Its kind says which
operators fit and how values are written: money in minor units, shares from 0 to 1, dates as 2026-03-31.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["count", "days", "money", "share", "band", "number", "text", "id", "date", "bought", "answered"]
Source = Literal["record", "behaviour", "rfm", "own"]
Class = Literal["none", "personal", "sensitive", "pseudonym"]

NUMERIC: Final = ("at_least", "at_most", "more_than", "less_than", "equals", "between")
LISTED: Final = ("any_of", "none_of")
DATED: Final = (
    "on_or_after",
    "on_or_before",
    "between",
    "in_last_days",
    "in_next_days",
    "this_month",
    "next_month",
    "last_month",
)
KNOWN: Final = ("is_known", "is_unknown")
OPERATORS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "count": (*NUMERIC, *KNOWN),
    "days": (*NUMERIC, *KNOWN),
    "money": (*NUMERIC, *KNOWN),
    "share": (*NUMERIC, *KNOWN),
    "band": (*NUMERIC, *KNOWN),
    "number": (*NUMERIC, *KNOWN),
    "text": (*LISTED, *KNOWN),
    "id": (*LISTED, *KNOWN),
    "date": (*DATED, *KNOWN),
    "bought": ("any_of", "none_of", "all_of"),
    "answered": ("any_of", "none_of", "at_all", "not_at_all"),
}
WITHOUT_VALUE: Final = frozenset({*KNOWN, "this_month", "next_month", "last_month", "at_all", "not_at_all"})
# How many days back the profile keeps ready, and under which name; other periods are counted from the order lines.
READY_PERIODS: Final[Mapping[str, Mapping[int, str]]] = {
    "orders": {30: "orders_30d", 90: "orders_90d", 365: "orders_365d"},
    "amount": {90: "amount_90d_minor", 365: "amount_365d_minor"},
}
EVERYDAY: Final = frozenset(
    {"service", "operations", "data_care", "oversight", "analysis", "direct_marketing", "automated_decision"}
)
# Private circumstances: not for serving somebody at the counter, and not for deciding about them by machine.
CIRCUMSTANCES: Final = frozenset({"oversight", "analysis", "direct_marketing"})


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a segment may ask: where it stands, how it is written, what it is called, whom it may serve.

    `column` is its column in the profile, or in order lines and products where `kind` is bought. `has_period`: it is
    asked of a period, the last so many `days` or `since` and `until`.
    """

    key: str
    label: str
    label_zh: str
    kind: Kind
    source: Source
    column: str
    unit: str = ""
    class_: Class = "personal"
    purposes: frozenset[str] = EVERYDAY
    has_period: bool = False
    values: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that fit, in the order they are offered."""
        fitting = OPERATORS[self.kind]
        # What is counted over a period is always known: nothing is zero.
        return tuple(operator for operator in fitting if not (self.has_period and operator in KNOWN))

    def label_in(self, language: str) -> str:
        """The label in a language: 中文 for any Chinese, else English."""
        return self.label_zh if language.startswith("zh") else self.label


def _record(key: str, label: str, zh: str, kind: Kind = "text", **more: object) -> Field:
    return Field(key, label, zh, kind, "record", str(more.pop("column", key)), **more)  # type: ignore[arg-type]


def _rfm(key: str, label: str, zh: str, kind: Kind, **more: object) -> Field:
    return Field(key, label, zh, kind, "rfm", str(more.pop("column", key)), **more)  # type: ignore[arg-type]


def _behaviour(key: str, label: str, zh: str, kind: Kind, column: str, **more: object) -> Field:
    return Field(key, label, zh, kind, "behaviour", column, **more)  # type: ignore[arg-type]


FIELDS: Final[Mapping[str, Field]] = {
    field.key: field
    for field in (
        _record("stage", "Stage", "阶段", values=("prospect", "customer"), class_="none"),
        _record("sex", "Sex", "性别", values=("female", "male")),
        _record("age_band", "Age", "年龄段"),
        _record("city", "City", "城市"),
        _record("region", "Region", "省份"),
        _record("country", "Country", "国家"),
        _record("language", "Language", "语言"),
        _record("home_branch", "Home branch", "所属门店", "id", column="home_branch_id", class_="none"),
        _record("income_band", "Income", "收入", purposes=CIRCUMSTANCES),
        _record("marital_status", "Marital status", "婚姻", purposes=CIRCUMSTANCES),
        _record("household_size", "Household size", "家庭人数", "count", unit="persons", purposes=CIRCUMSTANCES),
        _record("first_seen", "First seen", "建档日", "date", column="first_seen_on", class_="none"),
        _rfm("recency_days", "Last purchase", "最近一次消费", "days", unit="days"),
        _rfm("frequency", "Purchases", "消费频率", "count", unit="orders"),
        _rfm("monetary", "Money spent", "消费金额", "money", column="monetary_minor", unit="minor units"),
        _rfm("r", "Recency band", "近度档", "band"),
        _rfm("f", "Frequency band", "频度档", "band"),
        _rfm("m", "Money band", "额度档", "band"),
        _rfm(
            "rfm_group",
            "Group",
            "客群",
            "text",
            values=("champions", "loyal", "new", "promising", "attention", "at_risk", "asleep"),
        ),
        _rfm("state", "State", "状态", "text", values=("new", "active", "due", "grace", "lapsed")),
        _rfm("due_on", "Next purchase due", "该来的日子", "date"),
        _rfm("established", "Established value", "既成价值", "money", column="established_minor", unit="minor units"),
        _behaviour("first_on", "First purchase", "第一次消费", "date", "first_on"),
        _behaviour("last_on", "Day of last purchase", "最近消费日", "date", "last_on"),
        _behaviour(
            "orders", "Purchases in a period", "一段时间的消费次数", "count", "orders", unit="orders", has_period=True
        ),
        _behaviour(
            "amount", "Money in a period", "一段时间的消费金额", "money", "amount", unit="minor units", has_period=True
        ),
        _behaviour("return_share", "Share returned, 90 days", "近90天退货率", "share", "return_share_90d"),
        _behaviour("last_branch", "Branch of last purchase", "最近消费门店", "id", "last_branch_id"),
        _behaviour(
            "bought_department", "Bought from department", "买过的部门", "bought", "department", has_period=True
        ),
        _behaviour("bought_category", "Bought from category", "买过的品类", "bought", "category", has_period=True),
        _behaviour("bought_brand", "Bought brand", "买过的品牌", "bought", "brand", has_period=True),
        _behaviour("bought_product", "Bought product", "买过的商品", "bought", "product_id", has_period=True),
        _behaviour("bought_at", "Bought at branch", "光顾过的门店", "bought", "branch_id", has_period=True),
        _behaviour("answered", "Answered a campaign", "响应过活动", "answered", "campaign_id", has_period=True),
    )
}
# Bought by number, not by name.
BY_NUMBER: Final = frozenset({"product_id", "branch_id", "campaign_id", "home_branch_id", "last_branch_id"})


#: Kind of an own attribute → the kind of field it is.
OWN_KINDS: Final[Mapping[str, Kind]] = {
    "text": "text", "choice": "text", "yes_no": "text", "number": "number", "money": "money", "date": "date",
}  # fmt: skip
#: What a rule says of a yes-no attribute → what is held.
YES_NO: Final[Mapping[str, bool]] = {"yes": True, "no": False}
_OWN: Final = re.compile(r"own\.(text|choice|yes_no|number|money|date)\.([a-z][a-z0-9_]{1,39})\Z")


def own_key(kind: str, key: str) -> str:
    """What a rule calls an own attribute: its kind stands in it, so a rule can be read without asking anybody."""
    return f"own.{kind}.{key}"


def own_parts(field: str) -> tuple[str, str] | None:
    """(kind, key) of an own attribute's field; None for any other field.

    >>> own_parts("own.number.shoe_size"), own_parts("city")
    (('number', 'shoe_size'), None)
    """
    found = _OWN.match(field)
    return (found[1], found[2]) if found else None


def own_field(kind: str, key: str, label: str = "", label_zh: str = "", purposes: frozenset[str] = EVERYDAY) -> Field:
    """The field of an own attribute; without labels it is called by its key."""
    values = tuple(YES_NO) if kind == "yes_no" else ()
    name = key.replace("_", " ")
    return Field(
        own_key(kind, key), label or name.capitalize(), label_zh or name, OWN_KINDS[kind], "own", key, values=values,
        purposes=purposes,
    )  # fmt: skip


def field_called(key: str) -> Field | None:
    """The field of that key, of the catalogue or an own attribute; None when no rule could ask for it.

    >>> field_called("own.yes_no.gift_wrap").values
    ('yes', 'no')
    """
    parts = own_parts(key)
    return own_field(*parts) if parts else FIELDS.get(key)


def fields_for(purpose: str, columns: Collection[str] | None = None) -> tuple[Field, ...]:
    """The fields a purpose may use, in the order they are offered.

    `columns`, if given, are the columns the data dictionary allows this purpose; a field on any other is left out.

    >>> "income_band" in {field.key for field in fields_for("service")}
    False
    """
    return tuple(
        field
        for field in FIELDS.values()
        if purpose in field.purposes and (columns is None or field.column in columns or field.has_period)
    )
