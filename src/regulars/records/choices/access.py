"""The reading door of choices: what holds for one customer, why, and everything they ever said about it."""

from dataclasses import dataclass
from datetime import datetime

from regulars.connections.postgres.asking import WRITER, Asking, ask, door, first, question
from regulars.records.choices.models import ChoiceEntry
from regulars.records.customers.access import Opened
from regulars.rules.permission.choices import Scope, Standing, exceptions, where_it_stands
from regulars.rules.permission.youth import GROWN, Youth, youth_of


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """One entry of the ledger: what was said, when, through whom, by which way, under which statement and wording.

    `brand` and `topic` narrow it; `by_guardian`: a child's guardian said it.
    """

    id: int
    purpose: str
    channel: str
    value: str
    at: datetime
    by: str
    source: str
    statement_version: int | None
    wording: str
    brand: str = ""
    topic: str = ""
    by_guardian: bool = False


@dataclass(frozen=True, slots=True)
class FormerChoice(ChoiceFacts):
    """An entry of the ledger of somebody who was merged into the customer; `of` is the number she said it under."""

    of: str = ""


LEDGER = f"""
SELECT {", ".join(f'"{name}"' for name in ChoiceFacts.__dataclass_fields__)}
  FROM choice_entry WHERE customer_id = %s ORDER BY at, id
"""  # noqa: S608  (names of fields)
_FORMER = f"""
WITH RECURSIVE part (id) AS (
    SELECT goes_id FROM merge WHERE into_id = %s AND undone_at IS NULL
    UNION SELECT m.goes_id FROM merge m JOIN part p ON m.into_id = p.id WHERE m.undone_at IS NULL)
SELECT {", ".join(f'e."{name}"' for name in ChoiceFacts.__dataclass_fields__)}, c.number
  FROM part JOIN choice_entry e ON e.customer_id = part.id JOIN customer c ON c.id = part.id ORDER BY e.at, e.id
"""  # noqa: S608  (names of fields)
_OUT = "SELECT purpose, channel, brand, topic FROM choice_exception WHERE customer_id = %s"
BORN = "SELECT jurisdiction, country, birth_on, business_day() FROM customer WHERE id = %s"


@door
def choice_history(opened: Opened) -> Asking[list[ChoiceFacts]]:
    """The customer's whole ledger, oldest first."""
    rows = yield from question(opened.by.view, LEDGER, [opened.id])
    return [ChoiceFacts(*row) for row in rows]


@door
def former_choices(opened: Opened) -> Asking[list[FormerChoice]]:
    """What was said under the numbers of those who were merged into the customer, oldest first. It is history only:
    what holds for her stands in her own ledger."""
    rows = yield from question(WRITER, _FORMER, [opened.id])
    return [FormerChoice(*row) for row in rows]


def choices_of(opened: Opened, *, jurisdiction: str) -> tuple[Standing, ...]:
    """For each of the eight permissions what was said, whether it holds, and the entry or law it rests on."""
    return where_it_stands(choice_history(opened), jurisdiction, youth_before_the_law(opened))


def exceptions_of(opened: Opened) -> frozenset[Scope]:
    """The brands and topics the customer has taken out."""
    return exceptions(choice_history(opened), youth_before_the_law(opened))


def taken_out_now(customer_id: int) -> list[Scope]:
    """The brands and topics a customer has taken out, as the trigger keeps them, seen inside this transaction."""
    return [Scope(*row) for row in ask(WRITER, _OUT, [customer_id])]


@door
def youth_before_the_law(opened: Opened) -> Asking[Youth]:
    """How old the customer is before her law, today. The birth date is the true one, whatever the view shows of it:
    rules ask for it, no page does."""
    row = first((yield from question(WRITER, BORN, [opened.id])))
    return youth_of(row[0], row[1], row[2], on=row[3]) if row else GROWN


def count_closed_since(moment: datetime) -> int:
    """How many people said no to something since then, not counting what files brought along.

    A count only, of everybody: no view may hide a refusal.
    """
    said_no = ChoiceEntry.objects.filter(value="denied", at__gt=moment).exclude(source="import")
    return said_no.values("customer_id").distinct().count()
