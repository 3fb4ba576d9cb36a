"""A rule read aloud: one sentence a shop owner would say, in English or 中文.

Every field has a phrase that follows "customers who", in both languages; the phrases are joined as the groups say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from regulars.rules.segments.rule import Condition, Group, Part, Path
from regulars.rules.segments.words import CURRENCIES_EN, CURRENCIES_ZH, PHRASES, Phrase, own_phrase, values_of

Names = Mapping[str, Mapping[int | str, str]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of the sentence; `path` is the top part of the rule it says, empty for what only joins."""

    text: str
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """How to read: the language (`en`, or `zh` of any kind), the currency, names for ids (field → id → name), and what
    own attributes are called (field → English, 中文)."""

    language: str = "en"
    currency: str = "CNY"
    names: Names | None = None
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_chinese(self) -> bool:
        """Whether to read in 中文."""
        return self.language.startswith("zh")


def read_aloud(
    rule: Group, language: str, *, currency: str = "CNY", names: Names | None = None,
    labels: Mapping[str, tuple[str, str]] | None = None,
) -> str:  # fmt: skip
    """The rule as one sentence; `labels` are what own attributes are called (field → English, 中文).

    >>> from regulars.rules.segments.rule import parse
    >>> rule = parse({"all": [{"field": "recency_days", "operator": "at_most", "value": 180},
    ...                       {"field": "frequency", "operator": "at_least", "value": 3},
    ...                       {"any": [{"field": "bought_category", "operator": "any_of", "value": ["COATS"]},
    ...                                {"field": "city", "operator": "any_of", "value": ["杭州", "苏州"]}]},
    ...                       {"none": [{"field": "return_share", "operator": "more_than", "value": 0.6}]}]})
    >>> print(read_aloud(rule, "en"))
    Customers who last bought within 180 days, have bought at least 3 times and either have bought something from COATS
    or live in 杭州 or 苏州; leaving out those who returned more than 60% of what they bought in the past 90 days.
    >>> print(read_aloud(rule, "zh-Hans"))
    180天内来过，至少买过3次，而且买过COATS或者住在杭州或苏州的客户；近90天退货率超过60%的除外。
    """
    return "".join(piece.text for piece in read_in_pieces(rule, Reader(language, currency, names, labels or {})))


def read_in_pieces(rule: Group, reader: Reader) -> tuple[Spoken, ...]:
    """The same sentence in pieces, so that a page can mark the part that a row of the rule stands for."""
    wanted, unwanted = _wanted(rule), _unwanted(rule)
    return (_sentence_zh if reader.is_chinese else _sentence_en)(rule, wanted, unwanted, reader)


def phrase(condition: Condition, reader: Reader) -> str:
    """One condition as the phrase that follows "customers who".

    >>> phrase(Condition("orders", "equals", 0, days=90), Reader("en"))
    'bought nothing in the past 90 days'
    >>> phrase(Condition("orders", "equals", 0, days=90), Reader("zh"))
    '近90天没买过东西'
    """
    words = PHRASES.get(condition.field) or own_phrase(condition.of, *_labels(condition, reader))
    if condition.operator in ("is_known", "is_unknown"):
        return _known(condition, reader)
    return _say(words, condition, reader)


def _labels(condition: Condition, reader: Reader) -> tuple[str, str]:
    return reader.labels.get(condition.field, (condition.of.label, condition.of.label_zh))


Placed = tuple[Path, Part]


def _wanted(rule: Group) -> list[Placed]:
    if rule.joined == "none":
        return []
    return [((n,), part) for n, part in enumerate(rule.parts) if not (_is_none(part) and rule.joined == "all")]


def _unwanted(rule: Group) -> list[Placed]:
    if rule.joined == "none":
        return [((n,), part) for n, part in enumerate(rule.parts)]
    if rule.joined == "any":
        return []
    nones = [(n, part) for n, part in enumerate(rule.parts) if isinstance(part, Group) and part.joined == "none"]
    return [((n,), inner) for n, part in nones for inner in part.parts]


def _is_none(part: Part) -> bool:
    return isinstance(part, Group) and part.joined == "none"


