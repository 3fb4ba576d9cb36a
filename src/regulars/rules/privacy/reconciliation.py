"""The present against the ledger, as SQL statements over all customers: what the triggers keep, proved or mended.

The rule is rules/permission/choices.py in set form: newest heard entry per purpose and channel, else the default. The
triggers keep the booleans and the exceptions; these statements share nothing with the triggers but the rule.
"""

from regulars.rules.permission.choices import ALLOWS, DIRECT_MARKETING
from regulars.rules.permission.youth import ELSEWHERE
from regulars.rules.privacy.compiler import PERSON, VAULT

WHOLE = "allows_direct_marketing"
EXCEPTION = f"{VAULT}.choice_exception"

#: Every customer with the two ages that hold where she lives, and today as the business counts days.
_PEOPLE = f"""
today AS (
    SELECT coalesce(max(business_on), (now() AT TIME ZONE coalesce(max(timezone), 'UTC'))::date) AS on_day
      FROM {VAULT}.company),
people AS (
    SELECT c.*, coalesce(o.own_word_from, j.own_word_from, {ELSEWHERE}) AS own_word_from,
           coalesce(extract(year FROM age(y.on_day, c.birth_on))
                    < coalesce(o.silence_is_no_under, j.silence_is_no_under, {ELSEWHERE}), false) AS presumes_nothing
      FROM {VAULT}.{PERSON} c CROSS JOIN today y
      LEFT JOIN {VAULT}.choice_age o ON o.jurisdiction = c.jurisdiction AND o.country = c.country
      LEFT JOIN {VAULT}.choice_age j ON j.jurisdiction = c.jurisdiction AND j.country = ''),
heard AS (
    SELECT e.* FROM {VAULT}.choice_entry e JOIN people p ON p.id = e.customer_id
     WHERE e.by_guardian OR e.value = 'denied' OR p.birth_on IS NULL
        OR extract(year FROM age((e.at AT TIME ZONE 'UTC')::date, p.birth_on)) >= p.own_word_from)"""


def what_should_hold() -> str:
    """SELECT of `id` and, for each permission, its own name as it is and `should_…` as the ledger wants it."""
    as_it_is = ", ".join(f"c.{name}" for name in ALLOWS)
    as_it_should_be = ",\n       ".join(f"{_should(name)} AS should_{name}" for name in ALLOWS)
    return f"""
WITH {_PEOPLE},
newest AS (
    SELECT DISTINCT ON (customer_id, purpose, channel) customer_id, purpose, channel, value
      FROM heard WHERE brand = '' AND topic = '' ORDER BY customer_id, purpose, channel, at DESC, id DESC),
said AS (
    SELECT customer_id, {_pivot("value", "newest")} FROM newest GROUP BY customer_id),
unsaid AS (
    SELECT jurisdiction, {_pivot("allowed::int", "default")} FROM {VAULT}.choice_default GROUP BY jurisdiction)
SELECT c.id, {as_it_is},
       {as_it_should_be}
  FROM people c
  LEFT JOIN said s ON s.customer_id = c.id
  LEFT JOIN unsaid d ON d.jurisdiction = c.jurisdiction"""


def who_disagrees() -> str:
    """SELECT of the same columns for those customers only whose booleans differ from what the ledger wants."""
    return f"SELECT * FROM ({what_should_hold()}) w WHERE {_differs('w')} ORDER BY id"


def mend_choices() -> str:
    """UPDATE that makes the booleans follow the ledger again; touches only rows that differ."""
    changes = ", ".join(f"{name} = w.should_{name}" for name in ALLOWS)
    wanted = f"SELECT * FROM ({what_should_hold()}) w WHERE {_differs('w')}"
    return f"UPDATE {VAULT}.{PERSON} c SET {changes} FROM ({wanted}) w WHERE c.id = w.id"


def what_should_be_out() -> str:
    """SELECT of (customer_id, purpose, channel, brand, topic) for every exception the ledger wants."""
    return f"""
WITH {_PEOPLE},
newest AS (
    SELECT DISTINCT ON (customer_id, purpose, channel, brand, topic) customer_id, purpose, channel, brand, topic, value
      FROM heard WHERE brand <> '' OR topic <> ''
     ORDER BY customer_id, purpose, channel, brand, topic, at DESC, id DESC)
SELECT customer_id, purpose, channel, brand, topic FROM newest WHERE value = 'denied'"""


def exceptions_that_disagree() -> str:
    """SELECT of (customer_id, purpose, channel, brand, topic, is there) for each exception missing or too many."""
    held = f"SELECT customer_id, purpose, channel, brand, topic FROM {EXCEPTION}"
    wanted = f"SELECT * FROM ({what_should_be_out()}) w"
    return f"""
SELECT *, true FROM (({held}) EXCEPT ({wanted})) extra
 UNION ALL SELECT *, false FROM (({wanted}) EXCEPT ({held})) missing ORDER BY 1, 2, 3, 4, 5"""


def mend_exceptions() -> tuple[str, str]:
    """DELETE and INSERT that make the exceptions follow the ledger again."""
    named = "customer_id, purpose, channel, brand, topic"
    wanted = f"SELECT * FROM ({what_should_be_out()}) w"
    return (
        f"DELETE FROM {EXCEPTION} x WHERE ({named}) NOT IN ({wanted})",
        f"INSERT INTO {EXCEPTION} ({named}) {wanted} ON CONFLICT ({named}) DO NOTHING",
    )


def _pivot(value: str, kind: str) -> str:
    """One column per permission; `kind` keeps the compiler from mistaking a ledger's text for a default's number."""
    cells = (
        f"max({value}) FILTER (WHERE purpose = '{purpose}' AND channel = '{channel}') AS {kind}_{name}"
        for name, (purpose, channel) in ALLOWS.items()
    )
    return ", ".join(cells)


def _should(name: str) -> str:
    """Granted is yes, denied is no, else the default; a channel holds only while marketing as a whole holds."""
    purpose, channel = ALLOWS[name]
    own = _counts(name)
    return f"({_counts(WHOLE)} AND {own})" if purpose == DIRECT_MARKETING and channel else own


def _counts(name: str) -> str:
    default = f"(coalesce(d.default_{name} = 1, false) AND NOT c.presumes_nothing)"
    return f"CASE s.newest_{name} WHEN 'granted' THEN true WHEN 'denied' THEN false ELSE {default} END"


def _differs(alias: str) -> str:
    return " OR ".join(f"{alias}.{name} <> {alias}.should_{name}" for name in ALLOWS)
