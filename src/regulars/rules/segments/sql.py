"""A rule as SQL: the text a person may read and run, and the very text the house runs.

It is plain SQL that DuckDB and PostgreSQL understand alike. Values are written in as quoted literals, dates are worked
out, and `IS NOT TRUE` keeps in those of whom nobody knows.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor
from operator import eq, ge, gt, le, lt
from typing import Final

from regulars.rules.segments.fields import READY_PERIODS, YES_NO, own_parts
from regulars.rules.segments.rule import Condition, Group, Number, Part, Value, thousandths


@dataclass(frozen=True, slots=True)
class Names:
    """What the tables are called where the SQL will run.

    `profile` has the columns of `profile.PROFILE`; `order_lines` and `products` those of the warehouse; `answers`
    (customer_id, campaign_id, answered_on) who answered which campaign when; `own_values` what is known under own
    attributes (customer_id, attribute, text, amount, day, yes). `has_ready_periods`: the profile holds what was bought
    in the usual periods; else it is counted from the order lines.
    """

    profile: str = "profile"
    order_lines: str = "order_lines"
    products: str = "products"
    answers: str = "answers"
    own_values: str = "own_values"
    has_ready_periods: bool = True

    @classmethod
    def in_view(cls, view: str) -> "Names":
        """The same names behind the schema of a privacy view."""
        return cls(
            f"{view}.profile", f"{view}.order_lines", f"{view}.products", f"{view}.answers", f"{view}.own_values"
        )


WAREHOUSE: Final = Names()
COMPARED: Final[Mapping[str, tuple[str, Callable[[Number, Number], bool]]]] = {
    "at_least": (">=", ge),
    "at_most": ("<=", le),
    "more_than": (">", gt),
    "less_than": ("<", lt),
    "equals": ("=", eq),
    "on_or_after": (">=", ge),
    "on_or_before": ("<=", le),
}


def as_sql(rule: Group, *, at: date, names: Names | str = "marketing") -> str:
    """The SELECT that lists the customers of a rule at the end of `at`; `names` may be the schema of a view.

    >>> from regulars.rules.segments.rule import parse
    >>> rule = parse({"all": [{"field": "recency_days", "operator": "at_most", "value": 180},
    ...                       {"field": "city", "operator": "any_of", "value": ["Xi'an"]},
    ...                       {"none": [{"field": "return_share", "operator": "more_than", "value": 0.6}]}]})
    >>> print(as_sql(rule, at=date(2026, 3, 2)))
    SELECT customer_id
    FROM marketing.profile
    WHERE recency_days <= 180
      AND city IN ('Xi''an')
      AND (return_share_90d > 0.6) IS NOT TRUE
    """
    named = Names.in_view(names) if isinstance(names, str) else names
    return select_sql(rule, at=at, names=named)


def select_sql(rule: Group, *, at: date, names: Names) -> str:
    """The same SELECT from tables of these names."""
    return f"SELECT customer_id\nFROM {names.profile}\nWHERE {_top(rule, at, names)}"


def part_sql(part: Part, *, at: date, names: Names) -> str:
    """A group or condition as an SQL expression over the profile; NULL counts as no."""
    return _condition(part, at, names) if isinstance(part, Condition) else _group(part, at, names)


def _top(rule: Group, at: date, names: Names) -> str:
    if rule.joined == "none":
        return _group(rule, at, names)
    word = "\n  AND " if rule.joined == "all" else "\n   OR "
    return word.join(part_sql(part, at=at, names=names) for part in rule.parts)


def _group(group: Group, at: date, names: Names) -> str:
    word = " AND " if group.joined == "all" else " OR "
    joined = f"({word.join(part_sql(part, at=at, names=names) for part in group.parts)})"
    return f"{joined} IS NOT TRUE" if group.joined == "none" else joined


def _condition(condition: Condition, at: date, names: Names) -> str:
    field = condition.of
    if field.kind == "bought":
        return _bought(condition, at, names)
    if field.kind == "answered":
        return _answered(condition, at, names)
    if field.source == "own":
        return _own(condition, at, names)
    if field.has_period and (column := ready_column(condition, names)) is None:
        return _counted(condition, at, names)
    return _compared(condition, column if field.has_period else field.column, at)  # type: ignore[arg-type]


def ready_column(condition: Condition, names: Names = WAREHOUSE) -> str | None:
    """The profile's column that already holds what is asked of a period, None if it must be counted."""
    if condition.since or condition.until:
        return None
    if condition.days is None:
        return {"orders": "frequency", "amount": "monetary_minor"}.get(condition.field)
    return READY_PERIODS.get(condition.field, {}).get(condition.days) if names.has_ready_periods else None


