"""What all pages of the privacy office share: the way between them, and the last check in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.desks.shared.navigation import Count
from regulars.records.access_log.alarms import open_alarms
from regulars.records.access_log.checks import KeptCheck, last_check
from regulars.records.approvals.access import waiting_proposals
from regulars.records.free_texts.texts import texts_waiting
from regulars.records.watched.access import open_touches
from regulars.rules.permission.asking import Asker

OFFICER: Final = "officer"
ROOMS: Final = (
    ("overview", _("Overview")),
    ("dictionary", _("Dictionary")),
    ("reach", _("Who sees what")),
    ("needs", _("Need to know")),
    ("log", _("Access log")),
    ("choices", _("Choices")),
    ("disclosures", _("Disclosures")),
    ("erasing", _("Erasing and keys")),
    ("retention", _("Retention")),
    ("texts", _("Free texts")),
    ("statement", _("Statement")),
    ("logins", _("SQL and programs")),
    ("people", pgettext_lazy("staff", "People")),
    ("exports", _("Exports")),
    ("watching", _("Watching over")),
    ("approvals", _("Four eyes")),
    ("readings", pgettext_lazy("amount", "Reading")),
    ("checks", _("Checks")),
    ("evidence", _("Evidence")),
    ("reports", _("Reports")),
)

ROOM_OF: Final = {
    "person": "people",
    "view": "reach", "model": "reports", "not_to_contact": "choices", "partner": "disclosures",
    "figures": "disclosures", "cube": "disclosures", "extract": "disclosures",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """One page of the office in the line of links; `heed` colours the number of disagreements."""

    label: str
    url: str
    current: bool
    count: int = 0


def in_room(request: HttpRequest, room: str, around: Mapping[str, Any], *, part: str = "", by: Asker) -> HttpResponse:
    """The page of that room with the line of links, or only its `part` when htmx asks for that."""
    if part and request.headers.get("HX-Request"):
        return render(request, f"privacy_office/parts/{part}.html", dict(around))
    check = last_check(by=by)
    current = ROOM_OF.get(room, room)
    rooms = [
        Room(str(label), reverse(f"privacy_office:{name}"), name == current, _waiting(name, check))
        for name, label in ROOMS
    ]
    told = {"rooms": rooms, "check": check, "now": timezone.now(), **around}
    return render(request, f"privacy_office/{room}.html", told)


def disagreements(by: Asker) -> Count | None:
    """The small figure in the side bar: what the last check found, and alarms about reading nobody answered."""
    found = _open(last_check(by=by)) + len(open_alarms()) + len(open_touches()) + waiting_proposals()
    return Count(found, heed=True) if found else None


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
