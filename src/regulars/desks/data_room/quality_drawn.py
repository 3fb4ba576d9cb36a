"""The quality of data as its page shows it: by field and source, over time, with what it costs and whom to ask."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.charts import shares_over_time
from regulars.charts.over_time import LINES
from regulars.desks.shared.customer_words import gap
from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import money, number, percent
from regulars.desks.shared.parts import Cell, Chart, Column, Key, Table
from regulars.desks.shared.pictures import framed
from regulars.desks.shared.quality_words import COSTS, FIELDS, MEASURES, asks_said
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.journeys.keep_quality import Quality
from regulars.records.company.access import company
from regulars.records.quality.access import CaseFacts, Cost
from regulars.rules.quality.fields import BY_KEY, WAYS
from regulars.rules.quality.shares import Counted, doubled_share, shares_of, together

#: The fields drawn over time: the ways to reach somebody, and the two that find her again; of what only sources of a
#: record's fields can do, some of those.
DRAWN = (*WAYS, "name", "birth_on")
OF_SOURCES = ("disputed", "confirmed")
DRAWN_OF_SOURCES = ("name", "birth_on", "language", "city", "country")
KEYS = ("", "k5", "sand", "ink", "k3")
LOW = 0.5


def quality_page(found: Quality, *, source_id: int | None, measure: str) -> dict[str, Any]:
    """What the page is told; `source_id` narrows figures and picture to the people one source brought."""
    chosen = [one for one in found.figures if source_id is None or one.source_id == source_id]
    tonight = [one for one in chosen if one.on == found.on]
    return {
        "on": found.on, "sentence": _sentence(found, tonight),
        "fields": fields_table(together(tonight)) if tonight else None,
        "picture": over_time(chosen, measure) if len({one.on for one in chosen}) > 1 else None,
        "sources": sources_table(found) if found.figures else None,
        "conflicts": conflicts_table(found, source_id) if any(one.on == found.on for one in found.conflicts) else None,
        "costs": costs_table(found.costs) if found.costs else None,
        "cases": cases_table(found.cases) if found.cases else None,
        "asked": ngettext("%(n)s asked in the last 30 days", "%(n)s asked in the last 30 days", found.asked)
        % {"n": number(found.asked)},
        "waiting": sum(not one.handed for one in found.cases),
    }  # fmt: skip


def fields_table(counts: Iterable[Counted]) -> Table:
    """Each field with its shares tonight."""
    columns = [
        Column(_("Field")), Column(_("People"), numeric=True), Column(say(MEASURES, "complete"), numeric=True),
        *(Column(say(MEASURES, one), numeric=True) for one in ("valid", "fresh", "disputed", "confirmed")),
    ]  # fmt: skip
    rows = []
    for one in (one for one in counts if one.field in BY_KEY):
        told = shares_of(one)
        cells = [_share(part) for part in (told.complete, told.valid, told.fresh)]
        of_sources = (told.disputed, told.confirmed) if one.field not in WAYS else (None, None)
        cells += [Cell(percent(of_sources[0]), tone="heed" if of_sources[0] else ""), Cell(percent(of_sources[1]))]
        rows.append([Cell(say(FIELDS, one.field), strong=True), one.people, *cells])
    return Table(columns, rows, caption=_("By field"), close=True)


def over_time(counts: Sequence[Counted], measure: str) -> Chart:
    """One measure of some fields, night by night."""
    by_day: dict[date, dict[str, Any]] = {}
    drawn = DRAWN_OF_SOURCES if measure in OF_SOURCES else DRAWN
    for one in together(counts):
        if one.field in drawn:
            by_day.setdefault(one.on, {"day": one.on})[one.field] = getattr(shares_of(one), measure)
    words = {str(field): say(FIELDS, field) for field in drawn} | {
        on.isoformat(): day(on, at=max(by_day)) for on in by_day
    }
    picture = shares_over_time(list(by_day.values()), drawn, words=words | {"day": _("Day")})
    assert len(drawn) <= len(LINES)  # noqa: S101  each line is told apart by its dash
    keys = [Key(say(FIELDS, field), kind) for field, kind in zip(drawn, KEYS, strict=True)]
    return framed(f"quality-{measure}", picture, say(MEASURES, measure), keys=keys, size="l")


def sources_table(found: Quality) -> Table:
    """Each source with how well its people can be reached, and how many records seem to be double."""
    names = {one.id: one.name for one in found.sources}
    by_source: dict[int | None, list[Counted]] = {}
    for one in (one for one in found.figures if one.on == found.on):
        by_source.setdefault(one.source_id, []).append(one)
    columns = [
        Column(_("Source")), Column(_("People"), numeric=True),
        *(Column(say(FIELDS, way), numeric=True) for way in WAYS), Column(_("Double"), numeric=True),
    ]  # fmt: skip
    rows = []
    for source, counts in by_source.items():
        ways = {one.field: shares_of(one).complete for one in counts if one.field in WAYS}
        url = f"?source={source}" if source else ""
        double = doubled_share(counts)
        rows.append(
            [
                Cell(source_name(names, source), url=url), max(one.people for one in counts),
                *(_share(ways.get(way)) for way in WAYS), Cell(percent(double), tone="heed" if double else "mid"),
            ]
        )  # fmt: skip
    return Table(columns, rows, caption=_("By source"), close=True)


def conflicts_table(found: Quality, source_id: int | None) -> Table:
    """Whose word stands beside another's, of how many people, and how often another's is believed."""
    names = {one.id: one.name for one in found.sources}
    columns = [
        Column(_("Source")), Column(_("Field")), Column(_("Stands beside another word"), numeric=True),
        Column(_("Another is believed"), numeric=True), Column(_("Share"), numeric=True),
    ]  # fmt: skip
    rows = [
        [
            Cell(source_name(names, one.source_id)), say(FIELDS, one.field), one.said, one.against,
            percent(one.against / one.said),
        ]
        for one in found.conflicts if one.on == found.on and source_id in (None, one.source_id)
    ]  # fmt: skip
    return Table(columns, rows, caption=_("Where sources disagree"), close=True)


def source_name(names: Mapping[int, str], source_id: int | None) -> str:
    """What a source is called; nobody's word has no name any more."""
    return names.get(source_id or 0, _("no source noted"))


