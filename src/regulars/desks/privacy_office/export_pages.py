"""What was exported, by whom, until when it may be used; where a found list comes from; whether an old one may be."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import SHORT_VIEWS
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.figures import number
from regulars.desks.shared.log_words import said_because
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.watching_words import EXPORT_DOORS, ROW_ANSWERS, VERDICTS
from regulars.desks.shared.words import say
from regulars.journeys.trace_list import Rechecked, Traced, recheck_list, trace_list
from regulars.records.company.access import now, today
from regulars.records.exports.access import ExportFacts, export_rule, exports
from regulars.records.exports.actions import MOST_DAYS, end_export, set_expiry, set_rule
from regulars.rules.noticing.tracing import Row
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

PAGE: Final = 50
LARGEST: Final = 8 * 1024 * 1024
ROWS_SHOWN: Final = 200


class ListForm(forms.Form):
    """A list as a file or as pasted text, and why it is looked at."""

    file = forms.FileField(required=False, label=gettext_lazy("File"))
    text = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("or rows, pasted")
    )
    because = forms.CharField(max_length=200, label=gettext_lazy("Why"))
    export = forms.IntegerField(min_value=1, required=False, label=gettext_lazy("Export number, if it is known"))

    def content(self) -> bytes:
        """What was handed in; BadInput when it is nothing or too much."""
        file = self.cleaned_data.get("file")
        if file is not None and file.size > LARGEST:
            raise BadInput("list_is_no_text")
        given = file.read() if file is not None else self.cleaned_data["text"].encode()
        if not given.strip():
            raise BadInput("list_is_no_text")
        return bytes(given)


class RuleForm(forms.Form):
    """How long new exports may be used, and whether files hold invented people."""

    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, label=gettext_lazy("Usable for days"))
    decoys = forms.BooleanField(required=False, label=gettext_lazy("Invented people among the rows of files"))


class ExpiryForm(forms.Form):
    """Until when it may be used."""

    until = forms.DateField(widget=DayInput(), label=gettext_lazy("Usable until"))


@require_GET
@never_cache
@seated(OFFICER)
def all_exports(request: HttpRequest) -> HttpResponse:
    """The newest exports, and the forms."""
    return _page(request, asker(request))


@require_POST
@never_cache
@seated(OFFICER)
def trace(request: HttpRequest) -> HttpResponse:
    """Where the list comes from, on the same page."""
    return _looked_at(request, lambda by, form: {"traced": _traced(_trace(by, form))})


@require_POST
@never_cache
@seated(OFFICER)
def recheck(request: HttpRequest) -> HttpResponse:
    """Which rows of the list must go, on the same page."""
    return _looked_at(request, lambda by, form: {"rechecked": _rechecked(_recheck(by, form))})


@require_POST
@seated(OFFICER)
def change_rule(request: HttpRequest) -> HttpResponse:
    """What counts for new exports."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, asker(request), {"rule_form": form}, status=422)
    set_rule(days=form.cleaned_data["days"], decoys=form.cleaned_data["decoys"], by=asker(request), at=now())
    messages.success(request, _("This holds for exports from now on."))
    return redirect("privacy_office:exports")


@require_POST
@seated(OFFICER)
def change_expiry(request: HttpRequest, export: int) -> HttpResponse:
    """Until when that export may be used."""
    form = ExpiryForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["until"][0]))
        return redirect("privacy_office:exports")
    try:
        set_expiry(export, form.cleaned_data["until"], by=asker(request), at=now())
    except (BadInput, NotThere) as error:
        messages.error(request, sentence_for(error))
    else:
        messages.success(request, _("Export %(export)s has another end now.") % {"export": export})
    return redirect("privacy_office:exports")


@require_POST
@seated(OFFICER)
def end(request: HttpRequest, export: int) -> HttpResponse:
    """None of its rows may be used any more."""
    try:
        end_export(export, because=request.POST.get("because", ""), by=asker(request), at=now())
    except (BadInput, NotThere) as error:
        messages.error(request, sentence_for(error))
    else:
        messages.success(request, _("None of the rows of export %(export)s may be used any more.") % {"export": export})
    return redirect("privacy_office:exports")


def _looked_at(request: HttpRequest, look: Callable[[Asker, ListForm], dict[str, Any]]) -> HttpResponse:
    by, form = asker(request), ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, by, {"list_form": form}, status=422)
    try:
        return _page(request, by, look(by, form))
    except (BadInput, NotThere) as error:
        form.add_error("file", sentence_for(error))
        return _page(request, by, {"list_form": form}, status=422)


def _trace(by: Asker, form: ListForm) -> Traced:
    return trace_list(form.content(), by=by, because=form.cleaned_data["because"])


def _recheck(by: Asker, form: ListForm) -> Rechecked:
    told = form.cleaned_data
    return recheck_list(form.content(), export=told["export"], by=by, because=told["because"])


def _page(request: HttpRequest, by: Asker, around: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    total, found = exports(by=by, limit=PAGE)
    rule = export_rule()
    drawn = {
        "total": total,
        "exports": [_drawn(one) for one in found],
        "rule_form": RuleForm(initial={"days": rule.days, "decoys": rule.decoys}),
        "list_form": ListForm(),
        **(around or {}),
    }
    answer = in_room(request, "exports", drawn, by=by)
    answer.status_code = status
    return answer


def _drawn(one: ExportFacts) -> dict[str, Any]:
    state = one.state(today())
    return {
        "facts": one,
        "view": say(SHORT_VIEWS, one.view),
        "door": say(EXPORT_DOORS, one.door),
        "because": said_because(one.because),
        "own": ", ".join(one.own_columns),
        "state": say(ROW_ANSWERS, state) if state else "",
    }


def _traced(found: Traced) -> dict[str, Any]:
    suspects = [
        {
            "facts": facts,
            "verdict": say(VERDICTS, one.verdict),
            "certain": one.verdict == "certain",
            "share": f"{number(100 * one.share)} %",
            "pairs": one.overlap.pairs,
            "agreeing": one.overlap.agreeing,
            "decoys": one.overlap.decoys,
            "fit": "—" if one.overlap.fit is None else f"{number(100 * one.overlap.fit)} %",
        }
        for facts, one in found.suspects
    ]
    return {"found": found, "suspects": suspects, "openers": found.openers}


def _rechecked(found: Rechecked) -> dict[str, Any]:
    return {
        "found": found,
        "why": say(ROW_ANSWERS, found.why) if found.why else "",
        "go": [_row(one) for one in found.must_go[:ROWS_SHOWN]],
        "may": len(found.rows) - len(found.must_go),
        "must_go": len(found.must_go),
    }


def _row(one: Row) -> tuple[int, str, str]:
    return one.line, one.known_by, say(ROW_ANSWERS, one.answer)
