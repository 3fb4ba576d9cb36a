"""Campaigns: the list, a new one with its funnel before it is kept, and one from draft to result."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.marketing.campaign_drawn import (
    arm_sizes,
    clock,
    doings,
    lifts,
    look_words,
    rows,
    samples,
    sentence,
    split_words,
    state_tag,
    steps,
    verdict_words,
)
from regulars.desks.marketing.campaign_form import CampaignForm, key_for
from regulars.desks.marketing.campaign_preview import preview_of
from regulars.desks.marketing.funnel_drawn import RULE_PLACES, asleep_words, funnel_drawn, taken_by_privacy
from regulars.desks.marketing.pictures import exported
from regulars.desks.marketing.result_drawn import curve_chart, curve_picture, expected_table, figures
from regulars.desks.marketing.today_drawn import named
from regulars.desks.marketing.ways import way_to, with_changes
from regulars.desks.marketing.words import ARMS
from regulars.desks.shared.figures import number
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.parts import Pager
from regulars.desks.shared.signing_in import asker, seated
from regulars.desks.shared.words import GATE_RULES, PRIVACY_RULES, say
from regulars.journeys.ask_night_shift import send_soon
from regulars.journeys.draw_responder_profile import draw_responder_profile
from regulars.journeys.judge_campaign import finish_campaign, judge_test
from regulars.journeys.open_campaign import OpenedCampaign, open_campaign
from regulars.journeys.plan_campaign import prepare_campaign
from regulars.journeys.send_campaign import start_roll_out, start_test
from regulars.journeys.stop_campaign import stop_campaign
from regulars.journeys.take_purchases_as_answers import take_purchases_as_answers
from regulars.records.campaigns.access import campaign, campaigns
from regulars.records.campaigns.actions import draft_campaign
from regulars.records.company.access import company, now, today
from regulars.records.contacts.access import contacts_where, state_counts
from regulars.records.scores.access import last_refresh
from regulars.records.segments.access import SegmentFacts, segment, segments
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere, RegularsError

READERS: Final = ("marketer", "officer")
PAGE: Final = 40
ON_THE_WAY: Final = ("waiting", "sending")


@require_GET
@never_cache
@seated(*READERS)
def all_campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns, newest first."""
    by = asker(request)
    found = campaigns(by=by)
    around = {
        "rows": rows(found, language=_language(), at=now()),
        "running": sum(one.state in ("testing", "passed", "rolling_out") for one in found),
        "passed": [one for one in found if one.state == "passed"],
        "may_write": by.role == "marketer",
        "segments": bool(_offered()),
        "figures": last_refresh() is not None,
    }
    return render(request, "marketing/campaigns.html", around)


