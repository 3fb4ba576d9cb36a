"""Invented charts of the living style sheet, each with its table: bucket, test, flow, and what privacy veils."""

from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.desks.shared import dates
from regulars.desks.shared.parts import Chart, Column, Key, Table

AT: Final = datetime(2026, 3, 12, 7, 40, tzinfo=UTC)
GAINED: Final = (702, 688, 731, 640, 655, 812, 846, 1104, 968, 905, 531, 312)
WON_BACK: Final = (151, 160, 172, 149, 141, 190, 212, 268, 231, 204, 118, 96)
LAPSED: Final = (640, 655, 622, 701, 733, 690, 668, 702, 745, 812, 798, 587)
RATE: Final = (0.003, 0.012, 0.022, 0.032, 0.040, 0.045, 0.048)
LOW: Final = (0.001, 0.006, 0.013, 0.021, 0.027, 0.031, 0.034)
HIGH: Final = (0.012, 0.024, 0.037, 0.049, 0.059, 0.065, 0.069)
HELD: Final = (0.0, 0.002, 0.005, 0.007, 0.010, 0.012, 0.015)


def months() -> list[str]:
    """The twelve months up to the one now running, as the axis writes them."""
    days = [datetime(2025 + (m > 12), (m - 1) % 12 + 1, 1, tzinfo=UTC) for m in range(4, 16)]
    return [dates.month(day, at=day)[:3] for day in days]


def bucket_chart() -> Chart:
    """Gained, won back and lapsed over twelve months; the month now running is faded."""
    names = months()
    series = [
        _bars(_("Gained"), GAINED, "accent", 0),
        _bars(_("Won back"), WON_BACK, "ramp-3", [2, 2, 0, 0]),
        _bars(_("Lapsed"), [-n for n in LAPSED], "sand", [0, 0, 2, 2]),
    ]
    option = {
        "grid": {"left": 0, "right": 0, "top": 8, "bottom": 0, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names, "axisLine": {"show": False}},
        "yAxis": {"type": "value", "min": -1000, "max": 1500, "interval": 500},
        "series": series,
    }
    columns = [
        Column(pgettext("column", "Month")),
        Column(_("Gained"), numeric=True),
        Column(_("Won back"), numeric=True),
        Column(_("Lapsed"), numeric=True),
    ]
    rows = [[name, a, b, -c] for name, a, b, c in zip(names, GAINED, WON_BACK, LAPSED, strict=True)]
    keys = (Key(_("Gained")), Key(_("Won back"), "k3"), Key(_("Lapsed"), "sand"))
    label = _("Gained, won back and lapsed over twelve months")
    return Chart(
        "bucket", label, option, Table(columns, rows, close=True), keys, _("March is not over"), "s", "?csv=bucket"
    )


def test_chart() -> Chart:
    """The response of a test with its interval, the hold-out dashed, the threshold as a line."""
    days = [dates.day(datetime(2026, 3, day, tzinfo=UTC), at=AT) for day in range(6, 13)]
    line: dict[str, Any] = {
        "type": "line",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "name": "\u200b",
    }
    option = {
        "grid": {"left": 0, "right": 96, "top": 12, "bottom": 0, "containLabel": True},
        "tooltip": {"trigger": "axis", "valueFormatter": "format:percent"},
        "xAxis": {"type": "category", "data": days, "boundaryGap": False},
        "yAxis": {"type": "value", "max": 0.08, "interval": 0.02, "axisLabel": {"formatter": "format:percent"}},
        "series": [
            {**line, "stack": "band", "data": list(LOW)},
            {
                **line,
                "stack": "band",
                "areaStyle": {"color": "token:ramp-2", "opacity": 0.85},
                "data": [round(h - low, 4) for h, low in zip(HIGH, LOW, strict=True)],
            },
            {
                "name": pgettext("arm", "Test group"),
                "type": "line",
                "data": list(RATE),
                "color": "token:accent",
                "lineStyle": {"width": 2.5},
                "endLabel": {
                    "show": True,
                    "formatter": _("test %(rate)s") % {"rate": "4.8%"},
                    "color": "token:accent",
                    "fontSize": 12,
                    "distance": 8,
                },
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "label": {
                        "formatter": _("threshold %(rate)s") % {"rate": "3.0%"},
                        "position": "end",
                        "color": "token:ink",
                        "distance": 8,
                    },
                    "lineStyle": {"color": "token:ink", "width": 1.5, "type": "solid"},
                    "data": [{"yAxis": 0.03}],
                },
            },
            {
                "name": _("Hold-out"),
                "type": "line",
                "data": list(HELD),
                "color": "token:accent",
                "lineStyle": {"width": 1.5, "type": [4, 4], "color": "token:accent"},
                "itemStyle": {"color": "token:sheet", "borderColor": "token:accent", "borderWidth": 1.5},
                "endLabel": {
                    "show": True,
                    "formatter": _("hold-out %(rate)s") % {"rate": "1.5%"},
                    "color": "token:ink-2",
                    "fontSize": 12,
                    "distance": 8,
                },
            },
        ],
    }
    columns = [
        Column(pgettext("column", "Day")),
        *(Column(label, numeric=True) for label in (pgettext("column", "Response"), _("at least"), _("at most"))),
    ]
    rows = [[day, f"{a:.1%}", f"{b:.1%}", f"{c:.1%}"] for day, a, b, c in zip(days, RATE, LOW, HIGH, strict=True)]
    keys = (Key(_("Test group with 95% bounds")), Key(_("Hold-out 1.5% (0.7–3.1)"), "line"))
    return Chart(
        "test",
        _("Response of test group and hold-out, with interval and threshold"),
        option,
        Table(columns, rows, close=True),
        keys,
        "",
        "m",
        "?csv=test",
    )


