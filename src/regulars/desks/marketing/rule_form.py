"""A rule as rows of a form: read from what was typed, from a rule, and turned into a rule again.

The names of the fields say where they stand: `p2-field` is the field of the second part, `p2-1-value` the value of the
first condition inside the group that is the second part. What is typed in the reader's units (whole money, percent)
becomes the rule's own (minor units, parts of one). Rows that are not filled in yet are left out of the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import QueryDict

from regulars.rules.segments.fields import BY_NUMBER, FIELDS, WITHOUT_VALUE, Field, field_called

JOINED: Final = ("all", "any")
GROUPED: Final = ("any", "all", "none")
PERIODS: Final = ("ever", "days", "dates")
FIRST_FIELD: Final = "recency_days"
MOST_PARTS: Final = 40
IN_DAYS: Final = frozenset({"in_last_days", "in_next_days"})

Path = tuple[int, ...]
Data = dict[str, Any]
#: From a field and what was typed to the values meant.
Resolve = Callable[[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it stands in the form; everything is what was typed."""

    field: str = FIRST_FIELD
    operator: str = ""
    value: str = ""
    value2: str = ""
    values: tuple[str, ...] = ()
    period: str = "ever"
    days: str = ""
    since: str = ""
    until: str = ""

    @property
    def of(self) -> Field:
        """The field in the catalogue."""
        return field_called(self.field) or FIELDS[FIRST_FIELD]

    @property
    def operator_now(self) -> str:
        """The operator, or the field's first where that one does not fit."""
        return self.operator if self.operator in self.of.operators else self.of.operators[0]

    @property
    def is_listed(self) -> bool:
        """Whether values are chosen from a list."""
        return self.of.kind in ("text", "id", "bought", "answered")

    @property
    def wants_value(self) -> bool:
        """Whether the operator wants anything to compare with."""
        return self.operator_now not in WITHOUT_VALUE

    @property
    def is_filled(self) -> bool:
        """Whether there is enough to ask."""
        if not self.wants_value:
            return True
        if self.is_listed:
            return bool(self.values)
        return bool(self.value.strip()) and (self.operator_now != "between" or bool(self.value2.strip()))


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of the rule: a single condition (`kind` is "one"), or conditions that all, any or none must hold."""

    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole form. `paths` of a rule made from it are found again in `places`."""

    joined: str = "all"
    parts: tuple[Rows, ...] = field(default_factory=tuple)


# What was typed


def draft_in(query: QueryDict, resolve: Resolve) -> Draft:
    """The form as it was sent; `resolve` finds the values of a name that was typed."""
    joined = query.get("joined", "all")
    count = min(_number(query.get("parts", "0")), MOST_PARTS)
    parts = tuple(_part_in(query, f"p{n}", resolve) for n in range(1, count + 1))
    return Draft(joined if joined in JOINED else "all", parts)


def _part_in(query: QueryDict, name: str, resolve: Resolve) -> Rows:
    kind = query.get(f"{name}-kind", "one")
    # A condition that has just become a group is sent under the part's own name, and the other way round.
    single = name if f"{name}-field" in query else f"{name}-1"
    if kind not in GROUPED:
        return Rows("one", (_row_in(query, single, resolve),))
    count = min(_number(query.get(f"{name}-rows", "0")), MOST_PARTS)
    rows = tuple(_row_in(query, f"{name}-{n}", resolve) for n in range(1, count + 1))
    return Rows(kind, rows or (_row_in(query, single, resolve),))


