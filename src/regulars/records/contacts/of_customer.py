"""The reading door of what one customer was sent or not sent, and why; asked with an opened file."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.connections.postgres.asking import WRITER, Asking, Row, ask, ask_one, door, question
from regulars.records.contacts.models import Contact
from regulars.records.customers.access import Opened


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One planned message: what became of it, the gate's nine letters, and the codes and values behind them."""

    id: UUID
    campaign_id: int
    campaign: str
    campaign_zh: str
    because: str
    purpose: str
    channel: str
    arm: str
    state: str
    strip: str
    reasons: Sequence[Mapping[str, Any]]
    decided_at: datetime
    not_before: datetime | None
    sent_at: datetime | None

    @property
    def at(self) -> datetime:
        """When it was sent, else when it was decided."""
        return self.sent_at or self.decided_at


@dataclass(frozen=True, slots=True)
class Went:
    """What a campaign sent: by which way, whether that is sure (sent, sending, unsure), and when."""

    campaign: str
    campaign_zh: str
    channel: str
    state: str
    at: datetime


_CONTACT = """
SELECT t.id, t.campaign_id, c.name, c.name_zh, c.reason, c.purpose, t.channel, t.arm, t.state, t.strip, t.reasons,
       t.decided_at, t.not_before, t.sent_at
  FROM contact t JOIN campaign c ON c.id = t.campaign_id WHERE t.customer_id = %s
"""
_BEFORE = f"{_CONTACT} AND t.decided_at < %s ORDER BY t.decided_at DESC, t.id LIMIT %s"
_WENT = """
SELECT t.id::text, c.name, c.name_zh, t.channel, t.state, coalesce(t.sent_at, t.decided_at)
  FROM contact t JOIN campaign c ON c.id = t.campaign_id
 WHERE t.customer_id = %s AND t.state IN ('sent', 'sending', 'unsure') AND coalesce(t.sent_at, t.decided_at) > %s
 ORDER BY 6 DESC, 1
"""
_BY_ID = f"{_CONTACT} AND t.id = %s"
_REASONS = 10


@door
def contacts_of(opened: Opened, *, before: datetime, newest: int = 20) -> Asking[list[ContactFacts]]:
    """The newest contacts decided before a moment, newest first."""
    rows = yield from question(opened.by.view, _BEFORE, [opened.id, before, newest])
    return [_facts(row) for row in rows]


def went_since(opened: Opened, since: datetime, *, but: Collection[str]) -> tuple[Went, ...]:
    """What was sent since a moment, or may have been, newest first; `but` for the contacts of these ids."""
    rows = ask(opened.by.view, _WENT, [opened.id, since])
    return tuple(Went(*row[1:]) for row in rows if row[0] not in but)


def contacts_left_with(part: Opened) -> list[ContactFacts]:
    """What a merged record was sent beside the survivor, by the same campaign: it has no room among hers."""
    return [_facts(row) for row in ask(WRITER, f"{_CONTACT} ORDER BY t.decided_at DESC, t.id", [part.id])]


def contact_of(opened: Opened, contact_id: UUID) -> ContactFacts | None:
    """The contact of that id, or None if this customer has none such."""
    row = ask_one(opened.by.view, _BY_ID, [opened.id, contact_id])
    return _facts(row) if row else None


def recipient_of(contact_id: UUID) -> str | None:
    """The customer number of the person a contact was meant for.

    For signed links only: the signature is the permission.
    """
    return Contact.objects.filter(id=contact_id).values_list("customer__number", flat=True).first()


def invented_recipient() -> str | None:
    """The number of an invented customer who was written to and still may be; None when there is none."""
    sent = Contact.objects.filter(
        customer__invented=True, customer__erased_at__isnull=True, state="sent", channel="email"
    )
    open_to_it = sent.filter(customer__allows_direct_marketing=True)
    return open_to_it.order_by("customer_id").values_list("customer__number", flat=True).first()


def _facts(row: Row) -> ContactFacts:
    """Reasons come from the database as JSON text; a view that masks them gives None."""
    reasons = json.loads(row[_REASONS]) if row[_REASONS] else ()
    return ContactFacts(*(*row[:_REASONS], reasons, *row[_REASONS + 1 :]))
