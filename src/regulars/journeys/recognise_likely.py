"""Somebody calls, books or stands at the counter and tells of herself, with slips and half forgotten: who may it be?

Beside the reasons stand hints for whoever serves her: when she was last here, what she usually takes and at which
price, a complaint that waits, a birthday near. Every hint comes through the asker's own view.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from regulars.connections.postgres.asking import asked_together
from regulars.records.company.access import now
from regulars.records.customers.access import CustomerLine, birthdays_near
from regulars.records.customers.recognising import recognise_customers
from regulars.records.orders.habits import Habit, habits_of
from regulars.records.orders.of_customer import last_visits
from regulars.records.scores.of_customer import states_of
from regulars.records.touchpoints.access import with_open_complaint
from regulars.rules.identity.marks import Told
from regulars.rules.identity.model import Step
from regulars.rules.identity.typed import read_typed
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.need_to_know import wider

MOST: int = 5
#: A birthday is worth a word from a week before to a week after.
AROUND_BIRTHDAY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LikelyCustomer:
    """A customer it may be: what speaks for it and against it, step by step in bits, how likely, and what to know."""

    customer: CustomerLine
    steps: tuple[Step, ...]
    reasons: tuple[Step, ...]
    bits: float
    probability: float
    last_at: datetime | None
    state: str
    complaint_open: bool
    habit: Habit | None
    birthday_near: bool


def recognise_typed(text: str, *, by: Asker, because: str, limit: int = MOST) -> list[LikelyCustomer]:
    """Those whom one typed line may mean: name, phone, mail, plate, number, birth date, in any mixture."""
    return recognise_likely(read_typed(text), by=by, because=because, limit=limit)


def recognise_likely(
    told: Told, *, by: Asker, because: str, limit: int = MOST, country: str = "CN"
) -> list[LikelyCustomer]:
    """Those it may be, the likeliest first, each with hints; BadInput `nothing_told` when nothing was told at all."""
    if not told:
        raise BadInput("nothing_told")
    found = recognise_customers(told, by=by, because=because, limit=min(limit, MOST), country=country)
    hinted = [one.customer.id for one in found if one.customer.may_open and one.customer.name is not None]
    by = replace(by, view=wider(by.view))
    visits, states, complaints, habits, birthdays = _hints(hinted, by)
    return [
        LikelyCustomer(
            one.customer, one.match.steps, one.match.reasons, one.match.bits, one.match.probability,
            visits.get(one.customer.id), states.get(one.customer.id, ""), one.customer.id in complaints,
            habits.get(one.customer.id), one.customer.id in birthdays,
        )
        for one in found
    ]  # fmt: skip


def _hints(
    ids: Sequence[int], by: Asker
) -> tuple[dict[int, datetime], dict[int, str], Iterable[int], dict[int, Habit], Iterable[int]]:
    if not ids:
        return {}, {}, (), {}, ()
    visits, states, complaints, habits, birthdays = asked_together(
        last_visits.asked(ids, by=by), states_of.asked(ids, by=by), with_open_complaint.asked(ids, by=by),
        habits_of.asked(ids, by=by), birthdays_near.asked(ids, *_around(now().date()), by=by),
    )  # fmt: skip
    return visits, states, complaints, habits, birthdays


def _around(day: date) -> tuple[date, date]:
    return day - AROUND_BIRTHDAY, day + AROUND_BIRTHDAY
