"""Recognition for programs: tills, telephony that knows the caller's number, booking screens while one types.

The answer is as far as the token's view shows, as in the search, and logged like it. It is asked by POST, so that
what somebody told of herself stands in no address and in nobody's server log.
"""

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Day, Line, Money, Preference, Said, Short
from regulars.desks.shared.recognition_words import likelihood, reason_said
from regulars.journeys.recognise_likely import MOST, LikelyCustomer, recognise_likely
from regulars.records.company.access import company
from regulars.records.orders.habits import Habit
from regulars.rules.identity.marks import Told
from regulars.rules.identity.model import Step
from regulars.rules.identity.typed import read_typed

RECOGNISING: Final = Token("service", "officer", "steward")
router = Router(tags=["Recognition"])


class WhoIsIt(Said):
    """What is known of somebody, as much as there is; `text` is one line as typed, in any mixture."""

    because: Because
    text: Line | None = None
    name: Line | None = Field(None, description="The whole name, in any order and script")
    family_name: Line | None = None
    given_name: Line | None = None
    birth_on: Day | None = None
    sex: Annotated[str, Field(pattern="^(female|male|other)$")] | None = None
    phone: Short | None = None
    email: Line | None = None
    street: Line | None = None
    postcode: Short | None = None
    city: Short | None = None
    plate: Short | None = Field(None, description="The number plate of a car")
    reference: Short | None = Field(None, description="A customer's, booking's or order's number")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        None, description="Where a phone number without its country's code is meant (ISO 3166); else the company's own"
    )
    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST


class RecognitionReason(Schema):
    """One comparison: on which level the two stand, and how many bits that moves the sum."""

    comparison: str
    level: str
    bits: float
    sentence: str


class UsualHabit(Schema):
    """What she usually takes ("" where nothing stands out), and what an order of hers usually comes to."""

    usual: str
    order: Money


class LikelyOne(Schema):
    """A customer it may be: how likely, why, and hints for whoever serves her."""

    number: str
    name: str | None
    stage: str
    city: str | None
    home_branch: str | None
    may_open: bool = Field(description="False where her file opens only once she says who she is")
    invented: bool
    likelihood: str = Field(description="sure, likely or possible")
    probability: float
    bits: float = Field(description="The match weight: the sum of all reasons, the chance of anybody included")
    reasons: list[RecognitionReason] = Field(description="The waterfall: every step, in the order of the model")
    last_at: datetime | None
    state: str
    complaint_open: bool
    birthday_near: bool
    open_orders: int = Field(description="Orders taken by hand that wait to be handed over")
    habit: UsualHabit | None
    preferences: list[Preference]


@router.post("/recognise", response=list[LikelyOne], auth=RECOGNISING)
def recognise(request: HttpRequest, who: WhoIsIt) -> list[LikelyOne]:
    """Customers it may be, the likeliest first, slips and all; nobody for whom hardly anything speaks. Logged."""
    told, by = _told(who), asking(request)
    found = recognise_likely(told, by=by, because=who.because, limit=who.limit, country=who.country or "")
    return [_likely(one) for one in found]


def _told(who: WhoIsIt) -> Told:
    """The fields, and what the line says besides."""
    line = read_typed(who.text or "", who.country or company().country)
    parts = ("", who.family_name or "", who.given_name or "")
    names = [(who.name, "", "")] if who.name else []
    return Told(
        names=(*names, *([parts] if any(parts) else []), *line.names), birth_on=who.birth_on or line.birth_on,
        sex=who.sex or "", city=who.city or "", postcode=who.postcode or "",
        phones=(*_one(who.phone), *line.phones), emails=(*_one(who.email), *line.emails), streets=_one(who.street),
        plates=(*_one(who.plate), *line.plates), references=(*_one(who.reference), *line.references),
    )  # fmt: skip


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _likely(one: LikelyCustomer) -> LikelyOne:
    line, habit = one.customer, one.habit
    return LikelyOne(
        number=line.number, name=line.name, stage=line.stage, city=line.city, home_branch=line.home_branch,
        may_open=line.may_open, invented=line.invented, probability=one.probability,
        likelihood=likelihood(one.probability, sure=one.almost_certain), bits=round(one.bits, 3),
        reasons=[_reason(step) for step in one.steps],
        last_at=one.last_at, state=one.state, complaint_open=one.complaint_open, birthday_near=one.birthday_near,
        open_orders=one.open_orders,
        habit=_habit(habit) if habit else None,
        preferences=[Preference(code=held.code, words=held.words) for held in one.preferences],
    )  # fmt: skip


def _habit(one: Habit) -> UsualHabit:
    return UsualHabit(usual=one.usual, order=Money(minor=one.order_minor, currency=one.currency))


def _reason(step: Step) -> RecognitionReason:
    return RecognitionReason(
        comparison=step.comparison, level=step.level, bits=round(step.bits, 3), sentence=reason_said(step)
    )
