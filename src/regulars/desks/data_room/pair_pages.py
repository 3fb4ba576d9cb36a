"""Pairs that may be one person: the steward looks at them side by side and decides."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from regulars.desks.data_room.matching_drawn import matching_part
from regulars.desks.data_room.pairs_drawn import pair_page, pairs_table
from regulars.desks.shared.figures import number
from regulars.desks.shared.merging_words import MAY_DECIDE, went_said
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.ask_to_match import look_at_matching
from regulars.journeys.merge_customers import unmerge_customers
from regulars.journeys.review_pairs import (
    decide_different,
    look_at_pair,
    merge_pair,
    pairs_in_review,
    put_off,
)
from regulars.records.company.access import now
from regulars.rules.merging.winners import FIELDS, Side

BECAUSE: Final = "review of pairs"
ON_A_PAGE: Final = 50


@require_GET
@never_cache
@seated(*MAY_DECIDE)
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, the surest first."""
    by = asker(request)
    waiting, found = pairs_in_review(by=by, because=BECAUSE, limit=ON_A_PAGE)
    told = ngettext("%(n)s pair waits.", "%(n)s pairs wait.", waiting) % {"n": number(waiting)}
    around: dict[str, Any] = {"waiting": waiting, "told": told, "pairs": pairs_table(found)}
    around["may_propose"] = by.role == "steward"
    return render(
        request, "data_room/pairs.html", around | matching_part(look_at_matching(by=by, because=BECAUSE))
    )  # fmt: skip


@require_GET
@never_cache
@seated(*MAY_DECIDE)
def pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two records side by side, what speaks for and against, and what merging would do."""
    swapped, chosen = _asked(request.GET)
    found, seen = look_at_pair(pair_id, by=asker(request), because=BECAUSE, swapped=swapped, chosen=chosen)
    return render(request, "data_room/pair.html", pair_page(found, seen, swapped=swapped, chosen=chosen))


@require_POST
@seated(*MAY_DECIDE)
def merge(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The two are one; the next pair comes up."""
    swapped, chosen = _asked(request.POST)
    done = merge_pair(pair_id, by=asker(request), because=_why(request), at=now(), swapped=swapped, chosen=chosen)
    named = {"goes": done.goes, "into": done.into}
    messages.success(request, _("%(goes)s is %(into)s now. The card can undo it.") % named)
    return _next(request)


@require_POST
@seated(*MAY_DECIDE)
def different(request: HttpRequest, pair_id: int) -> HttpResponse:
    """They are two persons and stay so."""
    decide_different(pair_id, by=asker(request), because=_why(request))
    messages.success(request, _("They stand as two persons. Nothing puts them together by itself any more."))
    return _next(request)


@require_POST
@seated(*MAY_DECIDE)
def later(request: HttpRequest, pair_id: int) -> HttpResponse:
    """After all others."""
    put_off(pair_id, by=asker(request))
    messages.success(request, _("Put off. It comes after all others."))
    return _next(request)


@require_POST
@seated(*MAY_DECIDE)
def unmerge(request: HttpRequest, customer_number: str) -> HttpResponse:
    """The customer who had that number is somebody of her own again."""
    done = unmerge_customers(
        customer_number, by=asker(request), because=_why(request), at=now(), are_two=bool(request.POST.get("are_two"))
    )
    stayed = sum(done.stayed.values())
    told = _("%(goes)s and %(into)s are two again.") % {"goes": done.goes, "into": done.into}
    rest = ngettext(
        "%(n)s row that came meanwhile stays with %(into)s.",
        "%(n)s rows that came meanwhile stay with %(into)s.",
        stayed,
    )
    rest %= {"n": number(stayed), "into": done.into}
    parts = (told, rest if stayed else "", went_said(done.went, done.into))
    messages.success(request, " ".join(filter(None, parts)))
    return redirect("service:customer", number=done.into)


def _next(request: HttpRequest) -> HttpResponse:
    """The next pair that waits, or the empty list."""
    _waiting, found = pairs_in_review(by=asker(request), because=BECAUSE, limit=1)
    waits = [one for one in found if one.state == "waiting"]
    return redirect("data_room:pair", pair_id=waits[0].id) if waits else redirect("data_room:pairs")


def _asked(told: QueryDict) -> tuple[bool, Mapping[str, Side]]:
    """Whether the two change places, and whose word was chosen, by field: what is left as the rule marked it (`ruled-`)
    nobody chose."""
    sides: dict[str, Any] = {name: told.get(name) for name in FIELDS if told.get(name) != told.get(f"ruled-{name}")}
    return told.get("swapped") == "1", {name: side for name, side in sides.items() if side in ("into", "from")}


def _why(request: HttpRequest) -> str:
    return request.POST.get("because", "").strip()[:400] or BECAUSE
