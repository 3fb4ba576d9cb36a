"""The map of recency × frequency: the deeper the jade, the more people or money."""

from collections.abc import Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import TypeAlias

from regulars.charts.picture import (
    NO_WORDS,
    Currency,
    Json,
    Picture,
    PlainTable,
    Row,
    Words,
    opening,
    said,
    token,
    whole,
)

BANDS = 5
RAMP: Json = [token(f"ramp-{step}") for step in range(1, 7)]
Cell: TypeAlias = tuple[int, int]  # recency band, frequency band
NOWHERE: Mapping[Cell, str] = MappingProxyType({})


def rfm_heat_map(
    rows: Sequence[Row],
    *,
    recency: Sequence[str],
    frequency: Sequence[str],
    measure: str = "customers",
    currency: Currency | None = None,
    chosen: Cell | None = None,
    leads_to: Mapping[Cell, str] = NOWHERE,
    words: Words = NO_WORDS,
) -> Picture:
    """Twenty-five cells, the most recent on top, the most frequent at the right; `chosen` (R band, F band) is outlined.

    `rows` are rows of `tables.HEAT_MAP`; cells that are not among them hold 0. `recency` names the bands from 5 (just
    now) down to 1, `frequency` from 1 up to 5. `measure` is customers, share (of customers) or monetary, which needs
    the `currency`. Each cell carries its two bands.

    >>> picture = rfm_heat_map([{"recency_band": 5, "frequency_band": 1, "customers": 7, "monetary": 70}],
    ...                        recency="ABCDE", frequency="12345")
    >>> picture.option["series"][0]["data"][0]
    {'value': [0, 0, 7], 'name': 'A × 1', 'recency_band': 5, 'frequency_band': 1}
    """
    values = cell_values(rows, measure, currency)
    written = {"share": "format:percent", "customers": "format:number"}.get(measure) or _money(currency).written()
    series = _cells(values, written, recency, frequency, leads_to)
    option: dict[str, Json] = {
        "grid": {"left": 0, "right": 4, "top": 0, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item", "valueFormatter": written},
        "xAxis": {"type": "category", "data": [*frequency], "position": "top", "axisLine": {"show": False}},
        "yAxis": {"type": "category", "data": [*recency], "inverse": True, "axisLine": {"show": False}},
        "visualMap": _ramp(max(values.values()) or 1),
        "series": [series, *([_outline(chosen)] if chosen else [])],
    }
    return Picture(option, _table(rows, recency, frequency, words))


def cell_values(rows: Sequence[Row], measure: str, currency: Currency | None = None) -> dict[Cell, float]:
    """What each of the 25 cells holds, top left first: persons, shares of all persons, or amounts of the currency.

    >>> cells = cell_values([{"recency_band": 1, "frequency_band": 5, "customers": 7, "monetary": 70}], "share")
    >>> len(cells), cells[5, 1], cells[1, 5]
    (25, 0.0, 1.0)
    """
    column = "monetary" if measure == "monetary" else "customers"
    known = {(row["recency_band"], row["frequency_band"]): whole(row[column]) for row in rows}
    cells = {cell: known.get(cell, 0) for cell in product(range(BANDS, 0, -1), range(1, BANDS + 1))}
    if measure == "share":
        everybody = sum(known.values()) or 1
        return {cell: people / everybody for cell, people in cells.items()}
    if measure == "monetary":
        return {cell: _money(currency).amount(minor) for cell, minor in cells.items()}
    return {**cells}


def _money(currency: Currency | None) -> Currency:
    if currency is None:
        raise ValueError("money is drawn in a currency: hand one in")
    return currency


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


def _place(cell: Cell) -> list[Json]:
    return [cell[1] - 1, BANDS - cell[0]]


def _cells(
    values: Mapping[Cell, float],
    written: str,
    recency: Sequence[str],
    frequency: Sequence[str],
    leads_to: Mapping[Cell, str],
) -> Json:
    return {
        "type": "heatmap",
        # No colour: the library takes the ink that reads better on the cell's own shade.
        "label": {"show": True, "fontSize": 14, "formatter": written},
        "emphasis": {"itemStyle": {"borderColor": token("ink")}},
        "data": [
            {
                "value": [*_place(cell), value],
                "name": f"{recency[BANDS - cell[0]]} × {frequency[cell[1] - 1]}",
                "recency_band": cell[0],
                "frequency_band": cell[1],
                **opening(leads_to.get(cell)),
            }
            for cell, value in values.items()
        ],
    }


def _outline(cell: Cell) -> Json:
    style: Json = {"color": "transparent", "borderColor": token("ink"), "borderWidth": 2, "borderRadius": 6}
    return {"type": "heatmap", "silent": True, "data": [{"value": [*_place(cell), 0], "itemStyle": style}]}


def _table(rows: Sequence[Row], recency: Sequence[str], frequency: Sequence[str], words: Words) -> PlainTable:
    people = cell_values(rows, "customers")
    money = {(row["recency_band"], row["frequency_band"]): whole(row["monetary"]) for row in rows}
    return PlainTable(
        said(words, ["recency", "frequency", "customers", "monetary"]),
        ("text", "text", "count", "money"),
        tuple(
            (recency[BANDS - cell[0]], frequency[cell[1] - 1], int(count), money.get(cell, 0))
            for cell, count in people.items()
        ),
    )
