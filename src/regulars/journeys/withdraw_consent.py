"""A customer says yes or no to a use of her data; it holds for the next statement of everybody.

One transaction: the ledger gets its entry, the database draws the consequences in the same breath, planned contacts
that are no longer covered are called off, the change book gets its lines. Nothing else is told: gate, views and exports
read the permission when they use it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.records.access_log.actions import note_denial
from regulars.records.choices.actions import SOURCES, add_choice
from regulars.records.choices.subjects import check_subject
from regulars.records.company.access import statement_version
from regulars.records.contacts.actions import cancel_waiting
from regulars.records.customers.access import Opened, open_customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import DIRECT_MARKETING, check_choice
from regulars.rules.permission.errors import BadInput, Denied

#: The customer herself, and those who write down what she says to them.
MAY_RECORD = frozenset({"customer", "service", "officer"})


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """What holds from `at` on, what was said before, and how many planned contacts were called off because of it."""

    purpose: str
    channel: str
    value: str
    before: str
    at: datetime
    called_off: int
    brand: str = ""
    topic: str = ""


def set_choice(
    number: str,
    *,
    purpose: str,
    channel: str = "",
    value: str,
    by: Asker,
    because: str,
    source: str,
    wording: str,
    at: datetime,
    brand: str = "",
    topic: str = "",
    by_guardian: bool = False,
) -> ChoiceMade:
    """The choice is in force when this returns. `wording` is the very sentence the customer saw or said.

    With a brand or topic it is an exception to the purpose as a whole. `by_guardian`: a child's guardian says it; only
    staff can note that. Denied for those who neither are the customer nor serve her; BadInput for a purpose, channel,
    value, way, brand or topic unknown.
    """
    check_choice(purpose, channel, value, brand, topic)
    check_subject(brand, topic)
    if source not in SOURCES:
        raise BadInput("choice_source_unknown", {"source": source[:40]})
    opened, _ = open_customer(number, by=by, because=because)
    _may_record(opened, by_guardian)
    with transaction.atomic():
        before, moment = add_choice(
            opened.id, purpose=purpose, channel=channel, value=value, at=at, by=by, source=source,
            statement_version=statement_version(), wording=wording, brand=brand, topic=topic, by_guardian=by_guardian,
        )  # fmt: skip
        called_off = cancel_waiting(opened.id, at=moment, by=by)
    return ChoiceMade(purpose, channel, value, before, moment, called_off, brand, topic)


def withdraw_consent(
    number: str,
    *,
    by: Asker,
    source: str,
    at: datetime,
    purpose: str = DIRECT_MARKETING,
    channel: str = "",
    wording: str = "",
) -> ChoiceMade:
    """The customer no longer allows this purpose, or this channel of it."""
    return set_choice(
        number,
        purpose=purpose,
        channel=channel,
        value="denied",
        by=by,
        because="choice",
        source=source,
        wording=wording,
        at=at,
    )


def _may_record(opened: Opened, by_guardian: bool) -> None:
    if opened.by.role not in MAY_RECORD or (by_guardian and opened.by.role == "customer"):
        note_denial(opened.by, door="set_choice", because=opened.because, customer_id=opened.id)
        raise Denied("choices_not_for_this_role")
