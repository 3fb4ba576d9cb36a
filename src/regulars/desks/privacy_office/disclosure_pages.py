"""To whom data goes and from whom it came: partners, their contracts, what left, what was bought."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import COARSENINGS
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import Words, say
from regulars.journeys.disclose import (
    NewBought,
    NewContract,
    name_partner,
    note_bought,
    release,
    sign_contract,
    stop_contract,
)
from regulars.journeys.hand_out_release import ReleaseMade
from regulars.records.choices.subjects import subjects
from regulars.records.company.access import company, today
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import (
    ContractFacts,
    PartnerFacts,
    bought,
    contracts,
    partner_called,
    partners,
    releases,
)
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.partners import EXACT, field_called, releasable
from regulars.rules.statistics.cubes import LEAST

PURPOSE = pgettext_lazy("contract", "Purpose")


#: Tables of which something may leave.
RELEASED_TABLES: Final[Words] = {
    "customer": pgettext_lazy("released", "customers"),
    "customer_activity": pgettext_lazy("released", "activity"),
    "customer_ref": pgettext_lazy("released", "numbers in sources"),
    "contact_point": pgettext_lazy("released", "contact points"),
    "order_line": pgettext_lazy("released", "order lines"),
    "score": pgettext_lazy("released", "scores"),
}


class PartnerForm(forms.Form):
    """Who receives, or sold."""

    key = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,23}$", label=gettext_lazy("Key"),
        error_messages={"invalid": gettext_lazy("Small Latin letters, digits and _ only, beginning with a letter.")},
    )  # fmt: skip
    name = forms.CharField(max_length=120, label=gettext_lazy("Name in English"))
    name_zh = forms.CharField(max_length=120, required=False, label=gettext_lazy("Name in Chinese"))
    country = forms.RegexField(r"^[A-Za-z]{2}$", required=False, label=gettext_lazy("Country (two letters)"))
    answers = forms.CharField(max_length=200, required=False, label=gettext_lazy("Who answers questions there"))


class ContractForm(forms.Form):
    """What the partner may have, for what, under which promises, until when."""

    ref = forms.CharField(max_length=80, label=gettext_lazy("Reference of the contract"))
    purpose = forms.CharField(max_length=300, label=PURPOSE)
    promises = forms.CharField(
        max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("What the partner promised")
    )
    columns = forms.MultipleChoiceField(
        choices=lambda: offered_fields(), widget=forms.SelectMultiple(attrs={"size": 10}), required=False,
        label=gettext_lazy("Fields (with none, only figures may leave)"),
    )  # fmt: skip
    valid_from = forms.DateField(widget=DayInput(), label=gettext_lazy("From"))
    valid_until = forms.DateField(widget=DayInput(), label=gettext_lazy("Until"))
    least = forms.IntegerField(min_value=2, max_value=1_000, label=gettext_lazy("Fewest people in a count"))
    brand = forms.ChoiceField(choices=lambda: _named("brand"), required=False, label=gettext_lazy("Brand"))
    topic = forms.ChoiceField(choices=lambda: _named("topic"), required=False, label=gettext_lazy("Topic"))


class ReleaseForm(forms.Form):
    """Which table, as which file, usable until when, and why."""

    table = forms.ChoiceField(label=gettext_lazy("What leaves"))
    kind = forms.ChoiceField(choices=[("csv", "CSV"), ("parquet", "Parquet")], label=gettext_lazy("As"))
    expires_on = forms.DateField(widget=DayInput(), label=gettext_lazy("Usable until"))
    because = forms.CharField(max_length=200, label=gettext_lazy("Why now"))

    def __init__(self, *args: Any, contract: ContractFacts, **more: Any) -> None:
        super().__init__(*args, **more)
        tables = list(dict.fromkeys(field_called(word).table for word in contract.fields))
        table = self.fields["table"]
        if isinstance(table, forms.ChoiceField):
            table.choices = [(name, _("rows of %(table)s") % {"table": say(RELEASED_TABLES, name)}) for name in tables]


class BoughtForm(forms.Form):
    """What was bought, from whom, under which permission."""

    partner = forms.ChoiceField(label=gettext_lazy("From"))
    what = forms.CharField(max_length=300, label=pgettext_lazy("bought", "What"))
    permission = forms.CharField(max_length=500, label=gettext_lazy("Under which permission of the people in it"))
    rows = forms.IntegerField(min_value=0, required=False, label=gettext_lazy("Rows"))
    bought_on = forms.DateField(widget=DayInput(), label=gettext_lazy("Day"))

    def __init__(self, *args: Any, known: list[PartnerFacts], **more: Any) -> None:
        super().__init__(*args, **more)
        partner = self.fields["partner"]
        if isinstance(partner, forms.ChoiceField):
            partner.choices = [(one.key, one.called(_language())) for one in known]


@require_GET
@never_cache
@seated(OFFICER)
def disclosures(request: HttpRequest) -> HttpResponse:
    """All partners with what they may have now, and everything that was bought."""
    return _register(request, asker(request))


@require_POST
@never_cache
@seated(OFFICER)
def new_partner(request: HttpRequest) -> HttpResponse:
    """A partner stands in the register; nothing leaves before a contract does."""
    by, form = asker(request), PartnerForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            name_partner(told.pop("key"), name=told.pop("name"), by=by, at=timezone.now(), **told)
        except BadInput as error:
            form.add_error("key", sentence_for(error))
        else:
            return redirect("privacy_office:partner", key=request.POST["key"])
    return _register(request, by, partner_form=form)


@require_POST
@never_cache
@seated(OFFICER)
def new_bought(request: HttpRequest) -> HttpResponse:
    """What was bought stands in the register, with its permission."""
    by = asker(request)
    form = BoughtForm(request.POST, known=partners(by=by))
    if form.is_valid():
        told = form.cleaned_data
        entry = NewBought(
            told["what"], told["permission"], told["bought_on"], rows=told["rows"] or 0, currency=company().currency
        )
        note_bought(told["partner"], entry, by=by, at=timezone.now())
        messages.success(request, _("It stands in the register."))
        return redirect("privacy_office:disclosures")
    return _register(request, by, bought_form=form)


@require_GET
@never_cache
@seated(OFFICER)
def partner(request: HttpRequest, key: str) -> HttpResponse:
    """One partner: its contract, or the form for one; what left; the form for the next release."""
    return _partner(request, asker(request), key)


@require_POST
@never_cache
@seated(OFFICER)
def new_contract(request: HttpRequest, key: str) -> HttpResponse:
    """The contract stands, and with it the partner's own view and login."""
    by, form = asker(request), ContractForm(request.POST)
    if form.is_valid():
        try:
            told = form.cleaned_data
            fields = told.pop("columns")
            sign_contract(key, NewContract(fields=fields, **told), by=by, at=timezone.now())
        except BadInput as error:
            form.add_error("ref", sentence_for(error))
        else:
            messages.success(request, _now_stands(rows=bool(fields)))
            return redirect("privacy_office:partner", key=key)
    return _partner(request, by, key, contract_form=form)


