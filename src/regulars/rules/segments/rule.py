"""A segment's rule as data: groups of conditions, read from JSON, checked, and written back.

    {"all": [{"field": "recency_days", "operator": "at_most", "value": 180},
             {"any": [{"field": "city", "operator": "any_of", "value": ["杭州"]},
                      {"field": "bought_category", "operator": "any_of", "value": ["COATS"], "days": 365}]},
             {"none": [{"field": "return_share", "operator": "more_than", "value": 0.6}]}]}

`all` wants every part, `any` at least one, `none` not a single one. A value nobody knows fulfils no condition but
`is_unknown`: who has no city is neither in Hangzhou nor *not in Hangzhou*, and `none` leaves such a person in.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Final, Literal, TypeVar, get_args

from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.fields import BY_NUMBER, NUMERIC, WITHOUT_VALUE, Field, field_called, fields_for

Joined = Literal["all", "any", "none"]
Number = int | float
Scalar = int | float | date | str
Value = Scalar | tuple[Scalar, ...] | None
Path = tuple[int, ...]

DEEPEST: Final = 6
MOST_CONDITIONS: Final = 200
MOST_VALUES: Final = 1000
MOST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, one operator, one value; for some fields of a period: the last `days`, or `since` … `until`."""

    field: str
    operator: str
    value: Value = None
    days: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def of(self) -> Field:
        """The field in the catalogue, or the own attribute it asks about."""
        field = field_called(self.field)
        if field is None:
            raise KeyError(self.field)
        return field


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that all, any or none of a customer must fulfil."""

    joined: Joined
    parts: tuple["Group | Condition", ...]


Part = Group | Condition


def parse(rule: str | Mapping[str, object]) -> Group:
    """The rule of a JSON text or of plain data; BadInput says what is wrong, and `path` in its values says where.

    >>> parse('{"all": [{"field": "frequency", "operator": "at_least", "value": 3}]}').parts[0].value
    3
    >>> parse({"all": [{"field": "frequency", "operator": "at_least", "value": "many"}]})
    Traceback (most recent call last):
    regulars.rules.permission.errors.BadInput: value_not_a_number {'path': (0,), 'field': 'frequency', 'value': 'many'}
    """
    data = _from_text(rule) if isinstance(rule, str) else rule
    group = _group(data, ())
    if sum(1 for _ in conditions(group)) > MOST_CONDITIONS:
        raise BadInput("rule_too_large", {"most": MOST_CONDITIONS})
    return group


def mistake_in(rule: str | Mapping[str, object]) -> BadInput | None:
    """What keeps a rule from being read, None when it can be: a field asked for may have gone since it was kept.

    >>> mistake_in({"all": [{"field": "shoe_size", "operator": "at_least", "value": 42}]}).code
    'field_unknown'
    >>> mistake_in({"all": [{"field": "frequency", "operator": "at_least", "value": 3}]})
    """
    try:
        parse(rule)
    except BadInput as error:
        return error
    return None


def conditions(part: Part, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Every condition with the path to it: the number of the part in each group on the way."""
    if isinstance(part, Condition):
        yield path, part
        return
    for number, inner in enumerate(part.parts):
        yield from conditions(inner, (*path, number))


def validate(rule: Group, purpose: str, columns: Collection[str] | None = None, *, own: Collection[str] = ()) -> None:
    """Nothing, if a purpose may ask all that a rule asks; else BadInput naming the first field it may not.

    `columns` are those the data dictionary allows the purpose, None to go by the catalogue alone. `own` are the fields
    of own attributes it may ask.
    """
    allowed = {field.key for field in fields_for(purpose, columns)} | set(own)
    for path, condition in conditions(rule):
        if condition.field not in allowed:
            raise BadInput("field_not_for_purpose", {"path": path, "field": condition.field, "purpose": purpose})


