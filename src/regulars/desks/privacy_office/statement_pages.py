"""The privacy statement: the version in force, the earlier ones, and what the house would write today."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.privacy_office.statement_text import statement_in
from regulars.desks.shared.clauses import clauses_of
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.write_statement import LANGUAGES, publish, statement_sources
from regulars.records.company.statements import statement_in_force, statements


@require_GET
@seated(OFFICER)
def statement(request: HttpRequest) -> HttpResponse:
    """What is told to customers, and what would be told if it were written now."""
    language, now = _chosen(request), timezone.now()
    in_force = statement_in_force(language, at=now)
    draft = statement_in(language, statement_sources())
    shown = draft if request.GET.get("show") == "draft" or in_force is None else in_force.body
    around = {
        "in_force": in_force,
        "versions": [one for one in statements() if one.language == language],
        "changed": in_force is None or in_force.body != draft,
        "showing_draft": shown is draft,
        "clauses": clauses_of(shown),
        "language": language,
    }
    return in_room(request, "statement", around, by=asker(request))


@require_POST
@seated(OFFICER)
def publish_now(request: HttpRequest) -> HttpResponse:
    """The text of today is in force from this moment, in every language."""
    sources = statement_sources()
    bodies = {language: statement_in(language, sources) for language in LANGUAGES}
    version = publish(bodies, by=asker(request), at=timezone.now())
    messages.success(request, _("Version %(n)d is in force, in English and Chinese.") % {"n": version})
    return redirect("privacy_office:statement")


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get("language", get_language() or "en")
    return asked if asked in LANGUAGES else "en"
