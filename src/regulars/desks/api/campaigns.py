"""Campaigns: drafted, prepared, tested, judged, rolled out; answers told; the result.

POST /campaigns → …/prepare → …/test → …/answers → …/judge → …/roll-out → …/finish → GET …/result
"""

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from regulars.desks.api.campaign_shapes import (
    AnswersTaken,
    Campaign,
    ContactsAsked,
    Counted,
    FunnelAsked,
    FunnelSeen,
    Interval,
    Judged,
    NewAnswers,
    NewCampaign,
    Prepared,
    SampledContact,
    Sending,
    Stopped,
    WholeCampaign,
    campaign_facts,
    contact_seen,
    funnel_seen,
    step_seen,
)
from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.people import READING_LISTS
from regulars.desks.api.shapes import Key, Page, Paging, page_of
from regulars.desks.api.telling import plain
from regulars.journeys.ask_night_shift import send_soon
from regulars.journeys.draw_responder_profile import draw_responder_profile
from regulars.journeys.hand_out_people import note_listed
from regulars.journeys.judge_campaign import finish_campaign, judge_test, look_at_test, record_campaign_answers
from regulars.journeys.plan_campaign import prepare_campaign, preview_funnel
from regulars.journeys.read_answers import Told, answers_told
from regulars.journeys.send_campaign import start_roll_out, start_test
from regulars.journeys.stop_campaign import stop_campaign
from regulars.records.campaigns.access import CampaignFacts, campaign, campaigns, steps_of
from regulars.records.campaigns.actions import Draft, draft_campaign
from regulars.records.company.access import company, now, today
from regulars.records.contacts.access import sample_contacts, state_counts
from regulars.records.segments.access import segment, segment_by_id
from regulars.rules.permission.gate import Contact

READING: Final = Token("marketer", "officer", "steward")
ACTING: Final = Token("marketer")
TELLING: Final = Token("marketer", "steward")

router = Router(tags=["Campaigns"])


@router.get("/campaigns", response=Page[Campaign], auth=READING)
def list_campaigns(request: HttpRequest, paging: Query[Paging]) -> Page[Campaign]:
    """All campaigns, newest first."""
    return page_of(paging, campaigns(by=asking(request)), lambda one: Campaign(**campaign_facts(one)))