@require_POST
@seated(OFFICER)
def end_contract(request: HttpRequest, key: str) -> HttpResponse:
    """The partner's rows are gone at its next statement, and its login with them."""
    stop_contract(key, because=request.POST.get("because", "")[:200], by=asker(request), at=timezone.now())
    messages.success(request, _("Stopped. The partner's view and login are gone."))
    return redirect("privacy_office:partner", key=key)


@require_POST
@never_cache
@seated(OFFICER)
def release_now(request: HttpRequest, key: str) -> HttpResponse:
    """The file itself, noted in the register before it is handed out; it is kept nowhere."""
    by = asker(request)
    standing = _standing(key, by)
    form = ReleaseForm(request.POST, contract=standing) if standing else None
    if form is None or not form.is_valid():
        return _partner(request, by, key, release_form=form)
    told, at = form.cleaned_data, timezone.now()
    made = release(
        key, table=told["table"], kind=told["kind"], expires_on=told["expires_on"], because=told["because"], by=by,
        at=at,
    )  # fmt: skip
    return as_download(made)


def as_download(made: ReleaseMade) -> HttpResponse:
    """The file of a release, to be kept by whoever asked for it."""
    answer = HttpResponse(made.content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


def _now_stands(*, rows: bool) -> str:
    if rows:
        return _("The contract stands; the partner has a view of its own.")
    return _("The contract stands; figures may leave, rows never.")


def offered_fields() -> list[tuple[str, str]]:
    """Every column that may leave, as it leaves; those with a coarse form also as exact."""
    chinese, offered = _language().startswith("zh"), []
    for table, column, how in releasable(DICTIONARY):
        word, label = f"{table.name}.{column.name}", column.label_zh if chinese else column.label
        if how != "exact only":
            offered.append((word, _labelled(table.name, label, how)))
        if how != "keep":
            offered.append((word + EXACT, _labelled(table.name, label, column.coarse, exact=True)))
    return offered


def _labelled(table: str, label: str, shape: str, *, exact: bool = False) -> str:
    """The column with how it would be shown, as a partner gets it."""
    shown = say(COARSENINGS, shape) if shape != "keep" else _("exact") if exact else ""
    named = say(RELEASED_TABLES, table)
    if not shown:
        return f"{named} · {label}"
    return _("%(table)s · %(column)s (%(shown)s)") % {"table": named, "column": label, "shown": shown}


def _register(
    request: HttpRequest, by: Asker, *, partner_form: PartnerForm | None = None, bought_form: BoughtForm | None = None
) -> HttpResponse:
    known, signed, language = partners(by=by), contracts(by=by), _language()
    around = {
        "partners": [_line(one, signed, language) for one in known],
        "bought": [
            {"facts": one, "from": next(p.called(language) for p in known if p.id == one.partner_id)}
            for one in bought(by=by)
        ],
        "partner_form": partner_form or PartnerForm(),
        "bought_form": bought_form or BoughtForm(known=known, initial={"bought_on": today()}),
    }
    return in_room(request, "disclosures", around, by=by)


def _partner(
    request: HttpRequest, by: Asker, key: str, *, contract_form: ContractForm | None = None,
    release_form: ReleaseForm | None = None,
) -> HttpResponse:  # fmt: skip
    one, day = partner_called(key, by=by), today()
    signed = contracts(by=by, partner_id=one.id)
    standing = next((c for c in signed if c.stopped_at is None), None)
    begins = {"valid_from": day, "valid_until": day + timedelta(days=365), "least": LEAST}
    if standing and standing.fields and release_form is None:
        release_form = ReleaseForm(contract=standing, initial={"expires_on": _month_or_end(standing, day)})
    around = {
        "partner": one, "name": one.called(_language()), "standing": standing,
        "runs": bool(standing and standing.runs(day)), "earlier": [c for c in signed if c is not standing],
        "fields": _fields_in_words(standing) if standing else [],
        "releases": releases(by=by, partner_id=one.id),
        "contract_form": contract_form or ContractForm(initial=begins), "release_form": release_form,
    }  # fmt: skip
    return in_room(request, "partner", around, by=by)


def _line(one: PartnerFacts, signed: list[ContractFacts], language: str) -> dict[str, Any]:
    standing = next((c for c in signed if c.partner_id == one.id and c.stopped_at is None), None)
    return {
        "facts": one, "name": one.called(language), "standing": standing,
        "runs": bool(standing and standing.runs(today())),
    }  # fmt: skip


def _fields_in_words(contract: ContractFacts) -> list[str]:
    words = dict(offered_fields())
    return [words.get(word, word) for word in contract.fields]


def _standing(key: str, by: Asker) -> ContractFacts | None:
    signed = contracts(by=by, partner_id=partner_called(key, by=by).id)
    return next((one for one in signed if one.stopped_at is None), None)


def _month_or_end(contract: ContractFacts, day: date) -> date:
    return min(contract.valid_until, day + timedelta(days=30))


def _named(kind: str) -> list[tuple[str, str]]:
    return [("", _("none in particular")), *((s.key, s.called(_language())) for s in subjects() if s.kind == kind)]


def _language() -> str:
    return get_language() or "en"
