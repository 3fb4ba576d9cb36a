"""The customer as the service desk meets her: found, opened, reached for a reason, heard about the use of her data."""

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.service.card_drawn import card_page, line_of
from regulars.desks.service.cases import case_behind
from regulars.desks.service.choices_drawn import every_choice, subject_rows
from regulars.desks.service.likely_drawn import likely_line
from regulars.desks.service.opened_lately import keep_key, keys_for
from regulars.desks.service.timeline_drawn import drawn, earlier_url, order_drawn
from regulars.desks.shared.customer_words import in_a_row
from regulars.desks.shared.signing_in import asker, name_case, seated
from regulars.desks.shared.words import PURPOSES, say
from regulars.journeys.give_portal_link import give_portal_link
from regulars.journeys.need_to_know import customer_is_here
from regulars.journeys.open_contact import open_contact
from regulars.journeys.open_customer import KINDS, Timeline, earlier_moments, open_card, order_on_card
from regulars.journeys.read_choices import read_choices
from regulars.journeys.recognise_customer import Recognised, recognise_customer
from regulars.journeys.recognise_likely import LikelyCustomer, recognise_likely
from regulars.journeys.withdraw_consent import set_choice
from regulars.records.choices.subjects import KINDS as SUBJECT_KINDS
from regulars.records.company.access import company, now
from regulars.records.customers.recognising import RECOGNISING
from regulars.rules.identity.typed import read_typed
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import ALLOWS
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.need_to_know import ASSIGNED, wider

ANYBODY: Final = ("service", "marketer", "officer", "steward")
SERVING: Final = ("service", "officer")
FOUND_AT_MOST: Final = 20
#: From so many letters on, and as long as fewer are found, the search also says who else it may be.
LONG_ENOUGH: Final = 2
HARDLY_ANYBODY: Final = 3


@require_GET
@seated(*ANYBODY)
def customers(request: HttpRequest) -> HttpResponse:
    """Find a customer; with htmx only the list comes back while one types."""
    text, at, by = request.GET.get("q", "").strip()[:120], now(), asker(request)
    found = recognise_customer(text, by=by, because="searching", limit=FOUND_AT_MOST + 1) if text else []
    around: dict[str, Any] = {
        "find_text": text,
        "lines": [line_of(one, at=at) for one in found[:FOUND_AT_MOST]],
        "more": len(found) > FOUND_AT_MOST,
        "likely": [likely_line(one, at=at) for one in _perhaps(text, found, by)],
        "by_branches": bool(by.branches),
        "for_a_reason": by.view == ASSIGNED,
    }
    fragment = request.headers.get("HX-Target") == "found"
    return render(request, "service/parts/found.html" if fragment else "service/customers.html", around)


def _perhaps(text: str, found: list[Recognised], by: Asker) -> list[LikelyCustomer]:
    """Where hardly anybody is called just so: those it may be, slips and all."""
    told = read_typed(text, company().country)
    if len(text) < LONG_ENOUGH or len(found) >= HARDLY_ANYBODY or not told or wider(by.view) not in RECOGNISING:
        return []
    if found and not told.names:
        return []  # the whole number, phone or mail of somebody
    already = {one.customer.number for one in found}
    likely = recognise_likely(told, by=by, because="searching")
    return [one for one in likely if one.customer.number not in already]


@require_GET
@never_cache
@seated(*ANYBODY)
def customer(request: HttpRequest, number: str) -> HttpResponse:
    """The card: what holds, what is known, what happened, what is to be done."""
    by, at, kind = asker(request), now(), _kind(request)
    keys = keys_for(request, number)
    card = open_card(number, by=by, because="serving", at=at, kind=kind, keys=keys)
    if card.facts.number != number:
        return redirect("service:customer", number=card.facts.number)  # she was merged into another since
    return render(request, "service/customer.html", card_page(card, by=by, at=at, kind=kind, keys=keys))


#: From where a card is opened beside the page, and as which reason that stands in the log.
BESIDE: Final = ("serving", "order", "call", "task", "complaint", "campaign")


@require_GET
@never_cache
@seated(*ANYBODY)
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """The same card beside whatever somebody is doing: an order, a call, a task, a complaint, a campaign."""
    by, at, asked = asker(request), now(), request.GET.get("from", "")
    keys = keys_for(request, number)
    card = open_card(number, by=by, because=asked if asked in BESIDE else "serving", at=at, keys=keys)
    around = card_page(card, by=by, at=at, kind="", keys=keys) | {
        "card_url": reverse("service:customer", args=[number])
    }
    return render(
        request, "service/panel.html" if not request.headers.get("HX-Request") else "service/parts/panel.html", around
    )


