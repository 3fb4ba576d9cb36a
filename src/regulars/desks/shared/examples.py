"""Invented data for the living style sheet: every part once, the words of the look in both languages.

Nobody here exists. The figures are those of the drawn pages, so that the two can be laid beside each other.
"""

from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.desks.shared import dates
from regulars.desks.shared.figures import money_short, number, signed
from regulars.desks.shared.parts import (
    Answer,
    Arm,
    Cell,
    Chart,
    Choice,
    Column,
    Cut,
    Entry,
    Funnel,
    HeatCell,
    HeatMap,
    Key,
    Opening,
    Pager,
    Piece,
    Step,
    Table,
)

AT: Final = datetime(2026, 3, 12, 7, 40, tzinfo=UTC)
GAINED: Final = (702, 688, 731, 640, 655, 812, 846, 1104, 968, 905, 531, 312)
WON_BACK: Final = (151, 160, 172, 149, 141, 190, 212, 268, 231, 204, 118, 96)
LAPSED: Final = (640, 655, 622, 701, 733, 690, 668, 702, 745, 812, 798, 587)
FIELDS: Final = (
    (2148, 1986, 1902, 1711, 1467),
    (2611, 2204, 1893, 1420, 1012),
    (2904, 2010, 1322, 846, 471),
    (3688, 1944, 1031, 507, 224),
    (5106, 2101, 988, 436, 176),
)
RATE: Final = (0.003, 0.012, 0.022, 0.032, 0.040, 0.045, 0.048)
LOW: Final = (0.001, 0.006, 0.013, 0.021, 0.027, 0.031, 0.034)
HIGH: Final = (0.012, 0.024, 0.037, 0.049, 0.059, 0.065, 0.069)
HELD: Final = (0.0, 0.002, 0.005, 0.007, 0.010, 0.012, 0.015)


def every_part() -> dict[str, Any]:
    """The context of `parts_page.html`."""
    return {
        "at": AT,
        "absent_label": _("%(people)s not shown") % {"people": "1,204"},
        "three_lists": [Piece(0.598, ""), Piece(0.330, "b2"), Piece(0.072, "b3")],
        "lists_table": lists_table(),
        "groups_table": groups_table(),
        "bucket_chart": bucket_chart(),
        "test_chart": test_chart(),
        "flow_chart": flow_chart(),
        "hatch_chart": hatch_chart(),
        "heat": heat(),
        "passed": passed(),
        "stopped": stopped(),
        "capped": "ppppppwnn",
        "opening": opening(),
        "campaign_steps": campaign_steps(),
        "funnel": funnel(),
        "choices": choices(),
        "timeline": timeline(),
        "pager": Pager(51, 100, 42_108, "?page=1", "?page=3"),
        "classes": ["identifying", "personal", "sensitive", "pseudonym", "none", "unclassed"],
        "steps_of_ramp": ["", "k5", "k4", "k3", "k2", "sand", "sand2", "veil", "line", "heed", "ground"],
        "amounts": [0, 240, 199_900, 368_000, 148_600_000, 1_914_000_000, -26_490_000],
        "moments": [
            datetime(2026, 3, 12, 7, 28, tzinfo=UTC),
            datetime(2026, 3, 12, 3, 0, tzinfo=UTC),
            datetime(2026, 3, 11, 16, 30, tzinfo=UTC),
            datetime(2025, 11, 2, 9, 0, tzinfo=UTC),
        ],
    }


def months() -> list[str]:
    """The twelve months up to the one now running, as the axis writes them."""
    days = [datetime(2025 + (m > 12), (m - 1) % 12 + 1, 1, tzinfo=UTC) for m in range(4, 16)]
    return [dates.month(day, at=day)[:3] for day in days]


