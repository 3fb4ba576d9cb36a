"""The groups month by month: a company's health check at a glance."""

from collections.abc import Sequence

from regulars.charts.flow import COLOURS
from regulars.charts.picture import FRAME, NO_WORDS, Json, Picture, PlainTable, Row, Words, iso, said, token, whole
from regulars.rules.value.groups import GROUPS


def group_health(rows: Sequence[Row], *, words: Words = NO_WORDS) -> Picture:
    """One bar a month, parted into the groups by their share of all customers; the nearest stand at the bottom.

    `rows`: month, rfm_group, customers. A month in which nobody was a customer yet is left out.

    >>> picture = group_health([{"month": "2024-03-01", "rfm_group": "loyal", "customers": 3},
    ...                         {"month": "2024-03-01", "rfm_group": "asleep", "customers": 1}])
    >>> [(one["name"], one["data"]) for one in picture.option["series"] if one["data"] != [0.0]]
    [('loyal', [0.75]), ('asleep', [0.25])]
    """
    counts = {(iso(row["month"]), str(row["rfm_group"])): whole(row["customers"]) for row in rows}
    months = sorted({month for month, _ in counts})
    everybody = {month: sum(counts.get((month, group), 0) for group in GROUPS) for month in months}
    shown = [month for month in months if everybody[month]]
    option: dict[str, Json] = {
        "grid": {**FRAME},
        "tooltip": {"trigger": "axis", "valueFormatter": "format:percent"},
        "xAxis": {"type": "category", "data": [*said(words, shown)], "axisLine": {"show": False}},
        "yAxis": {"type": "value", "min": 0, "max": 1, "interval": 0.25, "axisLabel": {"formatter": "format:percent"}},
        "series": [
            _bars(group, [counts.get((month, group), 0) / everybody[month] for month in shown], words)
            for group in GROUPS
        ],
    }
    return Picture(option, _table(shown, counts, words))


def _bars(group: str, shares: Sequence[float], words: Words) -> Json:
    return {
        "name": words.get(group, group),
        "type": "bar",
        "stack": "health",
        "barWidth": "62%",
        # The seams of the ledger: without them two shades beside each other are one.
        "itemStyle": {
            "color": token(COLOURS[group]),
            "borderRadius": 0,
            "borderColor": token("sheet"),
            "borderWidth": 1,
        },
        "data": [*shares],
    }


def _table(months: Sequence[str], counts: dict[tuple[str, str], int], words: Words) -> PlainTable:
    rows: tuple[tuple[str | int, ...], ...] = tuple(
        (words.get(month, month), *(counts.get((month, group), 0) for group in GROUPS)) for month in months
    )
    return PlainTable(said(words, ["month", *GROUPS]), ("text", *("count" for _ in GROUPS)), rows)
