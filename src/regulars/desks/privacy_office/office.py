"""What all pages of the privacy office share: the way between them, and the last check in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.navigation import Count
from regulars.desks.shared.parts import Pager
from regulars.records.access_log.alarms import open_alarms
from regulars.records.access_log.checks import KeptCheck, last_check
from regulars.records.approvals.access import waiting_proposals
from regulars.records.free_texts.texts import texts_waiting
from regulars.records.watched.access import open_touches
from regulars.rules.permission.asking import Asker

OFFICER: Final = "officer"
MOST_PAGES: Final = 2_000
#: What belongs together: the group's name, and its rooms by the order in which one needs them.
ROOMS: Final = (
    (_("Overview"), (("overview", _("Overview")),)),
    (
        _("What is kept"),
        (
            ("dictionary", _("Dictionary")), ("choices", _("Choices")), ("statement", _("Statement")),
            ("retention", _("Retention")), ("texts", _("Free texts")),
        ),
    ),
    (
        _("Who may see it"),
        (
            ("reach", _("Who sees what")), ("needs", _("Need to know")), ("people", pgettext_lazy("staff", "People")),
            ("logins", _("SQL and programs")), ("approvals", _("Four eyes")),
        ),
    ),
    (
        _("Who looked"),
        (
            ("log", _("Access log")), ("readings", pgettext_lazy("amount", "Reading")),
            ("watching", _("Watching over")),
        ),
    ),
    (
        _("What leaves"),
        (("disclosures", _("Disclosures")), ("exports", _("Exports")), ("erasing", _("Erasing and keys"))),
    ),
    (_("Proof"), (("checks", _("Checks")), ("evidence", _("Evidence")), ("reports", _("Reports")))),
)  # fmt: skip

ROOM_OF: Final = {
    "person": "people",
    "view": "reach", "model": "reports", "not_to_contact": "choices", "partner": "disclosures",
    "figures": "disclosures", "cube": "disclosures", "extract": "disclosures",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """One page of the office in the line of links, and what waits there."""

    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together; a group leads to its first."""

    label: str
    rooms: tuple[Room, ...]

    @property
    def url(self) -> str:
        """The first page that somebody waits in, or the first."""
        return next((room.url for room in self.rooms if room.count), self.rooms[0].url)

    @property
    def current(self) -> bool:
        """Whether one of its pages is open."""
        return any(room.current for room in self.rooms)

    @property
    def count(self) -> int:
        """What waits in all of them."""
        return sum(room.count for room in self.rooms)


def in_room(request: HttpRequest, room: str, around: Mapping[str, Any], *, part: str = "", by: Asker) -> HttpResponse:
    """The page of that room with the line of links, or only its `part` when htmx asks for that."""
    if part and request.headers.get("HX-Request"):
        return render(request, f"privacy_office/parts/{part}.html", dict(around))
    check = last_check(by=by)
    current = ROOM_OF.get(room, room)
    groups = [
        Group(str(label), tuple(_room(name, str(says), current, check) for name, says in rooms))
        for label, rooms in ROOMS
    ]
    told = {"groups": groups, "check": check, "now": timezone.now(), **around}
    return render(request, f"privacy_office/{room}.html", told)


def disagreements(by: Asker) -> Count | None:
    """The small figure in the side bar: what the last check found, and alarms about reading nobody answered."""
    found = _open(last_check(by=by)) + len(open_alarms()) + len(open_touches()) + waiting_proposals()
    return Count(found, heed=True) if found else None


def _room(name: str, label: str, current: str, check: KeptCheck | None) -> Room:
    return Room(label, reverse(f"privacy_office:{name}"), name == current, _waiting(name, check))


def _waiting(room: str, check: KeptCheck | None) -> int:
    """What waits for the officer in that room."""
    if room == "readings":
        return len(open_alarms())
    if room == "texts":
        return texts_waiting()
    if room == "watching":
        return len(open_touches())
    if room == "approvals":
        return waiting_proposals()
    return _open(check) if room == "checks" else 0


def _open(check: KeptCheck | None) -> int:
    return len(check.report.findings) if check else 0


def pager(
    room: str, asked: Mapping[str, str], page: int, *, first: int, shown: int, total: int, place: str = ""
) -> Pager:
    """The way back and on in a room's long list, with what else was asked; `place` is where on the page it stands."""

    def url(page: int) -> str:
        kept = {name: value for name, value in asked.items() if value}
        return f"{reverse(f'privacy_office:{room}')}?{urlencode({**kept, 'page': page})}{place}"

    last = first + shown - 1 if shown else 0
    return Pager(first, last, total, url(page - 1) if page > 1 else "", url(page + 1) if last < total else "")


def page_asked(text: str, *, pages: int = MOST_PAGES) -> int:
    """Which page of a long list, from 1 to so many; the first where that is no number."""
    page = int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else 1
    return max(1, min(page, pages))
