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

from regulars.desks.data_room.webhook_pages import hooks_table
from regulars.desks.shared.customer_words import TASK_KINDS
from regulars.desks.shared.dates import ago
from regulars.desks.shared.figures import number
from regulars.desks.shared.mistakes import sentence_for, sentence_of
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.staff_names import called
from regulars.desks.shared.words import say
from regulars.journeys.act_on_events import rules_on_events, say_rule_on_events, take_rule_back
from regulars.journeys.draw_tables import fetch_table, look_back, tables_read
from regulars.journeys.open_stream import give_write_key, keys_of_streams, take_write_key_back
from regulars.journeys.receive_webhook import webhooks_of_streams
from regulars.records.company.access import now
from regulars.records.events.acting import RuleFacts, tried_in_vain
from regulars.records.events.write_keys import LONGEST_NAME, WriteKeyFacts
from regulars.records.intake.access import sources
from regulars.records.intake.actions import ensure_source
from regulars.records.intake.tables import TableFacts, table_of
from regulars.rules.events.acting import LONGEST_DUE, LONGEST_WAIT, TASKS, RuleSaid
from regulars.rules.events.reading import LONGEST_NAME as LONGEST
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

LOOKING: Final = ("steward", "officer")
ACTING: Final = ("steward",)


class RuleForm(forms.Form):
    """When an event happens, and another does not follow in time, somebody has a task."""

    name = forms.CharField(max_length=LONGEST_NAME, label=gettext_lazy("What the rule is called"))
    event = forms.CharField(max_length=LONGEST, label=gettext_lazy("When this event happens"))
    unless = forms.CharField(max_length=LONGEST, required=False, label=gettext_lazy("and this one does not follow"))
    wait_minutes = forms.IntegerField(
        min_value=0, max_value=LONGEST_WAIT, initial=0, label=gettext_lazy("within so many minutes"),
        help_text=gettext_lazy("Leave both empty and nought, and the task is there at once."),
    )  # fmt: skip
    task = forms.ChoiceField(
        choices=[(one, TASK_KINDS[one]) for one in TASKS], label=gettext_lazy("somebody has a task")
    )
    due_days = forms.IntegerField(
        min_value=0, max_value=LONGEST_DUE, initial=1, label=gettext_lazy("due in so many days")
    )
    purpose = forms.ChoiceField(
        choices=[("service", gettext_lazy("Service")), ("direct_marketing", gettext_lazy("Direct marketing"))],
        label=gettext_lazy("for"),
        help_text=gettext_lazy("Direct marketing leaves out whoever does not allow it in that moment."),
    )  # fmt: skip


