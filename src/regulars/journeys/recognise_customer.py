"""Somebody calls, writes or stands at the counter: who is it likely to be, and what should one know at once?"""

from dataclasses import dataclass, replace
from datetime import datetime

from regulars.connections.postgres.asking import asked_together
from regulars.records.customers.access import CustomerLine, find_customers
from regulars.records.orders.of_customer import last_visits
from regulars.records.scores.of_customer import states_of
from regulars.records.touchpoints.access import with_open_complaint
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.need_to_know import wider


@dataclass(frozen=True, slots=True)
class Recognised:
    """A customer found, with hints: the last purchase, where they stand on the three lists, a complaint waiting."""

    customer: CustomerLine
    last_at: datetime | None
    state: str
    complaint_open: bool


def recognise_customer(text: str, *, by: Asker, because: str, limit: int = 20) -> list[Recognised]:
    """Those whom `text` may mean (number, name, exact phone or mail), each with hints; through the asker's view."""
    found = find_customers(text, by=by, because=because, limit=limit)
    if not found:
        return []
    ids, by = [line.id for line in found if line.may_open and line.name is not None], replace(by, view=wider(by.view))
    visits, states, complaints = asked_together(
        last_visits.asked(ids, by=by), states_of.asked(ids, by=by), with_open_complaint.asked(ids, by=by)
    )
    return [Recognised(line, visits.get(line.id), states.get(line.id, ""), line.id in complaints) for line in found]
