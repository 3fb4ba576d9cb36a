"""The cast: Ann consented, Bob withdrew, Cleo shares Bob's address, 王芳 has two spellings, Dora works the counter,
Emil
is the privacy officer.
"""

from datetime import UTC, date, datetime
from typing import Any

from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.keys import sealing_keys
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
    secret = {name: more.pop(name) for name in ("allergies", "id_document") if name in more}
    made = Customer.objects.create(**fields | more)
    for column, text in secret.items():
        keep_sealed(made, column, text)
    for channel, value in (("email", email), ("phone", phone), ("letter", street)):
        if value:
            reach(made, channel, value)
    return made


def sealed(who: Customer, column: str, text: str) -> bytes:
    """The text as the vault holds it: a cell of that column ("table.column") of hers."""
    return sealing_keys([who.id])[who.id].seal(column, text)


def keep_sealed(who: Customer, column: str, text: str) -> None:
    """Her record says so, sealed."""
    Customer.objects.filter(id=who.id).update(**{column: sealed(who, f"customer.{column}", text)})


def reach(who: Customer, channel: str, value: str) -> ContactPoint:
    """A way to reach her."""
    cell = sealed(who, "contact_point.value", value)
    return ContactPoint.objects.create(customer=who, channel=channel, value=cell, noted_at=NOON)


def reached_by(*people: Customer) -> list[tuple[str, str]]:
    """Their ways to be reached, as the vault has them: (channel, value); everybody's where nobody is named."""
    points = ContactPoint.objects.all()
    found = list(points.filter(customer__in=people) if people else points)
    keys = sealing_keys({one.customer_id for one in found})
    return sorted((one.channel, keys[one.customer_id].open("contact_point.value", one.value)) for one in found)


def said(
    who: Customer, purpose: str, value: str, channel: str = "", at: datetime = NOON, source: str = "portal"
) -> None:
    """An entry in the ledger of choices."""
    ChoiceEntry.objects.create(
        customer=who, purpose=purpose, channel=channel, value=value, at=at, by=who.name, source=source
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
