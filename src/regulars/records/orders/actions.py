"""The writing door of orders: lines by the hundred thousand, products, and each customer's running totals.

A line is named for ever by its `line_key`. New keys are copied straight into the table. Keys that may be known are
laid beside what stands: a line that is the same stays, one that differs is changed, one whose date moved leaves its
old month. All of it happens in the caller's transaction, so that a chunk of a file is there whole or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from regulars.connections.postgres.copying import copy_in
from regulars.records.orders.models import OrderLine, Product
from regulars.rules.intake.totals import TOTALS

Ids = np.ndarray[Any, np.dtype[np.int64]]

#: What a prepared line is. Money in minor units, quantities in thousandths, moments in UTC.
LINE: Final = pa.schema(
    {
        "line_key": pa.binary(16),
        "ordered_at": pa.timestamp("us", "UTC"),
        "customer_id": pa.int64(),
        "source_id": pa.int64(),
        "order_ref": pa.string(),
        "order_key": pa.int64(),
        "product_id": pa.int64(),
        "branch_id": pa.int64(),
        "quantity_milli": pa.int64(),
        "amount_minor": pa.int64(),
        "discount_minor": pa.int64(),
        "currency": pa.string(),
        "promotion_ref": pa.string(),
        "import_run_id": pa.int64(),
    }
)
PRODUCT: Final = pa.schema({
    "ref": pa.string(), "name": pa.string(), "department": pa.string(), "category": pa.string(), "brand": pa.string(),
})  # fmt: skip

_LAY_OUT: Final[LiteralString] = """
CREATE TEMP TABLE IF NOT EXISTS incoming_line (LIKE order_line) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS standing_line (
    line_key uuid, ordered_at timestamptz, customer_id bigint, same boolean
) ON COMMIT DELETE ROWS;
TRUNCATE incoming_line, standing_line;
"""
#: What a line says; where it came from this time is not part of it.
_SAID: Final[LiteralString] = """
    ({0}.customer_id, {0}.order_ref, {0}.order_key, {0}.product_id, {0}.branch_id, {0}.quantity_milli, {0}.amount_minor,
     {0}.discount_minor, {0}.currency, {0}.promotion_ref)"""
_SAME: Final = f"{_SAID.format('o')} IS NOT DISTINCT FROM {_SAID.format('i')}"
# Most known lines stand where the file says, in one month; only the others are looked for in all months.
_FIND_IN_PLACE: Final = f"""
INSERT INTO standing_line
SELECT o.line_key, o.ordered_at, o.customer_id, {_SAME}
  FROM incoming_line i JOIN order_line o ON o.line_key = i.line_key AND o.ordered_at = i.ordered_at
 WHERE o.ordered_at BETWEEN %s AND %s
"""  # noqa: S608  (only the names above)
_FIND_ELSEWHERE: Final[LiteralString] = """
INSERT INTO standing_line
SELECT o.line_key, o.ordered_at, o.customer_id, false
  FROM (SELECT line_key FROM incoming_line EXCEPT SELECT line_key FROM standing_line) i
  JOIN order_line o ON o.line_key = i.line_key
"""
_COUNT: Final[LiteralString] = "SELECT count(*), count(*) FILTER (WHERE same) FROM standing_line"
_LEAVE_OLD_PLACE: Final[LiteralString] = """
DELETE FROM order_line o USING standing_line s
 WHERE o.line_key = s.line_key AND o.ordered_at = s.ordered_at
   AND NOT EXISTS (SELECT FROM incoming_line i WHERE i.line_key = s.line_key AND i.ordered_at = s.ordered_at)
"""
_NAMES: Final = ", ".join(LINE.names)
_PUT: Final = f"""
INSERT INTO order_line AS o ({_NAMES})
SELECT {", ".join(f"i.{name}" for name in LINE.names)} FROM incoming_line i
  LEFT JOIN standing_line s ON s.line_key = i.line_key AND s.same
 WHERE s.line_key IS NULL
ON CONFLICT (line_key, ordered_at) DO UPDATE
   SET {", ".join(f"{name} = excluded.{name}" for name in LINE.names[2:])}
