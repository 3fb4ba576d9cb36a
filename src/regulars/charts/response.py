"""How a test is answered, day by day, against the threshold set beforehand and against the hold-out."""

from collections.abc import Sequence

from regulars.charts.picture import FRAME, NO_WORDS, Json, Picture, PlainTable, Row, Words, iso, said, token

COLUMNS = ("rate", "low", "high", "hold_out")


def response_curve(rows: Sequence[Row], *, threshold: float | None = None, words: Words = NO_WORDS) -> Picture:
    """The answered share of the test group with its band, the threshold as a black line, the hold-out in dashes.

    `rows`, one a day and oldest first: day, rate, low, high (the interval), hold_out; all shares of 1 or None.
    Each line's end carries its name and last value.

    >>> day = {"day": "2024-03-06", "rate": 0.048, "low": 0.034, "high": 0.069, "hold_out": 0.015}
    >>> [line["endLabel"]["formatter"] for line in response_curve([day], threshold=0.03).option["series"][2:]]
    ['rate 4.8%', 'hold_out 1.5%']
    """
    option: dict[str, Json] = {
        "grid": {**FRAME, "right": 112, "top": 12},
        "tooltip": {"trigger": "axis", "valueFormatter": "format:percent"},
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [*said(words, [iso(row["day"]) for row in rows])],
        },
        "yAxis": {"type": "value", "min": 0, "splitNumber": 4, "axisLabel": {"formatter": "format:percent"}},
        "series": [*_band(rows), _test(rows, threshold, words), _hold_out(rows, words)],
    }
    return Picture(option, _table(rows, words))


def _shares(rows: Sequence[Row], column: str) -> list[float | None]:
    values = (row.get(column) for row in rows)
    return [float(value) if isinstance(value, int | float) else None for value in values]


def _band(rows: Sequence[Row]) -> list[Json]:
    lows, highs = _shares(rows, "low"), _shares(rows, "high")
    widths = [None if a is None or b is None else b - a for a, b in zip(lows, highs, strict=True)]
    unseen: dict[str, Json] = {
        "type": "line",
        "stack": "band",
        "symbol": "none",
        "silent": True,
        "tooltip": {"show": False},
        "lineStyle": {"opacity": 0},
    }
    return [
        {**unseen, "data": [*lows]},
        {**unseen, "data": [*widths], "areaStyle": {"color": token("ramp-2"), "opacity": 0.85}},
    ]


def _end(name: str, shares: Sequence[float | None], colour: str) -> Json:
    known = [share for share in shares if share is not None]
    text = f"{name} {known[-1]:.1%}" if known else name
    return {"show": True, "formatter": text, "color": token(colour), "fontSize": 12, "distance": 8}


def _test(rows: Sequence[Row], threshold: float | None, words: Words) -> Json:
    name, shares = words.get("rate", "rate"), _shares(rows, "rate")
    return {
        "name": name,
        "type": "line",
        "data": [*shares],
        "color": token("accent"),
        "lineStyle": {"width": 2.5, "color": token("accent")},
        "endLabel": _end(name, shares, "accent"),
        **({} if threshold is None else {"markLine": _threshold(threshold, words)}),
    }


def _threshold(threshold: float, words: Words) -> Json:
    text = f"{words.get('threshold', 'threshold')} {threshold:.1%}"
    return {
        "silent": True,
        "symbol": "none",
        "label": {"formatter": text, "position": "end", "color": token("ink"), "distance": 8},
        "lineStyle": {"color": token("ink"), "width": 1.5, "type": "solid"},
        "data": [{"yAxis": threshold}],
    }


def _hold_out(rows: Sequence[Row], words: Words) -> Json:
    name, shares = words.get("hold_out", "hold_out"), _shares(rows, "hold_out")
    return {
        "name": name,
        "type": "line",
        "data": [*shares],
        "color": token("accent"),
        "lineStyle": {"width": 1.5, "type": [4, 4], "color": token("accent")},
        "itemStyle": {"color": token("sheet"), "borderColor": token("accent"), "borderWidth": 1.5},
        "endLabel": _end(name, shares, "ink-2"),
    }


def _table(rows: Sequence[Row], words: Words) -> PlainTable:
    columns = [_shares(rows, column) for column in COLUMNS]
    lines = ((iso(row["day"]), *values) for row, values in zip(rows, zip(*columns, strict=True), strict=True))
    return PlainTable(said(words, ["day", *COLUMNS]), ("day", *("percent" for _ in COLUMNS)), tuple(lines))