def as_data(part: Part) -> dict[str, object]:
    """The rule as plain data for JSON; `parse` reads it back to the same rule."""
    if isinstance(part, Group):
        return {part.joined: [as_data(inner) for inner in part.parts]}
    written = {"field": part.field, "operator": part.operator, "value": _plain(part.value), "days": part.days}
    period = {"since": _plain(part.since), "until": _plain(part.until)}
    return {name: value for name, value in {**written, **period}.items() if value is not None}


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _from_text(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("rule_not_json", {"reason": str(error)}) from None


def _group(data: object, path: Path) -> Group:
    if len(path) >= DEEPEST:
        raise BadInput("rule_too_deep", {"path": path, "deepest": DEEPEST})
    if not isinstance(data, Mapping) or len(data) != 1 or (joined := next(iter(data))) not in get_args(Joined):
        raise BadInput("group_unknown", {"path": path})
    parts = data[joined]
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        raise BadInput("group_empty", {"path": path, "group": joined})
    return Group(joined, tuple(_part(part, (*path, number)) for number, part in enumerate(parts)))


def _part(data: object, path: Path) -> Part:
    is_condition = isinstance(data, Mapping) and "field" in data
    return _condition(data, path) if is_condition else _group(data, path)  # type: ignore[arg-type]


_KEYS: Final = frozenset({"field", "operator", "value", "days", "since", "until"})


def _condition(data: Mapping[str, object], path: Path) -> Condition:
    field = field_called(str(data["field"]))
    if field is None:
        raise BadInput("field_unknown", {"path": path, "field": data["field"]})
    where = {"path": path, "field": field.key}
    if surplus := sorted(map(str, data.keys() - _KEYS)):
        raise BadInput("condition_key_unknown", {**where, "keys": surplus})
    operator = str(data.get("operator", ""))
    if operator not in field.operators:
        raise BadInput("operator_not_for_field", {**where, "operator": operator})
    days, since, until = _period(field, data, where)
    return Condition(field.key, operator, _value(field, operator, data.get("value"), where), days, since, until)


Where = Mapping[str, object]


def _period(field: Field, data: Mapping[str, object], where: Where) -> tuple[int | None, date | None, date | None]:
    given = {name for name in ("days", "since", "until") if data.get(name) is not None}
    if given and not field.has_period:
        raise BadInput("field_has_no_period", where)
    if "days" in given and len(given) > 1:
        raise BadInput("period_said_twice", where)
    days = _whole_days(data["days"], where) if "days" in given else None
    since, until = (_date(data[name], where) if name in given else None for name in ("since", "until"))
    if since and until and since > until:
        raise BadInput("between_turned_round", {**where, "value": [str(since), str(until)]})
    return days, since, until


def _value(field: Field, operator: str, value: object, where: Where) -> Value:
    if operator in WITHOUT_VALUE:
        if value is not None:
            raise BadInput("value_not_wanted", {**where, "operator": operator})
        return None
    if value is None:
        raise BadInput("value_missing", {**where, "operator": operator})
    if operator in ("in_last_days", "in_next_days"):
        return _whole_days(value, where)
    if field.kind == "date":
        return _dates(operator, value, where)
    if operator in NUMERIC:
        return _numbers(field, operator, value, where)
    return _listed(field, value, where)


def _dates(operator: str, value: object, where: Where) -> Value:
    if operator != "between":
        return _date(value, where)
    low, high = _pair(value, where)
    return _in_order(_date(low, where), _date(high, where), where)


def _numbers(field: Field, operator: str, value: object, where: Where) -> Value:
    if operator != "between":
        return _number(field, value, where)
    low, high = _pair(value, where)
    return _in_order(_number(field, low, where), _number(field, high, where), where)


def _listed(field: Field, value: object, where: Where) -> tuple[str | int, ...]:
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not values or len(values) > MOST_VALUES:
        raise BadInput("value_list_length", {**where, "most": MOST_VALUES})
    # Twice the same is once; the order is kept, because a person wrote it.
    return tuple(dict.fromkeys(_one_listed(field, each, where) for each in values))


def _one_listed(field: Field, value: object, where: Where) -> str | int:
    wanted: type = int if field.column in BY_NUMBER else str
    if not isinstance(value, wanted) or isinstance(value, bool) or value == "" or "\0" in str(value):
        raise BadInput("value_not_a_number" if wanted is int else "value_not_text", {**where, "value": value})
    if field.values and value not in field.values:
        raise BadInput("value_not_offered", {**where, "value": value, "offered": field.values})
    return value  # type: ignore[return-value]


def _number(field: Field, value: object, where: Where) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadInput("value_not_a_number", {**where, "value": value})
    if field.kind not in ("share", "number") and (not isinstance(value, int) or abs(value) >= 2**63):
        raise BadInput("value_not_whole", {**where, "value": value})
    low, high = _RANGES.get(field.kind, (None, None))
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadInput("value_out_of_range", {**where, "value": value, "low": low, "high": high})
    return value


def thousandths(value: Number) -> Decimal:
    """A number as it is written, in thousandths: own attributes hold whole ones of them, and nothing finer.

    >>> thousandths(42.5), thousandths(0.0005)
    (Decimal('42500.0'), Decimal('0.5000'))
    """
    return Decimal(str(value)) * 1000


_RANGES: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "share": (0, 1),
    "band": (1, 5),
    "count": (0, None),
    "days": (0, MOST_DAYS),
    "number": (-(10**12), 10**12),  # as many as an own attribute holds
}


def _whole_days(value: object, where: Where) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_DAYS:
        raise BadInput("days_out_of_range", {**where, "value": value, "low": 1, "high": MOST_DAYS})
    return value


def _date(value: object, where: Where) -> date:
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise BadInput("value_not_a_date", {**where, "value": value}) from None


def _pair(value: object, where: Where) -> tuple[object, object]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise BadInput("between_wants_two", {**where, "value": value})
    return value[0], value[1]


_Ordered = TypeVar("_Ordered", Number, date)


def _in_order(low: _Ordered, high: _Ordered, where: Where) -> tuple[_Ordered, _Ordered]:
    if low > high:
        raise BadInput("between_turned_round", {**where, "value": [str(low), str(high)]})
    return low, high
