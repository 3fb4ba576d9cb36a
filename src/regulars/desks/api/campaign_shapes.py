"""Campaigns as they go over HTTP: what is said of one, what a program says, what is told of course and result."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from regulars.desks.api.shapes import Key, Line, Lines, Minor, Moment, Money, Said, Share, Short, Subject
from regulars.records.campaigns.access import CampaignFacts, StepFacts
from regulars.records.contacts.access import ContactLine
from regulars.rules.permission.funnel import Funnel

Reason = Literal["due_this_month", "lapsed", "bought", "birthday", "segment"]
Rate = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Words = Annotated[Lines, Field(max_length=200)]


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
    brand: str
    topic: str


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
    brand: Subject = ""
    topic: Subject = ""


class FunnelAsked(Said):
    """A message that might be sent."""

    segment: Key
    channel: Literal["email", "phone", "letter", "sms"] = "email"
    reason: Reason = "segment"
    priority: Annotated[int, Field(ge=0, le=100)] = 5
    cap_30d: Annotated[int, Field(ge=1, le=100)] = 3
    brand: Subject = ""
    topic: Subject = ""


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


def campaign_facts(one: CampaignFacts) -> dict[str, Any]:
    """What every shape of a campaign says."""
    told = {name: getattr(one, name) for name in Campaign.model_fields if hasattr(one, name)}
    return told | {
        "budget": Money(minor=one.budget_minor, currency=one.currency),
        "cost_each": Money(minor=one.cost_each_minor, currency=one.currency),
    }


def step_seen(one: StepFacts) -> Step:
    """A state as it is told."""
    return Step(state=one.state, at=one.at, by=one.by, detail=dict(one.detail))


def funnel_seen(one: Funnel) -> FunnelSeen:
    """The funnel as it is told."""
    steps = [
        FunnelStep(
            rule=s.rule, is_privacy=s.is_privacy, is_asked=s.is_asked, taken=s.taken, unknown=s.unknown, left=s.left
        )
        for s in one.steps
    ]
    return FunnelSeen(everyone=one.everyone, steps=steps, left=one.left, held=one.held, refused=one.refused)


def contact_seen(one: ContactLine) -> SampledContact:
    """A contact as it is told."""
    return SampledContact(
        number=one.number,
        name=one.name,
        arm=one.arm,
        state=one.state,
        strip=one.strip,
        decided_at=one.decided_at,
        sent_at=one.sent_at,
    )
