"""A value of an own attribute: read from what was typed or stands in a file, kept in one plain form, said again.

The plain form is a text: thousandths for numbers, minor units for money, 2026-03-31 for days, true or false, the key of
a choice. Equal values have equal plain forms, and the plain form is what is sealed.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.own_attributes import OwnAttribute

LONGEST: Final = 400
_LARGEST: Final = 10**15
YES: Final = frozenset("1 y yes true t on x ja oui si 是 有 对".split())
NO: Final = frozenset("0 n no false f off nein non 否 无 没有 不".split())
_DAY: Final = re.compile(r"(\d{1,4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,4})\s*日?(?:[ T].*)?\Z")
_MINUS: Final = frozenset("-\u2212\u2013")
#: Decimal mark → a number with it: sign, whole part, fraction. Other marks only stand between thousands: with a decimal
#: point "42,5" is refused, not read as 425.
_DECIMAL: Final = {
    mark: re.compile(
        rf"([-+\u2212\u2013]?)([0-9]{{1,3}}(?:[{other}' \u2019\u00a0\u202f][0-9]{{3}})+|[0-9]*)(?:[{mark}]([0-9]+))?"
    )
    for mark, other in ((".", ","), (",", "."))
}
#: Digits of a year; where the first number has as many, the year comes first. What "03-04-05" is, nobody knows.
_OF_A_YEAR: Final = 4


@dataclass(frozen=True, slots=True)
class Writing:
    """How numbers and days are written where a value comes from; `digits` are the decimals of the currency."""

    date_order: str = "ymd"
    decimal_mark: str = "."
    digits: int = 2


@dataclass(frozen=True, slots=True)
class Held:
    """A value as the vault's columns hold it; all None but one."""

    text: str | None = None
    amount: int | None = None
    day: dt.date | None = None
    yes: bool | None = None


def read_value(attribute: OwnAttribute, typed: str, writing: Writing) -> str:
    """The plain form of what was typed; BadInput `attribute_value_unclear` when it is no such value.

    >>> shoe = OwnAttribute("shoe_size", "number", "Shoe size", "鞋码")
    >>> read_value(shoe, "42,5", Writing(decimal_mark=","))
    '42500'
    """
    text = typed.strip()
    plain = _READ[attribute.kind](attribute, text, writing) if text else None
    if plain is None:
        raise BadInput("attribute_value_unclear", {"attribute": attribute.key, "kind": attribute.kind})
    return plain


def held(kind: str, plain: str) -> Held:
    """Where the vault keeps a plain form that is not sealed."""
    if kind in ("number", "money"):
        return Held(amount=int(plain))
    if kind == "date":
        return Held(day=dt.date.fromisoformat(plain))
    return Held(yes=plain == "true") if kind == "yes_no" else Held(text=plain)


def plain_of(value: Held) -> str | None:
    """The plain form of what the vault holds; None where it holds nothing.

    >>> plain_of(held("number", "42500")), plain_of(held("yes_no", "false")), plain_of(Held())
    ('42500', 'false', None)
    """
    if value.yes is not None:
        return "true" if value.yes else "false"
    found = next((one for one in (value.text, value.amount, value.day) if one is not None), None)
    return None if found is None else str(found)


def spoken(attribute: OwnAttribute, plain: str, *, digits: int, language: str = "en") -> str:
    """The value as a person or another system writes it: 42.5, 12.50, 2026-03-31, yes, the label of a choice.

    >>> spoken(OwnAttribute("shoe_size", "number", "Shoe size", "鞋码"), "42500", digits=2)
    '42.5'
    """
    chinese = language.startswith("zh")
    if attribute.kind == "number":
        return _bare(Decimal(plain).scaleb(-3))
    if attribute.kind == "money":
        return f"{Decimal(plain).scaleb(-digits):f}"
    if attribute.kind == "yes_no":
        return {"true": "是", "false": "否"}[plain] if chinese else {"true": "yes", "false": "no"}[plain]
    labels = {one.key: one.label_zh if chinese else one.label for one in attribute.choices}
    return labels.get(plain, plain)


def _text(attribute: OwnAttribute, text: str, writing: Writing) -> str | None:
    return text if len(text) <= LONGEST and text.isprintable() else None


def _number(attribute: OwnAttribute, text: str, writing: Writing) -> str | None:
    return _scaled(text, writing, 3)


def _money(attribute: OwnAttribute, text: str, writing: Writing) -> str | None:
    return _scaled(text.strip("¥￥$€£元 "), writing, writing.digits)


def _scaled(text: str, writing: Writing, digits: int) -> str | None:
    """A decimal in whole units of its last digit; None when it is no certain number, too large, or finer than that."""
    found = _DECIMAL[writing.decimal_mark].fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    bare = Decimal(f"{re.sub('[^0-9]', '', found[2] or '0')}.{found[3] or '0'}").scaleb(digits)
    if bare != bare.to_integral_value() or bare > _LARGEST:
        return None
    return str(-int(bare) if found[1] in _MINUS else int(bare))


def _day(attribute: OwnAttribute, text: str, writing: Writing) -> str | None:
    found = _DAY.match(text)
    if found is None:
        return None
    order = "ymd" if len(found[1]) == _OF_A_YEAR else writing.date_order
    parts = dict(zip(order, found.groups(), strict=True))
    if len(parts["y"]) != _OF_A_YEAR:
        return None
    try:
        return dt.date(int(parts["y"]), int(parts["m"]), int(parts["d"])).isoformat()
    except ValueError:
        return None


def _yes_no(attribute: OwnAttribute, text: str, writing: Writing) -> str | None:
    said = text.casefold()
    return "true" if said in YES else "false" if said in NO else None


def _choice(attribute: OwnAttribute, text: str, writing: Writing) -> str | None:
    said = text.casefold()
    names = ({one.key, one.label.casefold(), one.label_zh.casefold()} for one in attribute.choices)
    return next((one.key for one, known in zip(attribute.choices, names, strict=True) if said in known), None)


def _bare(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_READ: Final[Mapping[str, Callable[[OwnAttribute, str, Writing], str | None]]] = {
    "text": _text, "number": _number, "money": _money, "date": _day, "yes_no": _yes_no, "choice": _choice,
}  # fmt: skip
