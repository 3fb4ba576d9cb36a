"""Choices of everybody, counted: who said what, and for how many each purpose is open."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.choices_drawn import choices_drawn
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import SUBJECT_KINDS
from regulars.desks.shared.laws import JURISDICTIONS, law_in_words
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import CHANNELS, PURPOSES, say
from regulars.journeys.write_statement import statement_sources
from regulars.records.choices.statistics import count_choices
from regulars.records.choices.subjects import SubjectFacts, end_subject, name_subject, subjects
from regulars.rules.permission.choices import ONLY_WHEN_GRANTED, Default
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.youth import ages_in


class SubjectForm(forms.Form):
    """A brand or topic: its key for files and programs, its names for people."""

    kind = forms.ChoiceField(choices=lambda: list(SUBJECT_KINDS.items()), label=gettext_lazy("Kind"))
    key = forms.CharField(max_length=40, label=gettext_lazy("Key"))
    name = forms.CharField(max_length=80, label=gettext_lazy("Name in English"))
    name_zh = forms.CharField(max_length=80, required=False, label=gettext_lazy("Name in Chinese"))


@require_GET
@never_cache
@seated(OFFICER)
def choices(request: HttpRequest) -> HttpResponse:
    """Counts per purpose and channel, what the law makes of silence here, brands and topics that can be taken out."""
    return _page(request)


def _page(request: HttpRequest, form: SubjectForm | None = None) -> HttpResponse:
    by = asker(request)
    counts = count_choices(by=by)
    sources = statement_sources()
    around = {
        "lines": choices_drawn(counts),
        "everybody": counts[0].everybody,
        "jurisdiction": say(JURISDICTIONS, sources.company.jurisdiction),
        "drawn_defaults": [_default(one) for one in (*sources.defaults, *sources.channels)],
        "subjects": [_subject(one) for one in subjects(also_ended=True)],
        "subject_form": form or SubjectForm(),
        "ages": ages_in(sources.company.jurisdiction),
    }
    return in_room(request, "choices", around, by=by)


@require_POST
@never_cache
@seated(OFFICER)
def name_one(request: HttpRequest) -> HttpResponse:
    """A brand or topic can be taken out by customers from now on."""
    form = SubjectForm(request.POST)
    if form.is_valid():
        try:
            name_subject(**form.cleaned_data, by=asker(request), at=timezone.now())
        except BadInput as error:
            form.add_error("key", sentence_for(error))
        else:
            messages.success(request, _("Customers can take it out from now on."))
            return redirect("privacy_office:choices")
    return _page(request, form)


@require_POST
@seated(OFFICER)
def end_one(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Nobody writes about it any more; what customers said of it stays."""
    end_subject(kind, key, by=asker(request), at=timezone.now())
    messages.success(request, _("No campaign can be about it any more."))
    return redirect("privacy_office:choices")


def _subject(one: SubjectFacts) -> dict[str, object]:
    return {"facts": one, "kind": say(SUBJECT_KINDS, one.kind), "name": one.called(get_language() or "en")}


def _default(one: Default) -> dict[str, object]:
    """What silence means for one purpose or channel."""
    label = say(CHANNELS, one.channel) if one.channel else say(PURPOSES, one.purpose)
    granted = one.value == "granted" and one.purpose not in ONLY_WHEN_GRANTED
    return {"label": label, "granted": granted, "law": law_in_words(one.source)}
