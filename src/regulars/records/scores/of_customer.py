"""The reading door of one customer's figures at the last refresh; asked with an opened file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from regulars.connections.postgres.asking import ask, ask_one
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


def standing_of(opened: Opened) -> Standing | None:
    """The customer's figures, or None before the first refresh that knew them."""
    row = ask_one(opened.by.view, _STANDING, [opened.id])
    return Standing(*row) if row else None


def states_of(ids: Iterable[int], *, by: Asker) -> dict[int, str]:
    """Customer id → state for those of a list just found; who has no figures yet is missing."""
    return dict(ask(by.view, _STATES, [list(ids)]))