def lists_table() -> Table:
    """The three lists of a month."""
    columns = [
        Column(pgettext("column", "List")),
        Column(pgettext("column", "People"), numeric=True),
        Column(pgettext("column", "Share"), numeric=True),
    ]
    rows = [
        [
            Cell(pgettext("three lists", "Due"), small=_("by each one’s own rhythm")),
            _link(8140),
            Cell("100%", tone="mid"),
        ],
        [
            Cell(pgettext("three lists", "Bought"), small=_("%(money)s each on average") % {"money": "¥476"}),
            _link(4871),
            Cell("59.8%", tone="mid"),
        ],
        [
            Cell(
                pgettext("three lists", "Not yet, within grace"),
                small=ngettext("first grace ends in %(n)d day", "first grace ends in %(n)d days", 3) % {"n": 3},
            ),
            _link(2682),
            Cell("33.0%", tone="mid"),
        ],
        [
            Cell(
                pgettext("three lists", "Lapse list"),
                small=_("One task each: %(owned)s have an owner, %(free)s do not") % {"owned": 412, "free": 175},
            ),
            _link(587),
            Cell("7.2%", tone="mid"),
        ],
    ]
    return Table(columns, rows, caption=_("The three lists"), keys=True)


def groups_table() -> Table:
    """The seven groups of RFM with their change."""
    columns = [
        Column(pgettext("column", "Group")),
        *(
            Column(label, numeric=True)
            for label in (
                pgettext("column", "Now"),
                _("Last quarter"),
                pgettext("column", "Change"),
                _("Margin of a year"),
            )
        ),
        Column(_("Next step"), gap=True),
    ]
    groups = [
        (pgettext("customer group", "Champions"), 5610, 5350, 1_914, _("Ask them to bring friends")),
        (pgettext("customer group", "Loyal"), 6434, 6340, 1_203, _("New things first")),
        (pgettext("customer group", "New"), 4134, 4500, 218, _("A reason for the second purchase")),
        (pgettext("customer group", "At risk"), 5306, 4715, 682, _("One task each")),
    ]
    rows = [
        [
            Cell(name, strong=True),
            _link(now),
            Cell(number(before), tone="mid"),
            Cell(signed(now - before), tone="jade" if now > before else "heed"),
            money_short(margin * 1_000_000, "CNY"),
            Cell(step, tone="mid"),
        ]
        for name, now, before, margin, step in groups
    ]
    return Table(columns, rows, caption=_("Groups"))


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


def heat() -> HeatMap:
    """Recency by frequency, shaded by people."""
    recency = [_("0–30 days"), _("31–90 days"), _("91–180 days"), _("181–365 days"), _("over a year")]
    frequency = [_("once"), _("twice"), _("3–4 times"), _("5–9 times"), _("10 and more")]
    rows = [
        (
            label,
            [
                HeatCell(
                    number(n), n / 5106, f"?r={r}&f={f}", f"{label}, {frequency[f]}: {number(n)}", (r, f) == (3, 3)
                )
                for f, n in enumerate(line)
            ],
        )
        for r, (label, line) in enumerate(zip(recency, FIELDS, strict=True))
    ]
    return HeatMap(_("Customers by recency and frequency"), _("Recency"), frequency, rows)


def passed() -> list[Answer]:
    """All nine rules let a message pass."""
    said = {
        "reason": _("due in March; bought a trench this time last year"),
        "direct_marketing": _("agreed to direct marketing, 18 May 2024, statement 3"),
        "frequency_cap": _("first of at most three this month"),
    }
    rules = (
        "reason",
        "direct_marketing",
        "channel",
        "suppression",
        "minor",
        "complaint",
        "frequency_cap",
        "priority",
        "quiet_hours",
    )
    return [Answer(rule, "pass", said.get(rule, "")) for rule in rules]


def stopped() -> list[Answer]:
    """Privacy stops a call at the third rule."""
    answers = ["pass", "pass", "stop", *["not_asked"] * 6]
    said = [_("courtesy call after a sample"), _("agreed to direct marketing"), _("takes no calls"), *[""] * 6]
    return [Answer(one.rule, answer, text) for one, answer, text in zip(passed(), answers, said, strict=True)]


def opening() -> Opening:
    """Who could open a masked phone number."""
    who = _(
        "Who could open it: 2 shop managers, 1 service agent, the privacy officer. "
        "You may, with a reason, for 10 minutes."
    )
    return Opening(who, "/parts/", [("K-118", _("She asked for a call: complaint K-118"))], "identifying", _("Mobile"))


def campaign_steps() -> list[Step]:
    """A campaign on its way from draft to end."""
    return [
        Step(_("Draft"), _("2 March"), "done"),
        Step(_("Approved"), _("owner, privacy officer"), "done"),
        Step(_("Test of 600 letters"), _("posted 6 March"), "done"),
        Step(_("Passed"), _("11 March 14:52"), "done"),
        Step(_("Rolling out within 48 hours"), _("letters are set, the printer collects"), "now"),
        Step(_("Rolled out, 3,104 letters")),
        Step(_("End"), _("11 May")),
    ]


