"""The reading door of one customer's figures at the last refresh; asked with an opened file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from regulars.connections.postgres.asking import Asking, door, first, question
from regulars.records.customers.access import Opened
from regulars.rules.permission.asking import Asker


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands: bands 1 (low) to 5, days, minor units; `state` is as the three lists say it."""

    as_of: date
    recency_days: int
    frequency: int
    monetary_minor: int
    r: int
    f: int
    m: int
    rfm_group: str
    first_on: date
    last_on: date
    rhythm_days: float
    due_on: date
    grace_until: date
    state: str


_STANDING = f"SELECT {', '.join(Standing.__dataclass_fields__)} FROM score WHERE customer_id = %s"  # noqa: S608  (names of fields)
_STATES = "SELECT customer_id, state FROM score WHERE customer_id = ANY (%s)"


@door
def standing_of(opened: Opened) -> Asking[Standing | None]:
    """The customer's figures, or None before the first refresh that knew them."""
    row = first((yield from question(opened.by.view, _STANDING, [opened.id])))
    return Standing(*row) if row else None


@door
def states_of(ids: Iterable[int], *, by: Asker) -> Asking[dict[int, str]]:
    """Customer id → state for those of a list just found; who has no figures yet is missing."""
    return dict((yield from question(by.view, _STATES, [list(ids)])))
