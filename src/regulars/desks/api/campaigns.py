"""Campaigns: drafted, prepared, tested, judged, rolled out; answers told; the result.

POST /campaigns → …/prepare → …/test → …/answers → …/judge → …/roll-out → …/finish → GET …/result
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.people import READING_LISTS
from regulars.desks.api.shapes import Key, Line, Lines, Minor, Moment, Money, Page, Paging, Said, Share, Short, page_of
from regulars.desks.api.telling import plain
from regulars.journeys.ask_night_shift import send_soon
from regulars.journeys.draw_responder_profile import draw_responder_profile
from regulars.journeys.judge_campaign import finish_campaign, judge_test, look_at_test, record_campaign_answers
from regulars.journeys.plan_campaign import prepare_campaign, preview_funnel
from regulars.journeys.read_answers import Told, answers_told
from regulars.journeys.send_campaign import start_roll_out, start_test
from regulars.journeys.stop_campaign import stop_campaign
from regulars.records.campaigns.access import CampaignFacts, StepFacts, campaign, campaigns, steps_of
from regulars.records.campaigns.actions import Draft, draft_campaign
from regulars.records.company.access import company, now, today
from regulars.records.contacts.access import ContactLine, sample_contacts, state_counts
from regulars.records.segments.access import segment, segment_by_id
from regulars.rules.permission.funnel import Funnel
from regulars.rules.permission.gate import Contact

READING: Final = Token("marketer", "officer", "steward")
ACTING: Final = Token("marketer")
TELLING: Final = Token("marketer", "steward")
Reason = Literal["due_this_month", "lapsed", "bought", "birthday", "segment"]
Rate = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Words = Annotated[Lines, Field(max_length=200)]

router = Router(tags=["Campaigns"])


class Campaign(Schema):
    """A campaign as planned, and where it stands. Shares and rates from 0 to 1."""

    key: str
    name: str
    name_zh: str
    channel: str
    purpose: str
    reason: str
    segment_name: str
    state: str
    owner: str
    priority: int
    cap_30d: int
    test_share: float
    holdout_share: float
    threshold: float
    expected_response: float
    budget: Money
    cost_each: Money
    answers_until: date | None
    made_at: datetime


class Step(Schema):
    """A state the campaign entered."""

    state: str
    at: datetime
    by: str
    detail: dict[str, Any]


class WholeCampaign(Campaign):
    """The same with its words, funnel, states entered, and how many contacts are in which arm and state."""

    segment: str
    subject: str
    subject_zh: str
    body: str
    body_zh: str
    funnel: dict[str, Any]
    steps: list[Step]
    contacts: list["Counted"]


class Counted(Schema):
    """How many contacts of an arm are in a state; the arm is empty for those the gate did not let through."""

    arm: str
    state: str
    contacts: int


class NewCampaign(Said):
    """What has to be said before a campaign can be prepared. {name}, {given_name}, {honorific} are filled in."""

    key: Key
    name: Line
    name_zh: Words = ""
    segment: Key
    reason: Reason
    channel: Literal["email"] = "email"
    subject: Annotated[Lines, Field(min_length=1, max_length=200)]
    subject_zh: Words = ""
    body: Annotated[Lines, Field(min_length=1)]
    body_zh: Lines = ""
    threshold: Rate
    expected_response: Rate
    test_share: Share = 0.2
    holdout_share: Share = 0.1
    priority: Annotated[int, Field(ge=0, le=100)] = 5
    cap_30d: Annotated[int, Field(ge=1, le=100)] = 3
    budget_minor: Minor = 0
    cost_each_minor: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    answers_until: date | None = None


class FunnelAsked(Said):
    """A message that might be sent."""

    segment: Key
    channel: Literal["email", "phone", "letter", "sms"] = "email"
    reason: Reason = "segment"
    priority: Annotated[int, Field(ge=0, le=100)] = 5
    cap_30d: Annotated[int, Field(ge=1, le=100)] = 3


class FunnelStep(Schema):
    """How many a rule took out of those left before it. `is_privacy`: a count, never a list of people."""

    rule: str
    is_privacy: bool
    is_asked: bool
    taken: int
    unknown: int
    left: int


class FunnelSeen(Schema):
    """From everyone to those who may be contacted, rule by rule."""

    everyone: int
    steps: list[FunnelStep]
    left: int
    held: int
    refused: int


class Prepared(Schema):
    """The frozen audience and what the gate left of it, by arm."""

    everyone: int
    allowed: int
    arms: dict[str, int]


class Sending(Schema):
    """The campaign's state, and whether sending was asked for now (false: it waits to be done already)."""

    state: str
    asked: bool


class Stopped(Schema):
    """How many waiting messages were called off."""

    called_off: int


