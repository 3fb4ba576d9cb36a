"""A list of people who want no contact is brought: tried first, then taken in."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import WHY_SET_ASIDE
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.import_do_not_contact import DoNotContactReport, import_do_not_contact
from regulars.journeys.look_at_file import drop_file, keep_upload, place_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

ROWS_SHOWN = 50


class ListForm(forms.Form):
    """The file, what it closes, whether it is only tried."""

    file = forms.FileField(label=gettext_lazy("File"))
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", required=False, label=gettext_lazy("Country of numbers without a code"),
        widget=forms.TextInput(attrs={"placeholder": "CN", "size": 4}),
    )  # fmt: skip
    whole = forms.BooleanField(required=False, label=gettext_lazy("They want no marketing by any way"))


@require_http_methods(["GET", "POST"])
@never_cache
@seated(OFFICER)
def bring_list(request: HttpRequest) -> HttpResponse:
    """Upload, try, take in; the rows set aside are shown this once and kept nowhere."""
    by, around = asker(request), dict[str, Any](form=ListForm())
    if request.method == "POST":
        form = ListForm(request.POST, request.FILES)
        around = {"form": form}
        if form.is_valid():
            try:
                around["report"] = _drawn(_taken_in(form.cleaned_data, by, dry_run="take" not in request.POST))
            except BadInput as error:
                form.add_error("file", sentence_for(error))
    return in_room(request, "not_to_contact", around, by=by)


def _taken_in(told: dict[str, Any], by: Asker, *, dry_run: bool) -> DoNotContactReport:
    """The upload is the house's for as long as it is read."""
    upload = told["file"]
    kept = keep_upload(upload.name, upload.chunks(), upload.size)
    try:
        return import_do_not_contact(
            place_of(kept.path), name=kept.name, country=told["country"].upper(), whole=told["whole"],
            dry_run=dry_run, by=by, at=timezone.now(),
        )  # fmt: skip
    finally:
        drop_file(kept.path)


def _drawn(report: DoNotContactReport) -> dict[str, Any]:
    aside = [
        {"row": one.row_number, "why": say(WHY_SET_ASIDE, one.reason), "raw": one.raw}
        for one in report.set_aside[:ROWS_SHOWN]
    ]
    return {"facts": report, "aside": aside, "more": report.set_aside_rows - len(aside)}
