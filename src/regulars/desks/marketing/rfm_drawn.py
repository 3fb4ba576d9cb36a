"""The RFM page in words and figures: the map, the chosen cell, where groups came from, how they fared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from regulars.charts import Picture, group_flow, group_health
from regulars.desks.marketing.bucket_drawn import short_month
from regulars.desks.marketing.rfm_asked import CUT_NAMES, RfmAsked
from regulars.desks.marketing.ways import link, people_url, way_to, with_changes
from regulars.desks.marketing.words import COMING_AND_GOING, GROUP_KEYS, GROUPS, NEXT_STEPS
from regulars.desks.shared.figures import money_short, money_whole, number, percent, signed
from regulars.desks.shared.parts import HeatCell, HeatMap
from regulars.desks.shared.words import say
from regulars.journeys.look_at_rfm import RfmPicture
from regulars.records.scores.access import GroupMonth
from regulars.rules.permission.asking import Asker
from regulars.rules.value.bands import BANDS, Cuts, spans
from regulars.rules.value.groups import ARRIVED, GONE

SLIDING: Final = frozenset({"at_risk"})


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One of the seven groups in the table."""

    key: str
    name: str
    share: float
    now: str
    url: str
    before: str
    change: str
    tone: str
    money: str
    step: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen cell: what it is, how many are in it, how many of them are shown, and what can be done with them."""

    title: str
    people: str
    people_url: str
    each: str
    absent: str
    segment_url: str


def sentence(picture: RfmPicture, by: Asker) -> SafeString:
    """How many there are and who slid or came back, in one line."""
    slid = sum(
        row["customers"]
        for row in picture.flow
        if row["to_group"] == "at_risk" and row["from_group"] not in ("at_risk", ARRIVED)
    )
    back = sum(
        row["customers"]
        for row in picture.flow
        if row["from_group"] == "at_risk" and row["to_group"] not in ("at_risk", "asleep", GONE)
    )
    words = _(
        "{people} who bought, in 25 fields by their last purchase and how often. "
        "In this time {slid} slid into “{risk}”, "
        "{back} came back from there."
    )
    people = format_html(ngettext("{n} customer", "{n} customers", picture.customers), n=number(picture.customers))
    risk = link(people_url(by, group="at_risk"), say(GROUPS, "at_risk"))
    return format_html(words, people=people, slid=number(slid), back=number(back), risk=risk)


def recency_labels(points: tuple[int, ...]) -> list[str]:
    """The rows from band 5 (just now) to band 1."""
    return [_days(span) for span in spans(points, least=0)]


def frequency_labels(points: tuple[int, ...]) -> list[str]:
    """The columns from band 1 (seldom) to band 5."""
    return [_times(span) for span in spans(points, least=1)]


def _days(span: tuple[int | None, int | None] | None) -> str:
    if span is None:
        return "–"
    first, last = span
    if last is None:
        return _("over %(n)s days") % {"n": number((first or 0) - 1)}
    if first == last:
        return ngettext("%(n)s day", "%(n)s days", last) % {"n": number(last)}
    return _("%(first)s–%(last)s days") % {"first": number(first), "last": number(last)}


def _times(span: tuple[int | None, int | None] | None) -> str:
    if span is None:
        return "–"
    first, last = span
    if last is None:
        return _("%(n)s times and more") % {"n": number(first)}
    if first == last:
        return {1: _("once"), 2: _("twice")}.get(last, _("%(n)s times") % {"n": number(last)})
    return _("%(first)s–%(last)s times") % {"first": number(first), "last": number(last)}


def heat_map(picture: RfmPicture, asked: RfmAsked, currency: str) -> HeatMap:
    """Twenty-five fields, shaded by what is measured; each chooses itself."""
    values = {(row["recency_band"], row["frequency_band"]): row for row in picture.cells}
    sizes = {cell: row["monetary"] if asked.measure == "money" else row["customers"] for cell, row in values.items()}
    most = max(sizes.values(), default=0) or 1
    rows, columns = recency_labels(picture.cuts.recency), frequency_labels(picture.cuts.frequency)
    fields = [
        (
            rows[BANDS - r],
            [
                _field(r, f, sizes.get((r, f), 0), most, rows, columns, picture, asked, currency)
                for f in range(1, BANDS + 1)
            ],
        )
        for r in range(BANDS, 0, -1)
    ]
    caption = (
        _("Money by recency and frequency") if asked.measure == "money" else _("Customers by recency and frequency")
    )
    return HeatMap(caption, _("Recency"), columns, fields)


def _field(
    r: int,
    f: int,
    size: int,
    most: int,
    rows: Sequence[str],
    columns: Sequence[str],
    picture: RfmPicture,
    asked: RfmAsked,
    currency: str,
) -> HeatCell:
    text = measured(size, asked.measure, picture.customers, currency)
    label = f"{rows[BANDS - r]}, {columns[f - 1]}: {text}"
    url = with_changes(asked.query(cell=(r, f))) + "#map" if size else ""
    # The largest cell usually holds far more than the others: let the ramp end before it, so that the rest differ.
    return HeatCell(text, min(1.0, size / (most * 0.7)), url, label, asked.cell == (r, f))


def measured(size: int, measure: str, everybody: int, currency: str) -> str:
    """A cell's figure as it is asked for."""
    if measure == "money":
        return money_short(size, currency)
    return percent(size / everybody if everybody else 0) if measure == "share" else number(size)