def funnel() -> Funnel:
    """From a segment to those who may be contacted."""
    cuts = [
        Cut(_("want no direct marketing"), 1038, 5374, True, "ban"),
        Cut(_("want no letters"), 402, 4972, True, "mail-off"),
        Cut(_("on a suppression list"), 17, 4955, True, "user-shield"),
        Cut(_("under age"), 11, 4944, True, "baby-carriage"),
        Cut(_("complaint open"), 26, 4918, False, "alert-triangle", url="?why=complaint"),
        Cut(_("three this month already"), 588, 4330, False, "hourglass", _("at most 3"), "?why=cap"),
        Cut(_("left to a more important campaign"), 214, 4116, False, "flag", url="?why=priority"),
    ]
    arms = [
        Arm(pgettext("arm", "test"), 600, "test"),
        Arm(pgettext("arm", "roll-out"), 3104, "roll"),
        Arm(_("hold-out, not written to"), 412, "hold"),
    ]
    return Funnel(_("Segment “Spring regulars”"), 6412, cuts, _("May be contacted"), 4116, "?segment", "?allowed", arms)


def choices() -> list[Choice]:
    """What one customer said."""
    return [
        Choice(_("Phone"), "denied"),
        Choice(_("SMS"), "granted", _("10 am–8 pm")),
        Choice(_("E-mail, letter"), "granted"),
        Choice(_("Third-party disclosure"), "denied"),
        Choice(_("Automated decisions"), "denied"),
        Choice(_("Sensitive data"), "unset"),
    ]


def timeline() -> list[Entry]:
    """A few days of one customer: a visit, a complaint, a message, and two that were not sent."""
    return [
        Entry(
            _("today"),
            "door",
            _("Visited Hubin, tried two long coats"),
            _("Served by Zhou Min · wish noted: dark, below the knee, no fake fur"),
            "10:20",
        ),
        Entry(
            _("11 Mar"),
            "arrow-back-up",
            _("Complaint K-118: torn coat sleeve"),
            _("Cashmere coat ¥3,680 · in repair at Hubin. No marketing until it is closed"),
            "16:30",
            "bad",
            _("answer by 12:00 today"),
            "heed",
        ),
        Entry(
            _("9 Mar"),
            "message",
            _("SMS: spring preview"),
            "",
            "11:04",
            "out",
            _("sent, opened"),
            "ok",
            answers=passed(),
            headline=_("Why this contact"),
            open=True,
        ),
        Entry(
            _("6 Mar"),
            "phone-off",
            _("Call-back was not made"),
            tone="held",
            answers=stopped(),
            headline=_("Why not: she takes no calls"),
            source=_("her own choice, portal, 2 Nov 2025"),
        ),
        Entry(
            _("28 Feb"),
            "mail-off",
            _("E-mail: cashmere care note, not sent"),
            answers=[
                Answer(one.rule, answer)
                for one, answer in zip(passed(), [*["pass"] * 6, "wait", "not_asked", "not_asked"], strict=True)
            ],
            headline=_("Why not: already three this month"),
        ),
        Entry(
            _("11 Feb"),
            "shopping-bag",
            _("Bought a cashmere coat, ¥3,680"),
            _("Hubin · birthday voucher ¥200"),
            url="?order",
        ),
    ]


def _link(people: int) -> Cell:
    return Cell(number(people), url=f"?people={people}", strong=True)


def _bars(name: str, data: Any, colour: str, radius: Any) -> dict[str, Any]:
    style = {"color": f"token:{colour}", "borderRadius": radius}
    *before, now = data
    faded = {"value": now, "itemStyle": {**style, "opacity": 0.55}}
    return {"name": name, "type": "bar", "stack": "s", "barWidth": "54%", "itemStyle": style, "data": [*before, faded]}


def _flow_style(a: int, b: int) -> dict[str, Any]:
    if a == b:
        return {"color": "token:line-2", "opacity": 0.35}
    return {"color": "token:sand-2" if b > a else "token:accent", "opacity": 0.42}
