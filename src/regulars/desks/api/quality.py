"""Quality of the data: figures of a night, what bad data cost, whom to ask again."""

from datetime import date
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.shapes import Because, Said, Short
from regulars.journeys.keep_quality import hand_out_cases, look_at_quality
from regulars.records.company.access import now
from regulars.records.staff.access import everybody
from regulars.rules.permission.errors import BadInput

LOOKING: Final = Token("steward", "officer")
ACTING: Final = Token("steward")
router = Router(tags=["Quality"])


class QualityFigureLine(Schema):
    """What a night counted of one field, of the people one source brought (null: of no source).

    `disputed`: sources say different things and nobody asked; `confirmed`: what is believed was confirmed.
    """

    on: date
    source_id: int | None
    field: str
    people: int
    filled: int
    valid: int
    fresh: int
    disputed: int
    confirmed: int


class QualityConflictLine(Schema):
    """A source whose word on a field stands beside another that says otherwise: of how many people that night, and of
    how many of them another's word is believed (null: nobody knows any more whose word it is)."""

    on: date
    source_id: int | None
    field: str
    said: int
    against: int


class QualityCostLine(Schema):
    """What bad data came to in a year; money is known where campaigns state it (else the currency is empty)."""

    kind: str
    cases: int
    cost_minor: int
    currency: str


class QualityFigures(Schema):
    """Every night of about a year, and what it cost; `on` is the newest night, null before the first."""

    on: date | None
    figures: list[QualityFigureLine]
    conflicts: list[QualityConflictLine]
    costs: list[QualityCostLine]
    asked_in_30_days: int


class FieldToAsk(Schema):
    """A field to ask for again: does_not_work, nothing_reaches, sources_disagree or old (noted on that day)."""

    field: str
    why: str
    noted_on: date | None


class CaseToAsk(Schema):
    """Somebody to ask again; `handed` when it is somebody's task."""

    number: str
    name: str | None
    asks: list[FieldToAsk]
    worth_minor: int | None
    owner: str | None
    handed: bool


class CasesAsked(Said):
    """How many, and why."""

    because: Because
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CasesHanded(Said):
    """How many become tasks, and whose (sign-in names in turn; none: offered to all)."""

    because: Because
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    owners: Annotated[list[Short], Field(max_length=200)] = []


class CasesOpened(Schema):
    """How many tasks were opened."""

    opened: int


@router.get("/quality", response=QualityFigures, auth=LOOKING)
def read_quality(request: HttpRequest) -> QualityFigures:
    """The figures of each night; counts only."""
    found = look_at_quality(by=asking(request), because="quality", limit=1)
    return QualityFigures(
        on=found.on, figures=[QualityFigureLine.model_validate(one, from_attributes=True) for one in found.figures],
        conflicts=[QualityConflictLine.model_validate(one, from_attributes=True) for one in found.conflicts],
        costs=[QualityCostLine.model_validate(one, from_attributes=True) for one in found.costs],
        asked_in_30_days=found.asked,
    )  # fmt: skip


@router.get("/quality/cases", response=list[CaseToAsk], auth=LOOKING)
def list_cases(request: HttpRequest, asked: Query[CasesAsked]) -> list[CaseToAsk]:
    """Whom to ask again, those nobody has to do first. Logged."""
    found = look_at_quality(by=asking(request), because=asked.because, limit=asked.limit).cases
    return [CaseToAsk.model_validate(one, from_attributes=True) for one in found]


@router.post("/quality/cases/hand-out", response=CasesOpened, auth=ACTING, openapi_extra=MAY_COME_TWICE)
@once
def hand_out(request: HttpRequest, asked: CasesHanded) -> CasesOpened:
    """The first of the list become tasks."""
    known = {one.username: one.id for one in everybody()}
    for name in asked.owners:
        if name not in known:
            raise BadInput("no_such_staff", {"username": name})
    owners = [known[one] for one in asked.owners]
    return CasesOpened(
        opened=hand_out_cases(asked.limit, owners, by=asking(request), because=asked.because, at=now())
    )  # fmt: skip