def _compared(condition: Condition, column: str, at: date) -> str:
    operator, value = condition.operator, condition.value
    if operator in ("is_known", "is_unknown"):
        return f"{column} IS {'NOT ' if operator == 'is_known' else ''}NULL"
    if operator in ("any_of", "none_of"):
        return f"{column} {'NOT IN' if operator == 'none_of' else 'IN'} {_list(value)}"
    if condition.of.kind == "date" and (window := window_of(operator, value, at)):
        return f"{column} BETWEEN {literal(window[0])} AND {literal(window[1])}"
    return f"{column} {_comparison(operator, value)}"


def window_of(operator: str, value: Value, at: date) -> tuple[date, date] | None:
    """The first and last day a date operator means at the end of `at`; None for those without a window.

    >>> window_of("in_last_days", 7, date(2026, 3, 2))
    (datetime.date(2026, 2, 24), datetime.date(2026, 3, 2))
    >>> window_of("next_month", None, date(2026, 12, 31))
    (datetime.date(2027, 1, 1), datetime.date(2027, 1, 31))
    """
    if operator == "in_last_days" and isinstance(value, int):
        return at - timedelta(value - 1), at
    if operator == "in_next_days" and isinstance(value, int):
        return at + timedelta(1), at + timedelta(value)
    if operator in _MONTHS:
        return _month(at, _MONTHS[operator])
    return None


_MONTHS: Final = {"last_month": -1, "this_month": 0, "next_month": 1}


def _month(at: date, later: int) -> tuple[date, date]:
    year, month = divmod(at.year * 12 + at.month - 1 + later, 12)
    return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])


#: Kind of an own attribute → the column its values stand in.
_OWN_COLUMNS: Final = {
    "text": "text", "choice": "text", "number": "amount", "money": "amount", "date": "day", "yes_no": "yes",
}  # fmt: skip


def _own(condition: Condition, at: date, names: Names) -> str:
    kind, key = own_parts(condition.field) or ("", "")
    rows = f"SELECT customer_id FROM {names.own_values} WHERE attribute = {literal(key)}"
    if condition.operator == "is_unknown":
        return f"customer_id NOT IN ({rows})"
    if condition.operator == "is_known":
        return f"customer_id IN ({rows})"
    return f"customer_id IN ({rows} AND {_compared(held_as(condition), _OWN_COLUMNS[kind], at)})"


def held_as(condition: Condition) -> Condition:
    """The condition with its values as the vault holds them: numbers in thousandths, yes and no as truth."""
    kind, _ = own_parts(condition.field) or ("", "")
    if kind not in ("number", "yes_no") or condition.value is None:
        return condition
    values = _tuple(condition.value)
    if kind == "yes_no":
        return replace(condition, value=tuple(YES_NO[str(one)] for one in values))
    return _whole(condition, [thousandths(one) for one in values])  # type: ignore[arg-type]  # numbers, as parsed


def _whole(condition: Condition, asked: Sequence[Decimal]) -> Condition:
    """The same question of whole thousandths: nobody holds anything between two of them, so a finer bound moves to the
    next one inside, and nobody equals it.
    """
    low, high = ceil(asked[0]), floor(asked[-1])
    if condition.operator == "between" or (condition.operator == "equals" and low > high):
        return replace(condition, operator="between", value=(low, high))
    return replace(condition, value=low if condition.operator in ("at_least", "less_than") else high)


