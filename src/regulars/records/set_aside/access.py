"""The reading door of rows set aside: why they were, for everybody; what stood in them, for whoever mends them.

Whatever is in them may name or reach people: they come through a login of their own, with the key of their file, and
only to steward and officer. Where the key was forgotten, a row says its number and reason and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Count, Min, QuerySet

from regulars.connections.keys.envelope import DataKey
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.customers.file_keys import file_opening_key
from regulars.records.set_aside.models import RefusedRow
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

MENDERS: Final = frozenset({"steward", "officer"})
REPAIR: Final = "repair"
REPORT: Final = "report of an import"


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason rows were set aside for, with one of them. `example` is empty where the value says who somebody is, and
    for all who do not mend rows.

    `row_taken`: only this cell was left out, the rest of the row was taken.
    """

    reason: str
    column: str
    rows: int
    row_number: int
    example: str
    row_taken: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row set aside. `raw` is the row as it stood in the file; `ordinal` its place among its equals there."""

    row_number: int
    reason: str
    column: str
    value: str
    raw: str
    ordinal: int | None


def cell_of(column: str, row_number: int) -> str:
    """The place a text of that row is sealed to.

    >>> cell_of("raw", 17)
    'refused_row.raw.17'
    """
    return f"refused_row.{column}.{row_number}"


def reasons_set_aside(run_id: int, *, by: Asker, examples: bool = True) -> list[ReasonLine]:
    """Why rows were set aside, the most frequent reason first, each with its first row as an example.

    Without `examples` nothing is opened: for a page that is drawn again and again.
    """
    rows = RefusedRow.objects.using(by.view).filter(import_run_id=run_id)
    counted = list(
        rows.values_list("reason", "column", "row_taken")
        .annotate(rows=Count("id"), first=Min("row_number"))
        .order_by("-rows")
    )
    told = _examples(run_id, {row[-1] for row in counted}, by) if examples else {}
    return [
        ReasonLine(reason, column, count, first, told.get((first, column), ""), taken)
        for reason, column, taken, count, first in counted
    ]


def rows_set_aside(
    run_id: int, *, by: Asker, because: str, reason: str = "", after: int = 0, limit: int | None = None
) -> Iterator[SetAside]:
    """The rows as they stood in the file, in its order, for whoever mends them; logged before the first is handed out.

    Denied for all but steward and officer.
    """
    mender = _mender(by, because)
    rows = RefusedRow.objects.using(REPAIR).filter(import_run_id=run_id, row_number__gt=after, row_taken=False)
    rows = rows.filter(reason=reason) if reason else rows
    total = rows.count()
    handed_out = total if limit is None else min(total, limit)
    note_access(mender, door="intake.rows_set_aside", because=because, rows=handed_out)
    return _handed_out(rows.order_by("row_number", "id")[:limit], file_opening_key(REPAIR, run_id))


def _mender(by: Asker, because: str) -> Asker:
    """Steward and officer as they mend rows; the door picks the login, never the one who asks."""
    if by.role not in MENDERS:
        note_denial(by, door="intake.rows_set_aside", because=because)
        raise Denied("rows_set_aside_are_for_stewards")
    return replace(by, view=REPAIR, purpose="data_care")


def _handed_out(rows: "QuerySet[RefusedRow]", key: DataKey | None) -> Iterator[SetAside]:
    found = rows.values_list("row_number", "reason", "column", "value", "raw", "ordinal")
    for number, reason, column, value, raw, ordinal in found.iterator(chunk_size=5_000):
        said, whole = _text(key, "value", number, value), _text(key, "raw", number, raw)
        yield SetAside(number, reason, column, said, whole, ordinal)


def _examples(run_id: int, numbers: set[int], by: Asker) -> dict[tuple[int, str], str]:
    """Row and column → a value that names nobody, for whoever mends rows; opened, so logged."""
    if by.role not in MENDERS or not numbers:
        return {}
    rows = RefusedRow.objects.using(REPAIR).filter(import_run_id=run_id, row_number__in=numbers, example__isnull=False)
    found = list(rows.values_list("row_number", "column", "example"))
    key = file_opening_key(REPAIR, run_id) if found else None
    if found:
        note_access(_mender(by, REPORT), door="intake.reasons_set_aside", because=REPORT, rows=len(found))
    return {(number, column): _text(key, "example", number, cell) for number, column, cell in found}


def _text(key: DataKey | None, column: str, row_number: int, cell: bytes | memoryview | None) -> str:
    return "" if key is None or cell is None else key.open(cell_of(column, row_number), bytes(cell))
