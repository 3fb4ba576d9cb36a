"""The check of the house: what it compared, what disagrees, once more now, and taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.state import alarms_of, state_of
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.check_house import check_and_keep
from regulars.journeys.take_back_drift import take_back_and_keep
from regulars.records.access_log.checks import last_check

CODES_UNDONE = ("view_", "right_", "policy_", "trigger_", "comment_", "choice_", "row_security", "schema_right_")


@require_GET
@never_cache
@seated(OFFICER)
def checks(request: HttpRequest) -> HttpResponse:
    """The last check in full."""
    by = asker(request)
    check = last_check(by=by)
    alarms = alarms_of(check)
    may_undo = any(alarm.code.startswith(CODES_UNDONE) for alarm in alarms)
    return in_room(request, "checks", {"state": state_of(check), "alarms": alarms, "may_undo": may_undo}, by=by)


@require_POST
@seated(OFFICER)
def check_now(request: HttpRequest) -> HttpResponse:
    """Everything is compared once more, at once."""
    kept = check_and_keep(asked_by=asker(request).name, at=timezone.now())
    found = len(kept.report.findings)
    if found:
        told = ngettext("Checked: %(n)d disagreement.", "Checked: %(n)d disagreements.", found)
        messages.warning(request, told % {"n": found})
    else:
        messages.success(request, _("Checked: everything agrees."))
    return redirect("privacy_office:checks")


@require_POST
@seated(OFFICER)
def take_back(request: HttpRequest) -> HttpResponse:
    """What somebody changed by hand is made again what the dictionary says."""
    before, kept = take_back_and_keep(by=asker(request), at=timezone.now())
    left = len(kept.report.findings)
    words = {"n": len(before.findings) - left, "left": left}
    if left:
        messages.warning(request, _("%(n)d taken back. %(left)d stay: they need somebody's hands.") % words)
    else:
        messages.success(request, _("%(n)d taken back. Everything agrees again.") % words)
    return redirect("privacy_office:checks")
