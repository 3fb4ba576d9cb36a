"""Ready segments: the questions every shop asks first, to take as they are or to begin from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from regulars.rules.segments.rule import Group, parse


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with a name and a use in both languages; `data` is the rule as plain data."""

    key: str
    name: str
    name_zh: str
    use: str
    use_zh: str
    data: Mapping[str, Any]

    def rule(self) -> Group:
        """The rule, read."""
        return parse(self.data)


def _is(field: str, operator: str, value: object = None, **period: object) -> dict[str, object]:
    said = {"field": field, "operator": operator, "value": value, **period}
    return {name: each for name, each in said.items() if each is not None}


READY: Final[Mapping[str, Ready]] = {
    ready.key: ready
    for ready in (
        Ready(
            "regulars_slipping",
            "Regulars slipping",
            "渐行渐远的老客",
            "They came often, are late now, and can still be won with a friendly word.",
            "以前常来，这次该来没来；一句问候，也许就回来了。",
            {"all": [_is("frequency", "at_least", 4), _is("state", "any_of", ["grace"])]},
        ),
        Ready(
            "champions",
            "Champions",
            "冠军客户",
            "They come often and came lately: thank them, ask them, show them what is new first.",
            "常来，最近也来过：先谢谢他们，新品也先给他们看。",
            {"all": [_is("rfm_group", "any_of", ["champions"])]},
        ),
        Ready(
            "one_time_buyers",
            "Came once",
            "只来过一次",
            "One purchase, more than a month ago: the second visit makes a regular.",
            "买过一次，一个多月没再来：有了第二次，才会成为熟客。",
            {"all": [_is("frequency", "equals", 1), _is("recency_days", "more_than", 30)]},
        ),
        Ready(
            "due_this_month",
            "Due this month",
            "本月该来",
            "By their own rhythm they buy this month.",
            "按各自的节奏，这个月该来了。",
            {"all": [_is("due_on", "this_month"), {"none": [_is("state", "any_of", ["lapsed"])]}]},
        ),
        Ready(
            "coupon_answerers",
            "Answer campaigns",
            "爱响应活动",
            "They answered a campaign within a year.",
            "一年内响应过活动。",
            {"all": [_is("answered", "at_all", days=365)]},
        ),
        Ready(
            "big_spenders_leaving",
            "Big spenders leaving",
            "要走的大客户",
            "Much money so far, and late or lapsed: worth a call of their own.",
            "花得多，却该来没来或已经流失：值得专门打个电话。",
            {"all": [_is("m", "at_least", 5), _is("state", "any_of", ["grace", "lapsed"])]},
        ),
        Ready(
            "newcomers",
            "Newcomers",
            "新客",
            "First purchase in the past 30 days: a welcome, not an offer.",
            "近30天第一次来：先欢迎，别急着推销。",
            {"all": [_is("first_on", "in_last_days", 30)]},
        ),
        Ready(
            "lapsed_regulars",
            "Lapsed regulars",
            "流失的老客",
            "Four purchases or more, then silence beyond their own patience.",
            "买过四次以上，之后久久没来，已过了自己的节奏。",
            {"all": [_is("frequency", "at_least", 4), _is("state", "any_of", ["lapsed"])]},
        ),
        Ready(
            "return_much",
            "Return much",
            "退货多",
            "More than half of what they bought in 90 days came back: ask what did not fit.",
            "近90天买的东西退了一半以上：问问哪里不合适。",
            {"all": [_is("return_share", "more_than", 0.5)]},
        ),
        Ready(
            "not_yet_bought",
            "Not yet bought",
            "还没下过单",
            "Known to us, without a purchase so far.",
            "留过资料，还没买过东西。",
            {"all": [_is("frequency", "equals", 0)]},
        ),
    )
}
