"""Rows set aside as they stand in the vault, opened: those whose row was taken, too, which no door hands out."""

from dataclasses import dataclass

from regulars.records.customers.file_keys import file_opening_key
from regulars.records.set_aside.access import cell_of
from regulars.records.set_aside.models import RefusedRow


@dataclass(frozen=True, slots=True)
class Aside:
    """One row, in the clear."""

    row_number: int
    reason: str
    column: str
    value: str
    example: str
    raw: str


def rows_aside() -> list[Aside]:
    """All there are, in the order they came."""
    return [_opened(row) for row in RefusedRow.objects.order_by("id")]


def _opened(row: RefusedRow) -> Aside:
    key = file_opening_key("repair", row.import_run_id)

    def text(name: str) -> str:
        cell = getattr(row, name)
        return key.open(cell_of(name, row.row_number), bytes(cell)) if key and cell is not None else ""

    return Aside(row.row_number, row.reason, row.column, text("value"), text("example"), text("raw"))
