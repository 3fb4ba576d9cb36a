"""The present against the ledger, as one SQL statement over all customers: the `allows_*` booleans proved or mended.

The rule is rules/permission/choices.py in set form: newest entry per purpose and channel, else the default.
The trigger keeps the booleans; this statement shares nothing with the trigger but the rule.
"""

from regulars.rules.permission.choices import ALLOWS, DIRECT_MARKETING
from regulars.rules.privacy.compiler import PERSON, VAULT

WHOLE = "allows_direct_marketing"


def what_should_hold() -> str:
    """SELECT of `id` and, for each permission, its own name as it is and `should_…` as the ledger wants it."""
    as_it_is = ", ".join(f"c.{name}" for name in ALLOWS)
    as_it_should_be = ",\n       ".join(f"{_should(name)} AS should_{name}" for name in ALLOWS)
    return f"""
WITH newest AS (
    SELECT DISTINCT ON (customer_id, purpose, channel) customer_id, purpose, channel, value
      FROM {VAULT}.choice_entry ORDER BY customer_id, purpose, channel, at DESC, id DESC),
said AS (
    SELECT customer_id, {_pivot("value", "newest")} FROM newest GROUP BY customer_id),
unsaid AS (
    SELECT jurisdiction, {_pivot("allowed::int", "default")} FROM {VAULT}.choice_default GROUP BY jurisdiction)
SELECT c.id, {as_it_is},
       {as_it_should_be}
  FROM {VAULT}.{PERSON} c
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
    default = f"coalesce(d.default_{name} = 1, false)"
    return f"CASE s.newest_{name} WHEN 'granted' THEN true WHEN 'denied' THEN false ELSE {default} END"


def _differs(alias: str) -> str:
    return " OR ".join(f"{alias}.{name} <> {alias}.should_{name}" for name in ALLOWS)