class OneAnswer(Said):
    """One answer of one customer; `ref` makes it the same when it is told again."""

    customer: Line = Field(description="The source's own reference of the customer")
    at: Moment
    ref: Short
    kind: Literal["redemption", "order", "visit", "click"] = "redemption"
    amount_minor: Minor = 0


class NewAnswers(Said):
    """Answers, by the references of a source."""

    source: Line
    answers: Annotated[list[OneAnswer], Field(min_length=1, max_length=10_000)]


class AnswersTaken(Schema):
    """How many answers were new, how many had been told before, how many were of people the view does not show."""

    new: int
    known: int
    unknown: int


class Interval(Schema):
    """An estimate between its limits; null of nobody."""

    value: float | None
    low: float
    high: float


class Judged(Schema):
    """The verdict on a test: passed, failed or cannot_tell_yet. `rate` is held to `level`, which rises look by look."""

    verdict: str
    code: str
    rate: Interval
    threshold: float
    look: int
    level: float


class ContactsAsked(Said):
    """Which contacts."""

    arm: Literal["test", "rollout", "holdout"] | None = None
    state: (
        Literal["waiting", "reserved", "sending", "sent", "refused", "held", "cancelled", "failed", "unsure", "holdout"]
        | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=200)] = 20


class SampledContact(Schema):
    """One contact in a sample, through the token's view, with the gate's nine letters."""

    number: str
    name: str | None
    arm: str
    state: str
    strip: str
    decided_at: datetime
    sent_at: datetime | None


@router.get("/campaigns", response=Page[Campaign], auth=READING)
def list_campaigns(request: HttpRequest, paging: Query[Paging]) -> Page[Campaign]:
    """All campaigns, newest first."""
    return page_of(paging, campaigns(by=asking(request)), lambda one: Campaign(**_facts(one)))


@router.post("/campaigns", response={201: WholeCampaign}, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def draft(request: HttpRequest, new: NewCampaign) -> Status[WholeCampaign]:
    """Draft a campaign. Nothing is decided or sent."""
    by, told = asking(request), new.model_dump(exclude={"segment"})
    draft_campaign(Draft(**told, segment_id=segment(new.segment).id, currency=company().currency), by=by, at=now())
    return Status(201, _whole(campaign(new.key, by=by), request))


@router.post("/campaigns/funnel", response=FunnelSeen, auth=ACTING)
def preview(request: HttpRequest, asked: FunnelAsked) -> FunnelSeen:
    """Whom the gate would let through for such a message now. Nothing is kept. Logged."""
    contact = Contact(channel=asked.channel, reason=asked.reason, at=now(), priority=asked.priority, cap=asked.cap_30d)
    return _funnel(preview_funnel(segment(asked.segment), contact, by=asking(request), as_of=today()))


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
    """Some of its contacts, as far as the view shows them: who said no is not among them. Logged."""
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
    return [_contact(one) for one in found]


def _sending(request: HttpRequest, key: str) -> Sending:
    by = asking(request)
    asked = send_soon(key, by=by)
    return Sending(state=campaign(key, by=by).state, asked=asked)


def _facts(one: CampaignFacts) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in Campaign.model_fields if hasattr(one, name)}
    return told | {
        "budget": Money(minor=one.budget_minor, currency=one.currency),
        "cost_each": Money(minor=one.cost_each_minor, currency=one.currency),
    }


def _whole(one: CampaignFacts, request: HttpRequest) -> WholeCampaign:
    by = asking(request)
    counts = sorted(state_counts(one.id, by=by).items())
    return WholeCampaign(
        **_facts(one),
        segment=segment_by_id(one.segment_id).key,
        subject=one.subject,
        subject_zh=one.subject_zh,
        body=one.body,
        body_zh=one.body_zh,
        funnel=dict(one.funnel),
        steps=[_step(step) for step in steps_of(one.id, by=by)],
        contacts=[Counted(arm=arm, state=state, contacts=number) for (arm, state), number in counts],
    )


def _step(one: StepFacts) -> Step:
    return Step(state=one.state, at=one.at, by=one.by, detail=dict(one.detail))


def _funnel(one: Funnel) -> FunnelSeen:
    steps = [
        FunnelStep(
            rule=s.rule, is_privacy=s.is_privacy, is_asked=s.is_asked, taken=s.taken, unknown=s.unknown, left=s.left
        )
        for s in one.steps
    ]
    return FunnelSeen(everyone=one.everyone, steps=steps, left=one.left, held=one.held, refused=one.refused)


def _contact(one: ContactLine) -> SampledContact:
    return SampledContact(
        number=one.number,
        name=one.name,
        arm=one.arm,
        state=one.state,
        strip=one.strip,
        decided_at=one.decided_at,
        sent_at=one.sent_at,
    )