@require_GET
@never_cache
@seated(*ANYBODY)
def earlier(request: HttpRequest, number: str) -> HttpResponse:
    """The next stretch of the timeline; without htmx it is a page of its own."""
    kind, before = _kind(request), _moment(request, "before")
    timeline = earlier_moments(number, by=asker(request), because="timeline", before=before, kind=kind)
    around = {**_stretch(timeline, number, kind, asker(request).role in SERVING), "number": number}
    return render(
        request, "service/parts/stretch.html" if request.headers.get("HX-Request") else "service/earlier.html", around
    )


@require_GET
@never_cache
@seated(*ANYBODY)
def order(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """All lines of one order."""
    found = order_on_card(number, _key(key), by=asker(request), because="order", at=_moment(request, "at"))
    around = {"order": order_drawn(found), "number": number}
    return render(
        request, "service/parts/order_lines.html" if request.headers.get("HX-Request") else "service/order.html", around
    )


@require_POST
@seated(*SERVING)
def open_contact_point(request: HttpRequest, number: str) -> HttpResponse:
    """One contact point is shown for ten minutes, for a case."""
    because, reference = case_behind(request.POST.get("because", ""))
    channel, point = request.POST.get("channel", ""), request.POST.get("point", "")
    _shown, key = open_contact(
        number, channel, by=asker(request), because=because, reference=reference, at=timezone.now(),
        point_id=int(point) if point.isdecimal() and len(point) < 19 else None,
    )  # fmt: skip
    keep_key(request, number, key)
    return redirect(f"{reverse('service:customer', args=[number])}#reach")


@require_POST
@seated(*ANYBODY)
def name_the_case(request: HttpRequest, number: str) -> HttpResponse:
    """The case she works on, for a file that opens for one only; whether it is this customer's, the door asks."""
    name_case(request, number, request.POST.get("reference", "").strip()[:60])
    return redirect("service:customer", number)


@require_POST
@seated(*ANYBODY)
def she_is_here(request: HttpRequest, number: str) -> HttpResponse:
    """The customer stands here or is on the line and said who she is; her file opens for a while."""
    customer_is_here(number, request.POST.get("said", ""), by=asker(request))
    messages.info(request, _("Open for half an hour, because the customer is here. The privacy officer reads this."))
    return redirect("service:customer", number)


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SERVING)
def choices(request: HttpRequest, number: str) -> HttpResponse:
    """What the customer says about the use of her data, written down while she says it."""
    by, at = asker(request), now()
    if request.method == "POST":
        _record_choice(request, number, at)
        return redirect(request.path)
    held = read_choices(number, by=by, because="choice")
    return render(
        request,
        "service/choices.html",
        {
            "facts": held.facts,
            "rows": every_choice(held, at=at),
            "subjects": subject_rows(held),
            "is_child": held.is_child,
            "number": number,
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SERVING)
def portal_link(request: HttpRequest, number: str) -> HttpResponse:
    """A link to the customer's own page, to hand over now: it is shown this once."""
    if request.method == "GET":
        return render(request, "service/portal_link.html", {"number": number})
    url = give_portal_link(number, by=asker(request), because="portal_link", at=timezone.now())
    return render(request, "service/portal_link.html", {"number": number, "url": url})


def _record_choice(request: HttpRequest, number: str, at: datetime) -> None:
    purpose, channel = ALLOWS.get(request.POST.get("allows", ""), ("", ""))
    about = {kind: request.POST[kind][:40] for kind in SUBJECT_KINDS if request.POST.get(kind)}
    made = set_choice(
        number, purpose=purpose, channel=channel, value=request.POST.get("value", ""), by=asker(request),
        because="choice", source=request.POST.get("source", "counter"),
        wording=request.POST.get("words", "")[:500], at=at, by_guardian=bool(request.POST.get("guardian")), **about,
    )  # fmt: skip
    told = _("%(purpose)s: written down, in force from this moment.") % {"purpose": say(PURPOSES, made.purpose)}
    count = ngettext(
        "%(n)d planned message was called off.", "%(n)d planned messages were called off.", made.called_off
    )
    messages.success(request, in_a_row(told, count % {"n": made.called_off} if made.called_off else ""))


def _stretch(timeline: Timeline, number: str, kind: str, serving: bool) -> dict[str, Any]:
    return {
        "lines": drawn(timeline.moments, number, at=now(), serving=serving),
        "earlier_url": earlier_url(timeline, number, kind),
    }


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("show", "")
    return kind if kind in KINDS else ""


def _moment(request: HttpRequest, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        raise BadInput("moment_unclear", {"moment": name}) from None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _key(text: str) -> int:
    try:
        key = int(text)
    except ValueError:
        key = 0
    return key if abs(key) < 2**63 else 0
