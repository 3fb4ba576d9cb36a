"""The leaky bucket: who came in at the top, who ran out at the bottom, month by month, in people and money.

Somebody is inside from a purchase day until the end of its `grace_until` (see `rhythm`). Only the state when a month
begins and ends counts: a lapse and a return within one month is none. In each month everybody is in one place:

- *gained*: bought for the first time ever;
- *won back*: had lapsed before the month and bought in it;
- *kept*: inside at both ends, and bought; *quiet*: inside at both ends, and did not;
- *lapsed*: was inside at the start, or came inside in the month, and is outside at the end.

So inside at the end = inside at the start + gained + won back − lapsed, and one month's end is the next's start.

Money is what the gained, kept and won back bought in the month. The money of a lapse is not there to be counted: it is
what this customer would have bought in a month of that length — usual worth of a purchase day × days in the month ÷
rhythm — so that it compares with what the kept bring in a month.

The months are told with what is known at `at`: an order brought back since is no purchase. Promises know nothing later
than their own day.
"""

from datetime import date

from duckdb import DuckDBPyRelation as Relation

from regulars.rules.value.asked import asked
from regulars.rules.value.rhythm import PATIENCE, Patience, promises

POURED = """
WITH promised AS (
    SELECT *, date_trunc('month', bought_on)::date AS month,
        lag(grace_until) OVER (PARTITION BY customer_id ORDER BY bought_on) AS grace_before
    FROM {promises}
),
months AS (
    SELECT month::date AS month, last_day(month) AS last_on, least(last_day(month), {at}) AS seen_on
    FROM generate_series((SELECT min(month) FROM promised), {at}, INTERVAL 1 MONTH) t(month)
),
came AS (
    SELECT month, customer_id, min(purchase_number) = 1 AS new, arg_min(grace_before, bought_on) < month AS back,
        arg_max(grace_until, bought_on) > any_value(seen_on) AS stays, sum(amount_minor) AS money
    FROM promised JOIN months USING (month) GROUP BY month, customer_id
),
inflow AS (
    SELECT month,
        count(*) FILTER (new) AS gained, sum(money) FILTER (new) AS gained_minor,
        count(*) FILTER (NOT new AND back) AS won_back, sum(money) FILTER (NOT new AND back) AS won_back_minor,
        count(*) FILTER (NOT new AND NOT back AND stays) AS kept,
        sum(money) FILTER (NOT new AND NOT back AND stays) AS kept_minor,
        count(*) FILTER ((new OR back) AND NOT stays) AS passing
    FROM came GROUP BY month
),
outflow AS (
    SELECT months.month, count(*) AS lapsed,
        sum(round(usual_minor * day(last_on) / rhythm_days)::bigint) AS lapsed_minor
    FROM promised JOIN months ON date_trunc('month', grace_until) = months.month
    WHERE grace_until <= seen_on AND (next_on IS NULL OR next_on > seen_on)
    GROUP BY months.month
),
flows AS (
    SELECT month, last_on > {at} AS running, coalesce(gained, 0) AS gained, coalesce(kept, 0) AS kept,
        coalesce(won_back, 0) AS won_back, coalesce(lapsed, 0) AS lapsed, coalesce(passing, 0) AS passing,
        coalesce(gained_minor, 0)::bigint AS gained_minor, coalesce(kept_minor, 0)::bigint AS kept_minor,
        coalesce(won_back_minor, 0)::bigint AS won_back_minor, coalesce(lapsed_minor, 0)::bigint AS lapsed_minor
    FROM months LEFT JOIN inflow USING (month) LEFT JOIN outflow USING (month)
),
filled AS (
    SELECT *, (sum(gained + won_back - lapsed) OVER (ORDER BY month))::bigint AS inside_end FROM flows
)
SELECT month, running, inside_end - gained - won_back + lapsed AS inside_start, gained, kept,
    inside_end - gained - won_back + passing - kept AS quiet, won_back, lapsed, inside_end,
    gained_minor, kept_minor, won_back_minor, lapsed_minor
FROM filled ORDER BY month
"""

WHO_POURED = """
WITH promised AS (
    SELECT *, date_trunc('month', bought_on)::date AS month,
        lag(grace_until) OVER (PARTITION BY customer_id ORDER BY bought_on) AS grace_before
    FROM {promises}
),
seen AS (SELECT least(last_day({month}), {at}) AS seen_on),
came AS (
    SELECT customer_id, min(purchase_number) = 1 AS new, arg_min(grace_before, bought_on) < {month} AS back,
        arg_max(grace_until, bought_on) > (SELECT seen_on FROM seen) AS stays, sum(amount_minor)::bigint AS amount_minor
    FROM promised WHERE month = {month} GROUP BY customer_id
)
SELECT customer_id, CASE WHEN new THEN 'gained' WHEN back THEN 'won_back' ELSE 'kept' END AS place, amount_minor
FROM came WHERE new OR back OR stays
UNION ALL
SELECT customer_id, 'lapsed', round(usual_minor * day(last_day({month})) / rhythm_days)::bigint
FROM promised, seen
WHERE date_trunc('month', grace_until) = {month} AND grace_until <= seen_on AND (next_on IS NULL OR next_on > seen_on)
"""
PLACES = ("gained", "won_back", "kept", "lapsed")


def bucket_people(days: Relation, *, month: date, at: date, patience: Patience = PATIENCE) -> Relation:
    """Who stands behind one month's figures: customer_id, place (one of `PLACES`), amount_minor.

    `month` is its first day, `days` as for `leaky_bucket`. Who came in and ran out within the month is in two places.

    >>> import duckdb
    >>> days = duckdb.sql("SELECT * FROM (VALUES (1, DATE '2024-01-01', 100), (2, DATE '2024-01-30', 100),"
    ...                   " (2, DATE '2024-03-20', 50)) t(customer_id, bought_on, amount_minor)")
    >>> people = bucket_people(days, month=date(2024, 3, 1), at=date(2024, 4, 5))
    >>> sorted(people.project("customer_id, place").fetchall())
    [(1, 'lapsed'), (2, 'kept')]
    """
    return asked(WHO_POURED, {"promises": promises(days, patience=patience)}, month=month.replace(day=1), at=at)


def leaky_bucket(days: Relation, *, at: date, patience: Patience = PATIENCE) -> Relation:
    """One row per month from the first purchase to the month of `at` (columns of `tables.BUCKET`), oldest first.

    `days` is what `purchase_days(lines, at=at)` gives. The month of `at` is `running` unless `at` is its last day.

    >>> import duckdb
    >>> days = duckdb.sql("SELECT * FROM (VALUES (1, DATE '2024-01-01', 100), (2, DATE '2024-01-30', 100),"
    ...                   " (2, DATE '2024-03-20', 50)) t(customer_id, bought_on, amount_minor)")
    >>> bucket = leaky_bucket(days, at=date(2024, 4, 5))
    >>> for row in bucket.project("month, inside_start, gained, kept, quiet, lapsed, inside_end, running").fetchall():
    ...     print(*row)
    2024-01-01 0 2 0 0 0 2 False
    2024-02-01 2 0 0 2 0 2 False
    2024-03-01 2 0 1 0 1 1 False
    2024-04-01 1 0 0 1 0 1 True
    """
    return poured(promises(days, patience=patience), at=at)


def poured(promised: Relation, *, at: date) -> Relation:
    """`leaky_bucket`, from promises made (and held) already."""
    return asked(POURED, {"promises": promised}, at=at)
