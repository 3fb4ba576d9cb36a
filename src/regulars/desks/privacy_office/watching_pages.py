"""Invented customers who raise an alarm, the alarms they raised, and customers whose file opens for a case only."""

from math import ceil
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room, page_asked, pager
from regulars.desks.privacy_office.words import OTHER_ROLES
from regulars.desks.shared.log_words import DOORS, said_because
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.canaries import answer_canary, plant_canary, uproot_canary
from regulars.journeys.protect_customer import protect_customer, unprotect_customer
from regulars.records.access_log.readings import key_of
from regulars.records.company.access import now
from regulars.records.customers.inventing import Invented
from regulars.records.watched.access import TouchFacts, canaries, how_many_protected, protected_customers, touches
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

ON_A_PAGE: Final = 50


class CanaryForm(forms.Form):
    """Somebody who does not exist, with an address of one's own."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    email = forms.EmailField(required=False, label=gettext_lazy("A mail address of your own"))
    phone = forms.CharField(max_length=30, required=False, label=gettext_lazy("or a phone number of your own"))
    city = forms.CharField(max_length=60, required=False, label=gettext_lazy("City"))
    note = forms.CharField(max_length=200, required=False, label=gettext_lazy("Note for yourself"))


class ProtectForm(forms.Form):
    """Who is protected, and why."""

    number = forms.CharField(max_length=24, label=gettext_lazy("Customer number"))
    because = forms.CharField(max_length=200, label=gettext_lazy("Why"))


@require_GET
@never_cache
@seated(OFFICER)
def watching(request: HttpRequest) -> HttpResponse:
    """The alarms, the invented, the protected."""
    return _page(request, asker(request))


@require_POST
@seated(OFFICER)
def plant(request: HttpRequest) -> HttpResponse:
    """Somebody invented is among the customers."""
    by, form = asker(request), CanaryForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        note = told.pop("note")
        try:
            number = plant_canary(Invented(**told), note=note, by=by, at=now())
        except BadInput as error:
            form.add_error("name", sentence_for(error))
        else:
            messages.success(request, _("%(number)s is planted. Tell nobody.") % {"number": number})
            return redirect("privacy_office:watching")
    return _page(request, by, canary_form=form)


@require_POST
@seated(OFFICER)
def uproot(request: HttpRequest, number: str) -> HttpResponse:
    """She raises no alarm any more."""
    uproot_canary(number, by=asker(request))
    return redirect("privacy_office:watching")


@require_POST
@seated(OFFICER)
def protect(request: HttpRequest) -> HttpResponse:
    """Her file opens only for a case."""
    by, form = asker(request), ProtectForm(request.POST)
    if form.is_valid():
        try:
            protect_customer(form.cleaned_data["number"], because=form.cleaned_data["because"], by=by, at=now())
        except (BadInput, NotThere) as error:
            form.add_error("number", sentence_for(error))
        else:
            messages.success(request, _("From now on her file opens for a case only."))
            return redirect("privacy_office:watching")
    return _page(request, by, protect_form=form)


@require_POST
@seated(OFFICER)
def unprotect(request: HttpRequest, number: str) -> HttpResponse:
    """Her file opens as any other."""
    unprotect_customer(number, by=asker(request))
    return redirect("privacy_office:watching")


@require_POST
@seated(OFFICER)
def answer(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """The alarm is answered."""
    try:
        answer_canary(alarm_id, answer=request.POST.get("because", "")[:300], by=asker(request), at=now())
    except BadInput as error:
        messages.error(request, sentence_for(error))
    return redirect("privacy_office:watching")


def _page(
    request: HttpRequest, by: Asker, *, canary_form: CanaryForm | None = None, protect_form: ProtectForm | None = None
) -> HttpResponse:
    drawn = [_alarm(one, by) for one in touches(by=by)]
    number, total = request.GET.get("protected", "").strip()[:24], how_many_protected(by=by)
    page = page_asked(request.GET.get("page", ""), pages=ceil(total / ON_A_PAGE))
    before = (page - 1) * ON_A_PAGE
    protected = protected_customers(by=by, number=number, limit=ON_A_PAGE, offset=0 if number else before)
    way = pager("watching", {}, page, first=before + 1, shown=len(protected), total=total, place="#protected")
    around = {
        "open": [one for one in drawn if one["open"]],
        "past": [one for one in drawn if not one["open"]],
        "canaries": canaries(by=by),
        "protected": protected,
        "how_many": total,
        "asked": number,
        "pager": None if number or total <= ON_A_PAGE else way,
        "canary_form": canary_form or CanaryForm(),
        "protect_form": protect_form or ProtectForm(),
    }
    shown = in_room(request, "watching", around, by=by)
    shown.status_code = 422 if canary_form or protect_form else 200
    return shown


def _alarm(one: TouchFacts, by: Asker) -> dict[str, object]:
    role = say(ROLES, one.role) if one.role in ROLES else say(OTHER_ROLES, one.role)
    said = {"role": role, "door": say(DOORS, one.door), "because": said_because(one.because)}
    return {"facts": one, **said, "open": one.released_at is None, "own": one.who == key_of(by)}
