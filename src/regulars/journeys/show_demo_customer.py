"""In the demonstration, a visitor may be one of the invented customers for a while."""

from datetime import datetime, timedelta

from regulars.records.company.access import company
from regulars.records.contacts.of_customer import invented_recipient
from regulars.records.customers.access import open_customer
from regulars.records.customers.own_page import invented_number, issue_link
from regulars.rules.permission.asking import Asker

A_WHILE = timedelta(hours=2)
GUIDE = Asker("demonstration", "customer", "personal", "oversight")


def demo_portal_secret(*, at: datetime) -> str | None:
    """The secret of a new link to an invented customer's page; None where this is no demonstration."""
    number = (invented_recipient() or invented_number()) if company().is_demo else None
    if number is None:
        return None
    opened, _ = open_customer(number, by=GUIDE, because="demonstration")
    return issue_link(opened, at=at, expires_at=at + A_WHILE)