"""  # noqa: S608  (only the names above)
_LEFT: Final[LiteralString] = "SELECT DISTINCT customer_id FROM standing_line WHERE NOT same"
_MONTHS: Final[LiteralString] = """
SELECT DISTINCT date_trunc('month', moment AT TIME ZONE %s)::date FROM (
    SELECT ordered_at FROM standing_line WHERE NOT same
    UNION ALL
    SELECT i.ordered_at FROM incoming_line i LEFT JOIN standing_line s ON s.line_key = i.line_key AND s.same
     WHERE s.line_key IS NULL
) t (moment)
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of some lines. `left` are the customers whose lines now stand otherwise, `months` (first days, by the
    clock of the company) those in which anything is different."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: frozenset[int] = frozenset()
    months: frozenset[date] = frozenset()


def open_months(months: Iterable[date]) -> None:
    """There is a place for the lines of these months (UTC). Not inside a transaction: it would shut all readers out."""
    if connection.in_atomic_block:
        raise RuntimeError("months are opened before the transaction that fills them")
    with connection.cursor() as cursor:
        for month in sorted({month.replace(day=1) for month in months}):
            cursor.execute("SELECT open_order_month(%s)", [month])


def add_new_lines(lines: pa.Table) -> Written:
    """Lines (shape `LINE`) whose keys are certainly new are there. An IntegrityError when one was not new after all."""
    with transaction.atomic(), connection.cursor() as cursor:
        return Written(new=copy_in(cursor, "order_line", lines))


def put_lines(lines: pa.Table, *, zone: str) -> Written:
    """Lines (shape `LINE`, no key twice) are there as they say, whatever stood under their keys before, and only once.

    Months are told by the calendar of `zone`.
    """
    if not lines.num_rows:
        return Written()
    with transaction.atomic(), connection.cursor() as cursor:
        standing, same = _lay_beside(cursor, lines)
        left = _first_cells(cursor, _LEFT)
        months = _first_cells(cursor, _MONTHS, zone)
        cursor.execute(_LEAVE_OLD_PLACE)
        cursor.execute(_PUT)
    return Written(lines.num_rows - standing, standing - same, same, left, months)


def compare_lines(lines: pa.Table) -> Written:
    """What `put_lines` would do, without doing it."""
    if not lines.num_rows:
        return Written()
    with transaction.atomic(), connection.cursor() as cursor:
        standing, same = _lay_beside(cursor, lines)
    return Written(lines.num_rows - standing, standing - same, same)


def _lay_beside(cursor: Any, lines: pa.Table) -> tuple[int, int]:
    """How many of the lines are there already, and how many of those say the same."""
    moments = lines["ordered_at"].combine_chunks()
    first, last = pa.compute.min_max(moments).as_py().values()
    cursor.execute(_LAY_OUT)
    copy_in(cursor, "incoming_line", lines)
    cursor.execute("ANALYZE incoming_line")
    cursor.execute(_FIND_IN_PLACE, [first, last])
    cursor.execute("ANALYZE standing_line")
    cursor.execute(_FIND_ELSEWHERE)
    cursor.execute(_COUNT)
    standing, same = cursor.fetchone()
    return standing, same


def _first_cells(cursor: Any, query: LiteralString, *values: object) -> frozenset[Any]:
    cursor.execute(query, values)
    return frozenset(row[0] for row in cursor.fetchall())


def known_products(source_id: int) -> pa.Table:
    """Every product of the source: id and what the source said about it (shape `PRODUCT`)."""
    rows = Product.objects.filter(source_id=source_id).values_list("id", *PRODUCT.names)
    columns = list(zip(*rows.iterator(chunk_size=20_000), strict=True)) or [()] * (1 + len(PRODUCT))
    return pa.table(columns, schema=pa.schema([pa.field("id", pa.int64()), *PRODUCT]))


def put_products(source_id: int, products: pa.Table) -> dict[str, int]:
    """Reference → id for all of these products (shape `PRODUCT`, no reference twice).

    What the file says about a product replaces what was known; what it does not say stays.
    """
    told = [Product(source_id=source_id, **row) for row in products.to_pylist()]
    refs = [product.ref for product in told]
    Product.objects.bulk_create(told, ignore_conflicts=True, batch_size=5_000)
    found = {product.ref: product for product in Product.objects.filter(source_id=source_id, ref__in=refs)}
    changed = [found[product.ref] for product in told if _learned(found[product.ref], product)]
    Product.objects.bulk_update(changed, PRODUCT.names[1:], batch_size=5_000)
    return {ref: product.id for ref, product in found.items()}


