"""Each customer's own rhythm: when the next purchase is due, and when waiting has been long enough.

Every purchase day makes a promise, from what is known on that day and nothing later; it stands until the next
purchase day. With the customer's gaps (days between purchase days) up to then:

- the *own* rhythm is the median of the last 12 gaps, which one long holiday does not move;
- the *population's* rhythm is the median wait from first to second purchase day, over all customers whose second came
  before this month began, one vote each. Only waits that began at least `watch` days earlier count: in the first weeks
  of any shop's data all known waits are short, because the long ones have not had time to end;
- `rhythm_days` is between the two, on the scale of logarithms, the population counting as `belief` gaps: with one gap
  of one's own it leads, with twenty it hardly matters; who bought once has the population's. (The posterior mean of a
  normal model of log gaps with known ratio of spreads; Gelman et al., *Bayesian Data Analysis*, section 2.5.)
- `due_on` is the purchase day plus rhythm, rounded up to a day;
- the *patience* is how late those who did come back were: nine in ten of the waits that ended before this month began
  (and began `watch` days earlier) were no longer than so many times the rhythm expected at their beginning;
- `grace_until` is the purchase day plus patience × rhythm, and at least `least_silence` days: no month without a
  purchase is called a lapse before it is over.

A customer has lapsed once the day `grace_until` has ended without a purchase.
"""

from dataclasses import asdict, dataclass
from datetime import date

from duckdb import DuckDBPyRelation as Relation

from regulars.rules.value.asked import asked


@dataclass(frozen=True, slots=True)
class Patience:
    """The knobs of the rhythm; the defaults are what the rules are documented with.

    `belief`: how many own gaps the population's rhythm is worth. `gaps`: how many of the latest gaps are looked at.
    `share`: which share of returning customers grace waits for. `least_silence`: days. `first_rhythm` (days) and
    `first_patience` (times the rhythm) hold while nothing has been observed; `most_patience` bounds what is observed.
    """

    belief: float = 2.0
    gaps: int = 12
    share: float = 0.9
    least_silence: int = 31
    watch: int = 180
    first_rhythm: float = 30.0
    first_patience: float = 3.0
    most_patience: float = 4.0


PATIENCE = Patience()

# Medians and shares of the population are read from tallies (how many gaps of so many days ended in which month), so
# that they cost the same for a thousand customers and for millions. Waits in units of rhythm are tallied in twentieths.
PROMISED = """
WITH numbered AS (
    SELECT *,
        row_number() OVER history AS purchase_number,
        lead(bought_on) OVER history AS next_on,
        bought_on - lag(bought_on) OVER history AS gap,
        date_trunc('month', bought_on)::date AS month
    FROM {days}
    WINDOW history AS (PARTITION BY customer_id ORDER BY bought_on)
),
own AS (
    SELECT *,
        least(purchase_number - 1, {gaps}) AS own_gaps,
        median(gap) OVER (history ROWS BETWEEN {gaps} - 1 PRECEDING AND CURRENT ROW) AS own_rhythm,
        avg(amount_minor) OVER (history ROWS BETWEEN {gaps} PRECEDING AND CURRENT ROW) AS usual_minor
    FROM numbered
    WINDOW history AS (PARTITION BY customer_id ORDER BY bought_on)
),
months AS (SELECT DISTINCT month FROM numbered),
first_gaps AS (
    SELECT date_trunc('month', greatest(next_on, bought_on + {watch}))::date AS month, next_on - bought_on AS gap,
        count(*) AS n
    FROM numbered WHERE purchase_number = 1 AND next_on IS NOT NULL GROUP BY ALL
),
gaps_before AS (
    SELECT months.month, gap, sum(n) AS n
    FROM months JOIN first_gaps ON first_gaps.month < months.month GROUP BY ALL
),
gaps_up_to AS (
    SELECT month, gap, sum(n) OVER (PARTITION BY month ORDER BY gap) AS up_to, sum(n) OVER (PARTITION BY month) AS n
    FROM gaps_before
),
population AS (SELECT month, min(gap) AS rhythm FROM gaps_up_to WHERE up_to * 2 >= n GROUP BY month),
paced AS (
    SELECT own.*, round(exp(
        ({belief} * ln(coalesce(population.rhythm, {first_rhythm})) + own_gaps * ln(coalesce(own_rhythm, 1)))
        / ({belief} + own_gaps)), 3) AS rhythm_days
    FROM own LEFT JOIN population USING (month)
),
waits AS (
    SELECT date_trunc('month', greatest(next_on, bought_on + {watch}))::date AS month,
        ceil(20 * (next_on - bought_on) / rhythm_days) AS wait, count(*) AS n
    FROM paced WHERE next_on IS NOT NULL GROUP BY ALL
),
waits_before AS (
    SELECT months.month, wait, sum(n) AS n FROM months JOIN waits ON waits.month < months.month GROUP BY ALL
),
waits_up_to AS (
    SELECT month, wait, sum(n) OVER (PARTITION BY month ORDER BY wait) AS up_to, sum(n) OVER (PARTITION BY month) AS n
    FROM waits_before
),
patience AS (SELECT month, min(wait) / 20 AS times FROM waits_up_to WHERE up_to >= {share} * n GROUP BY month)
SELECT customer_id, bought_on, amount_minor, purchase_number, next_on, rhythm_days,
    bought_on + ceil(rhythm_days)::integer AS due_on,
    bought_on + greatest({least_silence}, ceil(rhythm_days),
        ceil(rhythm_days * least(coalesce(times, {first_patience}), {most_patience})))::integer AS grace_until,
    usual_minor
FROM paced LEFT JOIN patience USING (month)
"""

