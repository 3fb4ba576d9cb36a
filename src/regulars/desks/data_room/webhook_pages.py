"""Webhooks that come in: opened, their mapping tried on a message and kept, given another secret, ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desks.shared.customer_words import EVENT_KINDS
from regulars.desks.shared.dates import ago, clock, moment
from regulars.desks.shared.figures import money, number
from regulars.desks.shared.intake_words import MEANINGS, REASONS
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.receive_webhook import (
    LARGEST_MESSAGE,
    Tried,
    give_webhook,
    read_message,
    renew_webhook,
    say_mapping,
    take_webhook_back,
    try_webhook,
    webhook_of,
)
from regulars.records.company.access import now
from regulars.records.events.webhooks import LONGEST_NAME, WebhookFacts
from regulars.records.intake.access import sources
from regulars.rules.events.mapping import read_mapping, written_mapping
from regulars.rules.events.orders import OrderTold
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)
EXAMPLE: Final = '{"type": "order.paid", "timestamp": "2026-03-12T12:00:00Z", "data": {"customer_id": "M-1"}}'


class WebhookForm(forms.Form):
    """A program of others that will send messages."""

    name = forms.CharField(max_length=LONGEST_NAME, label=gettext_lazy("Which program sends them"))
    source = forms.ChoiceField(label=gettext_lazy("Source"))

    def __init__(self, *said: Any, by: Asker, **more: Any) -> None:
        super().__init__(*said, **more)
        self.fields["source"].choices = [(one.ref, one.name) for one in sources(by=by)]  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """How its messages are read, and a message to try it on."""

    mapping = forms.CharField(
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "class": "code"}), max_length=40_000,
        label=gettext_lazy("Mapping: field = place, one a line"),
        help_text=gettext_lazy("Places have dots from outside in; a fixed text stands in quotation marks."),
    )  # fmt: skip
    message = forms.CharField(
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "class": "code"}), max_length=LARGEST_MESSAGE,
        required=False, label=gettext_lazy("A message to try it on"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*ACTING)
def new_webhook(request: HttpRequest) -> HttpResponse:
    """An address for a program; its secret is shown this once, on the answer to its being asked for."""
    by, made, secret = asker(request), None, ""
    form = WebhookForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        number_, _address, secret = give_webhook(
            form.cleaned_data["source"], form.cleaned_data["name"], by=by, at=now()
        )
        made = webhook_of(number_, by=by, at=now())
    around = {"form": form, "made": made, "secret": secret, "address": _address_of(request, made)}
    return render(request, "data_room/new_webhook.html", around)


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*LOOKING)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One webhook: its mapping, tried on a message before it is kept."""
    by, at = asker(request), now()
    one = webhook_of(webhook_id, by=by, at=at)
    form = MappingForm(request.POST or {"mapping": written_mapping(one.mapping), "message": EXAMPLE})
    tried, wrong = None, ""
    if request.method == "POST" and by.role in ACTING and form.is_valid():
        try:
            if "keep" in request.POST:
                say_mapping(webhook_id, read_mapping(form.cleaned_data["mapping"]), by=by, at=at)
                messages.success(request, _("Its messages are read so from now on."))
                return redirect("data_room:webhook", webhook_id)
            tried = _tried(webhook_id, form, by, at)
        except BadInput as error:
            wrong = sentence_for(error)
    around = {
        "one": one, "form": form, "tried": tried, "wrong": wrong, "address": _address_of(request, one),
        "may_act": by.role in ACTING and one.ended_at is None, "until": _until(one, at),
    }  # fmt: skip
    return render(request, "data_room/webhook.html", around, status=422 if wrong else 200)


@require_POST
@never_cache
@seated(*ACTING)
def renew(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """A new secret, shown this once."""
    by = asker(request)
    secret = renew_webhook(webhook_id, by=by, at=now())
    one = webhook_of(webhook_id, by=by, at=now())
    around = {"made": one, "secret": secret, "address": _address_of(request, one), "renewed": True}
    return render(request, "data_room/new_webhook.html", around)


@require_POST
@seated(*ACTING)
def end(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Nothing comes in by it any more."""
    take_webhook_back(webhook_id, by=asker(request), at=now())
    messages.success(request, _("Nothing comes in by this webhook from now on."))
    return redirect("data_room:streams")


def hooks_table(hooks: Iterable[WebhookFacts], *, at: datetime) -> Table:
    """Every webhook with its source and what became of the last day's messages."""
    columns = [
        Column(_("Program")), Column(_("Source")), Column(_("Last event"), numeric=True),
        Column(_("Kept in a day"), numeric=True), Column(_("Came again"), numeric=True),
        Column(_("Set aside"), numeric=True),
    ]  # fmt: skip
    rows = [
        [
            Cell(one.name if one.ended_at is None else _("%(name)s (ended)") % {"name": one.name},
                 url=reverse("data_room:webhook", args=[one.id]), strong=one.ended_at is None),
            Cell(one.source_name, url=reverse("data_room:source", args=[one.source_id]), tone="mid"),
            Cell(ago(one.last_at, at=at) if one.last_at else _("none yet"), tone="mid"), Cell(number(one.kept)),
            Cell(number(one.repeated), tone="mid"),
            Cell(number(one.refused), tone="heed" if one.refused else "mid"),
        ]
        for one in hooks
    ]  # fmt: skip
    return Table(columns, rows, caption=_("Webhooks that come in"), close=True)


def _tried(webhook_id: int, form: MappingForm, by: Asker, at: datetime) -> list[Table]:
    message = read_message(form.cleaned_data["message"].encode())
    found = try_webhook(webhook_id, message, read_mapping(form.cleaned_data["mapping"]), by=by, at=at)
    return [_table(one, at) for one in found]


def _table(one: Tried, at: datetime) -> Table:
    rows = [[Cell(label), Cell(value)] for label, value in _said(one, at) if value]
    return Table([Column(_("What")), Column(_("What it would be"))], rows, caption=_("Tried"), close=True)


def _said(one: Tried, at: datetime) -> list[tuple[str, str]]:
    """What one member of the message would become, line by line."""
    if one.event is None:
        reason = _("not consented: only counted") if one.reason == "event_without_consent" else say(REASONS, one.reason)
        return [(_("Set aside"), reason), (_("Field"), one.field)]
    event = one.event
    when = f"{moment(event.at, at=at)} {clock(event.at)}"
    about = [(_("Customer"), event.user or event.anonymous), (_("When"), when)]
    if one.customer is not None:
        return [*about, *((say(MEANINGS, name), text) for name, text in one.customer.items())]
    plain = [(name, str(value)[:200]) for name, value in event.plain.items()]
    sealed = ", ".join(sorted(event.free))
    first = [(_("Touchpoint"), f"{say(EVENT_KINDS, event.kind)}: {event.name}"), *about]
    return [*first, *plain, (_("Kept sealed"), sealed), *_order(one)]


def _order(one: Tried) -> list[tuple[str, str]]:
    if one.order is None:
        return []
    if not isinstance(one.order, OrderTold):
        return [(_("No order"), say(REASONS, one.order.reason)), (_("Field"), one.order.field)]
    whole = sum(line.amount_minor for line in one.order.lines)
    return [(_("Order"), f"{one.order.ref} · {money(whole, one.order.currency)}")]


def _until(one: WebhookFacts, at: datetime) -> str:
    return moment(one.previous_until, at=at) if one.previous_until and one.previous_until > at else ""


def _address_of(request: HttpRequest, one: WebhookFacts | None) -> str:
    return request.build_absolute_uri(f"/v1/hooks/{one.address}") if one else ""
