"""Write keys of streams: listed, given, ended; and how a source's events are read."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Id, Said, Short
from regulars.journeys.open_stream import give_write_key, keys_of_streams, say_how_read, take_write_key_back
from regulars.records.company.access import now
from regulars.records.events.write_keys import MOST_RATE, USUAL_RATE

LOOKING: Final = Token("steward", "officer")
ACTING: Final = Token("steward")
Name = Annotated[str, Field(min_length=1, max_length=64)]
Kind = Literal[
    "order", "return", "call", "visit", "letter", "mail", "message", "web", "app", "meter", "till", "complaint",
    "survey", "stay", "reward",
]  # fmt: skip
router = Router(tags=["Streams"])


class WriteKeyLine(Schema):
    """A key and what came by it in the last day: kept, taken before, about persons, without consent, set aside."""

    id: int
    source_ref: str
    name: str
    hint: str
    events_a_second: int
    made_by: str
    made_at: datetime
    revoked_at: datetime | None
    last_at: datetime | None
    kept: int
    repeated: int
    told: int
    denied: int
    refused: int
    last_minute: int


class NewWriteKey(Said):
    """A key for a program."""

    source: Short
    name: Short
    events_a_second: Annotated[int, Field(ge=1, le=MOST_RATE)] = USUAL_RATE


class WriteKeySecret(Schema):
    """The key, shown this once."""

    id: int
    write_key: str


class StreamReading(Said):
    """How a source's events are read: see the guide for data stewards."""

    kind: Kind = "web"
    categories: Annotated[list[Name], Field(max_length=100)] = []
    opened: Annotated[list[Name], Field(max_length=100)] = []
    people_of: Annotated[str, Field(max_length=60)] = ""
    traits: dict[Name, Name] = {}


class StreamRead(Schema):
    """What is said now."""

    said: dict[str, Any]


@router.get("/write-keys", response=list[WriteKeyLine], auth=LOOKING)
def list_write_keys(request: HttpRequest) -> list[WriteKeyLine]:
    """Every write key, those that work first."""
    return [
        WriteKeyLine.model_validate(one, from_attributes=True) for one in keys_of_streams(by=asking(request), at=now())
    ]


@router.post("/write-keys", response={201: WriteKeySecret}, auth=ACTING)
def make_write_key(request: HttpRequest, asked: NewWriteKey) -> Status[WriteKeySecret]:
    """A key that a program sends events of a source with."""
    made, secret = give_write_key(asked.source, asked.name, rate=asked.events_a_second, by=asking(request), at=now())
    return Status(201, WriteKeySecret(id=made, write_key=secret))


@router.delete("/write-keys/{key_id}", response={204: None}, auth=ACTING)
def end_write_key(request: HttpRequest, key_id: Id) -> Status[None]:
    """Nothing comes in by this key from now on."""
    take_write_key_back(key_id, by=asking(request), at=now())
    return Status(204, None)


@router.put("/sources/{source}/stream", response=StreamRead, auth=ACTING)
def read_stream(request: HttpRequest, source: Short, asked: StreamReading) -> StreamRead:
    """How the source's events are read from now on."""
    said = say_how_read(
        source, kind=asked.kind, categories=tuple(asked.categories), opened=tuple(asked.opened),
        people_of=asked.people_of, traits=asked.traits, by=asking(request),
    )  # fmt: skip
    return StreamRead(said=said)