LATEST = """
SELECT customer_id, bought_on AS last_on, purchase_number AS purchases, rhythm_days, due_on, grace_until, usual_minor,
    CASE WHEN grace_until <= {at} THEN 'lapsed' ELSE 'inside' END AS state
FROM {promises} WHERE next_on IS NULL
"""


def promises(days: Relation, *, patience: Patience = PATIENCE) -> Relation:
    """Every purchase day with its promise (columns of `tables.PROMISES`); `days` is what `purchase_days` gives.

    The third purchase below comes 20 days after the second and 10 days late; nothing is known of a population yet
    (nobody's second purchase before March), so 30 days counts as two gaps against the customer's own.

    >>> import duckdb
    >>> days = duckdb.sql("SELECT * FROM (VALUES (1, DATE '2024-03-01', 100), (1, DATE '2024-03-11', 200),"
    ...                   " (1, DATE '2024-03-31', 300)) t(customer_id, bought_on, amount_minor)")
    >>> shown = promises(days).project("bought_on, rhythm_days, due_on, grace_until, usual_minor")
    >>> for row in sorted(shown.fetchall()):
    ...     print(*row)
    2024-03-01 30.0 2024-03-31 2024-05-30 100.0
    2024-03-11 20.801 2024-04-01 2024-05-13 150.0
    2024-03-31 21.213 2024-04-22 2024-06-03 200.0
    """
    return asked(PROMISED, {"days": days}, **asdict(patience))


def rhythm(days: Relation, *, at: date, patience: Patience = PATIENCE) -> Relation:
    """One row per customer who ever bought: the promise in force at the end of `at` (columns of `tables.RHYTHM`).

    `days` must not know anything later than `at`: take `purchase_days(lines, at=at)`.

    >>> import duckdb
    >>> days = duckdb.sql("SELECT 1 AS customer_id, DATE '2024-03-01' AS bought_on, 100 AS amount_minor")
    >>> rhythm(days, at=date(2024, 5, 29)).project("due_on, grace_until, state").fetchall()
    [(datetime.date(2024, 3, 31), datetime.date(2024, 5, 30), 'inside')]
    >>> rhythm(days, at=date(2024, 5, 30)).project("state").fetchall()
    [('lapsed',)]
    """
    return in_force(promises(days, patience=patience), at=at)


def in_force(promised: Relation, *, at: date) -> Relation:
    """`rhythm`, from promises made (and held) already."""
    return asked(LATEST, {"promises": promised}, at=at)
