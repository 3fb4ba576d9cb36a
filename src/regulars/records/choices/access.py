"""The reading door of choices: what holds for one customer, why, and everything they ever said about it."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.access import Opened
from regulars.rules.permission.choices import Standing, where_it_stands


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """One entry of the ledger: what was said, when, through whom, by which way, under which statement and wording."""

    id: int
    purpose: str
    channel: str
    value: str
    at: datetime
    by: str
    source: str
    statement_version: int | None
    wording: str


_FIELDS = tuple(ChoiceFacts.__dataclass_fields__)


def choice_history(opened: Opened) -> list[ChoiceFacts]:
    """The customer's whole ledger, oldest first."""
    entries = ChoiceEntry.objects.using(opened.by.view).filter(customer_id=opened.id).order_by("at", "id")
    return [ChoiceFacts(*row) for row in entries.values_list(*_FIELDS)]


def choices_of(opened: Opened, *, jurisdiction: str) -> tuple[Standing, ...]:
    """For each of the eight permissions what was said, whether it holds, and the entry or law it rests on."""
    return where_it_stands(choice_history(opened), jurisdiction)


def count_closed_since(moment: datetime) -> int:
    """How many people said no to something since then, not counting what files brought along.

    A count only, of everybody: no view may hide a refusal.
    """
    said_no = ChoiceEntry.objects.filter(value="denied", at__gt=moment).exclude(source="import")
    return said_no.values("customer_id").distinct().count()
