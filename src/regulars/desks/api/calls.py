"""Telephony tells who calls: the agent's open page shows it at once. The number is in the body, in no address."""

from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Said, Short
from regulars.journeys.take_call import call_comes, call_is_over

CALLING: Final = Token("service")
router = Router(tags=["Calls"])


class CallComing(Said):
    """A call as telephony has it."""

    call: Short = Field(description="What telephony calls the call; told twice, it is one")
    caller: Annotated[str, Field(max_length=64)] = Field("", description="The caller's number; empty where withheld")
    agent: Annotated[str, Field(max_length=150)] = Field("", description="The sign-in name of whom it rings for")
    branch: Annotated[str, Field(max_length=64)] = Field("", description="Or the branch where anybody may answer")
    line: Annotated[str, Field(max_length=32)] = Field("", description="Which line it is, as agents call it")


class CallKnown(Schema):
    """The number of the call here."""

    id: int


class CallOver(Said):
    """Which call is over."""

    call: Short


class CallOverTold(Schema):
    """Whether the call was known."""

    known: bool


@router.post("/calls", response={201: CallKnown}, auth=CALLING)
def call(request: HttpRequest, coming: CallComing) -> Status[CallKnown]:
    """Say who calls. Whom it may be is asked when the agent looks, through her own view; here nothing is answered."""
    made = call_comes(
        coming.caller, coming.call, agent=coming.agent, branch=coming.branch, line=coming.line, by=asking(request)
    )
    return Status(201, CallKnown(id=made))


@router.post("/calls/over", response=CallOverTold, auth=CALLING)
def call_over(request: HttpRequest, over: CallOver) -> CallOverTold:
    """Say that a call is over; the agent may still write down what was said."""
    return CallOverTold(known=call_is_over(over.call, by=asking(request)))
