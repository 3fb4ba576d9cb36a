"""Households that are proposed: the steward says who lives together, and who does not."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.shared.customer_words import in_a_list
from regulars.desks.shared.recognition_words import reason_said
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.keep_groups import (
    ProposedHousehold,
    accept_household,
    proposed_households,
    refuse_household,
)
from regulars.records.company.access import now

BECAUSE: Final = "proposed households"
ON_A_PAGE: Final = 50
MOST_MEMBERS: Final = 20


@require_GET
@never_cache
@seated("steward")
def households(request: HttpRequest) -> HttpResponse:
    """Who seems to live together, the likeliest first."""
    found = proposed_households(by=asker(request), because=BECAUSE, limit=ON_A_PAGE)
    return render(request, "data_room/households.html", {"proposed": [_shown(one) for one in found]})


@require_POST
@seated("steward")
def accept(request: HttpRequest) -> HttpResponse:
    """They live together."""
    ref = accept_household(_numbers(request), by=asker(request), because=_why(request), at=now())
    messages.success(request, _("They are household %(ref)s now.") % {"ref": ref})
    return redirect("data_room:households")


@require_POST
@seated("steward")
def refuse(request: HttpRequest) -> HttpResponse:
    """They do not."""
    refuse_household(_numbers(request), by=asker(request), because=_why(request), at=now())
    messages.success(request, _("They are not proposed together again."))
    return redirect("data_room:households")


def _shown(one: ProposedHousehold) -> dict[str, object]:
    return {
        "members": one.members, "numbers": " ".join(who.number for who in one.members),
        "why": in_a_list(dict.fromkeys(reason_said(step) for step in one.reasons)),
    }  # fmt: skip


def _numbers(request: HttpRequest) -> list[str]:
    return request.POST.getlist("member")[:MOST_MEMBERS]


def _why(request: HttpRequest) -> str:
    return request.POST.get("because", "").strip()[:400] or BECAUSE
