"""Figures for partners: what is counted, what would be withheld, what each was told."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Day, Id, Key, Line, Said
from regulars.journeys.release_figures import (
    NewCube,
    Previewed,
    declare_cube,
    end_cube,
    preview_figures,
    release_figures,
)
from regulars.records.company.access import now
from regulars.records.disclosures.access import partner_called
from regulars.records.statistics.access import AnswerFacts, CubeFacts, answers, cubes, standing_cube
from regulars.rules.statistics.answering import Figure
from regulars.rules.statistics.cubes import MEASURES, MOST_DIMENSIONS, PERCENT

OFFICER: Final = Token("officer")
router = Router(tags=["Figures"])
Word = Annotated[str, Field(min_length=3, max_length=400)]
Measure = Annotated[str, Field(pattern=f"^({'|'.join(MEASURES)})$")]


class CubeWanted(Said):
    """What is to be counted: columns such as customer.city or customer.birth_on:decade, and of whom."""

    name: Line
    by: Annotated[list[Word], Field(min_length=1, max_length=MOST_DIMENSIONS)]
    measures: Annotated[list[Measure], Field(max_length=len(MEASURES))] = []
    only: Annotated[list[Word], Field(max_length=10)] = []
    since: Day | None = None
    until: Day | None = None
    percent: Annotated[int, Field(ge=1, le=100)] = PERCENT
    because: Because


class WhyNow(Said):
    """Why."""

    because: Because


class CubeTold(Schema):
    """A declaration; `ended_at` is null while it is counted."""

    id: int
    name: str
    by: list[str]
    measures: list[str]
    only: list[str]
    since: date | None
    until: date | None
    percent: int
    because: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class FigureTold(Schema):
    """One cell: `*` is all together. `people` is null where it is withheld; `why` holds codes."""

    at: list[str]
    state: str
    people: int | None
    orders: int | None
    money: int | None
    as_of: date | None
    why: list[str]


class CellSeen(FigureTold):
    """A cell before it is told, with how many people are in it now."""

    people_now: int


class Preview(Schema):
    """What would be told now; nobody was told anything."""

    cube: int
    least: int
    cells: list[CellSeen]


class AnswerTold(Schema):
    """One line of a partner's ledger."""

    id: int
    cube: int
    name: str
    release: int
    made_at: datetime
    least: int
    figures: list[FigureTold]


@router.get("/partners/{key}/cubes", response=list[CubeTold], auth=OFFICER)
def list_cubes(request: HttpRequest, key: Key) -> list[CubeTold]:
    """What is counted for a partner, the newest first."""
    by = asking(request)
    return [_cube(one) for one in cubes(by=by, partner_id=partner_called(key, by=by).id)]


@router.post("/partners/{key}/cubes", response={201: CubeTold}, auth=OFFICER)
def declare(request: HttpRequest, key: Key, wanted: CubeWanted) -> Status[CubeTold]:
    """Declare what is counted for a partner; nothing is told yet."""
    by = asking(request)
    new = NewCube(wanted.name, wanted.by, wanted.measures, wanted.only, wanted.since, wanted.until, wanted.percent)
    made = declare_cube(key, new, because=wanted.because, by=by, at=now())
    return Status(201, _cube(standing_cube(made, by=by, partner_id=partner_called(key, by=by).id)))


@router.get("/partners/{key}/cubes/{cube}/preview", response=Preview, auth=OFFICER)
def preview(request: HttpRequest, key: Key, cube: Id) -> Preview:
    """What would be told now, and what would be withheld and why; nobody is told anything."""
    return _preview(preview_figures(key, cube, by=asking(request), at=now()))


@router.post("/partners/{key}/cubes/{cube}/release", auth=OFFICER)
def release(request: HttpRequest, key: Key, cube: Id, asked: WhyNow) -> HttpResponse:
    """The figures as a file, compared with everything this partner was told before, and noted in the register."""
    made = release_figures(key, cube, because=asked.because, by=asking(request), at=now())
    answer = HttpResponse(made.content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@router.post("/partners/{key}/cubes/{cube}/end", response={204: None}, auth=OFFICER)
def end(request: HttpRequest, key: Key, cube: Id, asked: WhyNow) -> Status[None]:
    """Count it no more; what was told stays in the ledger."""
    end_cube(key, cube, because=asked.because, by=asking(request), at=now())
    return Status(204, None)


@router.get("/partners/{key}/ledger", response=list[AnswerTold], auth=OFFICER)
def show_ledger(request: HttpRequest, key: Key) -> list[AnswerTold]:
    """What a partner was told, the newest first."""
    by = asking(request)
    return [_answer(one) for one in answers(by=by, partner_id=partner_called(key, by=by).id)]


def _cube(one: CubeFacts) -> CubeTold:
    return CubeTold(
        id=one.id, name=one.name, by=list(one.dimensions), measures=list(one.measures), only=list(one.only),
        since=one.since, until=one.until, percent=one.percent, because=one.because, made_by=one.made_by,
        made_at=one.made_at, ended_at=one.ended_at,
    )  # fmt: skip


def _preview(seen: Previewed) -> Preview:
    cells = [CellSeen(**_told(figure), people_now=people) for figure, people in seen.cells]
    return Preview(cube=seen.cube.id, least=seen.least, cells=cells)


def _answer(one: AnswerFacts) -> AnswerTold:
    return AnswerTold(
        id=one.id, cube=one.cube_id, name=one.cube, release=one.release_id, made_at=one.made_at, least=one.least,
        figures=[FigureTold(**_told(figure)) for figure in one.figures],
    )  # fmt: skip


def _told(one: Figure) -> dict[str, Any]:
    return {
        "at": list(one.at), "state": one.state, "people": one.people, "orders": one.orders, "money": one.money,
        "as_of": one.as_of, "why": list(one.why),
    }  # fmt: skip
