"""What somebody sees first in the morning: the month so far, the lists, what waits, what runs, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regulars.records.access_log.checks import KeptCheck, last_check
from regulars.records.campaigns.access import CampaignFacts, campaigns
from regulars.records.choices.access import count_closed_since
from regulars.records.contacts.access import GateDay, last_gate_day
from regulars.records.intake.access import SourceLine, source_lines
from regulars.records.scores.access import (
    Bucket,
    Lists,
    RefreshFacts,
    bucket_months,
    count_people,
    last_refresh,
    list_months,
)
from regulars.records.tasks.access import EVERYBODYS, MINE, NOBODYS, TaskFacts, count_open, holders_of, tasks_waiting
from regulars.records.touchpoints.access import ComplaintLine, complaints_waiting, count_open_complaints
from regulars.rules.permission.asking import Asker

LATELY = timedelta(days=7)
SHOWN = 6
ANSWERING = frozenset({"service", "officer"})


@dataclass(frozen=True, slots=True)
class LapseTasks:
    """The lapse list of a month as work, as far as the view shows: with an owner, without one, without a task."""

    month: date
    owned: int
    ownerless: int
    without_task: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The tasks at the top of somebody's list, how many there are, and whose they are (mine, nobody, all)."""

    whose: str
    total: int
    tasks: Sequence[TaskFacts]


@dataclass(frozen=True, slots=True)
class PrivacyLately:
    """What the privacy office has to do and what changed by itself: counts only."""

    corrections: int
    erasures: int
    closed_lately: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the first page. `refresh` is None before the first figures; lists are newest month first.

    Complaints are for those who answer them, the last check of the house for the privacy officer.
    """

    refresh: RefreshFacts | None
    bucket: Sequence[Bucket]
    lists: Sequence[Lists]
    lapse: LapseTasks | None
    waiting: Waiting
    complaints: Sequence[ComplaintLine]
    complaints_in_all: int
    campaigns: Sequence[CampaignFacts]
    gate: GateDay | None
    privacy: PrivacyLately
    sources: Sequence[SourceLine]
    check: KeptCheck | None


def see_today(*, by: Asker, at: datetime, whose: str) -> Today:
    """The first page as of `at`. Everything on it was counted before; nothing is worked out here.

    `whose` tasks come first: the asker's own (`mine`) or everybody's (`all`).
    """
    lists = list_months(by=by)
    return Today(
        refresh=last_refresh(),
        bucket=bucket_months(by=by),
        lists=lists,
        lapse=lapse_tasks(lists[0].month, by=by) if lists else None,
        waiting=_waiting(by, whose),
        complaints=complaints_waiting(by=by, because="today", limit=SHOWN) if by.role in ANSWERING else (),
        complaints_in_all=count_open_complaints(by=by) if by.role in ANSWERING else 0,
        campaigns=_our_campaigns(by) if by.role in ("marketer", "officer") else (),
        gate=last_gate_day(at=at) if by.role in ("marketer", "officer") else None,
        privacy=_privacy(by, at),
        sources=source_lines(by=by),
        check=last_check(by=by) if by.role == "officer" else None,
    )


def _our_campaigns(by: Asker) -> Sequence[CampaignFacts]:
    """Those our gate decided about come first; what was sent before us stands behind."""
    return sorted(campaigns(by=by), key=lambda one: not one.funnel)


def lapse_tasks(month: date, *, by: Asker) -> LapseTasks:
    """How far the lapse list of a month has become work."""
    owned, ownerless = count_open("lapse", by=by)
    free = count_people(by=by, state="lapsed", lapsed_since=month, without=holders_of("lapse", by=by))
    return LapseTasks(month, owned, ownerless, free)


def _waiting(by: Asker, whose: str) -> Waiting:
    """Her own tasks; of somebody who has none, those that nobody has taken."""
    for wanted in (whose, NOBODYS) if whose == MINE else (EVERYBODYS,):
        total, tasks = tasks_waiting(by=by, because="today", whose=wanted, limit=SHOWN)
        if total:
            return Waiting(wanted, total, tasks)
    return Waiting(whose, 0, ())


def _privacy(by: Asker, at: datetime) -> PrivacyLately:
    corrections, erasures = sum(count_open("correction", by=by)), sum(count_open("erasure", by=by))
    return PrivacyLately(corrections, erasures, count_closed_since(at - LATELY), at - LATELY)
