"""Who can reach what: every view with the people, analysts, programs and jobs behind it, and what it lets through."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import COARSENINGS, JOBS, PURPOSE_WORDS, SHORT_VIEWS, VIEW_MEANINGS
from regulars.desks.shared.customer_words import in_a_list, in_brackets
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import DATA_CLASSES, ROLES, say
from regulars.journeys.who_reaches import Reaching, who_reaches
from regulars.records.dictionary import DICTIONARY
from regulars.rules.permission.errors import NotThere
from regulars.rules.privacy.dictionary import Column, Table
from regulars.rules.privacy.reach import CLASSES, way_through
from regulars.rules.privacy.views import BY_NAME, View, treatment


@require_GET
@never_cache
@seated(OFFICER)
def reach(request: HttpRequest) -> HttpResponse:
    """All views side by side: who, for what, whom they leave out, and how much of each class they show."""
    lines = [_line(one) for one in who_reaches(at=timezone.now())]
    around = {"lines": lines, "classes": [say(DATA_CLASSES, str(one)) for one in CLASSES]}
    return in_room(request, "reach", around, by=asker(request))


@require_GET
@never_cache
@seated(OFFICER)
def view(request: HttpRequest, view: str) -> HttpResponse:
    """One view: everybody behind it, and every column it shows."""
    if view not in BY_NAME:
        raise NotThere("view", {"name": view})
    one = next(one for one in who_reaches(at=timezone.now()) if one.view.name == view)
    tables = [_shown(table, BY_NAME[view]) for table in DICTIONARY if view in table.views]
    around = {"line": _line(one), "tables": tables, "people": one.people}
    return in_room(request, "view", around, by=asker(request))


def _line(one: Reaching) -> dict[str, Any]:
    """A view in words."""
    return {
        "name": one.view.name,
        "label": say(SHORT_VIEWS, one.view.name),
        "meaning": say(VIEW_MEANINGS, one.view.name),
        "purpose": say(PURPOSE_WORDS, one.view.purpose),
        "opted": bool(one.view.allows),
        "roles": [say(ROLES, role) for role in one.roles],
        "people": len(one.people),
        "analysts": one.analysts,
        "programs": one.programs,
        "job": say(JOBS, one.job) if one.job else "",
        "raw_sql": one.view.raw_sql,
        "reach": one.reach,
    }


def _shown(table: Table, view: View) -> dict[str, Any]:
    """One table through the view: its columns by how they are shown."""
    ways: dict[str, list[str]] = {"exact": [], "coarse": [], "closed": []}
    for column in table.columns:
        ways[way_through(table, column, view)].append(_named(column, view))
    return {"name": table.name, **{way: in_a_list(names) for way, names in ways.items()}}


def _named(column: Column, view: View) -> str:
    label = column.label_zh if (get_language() or "en").startswith("zh") else column.label
    coarse = treatment(column, view)
    return in_brackets(label, say(COARSENINGS, coarse)) if coarse in COARSENINGS else label
