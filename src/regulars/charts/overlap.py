"""Overlapping segments as an UpSet plot: sizes at the left, who is in exactly which above.

After Lex et al., "UpSet: Visualization of Intersecting Sets", IEEE TVCG 20 (2014).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from regulars.charts.picture import NO_WORDS, Json, Picture, PlainTable, Words, opening, said, token

MOST = 12  # more columns than this nobody reads
BARS_TOP, BARS_HEIGHT, ROW = 20, 92, 26
NOWHERE: Mapping[frozenset[str], str] = MappingProxyType({})
GRID_TOP = BARS_TOP + BARS_HEIGHT + 8
NAMES_WIDE, NAMES_END = 168, 344


def segment_overlap(
    sizes: Mapping[str, int],
    overlaps: Sequence[tuple[frozenset[str], int]],
    *,
    chosen: str | None = None,
    leads_to: Mapping[frozenset[str], str] = NOWHERE,
    words: Words = NO_WORDS,
) -> Picture:
    """The largest exact overlaps of the segments; columns and rows of the `chosen` segment in jade, others in sand.

    `sizes` says how many are in each segment at all, in the order of the rows; `overlaps` how many are in exactly
    these segments and no other of them. At most twelve overlaps are drawn, the table has all. `words` names segments,
    `leads_to` is by the segments of an overlap.

    >>> picture = segment_overlap({"vip": 5, "wool": 3}, [(frozenset({"vip", "wool"}), 2), (frozenset({"vip"}), 3)])
    >>> [bar["value"] for bar in picture.option["series"][0]["data"]]
    [3, 2]
    """
    names = list(sizes)
    ranked = sorted(overlaps, key=lambda overlap: (-overlap[1], sorted(map(names.index, overlap[0]))))
    drawn = [(sorted(map(names.index, members)), count) for members, count in ranked[:MOST]]
    own = names.index(chosen) if chosen is not None and chosen in sizes else None
    option: dict[str, Json] = {
        "grid": _grids(len(names)),
        "tooltip": {"trigger": "item"},
        "xAxis": _across(len(drawn)),
        "yAxis": _down(list(said(words, names))),
        "series": [
            _columns(drawn, [leads_to.get(members) for members, _ in ranked], own),
            *(_strand(place, members, own) for place, (members, _) in enumerate(drawn) if len(members) > 1),
            _dots(drawn, len(names), own),
            _rows(sizes, own),
        ],
    }
    return Picture(option, _table(ranked, names, words))


def _colour(members: Sequence[int], own: int | None) -> str:
    return token("accent" if own in members else "sand-2")


def _grids(rows: int) -> Json:
    height = rows * ROW
    return [
        {"left": NAMES_END, "right": 8, "top": BARS_TOP, "height": BARS_HEIGHT, "containLabel": False},
        {"left": NAMES_END, "right": 8, "top": GRID_TOP, "height": height, "containLabel": False},
        {"left": 52, "width": 96, "top": GRID_TOP, "height": height, "containLabel": False},
    ]


def _across(columns: int) -> Json:
    places: list[Json] = list(range(columns))
    return [
        {"gridIndex": 0, "type": "category", "data": places, "axisLabel": {"show": False}},
        {"gridIndex": 1, "type": "category", "data": places, "show": False},
        {"gridIndex": 2, "type": "value", "inverse": True, "show": False},
    ]


def _down(titles: list[str]) -> Json:
    rows: dict[str, Json] = {"type": "category", "inverse": True, "data": [*titles]}
    stripes: Json = {"show": True, "areaStyle": {"color": [token("sunk"), "transparent"]}}
    return [
        {"gridIndex": 0, "type": "value", "splitNumber": 2, "axisLabel": {"formatter": "format:number"}},
        {
            **rows,
            "gridIndex": 1,
            "axisLine": {"show": False},
            "axisLabel": {
                "interval": 0,
                "margin": 16,
                "color": token("ink"),
                "fontSize": 13,
                "width": NAMES_WIDE,
                "overflow": "truncate",
            },
            "splitArea": stripes,
        },
        {**rows, "gridIndex": 2, "show": False},
    ]


def _label(position: str) -> Json:
    return {"show": True, "position": position, "color": token("ink-2"), "formatter": "format:number"}


def _columns(drawn: Sequence[tuple[list[int], int]], urls: Sequence[str | None], own: int | None) -> Json:
    return {
        "type": "bar",
        "xAxisIndex": 0,
        "yAxisIndex": 0,
        "barWidth": "46%",
        "label": _label("top"),
        "data": [
            {
                "value": count,
                "itemStyle": {"color": _colour(members, own), "borderRadius": [2, 2, 0, 0]},
                **opening(url),
            }
            for (members, count), url in zip(drawn, urls, strict=False)
        ],
    }


def _strand(place: int, members: Sequence[int], own: int | None) -> Json:
    return {
        "type": "line",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"width": 2, "color": _colour(members, own)},
        "data": [[place, row] for row in members],
    }


def _dots(drawn: Sequence[tuple[list[int], int]], rows: int, own: int | None) -> Json:
    return {
        "type": "scatter",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbolSize": 11,
        "silent": True,
        "data": [
            {"value": [place, row], "itemStyle": {"color": _colour(members, own) if row in members else token("line")}}
            for place, (members, _) in enumerate(drawn)
            for row in range(rows)
        ],
    }


def _rows(sizes: Mapping[str, int], own: int | None) -> Json:
    return {
        "type": "bar",
        "xAxisIndex": 2,
        "yAxisIndex": 2,
        "barWidth": 10,
        "label": _label("left"),
        "data": [
            {"value": count, "itemStyle": {"color": _colour([row], own), "borderRadius": [2, 0, 0, 2]}}
            for row, count in enumerate(sizes.values())
        ],
    }


def _table(ranked: Sequence[tuple[frozenset[str], int]], names: list[str], words: Words) -> PlainTable:
    rows = ((" + ".join(said(words, sorted(members, key=names.index))), count) for members, count in ranked)
    return PlainTable(said(words, ["segments", "customers"]), ("text", "count"), tuple(rows))
