"""The writing door of contacts. What is planned is called off as soon as the customer no longer allows it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from regulars.records.access_log.actions import note_change
from regulars.records.choices.access import taken_out_now
from regulars.records.contacts.models import Contact
from regulars.records.customers.models import Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import ALLOWS, DIRECT_MARKETING, Scope
from regulars.rules.permission.gate import RULES

PLANNED = ("waiting", "held", "reserved")
_ALLOWED_BY = {said: allows for allows, said in ALLOWS.items()}


def cancel_waiting(customer_id: int, *, at: datetime, by: Asker) -> int:
    """How many planned contacts of the customer were called off: those that what is allowed now does not cover.

    Call it in the transaction that changed the choice. A contact that somebody is sending at this moment is passed by:
    the sender asks the gate again, and waiting for each other here could tie a knot.
    """
    allows = Customer.objects.filter(id=customer_id).values(*ALLOWS).get()
    out = taken_out_now(customer_id)
    planned = Contact.objects.select_for_update(of=("self",), skip_locked=True).filter(
        customer_id=customer_id, state__in=PLANNED
    )
    closed = [
        (contact, rule)
        for contact in planned.select_related("campaign")
        if (rule := _closed_rule(contact, allows, out))
    ]
    for contact, rule in closed:
        _call_off(contact, rule, at)
    if closed:
        note_change(
            by,
            door="cancel_waiting",
            subject="contact",
            field="state",
            old="waiting",
            new=f"cancelled: {len(closed)}",
            customer_id=customer_id,
        )
    return len(closed)


def with_planned(customers: Iterable[int]) -> list[int]:
    """Those of these customers to whom something is planned."""
    planned = Contact.objects.filter(customer_id__in=list(customers), state__in=PLANNED)
    return sorted(set(planned.values_list("customer_id", flat=True)))


def _closed_rule(contact: Contact, allows: Mapping[str, bool], out: Iterable[Scope]) -> str:
    """The rule of the gate that now says no, or "" when the contact is still covered."""
    purpose = contact.campaign.purpose
    if (purpose, "") not in _ALLOWED_BY:
        return ""
    if not allows[_ALLOWED_BY[purpose, ""]]:
        return "direct_marketing"
    if any(scope.takes_in(_use(contact)) for scope in out):
        return "subject"
    channel = _ALLOWED_BY.get((purpose, contact.channel), "") if purpose == DIRECT_MARKETING else ""
    return "channel" if channel and not allows[channel] else ""


def _use(contact: Contact) -> Scope:
    return Scope(contact.campaign.purpose, contact.channel, contact.campaign.brand, contact.campaign.topic)


def _call_off(contact: Contact, rule: str, at: datetime) -> None:
    refusal = _refusal(rule, contact, at)
    strip = contact.strip.ljust(len(RULES), "n")
    place = RULES.index(refusal["rule"])
    contact.state, contact.strip = "cancelled", f"{strip[:place]}s{strip[place + 1 :]}"
    contact.reasons = [
        *(said for said in contact.reasons if said.get("rule") != refusal["rule"]),
        refusal,
    ]
    contact.reasons.sort(key=lambda said: RULES.index(said["rule"]))
    contact.save(update_fields=["state", "strip", "reasons"])


def _refusal(closed: str, contact: Contact, at: datetime) -> dict[str, Any]:
    """What the gate would say now; a brand or topic taken out is a matter of its rule on direct marketing."""
    about = {"brand": contact.campaign.brand, "topic": contact.campaign.topic}
    said: dict[str, tuple[str, str, dict[str, Any]]] = {
        "channel": ("channel", "channel_closed", {"channel": contact.channel}),
        "subject": ("direct_marketing", "subject_closed", {name: key for name, key in about.items() if key}),
        "direct_marketing": ("direct_marketing", "marketing_closed", {}),
    }
    rule, code, values = said[closed]
    return {"rule": rule, "answer": "stop", "code": code, "values": values | {"at": at.isoformat()}}