@require_http_methods(["GET", "POST"])
@never_cache
@seated("marketer")
def new_campaign(request: HttpRequest) -> HttpResponse:
    """A campaign is written down; nothing is sent, nobody is chosen yet."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        key = key_for(typed["name"] or typed["name_zh"], {one.key for one in campaigns(by=asker(request))})
        draft = form.draft(segment_id=segment(typed["segment"]).id, key=key, currency=company().currency)
        try:
            draft_campaign(draft, by=asker(request), at=now())
        except RegularsError as error:
            form.add_error(None, sentence_for(error))
        else:
            return redirect("marketing:campaign", key)
    around = {"form": form, "currency": company().currency, **_preview(request)}
    return render(request, "marketing/campaign_new.html", around, status=400 if form.errors else 200)


@require_POST
@never_cache
@seated("marketer")
def preview(request: HttpRequest) -> HttpResponse:
    """The funnel of what is being written, nothing kept."""
    return render(request, "marketing/parts/campaign_preview.html", _preview(request))


@require_GET
@never_cache
@seated(*READERS)
def one_campaign(request: HttpRequest, key: str) -> HttpResponse:
    """The campaign as a whole; its curve as a file when asked for one."""
    by, at = asker(request), now()
    if request.GET.get("csv") == "test":
        facts = campaign(key, by=by)
        return exported("response", curve_picture(facts), facts.currency)
    opened = open_campaign(key, by=by, at=at)
    return render(request, "marketing/campaign.html", _page(opened, by, at))


@require_GET
@never_cache
@seated(*READERS)
def profile(request: HttpRequest, key: str) -> HttpResponse:
    """Who answered, and what told them apart; drawn when asked for."""
    by = asker(request)
    drawn, facts = draw_responder_profile(key, by=by), campaign(key, by=by)
    told = lifts(drawn, facts.currency, _language()) if drawn else []
    around = {
        "profile": drawn,
        "lifts": told,
        "most": max((min(one.high, 2 * one.middle + 1) for one in told), default=1.0),
        "key": key,
        "name": named(facts.name, facts.name_zh, _language()),
    }
    fragment = request.headers.get("HX-Target") == "profile"
    return render(request, "marketing/parts/profile.html" if fragment else "marketing/profile.html", around)


@require_GET
@never_cache
@seated(*READERS)
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """How far the sending has come; asks again by itself while messages wait."""
    facts = campaign(key, by=asker(request))
    return render(request, "marketing/parts/sending.html", _sending(facts.id, key, asker(request)))


@require_GET
@never_cache
@seated(*READERS)
def contacts(request: HttpRequest, key: str) -> HttpResponse:
    """The people of a campaign as the view shows them, by arm or by the rule of tact that made them wait."""
    by, facts = asker(request), campaign(key, by=asker(request))
    rule, arm = request.GET.get("rule", ""), request.GET.get("arm", "")
    if rule and (rule not in RULE_PLACES or rule in PRIVACY_RULES):
        raise NotThere("no_such_list")
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() and len(request.GET["from"]) < 9 else 0
    total, lines = contacts_where(
        facts.id, by=by, because=f"people of campaign {key}", rule=RULE_PLACES[rule] if rule else None,
        arm=arm if arm in ARMS else "", limit=PAGE, offset=start,
    )  # fmt: skip
    query = {"rule": rule, "arm": arm}
    around = {
        "facts": facts,
        "name": named(facts.name, facts.name_zh, _language()),
        "total": total,
        "samples": samples(lines, now()),
        "title": say(GATE_RULES, rule) if rule else say(ARMS, arm) if arm in ARMS else _("Everybody decided about"),
        "arms": [(code, str(word), code == arm) for code, word in ARMS.items()] if not rule else [],
        "pager": _pager(query, start, len(lines), total),
    }
    return render(request, "marketing/contacts.html", around)


@require_POST
@seated("marketer")
def act(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """One step further: prepare, test, send, answers, judge, roll-out, finish, stop."""
    try:
        messages.success(request, _ACTS[what](key, asker(request)))
    except RegularsError as error:
        messages.error(request, sentence_for(error))
    return redirect("marketing:campaign", key)


def _prepare(key: str, by: Asker) -> str:
    done = prepare_campaign(key, by=by, at=now(), as_of=today())
    words = ngettext(
        "%(left)s of %(n)s person may be contacted.", "%(left)s of %(n)s people may be contacted.", done.everyone
    )
    return words % {"left": number(sum(done.arms.values())), "n": number(done.everyone)}


def _test(key: str, by: Asker) -> str:
    start_test(key, by=by, at=now())
    send_soon(key, by=by)
    return _("The test has begun; its messages leave one after the other.")


def _send(key: str, by: Asker) -> str:
    return _("Those waiting are being sent.") if send_soon(key, by=by) else _("They are being sent already.")


def _answers(key: str, by: Asker) -> str:
    new = take_purchases_as_answers(key, by=by)
    return ngettext("%(n)s new answer.", "%(n)s new answers.", new) % {"n": number(new)}


def _judge(key: str, by: Asker) -> str:
    verdict = judge_test(key, by=by, at=now()).verdict
    return {
        "passed": _("The test has passed. The rest follows within 48 hours."),
        "failed": _("The test stayed below the threshold. Nothing more is sent."),
    }.get(verdict, _("Cannot tell yet."))


def _roll_out(key: str, by: Asker) -> str:
    released = start_roll_out(key, by=by, at=now())
    send_soon(key, by=by)
    words = ngettext(
        "%(n)s message leaves now; the gate is asked again for it.",
        "%(n)s messages leave now; the gate is asked again for each.",
        released,
    )
    return words % {"n": number(released)}


def _finish(key: str, by: Asker) -> str:
    finish_campaign(key, by=by, at=now())
    return _("The campaign is closed; its result stays.")


def _stop(key: str, by: Asker) -> str:
    called_off = stop_campaign(key, by=by, at=now())
    return ngettext(
        "Stopped. %(n)s message was called off.", "Stopped. %(n)s messages were called off.", called_off
    ) % {"n": number(called_off)}


_ACTS: Final[dict[str, Callable[[str, Asker], str]]] = {
    "prepare": _prepare, "test": _test, "send": _send, "answers": _answers, "judge": _judge, "roll-out": _roll_out,
    "finish": _finish, "stop": _stop,
}  # fmt: skip


def _page(opened: OpenedCampaign, by: Asker, at: Any) -> dict[str, Any]:
    facts, arms = opened.facts, arm_sizes(opened)
    segment_name = named(facts.segment_name, facts.segment_name_zh, _language())
    segment_url = way_to("marketing:segment", opened.segment.key)
    funnel = None
    if facts.funnel:
        funnel = funnel_drawn(
            facts.funnel, segment=segment_name, segment_url=segment_url, arms=arms, cap=facts.cap_30d, key=facts.key
        )
    tone, verdict = verdict_words(facts)
    split_tone, split = split_words(facts)
    may_write = by.role == "marketer"
    return {
        "facts": facts,
        "name": named(facts.name, facts.name_zh, _language()),
        "tag": state_tag(facts),
        "sentence": sentence(facts, _language(), segment_url=segment_url),
        "steps": steps(opened, at),
        "doings": doings(opened) if may_write else [],
        "may_write": may_write,
        "funnel": funnel,
        "asleep": asleep_words(facts.funnel),
        "arms": arms,
        "figures": figures(facts),
        "clock": clock(opened, at),
        "chart": curve_chart(facts),
        "rest": opened.in_state("reserved"),
        "tone": tone,
        "verdict": verdict,
        "look": look_words(facts),
        "split_tone": split_tone,
        "split": split,
        "samples": samples(opened.samples, at),
        "hidden": taken_by_privacy(facts.funnel) if facts.funnel else 0,
        "expected": expected_table(facts),
        "may_answer": may_write and facts.state in ("testing", "passed", "rolling_out"),
        "has_answers": bool(facts.result.get("curve")),
        **_sending(facts.id, facts.key, by),
    }


def _sending(campaign_id: int, key: str, by: Asker) -> dict[str, Any]:
    """How many of those released have left, and how many are unsure or failed."""
    counts: dict[str, int] = {}
    for (_arm, state), count in state_counts(campaign_id, by=by).items():
        counts[state] = counts.get(state, 0) + count
    state = campaign(key, by=by).state
    waiting = sum(counts.get(one, 0) for one in ON_THE_WAY) if state in ("testing", "rolling_out") else 0
    return {
        "key": key, "sent": counts.get("sent", 0), "waiting": waiting, "released": counts.get("sent", 0) + waiting,
        "unsure": counts.get("unsure", 0), "failed": counts.get("failed", 0),
        "poll_url": way_to("marketing:campaign_progress", key) if waiting else "",
    }  # fmt: skip


def _form(request: HttpRequest) -> CampaignForm:
    offered = [(one.key, f"{named(one.name, one.name_zh, _language())} · {number(one.count)}") for one in _offered()]
    given: dict[str, Any] = {"segments": offered, "today": today()}
    if request.method == "POST":
        return CampaignForm(request.POST, **given)
    return CampaignForm(initial={"segment": request.GET.get("segment", "")}, **given)


def _offered() -> list[SegmentFacts]:
    """The segments a campaign can be for; those set aside are not."""
    return [one for one in segments() if one.mistake is None]


def _preview(request: HttpRequest) -> dict[str, Any]:
    """The funnel of what stands in the form now."""
    typed = request.POST if request.method == "POST" else request.GET
    first = next((one.key for one in _offered()), "")
    return preview_of(typed, typed.get("segment", "") or first, by=asker(request), at=now(), as_of=today())


def _pager(query: dict[str, str], start: int, shown: int, total: int) -> Pager | None:
    if total <= PAGE and not start:
        return None
    before = with_changes(query, **{"from": max(start - PAGE, 0)}) if start else ""
    after = with_changes(query, **{"from": start + PAGE}) if start + shown < total else ""
    return Pager(min(start + 1, total), start + shown, total, before, after)


def _language() -> str:
    return get_language() or "en"
