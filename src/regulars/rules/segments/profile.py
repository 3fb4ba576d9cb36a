"""The profile: one row per customer, with all that a segment may ask of the record and of behaviour.

`at` is the end of that day, and "the last 30 days" are that day and the 29 before it. Orders are the kept ones of
`rules.value`: those whose lines, returns among them, add up to more than nothing.
"""

from datetime import date
from typing import Final

from duckdb import DuckDBPyRelation as Relation

from regulars.rules.tables import CUSTOMERS, RFM, RHYTHM, Column, Table
from regulars.rules.value.asked import asked
from regulars.rules.value.groups import grouped
from regulars.rules.value.purchases import orders

NEW, ACTIVE, DUE, GRACE, LAPSED = STATES = ("new", "active", "due", "grace", "lapsed")
DUE_DAYS: Final = 7

SCORES: Final = Table(
    "scores",
    "one customer with at least one kept order: bands and rhythm side by side",
    (*RFM.columns, *(column for column in RHYTHM.columns if column.name in ("due_on", "grace_until"))),
)
PROFILE: Final = Table(
    "profile",
    "one customer or prospect, with everything a segment may ask",
    (
        *CUSTOMERS.columns,
        Column("recency_days", "bigint", "days since the last order; empty before the first", "days"),
        Column("frequency", "bigint", "orders so far", "orders"),
        Column("monetary_minor", "bigint", "all that was paid less all that was given back", "minor units"),
        Column("r", "integer", "recency band: 1 long ago … 5 just now"),
        Column("f", "integer", "frequency band: 1 seldom … 5 often"),
        Column("m", "integer", "money band: 1 little … 5 much"),
        Column("rfm_group", "text", "the ready group on the map of recency and frequency"),
        Column("state", "text", "new, active, due (within a week), grace (late), lapsed; empty before the first order"),
        Column("due_on", "date", "the day the next purchase is expected"),
        Column("first_on", "date", "the day of the first order"),
        Column("last_on", "date", "the day of the last order"),
        Column("orders_30d", "bigint", "orders in the last 30 days", "orders"),
        Column("orders_90d", "bigint", "orders in the last 90 days", "orders"),
        Column("orders_365d", "bigint", "orders in the last 365 days", "orders"),
        Column("amount_90d_minor", "bigint", "paid in the last 90 days, returns subtracted", "minor units"),
        Column("amount_365d_minor", "bigint", "paid in the last 365 days, returns subtracted", "minor units"),
        Column("return_share_90d", "double", "given back of what was bought, by worth, in the last 90 days; 0 to 1"),
        Column("last_branch_id", "bigint", "the branch of the last purchase of which it is known"),
        Column("established_minor", "bigint", "established value: margin to date", "minor units"),
    ),
)

_SCORES = """
SELECT rfm.*, rhythm.due_on, rhythm.grace_until FROM {rfm} AS rfm LEFT JOIN {rhythm} AS rhythm USING (customer_id)
"""

_PROFILE = """
WITH known AS (SELECT * FROM {lines} WHERE ordered_on <= {at}),
visits AS (
    SELECT customer_id, min(bought_on) AS first_on,
        count(*) FILTER (bought_on > {at} - 30) AS orders_30d,
        count(*) FILTER (bought_on > {at} - 90) AS orders_90d,
        count(*) FILTER (bought_on > {at} - 365) AS orders_365d
    FROM {orders} WHERE amount_minor > 0 GROUP BY customer_id
),
money AS (
    SELECT customer_id,
        sum(amount_minor) FILTER (ordered_on > {at} - 90) AS amount_90d_minor,
        sum(amount_minor) FILTER (ordered_on > {at} - 365) AS amount_365d_minor,
        sum(amount_minor) FILTER (amount_minor > 0 AND ordered_on > {at} - 90) AS bought_90d,
        -sum(amount_minor) FILTER (amount_minor < 0 AND ordered_on > {at} - 90) AS returned_90d,
        arg_max(branch_id, (ordered_on, order_key, branch_id)) FILTER (amount_minor > 0) AS last_branch_id
    FROM known GROUP BY customer_id
)
SELECT {customer_columns},
    scores.recency AS recency_days,
    coalesce(scores.frequency, 0) AS frequency,
    coalesce(scores.monetary, 0)::bigint AS monetary_minor,
    scores.recency_band AS r, scores.frequency_band AS f, scores.monetary_band AS m,
    scores.group_name AS rfm_group,
    CASE
        WHEN scores.last_on IS NULL THEN NULL
        WHEN scores.grace_until <= {at} THEN 'lapsed'
        WHEN scores.due_on < {at} THEN 'grace'
        WHEN scores.due_on <= {at} + {due_days} THEN 'due'
        WHEN scores.frequency = 1 THEN 'new'
        ELSE 'active'
    END AS state,
    scores.due_on, visits.first_on, scores.last_on,
    coalesce(visits.orders_30d, 0) AS orders_30d,
    coalesce(visits.orders_90d, 0) AS orders_90d,
    coalesce(visits.orders_365d, 0) AS orders_365d,
    coalesce(money.amount_90d_minor, 0)::bigint AS amount_90d_minor,
    coalesce(money.amount_365d_minor, 0)::bigint AS amount_365d_minor,
    CASE WHEN money.bought_90d > 0 THEN least(coalesce(money.returned_90d, 0) / money.bought_90d, 1)::double END
        AS return_share_90d,
    money.last_branch_id,
    round(coalesce(scores.monetary, 0) * {margin})::bigint AS established_minor
FROM {customers} AS customers
LEFT JOIN {scores} AS scores USING (customer_id)
LEFT JOIN visits USING (customer_id)
LEFT JOIN money USING (customer_id)
"""


def scores_of(rfm: Relation, rhythm: Relation) -> Relation:
    """Bands and rhythm in one table (columns of `SCORES`), from what `rules.value.rfm` and `rhythm` give."""
    return asked(_SCORES, {"rfm": rfm, "rhythm": rhythm})


def build_profile(
    customers: Relation, order_lines: Relation, scores: Relation, *, at: date, margin: float = 1.0
) -> Relation:
    """The profile of every customer at the end of `at` (columns of `PROFILE`), not yet calculated.

    `customers` and `order_lines` are the warehouse's tables, `scores` has the columns of `SCORES`; all three come from
    one connection. `margin` is the share of money that is margin where the costs of the goods are not known.
    """
    tables = {
        "customers": customers,
        "lines": order_lines,
        "scores": grouped(scores),
        "orders": orders(order_lines, at=at),
    }
    columns = ", ".join(_known(column) for column in CUSTOMERS.columns)
    return asked(_PROFILE.replace("{customer_columns}", columns), tables, at=at, due_days=DUE_DAYS, margin=margin)


def _known(column: Column) -> str:
    # The record keeps an empty text where nobody knows; a segment asks NULL.
    return (
        f"nullif(customers.{column.name}, '') AS {column.name}" if column.type == "text" else f"customers.{column.name}"
    )
