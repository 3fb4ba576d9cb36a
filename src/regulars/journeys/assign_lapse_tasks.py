"""The lapse list becomes work: one task for everybody who was due and did not come, those worth most first, owners in
turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle

from regulars.records.scores.access import people_where
from regulars.records.tasks.access import holders_of
from regulars.records.tasks.actions import NewTask, open_tasks
from regulars.rules.permission.asking import Asker

WITHIN = timedelta(days=7)
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many on the lapse list had no task yet, as far as the asker may see, and how many new tasks it made."""

    on_list: int
    opened: int


def assign_lapse_tasks(
    *, owners: Sequence[int], by: Asker, at: datetime, today: date, month: date | None = None, limit: int = AT_ONCE
) -> Assigned:
    """The `limit` most valuable people on the lapse list of a month have a task with an owner when this returns.

    `month` is its first day, that of `today` if left out; who has a task already keeps it.
    """
    found, people = people_where(
        by=by, because="lapse list to tasks", state="lapsed", lapsed_since=month or today.replace(day=1),
        without=holders_of("lapse", by=by), limit=limit,
    )  # fmt: skip
    turns = cycle(owners) if owners else cycle([None])
    tasks = [
        NewTask(
            one.customer_id, today + WITHIN, owner_id=next(turns), worth_minor=one.monetary_minor,
            because={"code": "lapsed", "due_on": one.due_on.isoformat(), "days_since": one.recency_days},
        )
        for one in people
    ]  # fmt: skip
    return Assigned(found, open_tasks("lapse", tasks, by=by, at=at))
