"""Erasure, the part of contacts: nothing that is planned for an erased customer leaves the house."""

from datetime import datetime
from typing import Final

from regulars.records.contacts.actions import PLANNED
from regulars.records.contacts.models import Contact
from regulars.rules.permission.gate import RULES

ERASED: Final = "erased"


def refuse_planned(customer_id: int, *, at: datetime) -> int:
    """How many planned contacts of hers are refused now, because she is erased."""
    planned = list(Contact.objects.select_for_update().filter(customer_id=customer_id, state__in=PLANNED))
    said = {"rule": RULES[0], "answer": "stop", "code": ERASED, "values": {"at": at.isoformat()}}
    for contact in planned:
        contact.state, contact.reasons, contact.decided_at = "refused", [said], at
        contact.strip = "s" + "n" * (len(RULES) - 1)
        contact.save(update_fields=["state", "reasons", "strip", "decided_at"])
    return len(planned)
