"""An anonymous extract for a partner: what it would hold, how safe it would be, which files the partner has."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.disclosure_pages import as_download
from regulars.desks.privacy_office.figure_pages import called
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.shared.extract_words import RUNGS, STATES, risk_lines
from regulars.desks.shared.figure_words import CATEGORIES
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.release_extract import (
    ClassSeen,
    ExtractSeen,
    NewExtract,
    declare_extract,
    end_extract,
    preview_extract,
    release_extract,
)
from regulars.records.company.access import now
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import PartnerFacts, partner_called, standing_contract
from regulars.records.statistics.extract_access import ExtractFacts, FileFacts, extracts, files_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.statistics.extracts import (
    CLOSENESS,
    MOST_SUPPRESSED,
    MOST_VARIETY,
    SUPPRESSED,
    VARIETY,
    offered,
)

KINDS = [("csv", "CSV"), ("parquet", "Parquet")]
#: Of more classes the page shows the smallest; the terminal and the API have all.
MOST_SHOWN = 200


class ExtractForm(forms.Form):
    """Which columns, and how fit a class must be."""

    name = forms.CharField(max_length=120, label=gettext_lazy("What the extract is called"))
    known = forms.MultipleChoiceField(
        choices=lambda: _offered(known=True), widget=forms.SelectMultiple(attrs={"size": 8}),
        label=gettext_lazy("Columns somebody outside may know"),
    )  # fmt: skip
    confidential = forms.ChoiceField(
        choices=lambda: [("", "–"), *_offered(known=False)], required=False,
        label=gettext_lazy("The one column nobody outside knows"),
    )  # fmt: skip
    variety = forms.IntegerField(
        min_value=2, max_value=MOST_VARIETY, initial=VARIETY, label=gettext_lazy("Different values of it in a class")
    )
    closeness = forms.IntegerField(
        min_value=1, max_value=100, initial=CLOSENESS,
        label=gettext_lazy("How far their shares may be from everybody's (per cent)"),
    )  # fmt: skip
    suppressed = forms.IntegerField(
        min_value=0, max_value=MOST_SUPPRESSED, initial=SUPPRESSED,
        label=gettext_lazy("Rows in a hundred that may be left out"),
    )  # fmt: skip
    because = forms.CharField(max_length=200, label=gettext_lazy("Why"))

    def extract(self) -> NewExtract:
        """The declaration that was filled in."""
        return NewExtract(**{name: self.cleaned_data[name] for name in NewExtract.__dataclass_fields__})


@require_GET
@never_cache
@seated(OFFICER)
def extract(request: HttpRequest, key: str) -> HttpResponse:
    """The partner's extract as it would leave now, and the files it has."""
    return _page(request, asker(request), key)


@require_POST
@never_cache
@seated(OFFICER)
def new_extract(request: HttpRequest, key: str) -> HttpResponse:
    """The declaration stands; nothing leaves yet."""
    by, form = asker(request), ExtractForm(request.POST)
    if form.is_valid():
        try:
            declare_extract(key, form.extract(), because=form.cleaned_data["because"], by=by, at=now())
        except BadInput as error:
            form.add_error("known", sentence_for(error))
        else:
            messages.success(request, _("Declared. Look at what would leave before you let it go."))
            return redirect("privacy_office:extract", key=key)
    return _page(request, by, key, form=form)


@require_POST
@never_cache
@seated(OFFICER)
def release(request: HttpRequest, key: str) -> HttpResponse:
    """The file, noted in the register and laid beside all the partner has."""
    because, kind = request.POST.get("because", "")[:200], request.POST.get("kind", "csv")[:10]
    try:
        return as_download(release_extract(key, kind=kind, because=because, by=asker(request), at=now()))
    except BadInput as error:
        messages.error(request, sentence_for(error))
        return redirect("privacy_office:extract", key=key)


@require_POST
@seated(OFFICER)
def end(request: HttpRequest, key: str) -> HttpResponse:
    """No file is made of it any more."""
    end_extract(key, because=request.POST.get("because", "")[:200], by=asker(request), at=now())
    messages.success(request, _("Ended. What left stays remembered."))
    return redirect("privacy_office:extract", key=key)


def _page(request: HttpRequest, by: Asker, key: str, *, form: ExtractForm | None = None) -> HttpResponse:
    partner, contract = partner_called(key, by=by), standing_contract(key)
    known, files = extracts(by=by, partner_id=partner.id), files_of(by=by, partner_id=partner.id)
    standing = next((one for one in known if one.ended_at is None), None)
    around = {
        "partner": partner, "name": partner.called(_language()), "form": form or ExtractForm(), "kinds": KINDS,
        "may": bool(contract and not contract[0].fields and not files), "standing": standing,
        "line": _line(standing) if standing else {}, "files": [_file_line(one) for one in files],
        "ended": [one for one in known if one.ended_at is not None], **_seen(key, partner, standing, by),
    }  # fmt: skip
    return in_room(request, "extract", around, by=by)


def _seen(key: str, partner: PartnerFacts, standing: ExtractFacts | None, by: Asker) -> dict[str, Any]:
    """The preview, or in a sentence why there is none."""
    if standing is None:
        return {}
    try:
        seen = preview_extract(key, by=by, at=now())
    except (BadInput, Denied) as error:
        return {"mistake": sentence_for(error)}
    counted = Counter(one.state for one in seen.classes)
    return {
        "seen": seen, "risk": list(risk_lines(seen.risk)), "rungs": _rungs(seen), "may_leave": counted["told"] > 0,
        "tally": [(say(STATES, state), counted[state]) for state in STATES if counted[state]],
        "classes": _classes(seen.classes),
    }  # fmt: skip


#: What a class's state is drawn as.
MARKS = {"told": "yes", "stands": "mid", "left_out": "nope"}


def _classes(classes: Sequence[ClassSeen]) -> list[dict[str, Any]]:
    first = sorted(classes, key=lambda one: (one.people, one.says))[:MOST_SHOWN]
    return [
        {"says": [say(CATEGORIES, cell) for cell in one.says], "seen": one, "state": say(STATES, one.state),
         "mark": MARKS[one.state]}
        for one in first
    ]  # fmt: skip


def _rungs(seen: ExtractSeen) -> list[tuple[str, str]]:
    """Each known column and how coarse it is told."""
    return [(called(word), say(RUNGS, rung)) for word, rung in zip(seen.extract.known, seen.rungs, strict=True)]


def _line(one: ExtractFacts) -> dict[str, Any]:
    return {
        "known": [called(word) for word in one.known],
        "confidential": called(one.confidential) if one.confidential else "",
    }


def _file_line(one: FileFacts) -> dict[str, Any]:
    return {"facts": one, "classes": len(one.classes), "rungs": [say(RUNGS, rung) for rung in one.rungs]}


def _offered(*, known: bool) -> list[tuple[str, str]]:
    """Every column that may stand so in an extract, with how it is called."""
    return [(word, called(word)) for word, _label, ladder in offered(DICTIONARY) if not known or ladder]


def _language() -> str:
    return get_language() or "en"


__all__ = ["ExtractForm", "end", "extract", "new_extract", "release"]