def _sentence_en(rule: Group, wanted: list[Placed], unwanted: list[Placed], reader: Reader) -> tuple[Spoken, ...]:
    said = [Spoken("Customers who " if wanted else "All customers")]
    if rule.joined == "any" and len(wanted) > 1:
        said.append(Spoken("either "))
    said += _joined(wanted, reader, ", ", " or " if rule.joined == "any" else " and ")
    if unwanted:
        said += [Spoken("; leaving out those who " if wanted else ", leaving out those who ")]
        said += _joined(unwanted, reader, ", ", " or ")
    return (*said, Spoken("."))


def _sentence_zh(rule: Group, wanted: list[Placed], unwanted: list[Placed], reader: Reader) -> tuple[Spoken, ...]:
    said = _joined(wanted, reader, "，", "，或者" if rule.joined == "any" else "，而且")
    said.append(Spoken("的客户" if wanted else "所有客户"))
    if unwanted:
        said += [Spoken("；"), *_joined(unwanted, reader, "、", "或者"), Spoken("的除外")]
    return (*said, Spoken("。"))


def _joined(parts: list[Placed], reader: Reader, comma: str, last: str) -> list[Spoken]:
    said: list[Spoken] = []
    for number, (path, part) in enumerate(parts):
        if number:
            said.append(Spoken(last if number == len(parts) - 1 else comma))
        said.append(Spoken(_part(part, reader), path))
    return said


def _part(part: Part, reader: Reader) -> str:
    return phrase(part, reader) if isinstance(part, Condition) else _group(part, reader)


def _group(group: Group, reader: Reader) -> str:
    inner = [_inner(part, reader, alone=len(group.parts) == 1) for part in group.parts]
    if reader.is_chinese:
        word = "，同时" if group.joined == "all" else "或者"
        joined = word.join(inner)
        return f"并非（{joined}）" if group.joined == "none" else joined
    if group.joined == "none":
        return f"are none of those who {_list_en(inner, 'or')}"
    if len(inner) == 1:
        return inner[0]
    return f"both {_list_en(inner, 'and')}" if group.joined == "all" else f"either {_list_en(inner, 'or')}"


def _inner(part: Part, reader: Reader, *, alone: bool) -> str:
    # A group inside a group is put in brackets, or nobody hears where it ends; "none of" says it by itself.
    said = _part(part, reader)
    if alone or isinstance(part, Condition) or _is_none(part):
        return said
    return f"（{said}）" if reader.is_chinese else f"({said})"


