"""The small figure in the side bar: what comes in just now."""

from regulars.desks.shared.navigation import Count
from regulars.records.intake.access import runs_under_way
from regulars.rules.permission.asking import Asker


def files_under_way(by: Asker) -> Count | None:
    """Files waiting or being read."""
    waiting = runs_under_way(by=by)
    return Count(waiting) if waiting else None