@router.post("/campaigns", response={201: WholeCampaign}, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def draft(request: HttpRequest, new: NewCampaign) -> Status[WholeCampaign]:
    """Draft a campaign. Nothing is decided or sent."""
    by, told = asking(request), new.model_dump(exclude={"segment"})
    draft_campaign(Draft(**told, segment_id=segment(new.segment).id, currency=company().currency), by=by, at=now())
    return Status(201, _whole(campaign(new.key, by=by), request))


@router.post("/campaign-funnel", response=FunnelSeen, auth=ACTING)
def preview(request: HttpRequest, asked: FunnelAsked) -> FunnelSeen:
    """Whom the gate would let through for such a message now. Nothing is kept. Logged."""
    contact = Contact(
        channel=asked.channel, reason=asked.reason, at=now(), priority=asked.priority, cap=asked.cap_30d,
        brand=asked.brand, topic=asked.topic,
    )  # fmt: skip
    return funnel_seen(preview_funnel(segment(asked.segment), contact, by=asking(request), as_of=today()))


@router.get("/campaigns/{key}", response=WholeCampaign, auth=READING)
def show_campaign(request: HttpRequest, key: Key) -> WholeCampaign:
    """Where a campaign stands."""
    return _whole(campaign(key, by=asking(request)), request)


@router.post("/campaigns/{key}/prepare", response=Prepared, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def prepare(request: HttpRequest, key: Key) -> Prepared:
    """Freeze the audience, ask the gate about everybody with all reasons kept, draw test group and hold-out."""
    done = prepare_campaign(key, by=asking(request), at=now(), as_of=today())
    return Prepared(everyone=done.everyone, allowed=done.allowed, arms=done.arms)


@router.post("/campaigns/{key}/test", response={202: Sending}, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def test(request: HttpRequest, key: Key) -> Status[Sending]:
    """Let the test group's messages leave, in the background."""
    start_test(key, by=asking(request), at=now())
    return Status(202, _sending(request, key))


@router.post("/campaigns/{key}/roll-out", response={202: Sending}, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def roll_out(request: HttpRequest, key: Key) -> Status[Sending]:
    """Send to all others who may be written to, in the background; the hold-out stays out."""
    start_roll_out(key, by=asking(request), at=now())
    return Status(202, _sending(request, key))


@router.post("/campaigns/{key}/send", response={202: Sending}, auth=ACTING)
def send(request: HttpRequest, key: Key) -> Status[Sending]:
    """Send whatever waits now, for instance after the mail server was away; the gate is asked again for each."""
    return Status(202, _sending(request, key))


@router.post("/campaigns/{key}/stop", response=Stopped, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def stop(request: HttpRequest, key: Key) -> Stopped:
    """Stop: nothing more of it is sent."""
    return Stopped(called_off=stop_campaign(key, by=asking(request), at=now()))


@router.post("/campaigns/{key}/judge", response=Judged, auth=ACTING)
def judge(request: HttpRequest, key: Key) -> Judged:
    """Hold the test against its threshold; a sure verdict is entered."""
    judged = judge_test(key, by=asking(request), at=now())
    rate = Interval(value=judged.rate.value, low=judged.rate.low, high=judged.rate.high)
    return Judged(
        verdict=judged.verdict,
        code=judged.code,
        rate=rate,
        threshold=judged.threshold,
        look=judged.look,
        level=judged.level,
    )


@router.post("/campaigns/{key}/finish", response=dict[str, Any], auth=ACTING)
def finish(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Close the campaign with its result."""
    return dict(plain(finish_campaign(key, by=asking(request), at=now())))


@router.post("/campaigns/{key}/answers", response=AnswersTaken, auth=TELLING, openapi_extra=MAY_COME_TWICE)
@once
def tell_answers(request: HttpRequest, key: Key, new: NewAnswers) -> AnswersTaken:
    """Record answers; each counts once, however often it is told."""
    by = asking(request)
    told = [Told(one.customer, one.kind, one.at, one.ref, one.amount_minor) for one in new.answers]
    read = answers_told(told, source_ref=new.source, by=by)
    fresh = record_campaign_answers(key, read.answers, by=by)
    return AnswersTaken(new=fresh, known=len(read.answers) - fresh, unknown=read.unknown)


@router.get("/campaigns/{key}/result", response=dict[str, Any], auth=READING)
def show_result(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Rates, effect against the hold-out, cost, check of the split, daily curve. While a test runs, this is a look."""
    by = asking(request)
    return dict(look_at_test(campaign(key, by=by), by=by, at=now()).result)


@router.get("/campaigns/{key}/responders", response=dict[str, Any], auth=READING_LISTS)
def show_responders(request: HttpRequest, key: Key) -> dict[str, Any]:
    """What told those who answered from the others contacted, as known on the eve. Numbers only, no small cells."""
    drawn = draw_responder_profile(key, by=asking(request))
    return dict(plain(asdict(drawn))) if drawn else {}


@router.get("/campaigns/{key}/contacts", response=list[SampledContact], auth=READING_LISTS)
def list_contacts(request: HttpRequest, key: Key, asked: Query[ContactsAsked]) -> list[SampledContact]:
    """Some of its contacts, as far as the view shows them: who said no is not among them. Logged, and an export."""
    by = asking(request)
    facts = campaign(key, by=by)
    found = sample_contacts(
        facts.id,
        by=by,
        because=f"contacts of campaign {key}",
        state=asked.state or "",
        arm=asked.arm or "",
        limit=asked.limit,
    )
    note_listed((one.number for one in found), by=by, because=f"contacts of campaign {key}", door="api", at=now())
    return [contact_seen(one) for one in found]


def _sending(request: HttpRequest, key: str) -> Sending:
    by = asking(request)
    asked = send_soon(key, by=by)
    return Sending(state=campaign(key, by=by).state, asked=asked)


def _whole(one: CampaignFacts, request: HttpRequest) -> WholeCampaign:
    by = asking(request)
    counts = sorted(state_counts(one.id, by=by).items())
    return WholeCampaign(
        **campaign_facts(one),
        segment=segment_by_id(one.segment_id).key,
        subject=one.subject,
        subject_zh=one.subject_zh,
        body=one.body,
        body_zh=one.body_zh,
        funnel=dict(one.funnel),
        steps=[step_seen(step) for step in steps_of(one.id, by=by)],
        contacts=[Counted(arm=arm, state=state, contacts=number) for (arm, state), number in counts],
    )
