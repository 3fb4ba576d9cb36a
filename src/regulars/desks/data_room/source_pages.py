"""Sources: where data comes from, who answers for it, on which basis, and how often it should come."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from regulars.desks.data_room.sources_drawn import files_table, sources_table
from regulars.desks.shared.intake_words import LAWFUL_BASES
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.show_imports import DataRoom, show_data_room
from regulars.records.company.access import now
from regulars.records.intake.access import source_by_ref
from regulars.records.intake.access import sources as all_sources
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.rules.permission.errors import NotThere

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)


class SourceForm(forms.Form):
    """What is said about a source."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    owner = forms.CharField(max_length=120, required=False, label=gettext_lazy("Who answers for it"))
    lawful_basis = forms.ChoiceField(choices=lambda: list(LAWFUL_BASES.items()), label=gettext_lazy("Lawful basis"))
    refresh_days = forms.IntegerField(
        min_value=1, max_value=3_650, required=False, label=gettext_lazy("A new file every so many days")
    )


class NewSourceForm(SourceForm):
    """A source with the short name it is called by ever after."""

    ref = forms.SlugField(
        max_length=60, allow_unicode=True, label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Letters, digits and hyphens, such as till-hubin. It cannot be changed later."),
    )  # fmt: skip
    field_order = ("ref", "name", "owner", "lawful_basis", "refresh_days")


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
    }  # fmt: skip
    return render(request, "data_room/sources.html", around)


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ACTING)
def new_source(request: HttpRequest) -> HttpResponse:
    """A source is opened before its first file comes."""
    by = asker(request)
    form = NewSourceForm(request.POST or None, initial={"owner": by.name, "lawful_basis": "contract"})
    if form.is_valid() and source_by_ref(form.cleaned_data["ref"], by=by):
        form.add_error("ref", _("There is a source of this name already."))
    if not form.is_valid():
        return render(request, "data_room/source.html", {"form": form, "title": _("Add a source")})
    told = dict(form.cleaned_data)
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
    told = {name: getattr(known, name) for name in SourceForm.base_fields}
    form = SourceForm(request.POST or None, initial=told)
    if not form.is_valid():
        return render(request, "data_room/source.html", {"form": form, "title": known.name, "ref": known.ref})
    describe_source(source_id, by=by, **form.cleaned_data)
    messages.success(request, _("Noted."))
    return redirect("data_room:sources")


def _sentence(room: DataRoom) -> str:
    """How many sources there are, and which of them are waited for."""
    at = now()
    late = [one for one in room.sources if _is_late(one, at)]
    count = len(room.sources)
    said = ngettext("%(n)s source.", "%(n)s sources.", count) % {"n": count}
    if not count:
        return ""
    waited = ngettext("%(n)s file is overdue: %(who)s.", "%(n)s files are overdue: %(who)s.", len(late))
    names = {"n": len(late), "who": ", ".join(one.source.name for one in late)}
    return _("%(sources)s %(waited)s") % {
        "sources": said,
        "waited": waited % names if late else _("None is waited for."),
    }


def _is_late(line: Any, at: Any) -> bool:
    days = line.source.refresh_days
    return bool(days and line.last_at and at - line.last_at > timedelta(days=days))
