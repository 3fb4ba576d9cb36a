"""Where customers came from and went: group on one day, group on another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from regulars.charts.picture import NO_WORDS, Json, Picture, PlainTable, Row, Words, opening, said, token, whole
from regulars.rules.value.groups import ARRIVED, GONE, GROUPS, LADDER

COLOURS = dict(zip(GROUPS, ("ramp-6", "ramp-5", "ramp-4", "ramp-3", "ramp-2", "sand-2", "sand"), strict=True))
COLOURS |= {ARRIVED: "accent", GONE: "line-2"}
UNSEEN = "\u200b"
ORDER = (*GROUPS, ARRIVED, GONE)
NOWHERE: Mapping[tuple[str, str], str] = MappingProxyType({})
DIRECTIONS = {"up": ("accent", 0.42), "down": ("sand-2", 0.42), "same": ("line-2", 0.35)}


def group_flow(
    rows: Sequence[Row], *, leads_to: Mapping[tuple[str, str], str] = NOWHERE, words: Words = NO_WORDS
) -> Picture:
    """A stream from each group on the earlier day to each on the later: up in jade, down in sand, unchanged in grey.

    `rows` are rows of `tables.FLOW`. Every stream carries its `direction`; `leads_to` is by (from, to).

    >>> picture = group_flow([{"from_group": "new", "to_group": "promising", "customers": 4}])
    >>> [link["direction"] for link in picture.option["series"][0]["links"]]
    ['up']
    """
    streams = sorted(((str(r["from_group"]), str(r["to_group"]), whole(r["customers"])) for r in rows), key=_place)
    series: dict[str, Json] = {
        "type": "sankey",
        "left": 136,
        "right": 136,
        "top": 8,
        "bottom": 8,
        "nodeWidth": 8,
        "nodeGap": 9,
        # The order is ours: groups from near to far. The layout may not shuffle it.
        "layoutIterations": 0,
        "draggable": False,
        "label": {"color": token("ink"), "rich": {"n": {"color": token("ink-3"), "fontSize": 12}}},
        "data": [*_nodes(streams, 0, words), *_nodes(streams, 1, words)],
        "links": [_link(*stream, words, leads_to.get(stream[:2])) for stream in streams],
    }
    return Picture({"tooltip": {"trigger": "item"}, "series": [series]}, _table(streams, words))


def direction(earlier: str, later: str) -> str:
    """Whether going from one group to the other is up, down or the same; arriving is up, being gone is down.

    >>> direction("champions", "at_risk"), direction("arrived", "new"), direction("loyal", "loyal")
    ('down', 'up', 'same')
    """
    before, after = (LADDER.get(group, -1) for group in (earlier, later))
    return "same" if before == after else "up" if after > before else "down"


def _place(stream: tuple[str, str, int]) -> tuple[int, int]:
    return ORDER.index(stream[0]), ORDER.index(stream[1])


def _name(group: str, side: int, words: Words) -> str:
    # The library knows nodes by the names it shows: the same group on the later day wears an invisible mark.
    return words.get(group, group) + side * UNSEEN


def _nodes(streams: Sequence[tuple[str, str, int]], side: int, words: Words) -> list[Json]:
    sizes: Counter[str] = Counter()
    for earlier, later, customers in streams:
        sizes[(earlier, later)[side]] += customers
    return [
        {
            "name": _name(group, side, words),
            "depth": side,
            "itemStyle": {"color": token(COLOURS[group])},
            "label": {
                "position": ("left", "right")[side],
                "formatter": f"{words.get(group, group)}  {{n|{sizes[group]:,}}}",
            },
        }
        for group in ORDER
        if sizes[group]
    ]


def _link(earlier: str, later: str, customers: int, words: Words, url: str | None) -> Json:
    way = direction(earlier, later)
    colour, opacity = DIRECTIONS[way]
    return {
        "source": _name(earlier, 0, words),
        "target": _name(later, 1, words),
        "value": customers,
        "direction": way,
        "lineStyle": {"color": token(colour), "opacity": opacity},
        **opening(url),
    }


def _table(streams: Sequence[tuple[str, str, int]], words: Words) -> PlainTable:
    rows = tuple((words.get(a, a), words.get(b, b), customers) for a, b, customers in streams)
    return PlainTable(said(words, ["from_group", "to_group", "customers"]), ("text", "text", "count"), rows)
