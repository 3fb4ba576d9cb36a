"""The comparison of five views as a table: every cell shown, masked, coarse or gone, in the reader's words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.desks.privacy_office.words import SHORT_VIEWS
from regulars.desks.shared import dates, figures
from regulars.desks.shared.words import PURPOSES, say
from regulars.journeys.compare_views import LINES, Cell, Closed, Comparison, Through
from regulars.journeys.who_reaches import Reaching
from regulars.records.access_log.checks import KeptCheck

LABELS: Final = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street address"),
    "birth": gettext_lazy("Birth date"),
    "city": gettext_lazy("City"),
    "income": gettext_lazy("Household income"),
    "allergies": gettext_lazy("Allergies"),
    "spent": gettext_lazy("Spent to date"),
    "last": gettext_lazy("Last purchase"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: `kind` is plain, full, coarse, masked, nothing or gone (the row, drawn once over all lines)."""

    kind: str
    text: str = ""
    small: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A view's name and who looks through it."""

    label: str
    who: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A column of the record with its class and cells; a view without the person has one cell, in the first row."""

    label: str
    data_class: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class FiveViews:
    """The whole picture: the person, the views, the lines."""

    who: str
    number: str
    said: str
    heads: tuple[Head, ...]
    drawn: tuple[Row, ...]
    others: tuple[tuple[str, str], ...]
    next_url: str


def five_views(comparison: Comparison, reaching: list[Reaching], check: KeptCheck | None) -> FiveViews:
    """The comparison in words, for a template that only draws."""
    by_view = {one.view.name: one for one in reaching}
    through = comparison.through
    rows = [_row(place, through) for place in range(len(LINES))] + _unclassed(check, through)
    rows[0] = _with_gone(rows[0], comparison)
    return FiveViews(
        comparison.person.name,
        comparison.person.number,
        "; ".join(_said(one) for one in comparison.closed if one.purpose in PURPOSES and one.view != "anonymous"),
        tuple(_head(by_view[one.view]) for one in through),
        tuple(rows),
        tuple((other.number, other.name) for other in comparison.others),
        _next(comparison),
    )


def _with_gone(row: Row, comparison: Comparison) -> Row:
    """The first row with one cell more for every view that does not have the person: it reaches down over all rows."""
    there, closed = iter(row.cells), {one.view: one for one in comparison.closed}
    cells = [next(there) if one.there else _gone(closed[one.view]) for one in comparison.through]
    return Row(row.label, row.data_class, tuple(cells))


def _next(comparison: Comparison) -> str:
    numbers = [other.number for other in comparison.others]
    place = numbers.index(comparison.person.number) if comparison.person.number in numbers else -1
    following = numbers[(place + 1) % len(numbers)] if numbers else ""
    return f"{reverse('privacy_office:overview')}?who={following}"


def _head(one: Reaching) -> Head:
    people = len(one.people) + len(one.analysts) + len(one.programs)
    who = ngettext("%(n)d person", "%(n)d people", people) % {"n": people} if people else _("nobody now")
    told = {"personal": _("%(who)s, every read logged")}.get(one.view.name, "%(who)s")
    return Head(
        say(SHORT_VIEWS, one.view.name), told % {"who": who}, reverse("privacy_office:view", args=[one.view.name])
    )


def _row(place: int, through: tuple[Through, ...]) -> Row:
    line = LINES[place]
    cells = tuple(_shown(line.code, one, one.cells[place]) for one in through if one.there)
    return Row(str(LABELS[line.code]), str(line.classed.class_), cells)


def _unclassed(check: KeptCheck | None, through: tuple[Through, ...]) -> list[Row]:
    """Columns nobody classed, as the last check found them: they reach nobody."""
    found = [one.place for one in check.report.findings if one.code == "column_unclassed"] if check else []
    there = sum(one.there for one in through)
    return [Row(place, "unclassed", (Shown("masked", _("reaches nobody")),) * there) for place in found[:3]]


def _shown(code: str, one: Through, cell: Cell) -> Shown:
    if cell.shown == "absent":
        return Shown("masked", _("not there"))
    if cell.shown == "gone":
        return Shown("masked", _("masked"))
    if cell.value in (None, ""):
        return Shown("full" if one.view == "personal" else "nothing", figures.NOTHING)
    text = _text(code, cell)
    if cell.shown != "keep":
        return Shown("coarse", text)
    return Shown("full" if one.view == "personal" else "plain", text)


def _text(code: str, cell: Cell) -> str:
    """A value as people write it; a coarse one never more exactly than it is."""
    value: Any = cell.value
    if code == "birth":
        return _year(value, cell.shown)
    if code == "spent":
        money = figures.money_whole(value, cell.currency)
        return _("from %(amount)s") % {"amount": money} if cell.shown == "band" else money
    if isinstance(value, datetime):
        return dates.moment(value) if cell.shown == "keep" else dates.day(value)
    return dates.day(value) if isinstance(value, date) else str(value)


def _year(value: date, shown: str) -> str:
    if shown == "year":
        return str(value.year)
    if shown == "decade":
        return _("%(year)ds") % {"year": value.year}
    return dates.day(value)


def _gone(closed: Closed) -> Shown:
    if closed.view == "anonymous":
        return Shown("gone", _("no key yet: they are drawn every night"))
    return Shown("gone", _said(closed), dates.day(closed.at) if closed.at else "")


def _said(closed: Closed) -> str:
    purpose = say(PURPOSES, closed.purpose)
    if closed.value == "denied":
        return _("%(purpose)s: said no") % {"purpose": purpose}
    return _("%(purpose)s: never said yes") % {"purpose": purpose}
