"""How good the data is: counted by night, looked at by source and field, and made work for those who meet customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from regulars.journeys.run_import import NIGHT_SHIFT
from regulars.journeys.work_at_night import last_whole_day
from regulars.records.access_log.actions import note_denial
from regulars.records.intake.access import SourceFacts, sources
from regulars.records.quality.access import (
    CaseFacts,
    Cost,
    asked_since,
    cases_to_ask,
    conflicts_since,
    costs_of,
    figures_since,
    last_counted,
)
from regulars.records.quality.counting import count_quality
from regulars.records.tasks.actions import NewTask, open_tasks
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.quality.shares import Conflict, Counted

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)
KIND: Final = "ask_again"
SHOWN_DAYS: Final = 400
DUE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of about a year, of each night by source and field, and how often sources disagreed; `on` is the
    newest night, None before the first.

    `costs` are of the year before `on`; `cases` whom to ask again, `asked` how many were asked in the last thirty days.
    """

    on: date | None
    figures: tuple[Counted, ...]
    costs: tuple[Cost, ...]
    cases: tuple[CaseFacts, ...]
    sources: tuple[SourceFacts, ...]
    asked: int
    conflicts: tuple[Conflict, ...] = ()


def count_by_night(*, at: datetime) -> int:
    """The figures of the last whole day stand when this returns; how many. Done again, it counts anew."""
    return count_quality(last_whole_day(at), by=NIGHT_SHIFT)


def look_at_quality(*, by: Asker, because: str, limit: int = 100) -> Quality:
    """What was counted in about a year, what bad data cost, and whom to ask again. For steward and officer."""
    _only(LOOKING, by)
    on = last_counted(by=by)
    known = tuple(sources(by=by))
    if on is None:
        return Quality(None, (), (), (), known, 0)
    return Quality(
        on, tuple(figures_since(on - timedelta(days=SHOWN_DAYS), by=by)), tuple(costs_of(on, by=by)),
        tuple(cases_to_ask(by=by, because=because, limit=limit)), known,
        asked_since(on - timedelta(days=DUE_DAYS), by=by),
        tuple(conflicts_since(on - timedelta(days=SHOWN_DAYS), by=by)),
    )  # fmt: skip


def hand_out_cases(most: int, owners: Sequence[int], *, by: Asker, because: str, at: datetime) -> int:
    """How many of those to be asked again are somebody's task now: the first on the list that are nobody's, in turn.

    Without owners they are offered to everybody who meets customers. For the data steward.
    """
    _only(ACTING, by)
    waiting = [one for one in cases_to_ask(by=by, because=because, limit=most) if not one.handed][:most]
    tasks = [
        NewTask(
            one.customer_id, (at + timedelta(days=DUE_DAYS)).date(),
            {"ask": [[ask.field, ask.why] for ask in one.asks]},
            one.worth_minor or 0, owners[place % len(owners)] if owners else None,
        )
        for place, one in enumerate(waiting)
    ]  # fmt: skip
    return open_tasks(KIND, tasks, by=by, at=at)


def _only(roles: tuple[str, ...], by: Asker) -> None:
    if by.role not in roles:
        note_denial(by, door="quality", because="quality")
        raise Denied("quality_not_for_this_role")
