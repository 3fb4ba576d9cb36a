"""An old file of people is to be used again: which of its rows must go first."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.watching_words import ROW_ANSWERS
from regulars.desks.shared.words import say
from regulars.journeys.trace_list import Rechecked, recheck_list
from regulars.rules.permission.errors import BadInput, NotThere

LARGEST: Final = 8 * 1024 * 1024
ROWS_SHOWN: Final = 500


class OldFileForm(forms.Form):
    """The file, for what it is to be used, and the number in its name if there is one."""

    file = forms.FileField(label=gettext_lazy("The file"))
    because = forms.CharField(max_length=200, label=gettext_lazy("For what it is to be used"))
    export = forms.IntegerField(min_value=1, required=False, label=gettext_lazy("Export number, as in its name"))

    def clean_file(self) -> Any:
        """A file of a size one reads at once."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(sentence_for(BadInput("list_is_no_text")))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seated("marketer")
def recheck(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer."""
    form = OldFileForm(request.POST, request.FILES) if request.method == "POST" else OldFileForm()
    found = _found(request, form) if form.is_bound and form.is_valid() else None
    around = {"form": form, "answer": _drawn(found) if found else None}
    return render(request, "marketing/recheck.html", around, status=422 if form.errors else 200)


def _found(request: HttpRequest, form: OldFileForm) -> Rechecked | None:
    told = form.cleaned_data
    try:
        return recheck_list(told["file"].read(), export=told["export"], by=asker(request), because=told["because"])
    except (BadInput, NotThere) as error:
        form.add_error("file", sentence_for(error))
        return None


def _drawn(found: Rechecked) -> dict[str, Any]:
    return {
        "found": found,
        "why": say(ROW_ANSWERS, found.why) if found.why else "",
        "may": len(found.rows) - len(found.must_go),
        "must_go": len(found.must_go),
        "go": [(one.line, one.known_by, say(ROW_ANSWERS, one.answer)) for one in found.must_go[:ROWS_SHOWN]],
    }
