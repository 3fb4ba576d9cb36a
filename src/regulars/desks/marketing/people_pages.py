"""The people behind a figure, as far as the reader's view shows them: page by page, and as a file."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.desks.marketing.csv_files import csv_answer
from regulars.desks.marketing.people_asked import PeopleAsked, people_asked
from regulars.desks.marketing.ways import EXPORTERS, LIST_READERS, way_to, with_changes
from regulars.desks.marketing.words import GROUP_KEYS, GROUPS, STATES
from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import digits_of, money_whole, number
from regulars.desks.shared.own_said import own_cells, own_headings
from regulars.desks.shared.parts import Pager
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.hand_out_people import people_file
from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import company, now, today
from regulars.records.own_attributes.of_people import own_columns
from regulars.records.scores.access import ScoredLine, people_where
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

PAGE: Final = 50
#: So many rows a file may hold; a longer list is a segment, and leaves the house as a campaign or not at all.
EXPORTED_AT_MOST: Final = 50_000


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list."""

    name: str
    number: str
    url: str
    city: str
    invented: bool
    recency: str
    times: str
    money: str
    group: str
    key: str
    state: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class OwnOffered:
    """Own attributes a file may have as columns, by key and label; `asked` is the list they are for."""

    offered: list[tuple[str, str]]
    asked: list[tuple[str, str]]


@require_GET
@never_cache
@seated(*sorted(LIST_READERS, reverse=True))
def people(request: HttpRequest) -> HttpResponse:
    """One page of the list; as a file when a marketer asks for one."""
    by, asked = asker(request), people_asked(request.GET, by=asker(request))
    if request.GET.get("csv"):
        return _file(asked, by, request.GET.getlist("own"))
    start = _start(request)
    visible, lines = _read(asked, by, PAGE, start)
    around = {
        "asked": asked,
        "visible": visible,
        "unseen": max(0, asked.everybody - visible),
        "pager": _pager(asked, start, len(lines), visible),
        "people": [_person(one, by) for one in lines],
        "csv_url": _csv_url(asked, by) if visible else "",
        "own": _own_offered(asked, by) if visible else None,
        "absent_label": ""
        if asked.everybody <= visible
        else _("%(people)s not shown") % {"people": number(asked.everybody - visible)},
    }
    return render(request, "marketing/people.html", around)


def _read(asked: PeopleAsked, by: Asker, limit: int, start: int) -> tuple[int, list[ScoredLine]]:
    return people_where(
        by=by, because=asked.because, ids=asked.ids, state=asked.state, group=asked.group, limit=limit, offset=start
    )


def _person(one: ScoredLine, by: Asker) -> Person:
    currency, on = company().currency, today()
    return Person(
        one.name or one.number, one.number, way_to("service:customer", one.number), one.city or "", one.invented,
        number(one.recency_days), number(one.frequency), money_whole(one.monetary_minor, currency),
        say(GROUPS, one.rfm_group), GROUP_KEYS.get(one.rfm_group, ""), say(STATES, one.state), day(one.due_on, at=on),
        one.state in ("grace", "lapsed"),
    )  # fmt: skip


def _file(asked: PeopleAsked, by: Asker, own: list[str]) -> HttpResponse:
    """What the list shows, in one file, on record and marked; no phone, mail or street, for this view has none."""
    if by.role not in EXPORTERS:
        note_denial(by, door="people_file", because=asked.because)
        raise Denied("files_are_for_marketers")
    scale = 10 ** digits_of(company().currency)
    left = people_file(
        by=by,
        because=f"file of {asked.because}",
        content=asked.title,
        at=now(),
        own=own,
        ids=asked.ids,
        state=asked.state,
        group=asked.group,
        limit=EXPORTED_AT_MOST,
    )
    headers = [
        _("Customer number"), _("Name"), _("City"), _("Days since the last purchase"), _("Purchases"),
        pgettext("column", "Money so far"), pgettext("column", "Group"), pgettext("column", "State"), _("Due on"),
        *own_headings(left.own),
    ]  # fmt: skip
    rows = (
        [
            one.number,
            one.name,
            one.city,
            one.recency_days,
            one.frequency,
            one.monetary_minor / scale,
            say(GROUPS, one.rfm_group),
            say(STATES, one.state),
            one.due_on.isoformat(),
            *own_cells(one.own, left.own),
        ]
        for one in left.lines
    )
    return csv_answer(f"people-export-{left.export}-until-{left.expires_on.isoformat()}", headers, rows)


def _own_offered(asked: PeopleAsked, by: Asker) -> OwnOffered | None:
    columns = own_columns(by.view) if by.role in EXPORTERS else []
    labels = own_headings([one.what for one in columns])
    offered = [(one.what.key, label) for one, label in zip(columns, labels, strict=True)]
    return OwnOffered(offered, parse_qsl(with_changes(asked.query).lstrip("?"))) if offered else None


def _csv_url(asked: PeopleAsked, by: Asker) -> str:
    return with_changes(asked.query, csv="1") if by.role in EXPORTERS else ""


def _start(request: HttpRequest) -> int:
    asked = request.GET.get("from", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 0


def _pager(asked: PeopleAsked, start: int, shown: int, total: int) -> Pager | None:
    if total <= PAGE and not start:
        return None
    before = with_changes(asked.query, **{"from": max(start - PAGE, 0)}) if start else ""
    after = with_changes(asked.query, **{"from": start + PAGE}) if start + shown < total else ""
    return Pager(min(start + 1, total), start + shown, total, before, after)
