"""Write keys of streams: listed, given, ended; and how a source's events are read."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Id, Said, Short
from regulars.journeys.act_on_events import as_said, rules_on_events, say_rule_on_events, take_rule_back
from regulars.journeys.draw_tables import fetch_table, tables_read
from regulars.journeys.open_stream import give_write_key, keys_of_streams, say_how_read, take_write_key_back
from regulars.journeys.receive_webhook import (
    as_told,
    give_webhook,
    renew_webhook,
    say_mapping,
    take_webhook_back,
    try_webhook,
    webhooks_of_streams,
)
from regulars.records.company.access import now
from regulars.records.events.acting import tried_in_vain
from regulars.records.events.write_keys import MOST_RATE, USUAL_RATE
from regulars.rules.events.acting import LONGEST_DUE, LONGEST_WAIT, RuleSaid

LOOKING: Final = Token("steward", "officer")
ACTING: Final = Token("steward")
Name = Annotated[str, Field(min_length=1, max_length=64)]
Mapping = Annotated[dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=200)]],
                    Field(max_length=100)]  # fmt: skip
EventName = Annotated[str, Field(min_length=1, max_length=200)]
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
    orders: bool = True


class StreamRead(Schema):
    """What is said now."""

    said: dict[str, Any]


class NewEventRule(Said):
    """When an event happens, and another has not followed within so many minutes, somebody has a task."""

    name: EventName
    event: EventName
    task: Literal["complaint", "call_back", "order_ready", "other"]
    unless: Annotated[str, Field(max_length=200)] = ""
    wait_minutes: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = 0
    due_days: Annotated[int, Field(ge=0, le=LONGEST_DUE)] = 1
    purpose: Literal["service", "direct_marketing"] = "service"


class EventRuleLine(Schema):
    """A rule on events, who made it when, and when it ended."""

    id: int
    name: str
    event: str
    unless: str
    wait_minutes: int
    task: str
    due_days: int
    purpose: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class EventRuleMade(Schema):
    """The number of the new rule."""

    id: int


class NewWebhook(Said):
    """An address for a program of others that signs its messages."""

    source: Short
    name: Short


class WebhookSecret(Schema):
    """Where it sends, and the secret it signs with, shown this once."""

    id: int
    path: str
    secret: str


class WebhookRenewed(Schema):
    """The new secret, shown this once."""

    secret: str


class WebhookLine(Schema):
    """A webhook that comes in, and what came by it in the last day."""

    id: int
    source_ref: str
    name: str
    path: str
    mapping: dict[str, str]
    made_by: str
    made_at: datetime
    previous_until: datetime | None
    ended_at: datetime | None
    last_at: datetime | None
    kept: int
    repeated: int
    refused: int


class WebhookMapping(Said):
    """Field of the event → place in the message: see the guide for data stewards."""

    mapping: Mapping


class TriedMessage(Said):
    """A message to be tried, with the webhook's own mapping or another."""

    message: Any
    mapping: Mapping | None = None


class TriedMembers(Schema):
    """What each member of the message would become."""

    members: list[dict[str, Any]]


class TableLine(Schema):
    """A table of another database that is read again and again: up to where, when last, and what was in the way."""

    name: str
    source_ref: str
    table: str
    by_column: str
    kind: str
    every_minutes: int
    look_back_hours: int
    mark: dict[str, Any]
    problem: dict[str, Any]
    last_run_id: int | None
    last_at: datetime | None
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class TableFetched(Schema):
    """What was read: rows that are new or have changed, rows that were known, those without a value in the column,
    whether more waits, and the file it came in as."""

    rows: int
    known: int
    without: int
    more: bool
    import_run: int | None


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
        people_of=asked.people_of, traits=asked.traits, orders=asked.orders, by=asking(request),
    )  # fmt: skip
    return StreamRead(said=said)


class RefundsWaiting(Schema):
    """How many events of a source take back an order that nobody has told yet, and since when the first one waits."""

    source: str
    events: int
    since: datetime


@router.get("/refunds-waiting", response=list[RefundsWaiting], auth=LOOKING)
def list_waiting(request: HttpRequest) -> list[RefundsWaiting]:
    """Refunds that wait for their order, by source. They are tried again ever more seldom; after a week, set aside."""
    return [RefundsWaiting.model_validate(one, from_attributes=True) for one in tried_in_vain(by=asking(request))]


