"""What takes two people: which acts, what waits for a second person, and what was answered."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.told_words import told_in_words
from regulars.desks.shared.watching_words import ACTS, PROPOSAL_STATES
from regulars.desks.shared.words import say
from regulars.journeys.approve import acts_of_two, approve, ask_for_two, turn_down
from regulars.records.access_log.readings import key_of
from regulars.records.approvals.access import ProposalFacts, proposals
from regulars.records.company.access import now
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput


@require_GET
@never_cache
@seated(OFFICER)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits, which acts take two, what was answered."""
    by = asker(request)
    drawn = [_drawn(one, by) for one in proposals(by=by)]
    around = {
        "waiting": [one for one in drawn if one["waits"]],
        "past": [one for one in drawn if not one["waits"]],
        "acts": [(act, say(ACTS, act), asked) for act, asked in acts_of_two().items()],
    }
    return in_room(request, "approvals", around, by=by)


@require_POST
@never_cache
@seated(OFFICER)
def approve_one(request: HttpRequest, number: int) -> HttpResponse:
    """It is carried out; a release comes as its file."""
    made = approve(number, by=asker(request), at=now())
    if made is None:
        messages.success(request, _("Approved and done."))
        return redirect("privacy_office:approvals")
    answer = HttpResponse(made.content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@require_POST
@seated(OFFICER)
def refuse_one(request: HttpRequest, number: int) -> HttpResponse:
    """Nothing is done."""
    try:
        turn_down(number, answer=request.POST.get("because", "")[:300], by=asker(request))
    except BadInput as error:
        messages.error(request, sentence_for(error))
    return redirect("privacy_office:approvals")


@require_POST
@seated(OFFICER)
def take_two(request: HttpRequest, act: str) -> HttpResponse:
    """That kind of act takes two people, or one."""
    ask_for_two(act, asked=request.POST.get("asked") == "yes", by=asker(request))
    return redirect("privacy_office:approvals")


def _drawn(one: ProposalFacts, by: Asker) -> dict[str, object]:
    return {
        "facts": one,
        "act": say(ACTS, one.act),
        "state": say(PROPOSAL_STATES, one.state),
        "waits": one.state == "waiting",
        "own": one.proposer == key_of(by),
        "told": told_in_words(one.told),
    }
