"""A browser says "do not sell or share" for its owner (Global Privacy Control); where the law binds, it is a no."""

from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.journeys.withdraw_consent import set_choice
from regulars.records.choices.signals import SignalHeard, hear_one_at_a_time, last_signal, note_signal
from regulars.records.customers.access import open_customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.signals import is_news, outcome_in

DISCLOSURE: Final = "third_party_disclosure"
WORDING: Final = "Sec-GPC: 1 (Global Privacy Control: do not sell or share my data)"


def hear_browser_signal(number: str, *, by: Asker, because: str, at: datetime) -> SignalHeard:
    """What became of the signal, now or when it was heard before. It is in force when this returns.

    In California it is a no to disclosure; elsewhere it is noted. NotThere and Denied as for opening the customer.
    """
    before, jurisdiction = last_signal(number)
    if before is not None and not is_news(before.outcome, jurisdiction):
        return before
    opened, facts = open_customer(number, by=by, because=because)
    outcome = outcome_in(facts.jurisdiction)
    with transaction.atomic():
        hear_one_at_a_time(number)
        before, jurisdiction = last_signal(number)
        if before is not None and not is_news(before.outcome, jurisdiction):
            return before  # another page of hers was heard in between, and she may have answered it since
        if outcome == "denied":
            set_choice(
                number, purpose=DISCLOSURE, value="denied", by=by, because=because, source="browser_signal",
                wording=WORDING, at=at,
            )  # fmt: skip
        return note_signal(opened, outcome, by=by, at=at)
