"""The cast: Ann consented, Bob withdrew, Cleo shares Bob's address, 王芳 has two spellings, Dora works the counter,
Emil
is the privacy officer.
"""

from datetime import UTC, date, datetime
from typing import Any

from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import ContactPoint, Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.views import ROLES

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)


def asking(name: str, role: str, **more: Any) -> Asker:
    """Somebody of staff in a role, as the doors see her."""
    view, purpose = ROLES[role]
    return Asker(name, role, view, purpose, **more)


DORA = asking("Dora", "service")
EMIL = asking("Emil", "officer")
MIA = asking("Mia", "marketer")
STEN = asking("Sten", "steward")


def customer(
    name: str, *, email: str | None = None, phone: str | None = None, street: str | None = None, **more: Any
) -> Customer:
    """A customer of that name in the vault, with ways to reach them."""
    given, _, family = name.partition(" ")
    count = Customer.objects.count()
    fields = {"number": f"C-{20001 + count}", "name": name, "given_name": given, "family_name": family,
              "first_seen_on": date(2024, 5, 18), "changed_at": NOON, "jurisdiction": "none"}  # fmt: skip
    made = Customer.objects.create(**fields | more)
    for channel, value in (("email", email), ("phone", phone), ("letter", street)):
        if value:
            ContactPoint.objects.create(customer=made, channel=channel, value=value, noted_at=NOON)
    return made


def said(who: Customer, purpose: str, value: str, channel: str = "", at: datetime = NOON) -> None:
    """An entry in the ledger of choices."""
    ChoiceEntry.objects.create(
        customer=who, purpose=purpose, channel=channel, value=value, at=at, by=who.name, source="portal"
    )


def ann() -> Customer:
    """She consented to marketing."""
    who = customer(
        "Ann Archer", email="ann@example.com", phone="+15550100001", street="1 Elm Street", birth_on=date(1988, 4, 2)
    )
    said(who, "direct_marketing", "granted")
    return who


def bob() -> Customer:
    """He withdrew."""
    who = customer("Bob Baker", email="bob@example.com", phone="+15550100002", street="2 Oak Street", allergies="wool")
    said(who, "direct_marketing", "denied")
    return who


def cleo() -> Customer:
    """She lives where Bob lives."""
    return customer("Cleo Baker", email="cleo@example.com", street="2 Oak Street")


def wang_fang() -> Customer:
    """She has two spellings."""
    return customer(
        "王芳",
        email="wangfang@example.com",
        country="CN",
        jurisdiction="CN",
        given_name="芳",
        family_name="王",
        name_sort="wang fang",
    )
