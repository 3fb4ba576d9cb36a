"""Choices of everybody, counted: who said what, and for how many each purpose is open."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from regulars.desks.privacy_office.choices_drawn import choices_drawn
from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.shared.laws import JURISDICTIONS, law_in_words
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import CHANNELS, PURPOSES, say
from regulars.journeys.write_statement import statement_sources
from regulars.records.choices.statistics import count_choices
from regulars.rules.permission.choices import ONLY_WHEN_GRANTED, Default


@require_GET
@never_cache
@seated(OFFICER)
def choices(request: HttpRequest) -> HttpResponse:
    """Counts per purpose and channel, and what the law makes of silence here."""
    by = asker(request)
    counts = count_choices(by=by)
    sources = statement_sources()
    around = {
        "lines": choices_drawn(counts),
        "everybody": counts[0].everybody,
        "jurisdiction": say(JURISDICTIONS, sources.company.jurisdiction),
        "drawn_defaults": [_default(one) for one in (*sources.defaults, *sources.channels)],
    }
    return in_room(request, "choices", around, by=by)


def _default(one: Default) -> dict[str, object]:
    """What silence means for one purpose or channel."""
    label = say(CHANNELS, one.channel) if one.channel else say(PURPOSES, one.purpose)
    granted = one.value == "granted" and one.purpose not in ONLY_WHEN_GRANTED
    return {"label": label, "granted": granted, "law": law_in_words(one.source)}
