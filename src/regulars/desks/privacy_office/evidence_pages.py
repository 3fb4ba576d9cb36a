"""The evidence: how the log stands, its copies, the newest deeds; verified anew; and the bundle to hand over."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.words import OTHER_ROLES
from regulars.desks.shared.evidence_words import BOOK_WORDS, COPY_STATES, DEED_WORDS
from regulars.desks.shared.finding_words import sentence_of
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.told_words import told_in_words
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.close_batch import close_batches
from regulars.journeys.report_evidence import CopyState, evidence_state, verify_log
from regulars.journeys.send_checkpoint import send_checkpoints
from regulars.journeys.write_bundle import write_bundle
from regulars.records.access_log.reached import Deed, deeds

LATELY, SHOWN = timedelta(days=31), 12
TONES = {"well": "ok", "behind": "heed", "away": "heed", "otherwise": "heed", "nothing": ""}


@require_GET
@never_cache
@seated(OFFICER)
def evidence(request: HttpRequest) -> HttpResponse:
    """The log as evidence, and what was lately done about privacy."""
    by = asker(request)
    state = evidence_state(by=by, at=timezone.now())
    around = {
        "evidence": state,
        "waiting": sum(state.waiting.values()),
        "books": [(say(BOOK_WORDS, book), lines) for book, lines in state.waiting.items()],
        "copies": [_copy(one) for one in state.copies],
        "deeds": [_deed(one) for one in deeds(by=by, limit=SHOWN)],
    }
    return in_room(request, "evidence", around, by=by)


@require_POST
@seated(OFFICER)
def verify_now(request: HttpRequest) -> HttpResponse:
    """Everything is closed, sent and read again, at once."""
    by = asker(request)
    close_batches(at=timezone.now())
    send_checkpoints(at=timezone.now())
    found = verify_log(by=by)
    for one in found[:5]:
        messages.warning(request, sentence_of(one))
    if not found:
        messages.success(request, _("Every closed line is as it was, and every copy agrees."))
    return redirect("privacy_office:evidence")


@require_POST
@seated(OFFICER)
def bundle(request: HttpRequest) -> FileResponse:
    """The bundle as a file; nothing of it stays on the server."""
    at = timezone.now()
    with tempfile.TemporaryDirectory(dir=settings.HOME.folder("files")) as folder:
        name = f"regulars-{timezone.localtime(at):%Y-%m-%d}.zip"
        written = write_bundle(Path(folder) / name, by=asker(request), at=at, since=at - LATELY)
        sheet = written.path.open("rb")  # open, it outlives its name
    return FileResponse(sheet, as_attachment=True, filename=name, content_type="application/zip")


def _copy(one: CopyState) -> dict[str, Any]:
    name = _("in the home, beside the database") if not one.is_outside else one.name
    return {"name": name, "said": say(COPY_STATES, one.state), "tone": TONES[one.state], "copy": one}


def _deed(one: Deed) -> dict[str, Any]:
    role = say(ROLES if one.role in ROLES else OTHER_ROLES, one.role)
    return {"deed": one, "what": say(DEED_WORDS, one.deed), "told": told_in_words(one.detail), "role": role}
