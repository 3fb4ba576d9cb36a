"""Need to know by assignment: of whom a given reason is asked, what came of it, and a customer who is here."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Id, Line, Said, Short
from regulars.journeys.need_to_know import ask_for_reason, customer_is_here, needs_asked, report_need_to_know

OFFICER: Final = Token("officer")
AT_DESKS: Final = Token("service", "steward", "officer", "marketer")
router = Router(tags=["Privacy office"])


class AskedReason(Schema):
    """In this role files open only for a reason somebody else gave; `branch` is null where it is asked everywhere."""

    role: str
    branch: int | None


class ReasonWanted(Said):
    """Whether it is asked of that role, everywhere or of those who work for one branch."""

    role: Literal["service", "steward"]
    branch: Id | None = None
    asked: bool


class NeedDays(Said):
    """How far back."""

    days: Annotated[int, Field(ge=1, le=3650)] = 30


class SaidToBeHere(Schema):
    """Of how many customers somebody said that they were here; how often by the customer's number alone, how often
    it was not so."""

    who: str
    role: str
    customers: int
    by_number: int
    refused: int
    last_at: datetime


class GivenToOneself(Schema):
    """A task its owner gave herself."""

    ref: str
    owner: str
    kind: str
    state: str
    opened_at: datetime
    number: str


class RefusedFiles(Schema):
    """How often somebody was refused a file, and of how many customers."""

    who: str
    role: str
    times: int
    customers: int
    last_at: datetime


class OpenedWithoutReason(Schema):
    """A file opened where nothing of that day gave a reason, and none was asked for."""

    at: datetime
    who: str
    role: str
    because: str
    customer_id: int


class NeedToKnowReport(Schema):
    """What came of need to know in the last days."""

    said_here: list[SaidToBeHere]
    self_assigned: list[GivenToOneself]
    refused: list[RefusedFiles]
    without: list[OpenedWithoutReason]


class Here(Said):
    """What the customer said of herself: a whole phone number, e-mail or customer number."""

    said: Line


class HereAnswer(Schema):
    """Which of the three it was; her file opens for half an hour."""

    by: str


@router.get("/need-to-know", response=list[AskedReason], auth=OFFICER)
def list_asked_reasons(request: HttpRequest) -> list[AskedReason]:
    """Of which roles, and where, a given reason is asked before a file opens."""
    return [AskedReason(role=one.role, branch=one.branch_id) for one in needs_asked()]


@router.put("/need-to-know", response={204: None}, auth=OFFICER)
def ask_for_given_reason(request: HttpRequest, wanted: ReasonWanted) -> Status[None]:
    """Ask for a given reason, or no longer; it holds from the next request on."""
    at = timezone.now()
    ask_for_reason(wanted.role, branch_id=wanted.branch, asked=wanted.asked, by=asking(request), at=at)
    return Status(204, None)


@router.get("/reports/need-to-know", response=NeedToKnowReport, auth=OFFICER)
def report_needed(request: HttpRequest, asked: Query[NeedDays]) -> Any:
    """Who said customers were here, tasks people gave themselves, files refused, and files opened without a reason."""
    return report_need_to_know(by=asking(request), at=timezone.now(), days=asked.days)


@router.post("/customers/{number}/here", response=HereAnswer, auth=AT_DESKS)
def say_customer_is_here(request: HttpRequest, number: Short, told: Here) -> HereAnswer:
    """The customer is here and said who she is: her file opens for half an hour. Counted; the officer reads it."""
    return HereAnswer(by=customer_is_here(number, told.said, by=asking(request)))
