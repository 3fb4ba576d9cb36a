"""A rule as SQL on the tables of a privacy view: what an analyst with a login of her own can run in PostgreSQL.

The house itself asks the warehouse, where the profile lies ready. In a view there is no profile: the text begins by
putting together as much of it as the rule asks, from customers, scores, order lines, products and responses, and goes
on with the very conditions of `sql.as_sql`. Who is not in the view is not in the answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.segments.rule import Condition, Group, conditions
from regulars.rules.segments.sql import Names, literal, part_sql, ready_column, select_sql

_NAMES: Final = Names(has_ready_periods=False)
_TEXTS: Final = frozenset(
    {"stage", "sex", "city", "region", "country", "language", "income_band", "marital_status"}
)  # empty where nobody knows
_SCORES: Final = frozenset({"recency_days", "r", "f", "m", "rfm_group", "state", "due_on", "first_on", "last_on"})
_ELSEWHERE: Final[Mapping[str, str]] = {
    "age_band": "extract(year FROM customer.birth_on)::int / 10 * 10 || 's'",
    "frequency": "coalesce(score.frequency, 0)",
    "monetary_minor": "coalesce(score.monetary_minor, 0)",
    "established_minor": "coalesce(score.monetary_minor, 0)",
    "return_share_90d": "spending.return_share_90d",
    "last_branch_id": "spending.last_branch_id",
}


@dataclass(frozen=True, slots=True)
class Granted:
    """Where the SQL will run: the schema of the view, the house's time zone and currency."""

    view: str
    timezone: str
    currency: str


def as_granted_sql(rule: Group, where: Granted, *, at: date) -> str:
    """The SELECT that lists the customers of a rule at the end of `at`, to be run behind the login of a view.

    >>> from regulars.rules.segments.rule import parse
    >>> rule = parse({"all": [{"field": "recency_days", "operator": "at_most", "value": 180},
    ...                       {"field": "city", "operator": "any_of", "value": ["Xi'an"]}]})
    >>> print(as_granted_sql(rule, Granted("marketing", "Asia/Shanghai", "CNY"), at=date(2026, 3, 2)))
    WITH profile AS (
      SELECT customer.id AS customer_id, score.recency_days, nullif(customer.city, '') AS city
      FROM marketing.customer LEFT JOIN marketing.score ON score.customer_id = customer.id
    )
    SELECT customer_id
    FROM profile
    WHERE recency_days <= 180
      AND city IN ('Xi''an')
    """
    asked = [condition for _, condition in conditions(rule)]
    columns = list(dict.fromkeys(column for each in asked if (column := _profile_column(each))))
    tables = ",\n".join(f"{name} AS (\n{body}\n)" for name, body in _tables(asked, columns, where, at))
    return f"WITH {tables}\n{select_sql(rule, at=at, names=_NAMES)}"


def _tables(asked: list[Condition], columns: list[str], where: Granted, at: date) -> Iterator[tuple[str, str]]:
    text = " ".join(part_sql(condition, at=at, names=_NAMES) for condition in asked)
    spending = any(_ELSEWHERE.get(column, "").startswith("spending.") for column in columns)
    if spending or f"FROM {_NAMES.order_lines}" in text:
        yield _NAMES.order_lines, _order_lines(where)
    if f"JOIN {_NAMES.products}" in text:
        yield _NAMES.products, f"  SELECT id AS product_id, department, category, brand FROM {where.view}.product"
    if f"FROM {_NAMES.answers}" in text:
        yield _NAMES.answers, _answers(where)
    if f"FROM {_NAMES.own_values}" in text:
        yield _NAMES.own_values, _own_values(where)
    if spending:
        yield "spending", _spending(at)
    yield _NAMES.profile, _profile(columns, where, spending)


def _profile_column(condition: Condition) -> str | None:
    if condition.of.kind in ("bought", "answered") or condition.of.source == "own":
        return None
    return ready_column(condition, _NAMES) if condition.of.has_period else condition.of.column


def _profile(columns: list[str], where: Granted, spending: bool) -> str:
    selected = ", ".join(["customer.id AS customer_id", *map(_column, columns)])
    joined = f"{where.view}.customer LEFT JOIN {where.view}.score ON score.customer_id = customer.id"
    money = "\n  LEFT JOIN spending ON spending.customer_id = customer.id" if spending else ""
    return f"  SELECT {selected}\n  FROM {joined}{money}"


def _column(name: str) -> str:
    if name in _TEXTS:
        return f"nullif(customer.{name}, '') AS {name}"
    if name in _SCORES:
        return f"score.{name}"
    return f"{_ELSEWHERE[name]} AS {name}" if name in _ELSEWHERE else f"customer.{name}"


def _order_lines(where: Granted) -> str:
    day = f"(ordered_at AT TIME ZONE {literal(where.timezone)})::date"
    return (
        f"  SELECT customer_id, order_key, product_id, branch_id, {day} AS ordered_on, amount_minor\n"
        f"  FROM {where.view}.order_line WHERE currency = {literal(where.currency)}"
    )


def _answers(where: Granted) -> str:
    day = f"(at AT TIME ZONE {literal(where.timezone)})::date"
    kinds = "('redemption', 'order', 'visit', 'click')"
    return (
        f"  SELECT customer_id, campaign_id, {day} AS answered_on\n  FROM {where.view}.response WHERE kind IN {kinds}"
    )


def _own_values(where: Granted) -> str:
    return (
        "  SELECT v.customer_id, a.key AS attribute, v.text, v.amount, v.day, v.yes\n"
        f"  FROM {where.view}.own_value v JOIN {where.view}.own_attribute a ON a.id = v.attribute_id"
    )


def _spending(at: date) -> str:
    lately = f"ordered_on > {literal(at)} - 90"
    newest = "ordered_on DESC, order_key DESC, branch_id DESC"
    return (
        "  SELECT customer_id,\n"
        f"    CASE WHEN sum(amount_minor) FILTER (WHERE amount_minor > 0 AND {lately}) > 0 THEN\n"
        f"      least(1, coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0 AND {lately}), 0)::float\n"
        f"        / sum(amount_minor) FILTER (WHERE amount_minor > 0 AND {lately})) END AS return_share_90d,\n"
        f"    (array_agg(branch_id ORDER BY {newest}) FILTER (WHERE amount_minor > 0 AND branch_id IS NOT NULL))[1]\n"
        "      AS last_branch_id\n"
        f"  FROM order_lines WHERE ordered_on <= {literal(at)} GROUP BY customer_id"
    )
