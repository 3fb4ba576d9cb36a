"""Erasure, the part of choices: an address she closed stays closed, whoever brings it in again.

Only keyed digests of her phones and mail addresses are kept for it, and only where she said no.
"""

from datetime import datetime
from typing import Final

from django.db import connection

from regulars.records.choices.access import choice_history, youth_before_the_law
from regulars.records.customers.access import Opened
from regulars.rules.identity.finding import SECRET
from regulars.rules.permission.choices import DIRECT_MARKETING, latest

REASON: Final = "closed_before_erasure"
_KEEP_CLOSED: Final = """
INSERT INTO suppression (channel, token, reason, by, at)
SELECT DISTINCT closed.channel, t.token, %s, %s, %s::timestamptz
  FROM search_token t CROSS JOIN unnest(%s::text[]) closed (channel)
 WHERE t.customer_id = %s AND t.token LIKE %s
ON CONFLICT (channel, token) DO NOTHING
"""


def keep_closed(opened: Opened, *, at: datetime) -> int:
    """How many ways to reach her are on the list of those never to be used now, because she closed them."""
    said = latest(choice_history(opened), youth_before_the_law(opened))
    closed = [channel for (purpose, channel), entry in said.items() if _says_no(purpose, entry.value)]
    if not closed:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_CLOSED, [REASON, opened.by.name, at, closed, opened.id, f"{SECRET}%"])
        return int(cursor.rowcount)


def _says_no(purpose: str, value: str) -> bool:
    return purpose == DIRECT_MARKETING and value == "denied"
