"""Where each customer stands on a day: one line per customer with bands, group, rhythm and state.

| state | when |
| --- | --- |
| lapsed | the grace is over |
| grace | the due day has passed without a purchase, the grace has not |
| due | expected before the month ends |
| new | bought once, and not due yet |
| active | all others |
"""

from datetime import date

from duckdb import DuckDBPyRelation as Relation

from regulars.rules.value.asked import asked

STATES = ("new", "active", "due", "grace", "lapsed")

STANDING = """
SELECT b.customer_id, b.recency AS recency_days, b.frequency, b.monetary AS monetary_minor,
    b.recency_band AS r, b.frequency_band AS f, b.monetary_band AS m, b.group_name AS rfm_group,
    f.first_on, b.last_on, p.rhythm_days, p.due_on, p.grace_until,
    CASE WHEN p.grace_until <= {at} THEN 'lapsed' WHEN p.due_on < {at} THEN 'grace'
         WHEN p.due_on <= last_day({at}) THEN 'due' WHEN p.purchases = 1 THEN 'new' ELSE 'active' END AS state
FROM {bands} b
JOIN {rhythms} p USING (customer_id)
JOIN (SELECT customer_id, min(bought_on) AS first_on FROM {days} GROUP BY customer_id) f USING (customer_id)
"""


def standing(bands: Relation, rhythms: Relation, days: Relation, *, at: date) -> Relation:
    """One row per customer who ever kept a purchase, at the end of `at`.

    `bands` is what `groups.grouped(rfm.rfm(…))` gives, `rhythms` what `rhythm.rhythm(…)`, `days` what `purchase_days(…)`.

    >>> import duckdb
    >>> bands = duckdb.sql("SELECT 1 AS customer_id, 40 AS recency, 1 AS frequency, 100 AS monetary, 4 AS recency_band,"
    ...     " 1 AS frequency_band, 3 AS monetary_band, 'new' AS group_name, DATE '2024-03-01' AS last_on")
    >>> rhythms = duckdb.sql("SELECT 1 AS customer_id, 30.0 AS rhythm_days, DATE '2024-03-31' AS due_on,"
    ...     " DATE '2024-04-30' AS grace_until, 1 AS purchases")
    >>> days = duckdb.sql("SELECT 1 AS customer_id, DATE '2024-03-01' AS bought_on")
    >>> standing(bands, rhythms, days, at=date(2024, 4, 10)).project("state, first_on").fetchall()
    [('grace', datetime.date(2024, 3, 1))]
    """
    return asked(STANDING, {"bands": bands, "rhythms": rhythms, "days": days}, at=at)
