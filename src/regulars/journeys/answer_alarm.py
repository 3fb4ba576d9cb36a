"""The officer answers an alarm about somebody's reading: with a reason, and never one about himself."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.securing import Connection
from regulars.journeys.watch_sql import ROLE as ANALYST
from regulars.journeys.watch_sql import let_analyst_in_again
from regulars.records.access_log.actions import note_deed, note_refused_deed
from regulars.records.access_log.alarms import Alarm, alarm_facts, open_alarms, release
from regulars.records.access_log.readings import key_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.drift import Finding

LEAST_LETTERS: Final = 5
CODES: Final = {"stop": "reading_stopped", "slow": "reading_slowed", "here": "said_here_often"}


def answer_alarm(alarm_id: int, *, by: Asker, because: str, at: datetime) -> Alarm:
    """The alarm that is answered now; what was stopped goes on. Both are in the privacy log.

    Denied for everybody but the officer, and for the officer's own reading: that takes a second person. BadInput
    without a reason; NotThere when it was answered before.
    """
    alarm = alarm_facts(alarm_id)
    if alarm is None or alarm.released_at is not None:
        raise NotThere("alarm_not_there")
    _may_answer(alarm, by)
    if len(because.strip()) < LEAST_LETTERS:
        raise BadInput("reason_too_short")
    with transaction.atomic():
        if not release(alarm_id, by=by.name, because=because.strip(), at=at):
            raise NotThere("alarm_not_there")
        note_deed(by, deed="reading", subject="release", detail={"who": alarm.name, "kind": alarm.kind})
    if alarm.role == ANALYST:
        let_analyst_in_again(alarm.name)
    return alarm


def reading_findings(connection: Connection, counts: dict[str, int]) -> Iterator[Finding]:
    """Every alarm nobody has answered."""
    if ("reading_alarm", "who") not in types_of(connection):
        return
    waiting = open_alarms()
    counts["reading_alarms"] = len(waiting)
    for alarm in waiting:
        yield Finding(CODES[alarm.kind], alarm.name, str(alarm.bound_files), f"{alarm.files} + {alarm.rows}")


def _may_answer(alarm: Alarm, by: Asker) -> None:
    if by.role == "officer" and alarm.who != key_of(by):
        return
    note_refused_deed(by, deed="reading", subject="release", detail={"who": alarm.name, "kind": alarm.kind})
    if by.role != "officer":
        raise Denied("role_not_for_this", {"roles": "officer"})
    raise Denied("not_about_oneself")