@router.get("/event-rules", response=list[EventRuleLine], auth=LOOKING)
def list_event_rules(request: HttpRequest) -> list[EventRuleLine]:
    """Every rule that makes tasks of events, those that hold first."""
    return [EventRuleLine.model_validate(as_said(one)) for one in rules_on_events(by=asking(request))]


@router.post("/event-rules", response={201: EventRuleMade}, auth=ACTING)
def make_event_rule(request: HttpRequest, asked: NewEventRule) -> Status[EventRuleMade]:
    """A rule that makes tasks of events from now on."""
    made = say_rule_on_events(RuleSaid(**asked.model_dump()), by=asking(request), at=now())
    return Status(201, EventRuleMade(id=made))


@router.delete("/event-rules/{rule_id}", response={204: None}, auth=ACTING)
def end_event_rule(request: HttpRequest, rule_id: Id) -> Status[None]:
    """Nothing more is done by this rule."""
    take_rule_back(rule_id, by=asking(request), at=now())
    return Status(204, None)


@router.get("/webhooks-in", response=list[WebhookLine], auth=LOOKING)
def list_webhooks(request: HttpRequest) -> list[WebhookLine]:
    """Every webhook that comes in, those that work first."""
    return [
        WebhookLine.model_validate(asdict(one) | {"path": f"/v1/hooks/{one.address}"})
        for one in webhooks_of_streams(by=asking(request), at=now())
    ]


@router.post("/webhooks-in", response={201: WebhookSecret}, auth=ACTING)
def make_webhook(request: HttpRequest, asked: NewWebhook) -> Status[WebhookSecret]:
    """An address for signed webhooks of a source."""
    made, address, secret = give_webhook(asked.source, asked.name, by=asking(request), at=now())
    return Status(201, WebhookSecret(id=made, path=f"/v1/hooks/{address}", secret=secret))


@router.post("/webhooks-in/{webhook_id}/secret", response={201: WebhookRenewed}, auth=ACTING)
def renew_webhook_secret(request: HttpRequest, webhook_id: Id) -> Status[WebhookRenewed]:
    """A new secret; the one before it holds for a day more."""
    return Status(201, WebhookRenewed(secret=renew_webhook(webhook_id, by=asking(request), at=now())))


@router.put("/webhooks-in/{webhook_id}/mapping", response={204: None}, auth=ACTING)
def map_webhook(request: HttpRequest, webhook_id: Id, asked: WebhookMapping) -> Status[None]:
    """Its messages are read so from now on."""
    say_mapping(webhook_id, asked.mapping, by=asking(request), at=now())
    return Status(204, None)


@router.post("/webhooks-in/{webhook_id}/try", response=TriedMembers, auth=ACTING)
def try_message(request: HttpRequest, webhook_id: Id, asked: TriedMessage) -> TriedMembers:
    """What a message would become; nothing of it is kept."""
    found = try_webhook(webhook_id, asked.message, asked.mapping, by=asking(request), at=now())
    return TriedMembers(members=[as_told(one) for one in found])


@router.delete("/webhooks-in/{webhook_id}", response={204: None}, auth=ACTING)
def end_webhook(request: HttpRequest, webhook_id: Id) -> Status[None]:
    """Nothing comes in by it from now on."""
    take_webhook_back(webhook_id, by=asking(request), at=now())
    return Status(204, None)


@router.get("/tables", response=list[TableLine], auth=LOOKING)
def list_tables(request: HttpRequest) -> list[TableLine]:
    """Every table of another database that is or was read, those that still are first."""
    return [TableLine.model_validate(asdict(one)) for one in tables_read(by=asking(request))]


@router.post("/tables/{name}/fetch", response=TableFetched, auth=ACTING)
def fetch_table_now(request: HttpRequest, name: Short) -> TableFetched:
    """What is new in the table is brought in now."""
    drawn, report = fetch_table(name, by=asking(request), at=now())
    run = report.run_id if report else None
    return TableFetched(rows=drawn.rows, known=drawn.known, without=drawn.without, more=drawn.more, import_run=run)
