"""A customer is protected: a celebrity, somebody of staff, somebody threatened. Her file opens for a case only."""

from datetime import datetime

from django.db import transaction

from regulars.records.access_log.actions import note_denial
from regulars.records.customers.alive import hold_alive
from regulars.records.customers.known_by import ids_of_numbers
from regulars.records.watched.actions import protect, unprotect
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere


def protect_customer(number: str, *, because: str, by: Asker, at: datetime) -> None:
    """Her file opens only for a case from now on, and lists do not name her. For the officer; NotThere for nobody."""
    who = _whose(number, by)
    with transaction.atomic():
        hold_alive(who)
        protect(who, because=because, by=by, at=at)


def unprotect_customer(number: str, *, by: Asker) -> None:
    """Her file opens as any other again."""
    unprotect(_whose(number, by), by=by)


def _whose(number: str, by: Asker) -> int:
    if by.role != "officer":
        note_denial(by, door="protect_customer", because="protection is the privacy officer's")
        raise Denied("watching_is_the_officers")
    who = ids_of_numbers([number.strip().upper()]).get(number.strip().upper())
    if who is None:
        raise NotThere("customer_not_there")
    return who
