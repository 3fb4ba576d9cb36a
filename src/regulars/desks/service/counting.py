"""The small figures in the side bar: what waits for the person who looks."""

from regulars.desks.shared.navigation import Count
from regulars.records.company.access import today
from regulars.records.tasks.access import count_waiting
from regulars.records.touchpoints.access import count_open_complaints
from regulars.rules.permission.asking import Asker


def tasks_waiting_for(by: Asker) -> Count | None:
    """Her own open tasks; in the colour of heed when one is due."""
    mine, due = count_waiting(by=by, on=today())
    return Count(mine, heed=due > 0) if mine else None


def complaints_waiting_for(by: Asker) -> Count | None:
    """Complaints without an answer, within her reach."""
    waiting = count_open_complaints(by=by)
    return Count(waiting, heed=True) if waiting else None
