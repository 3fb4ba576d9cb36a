"""The company's own attributes: the steward adds and fills them, the privacy officer says what they are."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desks.shared.attribute_words import COARSENINGS, KINDS, MAY_SERVE
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.retention_words import keep_words
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import DATA_CLASSES, VIEWS, say
from regulars.journeys.keep_own_attributes import (
    Classing,
    Kept,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
    kept_attributes,
    retire_own_attribute,
)
from regulars.records.company.access import now
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.categories import CATEGORIES
from regulars.rules.privacy.dictionary import PURPOSES as ALL_PURPOSES
from regulars.rules.privacy.dictionary import Class
from regulars.rules.privacy.keeping import AS_LONG_AS_CUSTOMER, read_keep
from regulars.rules.privacy.own_attributes import COARSE, OwnAttribute, read_choice

KEEPING: Final = ("steward", "officer")
MISTAKES: Final = (BadInput, NotThere, Denied)


class AddForm(forms.Form):
    """An attribute: its key for files and programs, its names for people, what its values are."""

    key = forms.CharField(max_length=40, label=gettext_lazy("Key"))
    label = forms.CharField(max_length=80, label=gettext_lazy("Name in English"))
    label_zh = forms.CharField(max_length=80, label=gettext_lazy("Name in Chinese"))
    kind = forms.ChoiceField(choices=lambda: list(KINDS.items()), label=gettext_lazy("What its values are"))
    choices = forms.CharField(
        required=False, max_length=4_000, label=gettext_lazy("Choices, one a line: key=English/中文"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class FillForm(forms.Form):
    """One value of one customer."""

    number = forms.CharField(max_length=24, label=gettext_lazy("Customer number"))
    key = forms.ChoiceField(label=gettext_lazy("Attribute"))
    value = forms.CharField(required=False, max_length=400, label=pgettext_lazy("own attribute", "Value"))
    because = forms.CharField(max_length=200, label=gettext_lazy("Why"))

    def __init__(self, kept: Sequence[Kept], told: Any = None) -> None:
        super().__init__(told)
        language = get_language() or "en"
        offered = [(one.what.key, one.what.label_in(language)) for one in kept]
        self.fields["key"] = forms.ChoiceField(choices=offered, label=self.fields["key"].label)


class ClassForm(forms.Form):
    """What the officer decides about an attribute."""

    data_class = forms.ChoiceField(
        choices=lambda: [(str(c), say(DATA_CLASSES, str(c))) for c in Class], label=pgettext_lazy("dictionary", "Class")
    )
    category = forms.ChoiceField(
        choices=[(one, one) for one in sorted(CATEGORIES)], initial="user", label=gettext_lazy("Category")
    )
    purposes = forms.MultipleChoiceField(
        choices=lambda: [(p, say(MAY_SERVE, p)) for p in ALL_PURPOSES], label=gettext_lazy("May serve")
    )
    coarse = forms.ChoiceField(label=gettext_lazy("Every day"))
    coarser = forms.ChoiceField(label=gettext_lazy("For analysis"))
    keep = forms.CharField(max_length=80, initial=AS_LONG_AS_CUSTOMER, label=pgettext_lazy("retention", "Keep"))

    def __init__(self, what: OwnAttribute, told: Any = None) -> None:
        started = {
            "data_class": what.data_class or "personal", "category": what.category, "purposes": sorted(what.purposes),
            "coarse": what.coarse, "coarser": what.coarser, "keep": what.keep,
        }  # fmt: skip
        super().__init__(told, initial=started)
        rough = [(how, say(COARSENINGS, how)) for how in COARSE[what.kind]]
        for name in ("coarse", "coarser"):
            self.fields[name] = forms.ChoiceField(choices=rough, label=self.fields[name].label)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seated(*KEEPING)
def attributes(request: HttpRequest) -> HttpResponse:
    """All attributes; a new one may be added."""
    by = asker(request)
    form = AddForm(request.POST or None)
    if form.is_valid():
        try:
            add_own_attribute(_attribute(form.cleaned_data), by=by, at=now())
        except MISTAKES as error:
            form.add_error("key", sentence_for(error))
        else:
            messages.success(
                request, _("It may be filled now. Nobody sees it before the privacy officer has classed it.")
            )
            return redirect("data_room:attributes")
    return _page(request, by, add=form)


@require_POST
@never_cache
@seated(*KEEPING)
def fill_attribute(request: HttpRequest) -> HttpResponse:
    """What is known of one customer is written."""
    by = asker(request)
    form = FillForm(kept_attributes(by=by), request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            fill_own_attribute(told["number"], told["key"], told["value"], by=by, because=told["because"], at=now())
        except MISTAKES as error:
            form.add_error("value", sentence_for(error))
        else:
            messages.success(request, _("Noted."))
            return redirect("data_room:attributes")
    return _page(request, by, fill=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seated("officer")
def class_attribute(request: HttpRequest, key: str) -> HttpResponse:
    """One attribute, and what the officer decides about it."""
    by = asker(request)
    kept = next((one for one in kept_attributes(by=by) if one.what.key == key), None)
    if kept is None:
        raise NotThere("attribute_not_there", {"attribute": key[:40]})
    form = ClassForm(kept.what, request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data | {"purposes": frozenset(form.cleaned_data["purposes"])}
        try:
            class_own_attribute(key, Classing(**told), by=by, at=now())
        except MISTAKES as error:
            form.add_error("data_class", sentence_for(error))
        else:
            messages.success(request, _("Each view shows it accordingly from now on."))
            return redirect("data_room:attributes")
    return render(request, "data_room/attribute.html", {"form": form, "one": _drawn(kept)})


@require_POST
@seated("officer")
def retire_attribute(request: HttpRequest, key: str) -> HttpResponse:
    """Nobody sees the attribute any more."""
    retire_own_attribute(key, by=asker(request), at=now())
    messages.success(request, _("Nobody sees it any more. Its values go with the next night."))
    return redirect("data_room:attributes")


def _page(request: HttpRequest, by: Asker, *, add: AddForm | None = None, fill: FillForm | None = None) -> HttpResponse:
    kept = kept_attributes(by=by)
    around = {
        "attributes": [_drawn(one) for one in kept], "add_form": add or AddForm(),
        "fill_form": fill or FillForm(kept), "may_class": by.role == "officer",
    }  # fmt: skip
    return render(request, "data_room/attributes.html", around)


def _attribute(told: dict[str, Any]) -> OwnAttribute:
    lines = [line for line in told["choices"].splitlines() if line.strip()]
    return OwnAttribute(told["key"], told["kind"], told["label"], told["label_zh"], tuple(map(read_choice, lines)))


def _drawn(one: Kept) -> dict[str, Any]:
    language = get_language() or "en"
    seen = [(say(VIEWS, view), say(COARSENINGS, how) if how != "keep" else "") for view, how in one.shown.items()]
    return {
        "what": one.what, "label": one.what.label_in(language), "kind": say(KINDS, one.what.kind), "seen": seen,
        "values": one.values, "keep": keep_words(read_keep(one.what.keep)),
    }  # fmt: skip
