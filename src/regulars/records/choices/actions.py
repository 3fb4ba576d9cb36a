"""The writing door of choices: the ledger is added to; the database draws the consequences in the same transaction."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from regulars.connections.postgres.asking import WRITER, ask_one
from regulars.records.access_log.actions import note_change
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.models import Customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Scope, check_choice
from regulars.rules.permission.errors import NotThere

SOURCES = ("portal", "counter", "phone", "unsubscribe", "import", "reply", "browser_signal", "officer")


def add_choice(
    customer_id: int, *, purpose: str, channel: str = "", value: str, at: datetime, by: Asker, source: str,
    statement_version: int | None = None, wording: str = "", brand: str = "", topic: str = "",
    by_guardian: bool = False,
) -> tuple[str, datetime]:  # fmt: skip
    """What was said before ("unset" if nothing), and the moment the new entry bears.

    The customer's row is locked first, so of two entries at once the second one comes after the first, also in time:
    a moment earlier than the newest entry's would let the older word win. That happens with a clock set back, and where
    the business day is a day of the past.
    """
    check_choice(purpose, channel, value, brand, topic)
    scope = Scope(purpose, channel, brand, topic)
    with transaction.atomic():
        _lock(customer_id)
        newest = _newest(customer_id, scope)
        moment = max(at, newest.at) if newest else at
        ChoiceEntry.objects.create(
            customer_id=customer_id, purpose=purpose, channel=channel, value=value, at=moment, by=by.name,
            source=source, statement_version=statement_version, wording=wording, brand=brand, topic=topic,
            by_guardian=by_guardian,
        )  # fmt: skip
        before = newest.value if newest else "unset"
        field = "/".join(filter(None, (purpose, channel, brand, topic)))
        note_change(
            by, door="add_choice", subject="choice_entry", field=field, old=before, new=value, customer_id=customer_id
        )
    return before, moment


def follow_the_years() -> int:
    """Who has come of age is under the law of the grown from now on; how many customers that moved."""
    row = ask_one(WRITER, "SELECT follow_the_years()")
    return int(row[0]) if row else 0


def _lock(customer_id: int) -> None:
    alive = Customer.objects.select_for_update(no_key=True).filter(id=customer_id, erased_at__isnull=True)
    if alive.values_list("id", flat=True).first() is None:
        raise NotThere("customer_not_there")


def _newest(customer_id: int, scope: Scope) -> ChoiceEntry | None:
    said = ChoiceEntry.objects.filter(customer_id=customer_id, **asdict(scope))
    return said.order_by("-at", "-id").first()
