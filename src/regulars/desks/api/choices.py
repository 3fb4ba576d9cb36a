"""What a customer allows: read with what it rests on, and written down when the customer says so."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.shapes import Because, Lines, Said, Short, Subject
from regulars.journeys.give_portal_link import VALID_FOR, give_portal_link, take_links_back
from regulars.journeys.give_receipt import give_receipt
from regulars.journeys.hear_browser_signal import hear_browser_signal
from regulars.journeys.read_choices import HeldChoices, read_choices
from regulars.journeys.withdraw_consent import set_choice
from regulars.records.company.access import now

READING: Final = Token("service", "marketer", "officer", "steward")
WRITING: Final = Token("service", "officer")
Purpose = Literal["direct_marketing", "third_party_disclosure", "automated_decision", "sensitive_use"]
Channel = Literal["email", "phone", "letter", "sms"]
Choosing = Literal["granted", "denied", "unset"]
HowSaid = Literal["counter", "phone", "reply", "browser_signal", "officer"]

router = Router(tags=["Choices"])


class Choice(Schema):
    """One permission: what was said, whether it holds, and the entry or law it rests on."""

    purpose: str
    channel: str
    said: str
    holds: bool
    because: str
    source: str


class Entry(Schema):
    """One entry of the ledger."""

    purpose: str
    channel: str
    brand: str
    topic: str
    value: str
    at: datetime
    by: str
    by_guardian: bool
    source: str
    statement_version: int | None
    wording: str


class TakenOut(Schema):
    """A brand or topic the customer has taken out; empty words mean all of that kind."""

    purpose: str
    channel: str
    brand: str
    topic: str


class Choices(Schema):
    """The eight permissions in their fixed order, brands and topics taken out, and everything ever said, oldest first.

    `is_child`: before the law a yes is a guardian's to give.
    """

    number: str
    is_child: bool
    choices: list[Choice]
    taken_out: list[TakenOut]
    history: list[Entry]


class ChoiceSaid(Said):
    """What the customer said, in which words, by which way."""

    purpose: Purpose
    value: Choosing
    channel: Channel | None = Field(None, description="Only for direct marketing: only this channel")
    wording: Annotated[
        Lines, Field(min_length=1, max_length=2_000, description="The very words the customer said or saw")
    ]
    source: HowSaid = "counter"
    brand: Subject = ""
    topic: Subject = ""
    by_guardian: bool = Field(False, description="A child's guardian says it")
    because: Because


class ChoiceMade(Schema):
    """What holds from now on, what was said before, and how many planned contacts were called off."""

    purpose: str
    channel: str
    value: str
    before: str
    at: datetime
    called_off: int


class SignalForwarded(Said):
    """Why a browser's signal is passed on."""

    because: Because


class SignalHeard(Schema):
    """What became of the signal: `denied` (taken as a no to disclosure) or `noted`, and since when."""

    signal: str
    outcome: str
    at: datetime


class LinkWanted(Said):
    """Why a link is given."""

    because: Because


class PortalLink(Schema):
    """The address to hand to the customer: shown this once, and valid for thirty days."""

    url: str
    expires_at: datetime


class LinksEnded(Schema):
    """How many links ended now."""

    ended: int


@router.get("/customers/{number}/choices", response=Choices, auth=READING)
def show_choices(request: HttpRequest, number: Short, because: Because) -> Choices:
    """What holds now, and why. Logged."""
    return _choices(read_choices(number, by=asking(request), because=because))


@router.post("/customers/{number}/choices", response={201: ChoiceMade}, auth=WRITING, openapi_extra=MAY_COME_TWICE)
@once
def write_choice(request: HttpRequest, number: Short, said: ChoiceSaid) -> Status[ChoiceMade]:
    """Write down a choice. It is in force for the next statement of everybody when this is answered."""
    made = set_choice(
        number,
        purpose=said.purpose,
        channel=said.channel or "",
        value=said.value,
        by=asking(request),
        because=said.because,
        source=said.source,
        wording=said.wording,
        at=now(),
        brand=said.brand,
        topic=said.topic,
        by_guardian=said.by_guardian,
    )
    return Status(
        201,
        ChoiceMade(
            purpose=made.purpose,
            channel=made.channel,
            value=made.value,
            before=made.before,
            at=made.at,
            called_off=made.called_off,
        ),
    )


@router.get("/customers/{number}/choices/receipt", response=dict[str, Any], auth=READING)
def show_receipt(request: HttpRequest, number: Short, because: Because) -> dict[str, Any]:
    """Everything the customer said, as a consent receipt by ISO/IEC TS 27560. Logged."""
    return give_receipt(number, by=asking(request), because=because, at=now())


@router.post("/customers/{number}/browser-signals", response=SignalHeard, auth=WRITING)
def forward_signal(
    request: HttpRequest,
    number: Short,
    forwarded: SignalForwarded,
    sec_gpc: Annotated[Literal["1"], Header(alias="Sec-GPC", description="The customer's browser's own header")],
) -> SignalHeard:
    """A web shop passes on its visitor's `Sec-GPC: 1`: in California a no to disclosure, elsewhere it is noted."""
    heard = hear_browser_signal(number, by=asking(request), because=forwarded.because, at=now())
    return SignalHeard(signal=heard.signal, outcome=heard.outcome, at=heard.at)


@router.post("/customers/{number}/portal-links", response={201: PortalLink}, auth=WRITING)
def give_link(request: HttpRequest, number: Short, wanted: LinkWanted) -> Status[PortalLink]:
    """A link to the customer's own page. It cannot be looked up again, so a lost answer means a new link."""
    at = timezone.now()  # a link ends by the clock on the wall, whatever the business day
    url = give_portal_link(number, by=asking(request), because=wanted.because, at=at)
    return Status(201, PortalLink(url=url, expires_at=at + VALID_FOR))


@router.delete("/customers/{number}/portal-links", response=LinksEnded, auth=WRITING)
def end_links(request: HttpRequest, number: Short, because: Because) -> LinksEnded:
    """Every link of the customer ends now."""
    return LinksEnded(ended=take_links_back(number, by=asking(request), because=because, at=timezone.now()))


def _choices(held: HeldChoices) -> Choices:
    return Choices(
        number=held.facts.number,
        is_child=held.is_child,
        taken_out=[
            TakenOut(purpose=s.purpose, channel=s.channel, brand=s.brand, topic=s.topic)
            for s in sorted(held.exceptions)
        ],
        choices=[
            Choice(purpose=c.purpose, channel=c.channel, said=c.said, holds=c.holds, because=c.because, source=c.source)
            for c in held.choices
        ],
        history=[
            Entry(
                purpose=e.purpose,
                channel=e.channel,
                brand=e.brand,
                topic=e.topic,
                by_guardian=e.by_guardian,
                value=e.value,
                at=e.at,
                by=e.by,
                source=e.source,
                statement_version=e.statement_version,
                wording=e.wording,
            )
            for e in held.history
        ],
    )