def _bought(condition: Condition, at: date, names: Names) -> str:
    column = condition.of.column
    joined = f" JOIN {names.products} USING (product_id)" if column in ("department", "category", "brand") else ""
    when = f"amount_minor > 0 AND {period_sql('ordered_on', condition, at)}"
    rows = f"SELECT customer_id FROM {names.order_lines}{joined} WHERE {column} IN {_list(condition.value)} AND {when}"
    if condition.operator == "all_of":
        rows += f" GROUP BY customer_id HAVING count(DISTINCT {column}) = {len(_tuple(condition.value))}"
    return f"customer_id {'NOT IN' if condition.operator == 'none_of' else 'IN'} ({rows})"


def _answered(condition: Condition, at: date, names: Names) -> str:
    which = f"campaign_id IN {_list(condition.value)} AND " if condition.value is not None else ""
    rows = f"SELECT customer_id FROM {names.answers} WHERE {which}{period_sql('answered_on', condition, at)}"
    is_not = condition.operator in ("none_of", "not_at_all")
    return f"customer_id {'NOT IN' if is_not else 'IN'} ({rows})"


def _counted(condition: Condition, at: date, names: Names) -> str:
    # Who bought nothing has no row to count: if nothing fulfils the condition too, ask who does not fulfil it.
    rows, measure = (
        _orders_rows(condition, at, names) if condition.field == "orders" else _money_rows(condition, at, names)
    )
    asked = f"{measure} {_comparison(condition.operator, condition.value)}"
    if compare(condition.operator, 0, condition.value):
        return f"customer_id NOT IN ({rows} GROUP BY customer_id HAVING NOT ({asked}))"
    return f"customer_id IN ({rows} GROUP BY customer_id HAVING {asked})"


def _orders_rows(condition: Condition, at: date, names: Names) -> tuple[str, str]:
    orders = (
        "SELECT customer_id, min(ordered_on) AS bought_on, sum(amount_minor) AS amount_minor"
        f" FROM {names.order_lines} WHERE ordered_on <= {literal(at)} GROUP BY customer_id, order_key"
    )
    when = period_sql("bought_on", condition, at)
    return f"SELECT customer_id FROM ({orders}) AS orders WHERE amount_minor > 0 AND {when}", "count(*)"


def _money_rows(condition: Condition, at: date, names: Names) -> tuple[str, str]:
    when = period_sql("ordered_on", condition, at)
    return f"SELECT customer_id FROM {names.order_lines} WHERE {when}", "sum(amount_minor)"


def period_of(condition: Condition, at: date) -> tuple[date | None, date]:
    """The first day (None: from the beginning) and the last day of a condition's period; never later than `at`."""
    since = at - timedelta(condition.days - 1) if condition.days else condition.since
    return since, min(condition.until or at, at)


def period_sql(column: str, condition: Condition, at: date) -> str:
    """The condition that a date column lies in the period."""
    since, until = period_of(condition, at)
    if since is None:
        return f"{column} <= {literal(until)}"
    return f"{column} BETWEEN {literal(since)} AND {literal(until)}"


def compare(operator: str, found: Number, value: Value) -> bool:
    """Whether a number (or date) stands to a value as the operator says; what SQL does, in Python.

    >>> compare("between", 3, (1, 3)), compare("less_than", 3, 3)
    (True, False)
    """
    if operator == "between":
        low, high = _tuple(value)
        return bool(low <= found <= high)  # type: ignore[operator]
    return COMPARED[operator][1](found, value)  # type: ignore[arg-type]


def _comparison(operator: str, value: Value) -> str:
    if operator == "between":
        low, high = _tuple(value)
        return f"BETWEEN {literal(low)} AND {literal(high)}"
    return f"{COMPARED[operator][0]} {literal(value)}"


def literal(value: object) -> str:
    """A value as an SQL literal; text in single quotes, with those inside doubled.

    >>> literal("'; DROP TABLE customer --"), literal(0.6), literal(date(2026, 3, 2))
    ("'''; DROP TABLE customer --'", '0.6', "DATE '2026-03-02'")
    """
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else repr(value)


def _list(value: Value) -> str:
    return f"({', '.join(map(literal, _tuple(value)))})"


def _tuple(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
