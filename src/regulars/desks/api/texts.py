"""Free texts that say something sensitive, for the privacy officer's programs."""

from datetime import datetime
from typing import Final, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Id, Said
from regulars.records.company.access import now
from regulars.records.free_texts.texts import decide_text, flagged_texts

OFFICER: Final = Token("officer")

router = Router(tags=["Privacy office"])


class Reviewing(Said):
    """Why the texts are read."""

    because: Because
    limit: int = Field(50, ge=1, le=500)


class Deciding(Said):
    """What becomes of a text."""

    decision: Literal["accept", "redact", "move"]


class Flagged(Schema):
    """A text that waits: where it stands, of which kinds it is, and its words."""

    id: int
    number: str
    table: str
    kinds: list[str]
    text: str
    found_at: datetime
    found_by: str


class Waiting(Schema):
    """How many texts wait, and the first of them."""

    waiting: int
    texts: list[Flagged]


@router.get("/flagged-texts", response=Waiting, auth=OFFICER)
def show_flagged_texts(request: HttpRequest, asked: Query[Reviewing]) -> Waiting:
    """Free texts that seem to hold something sensitive, the oldest first."""
    waiting, found = flagged_texts(by=asking(request), because=asked.because, limit=asked.limit)
    texts = [
        Flagged(
            id=one.id, number=one.number, table=one.table, kinds=list(one.kinds), text=one.text, found_at=one.found_at,
            found_by=one.found_by,
        )
        for one in found
    ]  # fmt: skip
    return Waiting(waiting=waiting, texts=texts)


@router.post("/flagged-texts/{flag_id}/decision", response={204: None}, auth=OFFICER)
def decide_flagged_text(request: HttpRequest, flag_id: Id, asked: Deciding) -> Status[None]:
    """Leave the text as it is, cover what is sensitive in it, or move it out of sight, sealed."""
    decide_text(flag_id, asked.decision, by=asking(request), at=now())
    return Status(204, None)
