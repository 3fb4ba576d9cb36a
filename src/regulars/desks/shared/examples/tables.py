"""Invented tables of the living style sheet: the three lists, the groups, recency by frequency."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.desks.shared.figures import money_short, number, signed
from regulars.desks.shared.parts import Cell, Column, HeatCell, HeatMap, Table

FIELDS: Final = (
    (2148, 1986, 1902, 1711, 1467),
    (2611, 2204, 1893, 1420, 1012),
    (2904, 2010, 1322, 846, 471),
    (3688, 1944, 1031, 507, 224),
    (5106, 2101, 988, 436, 176),
)


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


def _link(people: int) -> Cell:
    return Cell(number(people), url=f"?people={people}", strong=True)
