"""Free texts that say something sensitive: the officer reads each, and leaves it, covers it, or has it sealed."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.text_words import kinds_said
from regulars.records.company.access import now
from regulars.records.free_texts.texts import FlaggedText, decide_text, flagged_texts
from regulars.rules.permission.errors import NotThere

BECAUSE: Final = "texts to review"


@require_safe
@never_cache
@seated(OFFICER)
def texts(request: HttpRequest) -> HttpResponse:
    """Texts that wait, the oldest first."""
    by = asker(request)
    waiting, flagged = flagged_texts(by=by, because=BECAUSE)
    around = {"waiting": waiting, "flagged": [_drawn(one) for one in flagged]}
    return in_room(request, "texts", around, by=by)


@require_POST
@seated(OFFICER)
def decide(request: HttpRequest, flag_id: int) -> HttpResponse:
    """What becomes of one text."""
    try:
        decide_text(flag_id, request.POST.get("decision", ""), by=asker(request), at=now())
    except NotThere:
        messages.warning(request, _("Somebody has decided about this text already."))
    else:
        messages.success(request, _("Done; the privacy log has a line about it."))
    return redirect("privacy_office:texts")


def _drawn(one: FlaggedText) -> dict[str, Any]:
    return {"flag": one, "kinds": kinds_said(one.kinds), "marked": _marked(one)}


def _marked(one: FlaggedText) -> SafeString:
    """The text with what was found in it marked."""
    parts: list[SafeString] = []
    reached = 0
    for hit in one.hits:
        parts += [escape(one.text[reached : hit.start]), format_html("<mark>{}</mark>", one.text[hit.start : hit.end])]
        reached = hit.end
    return mark_safe("".join([*parts, escape(one.text[reached:])]))  # noqa: S308  every part is escaped above