def _row_in(query: QueryDict, name: str, resolve: Resolve) -> Row:
    key = query.get(f"{name}-field", FIRST_FIELD)
    key = key if field_called(key) else FIRST_FIELD
    # What belongs to another field than the one chosen now was typed for that one.
    if query.get(f"{name}-was", key) != key:
        return Row(field=key)
    typed = {one: query.get(f"{name}-{one}", "") for one in ("operator", "value", "value2", "days", "since", "until")}
    more = query.get(f"{name}-more", "").strip()
    values = [*query.getlist(f"{name}-values"), *(resolve(key, more) if more else ())]
    period = query.get(f"{name}-period", "ever")
    return Row(
        field=key,
        values=tuple(dict.fromkeys(filter(None, values))),
        period=period if period in PERIODS else "ever",
        **typed,
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


# What was asked to be done with the rows


def changed(draft: Draft, what: str) -> Draft:
    """The form after one of its buttons: add, add-group, or add-in, drop, up, down with the place, as in `drop:2-1`."""
    action, _colon, place = what.partition(":")
    path = tuple(_number(one) for one in place.split("-") if one)
    if action == "add":
        return replace(draft, parts=(*draft.parts, Rows("one", (Row(),))))
    if action == "add-group":
        return replace(draft, parts=(*draft.parts, Rows("any", (Row(), Row()))))
    if not path or not 1 <= path[0] <= len(draft.parts):
        return draft
    return _CHANGES[action](draft, path) if action in _CHANGES else draft


def _add_in(draft: Draft, path: Path) -> Draft:
    part = draft.parts[path[0] - 1]
    return _with(draft, path[0], replace(part, rows=(*part.rows, Row())))


def _drop(draft: Draft, path: Path) -> Draft:
    part = draft.parts[path[0] - 1]
    if len(path) > 1 and len(part.rows) > 1:
        rows = tuple(row for n, row in enumerate(part.rows, 1) if n != path[1])
        return _with(draft, path[0], replace(part, rows=rows))
    return replace(draft, parts=tuple(one for n, one in enumerate(draft.parts, 1) if n != path[0]))


def _up(draft: Draft, path: Path) -> Draft:
    return _swapped(draft, path[0] - 1)


def _down(draft: Draft, path: Path) -> Draft:
    return _swapped(draft, path[0])


def _swapped(draft: Draft, first: int) -> Draft:
    """The form with the part at `first` (counted from one) and the one after it in each other's place."""
    if not 1 <= first < len(draft.parts):
        return draft
    parts = list(draft.parts)
    parts[first - 1], parts[first] = parts[first], parts[first - 1]
    return replace(draft, parts=tuple(parts))


def _with(draft: Draft, place: int, part: Rows) -> Draft:
    return replace(draft, parts=(*draft.parts[: place - 1], part, *draft.parts[place:]))


_CHANGES: Final = {"add-in": _add_in, "drop": _drop, "up": _up, "down": _down}


# From the form to a rule


def rule_of(draft: Draft, *, digits: int) -> tuple[Data, list[Path]]:
    """The rule of the rows that are filled in, as plain data, and for each of its parts the place of its row.

    An empty rule (no row filled in) is an empty mapping. `digits` are the decimals of the currency.
    """
    made: list[Any] = []
    places: list[Path] = []
    for n, part in enumerate(draft.parts, 1):
        data = [_condition(row, digits) for row in part.rows if row.is_filled]
        if data:
            made.append(data[0] if part.kind == "one" else {part.kind: data})
            places.append((n,))
    return ({draft.joined: made} if made else {}), places


def _condition(row: Row, digits: int) -> Data:
    said: Data = {"field": row.field, "operator": row.operator_now}
    if row.wants_value:
        said["value"] = _value(row, digits)
    if row.of.has_period and row.period == "days" and row.days.strip():
        said["days"] = _whole(row.days)
    if row.of.has_period and row.period == "dates":
        said |= {name: text for name, text in (("since", row.since), ("until", row.until)) if text}
    return said


def _value(row: Row, digits: int) -> Any:
    if row.is_listed:
        return [_whole(one) for one in row.values] if row.of.column in BY_NUMBER else list(row.values)
    if row.operator_now == "between":
        return [_one(row.value, row, digits), _one(row.value2, row, digits)]
    return _one(row.value, row, digits)


def _one(text: str, row: Row, digits: int) -> Any:
    """What was typed as the rule wants it; what cannot be read is handed on for the rule to refuse with its place."""
    text = text.strip()
    if row.of.kind == "date":
        return _whole(text) if row.operator_now in IN_DAYS else text
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").removesuffix("%"))
    except InvalidOperation:
        return text
    if row.of.kind == "money":
        return _as_whole(amount.scaleb(digits))
    return float(amount / 100) if row.of.kind == "share" else _as_whole(amount)


def _as_whole(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _whole(text: str) -> Any:
    return int(text) if text.strip().lstrip("-").isdecimal() else text


# From a rule to the form


def draft_of(rule: Mapping[str, Any], *, digits: int) -> Draft | None:
    """The form of a rule; None when it is nested deeper than the form shows, and has to be written as JSON."""
    joined, parts = next(iter(rule.items()), ("all", []))
    if joined == "none":
        joined, parts = "all", [{"none": parts}]
    made = [_part_of(part, digits) for part in parts]
    return None if None in made else Draft(joined, tuple(part for part in made if part))


def _part_of(part: Mapping[str, Any], digits: int) -> Rows | None:
    if "field" in part:
        return Rows("one", (_row_of(part, digits),))
    kind, inner = next(iter(part.items()))
    if any("field" not in one for one in inner):
        return None
    return Rows(kind, tuple(_row_of(one, digits) for one in inner))


def _row_of(said: Mapping[str, Any], digits: int) -> Row:
    row = Row(field=said["field"], operator=said["operator"])
    period = "days" if said.get("days") else "dates" if said.get("since") or said.get("until") else "ever"
    row = replace(
        row,
        period=period,
        days=str(said.get("days", "")),
        since=str(said.get("since", "")),
        until=str(said.get("until", "")),
    )
    value = said.get("value")
    if value is None:
        return row
    if row.is_listed:
        many: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
        return replace(row, values=tuple(str(one) for one in many))
    if isinstance(value, list | tuple):
        return replace(row, value=_typed(value[0], row, digits), value2=_typed(value[1], row, digits))
    return replace(row, value=_typed(value, row, digits))


def _typed(value: Any, row: Row, digits: int) -> str:
    """A value of the rule as one would type it."""
    if row.of.kind == "money":
        return _plain(Decimal(value).scaleb(-digits))
    if row.of.kind == "share":
        return _plain(Decimal(str(value)) * 100)
    return str(value)


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
