"""One invented person through the views, side by side, each cell read by that view's own login.

The anonymous view is looked up by the night's key; a person without one yet is not in it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.records.access_log.actions import note_access
from regulars.records.choices.access import ChoiceFacts, choice_history
from regulars.records.customers.access import open_customer
from regulars.records.customers.side_by_side import (
    ExamplePerson,
    example_people,
    example_person,
    rows_through,
)
from regulars.records.dictionary import DICTIONARY
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Entry, latest
from regulars.rules.privacy.dictionary import Column, Table
from regulars.rules.privacy.views import BY_NAME, treatment

FIVE = ("standard", "personal", "anonymous", "marketing", "disclosure")
TABLES = {table.name: table for table in DICTIONARY}
DOOR = "compare_views"


@dataclass(frozen=True, slots=True)
class Line:
    """What is compared: a column, and for contact points the channel. `code` names it for the page."""

    code: str
    table: str
    column: str
    channel: str = ""

    @property
    def classed(self) -> Column:
        """The column as the dictionary has it."""
        return TABLES[self.table].column(self.column)


LINES = (
    Line("name", "customer", "name"),
    Line("phone", "contact_point", "value", "phone"),
    Line("street", "contact_point", "value", "letter"),
    Line("birth", "customer", "birth_on"),
    Line("city", "customer", "city"),
    Line("income", "customer", "income_band"),
    Line("allergies", "customer", "allergies"),
    Line("spent", "customer_activity", "amount_minor"),
    Line("last", "customer_activity", "last_at"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value through one view. `shown` is keep, gone, absent (the view does not have the table) or a coarsening."""

    shown: str
    value: Any
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Through:
    """The person through one view; `there` is False when the whole row is gone, and then `cells` is empty."""

    view: str
    there: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """What closed a purpose for the person: the newest word on it, or None where only the default speaks."""

    view: str
    purpose: str
    value: str
    at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The person, through each view, line by line; and why rows are gone."""

    person: ExamplePerson
    others: tuple[ExamplePerson, ...]
    through: tuple[Through, ...]
    closed: tuple[Closed, ...]


def compare_views(number: str = "", *, by: Asker, because: str) -> Comparison | None:
    """The person of that number, or the most telling one; None while the house has no invented person."""
    others = tuple(example_people(by=by))
    if not others and not number:
        return None
    person = example_person(number, by=by) if number else others[0]
    through = tuple(_through(view, person) for view in FIVE)
    note_access(by, door=DOOR, because=because, rows=sum(t.there for t in through), customer_id=person.id)
    opened, _ = open_customer(person.number, by=by, because=because)
    said = latest(choice_history(opened))
    closed = tuple(_closed(one.view, said.get((BY_NAME[one.view].purpose, ""))) for one in through if not one.there)
    return Comparison(person, others, through, closed)


def _through(view: str, person: ExamplePerson) -> Through:
    held = {table: rows_through(view, TABLES[table], person) for table in {line.table for line in LINES}}
    if not held["customer"]:
        return Through(view, there=False, cells=())
    return Through(view, there=True, cells=tuple(_cell(view, line, held) for line in LINES))


def _cell(view: str, line: Line, held: dict[str, Any]) -> Cell:
    table: Table = TABLES[line.table]
    if view not in table.views:
        return Cell("absent", None)
    rows = [row for row in held[line.table] if not line.channel or row.get("channel") == line.channel]
    row = rows[0] if rows else {}
    return Cell(treatment(line.classed, BY_NAME[view]), row.get(line.column), row.get("currency") or "")


def _closed(view: str, said: Entry | None) -> Closed:
    """Why the person is not in this view: what she last said about its purpose."""
    purpose = BY_NAME[view].purpose
    if not isinstance(said, ChoiceFacts):
        return Closed(view, purpose, "unset", None, "")
    return Closed(view, purpose, said.value, said.at, said.source)
