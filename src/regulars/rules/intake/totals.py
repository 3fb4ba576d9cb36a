"""From order lines to the running totals of customers, in two steps, so that an order may come in several pieces.

As everywhere, an order counts when its lines add up to more than nothing (`rules/value/purchases`).
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ORDERS = pa.schema({
    "customer_id": pa.int64(), "order_key": pa.int64(), "bought_at": pa.timestamp("us", "UTC"),
    "until": pa.timestamp("us", "UTC"), "lines": pa.int64(), "amount_minor": pa.int64(), "currency": pa.string(),
    "branch_id": pa.int64(),
})  # fmt: skip
TOTALS = pa.schema({
    "customer_id": pa.int64(), "first_at": pa.timestamp("us", "UTC"), "last_at": pa.timestamp("us", "UTC"),
    "orders": pa.int32(), "lines": pa.int32(), "amount_minor": pa.int64(), "currency": pa.string(),
    "last_branch_id": pa.int64(),
})  # fmt: skip
_BRANCHES = 1 << 24  # a branch and a second side by side in one number


def orders_of(lines: pa.Table) -> pa.Table:
    """One row per customer and order (ORDERS); `lines` has customer_id, order_key, ordered_at, amount_minor, currency,
    branch_id."""
    found = pa.TableGroupBy(lines, ["customer_id", "order_key"], use_threads=False).aggregate([
        ("ordered_at", "min"), ("ordered_at", "max"), ("amount_minor", "count"), ("amount_minor", "sum"),
        ("currency", "min"), ("branch_id", "max"),
    ])  # fmt: skip
    return found.rename_columns(ORDERS.names).cast(ORDERS)


def orders_together(pieces: list[pa.Table]) -> pa.Table:
    """One row per customer and order out of several tables of ORDERS."""
    together = pa.concat_tables(pieces) if pieces else ORDERS.empty_table()
    found = pa.TableGroupBy(together, ["customer_id", "order_key"], use_threads=False).aggregate([
        ("bought_at", "min"), ("until", "max"), ("lines", "sum"), ("amount_minor", "sum"), ("currency", "min"),
        ("branch_id", "max"),
    ])  # fmt: skip
    return found.rename_columns(ORDERS.names).cast(ORDERS)


def totals_of(orders: pa.Table) -> pa.Table:
    """One row per customer (TOTALS): days of the first and the last order that counts, or of anything where none does;
    how many count, all lines and money, and the branch of the last visit.

    >>> from datetime import UTC, datetime
    >>> day = lambda n: datetime(2026, 3, n, tzinfo=UTC)
    >>> lines = pa.table({"customer_id": [1, 1, 1], "order_key": [7, 8, 8], "ordered_at": [day(1), day(2), day(3)],
    ...                   "amount_minor": [500, 300, -300], "currency": ["CNY"] * 3, "branch_id": [4, 5, None]})
    >>> totals_of(orders_of(lines)).select(["orders", "lines", "amount_minor", "last_branch_id"]).to_pylist()
    [{'orders': 1, 'lines': 3, 'amount_minor': 500, 'last_branch_id': 5}]
    """
    counts = pc.greater(orders["amount_minor"], 0)
    nothing = pa.scalar(None, ORDERS.field("bought_at").type)
    told = pa.table({
        "customer_id": orders["customer_id"], "bought_at": orders["bought_at"], "until": orders["until"],
        "counted_at": pc.if_else(counts, orders["bought_at"], nothing), "counts": pc.cast(counts, pa.int64()),
        "lines": orders["lines"], "amount_minor": orders["amount_minor"], "currency": orders["currency"],
        "visit": _visits(orders),
    })  # fmt: skip
    found = pa.TableGroupBy(told, "customer_id", use_threads=False).aggregate([
        ("bought_at", "min"), ("until", "max"), ("counted_at", "min"), ("counted_at", "max"), ("counts", "sum"),
        ("lines", "sum"), ("amount_minor", "sum"), ("currency", "min"), ("visit", "max"),
    ])  # fmt: skip
    columns = [
        found["customer_id"], pc.coalesce(found["counted_at_min"], found["bought_at_min"]),
        pc.coalesce(found["counted_at_max"], found["until_max"]), found["counts_sum"], found["lines_sum"],
        found["amount_minor_sum"], found["currency_min"], _branch_of(found["visit_max"]),
    ]  # fmt: skip
    return pa.table(columns, names=TOTALS.names).cast(TOTALS)


def _visits(orders: pa.Table) -> pa.Array:
    """Second and branch in one number that grows with time; nothing where no branch is known."""
    seconds = orders["until"].cast(pa.int64()).to_numpy() // 1_000_000
    branches = orders["branch_id"]
    known = pc.is_valid(branches).to_numpy()
    return pa.array(seconds * _BRANCHES + pc.fill_null(branches, 0).to_numpy() % _BRANCHES, mask=~known)


def _branch_of(visits: pa.ChunkedArray) -> pa.Array:
    known = pc.is_valid(visits).to_numpy()
    return pa.array(np.mod(pc.fill_null(visits, 0).to_numpy(), _BRANCHES), mask=~known)
