"""How the queue stands: numbers only, for those who watch whether the night shift keeps up."""

from dataclasses import dataclass
from typing import Any

from procrastinate.contrib.django import app


@dataclass(frozen=True, slots=True)
class QueueStanding:
    """Jobs of one queue that wait, are being done, and gave up after their last attempt."""

    queue: str
    waiting: int
    doing: int
    failed: int


def queue_standings() -> list[QueueStanding]:
    """Every queue that has ever held a job, by name. Jobs that ended well are not kept."""
    return [_standing(row) for row in sorted(app.job_manager.list_queues(), key=lambda row: str(row["name"]))]


def _standing(row: dict[str, Any]) -> QueueStanding:
    return QueueStanding(str(row["name"]), int(row["todo"]), int(row["doing"]), int(row["failed"]))
