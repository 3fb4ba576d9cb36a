"""The writing door of invented people: marked, so that nobody is taken for real; or, as a canary, so that she is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection

from regulars.records.customers.actions import FIRST_NUMBER
from regulars.records.customers.keys import sealing_keys
from regulars.records.customers.marking import mark_customers
from regulars.records.customers.models import ContactPoint, Customer, SearchToken
from regulars.rules.identity.finding import all_tokens, contact_token
from regulars.rules.permission.errors import BadInput

#: As long as this she has been a customer, as it seems: who only looks at the newest ones does not find her.
SINCE: Final = timedelta(days=400)
COUNTRY: Final = "CN"  # of a phone number that does not say it


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, with an address that is one's own, so that who writes to her is heard."""

    name: str
    email: str = ""
    phone: str = ""
    city: str = ""


def mark_invented(source_ref: str) -> int:
    """Every customer of that source is marked as invented; how many were not yet."""
    return Customer.objects.filter(source__ref=source_ref, invented=False).update(invented=True)


def invent(new: Invented, *, at: datetime) -> tuple[int, str]:
    """The id and number of somebody invented who looks like any customer: nothing in her record says it.

    She allows nothing. BadInput without a name, or without an address that can be read.
    """
    name, key = new.name.strip(), settings.KEYS.read("search")
    reached = [(channel, value.strip()) for channel, value in (("email", new.email), ("phone", new.phone)) if value]
    if not name or not reached or any(contact_token(*one, key, COUNTRY) is None for one in reached):
        raise BadInput("canary_unclear")
    made = _row(name, new.city.strip(), at)
    cells = sealing_keys([made.id])[made.id]
    for channel, value in reached:
        sealed = cells.seal("contact_point.value", value)
        ContactPoint.objects.create(customer=made, channel=channel, value=sealed, noted_at=at)
    tokens = all_tokens([name], [made.number], reached, key, COUNTRY)
    SearchToken.objects.bulk_create(SearchToken(customer=made, token=token) for token in sorted(tokens))
    mark_customers([made.id], {int(made.id): reached})
    return int(made.id), made.number


def _row(name: str, city: str, at: datetime) -> Customer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('customer', 'id'))")
        number = int(cursor.fetchone()[0])
    given, _, family = name.partition(" ")
    return Customer.objects.create(
        id=number, number=f"C-{number + FIRST_NUMBER}", name=name, name_sort=name.casefold(), given_name=given,
        family_name=family, city=city, first_seen_on=(at - SINCE).date(), changed_at=at,
    )  # fmt: skip
