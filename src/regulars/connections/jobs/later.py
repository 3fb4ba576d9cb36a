"""Work for the night shift, kept in PostgreSQL until it is done (procrastinate's queue, through the writer's login).

A job asked for inside a transaction exists only if that transaction commits. What it is handed are numbers of records,
never anything about a person: the queue is no place for personal data.
"""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def do_later(
    task_name: str, *, lock: str = "", once: str = "", at: datetime | None = None, **numbers: int
) -> int | None:
    """The number of the job that will be done in the background, at once or not before `at`.

    Jobs of the same `lock` are done one after the other. With `once`, None when such a job waits already.
    """
    task = app.configure_task(task_name, lock=lock or None, queueing_lock=once or None, schedule_at=at)
    try:
        with transaction.atomic():  # a lock that is taken must not undo what the caller did before
            return task.defer(**numbers)
    except AlreadyEnqueued:
        return None
