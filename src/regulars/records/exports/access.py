"""The reading door of exports: what left, for the officer; and the house's own questions when a list turns up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.exports.models import Export, ExportRule
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere

DAYS: Final = 30
COMPARED: Final = 20


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One list that left, with the own attributes in it and how each was shown. `ended_at` None: it stands, until
    `expires_on`."""

    id: int
    made_at: datetime
    made_by: str
    reader: str
    role: str
    view: str
    purpose: str
    door: str
    because: str
    content: str
    own_columns: Mapping[str, str]
    rows: int
    expires_on: date
    ended_at: datetime | None
    ended_by: str
    ended_because: str

    def state(self, on: date) -> str:
        """Why none of its rows may be used on a day; empty while they may."""
        if self.ended_at is not None:
            return "export_ended"
        return "" if on <= self.expires_on else "export_expired"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many days an export may be used where nobody says otherwise, and whether files hold invented people."""

    days: int = DAYS
    decoys: bool = True


@dataclass(frozen=True, slots=True)
class DecoyMet:
    """Somebody invented who turned up: in which export she stood, at which place, under which number and name."""

    export: int
    place: int
    number: str
    name: str


_FIELDS: Final = tuple(ExportFacts.__dataclass_fields__)


def export_rule() -> Rule:
    """What counts for new exports."""
    row = ExportRule.objects.filter(id=1).values_list("days", "decoys").first()
    return Rule(*row) if row else Rule()


def exports(*, by: Asker, limit: int = 50, offset: int = 0) -> tuple[int, list[ExportFacts]]:
    """How many exports there are, and a page of them, the newest first; for the officer."""
    if by.view != "personal" or by.role == "customer":
        raise Denied("exports_are_the_officers")
    found = Export.objects.using(by.view).order_by("-id")
    return found.count(), [ExportFacts(*row) for row in found.values_list(*_FIELDS)[offset : offset + limit]]


def export_called(export: int) -> ExportFacts:
    """The export of that number, facts without people; NotThere when there is none."""
    row = Export.objects.filter(id=export).values_list(*_FIELDS).first()
    if row is None:
        raise NotThere("export_not_there", {"export": export})
    return ExportFacts(*row)


def most_alike(customer_ids: Sequence[int]) -> list[int]:
    """The exports that hold most of these customers, the most first."""
    return [int(export) for export, _ in ask(WRITER, _MOST_ALIKE, [list(customer_ids), COMPARED])]


_MOST_ALIKE: Final = """
SELECT export_id, count(*) FROM exported_person WHERE customer_id = ANY (%s)
 GROUP BY export_id ORDER BY 2 DESC, 1 DESC LIMIT %s
"""


def places_in(export: int, customer_ids: Sequence[int]) -> dict[int, int]:
    """Customer id → her place in that export, for those who were in it."""
    rows = ask(WRITER, _PLACES, [export, list(customer_ids)])
    return {int(who): int(place) for who, place in rows}


def held_somebody_erased(export: int) -> bool:
    """Whether somebody who was in that export has been erased since: whose name it was is known to nobody any more."""
    return bool(ask(WRITER, _ERASED, [export]))


_ERASED: Final = """
SELECT FROM exported_person p JOIN customer c ON c.id = p.customer_id
 WHERE p.export_id = %s AND c.erased_at IS NOT NULL LIMIT 1
"""
_PLACES: Final = "SELECT customer_id, place FROM exported_person WHERE export_id = %s AND customer_id = ANY (%s)"


def figures_in(export: int, customer_ids: Sequence[int]) -> dict[int, bytes]:
    """Customer id → the marks of what that export said of her in figures, where it said any."""
    rows = ask(WRITER, _FIGURES, [export, list(customer_ids)])
    return {int(who): bytes(marks) for who, marks in rows}


_FIGURES: Final = """
SELECT customer_id, figures FROM exported_person
 WHERE export_id = %s AND customer_id = ANY (%s) AND figures IS NOT NULL
"""


def decoys_met(numbers: Sequence[str], names: Sequence[str]) -> list[DecoyMet]:
    """The invented people among these numbers and names; whoever has both is met once."""
    rows = ask(WRITER, _DECOYS, [list(numbers), list(names)])
    return [DecoyMet(int(export), int(place), number, name) for export, place, number, name in rows]


_DECOYS: Final = """
SELECT export_id, place, number, name FROM export_decoy WHERE number = ANY (%s) OR name = ANY (%s) ORDER BY id
"""
