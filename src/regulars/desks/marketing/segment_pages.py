"""Segments: the list with ready ones to take, the builder that counts while one types, what each is used for."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.marketing.builder import Builder, builder_in, builder_of, builder_of_kept, rule_in
from regulars.desks.marketing.overlap_drawn import keys_asked, overlap_drawn, overlap_picture
from regulars.desks.marketing.pictures import exported
from regulars.desks.marketing.segment_drawn import list_rows, ready_rows, versions_drawn, why_drawn
from regulars.desks.marketing.today_drawn import named
from regulars.desks.marketing.ways import way_to
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.navigation import url_of
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.explore_segment import alter_segment, keep_segment, overlap_of
from regulars.journeys.offer_values import offered_values
from regulars.journeys.why_in_segment import why_in_segment
from regulars.records.campaigns.access import campaigns, using_segment
from regulars.records.company.access import company, now
from regulars.records.scores.access import last_refresh
from regulars.records.segments.access import SegmentFacts, segment, segments, taken_keys, versions_of
from regulars.records.segments.actions import rename_segment, retire_segment
from regulars.rules.page_keys import free_key
from regulars.rules.permission.errors import BadInput, RegularsError
from regulars.rules.segments.ready import READY

READERS: Final = ("marketer", "officer")
NAME_AT_MOST: Final = 120
KEY_AT_MOST: Final = 56


@require_GET
@never_cache
@seated(*READERS)
def all_segments(request: HttpRequest) -> HttpResponse:
    """The living segments, worth most first, and the ready ones not taken yet."""
    by, living, done = asker(request), segments(), last_refresh()
    names = offered_values(by=by, language=_language()).names()
    around = {
        "rows": list_rows(
            living,
            campaigns(by=by),
            names=names,
            everybody=done.customers if done else 0,
            currency=company().currency,
            language=_language(),
            at=now(),
        ),
        "ready": ready_rows({one.key for one in living}, _language()) if by.role == "marketer" else [],
        "figures": done is not None,
        "import_url": way_to("data_room:bring") if url_of("data", by) else "",
        "may_write": by.role == "marketer",
        "set_aside": sum(one.mistake is not None for one in living),
        "counted_at": max((one.counted_at for one in living if one.counted_at), default=None),
    }
    return render(request, "marketing/segments.html", around)


@require_http_methods(["GET", "POST"])
@never_cache
@seated("marketer")
def new_segment(request: HttpRequest) -> HttpResponse:
    """A new rule, begun from nothing, from a ready one, or from a field of the RFM map."""
    if request.method == "POST" and request.POST.get("do") == "save":
        return _keep(request)
    if request.method == "POST":
        return _builder_page(request, builder_in(request.POST, by=asker(request)))
    ready = READY.get(request.GET.get("ready", ""))
    try:
        rule = ready.data if ready else json.loads(request.GET.get("rule", "null")) or {}
        builder = builder_of(
            rule, by=asker(request), name=ready.name if ready else "", name_zh=ready.name_zh if ready else ""
        )
    except (ValueError, RecursionError, BadInput):
        raise BadInput("rule_not_json", {"reason": _("the link is broken")}) from None
    return _builder_page(request, builder)


@require_POST
@never_cache
@seated(*READERS)
def try_rule(request: HttpRequest) -> HttpResponse:
    """What the rule would give now. With `part=counts` only the figures come back, and nothing typed is disturbed."""
    builder = builder_in(request.POST, by=asker(request))
    fragment = "counts" if request.GET.get("part") == "counts" else "builder"
    return render(request, f"marketing/parts/{fragment}.html", {"b": builder})


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*READERS)
def one_segment(request: HttpRequest, key: str) -> HttpResponse:
    """A segment: its rule to be changed, what it holds now, with what it overlaps, who uses it."""
    by, facts = asker(request), segment(key)
    if request.GET.get("csv") == "overlap":
        overlap = overlap_of(keys_asked(facts, segments(), request.GET.getlist("with")), by=by)
        return exported("overlap", overlap_picture(overlap, facts, segments(), _language()), company().currency)
    if request.method == "POST" and request.POST.get("do") == "save":
        return _alter(request, key)
    if request.method == "POST":
        return _segment_page(request, facts, builder_in(request.POST, by=by))
    return _segment_page(request, facts, builder_of_kept(facts.rule, by=by, key=key))


@require_GET
@never_cache
@seated(*READERS)
def why(request: HttpRequest, key: str) -> HttpResponse:
    """Why one customer is in the segment or not; the file is opened for it, and the log says so."""
    facts, wanted = segment(key), request.GET.get("customer", "").strip()[:40]
    around: dict[str, Any] = {"segment": facts, "name": _named(facts), "wanted": wanted}
    if wanted:
        try:
            names = offered_values(by=asker(request), language=_language()).names()
            around["told"] = why_drawn(
                why_in_segment(key, wanted, by=asker(request)), names, _language(), company().currency
            )
        except RegularsError as error:
            around["problem"] = sentence_for(error)
    fragment = request.headers.get("HX-Target") == "why"
    return render(request, "marketing/parts/why_in.html" if fragment else "marketing/why_in.html", around)


@require_POST
@seated("marketer")
def take_ready(request: HttpRequest, key: str) -> HttpResponse:
    """A ready segment becomes a living one, counted at once."""
    ready = READY.get(key)
    if ready is None:
        raise BadInput("no_such_segment", {"key": key[:60]})
    made = keep_segment(ready.key, ready.name, ready.name_zh, ready.data, by=asker(request), at=now())
    messages.success(request, _("“%(name)s” is a segment from now on, counted every night.") % {"name": _named(made)})
    return redirect("marketing:segment", made.key)


@require_POST
@seated("marketer")
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """The segment has other names."""
    name, name_zh = _names(request.POST)
    segment(key)
    rename_segment(key, name, name_zh)
    return redirect("marketing:segment", key)


@require_POST
@seated("marketer")
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """The segment is put away; campaigns that used it keep it."""
    facts = segment(key)
    retire_segment(key, at=now())
    messages.success(request, _("“%(name)s” has been put away.") % {"name": _named(facts)})
    return redirect("marketing:segments")


def _keep(request: HttpRequest) -> HttpResponse:
    """Kept under a key made of its name; what cannot be kept stays on the page with the reason."""
    try:
        name, name_zh = _names(request.POST)
        made = keep_segment(
            _key_for(name), name, name_zh, rule_in(request.POST, by=asker(request)), by=asker(request), at=now()
        )
    except RegularsError as error:
        messages.error(request, sentence_for(error))
        return _builder_page(request, builder_in(request.POST, by=asker(request)), status=400)
    return redirect("marketing:segment", made.key)


def _alter(request: HttpRequest, key: str) -> HttpResponse:
    if asker(request).role != "marketer":
        raise BadInput("segments_are_for_marketers")
    try:
        changed = alter_segment(key, rule_in(request.POST, by=asker(request)), by=asker(request), at=now())
    except RegularsError as error:
        messages.error(request, sentence_for(error))
        return _segment_page(request, segment(key), builder_in(request.POST, by=asker(request)), status=400)
    messages.success(request, _("Saved as version %(n)d.") % {"n": changed.version})
    return redirect("marketing:segment", key)


def _builder_page(request: HttpRequest, builder: Builder, status: int = 200) -> HttpResponse:
    return render(request, "marketing/segment_new.html", {"b": builder, "may_write": True}, status=status)


def _segment_page(request: HttpRequest, facts: SegmentFacts, builder: Builder, status: int = 200) -> HttpResponse:
    by, living = asker(request), segments()
    chosen = keys_asked(facts, living, request.GET.getlist("with"))
    overlap = overlap_of(chosen, by=by) if len(chosen) > 1 else None
    around = {
        "b": builder,
        "segment": facts,
        "name": _named(facts),
        "set_aside": sentence_for(facts.mistake) if facts.mistake else "",
        "may_write": by.role == "marketer",
        "used_by": [
            (named(one.name, one.name_zh, _language()), reverse("marketing:campaign", args=[one.key]))
            for one in using_segment(facts.id, by=by)
        ],
        "versions": versions_drawn(versions_of(facts.id), _language(), now()),
        "overlap": overlap_drawn(overlap, facts, living, _language()) if overlap else None,
        "others": [
            (one.key, named(one.name, one.name_zh, _language()), one.key in chosen)
            for one in living
            if one.key != facts.key
        ],
    }
    return render(request, "marketing/segment.html", around, status=status)


def _names(posted: Mapping[str, Any]) -> tuple[str, str]:
    """English and Chinese; either stands for the other where only one was given."""
    name, name_zh = (str(posted.get(one, "")).strip()[:NAME_AT_MOST] for one in ("name", "name_zh"))
    if not name and not name_zh:
        raise BadInput("segment_without_name")
    return name or name_zh, name_zh


def _key_for(name: str) -> str:
    """A key for addresses, of the name where it has Latin letters; never one that is taken."""
    return free_key(slugify(name)[:KEY_AT_MOST] or "segment", taken_keys())


def _named(facts: SegmentFacts) -> str:
    return named(facts.name, facts.name_zh, _language())


def _language() -> str:
    return get_language() or "en"
