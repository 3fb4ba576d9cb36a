"""The reading door of watched customers: the house's own questions before a file opens, and what the officer sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import F

from regulars.connections.postgres.asking import WRITER, Asking, ask, ask_one, door, question
from regulars.records.watched.models import CanaryAlarm
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied


class Watched(NamedTuple):
    """Whether a customer is invented to raise an alarm, and whether her file opens for a case only."""

    canary: bool
    protected: bool


UNWATCHED: Final = Watched(canary=False, protected=False)


@dataclass(frozen=True, slots=True)
class CanaryFacts:
    """A canary as the officer sees her."""

    customer_id: int
    number: str
    name: str
    planted_at: datetime
    planted_by: str
    note: str


@dataclass(frozen=True, slots=True)
class TouchFacts:
    """One alarm: who touched which canary, or which person invented for an export, through which door. `released_at`
    None: open."""

    id: int
    at: datetime
    who: str
    name: str
    role: str
    view: str
    door: str
    because: str
    number: str
    export: int | None
    released_at: datetime | None
    released_by: str
    answer: str


@dataclass(frozen=True, slots=True)
class ProtectedFacts:
    """A protected customer as the officer sees her, and how often her file was opened or refused since."""

    customer_id: int
    number: str
    name: str
    since: datetime
    marked_by: str
    because: str
    opened: int
    refused: int


_TOUCH: Final = tuple(TouchFacts.__dataclass_fields__)


@door
def watched(number: str) -> Asking[Watched]:
    """Whether the customer of that number is watched over; nobody of it is not."""
    ((canary, protected),) = yield from question(WRITER, _WATCHED, [number])
    return Watched(canary, protected)


_WATCHED: Final = """
WITH asked AS (SELECT id FROM customer WHERE number = %s)
SELECT EXISTS (SELECT FROM canary WHERE customer_id = (SELECT id FROM asked)),
       EXISTS (SELECT FROM protected_customer WHERE customer_id = (SELECT id FROM asked))
"""


def canaries_among(customer_ids: Iterable[int]) -> dict[int, str]:
    """Customer id → number, for the canaries among them."""
    rows = ask(WRITER, _CANARIES_AMONG, [list(customer_ids)])
    return {int(who): str(number) for who, number in rows}


_CANARIES_AMONG: Final = """
SELECT c.id, c.number FROM canary w JOIN customer c ON c.id = w.customer_id WHERE w.customer_id = ANY (%s)
"""


def all_canaries() -> frozenset[int]:
    """Every canary's customer id, for what counts customers."""
    return frozenset(int(who) for (who,) in ask(WRITER, "SELECT customer_id FROM canary"))


def protected_among(customer_ids: Iterable[int]) -> frozenset[int]:
    """The protected ones among these customers."""
    rows = ask(WRITER, "SELECT customer_id FROM protected_customer WHERE customer_id = ANY (%s)", [list(customer_ids)])
    return frozenset(int(who) for (who,) in rows)


def everybody_protected() -> frozenset[int]:
    """All protected customers; they are few."""
    return frozenset(int(who) for (who,) in ask(WRITER, "SELECT customer_id FROM protected_customer"))


def protected_numbers(numbers: Iterable[str]) -> frozenset[str]:
    """The numbers of the protected ones among these customers."""
    return frozenset(str(number) for (number,) in ask(WRITER, _PROTECTED_NUMBERS, [list(numbers)]))


_PROTECTED_NUMBERS: Final = """
SELECT c.number FROM protected_customer w JOIN customer c ON c.id = w.customer_id WHERE c.number = ANY (%s)
"""


def decoy_export(number: str) -> int | None:
    """The export the person of that number was invented for; None when the number is nobody's, or somebody's."""
    row = ask_one(WRITER, "SELECT export_id FROM export_decoy WHERE number = %s", [number])
    return int(row[0]) if row else None


def is_case_of(customer_id: int, reference: str) -> bool:
    """Whether that is a complaint (K-118), a task (T-12) or an order's number of this very customer."""
    kind, _, number = reference.partition("-")
    if kind in _CASES and number.isdecimal() and len(number) < 18:
        return ask_one(WRITER, _CASES[kind], [int(number), customer_id]) is not None
    return bool(reference) and ask_one(WRITER, _ORDER, [customer_id, reference]) is not None


_CASES: Final = {
    "K": "SELECT 1 FROM complaint WHERE id = %s AND customer_id = %s",
    "T": "SELECT 1 FROM task WHERE id = %s AND customer_id = %s",
}
_ORDER: Final = "SELECT 1 FROM order_line WHERE customer_id = %s AND order_ref = %s LIMIT 1"


def canaries(*, by: Asker) -> list[CanaryFacts]:
    """Every canary, the newest first; for the officer."""
    _for_the_officer(by)
    return [CanaryFacts(*row) for row in ask(WRITER, _CANARIES)]


_CANARIES: Final = """
SELECT w.customer_id, c.number, c.name, w.planted_at, w.planted_by, w.note
  FROM canary w JOIN customer c ON c.id = w.customer_id ORDER BY w.id DESC
"""


def protected_customers(
    *, by: Asker, number: str = "", limit: int | None = None, offset: int = 0
) -> list[ProtectedFacts]:  # fmt: skip
    """Protected customers, the newest first, all of them or the one of that number; for the officer."""
    _for_the_officer(by)
    return [ProtectedFacts(*row) for row in ask(WRITER, _PROTECTED, [number, number, limit, offset])]


def how_many_protected(*, by: Asker) -> int:
    """How many customers are protected; for the officer."""
    _for_the_officer(by)
    return int(ask(WRITER, "SELECT count(*) FROM protected_customer")[0][0])


_PROTECTED: Final = """
SELECT w.customer_id, w.number, w.name, w.since, w.marked_by, w.because, a.opened, a.refused
  FROM (SELECT w.*, c.number, c.name FROM protected_customer w JOIN customer c ON c.id = w.customer_id
         WHERE %s = '' OR c.number = %s ORDER BY w.id DESC LIMIT %s OFFSET %s) w
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.allowed) AS opened,
                            count(*) FILTER (WHERE NOT e.allowed) AS refused
                       FROM access_entry e WHERE e.customer_id = w.customer_id AND e.at >= w.since) a
 ORDER BY w.id DESC
"""


def touches(*, by: Asker, limit: int = 50) -> list[TouchFacts]:
    """Alarms of canaries, the open ones first, then the newest; for the officer."""
    _for_the_officer(by)
    found = CanaryAlarm.objects.using(by.view).order_by(F("released_at").desc(nulls_first=True), "-at", "-id")
    return [TouchFacts(*row) for row in found.values_list(*_TOUCH)[:limit]]


def open_touches() -> list[TouchFacts]:
    """Alarms nobody has answered; the house's own count, for the check and the side bar."""
    found = CanaryAlarm.objects.filter(released_at__isnull=True).order_by("id")
    return [TouchFacts(*row) for row in found.values_list(*_TOUCH)]


def touch_facts(alarm_id: int) -> TouchFacts | None:
    """One alarm, or None."""
    row = CanaryAlarm.objects.filter(id=alarm_id).values_list(*_TOUCH).first()
    return TouchFacts(*row) if row else None


def _for_the_officer(by: Asker) -> None:
    if by.view != "personal" or by.role != "officer":
        raise Denied("watching_is_the_officers")
