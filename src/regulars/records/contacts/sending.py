"""The writing door of contacts, sending side: claimed before anything leaves, asked again in the second of sending,
settled after.

A claimed contact is never sent again by itself. Whoever dies after the claim leaves it `sending`; the next sender of
that
campaign, holding the campaign's lock, turns such into `unsure` for a person to look at.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from regulars.connections.postgres.asking import ask
from regulars.records.contacts.models import Contact
from regulars.records.contacts.planning import reasons_of
from regulars.records.customers.keys import open_cell, opening_keys
from regulars.records.customers.models import Customer
from regulars.rules.permission.gate import Decision

SENDING_LOCK: Final = 20_260_312
AT_A_TIME: Final = 5_000
_PEOPLE: Final = "SELECT id, name, given_name, honorific, language FROM customer WHERE id = ANY (%s)"
# One look-up after the other: whatever the tables' statistics say, a thousand addresses are a thousand look-ups.
_ADDRESSES: Final = """
SELECT asked.id, found.value FROM unnest(%s::bigint[]) AS asked (id), LATERAL (
    SELECT value FROM contact_point
     WHERE customer_id = asked.id AND channel = %s AND valid AND value IS NOT NULL ORDER BY id LIMIT 1) AS found
"""
CLAIM: Final = """
UPDATE contact SET state = 'sending', claimed_at = %(at)s, message_id = id::text || '@' || %(domain)s
 WHERE id = (SELECT id FROM contact WHERE campaign_id = %(campaign)s AND state = 'waiting'
                AND (not_before IS NULL OR not_before <= %(at)s) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, customer_id, message_id
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A contact that is ours to send, once."""

    id: UUID
    customer_id: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """What the post room needs of a person, through the delivery view: nothing more."""

    name: str
    given_name: str
    honorific: str
    language: str
    address: str


@contextmanager
def only_sender(campaign_id: int) -> Iterator[bool]:
    """True for the one sender of this campaign, False when another is at it. What a dead one left becomes `unsure`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SENDING_LOCK, campaign_id])
        mine = bool(cursor.fetchone()[0])
        try:
            if mine:
                Contact.objects.filter(campaign_id=campaign_id, state="sending").update(state="unsure")
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SENDING_LOCK, campaign_id])


def claim_next(campaign_id: int, *, at: datetime, domain: str) -> Claimed | None:
    """The next waiting contact, marked as being sent and committed; None when nobody waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"campaign": campaign_id, "at": at, "domain": domain})
        row = cursor.fetchone()
    return Claimed(*row) if row else None


@contextmanager
def permission_held(customer_id: int) -> Iterator[None]:
    """Inside, what the customer allows cannot change: a withdrawal waits until this message has left, or goes first."""
    with transaction.atomic():
        list(Customer.objects.select_for_update().filter(id=customer_id).values_list("id"))
        yield


def recipient(customer_id: int, channel: str) -> Recipient | None:
    """Name and address through the delivery view; None when the person is not in it any more."""
    return next((found for _, found in recipients([customer_id], channel)), None)


def recipients(customer_ids: Iterable[int], channel: str) -> Iterator[tuple[int, Recipient]]:
    """The same of many, one after the other in the order asked for: only some thousands are held open at a time.

    Whoever is not in the delivery view any more, or has no address for this channel, is left out.
    """
    asked = iter(customer_ids)
    while some := list(islice(asked, AT_A_TIME)):
        people = {row[0]: row[1:] for row in ask("delivery", _PEOPLE, [some])}
        cells = {row[0]: row[1] for row in ask("delivery", _ADDRESSES, [some, channel])}
        keys = opening_keys("delivery", sorted(cells))
        for who in (one for one in some if one in people and one in cells):
            address = open_cell(keys.get(who), "contact_point.value", cells[who])
            if address:
                yield who, Recipient(*(*people[who], address))


def settle(claimed: Claimed, state: str, *, at: datetime, decision: Decision | None = None) -> None:
    """What became of a claimed contact: sent, failed, unsure, refused, held, or waiting again when nothing left the
    house."""
    changes: dict[str, object] = {"state": state}
    if state in ("sent", "unsure"):
        changes["sent_at"] = at
    if decision is not None:
        changes |= {
            "strip": decision.strip,
            "reasons": reasons_of(decision),
            "decided_at": at,
            "not_before": decision.until,
        }
    Contact.objects.filter(id=claimed.id, state="sending").update(**changes)


def wake_held(campaign_id: int, *, at: datetime) -> int:
    """Contacts held only until a moment that has come wait again; how many."""
    held = Q(campaign_id=campaign_id, state="held", not_before__isnull=False, not_before__lte=at)
    return Contact.objects.filter(held).update(state="waiting", claimed_at=None, not_before=F("not_before"))
