"""Sources: where data comes from, who answers for it, on which basis and for what, and how often it should come."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from regulars.desks.data_room.source_forms import NewSourceForm, SourceForm, as_it_is
from regulars.desks.data_room.sources_drawn import files_table, sources_table, task_line
from regulars.desks.shared.customer_words import in_a_list
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.draw_tables import tables_of_source
from regulars.journeys.show_imports import DataRoom, show_data_room
from regulars.records.company.access import company, now
from regulars.records.intake.access import source_by_ref
from regulars.records.intake.access import sources as all_sources
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.source_tasks import source_tasks
from regulars.rules.intake.looking_back import MOST_HOURS
from regulars.rules.intake.sources import USUAL_TRUST, demand_sound
from regulars.rules.permission.errors import BadInput, NotThere

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)


@require_GET
@never_cache
@seated(*LOOKING)
def sources(request: HttpRequest) -> HttpResponse:
    """All sources and the newest files."""
    by, at = asker(request), now()
    room = show_data_room(by=by)
    around: dict[str, Any] = {
        "room": room, "sentence": _sentence(room), "may_act": by.role == "steward",
        "sources": sources_table(room.sources, at=at), "files": files_table(room.files, at=at),
        "tasks": [task_line(one) for one in source_tasks(by=by)],
    }  # fmt: skip
    return render(request, "data_room/sources.html", around)


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ACTING)
def new_source(request: HttpRequest) -> HttpResponse:
    """A source is opened before its first file comes."""
    by = asker(request)
    usual = {"owner": by.name, "lawful_basis": "contract", "kind": "internal", "trust": USUAL_TRUST}
    form = NewSourceForm(request.POST or None, initial=usual)
    if form.is_valid() and source_by_ref(form.cleaned_data["ref"], by=by):
        form.add_error("ref", _("There is a source of this name already."))
    told = _told(form)
    if told is None:
        return render(request, "data_room/source.html", {"form": form, "title": _("Add a source")})
    opened = ensure_source(told.pop("ref"), by=by, at=now(), name=told["name"])
    describe_source(opened.id, by=by, **told)
    return redirect("data_room:sources")


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ACTING)
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """What is said about a source can be changed; each change is noted."""
    by = asker(request)
    known = next((one for one in all_sources(by=by) if one.id == source_id), None)
    if known is None:
        raise NotThere("no_such_source", {"source": source_id})
    form = SourceForm(request.POST or None, initial=as_it_is(known))
    told = _told(form)
    if told is None:
        around = {"form": form, "title": known.name, "ref": known.ref, "most": MOST_HOURS,
                  "tables": tables_of_source(source_id, by=by)}  # fmt: skip
        return render(request, "data_room/source.html", around)
    describe_source(source_id, by=by, **told)
    messages.success(request, _("Noted."))
    return redirect("data_room:sources")


def _told(form: SourceForm) -> dict[str, Any] | None:
    """What the form says, if all of it can be; what cannot stands on the form."""
    if not form.is_valid():
        return None
    told = form.told(company().currency)
    try:
        demand_sound(told)
    except BadInput as error:
        form.add_error(None, sentence_for(error))
        return None
    return told


def _sentence(room: DataRoom) -> str:
    """How many sources there are, and which of them are waited for."""
    at = now()
    late = [one for one in room.sources if one.is_overdue(at)]
    count = len(room.sources)
    said = ngettext("%(n)s source.", "%(n)s sources.", count) % {"n": count}
    if not count:
        return ""
    waited = ngettext("%(n)s file is overdue: %(who)s.", "%(n)s files are overdue: %(who)s.", len(late))
    names = {"n": len(late), "who": in_a_list(one.source.name for one in late)}
    return _("%(sources)s %(waited)s") % {
        "sources": said,
        "waited": waited % names if late else _("None is waited for."),
    }
