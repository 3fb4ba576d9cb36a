"""Acts that take two people: what waits, and the second person's answer."""

import base64
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Id, Key, Said
from regulars.journeys.approve import approve, ask_for_two, turn_down
from regulars.records.approvals.access import proposals
from regulars.records.company.access import now

OFFICER: Final = Token("officer")
router = Router(tags=["Privacy office"])


class Proposal(Schema):
    """What one person proposed; `told` is everything the act is done with. States: waiting, approved, refused."""

    id: int
    act: str
    subject: str
    told: dict[str, Any]
    because: str
    proposed_by: str
    proposed_at: datetime
    state: str
    answered_by: str
    answered_at: datetime | None
    answer: str


class Done(Schema):
    """It was carried out; of a release its number, the name of its file, and the file in Base64."""

    release: int | None = None
    name: str = ""
    content: str = ""


class Refusing(Said):
    """Why not."""

    because: Because


class Eyes(Said):
    """Whether the act takes two people."""

    takes_two: bool


@router.get("/proposals", response=list[Proposal], auth=OFFICER)
def list_proposals(request: HttpRequest) -> list[Proposal]:
    """What was proposed, those that wait first."""
    return [Proposal.model_validate(one, from_attributes=True) for one in proposals(by=asking(request))]


@router.post("/proposals/{number}/approve", response=Done, auth=OFFICER)
def approve_one(request: HttpRequest, number: Id) -> Done:
    """Approve somebody else's proposal; it is carried out at once."""
    made = approve(number, by=asking(request), at=now())
    if made is None:
        return Done()
    return Done(release=made.id, name=made.name, content=base64.b64encode(made.content).decode())


@router.post("/proposals/{number}/refuse", response={204: None}, auth=OFFICER)
def refuse_one(request: HttpRequest, number: Id, asked: Refusing) -> Status[None]:
    """Refuse a proposal, or take back one's own; nothing is done."""
    turn_down(number, answer=asked.because, by=asking(request))
    return Status(204, None)


@router.put("/four-eyes/{act}", response={204: None}, auth=OFFICER)
def take_two(request: HttpRequest, act: Key, wanted: Eyes) -> Status[None]:
    """Say whether that kind of act takes two people; that one is enough again has itself to be approved."""
    ask_for_two(act, asked=wanted.takes_two, by=asking(request))
    return Status(204, None)
