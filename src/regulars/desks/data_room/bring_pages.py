"""Bringing a file: chosen, looked at, its columns confirmed, tried, started. Nothing is written before the start."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.data_room.columns_drawn import columns_page, mapping_from
from regulars.desks.data_room.import_drawn import cleaned_part, reason_lines
from regulars.desks.shared.arriving import demand_room
from regulars.desks.shared.intake_words import KINDS, known_by_words
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.import_file import confirm, finished_before, forget, note_trial, take_in, try_out, understand
from regulars.journeys.look_at_file import keep_upload
from regulars.records.company.access import now
from regulars.records.intake.access import run_of, sources
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

ACTING: Final = ("steward",)
READING: Final = ("encoding", "delimiter", "sheet", "header_row")
SETTLED: Final = ("date_order", "decimal_mark", "zone", "currency", "country")


class BringForm(forms.Form):
    """A file and where it comes from: a source known, or one that is opened with this file."""

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)
    source = forms.ChoiceField(required=False, label=gettext_lazy("Where it comes from"))
    new_source = forms.SlugField(
        required=False, max_length=60, allow_unicode=True, label=gettext_lazy("Or a new source"),
        help_text=gettext_lazy("Letters, digits and hyphens, such as till-hubin."),
    )  # fmt: skip
    kind = forms.ChoiceField(required=False, label=gettext_lazy("What is in it"))

    def __init__(self, *args: Any, known: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        _may_be(self.fields["source"], [("", _("choose")), *known])
        _may_be(self.fields["kind"], [("", _("as its columns say")), *KINDS.items()])

    def clean(self) -> dict[str, Any]:
        """One of the two says where the file comes from."""
        told: dict[str, Any] = super().clean() or {}
        told["ref"] = told.get("new_source") or told.get("source") or ""
        if not told["ref"] and "new_source" not in self.errors:
            self.add_error("source", _("Say where the file comes from: each source has a name of its own."))
        return told


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ACTING)
def bring(request: HttpRequest) -> HttpResponse:
    """Choose a file or let it fall here."""
    by = asker(request)
    known = [(source.ref, source.name) for source in sources(by=by)]
    initial = {"source": request.GET.get("source", "")}
    form = BringForm(request.POST or None, request.FILES or None, known=known, initial=initial)
    try:
        demand_room(request)
        if form.is_valid():
            return redirect("data_room:columns", run_id=_taken_in(form.cleaned_data, by))
    except BadInput as error:
        form.add_error("file", sentence_for(error))
    return render(request, "data_room/bring.html", {"form": form, "known": known})


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ACTING)
def columns(request: HttpRequest, run_id: int) -> HttpResponse:
    """What each column means: guessed or remembered, confirmed here."""
    by = asker(request)
    if run_of(run_id, by=by).state != "looking":
        return redirect("data_room:import", run_id=run_id)
    told = request.POST or request.GET
    try:
        run, looked = understand(run_id, by=by, answers=_reading(told))
        if request.method == "GET":
            return render(request, "data_room/columns.html", columns_page(run, looked, told))
        confirm(run_id, mapping_from(told, looked.look.headers), _answers(told), by=by, at=now())
    except BadInput as error:
        if request.method == "GET":
            raise
        around = columns_page(run, looked, told) | {"mistake": sentence_for(error)}
        return render(request, "data_room/columns.html", around, status=422)
    return redirect("data_room:trial", run_id=run_id)


@require_GET
@never_cache
@seated(*ACTING)
def trial(request: HttpRequest, run_id: int) -> HttpResponse:
    """What would become of the file. Nothing is written."""
    by = asker(request)
    run = run_of(run_id, by=by)
    if run.state != "looking":
        return redirect("data_room:import", run_id=run_id)
    tried = try_out(run_id, by=by, at=now())
    note_trial(run_id, tried)
    rows, cells = ([line for line in tried.reasons if line.row_taken is taken] for taken in (False, True))
    around = {
        "run": run, "tried": tried, "counts": tried.counts, "reasons": reason_lines(rows),
        "left_out": reason_lines(cells), "before": finished_before(run),
        "known_by": known_by_words(run.settings.get("understanding", {}).get("columns", {})),
    } | cleaned_part(
        tried.cleaned, run.settings.get("understanding", {}).get("leave", ()), run_id=run_id, by=by
    )  # fmt: skip
    return render(request, "data_room/trial.html", around)


@require_POST
@seated(*ACTING)
def forget_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """A file that was only looked at is gone again."""
    if forget(run_id, by=asker(request)):
        messages.success(request, _("The file is gone; nothing was changed."))
    return redirect("data_room:sources")


def _taken_in(told: Mapping[str, Any], by: Asker) -> int:
    file = told["file"]
    kept = keep_upload(file.name, file.chunks(1 << 20), file.size)
    return take_in(kept, source_ref=told["ref"], kind=told["kind"], by=by, at=now())


def _reading(told: Mapping[str, str]) -> dict[str, Any]:
    """What was set by hand for reading the file."""
    said: dict[str, Any] = {name: told[name].strip() for name in READING if told.get(name, "").strip()}
    if said.get("delimiter") in ("tab", "\\t"):
        said["delimiter"] = "\t"
    if "header_row" in said:
        said["header_row"] = int(said["header_row"]) if said["header_row"].isdecimal() else None
    return said


def _answers(told: Mapping[str, str]) -> dict[str, Any]:
    """Everything a person settled on the page."""
    settled = {name: told[name].strip() for name in SETTLED if told.get(name, "").strip()}
    within = {"order_within": tuple(filter(None, told["order_within"].split(",")))} if "order_within" in told else {}
    return {**_reading(told), **settled, **within}


def _may_be(field: forms.Field, among: Iterable[tuple[str, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = list(among)
