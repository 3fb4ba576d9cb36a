"""Anonymous extracts for partners: what is declared, how safe a file would be, which files a partner has."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Key, Line, Said
from regulars.journeys.release_extract import (
    NewExtract,
    declare_extract,
    end_extract,
    preview_extract,
    release_extract,
)
from regulars.records.company.access import now
from regulars.records.disclosures.access import partner_called
from regulars.records.statistics.extract_access import ExtractFacts, FileFacts, extracts, files_of, standing_extract
from regulars.rules.statistics.extracts import (
    CLOSENESS,
    MOST_KNOWN,
    MOST_SUPPRESSED,
    MOST_VARIETY,
    SUPPRESSED,
    VARIETY,
)

OFFICER: Final = Token("officer")
router = Router(tags=["Extracts"])
Word = Annotated[str, Field(min_length=3, max_length=200)]


class ExtractWanted(Said):
    """The columns somebody outside may know, and the one nobody does."""

    name: Line
    known: Annotated[list[Word], Field(min_length=1, max_length=MOST_KNOWN)]
    confidential: Annotated[str, Field(max_length=200)] = ""
    variety: Annotated[int, Field(ge=2, le=MOST_VARIETY)] = VARIETY
    closeness: Annotated[int, Field(ge=1, le=100)] = CLOSENESS
    suppressed: Annotated[int, Field(ge=0, le=MOST_SUPPRESSED)] = SUPPRESSED
    because: Because


class FileWanted(Said):
    """Why a file leaves, and as what."""

    because: Because
    kind: Literal["csv", "parquet"] = "csv"


class WhyEnded(Said):
    """Why."""

    because: Because


class ExtractTold(Schema):
    """A declaration; `ended_at` is null while it stands."""

    id: int
    name: str
    known: list[str]
    confidential: str
    variety: int
    closeness: int
    suppressed: int
    because: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class RiskTold(Schema):
    """How safe it is. `loss` is between 0 and 1; `farthest` in per cent."""

    people: int
    rows: int
    left_out: int
    classes: int
    smallest: int
    average: float
    values: int
    farthest: int
    loss: float
    discernibility: float


class ClassTold(Schema):
    """One class: `told` where a file made now would hold it, `stands` where not, `left_out` where it is not fit."""

    says: list[str]
    people: int
    values: int
    state: str


class ExtractPreview(Schema):
    """What a file made now would hold; nobody was told anything."""

    extract: int
    least: int
    rungs: list[str]
    fixed: bool
    risk: RiskTold
    classes: list[ClassTold]


class FileTold(Schema):
    """One file a partner has."""

    id: int
    extract: int
    release: int
    made_at: datetime
    least: int
    rungs: list[str]
    classes: int
    rows: int
    risk: RiskTold


@router.get("/partners/{key}/extracts", response=list[ExtractTold], auth=OFFICER)
def list_extracts(request: HttpRequest, key: Key) -> list[ExtractTold]:
    """What is declared for a partner, the newest first."""
    by = asking(request)
    return [_extract(one) for one in extracts(by=by, partner_id=partner_called(key, by=by).id)]


@router.post("/partners/{key}/extracts", response={201: ExtractTold}, auth=OFFICER)
def declare(request: HttpRequest, key: Key, wanted: ExtractWanted) -> Status[ExtractTold]:
    """Declare the one extract a partner gets; nothing leaves yet."""
    by = asking(request)
    new = NewExtract(
        wanted.name, wanted.known, wanted.confidential, wanted.variety, wanted.closeness, wanted.suppressed
    )  # fmt: skip
    declare_extract(key, new, because=wanted.because, by=by, at=now())
    return Status(201, _extract(standing_extract(by=by, partner_id=partner_called(key, by=by).id)))


@router.get("/partners/{key}/extract/preview", response=ExtractPreview, auth=OFFICER)
def preview(request: HttpRequest, key: Key) -> ExtractPreview:
    """What a file made now would hold, class by class, and how safe it would be; nobody is told anything."""
    seen = preview_extract(key, by=asking(request), at=now())
    return ExtractPreview(
        extract=seen.extract.id, least=seen.least, rungs=list(seen.rungs), fixed=seen.fixed,
        risk=RiskTold(**asdict(seen.risk)), classes=[ClassTold(**asdict(one)) for one in seen.classes],
    )  # fmt: skip


@router.post("/partners/{key}/extract/release", auth=OFFICER)
def release(request: HttpRequest, key: Key, asked: FileWanted) -> HttpResponse:
    """The rows as a file: the first time all classes, later those that enough people changed. Noted in the register."""
    made = release_extract(key, kind=asked.kind, because=asked.because, by=asking(request), at=now())
    answer = HttpResponse(made.content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@router.post("/partners/{key}/extract/end", response={204: None}, auth=OFFICER)
def end(request: HttpRequest, key: Key, asked: WhyEnded) -> Status[None]:
    """Make no file of it any more; what left stays remembered."""
    end_extract(key, because=asked.because, by=asking(request), at=now())
    return Status(204, None)


@router.get("/partners/{key}/extract/files", response=list[FileTold], auth=OFFICER)
def list_files(request: HttpRequest, key: Key) -> list[FileTold]:
    """The files a partner has, the newest first."""
    by = asking(request)
    return [_file(one) for one in files_of(by=by, partner_id=partner_called(key, by=by).id)]


def _extract(one: ExtractFacts) -> ExtractTold:
    return ExtractTold(**{name: getattr(one, name) for name in ExtractTold.model_fields})


def _file(one: FileFacts) -> FileTold:
    told: dict[str, Any] = {name: getattr(one, name) for name in ("id", "made_at", "least", "rows")}
    return FileTold(
        extract=one.extract_id, release=one.release_id, rungs=list(one.rungs), classes=len(one.classes),
        risk=RiskTold(**one.risk), **told,
    )  # fmt: skip
