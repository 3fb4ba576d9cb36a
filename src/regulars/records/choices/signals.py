"""What browsers asked on their owners' behalf: heard once, with what became of it."""

from dataclasses import dataclass
from datetime import datetime

from regulars.connections.postgres.asking import WRITER, ask_one
from regulars.records.choices.models import BrowserSignal
from regulars.records.customers.access import Opened
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.signals import GPC

_LAST = """
SELECT s.signal, s.outcome, s.at, c.jurisdiction FROM customer c
  LEFT JOIN LATERAL (SELECT signal, outcome, at FROM browser_signal
                      WHERE customer_id = c.id ORDER BY at DESC, id DESC LIMIT 1) s ON true
 WHERE c.number = %s AND c.erased_at IS NULL
"""


_HELD = "SELECT FROM customer WHERE number = %s AND erased_at IS NULL FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class SignalHeard:
    """The signal, what became of it (denied: taken as a no to disclosure; noted: kept as said), and when."""

    signal: str
    outcome: str
    at: datetime


def last_signal(number: str) -> tuple[SignalHeard | None, str]:
    """What was heard last from this customer's browser, if anything, and the jurisdiction she is under now."""
    row = ask_one(WRITER, _LAST, [number])
    if row is None:
        return None, ""
    return (SignalHeard(*row[:3]) if row[0] else None), str(row[3])


def hear_one_at_a_time(number: str) -> None:
    """Who hears this customer's browser next waits until this transaction ends: pages come several at once."""
    ask_one(WRITER, _HELD, [number])


def note_signal(opened: Opened, outcome: str, *, by: Asker, at: datetime) -> SignalHeard:
    """It stands in the book that her browser asked, and what became of it."""
    BrowserSignal.objects.create(customer_id=opened.id, signal=GPC, outcome=outcome, at=at, by=by.name)
    return SignalHeard(GPC, outcome, at)
