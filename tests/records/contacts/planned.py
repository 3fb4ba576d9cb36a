"""A campaign with contacts in every state, for the doors of contacts."""

from datetime import datetime, timedelta
from uuid import UUID

from regulars.records.campaigns.models import Campaign
from regulars.records.contacts.models import Contact
from regulars.records.contacts.planning import Planned, plan_contacts
from regulars.records.customers.models import Customer
from regulars.records.segments.models import Segment
from regulars.rules.permission import gate
from tests.cast import NOON

HOUR = timedelta(hours=1)
EVERYBODY = {"all": [{"field": "frequency", "operator": "at_least", "value": 1}]}


def campaign(key: str = "spring", **more: object) -> Campaign:
    """A campaign by e-mail to a segment of its own."""
    segment = Segment.objects.create(key=f"of-{key}", name="S", rule=EVERYBODY, made_by="Mia", made_at=NOON)
    fields = {"name": key.title(), "channel": "email", "reason": "due_this_month", "threshold": 0.03,
              "expected_response": 0.04, "currency": "CNY", "owner": "Mia", "made_at": NOON}  # fmt: skip
    return Campaign.objects.create(key=key, segment=segment, **fields | more)


def decision(*, at: datetime = NOON, **person: object) -> gate.Decision:
    """What the gate says of somebody about whom nothing speaks against, but for what is said here."""
    willing = dict.fromkeys(
        ("allows_direct_marketing", "allows_email", "allows_phone", "allows_letter", "allows_sms"), True
    )
    asked = gate.Person(1, **willing | {"timezone": "UTC"} | person)  # type: ignore[arg-type]
    return gate.decide(asked, gate.Contact("email", "due_this_month", at))


def plan(
    to: Campaign, who: Customer, state: str = "waiting", arm: str = "test", at: datetime = NOON, **person: object
) -> UUID:
    """One planned contact, put there by the planning door; its id."""
    plan_contacts(to.pk, to.channel, [Planned(who.id, arm, state, decision(at=at, **person))], at=at)
    return Contact.objects.get(campaign=to, customer=who).id
