"""Small order files for the tests."""

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from regulars.rules.intake.import_settings import ImportSettings

AT = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
COLUMNS = {
    "order_ref": "order",
    "line_ref": "line",
    "customer_ref": "card",
    "ordered_at": "at",
    "product_ref": "product",
    "quantity": "pieces",
    "amount": "paid",
}


def settings(without: Sequence[str] = (), **changes: object) -> ImportSettings:
    """The settings of a till in Shanghai; `without` leaves meanings out of the mapping."""
    columns = {meaning: header for meaning, header in COLUMNS.items() if meaning not in without}
    columns |= {str(k): str(v) for k, v in dict(changes.pop("more", {})).items()}  # type: ignore[call-overload]
    said = {"kind": "orders", "source_ref": "till", "columns": columns, "zone": "Asia/Shanghai", "currency": "CNY"}
    return ImportSettings(**(said | changes))  # type: ignore[arg-type]


def order(**cells: str) -> dict[str, str]:
    """A good row of Ann's; any cell can be another."""
    good = {
        "order": "1001",
        "line": "1",
        "card": "ANN",
        "at": "2026-03-12 09:05",
        "product": "TEA",
        "pieces": "1",
        "paid": "5",
    }
    return good | cells


def chunk(*rows: dict[str, str], first: int = 2) -> pa.Table:
    """The rows as a file's chunk hands them on, numbered from `first`."""
    headers = list(rows[0]) if rows else list(COLUMNS.values())
    columns = [pa.array([row[header] for row in rows], pa.string()) for header in headers]
    numbers = pa.array(range(first, first + len(rows)), pa.int64())
    return pa.table([numbers, *columns], names=["row_number", *headers])
