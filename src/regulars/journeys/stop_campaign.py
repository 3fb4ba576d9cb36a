"""A campaign is stopped: what has left has left, nothing more does."""

from datetime import datetime

from django.db import transaction

from regulars.records.campaigns.access import campaign
from regulars.records.campaigns.actions import enter
from regulars.records.contacts.planning import cancel_campaign
from regulars.rules.permission.asking import Asker


def stop_campaign(key: str, *, by: Asker, at: datetime) -> int:
    """The campaign is stopped; how many messages were waiting and are called off."""
    facts = campaign(key, by=by)
    with transaction.atomic():
        enter(facts.id, "stopped", by=by, at=at)
        return cancel_campaign(facts.id)
