"""Figures for a partner: what is counted, what would be withheld and why, what it was told."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.disclosure_pages import RELEASED_TABLES, as_download
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import COARSENINGS
from regulars.desks.shared.customer_words import in_brackets
from regulars.desks.shared.day_input import DayInput
from regulars.desks.shared.figure_words import MEASURES as MEASURE_WORDS
from regulars.desks.shared.figure_words import STATES, cell_called, reasons_of
from regulars.desks.shared.figures import money_exact, number
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.release_figures import NewCube, declare_cube, end_cube, preview_figures, release_figures
from regulars.records.company.access import company, now
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import PartnerFacts, partner_called, standing_contract
from regulars.records.statistics.access import AnswerFacts, CubeFacts, answers, cubes, standing_cube
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.statistics.answering import Figure
from regulars.rules.statistics.cubes import MEASURES, PERCENT, coarser_than, countable, dimension_called


class CubeForm(forms.Form):
    """What is counted, of whom, and why."""

    name = forms.CharField(max_length=120, label=gettext_lazy("What the table is called"))
    dimensions = forms.MultipleChoiceField(
        choices=lambda: offered_columns(), widget=forms.SelectMultiple(attrs={"size": 8}),
        label=gettext_lazy("Counted by"),
    )  # fmt: skip
    measures = forms.MultipleChoiceField(
        choices=[(one, MEASURE_WORDS[one]) for one in MEASURES], required=False,
        widget=forms.SelectMultiple(attrs={"size": 2}), label=gettext_lazy("Summed up beside people"),
    )  # fmt: skip
    only = forms.CharField(
        max_length=400, required=False, label=gettext_lazy("Only these people (customer.city=Lyon|Nice)")
    )
    since = forms.DateField(widget=DayInput(), required=False, label=gettext_lazy("Orders from"))
    until = forms.DateField(widget=DayInput(), required=False, label=gettext_lazy("Orders before"))
    percent = forms.IntegerField(
        min_value=1, max_value=100, initial=PERCENT, label=gettext_lazy("Protection of the biggest buyer (per cent)")
    )
    because = forms.CharField(max_length=200, label=gettext_lazy("Why"))

    def cube(self) -> NewCube:
        """The declaration that was filled in."""
        told = self.cleaned_data
        only = [one for one in told["only"].split(";") if one.strip()]
        return NewCube(
            told["name"], told["dimensions"], told["measures"], only, told["since"], told["until"], told["percent"]
        )  # fmt: skip


@require_GET
@never_cache
@seated(OFFICER)
def figures(request: HttpRequest, key: str) -> HttpResponse:
    """What is counted for a partner, and everything it was told."""
    return _figures(request, asker(request), key)


@require_POST
@never_cache
@seated(OFFICER)
def new_cube(request: HttpRequest, key: str) -> HttpResponse:
    """The declaration stands; nothing is told yet."""
    by, form = asker(request), CubeForm(request.POST)
    if form.is_valid():
        try:
            made = declare_cube(key, form.cube(), because=form.cleaned_data["because"], by=by, at=now())
        except BadInput as error:
            form.add_error("dimensions", sentence_for(error))
        else:
            messages.success(request, _("Declared. Look at what would be told before you let it go."))
            return redirect("privacy_office:cube", key=key, cube=made)
    return _figures(request, by, key, form=form)


@require_GET
@never_cache
@seated(OFFICER)
def cube(request: HttpRequest, key: str, cube: int) -> HttpResponse:
    """Every cell as it would be told now, with the reason where it would not; nobody is told anything."""
    by = asker(request)
    partner = partner_called(key, by=by)
    around = {"partner": partner, "name": partner.called(_language()), **_seen(key, partner, cube, by)}
    return in_room(request, "cube", around, by=by)


@require_POST
@never_cache
@seated(OFFICER)
def release(request: HttpRequest, key: str, cube: int) -> HttpResponse:
    """The file, noted in the register and compared with all the partner was told before."""
    because = request.POST.get("because", "")[:200]
    try:
        return as_download(release_figures(key, cube, because=because, by=asker(request), at=now()))
    except BadInput as error:
        messages.error(request, sentence_for(error))
        return redirect("privacy_office:cube", key=key, cube=cube)


@require_POST
@seated(OFFICER)
def end(request: HttpRequest, key: str, cube: int) -> HttpResponse:
    """It is counted no more; what was told stays in the ledger."""
    end_cube(key, cube, because=request.POST.get("because", "")[:200], by=asker(request), at=now())
    messages.success(request, _("Ended. What was told stays in the ledger."))
    return redirect("privacy_office:figures", key=key)


def offered_columns() -> list[tuple[str, str]]:
    """Every column people may be counted by, as coarse as it must be, and coarser."""
    return [
        (f"{table.name}.{column.name}:{shape}", called(f"{table.name}.{column.name}:{shape}"))
        for table, column, coarsest in countable(DICTIONARY)
        for shape in coarser_than(coarsest)
    ]


def called(word: str) -> str:
    """A column as the dictionary calls it, with how coarse; the word itself where it is counted by no more."""
    try:
        one = dimension_called(word, DICTIONARY)
    except BadInput:
        return word
    column = next(table for table in DICTIONARY if table.name == one.table).column(one.column)
    label = column.label_zh if _language().startswith("zh") else column.label
    where = "" if one.table == "customer" else say(RELEASED_TABLES, one.table) + " · "
    return where + (label if one.shape == "keep" else in_brackets(label, say(COARSENINGS, one.shape)))


#: What a cell's state is drawn as.
MARKS: Final = {"told": "yes", "told_again": "yes", "stands": "mid", "withheld": "nope"}


def _figures(request: HttpRequest, by: Asker, key: str, *, form: CubeForm | None = None) -> HttpResponse:
    partner = partner_called(key, by=by)
    contract = standing_contract(key)
    known = cubes(by=by, partner_id=partner.id)
    around = {
        "partner": partner, "name": partner.called(_language()), "form": form or CubeForm(),
        "may": bool(contract and not contract[0].fields),
        "cubes": [_cube_line(one) for one in known if one.ended_at is None],
        "ended": [_cube_line(one) for one in known if one.ended_at is not None],
        "answers": [_answer_line(one) for one in answers(by=by, partner_id=partner.id)],
    }  # fmt: skip
    return in_room(request, "figures", around, by=by)


def _cube_line(one: CubeFacts) -> dict[str, Any]:
    return {"facts": one, "only": list(one.only), **_columns(one)}


def _columns(one: CubeFacts | AnswerFacts) -> dict[str, Any]:
    """What stands above the columns of its table."""
    summed = [say(MEASURE_WORDS, name) for name in ("people", *one.measures)]
    return {"by": [called(word) for word in one.dimensions], "summed": summed}


def _answer_line(one: AnswerFacts) -> dict[str, Any]:
    cells = _cells([(figure, None) for figure in one.figures], one.measures)
    return {"facts": one, "withheld": len(one.figures) - one.told, "cells": cells, **_columns(one)}


def _seen(key: str, partner: PartnerFacts, number_: int, by: Asker) -> dict[str, Any]:
    """The preview, or in a sentence why there is none."""
    found = standing_cube(number_, by=by, partner_id=partner.id)
    line = _cube_line(found)
    try:
        seen = preview_figures(key, found.id, by=by, at=now())
    except (BadInput, Denied) as error:
        return {"cube": line, "mistake": sentence_for(error)}
    states = Counter(figure.state for figure, _people in seen.cells)
    tally = [(say(STATES, state), states[state]) for state in STATES if states[state]]
    return {"cube": line, "least": seen.least, "tally": tally, "cells": _cells(seen.cells, found.measures)}


def _cells(cells: Sequence[tuple[Figure, int | None]], measures: Sequence[str]) -> list[dict[str, Any]]:
    currency = company().currency
    return [
        {
            "at": cell_called(one), "figure": one, "now": people, "mark": MARKS[one.state],
            "state": say(STATES, one.state), "why": reasons_of(one),
            "sums": [_sum(one, name, currency) for name in measures],
        }
        for one, people in cells
    ]  # fmt: skip


def _sum(one: Figure, name: str, currency: str) -> str:
    if name == "money":
        return "" if one.money is None else money_exact(one.money, currency)
    return "" if one.orders is None else number(one.orders)


def _language() -> str:
    return get_language() or "en"