class KeyForm(forms.Form):
    """A program that will send events of a source."""

    name = forms.CharField(max_length=LONGEST_NAME, label=gettext_lazy("Which program sends them"))
    source = forms.ChoiceField(required=False, label=gettext_lazy("Source"))
    new_source = forms.SlugField(
        required=False, max_length=60, allow_unicode=True, label=gettext_lazy("Or a new source"),
        help_text=gettext_lazy("Letters, digits and hyphens, such as till-hubin."),
    )  # fmt: skip

    def __init__(self, *said: Any, by: Asker, **more: Any) -> None:
        super().__init__(*said, **more)
        known = [(one.ref, one.name) for one in sources(by=by)]
        self.fields["source"].choices = [("", _("choose")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The source that is meant: the new one, where one is named."""
        told = super().clean() or {}
        told["ref"] = told.get("new_source") or told.get("source") or ""
        if not told["ref"] and "new_source" not in self.errors:
            self.add_error("source", _("Say whose events they are: each source has a name of its own."))
        return told


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*LOOKING)
def streams(request: HttpRequest) -> HttpResponse:
    """All write keys; a new one is shown this once, on the answer to its being asked for."""
    by, secret = asker(request), ""
    may_act = by.role in ACTING
    form = KeyForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        ref = ensure_source(form.cleaned_data["ref"], by=by, at=now()).ref
        _made, secret = give_write_key(ref, form.cleaned_data["name"], by=by, at=now())
        form = KeyForm(by=by)
    keys = keys_of_streams(by=by, at=now())
    around = {
        "form": form, "secret": secret, "may_act": may_act, "keys": keys_table(keys) if keys else None,
        "working": [one for one in keys if one.revoked_at is None], "sentence": _sentence(keys),
        "hooks": hooks_table(hooks, at=now()) if (hooks := webhooks_of_streams(by=by, at=now())) else None,
        "tables": tables_table(tables) if (tables := tables_read(by=by)) else None,
        "read": [one for one in tables if one.ended_at is None],
        "rule_form": RuleForm(), "rules": rules_table(rules) if (rules := rules_on_events(by=by)) else None,
        "in_vain": tried_in_vain(by=by), "holding": [one for one in rules if one.ended_at is None],
        "host": request.build_absolute_uri("/").rstrip("/"), "has_sources": bool(sources(by=by)),
    }  # fmt: skip
    return render(request, "data_room/streams.html", around)


@require_POST
@seated(*ACTING)
def end_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Nothing comes in by the key any more."""
    take_write_key_back(key_id, by=asker(request), at=now())
    messages.success(request, _("Nothing comes in by this key from now on."))
    return redirect("data_room:streams")


@require_POST
@never_cache
@seated(*ACTING)
def make_rule(request: HttpRequest) -> HttpResponse:
    """A rule holds from now on; what cannot be so is told at the form."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return render(request, "data_room/rule.html", {"form": form}, status=422)
    say_rule_on_events(RuleSaid(**form.cleaned_data), by=asker(request), at=now())
    messages.success(request, _("The rule holds from now on."))
    return redirect("data_room:streams")


@require_POST
@seated(*ACTING)
def end_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Nothing more is done by the rule."""
    take_rule_back(rule_id, by=asker(request), at=now())
    messages.success(request, _("Nothing more is done by this rule."))
    return redirect("data_room:streams")


@require_POST
@seated(*ACTING)
def fetch(request: HttpRequest, name: str) -> HttpResponse:
    """What is new in the table is brought in."""
    try:
        drawn, report = fetch_table(name, by=asker(request), at=now())
    except BadInput as error:
        messages.error(request, sentence_for(error))
        return redirect("data_room:streams")
    if report is None:
        messages.success(request, _("Nothing is new."))
        return redirect("data_room:streams")
    messages.success(request, ngettext("%(n)s row was read.", "%(n)s rows were read.", drawn.rows)
                     % {"n": number(drawn.rows)})  # fmt: skip
    return redirect("data_room:import", report.run_id) if report.run_id else redirect("data_room:streams")


@require_POST
@seated(*ACTING)
def change_look_back(request: HttpRequest, name: str) -> HttpResponse:
    """So many hours late a row may be written from now on, and still be read."""
    by, said = asker(request), request.POST.get("hours", "")
    table = table_of(name, by=by)
    try:
        look_back(name, int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else -1, by=by)
        messages.success(request, _("Noted."))
    except BadInput as error:
        messages.error(request, sentence_for(error))
    return redirect("data_room:source", table.source_id)


def tables_table(tables: list[TableFacts]) -> Table:
    """Every table with how far it was read and what was in the way."""
    columns = [
        Column(_("Name")), Column(_("Source")), Column(_("Table or view")), Column(_("Read up to")),
        Column(_("Looks back"), numeric=True), Column(_("Last read"), numeric=True), Column(_("In the way"), wide=True),
    ]  # fmt: skip
    return Table(columns, [_table_row(one) for one in tables], caption=_("Tables of other databases"), close=True)


def _table_row(one: TableFacts) -> list[Cell]:
    reads = one.ended_at is None
    wrong = sentence_of(str(one.problem["code"]), one.problem.get("values", {})) if one.problem.get("code") else ""
    return [
        Cell(one.name if reads else _("%(name)s (ended)") % {"name": one.name}, strong=reads,
             tone="" if reads else "dim"),
        Cell(one.source_name, url=reverse("data_room:source", args=[one.source_id]), tone="mid"), Cell(one.table),
        Cell(str(one.mark.get("text", "")), tone="mid"),
        Cell(hours_back(one.look_back_hours), tone="mid"),
        Cell(ago(one.last_at, at=now()) if one.last_at else _("not yet"), tone="mid"),
        Cell(wrong, tone="heed" if wrong else "mid"),
    ]  # fmt: skip


def hours_back(hours: int) -> str:
    """How late a row may be written and still be read."""
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": number(hours)}


def rules_table(rules: list[RuleFacts]) -> Table:
    """Every rule as a sentence, and what it leads to."""
    columns = [
        Column(_("Rule")),
        Column(_("When"), wide=True),
        Column(_("Task")),
        Column(_("For")),
        Column(_("Made by")),
    ]
    return Table(columns, [_rule_row(one) for one in rules], caption=_("Rules on events"), close=True)


def _rule_row(one: RuleFacts) -> list[Cell]:
    holds = one.ended_at is None
    purpose = _("Direct marketing") if one.said.purpose == "direct_marketing" else _("Service")
    return [
        Cell(one.said.name if holds else _("%(name)s (ended)") % {"name": one.said.name}, strong=holds,
             tone="" if holds else "dim"),
        Cell(rule_in_words(one.said)), Cell(say(TASK_KINDS, one.said.task)), Cell(purpose, tone="mid"),
        Cell(called(one.made_by), tone="mid"),
    ]  # fmt: skip


def rule_in_words(said: RuleSaid) -> str:
    """The rule's condition as one reads it."""
    if not said.unless:
        return _("“%(event)s” happens") % {"event": said.event}
    words = {"event": said.event, "unless": said.unless, "n": number(said.wait_minutes)}
    return ngettext(
        "“%(event)s” happens and “%(unless)s” does not within %(n)s minute",
        "“%(event)s” happens and “%(unless)s” does not within %(n)s minutes", said.wait_minutes,
    ) % words  # fmt: skip


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
