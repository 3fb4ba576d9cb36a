"""One file: how far it is, what became of its rows, and what was set aside."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.data_room.import_drawn import import_page, subtitle
from regulars.desks.data_room.sources_drawn import sources_table
from regulars.desks.shared.cleaning_words import why
from regulars.desks.shared.figures import number
from regulars.desks.shared.intake_words import REASONS, meaning_words
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.import_file import leave_as_it_is, start, stop
from regulars.journeys.show_imports import (
    ROWS_ON_A_PAGE,
    cleaned_as_csv,
    originals_from,
    set_aside_as_csv,
    show_import,
    show_set_aside,
)
from regulars.records.company.access import now
from regulars.records.intake.access import run_of
from regulars.records.set_aside.access import SetAside

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)


@require_GET
@never_cache
@seated(*LOOKING)
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """The course of the import and its report on one page."""
    by = asker(request)
    shown = show_import(run_id, by=by)
    if shown.run.state == "looking" and by.role == "steward":
        return redirect("data_room:columns", run_id=run_id)
    around = import_page(shown, by=by) | {
        "sources": sources_table(shown.sources, at=now(), to_source=by.role == "steward")
    }
    return render(request, "data_room/import.html", around)


@require_GET
@never_cache
@seated(*LOOKING)
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of the page that moves."""
    by = asker(request)
    return render(
        request, "data_room/parts/run.html", import_page(show_import(run_id, by=by, with_sources=False), by=by)
    )


@require_POST
@seated(*ACTING)
def start_import(request: HttpRequest, run_id: int) -> HttpResponse:
    """The file waits for its turn, or goes on where it stopped."""
    start(run_id)
    return redirect("data_room:import", run_id=run_id)


@require_POST
@seated(*ACTING)
def stop_import(request: HttpRequest, run_id: int) -> HttpResponse:
    """The import stops before its next rows are written."""
    if not stop(run_id, by=asker(request)):
        messages.info(request, _("It was over already."))
    return redirect("data_room:import", run_id=run_id)


@require_GET
@never_cache
@seated(*LOOKING)
def set_aside(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows themselves, for whoever mends them; each look is logged."""
    by, reason = asker(request), request.GET.get("reason", "")
    after = request.GET.get("after", "0")
    run, rows = show_set_aside(run_id, by=by, reason=reason, after=int(after) if after.isdecimal() else 0)
    around: dict[str, Any] = {
        "run": run, "reason": say(REASONS, reason) if reason else "", "code": reason, "table": _rows_table(rows),
        "subtitle": subtitle(show_import(run_id, by=by, with_sources=False, examples=False)),
        "next": rows[-1].row_number if len(rows) == ROWS_ON_A_PAGE else None, "may_act": by.role == "steward",
    }  # fmt: skip
    return render(request, "data_room/set_aside.html", around)


@require_GET
@never_cache
@seated(*LOOKING)
def set_aside_csv(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """All rows set aside as a file to mend and bring again."""
    headings = (_("row"), _("reason"), _("column"), _("value"))
    reason = request.GET.get("reason", "")
    lines = set_aside_as_csv(
        run_id, by=asker(request), headings=headings, say=lambda code: say(REASONS, code), reason=reason
    )
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="set-aside-{run_id}.csv"'
    return answer


@require_POST
@seated(*ACTING)
def leave(request: HttpRequest, run_id: int) -> HttpResponse:
    """Cleaning makes a change of this source's values no more, or makes it again."""
    by, reason, again = asker(request), request.POST.get("reason", ""), bool(request.POST.get("again"))
    leave_as_it_is(run_id, reason, leave=not again, by=by)
    said = _("Cleaned again from now on: %(what)s.") if again else _("Left as it is from now on: %(what)s.")
    messages.success(request, said % {"what": why(reason)})
    looking = run_of(run_id, by=by).state == "looking"
    return redirect("data_room:trial" if looking else "data_room:import", run_id=run_id)


@require_GET
@never_cache
@seated(*LOOKING)
def cleaned_csv(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """What cleaning changed and doubted, as a table; nobody is named in it."""
    headings = (_("column"), _("reason"), _("code"), _("values"), _("row"), _("before"), _("after"))
    lines = cleaned_as_csv(run_id, by=asker(request), headings=headings, say=why)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="cleaned-{run_id}.csv"'
    return answer


@require_GET
@never_cache
@seated("officer")
def originals(request: HttpRequest, run_id: int) -> HttpResponse:
    """The newest values that were changed for one reason, as they came; logged."""
    by, field, reason = asker(request), request.GET.get("field", "")[:32], request.GET.get("reason", "")[:48]
    around = {
        "run": run_of(run_id, by=by), "rows": originals_from(run_id, field, reason, by=by),
        "field": meaning_words(field), "reason": why(reason),
    }  # fmt: skip
    return render(request, "data_room/originals.html", around)


def _rows_table(rows: list[SetAside]) -> Table:
    columns = [
        Column(_("Row"), numeric=True),
        Column(pgettext("set aside", "Reason"), gap=True),
        Column(_("Column")),
        Column(pgettext("cell", "Value")),
        Column(_("The whole row")),
    ]
    return Table(columns, [_row(row) for row in rows], caption=_("Rows set aside"), close=True)


def _row(row: SetAside) -> list[Cell]:
    return [
        Cell(number(row.row_number)), Cell(say(REASONS, row.reason)), Cell(row.column or "–", tone="mid"),
        Cell(row.value[:200] or _("(empty)")), Cell(row.raw[:400], tone="mid"),
    ]  # fmt: skip
