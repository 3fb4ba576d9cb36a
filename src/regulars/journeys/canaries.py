"""Customers who do not exist: planted by the officer, told on whoever touches them, recognised when somebody writes.

A canary is a customer like any other in what the counter and an analyst see. She bought nothing and is left out of the
warehouse, so she is in no figure, no segment and no campaign: nobody here has a reason to open her.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.securing import Connection
from regulars.records.access_log.actions import note_denial, note_refused_deed
from regulars.records.access_log.readings import key_of
from regulars.records.customers.inventing import Invented, invent
from regulars.records.customers.known_by import ids_of_numbers
from regulars.records.watched.access import TouchFacts, canaries_among, open_touches, touch_facts
from regulars.records.watched.actions import answer_touch, plant, touched, uproot
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.drift import Finding

LEAST_LETTERS: Final = 5


def plant_canary(new: Invented, *, note: str, by: Asker, at: datetime) -> str:
    """The number of the customer who does not exist and raises an alarm from now on. BadInput without a name, or
    without a mail address or phone number of one's own."""
    _only_the_officer(by, "plant_canary")
    with transaction.atomic():
        who, number = invent(new, at=at)
        plant(who, note=note.strip(), by=by, at=at)
    return number


def uproot_canary(number: str, *, by: Asker) -> None:
    """She raises no alarm any more; NotThere when nobody of that number does."""
    _only_the_officer(by, "uproot_canary")
    who = ids_of_numbers([number]).get(number)
    if who is None:
        raise NotThere("canary_not_there")
    uproot(who, by=by)


def met_in_export(customer_ids: Iterable[int], export: int, *, by: Asker, because: str) -> None:
    """Every canary that left with an export has raised its alarm."""
    for number in canaries_among(customer_ids).values():
        touched(number, by=by, door="export", because=because, export=export)


def answer_canary(alarm_id: int, *, answer: str, by: Asker, at: datetime) -> TouchFacts:
    """The alarm that is answered now. Denied for everybody but the officer, and about the officer himself: that takes
    a second person. BadInput without a reason; NotThere when it was answered before."""
    _only_the_officer(by, "answer_canary")
    alarm = touch_facts(alarm_id)
    if alarm is None or alarm.released_at is not None:
        raise NotThere("alarm_not_there")
    if alarm.who == key_of(by):
        note_refused_deed(by, deed="canary", subject="answered", detail={"alarm": alarm_id})
        raise Denied("not_about_oneself")
    if len(answer.strip()) < LEAST_LETTERS:
        raise BadInput("reason_too_short")
    if not answer_touch(alarm_id, answer=answer.strip(), by=by, at=at):
        raise NotThere("alarm_not_there")
    return alarm


def canary_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Every alarm of an invented customer nobody has answered."""
    if ("canary_alarm", "who") not in types_of(connection):
        return
    waiting = open_touches()
    counts["canary_alarms"] = len(waiting)
    for alarm in waiting:
        yield Finding("canary_touched", alarm.name, found=alarm.number)


def _only_the_officer(by: Asker, door: str) -> None:
    if by.role != "officer":
        note_denial(by, door=door, because="canaries are the privacy officer's")
        raise Denied("watching_is_the_officers")
