"""Merging over HTTP: pairs that may be one person, what a merge would do, the merge, and undoing it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.shapes import Because, Id, Said, Short
from regulars.desks.shared.recognition_words import reason_said
from regulars.journeys.ask_to_match import (
    go_on_matching,
    look_at_matching,
    look_at_run,
    match_soon,
    stop_matching,
)
from regulars.journeys.merge_customers import MergePreview, merge_customers, preview_merge, unmerge_customers
from regulars.journeys.review_pairs import decide_different, pairs_in_review, put_off
from regulars.records.company.access import now
from regulars.records.merging.match_runs import Run
from regulars.records.merging.reviewing import PairInQuestion
from regulars.rules.identity.model import Match
from regulars.rules.permission.choices import Scope
from regulars.rules.permission.errors import BadInput

DECIDING: Final = Token("steward", "officer")
Side = Literal["into", "from"]
router = Router(tags=["Merging"])


class WhyReviewed(Said):
    """Why the pairs are looked at, and how many at most."""

    because: Because
    limit: Annotated[int, Field(ge=1, le=1_000)] = 50


class WhyDecided(Said):
    """Why it is decided so."""

    because: Because


class Merging(Said):
    """Into whom, why, and whose word stands where a person decides otherwise than the rule."""

    into: Short = Field(description="The number of the customer who stays")
    because: Because
    chosen: dict[Short, Side] = Field({}, description="Field → into or from")
    though_different: bool = Field(False, description="They had been found to be two persons, and that was wrong")


class Unmerging(Said):
    """Why they are two after all."""

    because: Because
    are_two: bool = Field(False, description="Nothing puts them together by itself any more")


class MatchStep(Schema):
    """One comparison, its level, how many bits it moves the sum, and the same in words."""

    comparison: str
    level: str
    bits: float
    sentence: str


class PairTold(Schema):
    """Two customers who may be one, and what the model says."""

    pair: int
    one: str
    other: str
    one_name: str | None
    other_name: str | None
    bits: float
    probability: float
    steps: list[MatchStep]
    state: str
    found_by: str
    put_at: datetime


class PairsTold(Schema):
    """How many pairs wait, and the first of them, the surest first."""

    waiting: int
    pairs: list[PairTold]


class FieldWinner(Schema):
    """A field on which two records differ, whose word stands, and why."""

    field: str
    side: Side
    because: str


class ClosedUse(Schema):
    """A use that a merge closes, since one of the two had closed it."""

    purpose: str
    channel: str
    brand: str
    topic: str


class MergeSeen(Schema):
    """What a merge would do."""

    into: str
    goes: str
    winners: list[FieldWinner]
    closes: list[ClosedUse]
    bits: float
    probability: float
    steps: list[MatchStep]
    different: bool


class MergeMade(Schema):
    """What a merge did: table → how many rows went over, and which uses were closed."""

    goes: str
    into: str
    rows: dict[str, int]
    closed: list[ClosedUse]


class WentMeanwhile(Schema):
    """What a campaign sent while the two were one: by which way, whether that is sure, and when."""

    campaign: str
    campaign_zh: str
    channel: str
    state: Literal["sent", "sending", "unsure"]
    at: datetime


class MergeTakenBack(Schema):
    """What undoing did: table → rows that went back, and rows that came meanwhile and stay with who stayed."""

    goes: str
    into: str
    back: dict[str, int]
    stayed: dict[str, int]
    fields: list[str] = Field(description="Columns changed since, which stay as they are")
    noes: int = Field(description="How many noes said meanwhile count for both now")
    went: list[WentMeanwhile] = Field(description="What campaigns sent meanwhile, newest first; it stays where it is")


class WhichMatching(Said):
    """Whom to compare: everybody with everybody (`whole`), or who is new with the others (`news`); and why."""

    kind: Literal["whole", "news"] = "whole"
    because: Because


class MatchingTold(Schema):
    """A batch that compares customers: its state (waiting, running, stopped, finished), the step it is at and how far,
    what it found."""

    run: int
    kind: str
    state: str
    step: str
    done: int
    of: int
    customers: int
    sure: int
    doubtful: int
    put_up: int
    started_by: str
    started_at: datetime
    finished_at: datetime | None


class MatchingsTold(Schema):
    """The newest batches, and how many customers are new since customers were last compared. `cut_off`: one counts as
    running, and nobody works on it."""

    newcomers: int
    cut_off: bool
    runs: list[MatchingTold]


@router.get("/comparisons", response=MatchingsTold, auth=DECIDING)
def list_comparisons(request: HttpRequest, asked: Query[WhyDecided]) -> MatchingsTold:
    """Batches that compare customers with each other, the newest first."""
    found = look_at_matching(by=asking(request), because=asked.because)
    return MatchingsTold(
        newcomers=found.newcomers, cut_off=found.cut_off, runs=[_matching(one) for one in found.runs]
    )  # fmt: skip


@router.post("/comparisons", response={202: MatchingTold}, auth=DECIDING, openapi_extra=MAY_COME_TWICE)
@once
def compare_customers(request: HttpRequest, told: WhichMatching) -> Status[MatchingTold]:
    """Compare customers in the background; what is found waits among the duplicates. One that was stopped or cut off
    goes on where it ended."""
    return Status(202, _matching(match_soon(told.kind, by=asking(request), because=told.because)))


@router.get("/comparisons/{run}", response=MatchingTold, auth=DECIDING)
def look_at_comparison(request: HttpRequest, run: Id, asked: Query[WhyDecided]) -> MatchingTold:
    """How far a batch is, and what it found."""
    return _matching(look_at_run(run, by=asking(request), because=asked.because))


@router.post("/comparisons/{run}/stop", response=MatchingTold, auth=DECIDING)
def stop_comparison(request: HttpRequest, run: Id, told: WhyDecided) -> MatchingTold:
    """Stop a batch before its next pairs are put up; what is put up stays."""
    by = asking(request)
    if not stop_matching(run, by=by):
        raise BadInput("match_not_under_way")
    return _matching(look_at_run(run, by=by, because=told.because))


@router.post(
    "/comparisons/{run}/go-on", response={202: MatchingTold}, auth=DECIDING, openapi_extra=MAY_COME_TWICE
)  # fmt: skip
@once
def go_on_comparing(request: HttpRequest, run: Id) -> Status[MatchingTold]:
    """Go on with a batch that was stopped or cut off."""
    return Status(202, _matching(go_on_matching(run, by=asking(request))))


@router.get("/duplicates", response=PairsTold, auth=DECIDING)
def list_duplicates(request: HttpRequest, asked: Query[WhyReviewed]) -> PairsTold:
    """Pairs of customers that wait for a decision."""
    waiting, found = pairs_in_review(by=asking(request), because=asked.because, limit=asked.limit)
    return PairsTold(waiting=waiting, pairs=[_pair(one) for one in found])


@router.post("/duplicates/{pair}/different", response={204: None}, auth=DECIDING)
def are_two_persons(request: HttpRequest, pair: Id, told: WhyDecided) -> Status[None]:
    """Confirm that a pair are two persons."""
    decide_different(pair, by=asking(request), because=told.because)
    return Status(204, None)


@router.post("/duplicates/{pair}/later", response={204: None}, auth=DECIDING)
def decide_later(request: HttpRequest, pair: Id) -> Status[None]:
    """Put a pair off: it comes after all others."""
    put_off(pair, by=asking(request))
    return Status(204, None)


@router.post("/customers/{number}/merge-preview", response=MergeSeen, auth=DECIDING)
def look_at_merge(request: HttpRequest, number: Short, told: Merging) -> MergeSeen:
    """What merging this customer into another would do; nothing is done."""
    seen = preview_merge(number, told.into, by=asking(request), because=told.because, chosen=told.chosen)
    return _seen(seen)


@router.post("/customers/{number}/merge", response=MergeMade, auth=DECIDING)
def merge(request: HttpRequest, number: Short, told: Merging) -> MergeMade:
    """Merge this customer into another: everything of hers belongs to that one, the stricter of two choices holds."""
    done = merge_customers(
        number, told.into, by=asking(request), because=told.because, at=now(), chosen=told.chosen,
        though_different=told.though_different,
    )  # fmt: skip
    return MergeMade(goes=done.goes, into=done.into, rows=dict(done.rows), closed=_closed(done.closed))


@router.post("/customers/{number}/unmerge", response=MergeTakenBack, auth=DECIDING)
def unmerge(request: HttpRequest, number: Short, told: Unmerging) -> MergeTakenBack:
    """Make two customers again; named by the number of the one who went."""
    done = unmerge_customers(number, by=asking(request), because=told.because, at=now(), are_two=told.are_two)
    return MergeTakenBack(
        goes=done.goes, into=done.into, back=dict(done.back), stayed=dict(done.stayed), fields=list(done.fields),
        noes=done.noes, went=[WentMeanwhile(**asdict(one)) for one in done.went],
    )  # fmt: skip


def _matching(run: Run) -> MatchingTold:
    told = {name: getattr(run, name) for name in MatchingTold.model_fields if name != "run"}
    return MatchingTold(run=run.id, **told)


def _pair(one: PairInQuestion) -> PairTold:
    return PairTold(
        pair=one.id, one=one.one.number, other=one.other.number, one_name=one.one.name, other_name=one.other.name,
        bits=round(one.bits, 3), probability=one.probability, steps=_steps(one.match), state=one.state,
        found_by=one.found_by, put_at=one.put_at,
    )  # fmt: skip


def _seen(seen: MergePreview) -> MergeSeen:
    return MergeSeen(
        into=seen.into.number, goes=seen.goes.number,
        winners=[FieldWinner(field=one.field, side=one.side, because=one.because) for one in seen.winners],
        closes=_closed(seen.closes), bits=round(seen.match.bits, 3), probability=seen.match.probability,
        steps=_steps(seen.match), different=seen.different,
    )  # fmt: skip


def _steps(match: Match) -> list[MatchStep]:
    return [
        MatchStep(comparison=one.comparison, level=one.level, bits=round(one.bits, 3), sentence=reason_said(one))
        for one in match.steps
    ]


def _closed(scopes: tuple[Scope, ...]) -> list[ClosedUse]:
    return [ClosedUse(**asdict(one)) for one in scopes]
