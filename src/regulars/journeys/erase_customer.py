"""A customer is erased: nobody can find, read or reach her any more, in this house or in any copy of its database.

One transaction: what she closed stays closed, what is planned for her is refused, what is open about her is closed,
what was said with her is emptied, and her key is destroyed with everything it sealed. What she bought stays, as
somebody's. Whoever was merged into her is erased with her. Then the key trees outside the database forget her, so that
a backup taken before holds noise.
"""

from datetime import datetime

from django.db import transaction

from regulars.journeys.propose import ask_second, settled
from regulars.records.access_log.actions import note_deed
from regulars.records.choices.erasing import keep_closed
from regulars.records.contacts.erasing import refuse_planned
from regulars.records.customers.access import Opened
from regulars.records.customers.erased_refs import keep_refs
from regulars.records.customers.erasing import (
    OPENER,
    Tombstone,
    back_from_a_backup,
    demand_there,
    forget_what_was_erased,
    hold_for_erasing,
    hold_parts,
    leave_tombstone,
    tombstone_of,
)
from regulars.records.disclosures.erasing import end_releases
from regulars.records.events.erasing import empty_events
from regulars.records.events.keeping import shut_batches_out
from regulars.records.exports.erasing import count_exports
from regulars.records.free_texts.texts import forget_texts
from regulars.records.groups.erasing import leave_groups
from regulars.records.merging.merges import absorbed_by, forget_merges
from regulars.records.merging.reviewing import forget_pairs
from regulars.records.orders.desk import close_orders
from regulars.records.orders.drafts import forget_drafts_about
from regulars.records.own_attributes.actions import forget_values
from regulars.records.quality.erasing import ask_no_more
from regulars.records.set_aside.erasing import empty_rows_about
from regulars.records.statistics.erasing import forget_numbers
from regulars.records.tasks.erasing import close_tasks
from regulars.records.touchpoints.erasing import close_complaints, empty_touchpoints
from regulars.records.watched.erasing import forget_watched
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.four_eyes import ERASURE, Approved

__all__ = ["Tombstone", "demand_there", "erase_again", "erase_customer", "proof_of_erasure"]

HOUSE = Asker("start", "house", "personal", "oversight")
LONGEST = 400


def erase_customer(
    number: str, *, by: Asker, because: str, reference: str, at: datetime, approved: Approved | None = None
) -> Tombstone:
    """She is erased when this returns; what is left of her. For the privacy officer, with a reason and a reference.

    Killed at any point, she is erased wholly or not at all; what the key trees had still to forget is forgotten at the
    next start. BadInput without a reason; NotThere for nobody; Denied for everybody else, and where it takes two.
    """
    _said(because, "because")
    _said(reference, "reference")
    if by.view == OPENER:
        demand_there(number, by=by, because=because)
        told = {"number": number, "because": because, "reference": reference}
        ask_second(ERASURE, number, told, because=because, by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        shut_batches_out()
        opened = hold_for_erasing(number, by=by, because=because)
        parts = hold_parts(opened, absorbed_by(opened.id))
        forget_merges([one.id for one in (opened, *parts)])
        left = _erased(opened, reference, at)
        for part in parts:
            _erased(part, reference, at)
    forget_what_was_erased()
    return left


def _erased(opened: Opened, reference: str, at: datetime) -> Tombstone:
    """One record is erased, in the transaction; of somebody who was merged into another there is one of each."""
    forget_watched(opened.id)
    forget_numbers(opened.id)
    forget_pairs(opened.id)
    keep_refs(opened.id)
    left = leave_tombstone(opened, reference=reference, closed=_closed(opened, at), at=at)
    note_deed(opened.by, deed="erasure", subject="customer", detail={"key": left.key_digest}, customer_id=opened.id)
    return left


def proof_of_erasure(number: str, *, by: Asker, because: str) -> Tombstone:
    """What is left of the customer who had that number; NotThere when nobody of it was erased."""
    return tombstone_of(number, by=by, because=because)


def erase_again(*, at: datetime) -> int:
    """How many were erased anew, because an older copy of the database had brought them back."""
    forget_what_was_erased()
    numbers = back_from_a_backup()
    for number in numbers:
        erase_customer(number, by=HOUSE, because="erased before", reference="restored backup", at=at)
    return len(numbers)


def _closed(opened: Opened, at: datetime) -> dict[str, int]:
    return {
        "ways": keep_closed(opened, at=at),
        "contacts": refuse_planned(opened.id, at=at),
        "tasks": close_tasks(opened.id, at=at),
        "complaints": close_complaints(opened.id, at=at),
        "touchpoints": empty_touchpoints(opened.id),
        "events": empty_events(opened.id),
        "releases": end_releases(opened.id),
        "exports": count_exports(opened.id),
        "drafts": forget_drafts_about(opened.number),
        "orders": close_orders(opened.id, at=at),
        "groups": leave_groups(opened.id),
        "asked_again": ask_no_more(opened.id),
        "own_attributes": forget_values(opened.id),
        "flagged_texts": forget_texts(opened.id),
        "rows_set_aside": empty_rows_about(opened),
    }


def _said(text: str, field: str) -> None:
    if not text.strip():
        raise BadInput("nothing_said", {"field": field})
    if len(text) > LONGEST:
        raise BadInput("said_too_much", {"field": field, "most": LONGEST})
