"""What the contact gate must know, asked of the vault itself: for an audience, or for one person in the moment of
sending.

Both use the same SQL, so that the two answers cannot differ but by what happened in between.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from regulars.rules.permission.choices import CHANNELS
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.gate import CAP_DAYS, Person

_CAP: Final = timedelta(days=CAP_DAYS)
ASKED: Final = """
SELECT c.id AS customer_id, c.allows_direct_marketing, c.allows_email, c.allows_phone, c.allows_letter, c.allows_sms,
       EXISTS (SELECT FROM contact_point p
                WHERE p.customer_id = c.id AND p.channel = %(channel)s AND p.valid AND p.value <> '') AS reachable,
       true AS reason_holds,
       ARRAY(SELECT s.reason FROM suppression s JOIN search_token t ON t.token = s.token
              WHERE t.customer_id = c.id AND s.channel IN (%(channel)s, '')) AS suppressions,
       c.birth_on, c.jurisdiction,
       (SELECT count(*) FROM complaint k WHERE k.customer_id = c.id AND k.opened_at <= %(at)s
           AND (k.closed_at IS NULL OR k.closed_at > %(at)s))::int AS open_complaints,
       (SELECT count(*) FROM contact t JOIN campaign g ON g.id = t.campaign_id
         WHERE t.customer_id = c.id AND t.campaign_id <> %(campaign)s AND g.purpose = 'direct_marketing'
           AND t.state IN ('sending', 'sent', 'unsure') AND coalesce(t.sent_at, t.claimed_at) <= %(at)s
           AND coalesce(t.sent_at, t.claimed_at) > %(since)s)::int AS contacts_30d,
       w.priority AS competing_priority, w.id AS competing_campaign,
       make_time(c.quiet_until, 0, 0) AS may_from, make_time(c.quiet_from, 0, 0) AS may_until,
       coalesce(nullif(c.timezone, ''), %(zone)s) AS timezone,
       EXISTS (SELECT FROM choice_exception x
                WHERE x.customer_id = c.id AND x.purpose = 'direct_marketing' AND x.channel IN (%(channel)s, '')
                  AND x.brand IN (%(brand)s, '') AND x.topic IN (%(topic)s, '')) AS subject_closed
  FROM customer c
  LEFT JOIN LATERAL (
       SELECT g.priority, g.id FROM contact t JOIN campaign g ON g.id = t.campaign_id
        WHERE t.customer_id = c.id AND t.state = 'waiting' AND t.campaign_id <> %(campaign)s
        ORDER BY g.priority DESC, g.id LIMIT 1) w ON true
 WHERE c.erased_at IS NULL AND c.id = ANY (%(ids)s)
"""
NAMES: Final = (
    "customer_id",
    "allows_direct_marketing",
    "allows_email",
    "allows_phone",
    "allows_letter",
    "allows_sms",
    "reachable",
    "reason_holds",
    "suppressions",
    "birth_on",
    "jurisdiction",
    "open_complaints",
    "contacts_30d",
    "competing_priority",
    "competing_campaign",
    "may_from",
    "may_until",
    "timezone",
    "subject_closed",
)


def persons_for_gate(
    ids: Iterable[int], *, channel: str, campaign: int, at: datetime, zone: str, brand: str = "", topic: str = ""
) -> list[Person]:
    """The people of those ids as the gate wants them, as of `at`; erased and unknown ids are simply not there.

    `brand` and `topic` are what the message is about. `zone` is the company's time zone, taken for people whose own is
    not known.
    """
    if channel not in CHANNELS:
        raise BadInput("contact_channel_unknown", {"channel": channel})
    asked: dict[str, Any] = {"channel": channel, "campaign": campaign, "at": at, "since": at - _CAP, "zone": zone}
    asked |= {"ids": list(ids), "brand": brand, "topic": topic}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, asked)
        return [_person(dict(zip(NAMES, row, strict=True))) for row in cursor.fetchall()]


def _person(row: dict[str, Any]) -> Person:
    return Person(**row | {"suppressions": tuple(row["suppressions"])})