def _list_en(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def _list_zh(items: Sequence[str], word: str = "或") -> str:
    return word.join(("、".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def _known(condition: Condition, reader: Reader) -> str:
    label, is_known = _labels(condition, reader)[reader.is_chinese], condition.operator == "is_known"
    if reader.is_chinese:
        return f"{label}{'已知' if is_known else '不详'}"
    return f"have {'a' if is_known else 'no'} known {label[0].lower()}{label[1:]}"


def _say(words: Phrase, condition: Condition, reader: Reader) -> str:
    form = words.form(condition.operator, condition.value, chinese=reader.is_chinese)
    plain = {"p": _period(condition, reader)} | _plain(condition, reader)
    return form.format(v=_value(condition, reader), **plain)


def _plain(condition: Condition, reader: Reader) -> dict[str, str]:
    value = condition.value
    if condition.operator == "between" and isinstance(value, tuple):
        return dict(zip(("low", "high"), (_number(each, condition, reader) for each in value), strict=True))
    return {"n": _number(value, condition, reader)}


def _value(condition: Condition, reader: Reader) -> str:
    value, kind = condition.value, condition.of.kind
    if kind == "date":
        return _when(condition, reader)
    if condition.operator == "between" or value is None:
        return _quantity(condition, reader) if value is not None else ""
    if isinstance(value, tuple):
        word = "and" if condition.operator == "all_of" else "or"
        items = [_one(each, condition, reader) for each in value]
        return _list_zh(items, "和" if word == "and" else "或") if reader.is_chinese else _list_en(items, word)
    return _quantity(condition, reader)


QUANTIFIED_EN: Final[Mapping[str, str]] = {
    "at_least": "at least {}",
    "at_most": "at most {}",
    "more_than": "more than {}",
    "less_than": "less than {}",
    "equals": "exactly {}",
    "between": "{} to {}",
}
QUANTIFIED_ZH: Final[Mapping[str, str]] = {
    "at_least": "至少{}",
    "at_most": "最多{}",
    "more_than": "超过{}",
    "less_than": "不到{}",
    "equals": "正好{}",
    "between": "{}到{}",
}


def _quantity(condition: Condition, reader: Reader) -> str:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    words = QUANTIFIED_ZH if reader.is_chinese else QUANTIFIED_EN
    return words[condition.operator].format(*(_one(each, condition, reader) for each in values))


def _one(value: object, condition: Condition, reader: Reader) -> str:
    named = (reader.names or {}).get(condition.field, {}).get(value)  # type: ignore[call-overload]
    if named:
        return str(named)
    if spoken := values_of(condition.of).get(str(value)):
        return spoken[reader.is_chinese]
    if condition.field == "age_band":
        return _decade(str(value), reader)
    say = _BY_KIND.get(condition.of.kind)
    return say(value, condition, reader) if say else str(value)


def _money(value: object, condition: Condition, reader: Reader) -> str:
    return money(int(str(value)), reader)


def money(minor: int, reader: Reader) -> str:
    """An amount in minor units as people write it.

    >>> money(50000, Reader("en")), money(129950, Reader("zh")), money(9900, Reader("en", "SEK"))
    ('¥500', '1,299.50元', '99 SEK')
    """
    decimals = 0 if reader.currency in ("JPY", "KRW") else 2
    whole = minor % 10**decimals == 0
    text = f"{minor / 10**decimals:,.{0 if whole else decimals}f}"
    if reader.is_chinese:
        return text + CURRENCIES_ZH.get(reader.currency, reader.currency)
    sign = CURRENCIES_EN.get(reader.currency)
    return f"{sign}{text}" if sign else f"{text} {reader.currency}"


def _share(value: object, condition: Condition, reader: Reader) -> str:
    return f"{float(str(value)) * 100:.4g}%"


def _number(value: object, condition: Condition, reader: Reader) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _decade(value: str, reader: Reader) -> str:
    # The warehouse knows the decade of birth, 1980s: in English the 1980s, in Chinese 80后.
    if not reader.is_chinese:
        return f"the {value}"
    return f"{value[2:4]}后" if len(value) == 5 and value[:4].isdigit() else f"{value}出生"


def _times(value: object, condition: Condition, reader: Reader) -> str:
    if reader.is_chinese or condition.of.unit != "orders":
        return _number(value, condition, reader)
    return {1: "once", 2: "twice"}.get(int(str(value)), f"{value:,} times")


_BY_KIND: Final[Mapping[str, Callable[[object, Condition, Reader], str]]] = {
    "money": _money,
    "share": _share,
    "count": _times,
    "days": _number,
}


def _when(condition: Condition, reader: Reader) -> str:
    operator, value = condition.operator, condition.value
    words = _WHEN_ZH if reader.is_chinese else _WHEN_EN
    values = value if isinstance(value, tuple) else (value,)
    return words[operator].format(*(_day(each, reader) if isinstance(each, date) else each for each in values))


_WHEN_EN: Final[Mapping[str, str]] = {
    "on_or_after": "on or after {}",
    "on_or_before": "on or before {}",
    "between": "between {} and {}",
    "in_last_days": "in the past {} days",
    "in_next_days": "in the next {} days",
    "this_month": "this month",
    "next_month": "next month",
    "last_month": "last month",
}
_WHEN_ZH: Final[Mapping[str, str]] = {
    "on_or_after": "{}以后",
    "on_or_before": "{}以前",
    "between": "{}到{}之间",
    "in_last_days": "近{}天",
    "in_next_days": "接下来{}天",
    "this_month": "这个月",
    "next_month": "下个月",
    "last_month": "上个月",
}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _day(day: date, reader: Reader) -> str:
    if reader.is_chinese:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _period(condition: Condition, reader: Reader) -> str:
    if condition.days:
        return f"近{condition.days}天" if reader.is_chinese else f" in the past {condition.days} days"
    since, until = (_day(day, reader) if day else "" for day in (condition.since, condition.until))
    if since and until:
        return f"{since}到{until}" if reader.is_chinese else f" between {since} and {until}"
    if since:
        return f"{since}以来" if reader.is_chinese else f" since {since}"
    if until:
        return f"{until}以前" if reader.is_chinese else f" up to {until}"
    return ""
