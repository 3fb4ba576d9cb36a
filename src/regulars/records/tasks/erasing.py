"""Erasure, the part of tasks: nothing is left to do about an erased customer, and no word of what was."""

from datetime import datetime
from typing import Final

from regulars.records.tasks.models import Task

#: The task that asked for the erasure is done; every other has become needless.
ERASURE: Final = "erasure"


def close_tasks(customer_id: int, *, at: datetime) -> int:
    """How many open tasks about her are closed now."""
    open_ones = Task.objects.filter(customer_id=customer_id, state="open")
    closed = open_ones.filter(kind=ERASURE).update(state="closed", outcome="done", closed_at=at)
    closed += open_ones.exclude(kind=ERASURE).update(state="closed", outcome="not_needed", closed_at=at)
    Task.objects.filter(customer_id=customer_id).update(words="")
    return closed
