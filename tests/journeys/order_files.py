"""Files of orders as shops export them, and what the vault holds of them afterwards."""

import csv
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from regulars.journeys.import_file import ImportReport, import_now
from regulars.records.company.access import CompanyFacts
from regulars.records.company.actions import set_up_company
from tests.cast import STEN

AT = datetime(2026, 3, 12, 12, tzinfo=UTC)
HEADINGS = ("order_no", "line_no", "customer_no", "order_date", "sku", "product_name", "quantity", "amount", "store")
SHOP = CompanyFacts("South Branch", "南枝衣铺", None, "CN", "CNY", "Asia/Shanghai", False)
Row = Sequence[object]


def open_shop() -> None:
    """The company the files belong to."""
    set_up_company(SHOP)


def write_rows(path: Path, rows: Iterable[Row], headings: Sequence[str] = HEADINGS, **style: Any) -> Path:
    """A CSV file with these rows."""
    encoding = style.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **style)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def order_rows(orders: int, *, seed: int = 1, lines: int = 3, customers: int = 40) -> list[list[object]]:
    """Orders of 2025 with some returns; the same seed gives the same rows."""
    draw = random.Random(seed)
    rows: list[list[object]] = []
    for order in range(orders):
        day = (
            f"2025-{draw.randint(1, 12):02}-{draw.randint(1, 28):02} {draw.randint(9, 20):02}:{draw.randint(0, 59):02}"
        )
        buyer = f"M{draw.randint(1, customers):04}"
        for line in range(1, lines + 1):
            sign = -1 if draw.random() < 0.05 else 1
            product = draw.randint(1, 30)
            amount = f"{sign * draw.randint(100, 90_000) / 100:.2f}"
            rows.append(
                [
                    f"R{order:06}",
                    line,
                    buyer,
                    day,
                    f"P{product:03}",
                    f"Product {product}",
                    sign,
                    amount,
                    f"S{order % 3}",
                ]
            )
    return rows


def bring(path: Path, source: str = "till", **more: Any) -> ImportReport:
    """The file is brought in by Sten, the steward."""
    return import_now(path, source_ref=source, by=STEN, at=more.pop("at", AT), **more)


def lines_in_vault() -> list[tuple[Any, ...]]:
    """Every line in words of its file, in order."""
    return _asked(
        "SELECT o.order_ref, r.ref, p.ref, to_char(o.ordered_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),"
        "       o.quantity_milli, o.amount_minor, b.ref"
        "  FROM order_line o JOIN customer_ref r ON r.customer_id = o.customer_id AND r.source_id = o.source_id"
        "  LEFT JOIN product p ON p.id = o.product_id LEFT JOIN branch b ON b.id = o.branch_id"
        " ORDER BY 1, 3, 4, 5, 6"
    )


def lines_of_file(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """What the vault should hold of rows in the usual headings."""
    found = [
        (
            str(order),
            str(buyer),
            str(product),
            str(day),
            int(str(quantity)) * 1000,
            round(float(str(amount)) * 100),
            str(store),
        )
        for order, _, buyer, day, product, _, quantity, amount, store in rows
    ]
    return sorted(found, key=lambda line: (line[0], *line[2:6]))


def activity_in_vault() -> dict[str, tuple[int, int, int]]:
    """Customer → orders, lines, amount, as the running totals have it."""
    rows = _asked(
        "SELECT r.ref, a.orders, a.lines, a.amount_minor"
        "  FROM customer_activity a JOIN customer_ref r USING (customer_id)"
    )
    return {ref: (orders, lines, amount) for ref, orders, lines, amount in rows}


def activity_of_file(rows: Iterable[Row]) -> dict[str, tuple[int, int, int]]:
    """The same by plain counting; an order counts when its lines add up to more than nothing."""
    orders: dict[tuple[str, str], list[int]] = {}
    for order, buyer, _, _, _, amount, _ in lines_of_file(rows):
        orders.setdefault((buyer, order), []).append(amount)
    totals: dict[str, tuple[int, int, int]] = {}
    for (buyer, _), amounts in orders.items():
        kept, lines, amount = totals.get(buyer, (0, 0, 0))
        totals[buyer] = (kept + (sum(amounts) > 0), lines + len(amounts), amount + sum(amounts))
    return totals


def vault_count(table: str, where: str = "true") -> int:
    """How many rows a table has."""
    return int(_asked(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


def in_a_process_of_its_own(path: Path, block: int = 4 << 20) -> "subprocess.Popen[str]":
    """The same import in another process, which can be killed; it reads and writes `block` bytes at a time."""
    script = (
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from regulars.connections.files import delimited\n"
        "from regulars.journeys import run_import\n"
        f"delimited.BLOCK = {block}; run_import.ROWS_PER_CHUNK = {block} // 60\n"
        "from tests.journeys.order_files import bring\n"
        f"report = bring(Path({str(path)!r}), wait=True)\n"
        "print(report.state, report.code, report.already or 0)\n"
    )
    root = Path(__file__).parent.parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", script], env=dict(os.environ), cwd=root, stdout=subprocess.PIPE, text=True
    )


def reasons(report: ImportReport) -> Mapping[str, int]:
    """Reason → rows, of rows set aside."""
    found: dict[str, int] = {}
    for line in report.reasons:
        if not line.row_taken:
            found[line.reason] = found.get(line.reason, 0) + line.rows
    return found


def _asked(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