def _learned(known: Product, told: Product) -> bool:
    """Whether `known` has taken over something new."""
    news = {name: getattr(told, name) for name in PRODUCT.names[1:] if getattr(told, name)}
    different = {name: value for name, value in news.items() if value != getattr(known, name)}
    for name, value in different.items():
        setattr(known, name, value)
    return bool(different)


_TOTALS: Final = "customer_id, first_at, last_at, orders, lines, amount_minor, currency, last_branch_id"
_PUT_TOTALS: Final = f"""
INSERT INTO customer_activity ({_TOTALS}) SELECT {_TOTALS} FROM {{}}
ON CONFLICT (customer_id) DO UPDATE
   SET {", ".join(f"{name} = excluded.{name}" for name in TOTALS.names[1:])}
"""  # noqa: S608  (only the names above)
# Only aggregates that hash, none that sorts: the sort was most of the time.
_RECOUNT: Final = """
WITH told AS (
    SELECT o.customer_id, o.order_key, min(o.ordered_at) AS bought_at, max(o.ordered_at) AS until, count(*) AS lines,
           sum(o.amount_minor) AS amount, min(o.currency) AS currency, max(o.branch_id) AS branch_id
      FROM order_line o JOIN touched_customer t USING (customer_id)
     GROUP BY o.customer_id, o.order_key
), counted AS (
    SELECT customer_id,
           coalesce(min(bought_at) FILTER (WHERE amount > 0), min(bought_at)) AS first_at,
           coalesce(max(bought_at) FILTER (WHERE amount > 0), max(until)) AS last_at,
           count(*) FILTER (WHERE amount > 0) AS orders, sum(lines) AS lines, sum(amount) AS amount_minor,
           min(currency) AS currency,
           (max(ARRAY[floor(extract(epoch FROM until))::bigint, branch_id]) FILTER (WHERE branch_id IS NOT NULL))[2]
               AS last_branch_id
      FROM told GROUP BY customer_id
)
""" + _PUT_TOTALS.format("counted")  # noqa: S608  (only the names above)
_EMPTIED: Final[LiteralString] = """
DELETE FROM customer_activity a USING touched_customer t
 WHERE a.customer_id = t.customer_id AND NOT EXISTS (SELECT FROM order_line o WHERE o.customer_id = t.customer_id)
"""


def recount(customers: Ids) -> int:
    """The running totals of these customers are those of their order lines; how many customers have any.

    As everywhere (rules/value/purchases), an order counts when its lines add up to more than nothing; first and last
    are the days of such orders, or of anything at all where there are none.
    """
    if not len(customers):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        _lay_out_touched(cursor, customers)
        cursor.execute(_RECOUNT)
        counted = cursor.rowcount
        cursor.execute(_EMPTIED)
    return int(counted)


def customers_of_run(run_id: int) -> Ids:
    """The customers whose lines this run wrote: asked when a killed run goes on and its memory is gone."""
    found = OrderLine.objects.filter(import_run_id=run_id).values_list("customer_id", flat=True).distinct()
    return np.fromiter(found.iterator(chunk_size=50_000), np.int64)


def put_totals(totals: pa.Table) -> int:
    """The running totals of these customers are as counted elsewhere (shape `TOTALS` of rules/intake/totals)."""
    if not totals.num_rows:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS told_totals (LIKE customer_activity) ON COMMIT DELETE ROWS;"
            " TRUNCATE told_totals"
        )
        copy_in(cursor, "told_totals", totals)
        cursor.execute(_PUT_TOTALS.format("told_totals"))
    return int(totals.num_rows)


def first_days(customers: Ids, zone: str) -> pa.Table:
    """On which local day these customers were first active: `customer_id`, `first_seen_on`."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lay_out_touched(cursor, customers)
        cursor.execute(
            "SELECT customer_id, (first_at AT TIME ZONE %s)::date FROM customer_activity JOIN touched_customer"
            " USING (customer_id)",
            [zone],
        )
        columns = list(zip(*cursor.fetchall(), strict=True)) or [(), ()]
    return pa.table(columns, schema=pa.schema({"customer_id": pa.int64(), "first_seen_on": pa.date32()}))


def _lay_out_touched(cursor: Any, customers: Ids) -> None:
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS touched_customer (customer_id bigint) ON COMMIT DELETE ROWS")
    cursor.execute("TRUNCATE touched_customer")
    copy_in(cursor, "touched_customer", pa.table({"customer_id": customers}))
    cursor.execute("ANALYZE touched_customer")
