"""The privacy statement in force, in her language, beside what she decides under it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from regulars.desks.portal.tabs import around
from regulars.desks.portal.visiting import visit_of, visited
from regulars.desks.shared.clauses import clauses_of
from regulars.journeys.read_choices import read_choices
from regulars.journeys.show_own_record import BECAUSE
from regulars.records.company.statements import StatementFacts, statement_in_force
from regulars.rules.permission.errors import NotThere


@require_GET
@visited
def statement(request: HttpRequest) -> HttpResponse:
    """The whole statement with its version and the day it came into force."""
    told = in_force()
    if told is None:
        raise NotThere("statement_not_there")
    visit = visit_of(request)
    facts = read_choices(visit.number, by=visit.herself, because=BECAUSE).facts
    first, *clauses = clauses_of(told.body)
    page = {"statement": told, "first": first, "clauses": clauses}
    return render(request, "portal/statement.html", around(request, facts, page))


def in_force() -> StatementFacts | None:
    """The version in force by the clock on the wall, in her language, else in English."""
    return statement_in_force(get_language() or "en", at=timezone.now())
