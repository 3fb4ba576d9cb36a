"""Erasure, the part of events: that something happened stays, in nobody's name; what was said does not."""

from typing import Final

from regulars.connections.postgres.asking import WRITER
from regulars.records.customers.keys import cursor_of
from regulars.records.events.models import CustomerEvents, EventWait, ToldTraits, VisitorLink
from regulars.records.events.of_person import visitors_of

_EMPTY: Final = "UPDATE event SET name = '', properties = '{}', free = NULL, visitor = NULL WHERE customer_id = %s"


def empty_events(customer_id: int) -> int:
    """How many events of hers say nothing any more; nothing leads from a device to her, and nothing waits of her.

    For a transaction that has shut batches out: they wait until it commits, and then know her no more.
    """
    ToldTraits.objects.filter(visitor__in=visitors_of(customer_id)).delete()
    VisitorLink.objects.filter(customer_id=customer_id).delete()
    EventWait.objects.filter(customer_id=customer_id).delete()
    CustomerEvents.objects.filter(customer_id=customer_id).delete()
    return cursor_of(WRITER).execute(_EMPTY, [customer_id]).rowcount
