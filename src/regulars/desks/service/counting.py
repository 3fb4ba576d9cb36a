"""The small figures in the side bar: what waits for the person who looks."""

from regulars.connections.postgres.asking import Asking, door
from regulars.desks.shared.navigation import Count
from regulars.records.company.access import today
from regulars.records.tasks.access import count_waiting
from regulars.records.touchpoints.access import count_open_complaints
from regulars.rules.permission.asking import Asker


@door
def tasks_waiting_for(by: Asker) -> Asking[Count | None]:
    """Her own open tasks; in the colour of heed when one is due."""
    mine, due = yield from count_waiting.asked(by=by, on=today())
    return Count(mine, heed=due > 0) if mine else None


@door
def complaints_waiting_for(by: Asker) -> Asking[Count | None]:
    """Complaints without an answer, within her reach."""
    waiting = yield from count_open_complaints.asked(by=by)
    return Count(waiting, heed=True) if waiting else None
