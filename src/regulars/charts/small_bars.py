"""A few lengths beside a few names, small enough to stand in a sentence's place."""

from collections.abc import Sequence

from regulars.charts.picture import NO_WORDS, Json, Picture, PlainTable, Words, said, token

WRITTEN = {"count": "format:number", "percent": "format:percent"}


def small_bars(
    bars: Sequence[tuple[str, float]],
    *,
    unit: str = "count",
    colours: Sequence[str] = (),
    words: Words = NO_WORDS,
) -> Picture:
    """One lying bar per (name, value), in the given order from the top, each with its value at the end.

    `unit` is count or percent (shares of 1); `colours` are tokens, one a bar, jade where they run out.

    >>> small_bars([("new", 3), ("loyal", 5)], colours=["ramp-4"]).option["series"][0]["data"]
    [{'value': 3, 'itemStyle': {'color': 'token:ramp-4'}}, {'value': 5, 'itemStyle': {'color': 'token:accent'}}]
    """
    names = said(words, [name for name, _ in bars])
    tokens = [*colours, *("accent" for _ in bars)]
    option: dict[str, Json] = {
        "grid": {"left": 0, "right": 56, "top": 0, "bottom": 0, "containLabel": True},
        "tooltip": {"trigger": "item", "valueFormatter": WRITTEN[unit]},
        "xAxis": {"type": "value", "show": False, "min": 0},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [*names],
            "axisLabel": {"interval": 0},
            "axisLine": {"show": False},
        },
        "series": [
            {
                "type": "bar",
                "barWidth": 8,
                "label": {"show": True, "position": "right", "color": token("ink-2"), "formatter": WRITTEN[unit]},
                "data": [
                    {"value": value, "itemStyle": {"color": token(colour)}}
                    for (_, value), colour in zip(bars, tokens, strict=False)
                ],
            }
        ],
    }
    rows = tuple(zip(names, (value for _, value in bars), strict=True))
    return Picture(option, PlainTable(said(words, ["name", "value"]), ("text", unit), rows))
