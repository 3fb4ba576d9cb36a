"""A webhook's message comes in: believed by its signature, read by its mapping, kept as any event is.

The message's own number makes it one, however often it comes; what cannot be read is set aside with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from regulars.journeys.open_stream import demand_steward, source_of
from regulars.journeys.receive_events import LARGEST_EVENT, Receipt, keep_sorted, sort_members, stream_of
from regulars.journeys.tell_people import STREAM
from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import company
from regulars.records.events import webhooks
from regulars.records.events.keeping import Batch
from regulars.records.events.webhooks import Listening, WebhookFacts
from regulars.records.intake.access import sources
from regulars.records.intake.source_tasks import close_source_task, open_source_task
from regulars.rules.events.body import read_body
from regulars.rules.events.kinds import plain_name
from regulars.rules.events.mapping import events_of, unlike, wrong_in
from regulars.rules.events.orders import ORDERS, OrderTold, order_told
from regulars.rules.events.reading import Event, Refused, Unconsented, read_member
from regulars.rules.events.signatures import refusal
from regulars.rules.events.traits import row_of
from regulars.rules.intake.sources import demand_unexpired
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

MESSAGE_CHANGED: Final = "message_changed"
LARGEST_MESSAGE: Final = 256 * 1024

listening_at = webhooks.listening_at


@dataclass(frozen=True, slots=True)
class Tried:
    """What one member of a tried message would become: its event, or why it would be set aside or not kept; the cells
    it would tell of a customer, and the order."""

    event: Event | None
    reason: str = ""
    field: str = ""
    customer: Mapping[str, str] | None = None
    order: OrderTold | Refused | None = None


def receive_webhook(told: Any, hook: Listening, *, message_id: str, size: int, at: datetime) -> Receipt:
    """What became of a message that is believed; it is kept for good when this returns. BadInput `source_expired` where
    nothing of its source may be kept any more.

    One of another form than the mapping was made for is not read half: whoever answers for the source has the task to
    look, and it is set aside, or, where all that is missing is what it tells, BadInput `message_changed`: the sender
    keeps it and sends it again.
    """
    demand_unexpired(hook.source_name, hook.expires_on, at.date())
    if wrong := unlike(told, hook.mapping):
        open_source_task(hook.source_id, MESSAGE_CHANGED, _told_of(wrong, hook.source_name), at=at)
        _demand_readable(wrong, hook.source_name)
    batch = Batch(hook.source_id, int(hook.stream.get("people_of") or hook.source_id), at, hook.number)
    batch.webhook_id, batch.size = hook.id, size
    members = _named(events_of(told, hook.mapping), message_id)
    stream = stream_of(hook.stream, hook.lawful_basis)
    return keep_sorted(sort_members(members, batch, stream, None, "", measured=size > LARGEST_EVENT))


def demand_signed(
    hook: Listening, *, message_id: str, timestamp: str, signatures: str, body: bytes, at: datetime
) -> None:
    """One of its secrets has signed the message within five minutes of `at`.

    BadInput `webhook_unsigned`, `webhook_out_of_time` or `webhook_wrong_signature` when it is not believed.
    """
    now = int(at.timestamp())
    found = [refusal(secret, message_id, timestamp, signatures, body, now=now) for secret in hook.secrets]
    if "" in found:
        return
    if "webhook_unsigned" in found or "webhook_out_of_time" in found:
        raise BadInput("webhook_unsigned" if "webhook_unsigned" in found else "webhook_out_of_time")
    raise BadInput("webhook_wrong_signature")


def _named(members: list[dict[str, Any]], message_id: str) -> list[dict[str, Any]]:
    """A member without a number of its own has the message's."""
    return [
        member if member.get("messageId") else member | {"messageId": f"{message_id}|{place}" if place else message_id}
        for place, member in enumerate(members)
    ]


def give_webhook(source_ref: str, name: str, *, by: Asker, at: datetime) -> tuple[int, str, str]:
    """(number, address, secret) of a new webhook of that source; the secret is told this once. For the data steward."""
    demand_steward(by, door="webhook_in")
    return webhooks.open_webhook(source_of(source_ref, by).id, name, by=by, at=at)


def renew_webhook(webhook_id: int, *, by: Asker, at: datetime) -> str:
    """Its new secret, told this once; the old one holds for a day more."""
    demand_steward(by, door="webhook_in")
    return webhooks.renew_secret(webhook_id, by=by, at=at)


