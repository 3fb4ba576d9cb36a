"""RFM: who came lately and often, where the groups came from, how the company fares month by month."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.charts import Picture, rfm_heat_map
from regulars.desks.marketing.pictures import exported
from regulars.desks.marketing.rfm_asked import BACK, BOUNDS, MEASURES, RfmAsked, asked_in
from regulars.desks.marketing.rfm_drawn import (
    chosen,
    cut_fields,
    flow_picture,
    frequency_labels,
    group_lines,
    health_picture,
    heat_map,
    recency_labels,
    sentence,
)
from regulars.desks.marketing.ways import way_to, with_changes
from regulars.desks.marketing.words import GROUP_KEYS, GROUPS
from regulars.desks.shared.dates import day
from regulars.desks.shared.navigation import url_of
from regulars.desks.shared.parts import Key
from regulars.desks.shared.pictures import currency_of, framed
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import say
from regulars.journeys.look_at_rfm import RfmPicture, look_at_rfm, people_in_cell, what_there_is
from regulars.records.company.access import company
from regulars.records.scores.access import count_people, group_months
from regulars.rules.permission.asking import Asker

READERS: Final = ("marketer", "officer")
PROBLEMS: Final = {
    "bounds_not_four_numbers": gettext_lazy("Each bound wants four whole numbers. The fifths are shown meanwhile."),
    "bounds_fall": gettext_lazy("Bounds must rise from one to the next. The fifths are shown meanwhile."),
}


@require_GET
@never_cache
@seated(*READERS)
def rfm(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    by, asked = asker(request), asked_in(request.GET)
    picture = look_at_rfm(scope=asked.scope, cuts=asked.cuts, back=BACK[asked.back], by=by)
    if picture is None:
        return render(
            request,
            "marketing/rfm.html",
            {"picture": None, "import_url": way_to("data_room:bring") if url_of("data", by) else ""},
        )
    if asked.problem:
        messages.warning(request, PROBLEMS[asked.problem])
    return render(request, "marketing/rfm.html", _whole_page(picture, asked, by))


@require_GET
@never_cache
@seated(*READERS)
def part(request: HttpRequest, which: str) -> HttpResponse:
    """The map, the flow or the health chart alone: as a fragment for htmx, or as a file."""
    by, asked = asker(request), asked_in(request.GET)
    picture = look_at_rfm(scope=asked.scope, cuts=asked.cuts, back=BACK[asked.back], by=by)
    if picture is None or not (request.GET.get("csv") or request.headers.get("HX-Request")):
        return redirect(way_to("marketing:rfm") + with_changes(asked.query()))
    if request.GET.get("csv"):
        return exported(f"rfm-{which}", _picture_of(which, picture, by), company().currency)
    around = _map(picture, asked, by) if which == "map" else _flow(picture, asked)
    return render(
        request,
        f"marketing/parts/rfm_{'map' if which == 'map' else 'flow'}.html",
        {**around, **_asked(asked), "picture": picture},
    )


def _whole_page(picture: RfmPicture, asked: RfmAsked, by: Asker) -> dict[str, Any]:
    currency, there = company().currency, what_there_is()
    months = group_months(by=by)
    health = health_picture(months, picture.as_of) if months else None
    return {
        "picture": picture,
        "sentence": sentence(picture, by),
        **_asked(asked),
        **_map(picture, asked, by),
        **_flow(picture, asked),
        "departments": there.departments,
        "branches": there.branches,
        "bounds": _bounds_words(asked),
        "cut_fields": cut_fields(asked.cuts or picture.cuts),
        "own": asked.bounds == "own",
        "groups": group_lines(picture, asked, currency, by),
        "before_word": _before_words()[asked.back],
        "health": framed(
            "health",
            health,
            _("The groups at each month’s end, as shares of all customers"),
            currency=currency,
            size="l",
            csv_url=way_to("marketing:rfm_part", "health", csv="1"),
            keys=[Key(say(GROUPS, group), GROUP_KEYS[group]) for group in GROUPS],
        )
        if health
        else None,
    }


def _asked(asked: RfmAsked) -> dict[str, Any]:
    """The question itself, and its addresses with one thing changed."""
    words = {
        "people": pgettext("measure", "People"),
        "money": pgettext("measure", "Money"),
        "share": pgettext("measure", "Share"),
    }
    spans = {
        "month": pgettext("span", "Month"),
        "quarter": pgettext("span", "Quarter"),
        "year": pgettext("span", "Year"),
    }
    return {
        "asked": asked,
        "query": asked.query(),
        "measures": [(words[one], with_changes(asked.query(measure=one)), one == asked.measure) for one in MEASURES],
        "spans": [(spans[one], with_changes(asked.query(back=one)), one == asked.back) for one in BACK],
        "kept": {name: value for name, value in asked.query().items() if name in ("measure", "back")},
        "narrowed": not asked.is_everything,
        "everything_url": with_changes({"measure": asked.query().get("measure", "")}),
    }


def _map(picture: RfmPicture, asked: RfmAsked, by: Asker) -> dict[str, Any]:
    currency = company().currency
    visible = 0
    if asked.cell:
        inside = people_in_cell(
            scope=asked.scope, cuts=picture.cuts, r=asked.cell[0], f=asked.cell[1], as_of=picture.as_of
        )
        visible = count_people(by=by, ids=inside.ids().tolist())
    return {
        "heat": heat_map(picture, asked, currency), "chosen": chosen(picture, asked, visible, currency, by),
        "map_csv": way_to("marketing:rfm_part", "map") + with_changes({**asked.query(), "csv": "1"}),
    }  # fmt: skip


def _flow(picture: RfmPicture, asked: RfmAsked) -> dict[str, Any]:
    chart = framed(
        "flow", flow_picture(picture), _("How customers moved between the groups"), size="xl",
        keys=[Key(_("up or arrived")), Key(_("down"), "sand2"), Key(_("stayed"), "ground")],
        csv_url=way_to("marketing:rfm_part", "flow") + with_changes({**asked.query(), "csv": "1"}),
    )  # fmt: skip
    return {"flow": chart, "between": f"{day(picture.earlier)} → {day(picture.as_of)}"}


def _picture_of(which: str, picture: RfmPicture, by: Asker) -> Picture:
    if which == "flow":
        return flow_picture(picture)
    if which == "health":
        return health_picture(group_months(by=by), picture.as_of)
    words = {
        "recency": pgettext("column", "Recency"), "frequency": pgettext("column", "Frequency"),
        "customers": pgettext("column", "People"), "monetary": pgettext("column", "Money so far"),
    }  # fmt: skip
    return rfm_heat_map(
        picture.cells, recency=recency_labels(picture.cuts.recency), frequency=frequency_labels(picture.cuts.frequency),
        currency=currency_of(company().currency), words=words,
    )  # fmt: skip


def _bounds_words(asked: RfmAsked) -> list[tuple[str, str, str, bool]]:
    words = {
        "fifths": (_("Fifths of the customers"), _("each band holds about as many")),
        "house": (_("Days and times that speak"), _("30, 90, 180, 365 days; 1, 2, 4, 9 purchases")),
        "own": (_("My own"), _("the numbers below")),
    }
    return [(one, *words[one], one == asked.bounds) for one in BOUNDS]


def _before_words() -> dict[str, str]:
    return {
        "month": pgettext("column", "A month ago"), "quarter": pgettext("column", "A quarter ago"),
        "year": pgettext("column", "A year ago"),
    }  # fmt: skip
