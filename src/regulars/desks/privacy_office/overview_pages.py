"""The front page of the privacy office: the state in one sentence, one person through five views, alarms, choices."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.desks.privacy_office.choices_drawn import choices_drawn
from regulars.desks.privacy_office.five_views import five_views
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.state import alarms_of, state_of
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.compare_views import compare_views
from regulars.journeys.who_reaches import who_reaches
from regulars.records.access_log.checks import last_check
from regulars.records.choices.statistics import count_choices
from regulars.records.company.statements import statement_in_force


@require_GET
@never_cache
@seated(OFFICER)
def overview(request: HttpRequest) -> HttpResponse:
    """Is everything as declared? What does each view hand out? What did people say?"""
    by, now = asker(request), timezone.now()
    check = last_check(by=by)
    comparison = compare_views(request.GET.get("who", "")[:40], by=by, because="oversight")
    around = {
        "state": state_of(check),
        "alarms": alarms_of(check),
        "five": five_views(comparison, who_reaches(at=now), check) if comparison else None,
        "choices": choices_drawn(count_choices(by=by)),
        "in_force": statement_in_force("en", at=now),
    }
    return in_room(request, "overview", around, part="five" if request.GET.get("who") else "", by=by)