def say_mapping(webhook_id: int, mapping: Mapping[str, str], *, by: Asker, at: datetime) -> None:
    """Its messages are read so from now on."""
    demand_steward(by, door="webhook_in")
    with transaction.atomic():
        close_source_task(webhooks.map_webhook(webhook_id, mapping, by=by), MESSAGE_CHANGED, by=by, at=at)


def take_webhook_back(webhook_id: int, *, by: Asker, at: datetime) -> None:
    """Nothing comes in by it any more, and nobody has to look at its messages."""
    demand_steward(by, door="webhook_in")
    with transaction.atomic():
        close_source_task(webhooks.end_webhook(webhook_id, by=by, at=at), MESSAGE_CHANGED, by=by, at=at)


def webhooks_of_streams(*, by: Asker, at: datetime) -> list[WebhookFacts]:
    """Every webhook with what came by it in the last day. For steward and officer."""
    if by.role not in ("steward", "officer"):
        note_denial(by, door="webhook_in", because="webhooks")
        raise Denied("write_keys_are_the_stewards")
    return webhooks.webhooks_in(by=by, at=at)


def webhook_of(webhook_id: int, *, by: Asker, at: datetime) -> WebhookFacts:
    """The webhook of that number; NotThere when there is none."""
    found = next((one for one in webhooks_of_streams(by=by, at=at) if one.id == webhook_id), None)
    if found is None:
        raise NotThere("no_such_webhook", {"webhook": webhook_id})
    return found


def try_webhook(
    webhook_id: int, message: Any, mapping: Mapping[str, str] | None = None, *, by: Asker, at: datetime
) -> list[Tried]:
    """What the message would become, with its own mapping or another; nothing of it is kept. BadInput where it would
    not be taken: `mapping_unfit`, or `message_changed` where it has another form than the mapping is made for."""
    hook = webhook_of(webhook_id, by=by, at=at)
    read = hook.mapping if mapping is None else mapping
    if wrong := wrong_in(read):
        raise BadInput("mapping_unfit", {"fields": ", ".join(wrong)[:200]})
    source = next(one for one in sources(by=by) if one.id == hook.source_id)
    stream = stream_of(source.settings.get(STREAM, {}), source.lawful_basis)
    more = source.settings.get(STREAM, {}).get("traits", {})
    _demand_readable(unlike(message, read), source.name)
    return [_tried(read_member(member, at=at, stream=stream), more) for member in events_of(message, read)]


def _demand_readable(wrong: list[str], source: str) -> None:
    """BadInput where a message says what happened and nothing of what the mapping looks for besides."""
    if wrong and "event" not in wrong:
        raise BadInput("message_changed", _told_of(wrong, source))


def _told_of(wrong: list[str], source: str) -> dict[str, str]:
    return {"source": source, "fields": ", ".join(wrong)[:200]}


def _tried(found: Event | Refused | Unconsented, more: Mapping[str, str]) -> Tried:
    if isinstance(found, Refused):
        return Tried(None, found.reason, found.field)
    if isinstance(found, Unconsented):
        return Tried(None, "event_without_consent")
    if found.call == "identify":
        return Tried(found, customer=row_of(found.free, more))
    order = None
    if plain_name(found.name) in ORDERS:
        order = order_told(found.name, found.plain, currency=company().currency)
    return Tried(found, order=order)


def read_message(body: bytes) -> Any:
    """A message as its program would send it; BadInput `message_unreadable` for what is no JSON."""
    try:
        return read_body(body)
    except ValueError:
        raise BadInput("message_unreadable") from None


def as_told(one: Tried) -> dict[str, Any]:
    """What was tried as programs and tables read it."""
    if one.event is None:
        return {"reason": one.reason, "field": one.field}
    event = one.event
    about = {"call": event.call, "kind": event.kind, "name": event.name, "at": event.at.isoformat(),
             "user": event.user, "anonymous": event.anonymous}  # fmt: skip
    said = {"plain": event.plain, "sealed": sorted(event.free)} if one.customer is None else {"customer": one.customer}
    if isinstance(one.order, OrderTold):
        lines = [line._asdict() for line in one.order.lines]
        return about | said | {"order": one.order._asdict() | {"lines": lines}}
    return about | said | ({"no_order": one.order._asdict()} if one.order else {})
