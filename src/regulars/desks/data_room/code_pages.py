"""The code system: trees of codes for preferences, complaints and calls, kept by the steward."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desks.shared.codes_said import CODE_KINDS
from regulars.desks.shared.dates import day
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.keep_codes import add_code, change_code, codes_kept, merge_code, retire_code
from regulars.records.company.access import today
from regulars.rules.codes.tree import KINDS, Code
from regulars.rules.permission.errors import BadInput, NotThere

KEEPING: Final = ("steward",)


class CodeForm(forms.Form):
    """A code: its key for programs, its labels for people, beneath which it lies, when it holds."""

    key = forms.CharField(max_length=32, label=gettext_lazy("Code"))
    label = forms.CharField(max_length=80, label=gettext_lazy("Name in English"))
    label_zh = forms.CharField(max_length=80, label=gettext_lazy("Name in Chinese"))
    parent_key = forms.ChoiceField(required=False, label=gettext_lazy("Beneath"))
    valid_from = forms.DateField(required=False, widget=DayInput(), label=gettext_lazy("Valid from"))
    valid_until = forms.DateField(required=False, widget=DayInput(), label=gettext_lazy("Valid until"))

    def __init__(self, kind: str, told: Any = None) -> None:
        super().__init__(told)
        self.fields["parent_key"] = forms.ChoiceField(
            required=False, choices=_offered(kind), label=self.fields["parent_key"].label
        )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seated(*KEEPING)
def codes(request: HttpRequest) -> HttpResponse:
    """One of the trees; a code may be added."""
    kind = _kind(request)
    form = CodeForm(kind, request.POST or None)
    if form.is_valid():
        try:
            add_code(Code(kind, **form.cleaned_data), by=asker(request))
        except BadInput as error:
            form.add_error("key", sentence_for(error))
        else:
            messages.success(request, _("The code may be used now."))
            return redirect(f"{request.path}?kind={kind}")
    rows = [_row(depth, one) for depth, one in codes_kept(kind)]
    around = {"rows": rows, "form": form, "kind": kind, "kinds": CODE_KINDS.items(), "others": _offered(kind)[1:]}
    return render(request, "data_room/codes.html", around, status=422 if form.errors else 200)


@require_POST
@seated(*KEEPING)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """A code is named anew, retired, or merged into another."""
    kind, by, do = _kind(request), asker(request), request.POST.get("do", "")
    try:
        if do == "merge":
            merge_code(kind, key, request.POST.get("into", ""), on=today(), by=by)
        elif do == "retire":
            retire_code(kind, key, after=today(), by=by)
        else:
            change_code(
                kind, key, by=by, label=request.POST.get("label", ""), label_zh=request.POST.get("label_zh", "")
            )
        messages.success(request, _("Written down. What was noted under the code stays."))
    except (BadInput, NotThere) as error:
        messages.error(request, sentence_for(error))
    return redirect(f"{reverse('data_room:codes')}?kind={kind}")


def _row(depth: int, one: Code) -> dict[str, Any]:
    label = one.label_in(get_language() or "en")
    return {"code": one, "depth": "\u2003" * depth, "label": label, "holds": one.holds(today()), "when": _when(one)}


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "") or request.POST.get("kind", "")
    return asked if asked in KINDS else KINDS[0]


def _offered(kind: str) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [("", "–"), *((one.key, "\u2003" * depth + one.label_in(language)) for depth, one in codes_kept(kind))]


def _when(one: Code) -> str:
    since = day(one.valid_from) if one.valid_from else ""
    until = day(one.valid_until) if one.valid_until else ""
    return f"{since} – {until}" if since or until else ""
