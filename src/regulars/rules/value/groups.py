"""Seven ready groups, drawn as cells on the map of recency × frequency, and who went from which to which.

The map, best on top; money does not enter it, so that a group says how somebody behaves and not how rich they are:

| recency \\ frequency | 1 | 2 | 3 | 4 | 5 |
| --- | --- | --- | --- | --- | --- |
| 5 just now | new | promising | loyal | champions | champions |
| 4 | new | promising | loyal | loyal | champions |
| 3 | attention | attention | attention | loyal | loyal |
| 2 | asleep | attention | at_risk | at_risk | at_risk |
| 1 long ago | asleep | asleep | asleep | at_risk | at_risk |
"""

import narwhals as nw
from narwhals.typing import IntoLazyFrameT

GROUPS = ("champions", "loyal", "new", "promising", "attention", "at_risk", "asleep")
# Who stands higher is nearer to the company: a step up is good news. The new stand below the promising they become.
LADDER = {
    name: place
    for place, name in enumerate(("asleep", "at_risk", "attention", "new", "promising", "loyal", "champions"))
}
ARRIVED, GONE = "arrived", "gone"

MAP = {
    5: ("new", "promising", "loyal", "champions", "champions"),
    4: ("new", "promising", "loyal", "loyal", "champions"),
    3: ("attention", "attention", "attention", "loyal", "loyal"),
    2: ("asleep", "attention", "at_risk", "at_risk", "at_risk"),
    1: ("asleep", "asleep", "asleep", "at_risk", "at_risk"),
}
# (recency band, frequency band) → group
CELLS = {(recency, frequency): name for recency, row in MAP.items() for frequency, name in enumerate(row, start=1)}


def grouped(bands: IntoLazyFrameT) -> IntoLazyFrameT:
    """`bands` (columns recency_band and frequency_band among them) with `group_name`, one of `GROUPS`.

    >>> import duckdb
    >>> grouped(duckdb.sql("SELECT 5 AS recency_band, 1 AS frequency_band")).fetchall()
    [(5, 1, 'new')]
    """
    cell = nw.col("recency_band") * 10 + nw.col("frequency_band")
    name = nw.lit(None, nw.String)
    for group in GROUPS:
        cells = [recency * 10 + frequency for (recency, frequency), its in CELLS.items() if its == group]
        name = nw.when(cell.is_in(cells)).then(nw.lit(group)).otherwise(name)
    return nw.from_native(bands).with_columns(group_name=name).to_native()


def group_sizes(bands: IntoLazyFrameT) -> IntoLazyFrameT:
    """Customers and money per group: group_name, customers, monetary. Groups without anybody are left out."""
    return (
        nw.from_native(grouped(bands))
        .group_by("group_name")
        .agg(customers=nw.len().cast(nw.Int64), monetary=nw.col("monetary").sum().cast(nw.Int64))
        .to_native()
    )


def flow(earlier: IntoLazyFrameT, later: IntoLazyFrameT) -> IntoLazyFrameT:
    """How many customers went from which group to which between two banded tables (columns of `tables.FLOW`).

    Who is not in the earlier table has 'arrived'; who is not in the later one is 'gone' (their only orders came back).

    >>> import duckdb
    >>> def table(*rows):
    ...     return duckdb.sql(f"SELECT * FROM (VALUES {', '.join(rows)}) t(customer_id, recency_band, frequency_band)")
    >>> sorted(flow(table("(1, 5, 5)", "(2, 5, 1)"), table("(1, 1, 5)", "(3, 5, 1)")).fetchall())
    [('arrived', 'new', 1), ('champions', 'at_risk', 1), ('new', 'gone', 1)]
    """
    before, after = (nw.from_native(grouped(table)).select("customer_id", "group_name") for table in (earlier, later))
    return (
        before.rename({"group_name": "from_group"})
        .join(after.rename({"group_name": "to_group"}), on="customer_id", how="full")
        .with_columns(nw.col("from_group").fill_null(ARRIVED), nw.col("to_group").fill_null(GONE))
        .group_by("from_group", "to_group")
        .agg(customers=nw.len().cast(nw.Int64))
        .to_native()
    )
