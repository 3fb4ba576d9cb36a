"""Streams: the keys that events are sent with, what came by each, and a new key when a program needs one."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desks.shared.dates import ago
from regulars.desks.shared.figures import number
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.open_stream import give_write_key, keys_of_streams, take_write_key_back
from regulars.records.company.access import now
from regulars.records.events.write_keys import LONGEST_NAME, WriteKeyFacts
from regulars.records.intake.access import sources
from regulars.rules.permission.asking import Asker

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)


class KeyForm(forms.Form):
    """A program that will send events of a source."""

    name = forms.CharField(max_length=LONGEST_NAME, label=gettext_lazy("Which program sends them"))
    source = forms.ChoiceField(label=gettext_lazy("Source"))

    def __init__(self, *said: Any, by: Asker, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["source"].choices = [(one.ref, one.name) for one in sources(by=by)]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*LOOKING)
def streams(request: HttpRequest) -> HttpResponse:
    """All write keys; a new one is shown this once, on the answer to its being asked for."""
    by, secret = asker(request), ""
    may_act = by.role in ACTING
    form = KeyForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        _made, secret = give_write_key(form.cleaned_data["source"], form.cleaned_data["name"], by=by, at=now())
        form = KeyForm(by=by)
    keys = keys_of_streams(by=by, at=now())
    around = {
        "form": form, "secret": secret, "may_act": may_act, "keys": keys_table(keys) if keys else None,
        "working": [one for one in keys if one.revoked_at is None], "sentence": _sentence(keys),
        "host": request.build_absolute_uri("/").rstrip("/"), "has_sources": bool(form.fields["source"].choices),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "data_room/streams.html", around)


@require_POST
@seated(*ACTING)
def end_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Nothing comes in by the key any more."""
    take_write_key_back(key_id, by=asker(request), at=now())
    messages.success(request, _("Nothing comes in by this key from now on."))
    return redirect("data_room:streams")


def keys_table(keys: list[WriteKeyFacts]) -> Table:
    """Every key with its source, its last event and what became of the last day's."""
    columns = [
        Column(_("Program")), Column(_("Source")), Column(_("Key")), Column(_("Last event"), numeric=True),
        Column(_("In the last minute"), numeric=True), Column(_("Kept in a day"), numeric=True),
        Column(_("Came again"), numeric=True), Column(_("Without consent"), numeric=True),
        Column(_("Set aside"), numeric=True),
    ]  # fmt: skip
    return Table(columns, [_row(one) for one in keys], caption=_("Write keys"), close=True)


def _row(one: WriteKeyFacts) -> list[Cell]:
    works = one.revoked_at is None
    last = ago(one.last_at, at=now()) if one.last_at else _("none yet")
    return [
        Cell(one.name, strong=works, tone="" if works else "dim"),
        Cell(one.source_name, url=reverse("data_room:source", args=[one.source_id]), tone="mid"),
        Cell(f"{one.hint}…" if works else _("ended"), tone="mid" if works else "dim"), Cell(last, tone="mid"),
        Cell(number(one.last_minute)), Cell(number(one.kept)), Cell(number(one.repeated), tone="mid"),
        Cell(number(one.denied), tone="mid"), Cell(number(one.refused), tone="heed" if one.refused else "mid"),
    ]  # fmt: skip


def _sentence(keys: list[WriteKeyFacts]) -> str:
    works = sum(one.revoked_at is None for one in keys)
    return ngettext("%(n)s key works.", "%(n)s keys work.", works) % {"n": number(works)} if keys else ""
