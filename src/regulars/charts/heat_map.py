"""The map of recency × frequency: the deeper the jade, the more people or money."""

from collections.abc import Sequence
from itertools import product

from regulars.charts.picture import NO_WORDS, Json, Picture, PlainTable, Row, Words, asks, said, whole

MEASURES = {"customers": "count", "monetary": "money", "share": "percent"}
RAMP: Json = ["ramp-1", "ramp-2", "ramp-3", "ramp-4", "ramp-5", "ramp-6"]
BANDS = 5


def rfm_heat_map(
    rows: Sequence[Row],
    *,
    recency: Sequence[str],
    frequency: Sequence[str],
    measure: str = "customers",
    chosen: tuple[int, int] | None = None,
    words: Words = NO_WORDS,
) -> Picture:
    """Twenty-five cells, the most recent on top, the most frequent at the right; `chosen` (R band, F band) is outlined.

    `rows` are rows of `tables.HEAT_MAP`; cells that are not among them hold 0. `recency` names the bands from 5 (just
    now) down to 1, `frequency` from 1 up to 5. `measure` is customers, monetary (minor units) or share (of customers).
    Each cell carries its bands, so that a click can ask for its people.

    >>> picture = rfm_heat_map([{"recency_band": 5, "frequency_band": 1, "customers": 7, "monetary": 70}],
    ...                        recency="ABCDE", frequency="12345")
    >>> picture.option["series"][0]["data"][0]
    {'value': [0, 0, 7], 'recency_band': 5, 'frequency_band': 1}
    """
    values = _values(rows, measure)
    option: dict[str, Json] = {
        "grid": {"left": 0, "right": 4, "top": 0, "bottom": 8, "containLabel": True},
        "tooltip": {"formatter": asks("cell", of=MEASURES[measure])},
        "xAxis": {"type": "category", "data": list(frequency), "position": "top", "axisLine": {"show": False}},
        "yAxis": {"type": "category", "data": list(recency), "inverse": True, "axisLine": {"show": False}},
        "visualMap": _ramp(max(values.values()) or 1),
        "series": [_cells(values, MEASURES[measure]), *([_outline(*chosen)] if chosen else [])],
    }
    return Picture(option, _table(rows, recency, frequency, words))


def _values(rows: Sequence[Row], measure: str) -> dict[tuple[int, int], float]:
    column = "customers" if measure == "share" else measure
    known = {(row["recency_band"], row["frequency_band"]): whole(row[column]) for row in rows}
    everybody = sum(known.values()) or 1
    cells = product(range(BANDS, 0, -1), range(1, BANDS + 1))
    return {cell: known.get(cell, 0) / everybody if measure == "share" else known.get(cell, 0) for cell in cells}


def _ramp(most: float) -> Json:
    # One cell usually holds far more than the others; let the ramp end at seven tenths of it so that the rest differ.
    return {
        "show": False,
        "min": 0,
        "max": most * 0.7,
        "dimension": 2,
        "seriesIndex": 0,
        "inRange": {"color": RAMP},
    }


def _place(recency: int, frequency: int) -> list[Json]:
    return [frequency - 1, BANDS - recency]


def _cells(values: dict[tuple[int, int], float], unit: str) -> Json:
    return {
        "type": "heatmap",
        "label": {"show": True, "fontSize": 14, "color": "readable", "formatter": asks(unit)},
        "emphasis": {"itemStyle": {"borderColor": "ink"}},
        "data": [
            {"value": [*_place(*cell), value], "recency_band": cell[0], "frequency_band": cell[1]}
            for cell, value in values.items()
        ],
    }


def _outline(recency: int, frequency: int) -> Json:
    style: Json = {"color": "transparent", "borderColor": "ink", "borderWidth": 2, "borderRadius": 6}
    return {
        "type": "heatmap",
        "silent": True,
        "data": [{"value": [*_place(recency, frequency), 0], "itemStyle": style}],
    }


def _table(rows: Sequence[Row], recency: Sequence[str], frequency: Sequence[str], words: Words) -> PlainTable:
    people, money = _values(rows, "customers"), _values(rows, "monetary")
    return PlainTable(
        said(words, ["recency", "frequency", "customers", "monetary"]),
        ("text", "text", "count", "money"),
        tuple(
            (recency[BANDS - cell[0]], frequency[cell[1] - 1], int(people[cell]), int(money[cell])) for cell in people
        ),
    )
