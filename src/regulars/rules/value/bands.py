"""Cut points: where one band ends and the next begins.

A band is found by comparing with four cut points, never by counting rows off into equal parts: two customers with the
same value are always in the same band. The price is that bands need not be equally full; where seven in ten bought
once, band 1 of frequency holds seven in ten.
"""

from dataclasses import dataclass
from itertools import pairwise

import narwhals as nw
import numpy as np
from narwhals.typing import IntoLazyFrame
from numpy.typing import NDArray

BANDS = 5


@dataclass(frozen=True, slots=True)
class Cuts:
    """Four cut points a measure, not falling; each is the last value of its band, so they make five bands.

    Recency is counted in days, frequency in orders, monetary in minor units. Band 5 is always the best: most recent,
    most often, most money. Raises `ValueError` for another number of points or falling points.

    >>> HOUSE_CUTS.bands(recency=30, frequency=3, monetary=60_000)
    (5, 3, 3)
    >>> HOUSE_CUTS.bands(recency=400, frequency=12, monetary=-5)
    (1, 5, 1)
    """

    recency: tuple[int, ...]
    frequency: tuple[int, ...]
    monetary: tuple[int, ...]

    def __post_init__(self) -> None:
        for points in (self.recency, self.frequency, self.monetary):
            if len(points) != BANDS - 1 or any(low > high for low, high in pairwise(points)):
                raise ValueError(f"four cut points that do not fall are needed, not {points}")

    def bands(self, *, recency: int, frequency: int, monetary: int) -> tuple[int, int, int]:
        """The three bands of one customer, as the import keeps them current between two full refreshes."""
        return (
            BANDS - passed(recency, self.recency),
            1 + passed(frequency, self.frequency),
            1 + passed(monetary, self.monetary),
        )


def passed(value: int, points: tuple[int, ...]) -> int:
    """How many of the cut points lie below the value."""
    return sum(value > point for point in points)


def spans(points: tuple[int, ...], *, least: int | None = None) -> list[tuple[int | None, int | None] | None]:
    """First and last value of each band in the order of the values; None for an open end.

    A band that two equal cut points leave no value for is None itself.

    >>> spans((30, 90, 180, 365), least=0)
    [(0, 30), (31, 90), (91, 180), (181, 365), (366, None)]
    >>> spans((1, 1, 1, 2), least=1)
    [(1, 1), None, None, (2, 2), (3, None)]
    """
    firsts = [least, *(point + 1 for point in points)]
    return [
        None if first is not None and last is not None and first > last else (first, last)
        for first, last in zip(firsts, [*points, None], strict=True)
    ]


# 0–30 days, 31–90, 91–180, 181–365, longer × once, twice, 3–4 times, 5–9, 10 and more.
HOUSE_CUTS = Cuts(recency=(30, 90, 180, 365), frequency=(1, 2, 4, 9), monetary=(20_000, 50_000, 100_000, 300_000))


def quantile_cuts(people: IntoLazyFrame) -> Cuts:
    """Cut points at a fifth, two, three and four fifths of the customers in `people` (columns of `ACTIVITY`).

    Each point is a value that occurs: the smallest that at least that share of customers do not exceed (Hyndman and
    Fan 1996, definition 1). Looks at the table once. Nobody at all gives points at zero.

    >>> import duckdb
    >>> quantile_cuts(duckdb.sql("SELECT x AS recency, 1 AS frequency, x * 10 AS monetary FROM range(1, 11) t(x)"))
    Cuts(recency=(2, 4, 6, 8), frequency=(1, 1, 1, 1), monetary=(20, 40, 60, 80))
    """
    measures = nw.from_native(people).lazy().select("recency", "frequency", "monetary").collect("pyarrow")
    return Cuts(*(fifths(measures[name].to_numpy()) for name in ("recency", "frequency", "monetary")))


def fifths(values: NDArray[np.int64]) -> tuple[int, ...]:
    """The four values that cut `values` into fifths, by whole-number arithmetic so that no rounding moves a tie."""
    if not len(values):
        return (0,) * (BANDS - 1)
    places = [(len(values) * fifth + BANDS - 1) // BANDS - 1 for fifth in range(1, BANDS)]
    return tuple(int(value) for value in np.partition(values, places)[places])