def flow_chart() -> Chart:
    """Who moved where between two days: up in jade, down in sand, unchanged in grey."""
    names = [
        pgettext("customer group", "Champions"),
        pgettext("customer group", "Loyal"),
        pgettext("customer group", "New"),
        pgettext("customer group", "At risk"),
        pgettext("customer group", "Dormant"),
    ]
    colours = ["ramp-6", "ramp-5", "ramp-4", "sand-2", "sand"]
    moves = [
        (0, 0, 4310),
        (0, 1, 780),
        (0, 3, 260),
        (1, 0, 900),
        (1, 1, 4350),
        (1, 3, 610),
        (2, 2, 2110),
        (2, 1, 1640),
        (2, 3, 540),
        (3, 1, 410),
        (3, 3, 3730),
        (3, 4, 575),
        (4, 2, 276),
        (4, 4, 9470),
    ]
    nodes = [
        {
            "name": f"{side}{i}",
            "itemStyle": {"color": f"token:{colour}"},
            "label": {"position": place, "formatter": name},
        }
        for side, place in (("a", "left"), ("b", "right"))
        for i, (name, colour) in enumerate(zip(names, colours, strict=True))
    ]
    links = [{"source": f"a{a}", "target": f"b{b}", "value": n, "lineStyle": _flow_style(a, b)} for a, b, n in moves]
    option = {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey",
                "left": 90,
                "right": 90,
                "top": 8,
                "bottom": 8,
                "nodeWidth": 8,
                "nodeGap": 9,
                "layoutIterations": 0,
                "draggable": False,
                "data": nodes,
                "links": links,
                "label": {"color": "token:ink"},
            }
        ],
    }
    columns = [
        Column(pgettext("column", "From")),
        Column(pgettext("column", "To")),
        Column(pgettext("column", "People"), numeric=True),
    ]
    table = Table(columns, [[names[a], names[b], n] for a, b, n in moves], close=True)
    return Chart(
        "flow",
        _("How customers moved between five groups in a quarter"),
        option,
        table,
        (Key(_("up or stayed")), Key(_("down"), "sand2")),
        "",
        "xl",
        "?csv=flow",
    )


def hatch_chart() -> Chart:
    """What privacy takes out is veiled and hatched, in a chart as everywhere."""
    names = [pgettext("opt-out", "marketing"), pgettext("opt-out", "disclosure"), pgettext("opt-out", "decisions")]
    option = {
        "grid": {"left": 0, "right": 40, "top": 4, "bottom": 0, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": names, "axisLine": {"show": False}},
        "series": [
            {
                "name": pgettext("column", "here"),
                "type": "bar",
                "stack": "s",
                "barWidth": 14,
                "itemStyle": {"color": "token:ramp-3"},
                "data": [40904, 38110, 41207],
            },
            {
                "name": pgettext("column", "not here"),
                "type": "bar",
                "stack": "s",
                "itemStyle": {"color": "token:hatch"},
                "data": [1204, 3998, 901],
                "label": {"show": True, "position": "right", "color": "token:veil", "formatter": "format:number"},
            },
        ],
    }
    columns = [
        Column(pgettext("column", "Purpose")),
        Column(pgettext("column", "here"), numeric=True),
        Column(pgettext("column", "not here"), numeric=True),
    ]
    rows = [[name, a, b] for name, a, b in zip(names, (40904, 38110, 41207), (1204, 3998, 901), strict=True)]
    return Chart(
        "hatch",
        _("People in each opt-out view and people who are not"),
        option,
        Table(columns, rows, close=True),
        (Key(pgettext("column", "here"), "k3"), Key(pgettext("column", "not here"), "veil")),
        "",
        "s",
        "?csv=hatch",
    )


def _bars(name: str, data: Any, colour: str, radius: Any) -> dict[str, Any]:
    style = {"color": f"token:{colour}", "borderRadius": radius}
    *before, now = data
    faded = {"value": now, "itemStyle": {**style, "opacity": 0.55}}
    return {"name": name, "type": "bar", "stack": "s", "barWidth": "54%", "itemStyle": style, "data": [*before, faded]}


def _flow_style(a: int, b: int) -> dict[str, Any]:
    if a == b:
        return {"color": "token:line-2", "opacity": 0.35}
    return {"color": "token:sand-2" if b > a else "token:accent", "opacity": 0.42}
