"""The three lists of a period: who was due, who of them bought, who did not.

Due is who, when the period began, had not lapsed and was expected by its last day, the overdue among them. The list
is made only from lines of days before the period: it could have been printed on the eve. Who did not buy is within
grace, or on the lapse list once the day `grace_until` has ended.
"""

from datetime import date, timedelta

from duckdb import DuckDBPyRelation as Relation

from regulars.rules.value.asked import asked
from regulars.rules.value.purchases import purchase_days
from regulars.rules.value.rhythm import PATIENCE, Patience, rhythm

OUTCOMES = ("bought", "within_grace", "lapsed")

LISTED = """
WITH bought AS (
    SELECT customer_id, sum(amount_minor)::bigint AS amount_minor
    FROM {days} WHERE bought_on >= {start} GROUP BY customer_id
)
SELECT customer_id, due_on, grace_until,
    CASE WHEN bought.amount_minor IS NOT NULL THEN 'bought'
         WHEN grace_until <= {seen} THEN 'lapsed' ELSE 'within_grace' END AS outcome,
    coalesce(bought.amount_minor, 0) AS amount_minor,
    round(usual_minor)::bigint AS expected_minor
FROM {known} LEFT JOIN bought USING (customer_id)
WHERE state = 'inside' AND due_on <= {end}
"""


def three_lists(lines: Relation, *, start: date, end: date, at: date, patience: Patience = PATIENCE) -> Relation:
    """Everybody due from `start` to `end` (both included) and what came of it by the end of `at` or of the period.

    Columns of `tables.DUE_LIST`; `outcome` is one of `OUTCOMES`. With `at` before `start` nobody has bought yet.

    >>> import duckdb
    >>> lines = duckdb.sql("SELECT * FROM (VALUES (1, 1, DATE '2024-03-01', 100), (2, 2, DATE '2024-03-02', 100),"
    ...                    " (1, 3, DATE '2024-04-02', 700)) t(customer_id, order_key, ordered_on, amount_minor)")
    >>> april = three_lists(lines, start=date(2024, 4, 1), end=date(2024, 4, 30), at=date(2024, 4, 10))
    >>> sorted(april.project("customer_id, outcome, amount_minor").fetchall())
    [(1, 'bought', 700), (2, 'within_grace', 0)]
    """
    eve, seen = start - timedelta(days=1), min(at, end)
    known = rhythm(purchase_days(lines, at=eve), at=eve, patience=patience)
    days = purchase_days(lines, at=seen)
    return asked(LISTED, {"known": known, "days": days}, start=start, end=end, seen=seen)
