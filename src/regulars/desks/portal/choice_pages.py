"""Her choices: switches that hold from the moment they are moved, and when and how she likes to be reached."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.portal.choices_drawn import (
    hours_sentence,
    signal_sentence,
    subject_switches,
    subject_wording,
    switches,
)
from regulars.desks.portal.statement_page import in_force
from regulars.desks.portal.tabs import around
from regulars.desks.portal.visiting import visit_of, visited
from regulars.desks.shared.customer_words import CHOICE_SENTENCES, in_a_row
from regulars.desks.shared.dates import clock
from regulars.desks.shared.words import CHANNELS
from regulars.journeys.give_receipt import give_receipt
from regulars.journeys.read_choices import read_choices
from regulars.journeys.show_own_record import BECAUSE, own_contact
from regulars.journeys.tell_us import prefer
from regulars.journeys.withdraw_consent import ChoiceMade, set_choice
from regulars.records.choices.signals import last_signal
from regulars.records.choices.subjects import KINDS
from regulars.records.company.access import now
from regulars.rules.permission.choices import ALLOWS, DIRECT_MARKETING
from regulars.rules.permission.errors import BadInput

HOURS: Final = range(24)


@require_GET
@visited
def choices(request: HttpRequest) -> HttpResponse:
    """The first tab: what she allows, and when she may be reached."""
    visit, at = visit_of(request), now()
    held = read_choices(visit.number, by=visit.herself, because=BECAUSE)
    page = {
        "switches": switches(held, at=at),
        "subjects": subject_switches(held),
        "is_child": held.is_child,
        "signal": signal_sentence(last_signal(visit.number)[0], at=at),
        "hours": hours_sentence(held.facts),
        "facts": held.facts,
        "statement": in_force(),
    }
    return render(request, "portal/choices.html", around(request, held.facts, page))


@require_POST
@visited
def choose(request: HttpRequest) -> HttpResponse:
    """One switch is moved. Whose it is follows from the link alone; whatever else the form carries is not looked at."""
    allows, value = request.POST.get("allows", ""), request.POST.get("value", "")
    if allows not in ALLOWS or value not in ("granted", "denied"):
        raise BadInput("choice_value_unknown", {"value": value[:40]})
    purpose, channel = ALLOWS[allows]
    _choose(request, purpose, channel, value, str(CHOICE_SENTENCES[allows]))
    return redirect("portal:choices")


@require_POST
@visited
def take_out(request: HttpRequest) -> HttpResponse:
    """One brand or topic is taken out of news and offers, or let in again."""
    kind, key, value = (request.POST.get(name, "") for name in ("kind", "key", "value"))
    if kind not in KINDS or value not in ("granted", "denied"):
        raise BadInput("choice_value_unknown", {"value": value[:40]})
    wording = subject_wording(kind, key)
    _choose(request, DIRECT_MARKETING, "", value, wording, **{kind: key})
    return redirect("portal:choices")


@require_GET
@visited
def receipt(request: HttpRequest) -> HttpResponse:
    """Everything she said about the use of her data, by ISO/IEC TS 27560, as a file to keep."""
    visit = visit_of(request)
    told = give_receipt(visit.number, by=visit.herself, because=BECAUSE, at=now(), language=get_language() or "en")
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{visit.number}-receipt.json"'
    return answer


@require_POST
@visited
def stop(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """No more of this kind: the channel of that contact is closed."""
    visit = visit_of(request)
    contact = own_contact(visit.number, contact_id, by=visit.herself)
    _choose(request, "direct_marketing", contact.channel, "denied", str(CHOICE_SENTENCES[f"allows_{contact.channel}"]))
    return redirect("portal:contacts")


@require_http_methods(["GET", "POST"])
@visited
def hours(request: HttpRequest) -> HttpResponse:
    """When and how she likes to be reached."""
    visit = visit_of(request)
    if request.method == "POST":
        opens, closes = _hour(request, "from"), _hour(request, "until")
        prefer(
            visit.number,
            channel=request.POST.get("channel", ""),
            quiet_from=closes,
            quiet_until=opens,
            by=visit.herself,
            at=now(),
        )
        messages.success(request, _("Kept. It holds from this moment."))
        return redirect("portal:choices")
    held = read_choices(visit.number, by=visit.herself, because=BECAUSE)
    page: dict[str, Any] = {"facts": held.facts, "hours": HOURS, "channels": CHANNELS.items()}
    return render(request, "portal/hours.html", around(request, held.facts, page))


def _choose(
    request: HttpRequest, purpose: str, channel: str, value: str, wording: str, *, brand: str = "", topic: str = ""
) -> None:
    visit = visit_of(request)
    made = set_choice(
        visit.number, purpose=purpose, channel=channel, value=value, by=visit.herself, because=BECAUSE, source="portal",
        wording=wording, at=now(), brand=brand, topic=topic,
    )  # fmt: skip
    messages.success(request, told(made, wording, at=timezone.now()))


def told(made: ChoiceMade, wording: str, *, at: datetime) -> str:
    """What has just come into force, and since when."""
    off = made.value == "denied"
    words = (
        _("“%(choice)s” is off, from this moment: %(clock)s.")
        if off
        else _("“%(choice)s” is on, from this moment: %(clock)s.")
    )
    said = words % {"choice": wording, "clock": clock(at)}
    if not off:
        return said
    if made.called_off:
        count = ngettext(
            "%(n)d planned message was called off.", "%(n)d planned messages were called off.", made.called_off
        )
        return in_a_row(said, count % {"n": made.called_off})
    return in_a_row(said, _("Anything queued will not use it either."))


def _hour(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or int(text[:3]) not in HOURS:
        raise BadInput("hours_unclear", {})
    return int(text)
