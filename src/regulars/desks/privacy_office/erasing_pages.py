"""Erasing: who wants to be deleted, her copy, the erasing itself, the proofs of it; and how the keys stand."""

import json
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import CLOSED, KEY_SOURCES, say
from regulars.journeys.erase_customer import Tombstone, erase_customer
from regulars.journeys.rotate_keys import KeyFacts, how_keys_stand
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.records.company.access import now
from regulars.records.customers.erasing import tombstones
from regulars.records.tasks.access import EVERYBODYS, tasks_waiting
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

BECAUSE = "erasing"
WISHES_SHOWN = 50


class ErasingForm(forms.Form):
    """Whom, why, for which case."""

    number = forms.CharField(max_length=24, label=gettext_lazy("Customer number"))
    because = forms.CharField(max_length=200, label=gettext_lazy("Why"))
    reference = forms.CharField(max_length=120, label=gettext_lazy("Case"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seated(OFFICER)
def erasing(request: HttpRequest) -> HttpResponse:
    """The wishes that wait, the form, what is left of those erased, the keys."""
    by = asker(request)
    if request.method != "POST":
        asked = {name: request.GET.get(name, "")[:120] for name in ("number", "because", "reference")}
        return _page(request, by, ErasingForm(initial=asked))
    form = ErasingForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            erase_customer(told["number"], by=by, because=told["because"], reference=told["reference"], at=now())
        except (BadInput, NotThere) as error:
            form.add_error("number", sentence_for(error))
        else:
            messages.success(request, _("Erased. Nobody can find, read or reach her any more."))
            return redirect("privacy_office:erasing")
    return _page(request, by, form)


@require_safe
@never_cache
@seated(OFFICER)
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """All that is held about her as one file, to be given to her before."""
    held = copy_of_own_data(number, by=asker(request), at=now())
    told = json.dumps(held, ensure_ascii=False, indent=1)
    answer = HttpResponse(told, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{held["customer"]["number"]}.json"'
    return answer


def _page(request: HttpRequest, by: Asker, form: ErasingForm) -> HttpResponse:
    waiting, wishes = tasks_waiting(by=by, because=BECAUSE, whose=EVERYBODYS, kind="erasure", limit=WISHES_SHOWN)
    erased, left = tombstones(by=by)
    around = {
        "form": form,
        "waiting": waiting,
        "wishes": wishes,
        "erased": erased,
        "tombstones": [_drawn(one) for one in left],
        "keys": _keys(how_keys_stand(by=by)),
    }
    return in_room(request, "erasing", around, by=by)


def _drawn(one: Tombstone) -> dict[str, Any]:
    closed = [(say(CLOSED, what), count) for what, count in one.closed.items() if count]
    return asdict(one) | {"closed": closed, "digest": one.key_digest[:16]}


def _keys(found: KeyFacts) -> dict[str, Any]:
    masters = [asdict(one) | {"comes_from": say(KEY_SOURCES, one.comes_from)} for one in found.masters]
    return {"masters": masters, "half_done": found.half_done, "to_forget": found.to_forget}
