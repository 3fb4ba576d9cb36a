"""What is held about her, why she was contacted, who looked; what she tells us about it."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.desks.portal.data_drawn import FIELDS, contact_lines, looks, record_drawn
from regulars.desks.portal.tabs import around, tabs
from regulars.desks.portal.visiting import visit_of, visited
from regulars.journeys.show_own_record import copy_of_own_data, own_contacts, own_record, who_looked
from regulars.journeys.tell_us import ask_to_be_deleted, report_to_officer, suggest_correction
from regulars.records.company.access import company, now
from regulars.rules.permission.errors import NotThere

WORDS_AT_MOST = 1_000


@require_GET
@visited
def data(request: HttpRequest) -> HttpResponse:
    """Everything held, each part with its source."""
    visit, at = visit_of(request), now()
    held = own_record(visit.number, by=visit.herself, at=at)
    return render(
        request, "portal/data.html", around(request, held.facts, record_drawn(held, at=at, currency=company().currency))
    )


@require_GET
@visited
def copy(request: HttpRequest) -> HttpResponse:
    """All of it as one file to take along."""
    visit = visit_of(request)
    held = copy_of_own_data(visit.number, by=visit.herself, at=now())
    answer = HttpResponse(
        json.dumps(held, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{visit.number}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@visited
def correct(request: HttpRequest, field: str) -> HttpResponse:
    """She says how it should be; a person looks at it before the record changes."""
    if field not in FIELDS:
        raise NotThere("field_unknown", {"field": field[:40]})
    visit, words = visit_of(request), request.POST.get("words", "").strip()[:WORDS_AT_MOST]
    if request.method == "POST" and words:
        suggest_correction(visit.number, field=field, proposal=words, by=visit.herself, at=now())
        messages.success(
            request, _("Thank you. Somebody looks at it within a week; until then the record stays as it is.")
        )
        return redirect("portal:data")
    return _ask(request, "portal/correct.html", {"label": FIELDS[field], "empty": request.method == "POST"})


@require_http_methods(["GET", "POST"])
@visited
def delete(request: HttpRequest) -> HttpResponse:
    """She wants to be deleted; a person carries it out within a week."""
    if request.method == "POST":
        visit = visit_of(request)
        ask_to_be_deleted(
            visit.number, words=request.POST.get("words", "").strip()[:WORDS_AT_MOST], by=visit.herself, at=now()
        )
        messages.success(
            request, _("Your wish is noted. It is carried out within a week, and you will hear when it is done.")
        )
        return redirect("portal:data")
    return _ask(request, "portal/delete.html", {})


@require_GET
@visited
def contacts(request: HttpRequest) -> HttpResponse:
    """Why she was contacted, and why not."""
    visit, at = visit_of(request), now()
    facts, found = own_contacts(visit.number, by=visit.herself, at=at)
    return render(request, "portal/contacts.html", around(request, facts, {"lines": contact_lines(found, at=at)}))


@require_GET
@visited
def seen(request: HttpRequest) -> HttpResponse:
    """Who opened her record, when and why; refusals too."""
    visit = visit_of(request)
    facts, lines = who_looked(visit.number, by=visit.herself)
    return render(request, "portal/seen.html", around(request, facts, {"looks": looks(lines)}))


@require_http_methods(["GET", "POST"])
@visited
def odd(request: HttpRequest) -> HttpResponse:
    """Something is odd: the privacy officer hears of it."""
    visit, words = visit_of(request), request.POST.get("words", "").strip()[:WORDS_AT_MOST]
    if request.method == "POST" and words:
        report_to_officer(visit.number, words=words, by=visit.herself, at=now())
        messages.success(request, _("The privacy officer has it, and answers within a week."))
        return redirect("portal:seen")
    return _ask(request, "portal/odd.html", {"empty": request.method == "POST"})


def _ask(request: HttpRequest, template: str, page: dict[str, Any]) -> HttpResponse:
    """A question on a page of its own; nothing of her record is read for it."""
    return render(
        request, template, page | {"portal_tabs": tabs(request.path)}, status=422 if page.get("empty") else 200
    )
