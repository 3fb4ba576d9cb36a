"""Need to know by assignment: of whom a given reason is asked before a file opens, and what came of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import OTHER_ROLES
from regulars.desks.shared.customer_words import TASK_KINDS
from regulars.desks.shared.log_words import said_because
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.need_to_know import NeedReport, ask_for_reason, needs_asked, report_need_to_know
from regulars.records.company.access import branches
from regulars.records.customers.side_by_side import numbers_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.need_to_know import ASKABLE, MOST_HERE


class NeedForm(forms.Form):
    """Of whom, and where."""

    role = forms.ChoiceField(choices=lambda: [(role, say(ROLES, role)) for role in ASKABLE], label=gettext_lazy("Role"))
    branch = forms.TypedChoiceField(
        choices=lambda: [("", _("everywhere")), *((one.id, one.name or one.ref) for one in branches())],
        coerce=int, empty_value=None, required=False, label=gettext_lazy("Where"),
    )  # fmt: skip
    asked = forms.BooleanField(required=False)


@require_GET
@never_cache
@seated(OFFICER)
def needs(request: HttpRequest) -> HttpResponse:
    """Of whom it is asked, and what came of it."""
    by = asker(request)
    named = {one.id: one.name or one.ref for one in branches()}
    around = {
        "asked": [(one, say(ROLES, one.role), named.get(one.branch_id or 0, "")) for one in needs_asked()],
        "form": NeedForm(),
        "most_here": MOST_HERE,
        **_came_of_it(report_need_to_know(by=by, at=timezone.now()), by),
    }
    return in_room(request, "needs", around, by=by)


@require_POST
@seated(OFFICER)
def ask(request: HttpRequest) -> HttpResponse:
    """It is asked from the next page on, or no longer."""
    form = NeedForm(request.POST)
    if not form.is_valid():
        raise BadInput("reason_not_askable", {"roles": ", ".join(ASKABLE)})
    said = form.cleaned_data
    at = timezone.now()
    ask_for_reason(said["role"], branch_id=said["branch"], asked=said["asked"], by=asker(request), at=at)
    told = _("A given reason is asked from the next page on.") if said["asked"] else _("No reason is asked any more.")
    messages.success(request, told)
    return redirect("privacy_office:needs")


def _came_of_it(found: NeedReport, by: Asker) -> dict[str, Any]:
    numbers = numbers_of([one.customer_id for one in found.without], by=by)
    return {
        "said_here": [(one, _role(one.role)) for one in found.said_here],
        "self_assigned": [(one, say(TASK_KINDS, one.kind)) for one in found.self_assigned],
        "refused": [(one, _role(one.role)) for one in found.refused],
        "without": [
            (one, numbers.get(one.customer_id, ("", ""))[0], said_because(one.because)) for one in found.without
        ],
    }


def _role(role: str) -> str:
    return say(ROLES if role in ROLES else OTHER_ROLES, role)
