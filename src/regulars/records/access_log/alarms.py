"""Who reads how much, who was slowed down or stopped, and the officer's release."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from regulars.records.access_log.models import ReadingAlarm, ReadingHour
from regulars.records.access_log.readings import hour_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

#: Of so many customers was said that they were here: another count than that of what was read.
HERE: Final = "here"


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody has read in an hour, and beyond what she is slowed down and stopped."""

    who: str
    name: str
    role: str
    view: str
    hour: datetime
    files: int
    rows: int
    slow_files: int
    slow_rows: int
    stop_files: int
    stop_rows: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: "slow", "stop" or "here", what had been read, and the bound that was passed.

    It is open while `released_at` is None.
    """

    id: int
    who: str
    name: str
    role: str
    view: str
    kind: str
    at: datetime
    files: int
    rows: int
    bound_files: int
    bound_rows: int
    released_at: datetime | None
    released_by: str
    because: str


def readers_now(*, by: Asker, at: datetime) -> list[Reader]:
    """Everybody who has read in this hour, who read most first; for the officer."""
    _officer(by)
    hours = ReadingHour.objects.using(by.view).filter(hour=hour_of(at)).order_by("-files", "-rows", "name")
    return [Reader(*row) for row in hours.values_list(*Reader.__dataclass_fields__)]


def alarms(*, by: Asker, limit: int = 50) -> list[Alarm]:
    """Alarms, the open ones first, then the newest; for the officer."""
    _officer(by)
    found = ReadingAlarm.objects.using(by.view).order_by(F("released_at").desc(nulls_first=True), "-at", "-id")
    return [Alarm(*row) for row in found.values_list(*Alarm.__dataclass_fields__)[:limit]]


def open_alarms() -> list[Alarm]:
    """Alarms nobody has answered; the house's own count, for the check and the side bar."""
    found = ReadingAlarm.objects.filter(released_at__isnull=True).order_by("id")
    return [Alarm(*row) for row in found.values_list(*Alarm.__dataclass_fields__)]


def stopped_readers() -> frozenset[str]:
    """The names of all who are stopped until the officer answers."""
    return frozenset(one.name for one in open_alarms() if one.kind == "stop")


def release(alarm_id: int, *, by: str, because: str, at: datetime) -> bool:
    """The alarm is answered, and for the rest of the hour she may read as much again; False when it was before."""
    with transaction.atomic():
        alarm = ReadingAlarm.objects.select_for_update().filter(id=alarm_id, released_at__isnull=True).first()
        if alarm is None:
            return False
        open_ones = ReadingAlarm.objects.filter(who=alarm.who, released_at__isnull=True)
        said = open_ones.filter(kind=HERE) if alarm.kind == HERE else open_ones.exclude(kind=HERE)
        said.update(released_at=at, released_by=by, because=because)
        if alarm.kind == HERE:
            return True
        ReadingHour.objects.filter(who=alarm.who, hour=hour_of(at)).update(
            stopped=False,
            slow_files=F("files") + F("slow_files"), slow_rows=F("rows") + F("slow_rows"),
            stop_files=F("files") + F("stop_files"), stop_rows=F("rows") + F("stop_rows"),
        )  # fmt: skip
    return True


def alarm_facts(alarm_id: int) -> Alarm | None:
    """One alarm, or None."""
    row = ReadingAlarm.objects.filter(id=alarm_id).values_list(*Alarm.__dataclass_fields__).first()
    return Alarm(*row) if row else None


def _officer(by: Asker) -> None:
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
