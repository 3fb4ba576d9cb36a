"""A file of ties: chosen, tried, taken in and watched; the rows set aside are shown, and given as a file to mend."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.data_room.import_drawn import Figure
from regulars.desks.shared.arriving import demand_room
from regulars.desks.shared.figures import number
from regulars.desks.shared.group_words import tie_aside
from regulars.desks.shared.mistakes import sentence_for, sentence_of
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.bring_ties import (
    FAILED,
    TAKE,
    TiesBrought,
    bring_ties,
    brought_ties,
    forget_ties,
    go_on_ties,
    stop_ties,
    take_in_ties,
    ties_aside_as_csv,
)
from regulars.journeys.import_ties import RowAside, TiesReport
from regulars.records.company.access import now
from regulars.rules.groups.ties import HEADINGS
from regulars.rules.permission.errors import BadInput

LONGEST_SHOWN: Final = 400


class TiesForm(forms.Form):
    """The file."""

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)


@require_http_methods(["GET", "POST"])
@never_cache
@seated("steward")
def bring(request: HttpRequest) -> HttpResponse:
    """Choose a file or let it fall here; it is tried, and nothing is written."""
    form = TiesForm(request.POST or None, request.FILES or None)
    try:
        demand_room(request)
        if form.is_valid():
            file = form.cleaned_data["file"]
            key = bring_ties(file.name, file.chunks(1 << 20), file.size, by=asker(request), at=now())
            return redirect("data_room:ties", key=key)
    except BadInput as error:
        form.add_error("file", sentence_for(error))
    around = {"form": form, "columns": list(_columns())}
    return render(request, "data_room/bring_ties.html", around)


@require_GET
@never_cache
@seated("steward")
def ties(request: HttpRequest, key: str) -> HttpResponse:
    """What would become of the file, or became of it."""
    return render(request, "data_room/ties.html", _around(brought_ties(key, by=asker(request))))


@require_GET
@never_cache
@seated("steward")
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """The part of the page that moves."""
    return render(request, "data_room/parts/ties.html", _around(brought_ties(key, by=asker(request))))


@require_POST
@seated("steward")
def take_in(request: HttpRequest, key: str) -> HttpResponse:
    """What the file says is kept."""
    take_in_ties(key, by=asker(request), at=now())
    return redirect("data_room:ties", key=key)


@require_POST
@seated("steward")
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """It ends before its next rows; what is written stays."""
    stop_ties(key, by=asker(request))
    return redirect("data_room:ties", key=key)


@require_POST
@seated("steward")
def go_on(request: HttpRequest, key: str) -> HttpResponse:
    """It goes on where it ended."""
    go_on_ties(key, by=asker(request), at=now())
    return redirect("data_room:ties", key=key)


@require_POST
@seated("steward")
def forget(request: HttpRequest, key: str) -> HttpResponse:
    """A file that was only tried is gone again."""
    forget_ties(key, by=asker(request))
    messages.success(request, _("The file is gone; nothing was changed."))
    return redirect("data_room:bring_ties")


@require_GET
@never_cache
@seated("steward")
def set_aside_csv(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """All rows set aside as a file to mend and bring again."""
    lines = ties_aside_as_csv(key, by=asker(request), headings=(_("row"), _("reason")), say=tie_aside)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="ties-set-aside.csv"'
    return answer


def _around(brought: TiesBrought) -> dict[str, Any]:
    report = brought.report
    return {
        "brought": brought, "report": report, "figures": list(_figures(report)), "taking": brought.doing == TAKE,
        "aside": _aside_table(brought.aside), "more": report.set_aside_rows - len(brought.aside),
        "poll": brought.is_under_way and not brought.cut_off, "letters": list(_letters(brought)),
        "mistake": sentence_of(*brought.why) if brought.state == FAILED else "", "sample": _sample(brought),
    }  # fmt: skip


def _letters(brought: TiesBrought) -> Iterator[str]:
    """What is to be said of its encoding."""
    said = {
        "encoding_guessed": _(
            "The file is read as %(encoding)s, which is likely and not certain. Look at the names below: if they are "
            "wrong, save the file as UTF-8 and bring it again."
        ),
        "undecodable": _(
            "Some characters cannot be read as %(encoding)s. Their rows are set aside: save the file as UTF-8 and "
            "bring it again."
        ),
    }  # fmt: skip
    for code in brought.letters if brought.doing != TAKE else ():
        yield said[code] % {"encoding": brought.encoding.upper()}


def _sample(brought: TiesBrought) -> Table | None:
    """How the first rows are read, where that is in doubt."""
    if not brought.letters or brought.doing == TAKE:
        return None
    rows = [[Cell(cell[:LONGEST_SHOWN]) for cell in row] for row in brought.sample]
    return Table([Column(one) for one in brought.headers], rows, caption=_("So its first rows are read"), close=True)


def _figures(report: TiesReport) -> Iterator[Figure]:
    """What would become of the rows, or became of them."""
    tried = report.dry_run
    yield Figure(_("New groups") if not tried else _("Groups that would be new"), report.groups, "")
    yield Figure(_("People joined") if not tried else _("People who would join"), report.members, "k2")
    yield Figure(_("Put under another") if not tried else _("Would be put under another"), report.places, "line")
    yield Figure(_("Known already"), report.known, "k3")
    yield Figure(_("Set aside") if not tried else _("Would be set aside"), report.set_aside_rows, "heed")


def _aside_table(rows: Sequence[RowAside]) -> Table | None:
    columns = [
        Column(_("Row"), numeric=True), Column(pgettext("set aside", "Reason"), gap=True), Column(_("The whole row")),
    ]  # fmt: skip
    drawn = [
        [
            Cell(number(row.row_number)), Cell(tie_aside(row.reason, row.values)),
            Cell(row.raw[:LONGEST_SHOWN], tone="mid"),
        ]
        for row in rows
    ]  # fmt: skip
    return Table(columns, drawn, caption=_("Rows set aside"), close=True) if drawn else None


def _columns() -> Iterator[tuple[str, str, str]]:
    """What a column may say, and the headings that stand for it in English and Chinese."""
    words = {
        "group": _("The group, by a reference of yours"),
        "kind": _("Which kind it is, where it is not known yet: household, company, agent, channel"),
        "name": _("What it is called; a household needs no name"),
        "company_code": _("Its company code; it may stand for the reference"),
        "country": _("The country of that code"),
        "parent": _("The group it stands under"),
        "customer": _("Who belongs to it, by customer number"),
        "role": _("As what: adult, child, buyer, accounts, manager, staff …"),
        "since": _("From which day"),
        "until": _("Until which day"),
    }
    for meaning, said in words.items():
        known = HEADINGS[meaning]
        chinese = next(heading for heading in known if not heading.isascii())
        yield known[0], chinese, said