def chosen(picture: RfmPicture, asked: RfmAsked, visible: int, currency: str, by: Asker) -> Chosen | None:
    """The chosen cell in words; None when none is, or nobody is in it."""
    if asked.cell is None:
        return None
    r, f = asked.cell
    row = next((one for one in picture.cells if (one["recency_band"], one["frequency_band"]) == (r, f)), None)
    if row is None:
        return None
    rows, columns = recency_labels(picture.cuts.recency), frequency_labels(picture.cuts.frequency)
    absent = row["customers"] - visible
    return Chosen(
        title=f"{columns[f - 1]} × {rows[BANDS - r]}",
        people=ngettext("%(n)s person", "%(n)s people", row["customers"]) % {"n": number(row["customers"])},
        people_url=people_url(by, **asked.query(measure="people", back="quarter")) if visible else "",
        each=_("%(money)s each") % {"money": money_whole(row["monetary"] // row["customers"], currency)},
        absent=npgettext("cell", "%(n)s of them not shown to you", "%(n)s of them not shown to you", absent)
        % {"n": number(absent)}
        if absent
        else "",
        segment_url=_segment_url(picture.cuts, asked) if by.role == "marketer" and asked.is_everything else "",
    )


def cell_rule(cuts: Cuts, r: int, f: int) -> dict[str, Any]:
    """The cell as a rule of a segment."""
    days, times = spans(cuts.recency, least=0)[BANDS - r], spans(cuts.frequency, least=1)[f - 1]
    return {"all": [_within("recency_days", days), _within("frequency", times)]}


def _within(field: str, span: tuple[int | None, int | None] | None) -> dict[str, Any]:
    first, last = span or (0, 0)
    if last is None:
        return {"field": field, "operator": "at_least", "value": first}
    return {"field": field, "operator": "between", "value": [first, last]}


def _segment_url(cuts: Cuts, asked: RfmAsked) -> str:
    r, f = asked.cell or (1, 1)
    return way_to("marketing:new_segment", rule=json.dumps(cell_rule(cuts, r, f)))


def flow_picture(picture: RfmPicture) -> Picture:
    """Who went from which group to which."""
    words = {
        **{code: str(word) for code, word in GROUPS.items()},
        **{code: str(word) for code, word in COMING_AND_GOING.items()},
    }
    words |= {
        "from_group": pgettext("column", "From"), "to_group": pgettext("column", "To"),
        "customers": pgettext("column", "People"),
    }  # fmt: skip
    return group_flow(picture.flow, words=words)


def health_picture(months: Sequence[GroupMonth], as_of: date) -> Picture:
    """The groups at each month's end, the last twelve."""
    shown = sorted({one.month for one in months})[-12:]
    rows = [
        {"month": one.month, "rfm_group": one.rfm_group, "customers": one.customers}
        for one in months
        if one.month in shown
    ]
    words = {
        **{code: str(word) for code, word in GROUPS.items()},
        **{one.isoformat(): short_month(one, as_of) for one in shown},
    }
    return group_health(rows, words=words | {"month": pgettext("column", "Month")})


def group_lines(picture: RfmPicture, asked: RfmAsked, currency: str, by: Asker) -> list[GroupLine]:
    """The seven groups: now, before, what changed, their money, what to do."""
    now, before = _by_group(picture.groups), _by_group(picture.groups_before)
    widest = max((row["customers"] for row in now.values()), default=0) or 1
    return [_group_line(group, now.get(group), before.get(group), widest, asked, currency, by) for group in GROUPS]


def _by_group(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {row["group_name"]: row for row in rows}


NOBODY: Final[Mapping[str, Any]] = {"customers": 0, "monetary": 0}
UNWELCOME: Final = frozenset({"attention", "at_risk", "asleep"})


def _group_line(
    group: str, now: Mapping[str, Any] | None, before: Mapping[str, Any] | None, widest: int, asked: RfmAsked,
    currency: str, by: Asker,
) -> GroupLine:  # fmt: skip
    here, then = now or NOBODY, before or NOBODY
    change = here["customers"] - then["customers"]
    good = (change > 0) != (group in UNWELCOME)
    return GroupLine(
        key=GROUP_KEYS[group],
        name=say(GROUPS, group),
        share=here["customers"] / widest,
        now=number(here["customers"]),
        # Without own bounds and for the whole shop, the group on the page is the group of last night's scores.
        url=people_url(by, group=group)
        if here["customers"] and asked.is_everything and asked.bounds == "fifths"
        else "",
        before=number(then["customers"]),
        change=signed(change),
        tone="mid" if not change else "jade" if good else "heed",
        money=money_short(here["monetary"], currency),
        step=say(NEXT_STEPS, group),
    )


def cut_fields(cuts: Cuts) -> list[tuple[str, str, str, list[tuple[str, int]]]]:
    """What the form of own bounds offers: name, label, hint and four (field name, value) for each measure."""
    words = {
        "recency": (_("Last purchase, in days"), _("Up to this many days in each row; the last row is longer ago.")),
        "frequency": (_("Number of purchases"), _("Up to this many in each column; the last column came more often.")),
    }
    return [
        (name, *words[name], [(f"{short}{n}", point) for n, point in enumerate(getattr(cuts, name))])
        for name, short in CUT_NAMES.items()
    ]
