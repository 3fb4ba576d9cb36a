"""The log as evidence and the officer's reports: what the pages of the privacy office show, for programs.

By the clock on the wall, as every line of the log: evidence has no business day.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Moment
from regulars.journeys.report_evidence import evidence_state
from regulars.journeys.report_reach import (
    reads_without_assignment,
    rights_never_used,
    warehouse_overview,
    what_was_reached,
)
from regulars.journeys.write_bundle import write_bundle
from regulars.records.access_log.reached import deeds

OFFICER: Final = Token("officer")
LATELY: Final = timedelta(days=31)
ZIP: Final = {"x-media-type": "application/zip"}
Days = Annotated[int, Field(ge=1, le=3650, description="So many days back")]

router = Router(tags=["Evidence"])


class Checkpointed(Schema):
    """The last checkpoint: the log at a moment, signed."""

    number: int
    at: str
    size: int = Field(description="Batches")
    lines: int
    root: str


class Copied(Schema):
    """One copy of the log; `state` is well, behind, away, otherwise or nothing."""

    name: str
    is_outside: bool
    state: str
    number: int
    at: datetime | None
    message: str


class EvidenceNow(Schema):
    """How the evidence stands. `waiting` counts lines of each book that are in no batch yet."""

    key: str
    is_alive: bool
    is_well: bool
    checkpoint: Checkpointed | None
    waiting: dict[str, int]
    copies: list[Copied]


class DeedDone(Schema):
    """One line of the privacy log."""

    at: datetime
    who: str
    role: str
    deed: str
    subject: str
    detail: dict[str, Any]
    customer_id: int | None
    allowed: bool


class WasReached(Schema):
    """What one role reached through one view."""

    view: str
    role: str
    reads: int
    people: int
    rows: int
    customers: int
    refused: int
    last_at: datetime


class NeverUsed(Schema):
    """A right nobody used for ninety days; `unknown` where PostgreSQL keeps no last use, `role` for a seat."""

    kind: str
    who: str
    role: str
    view: str
    last_at: datetime | None
    unknown: bool


class ReadOutside(Schema):
    """One file opened by somebody of other branches."""

    at: datetime
    who: str
    role: str
    view: str
    door: str
    because: str
    customer_id: int
    branch_id: int


class KeptInWarehouse(Schema):
    """One table of the warehouse."""

    table: str
    files: int
    rows: int
    size: int = Field(description="Bytes")
    written_at: datetime | None


class SoFarBack(Schema):
    """How far to look back."""

    days: Days = 30


class SoMany(Schema):
    """How many lines at most."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class BundleAsked(Schema):
    """From when on the log is in the bundle; a month when left out."""

    since: Moment | None = None


@router.get("/evidence", response=EvidenceNow, auth=OFFICER)
def show_evidence(request: HttpRequest) -> Any:
    """The last checkpoint, what waits to be closed, and every copy of the log."""
    return evidence_state(by=asking(request), at=timezone.now())


@router.post("/evidence/bundle", response={200: str}, auth=OFFICER, openapi_extra=ZIP)
def make_bundle(request: HttpRequest, asked: BundleAsked) -> FileResponse:
    """Write the evidence for an auditor and hand it over as one file; `regulars-verify` checks it."""
    at = timezone.now()
    with tempfile.TemporaryDirectory(dir=settings.HOME.folder("files")) as folder:
        written = write_bundle(Path(folder) / "bundle.zip", by=asking(request), at=at, since=asked.since or at - LATELY)
        sheet = written.path.open("rb")  # open, it outlives its name
    name = f"regulars-{at:%Y-%m-%d}.zip"
    return FileResponse(sheet, as_attachment=True, filename=name, content_type="application/zip")


@router.get("/privacy-log", response=list[DeedDone], auth=OFFICER)
def show_privacy_log(request: HttpRequest, asked: Query[SoMany]) -> Any:
    """The newest deeds about choices, rights, views and keys."""
    return deeds(by=asking(request), limit=asked.limit)


@router.get("/reports/reached", response=list[WasReached], auth=OFFICER)
def report_reached(request: HttpRequest, asked: Query[SoFarBack]) -> Any:
    """What each role reached through each view."""
    return what_was_reached(by=asking(request), at=timezone.now(), days=asked.days)


@router.get("/reports/unused", response=list[NeverUsed], auth=OFFICER)
def report_unused(request: HttpRequest) -> Any:
    """Seats and tokens nobody used for ninety days."""
    return rights_never_used(by=asking(request), at=timezone.now())


@router.get("/reports/outside", response=list[ReadOutside], auth=OFFICER)
def report_outside(request: HttpRequest, asked: Query[SoFarBack]) -> Any:
    """Files of customers opened by people of other branches."""
    return reads_without_assignment(by=asking(request), at=timezone.now(), days=asked.days)


@router.get("/reports/warehouse", response=list[KeptInWarehouse], auth=OFFICER)
def report_warehouse(request: HttpRequest) -> Any:
    """What lies in the warehouse."""
    return warehouse_overview(by=asking(request))
