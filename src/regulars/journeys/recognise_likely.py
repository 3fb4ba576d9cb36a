"""Somebody calls, books or stands at the counter and tells of herself, with slips and half forgotten: who may it be?

Beside the reasons stand hints for whoever serves her: when she was last here, what she usually takes and at which
price, what she prefers, a complaint that waits, a birthday near. Every hint comes through the asker's own view.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from regulars.connections.postgres.asking import asked_together
from regulars.records.company.access import company, now
from regulars.records.customers.access import CustomerFacts, CustomerLine, birthdays_near, open_customer
from regulars.records.customers.recognising import Likely, recognise_customers
from regulars.records.orders.by_number import whose_orders
from regulars.records.orders.desk import open_orders_among
from regulars.records.orders.habits import Habit, habits_of
from regulars.records.orders.of_customer import Order, last_visits, orders_of
from regulars.records.scores.of_customer import states_of
from regulars.records.touchpoints.access import Prefers, preferences_among, with_open_complaint
from regulars.rules.identity.judging import is_almost_certain
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
    """A customer it may be: what speaks for it and against it, step by step in bits, how likely, and what to know.

    `known_already` takes more than a sum (see `rules.identity.judging`): who is told so is hardly somebody new;
    `almost_certain` takes besides that nobody else is it as well."""

    customer: CustomerLine
    steps: tuple[Step, ...]
    reasons: tuple[Step, ...]
    bits: float
    probability: float
    almost_certain: bool
    last_at: datetime | None
    state: str
    complaint_open: bool
    habit: Habit | None
    birthday_near: bool
    open_orders: int = 0
    preferences: tuple[Prefers, ...] = ()
    known_already: bool = False


@dataclass(frozen=True, slots=True)
class Hints:
    """What to know at once of a customer who is known."""

    last_at: datetime | None
    state: str
    complaint_open: bool
    habit: Habit | None
    birthday_near: bool
    open_orders: int
    preferences: tuple[Prefers, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer whose file was opened to serve her, what to know at once, and her newest orders."""

    facts: CustomerFacts
    hints: Hints
    orders: tuple[Order, ...]


ORDERS: Final = 3
SOON: Final = timedelta(minutes=1)
NOTHING_KNOWN: Final = Hints(None, "", False, None, False, 0)


def serve_known(number: str, *, by: Asker, because: str) -> KnownCustomer:
    """The customer of that number with hints; NotThere and Denied as for opening her file. Logged."""
    opened, facts = open_customer(number, by=by, because=because)
    hints = _hints([opened.id], replace(by, view=wider(by.view)))[opened.id]
    return KnownCustomer(facts, hints, tuple(orders_of(opened, before=now() + SOON, newest=ORDERS)))


def recognise_typed(text: str, *, by: Asker, because: str, limit: int = MOST) -> list[LikelyCustomer]:
    """Those whom one typed line may mean: name, phone, mail, plate, birth date, her number or that of an order or
    booking of hers, in any mixture."""
    return recognise_likely(read_typed(text, company().country), by=by, because=because, limit=limit)


def recognise_likely(
    told: Told, *, by: Asker, because: str, limit: int = MOST, country: str = ""
) -> list[LikelyCustomer]:
    """Those it may be, the likeliest first, each with hints. A phone without its country's code is meant as one of
    `country`, else of the company's own. BadInput `nothing_told` when nothing was told at all."""
    if not told:
        raise BadInput("nothing_told")
    found = recognise_customers(
        told,
        by=by,
        because=because,
        limit=min(limit, MOST),
        country=country or company().country or "CN",
        whose_orders=whose_orders,
    )
    hinted = [one.customer.id for one in found if one.customer.may_open and one.customer.name is not None]
    by = replace(by, view=wider(by.view))
    hints = _hints(hinted, by)
    alone = sum(is_almost_certain(one.match) for one in found) == 1
    return [_likely(one, hints.get(one.customer.id, NOTHING_KNOWN), alone=alone) for one in found]


def _likely(one: Likely, hints: Hints, *, alone: bool) -> LikelyCustomer:
    """`alone`: no other is as good as certain, for she cannot be both father and son."""
    known = is_almost_certain(one.match)
    return LikelyCustomer(
        one.customer, one.match.steps, one.match.reasons, one.match.bits, one.match.probability, alone and known,
        hints.last_at, hints.state, hints.complaint_open, hints.habit, hints.birthday_near, hints.open_orders,
        hints.preferences, known,
    )  # fmt: skip


def _hints(ids: Sequence[int], by: Asker) -> dict[int, Hints]:
    """Customer id → what the asker's view shows of these things."""
    if not ids:
        return {}
    visits, states, complaints, habits, birthdays, waiting, preferences = asked_together(
        last_visits.asked(ids, by=by), states_of.asked(ids, by=by), with_open_complaint.asked(ids, by=by),
        habits_of.asked(ids, by=by), birthdays_near.asked(ids, *_around(now().date()), by=by),
        open_orders_among.asked(ids, by=by), preferences_among.asked(ids, by=by),
    )  # fmt: skip
    return {
        who: Hints(visits.get(who), states.get(who, ""), who in complaints, habits.get(who), who in birthdays,
                   waiting.get(who, 0), preferences.get(who, ()))
        for who in ids
    }  # fmt: skip


def _around(day: date) -> tuple[date, date]:
    return day - AROUND_BIRTHDAY, day + AROUND_BIRTHDAY
