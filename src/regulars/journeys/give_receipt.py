"""A customer is given a receipt of everything she said about the use of her data."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings

from regulars.records.access_log.actions import note_access
from regulars.records.choices.access import choice_history, youth_before_the_law
from regulars.records.company.access import company
from regulars.records.customers.access import open_customer
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.receipts import Holder, receipt


def give_receipt(number: str, *, by: Asker, because: str, at: datetime, language: str = "en") -> dict[str, Any]:
    """The receipt as plain values, by ISO/IEC TS 27560; NotThere and Denied as for opening the customer. Logged."""
    opened, facts = open_customer(number, by=by, because=because)
    own_page = f"{settings.PUBLIC_URL}/me/"
    holder = Holder(
        number=facts.number, jurisdiction=facts.jurisdiction, youth=youth_before_the_law(opened),
        controller=company().name, language=language, notice=f"{own_page}statement/", withdrawal=own_page,
    )  # fmt: skip
    note_access(by, door="give_receipt", because=because, rows=1, customer_id=opened.id)
    return receipt(choice_history(opened), holder, receipt_id=str(uuid4()), at=at)