def costs_table(costs: Iterable[Cost]) -> Table:
    """What bad data came to in a year."""
    columns = [Column(_("What happened")), Column(_("Cases"), numeric=True), Column(_("Cost"), numeric=True)]
    rows = [
        [say(COSTS, one.kind), one.cases, Cell(money(one.cost_minor, one.currency) if one.currency else "–")]
        for one in costs
    ]
    return Table(columns, rows, caption=_("What it costs"), close=True)


def cases_table(cases: Iterable[CaseFacts]) -> Table:
    """Whom to ask again, for what, and who has it to do."""
    columns = [
        Column(_("Customer")), Column(_("What to ask, and why"), wide=True), Column(_("Bought so far"), numeric=True),
        Column(_("Who asks"), gap=True),
    ]  # fmt: skip
    rows = [
        [
            Cell(one.name or one.number, url=reverse("service:customer", args=[one.number])), asks_said(one.asks),
            Cell(money(one.worth_minor, company().currency)), Cell(_owner(one), tone="mid"),
        ]
        for one in cases
    ]  # fmt: skip
    return Table(columns, rows, caption=_("Whom to ask again"), close=True, keys=True)


def _owner(one: CaseFacts) -> str:
    return called(one.owner or "") or (_("offered to all") if one.handed else "–")


def _share(part: float | None) -> Cell:
    return Cell(percent(part), tone="heed" if part is not None and part < LOW else "")


def _sentence(found: Quality, tonight: Sequence[Counted]) -> str:
    """When it was counted, and how many records seem to be double."""
    if found.on is None:
        return ""
    double = doubled_share(tonight)
    counted = _("Counted %(day)s.") % {"day": day(found.on)}
    return counted + gap() + _("%(share)s seem to be double.") % {"share": percent(double)} if double else counted
