"""The reading door of what one customer was sent or not sent, and why; asked with an opened file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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


_FIELDS = (
    "id", "campaign_id", "campaign__name", "campaign__name_zh", "campaign__reason", "campaign__purpose", "channel",
    "arm", "state", "strip", "reasons", "decided_at", "not_before", "sent_at",
)  # fmt: skip


def contacts_of(opened: Opened, *, before: datetime, newest: int = 20) -> list[ContactFacts]:
    """The newest contacts decided before a moment, newest first."""
    found = Contact.objects.using(opened.by.view).filter(customer_id=opened.id, decided_at__lt=before)
    return [ContactFacts(*row) for row in found.order_by("-decided_at", "id").values_list(*_FIELDS)[:newest]]


def contact_of(opened: Opened, contact_id: UUID) -> ContactFacts | None:
    """The contact of that id, or None if this customer has none such."""
    row = (
        Contact.objects.using(opened.by.view).filter(customer_id=opened.id, id=contact_id).values_list(*_FIELDS).first()
    )
    return ContactFacts(*row) if row else None


def recipient_of(contact_id: UUID) -> str | None:
    """The customer number of the person a contact was meant for.

    For signed links only: the signature is the permission.
    """
    return Contact.objects.filter(id=contact_id).values_list("customer__number", flat=True).first()


def invented_recipient() -> str | None:
    """The number of an invented customer who was written to, for the demonstration; None when there is none."""
    sent = Contact.objects.filter(customer__invented=True, customer__erased_at__isnull=True, state="sent")
    return sent.order_by("customer_id").values_list("customer__number", flat=True).first()
