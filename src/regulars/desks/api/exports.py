"""Lists that left: what is on record, where a found one comes from, whether an old one may still be used."""

from datetime import date, datetime
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import FOR_CUSTOMERS, Token, asking
from regulars.desks.api.shapes import Because, Day, Id, Page, Paging, Said, Short, page
from regulars.journeys.protect_customer import protect_customer, unprotect_customer
from regulars.journeys.trace_list import recheck_list, trace_list
from regulars.records.company.access import now, today
from regulars.records.exports.access import ExportFacts, export_called, exports
from regulars.records.exports.actions import end_export, set_expiry

OFFICER: Final = Token("officer")
RECHECKING: Final = Token("officer", "marketer", purposes=FOR_CUSTOMERS)
MOST: Final = 10_000
router = Router(tags=["Exports"])
Entry = Annotated[str, Field(min_length=1, max_length=400)]


class Export(Schema):
    """One list that left; `state` says why none of its rows may be used, and is empty while they may."""

    id: int
    made_at: datetime
    made_by: str
    role: str
    view: str
    purpose: str
    door: str
    because: str
    content: str
    own_columns: dict[str, str] = Field(description="Own attributes in it, by key, and how each was shown")
    rows: int
    expires_on: date
    state: str


class FoundList(Said):
    """Rows of a found list as they stand in it, whatever is left of them, and why it is looked at."""

    rows: Annotated[list[Entry], Field(min_length=1, max_length=MOST)]
    because: Because


class OldList(FoundList):
    """Rows of an old list, and the number of its export if it is known."""

    export: Id | None = None


class Suspect(Schema):
    """An export the list may come from: `certain`, `likely` or `possible`."""

    export: Export
    verdict: str
    share: float
    pairs: int
    agreeing: int
    decoys: int
    fit: float | None = Field(description="How well its figures are those of the export; null where it has none left")


class Opener(Schema):
    """Who opened contact data of how many of these customers, one by one."""

    who: str
    customers: int


class HeldBy(Schema):
    """A release to a partner that held so many of the pseudonyms."""

    partner: str
    release: int
    made_at: datetime
    held: int


class Traced(Schema):
    """Where a found list comes from, the surest first."""

    rows: int
    recognised: int
    canaries: int
    suspects: list[Suspect]
    openers: list[Opener]
    releases: list[HeldBy]


class RowTold(Schema):
    """One row: its line, what it is known by, and `may` or why it must go."""

    line: int
    known_by: str
    answer: str


class OldListTold(Schema):
    """The rows that must go; `why` is a code where all must."""

    export: int | None
    expires_on: date | None
    why: str
    may: int
    must_go: list[RowTold]


class Expiry(Said):
    """Until when."""

    expires_on: Day


class Ending(Said):
    """Why."""

    because: Because


@router.get("/exports", response=Page[Export], auth=OFFICER)
def list_exports(request: HttpRequest, paging: Query[Paging]) -> Page[Export]:
    """What left, the newest first."""
    total, found = exports(by=asking(request), limit=paging.limit, offset=paging.offset)
    return page(paging, total, [_export(one) for one in found])


@router.post("/found-lists/trace", response=Traced, auth=OFFICER)
def trace(request: HttpRequest, asked: FoundList) -> Traced:
    """Say from which export a list comes, even where rows or columns are missing. Logged."""
    found = trace_list("\n".join(asked.rows).encode(), by=asking(request), because=asked.because)
    suspects = [
        Suspect(
            export=_export(facts), verdict=one.verdict, share=one.share, pairs=one.overlap.pairs,
            agreeing=one.overlap.agreeing, decoys=one.overlap.decoys, fit=one.overlap.fit,
        )
        for facts, one in found.suspects
    ]  # fmt: skip
    openers = [Opener(who=who, customers=count) for who, count in found.openers]
    releases = [HeldBy(partner=who, release=number, made_at=at, held=held) for who, number, at, held in found.releases]
    return Traced(
        rows=found.rows, recognised=found.recognised, canaries=found.canaries, suspects=suspects, openers=openers,
        releases=releases,
    )  # fmt: skip


@router.post("/found-lists/recheck", response=OldListTold, auth=RECHECKING)
def recheck(request: HttpRequest, asked: OldList) -> OldListTold:
    """May these rows still be used? Ask before each use; whatever is not certain must go. Logged."""
    content = "\n".join(asked.rows).encode()
    found = recheck_list(content, export=asked.export, by=asking(request), because=asked.because)
    gone = [RowTold(line=one.line, known_by=one.known_by, answer=one.answer) for one in found.must_go]
    return OldListTold(
        export=found.export, expires_on=found.expires_on, why=found.why, may=len(found.rows) - len(gone), must_go=gone
    )


@router.put("/exports/{export}", response=Export, auth=OFFICER)
def change_expiry(request: HttpRequest, export: Id, wanted: Expiry) -> Export:
    """Change until when an export may be used."""
    set_expiry(export, wanted.expires_on, by=asking(request), at=now())
    return _export(export_called(export))


@router.post("/exports/{export}/end", response=Export, auth=OFFICER)
def end(request: HttpRequest, export: Id, asked: Ending) -> Export:
    """None of its rows may be used any more."""
    end_export(export, because=asked.because, by=asking(request), at=now())
    return _export(export_called(export))


@router.put("/customers/{number}/protection", response={204: None}, auth=OFFICER)
def protect(request: HttpRequest, number: Short, asked: Ending) -> Status[None]:
    """Protect a customer: her file opens for a case only."""
    protect_customer(number, because=asked.because, by=asking(request), at=now())
    return Status(204, None)


@router.delete("/customers/{number}/protection", response={204: None}, auth=OFFICER)
def unprotect(request: HttpRequest, number: Short) -> Status[None]:
    """Protect her no longer."""
    unprotect_customer(number, by=asking(request))
    return Status(204, None)


def _export(one: ExportFacts) -> Export:
    return Export(
        id=one.id, made_at=one.made_at, made_by=one.made_by, role=one.role, view=one.view, purpose=one.purpose,
        door=one.door, because=one.because, content=one.content, own_columns=dict(one.own_columns), rows=one.rows,
        expires_on=one.expires_on, state=one.state(today()),
    )  # fmt: skip
