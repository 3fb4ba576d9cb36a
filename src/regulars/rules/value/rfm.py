"""Recency, frequency, monetary: who came lately, who comes often, who brings much.

After Hughes, *Strategic Database Marketing* (1994), with bands by cut points instead of equal counts.

- recency: days from the last kept order to `at`;
- frequency: number of kept orders (two on one day are two);
- monetary: all money of the customer, returns subtracted, whether or not their orders were kept.

Customers without any kept order have no recency and are not in the tables.
"""

from collections.abc import Callable, Iterable
from datetime import date

import narwhals as nw
from narwhals.typing import IntoLazyFrameT

from regulars.rules.tables import ACTIVITY, RFM_HISTORY
from regulars.rules.value.bands import BANDS, Cuts, quantile_cuts
from regulars.rules.value.purchases import KEPT, orders


def activity(lines: IntoLazyFrameT, *, at: date) -> IntoLazyFrameT:
    """Recency, frequency and monetary of every customer at the end of `at` (columns of `tables.ACTIVITY`).

    >>> import duckdb
    >>> lines = duckdb.sql("SELECT * FROM (VALUES (1, 1, DATE '2024-01-05', 500), (1, 2, DATE '2024-01-08', 300),"
    ...                    " (1, 2, DATE '2024-01-09', -300)) t(customer_id, order_key, ordered_on, amount_minor)")
    >>> activity(lines, at=date(2024, 1, 8)).fetchall()
    [(1, datetime.date(2024, 1, 8), 0, 2, 800)]
    >>> activity(lines, at=date(2024, 1, 10)).fetchall()
    [(1, datetime.date(2024, 1, 5), 5, 1, 500)]
    """
    kept_on = nw.when(KEPT).then(nw.col("bought_on"))
    people = (
        nw.from_native(orders(lines, at=at))
        .with_columns(kept_on=kept_on)
        .group_by("customer_id")
        .agg(
            last_on=nw.col("kept_on").max(),
            frequency=nw.col("kept_on").count(),
            monetary=nw.col("amount_minor").sum().cast(nw.Int64),
        )
        .filter(nw.col("frequency") > 0)
    )
    recency = nw.lit(at) - nw.col("last_on")  # whole days: both are dates
    return people.with_columns(recency=recency).select(*ACTIVITY.names()).to_native()


def banded(people: IntoLazyFrameT, cuts: Cuts) -> IntoLazyFrameT:
    """`people` (columns of `ACTIVITY`) with the three bands 1 … 5 that the cut points give.

    >>> import duckdb
    >>> from regulars.rules.value.bands import HOUSE_CUTS
    >>> people = duckdb.sql("SELECT 1 AS customer_id, 31 AS recency, 2 AS frequency, 999999 AS monetary")
    >>> banded(people, HOUSE_CUTS).fetchall()
    [(1, 31, 2, 999999, 4, 2, 5)]
    """
    return (
        nw.from_native(people)
        .with_columns(
            recency_band=BANDS - _passed("recency", cuts.recency),
            frequency_band=1 + _passed("frequency", cuts.frequency),
            monetary_band=1 + _passed("monetary", cuts.monetary),
        )
        .to_native()
    )


def _passed(measure: str, points: tuple[int, ...]) -> nw.Expr:
    return nw.sum_horizontal(*((nw.col(measure) > point).cast(nw.Int32) for point in points)).cast(nw.Int32)


def computed_again(table: IntoLazyFrameT) -> IntoLazyFrameT:
    """The table as it is: nothing is kept, each look at it calculates it again."""
    return table


def rfm(
    lines: IntoLazyFrameT,
    *,
    at: date,
    cuts: Cuts | None = None,
    keep: Callable[[IntoLazyFrameT], IntoLazyFrameT] = computed_again,
) -> IntoLazyFrameT:
    """R, F, M and their bands of every customer at the end of `at` (columns of `tables.RFM`).

    Without `cuts` the bands are fifths of these customers. Finding the fifths and cutting the bands are two looks at
    the table of activity: hand in a `keep` that holds it (`Warehouse.hold`), or it is calculated twice.
    """
    people = keep(activity(lines, at=at))
    return banded(people, cuts or quantile_cuts(people))


def heat_map(bands: IntoLazyFrameT) -> IntoLazyFrameT:
    """Customers and their money per cell of recency band × frequency band (columns of `tables.HEAT_MAP`).

    `bands` is what `rfm` or `banded` gives. Cells without anybody are left out.

    >>> import duckdb
    >>> bands = duckdb.sql("SELECT * FROM (VALUES (5, 1, 300), (5, 1, -100), (1, 2, 50))"
    ...                    " t(recency_band, frequency_band, monetary)")
    >>> sorted(heat_map(bands).fetchall())
    [(1, 2, 1, 50), (5, 1, 2, 200)]
    """
    return (
        nw.from_native(bands)
        .group_by("recency_band", "frequency_band")
        .agg(customers=nw.len().cast(nw.Int64), monetary=nw.col("monetary").sum().cast(nw.Int64))
        .to_native()
    )


def rfm_history(
    lines: IntoLazyFrameT,
    *,
    days: Iterable[date],
    cuts: Cuts | None = None,
    keep: Callable[[IntoLazyFrameT], IntoLazyFrameT] = computed_again,
) -> IntoLazyFrameT:
    """The heat map at the end of each of the days (columns of `tables.RFM_HISTORY`), each from what was known then.

    Without `cuts` each day has its own fifths; for a health check of the company hand in cuts that stay the same.
    A past day changes only if older lines arrive late, so a nightly run asks for the days it does not have yet.
    """
    maps = [_dated(heat_map(rfm(lines, at=day, cuts=cuts, keep=keep)), day) for day in days]
    history: nw.LazyFrame[IntoLazyFrameT] = nw.concat(maps, how="vertical")
    return history.to_native()


def _dated(table: IntoLazyFrameT, day: date) -> nw.LazyFrame[IntoLazyFrameT]:
    return nw.from_native(table).with_columns(as_of=nw.lit(day)).select(*RFM_HISTORY.names())
