"""One member of a batch, in the words of the Segment specification → an event, or why it is set aside.

Times follow that specification: what the device's clock said is put right by how wrong that clock was when it sent the
batch (`timestamp` + (`receivedAt` - `sentAt`)). An event of the future is set aside, but for a day's tolerance, within
which it counts as of now; one older than ten years is a mistake too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from regulars.rules.events.consent import may_be_kept
from regulars.rules.events.kinds import kind_of
from regulars.rules.events.properties import Values, of_nobody, told_apart

KEPT_CALLS: Final = frozenset({"track", "page", "screen", "group"})
CALLS: Final = KEPT_CALLS | {"identify", "alias"}
IDS: Final = ("userId", "anonymousId", "previousId", "messageId")
LONGEST_ID: Final = 256
LONGEST_NAME: Final = 200
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
DAMAGED: Final = "\ufffd"
EARLY: Final = timedelta(days=1)
OLDEST: Final = timedelta(days=3_660)
NOTHING: Final[Mapping[str, Any]] = {}
CAMPAIGN: Final = {"name": "utm_campaign", "source": "utm_source", "medium": "utm_medium", "term": "utm_term",
                   "content": "utm_content"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stream:
    """How a source's events are read: the kind of what nobody has named, the consent categories they need, whether they
    need a yes, and further properties that are plain."""

    kind: str = "web"
    categories: frozenset[str] = frozenset()
    opt_in: bool = False
    opened: frozenset[str] = frozenset()


USUAL: Final = Stream()


class Event(NamedTuple):
    """What a member says. `user` and `anonymous` are ids as its source has them, "" where there is none; `previous` is
    the id an alias gives up. `plain` and `free` are its properties, or for an identify all its traits in `free`."""

    call: str
    message_id: str
    kind: str
    name: str
    at: datetime
    user: str
    anonymous: str
    previous: str
    plain: Values
    free: Values


class Refused(NamedTuple):
    """Why a member is set aside, and by which of its fields."""

    reason: str
    field: str = ""


class Unconsented(NamedTuple):
    """A member that may not be kept; only that there was one is counted."""


DENIED: Final = Unconsented()


def read_member(
    told: Any, *, at: datetime, sent_at: datetime | None = None, stream: Stream = USUAL, call: str = ""
) -> Event | Refused | Unconsented:
    """The event; `call` is what the address said, where it did.

    >>> noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    >>> seen = {"type": "track", "event": "Order Completed", "userId": "M-1", "properties": {"revenue": 9.5}}
    >>> read_member(seen, at=noon)[2:6]
    ('order', 'Order Completed', datetime.datetime(2026, 3, 12, 12, 0, tzinfo=datetime.timezone.utc), 'M-1')
    >>> read_member({"type": "track", "userId": "M-1"}, at=noon)
    Refused(reason='event_without_name', field='event')
    """
    if type(told) is not dict:
        return Refused("event_no_object")
    kind = call or told.get("type")
    if type(kind) is not str or kind not in CALLS:
        return Refused("event_call_unknown", "type")
    context = told.get("context")
    if context is None:
        context = NOTHING
    elif type(context) is not dict:
        return Refused("event_field_unreadable", "context")
    if not may_be_kept(context, stream.categories, opt_in=stream.opt_in):
        return DENIED
    return _read(told, kind, context, at, sent_at, stream)


def _read(
    told: dict[str, Any], call: str, context: Mapping[str, Any], at: datetime, sent_at: datetime | None, stream: Stream
) -> Event | Refused:
    """The parts one by one; the first that cannot be read says so."""
    say = told.get
    user, anonymous, previous, message = ids = [_id(say(field)) for field in IDS]
    if user is None or anonymous is None or previous is None or message is None:
        return Refused("event_id_unreadable", IDS[ids.index(None)])
    if missing := _missing(call, user, anonymous, previous):
        return missing
    happened = happened_at(say("timestamp") or say("originalTimestamp"), at, sent_at)
    if isinstance(happened, Refused):
        return happened
    field = "traits" if call in ("identify", "group") else "properties"
    said = say(field) or {}
    if type(said) is not dict:
        return Refused("event_field_unreadable", field)
    if call in ("identify", "alias"):
        return Event(call, message, "", "", happened, user, anonymous, previous, {}, said)
    name = _name(told, call, said)
    if isinstance(name, Refused):
        return name
    plain, free = told_apart(said, stream.opened)
    if context:
        _add_context(plain, context)
    kind, shown = kind_of(call, name, stream.kind), of_nobody(name)
    free = free if shown == name else {"event": name} | free  # a name that says whom stays whole among what is sealed
    return Event(call, message, kind, shown, happened, user, anonymous, "", plain, free)


def happened_at(said: Any, at: datetime, sent_at: datetime | None) -> datetime | Refused:
    """When it happened by our clock; `at` where nothing is said.

    >>> noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    >>> happened_at("2026-03-12T13:00:00Z", noon, datetime(2026, 3, 12, 13, 5, tzinfo=UTC)).isoformat()
    '2026-03-12T11:55:00+00:00'
    >>> happened_at("2031-01-01T00:00:00Z", noon, None)
    Refused(reason='event_in_future', field='timestamp')
    """
    if said is None:
        return at
    moment = read_moment(said)
    if moment is None:
        return Refused("event_time_unreadable", "timestamp")
    if sent_at is not None and moment <= sent_at:
        if sent_at - moment > OLDEST:
            return Refused("event_too_old", "timestamp")
        moment = at - (sent_at - moment)
    if moment > at:
        return Refused("event_in_future", "timestamp") if moment - at > EARLY else at
    return Refused("event_too_old", "timestamp") if at - moment > OLDEST else moment


def read_moment(said: Any) -> datetime | None:
    """The moment an ISO 8601 text names, in UTC where it names no zone; None for anything else."""
    if type(said) is not str or len(said) > 40:
        return None
    try:
        moment = datetime.fromisoformat(said)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _id(said: Any) -> str | None:
    """The id as a text; None for what is none, or is damaged: two people would be one. Programs send numbers where the
    specification has texts."""
    if said is None:
        return ""
    if type(said) is int:
        said = str(said)
    if type(said) is not str or len(said) > LONGEST_ID:
        return None
    if DAMAGED in said:
        return None
    return said.strip() if said.isprintable() or not CONTROL.search(said) else None


def _missing(call: str, user: str, anonymous: str, previous: str) -> Refused | None:
    if call == "alias":
        return None if user and previous else Refused("event_without_person", "previousId" if user else "userId")
    return None if user or anonymous else Refused("event_without_person", "userId")


def _name(told: dict[str, Any], call: str, said: Values) -> str | Refused:
    """What happened, in a few words."""
    if call == "group":
        group = _id(told.get("groupId"))
        return f"group {group}"[:LONGEST_NAME] if group else Refused("event_without_name", "groupId")
    if call == "track":
        name = told.get("event")
        if type(name) is not str or not name.strip():
            return Refused("event_without_name", "event")
    else:
        name = told.get("name") or said.get("title") or said.get("path") or call
    if type(name) is not str or len(name) > LONGEST_NAME or (not name.isprintable() and CONTROL.search(name)):
        return Refused("event_field_unreadable", "event" if call == "track" else "name")
    return name.strip()


def _add_context(plain: Values, context: Mapping[str, Any]) -> None:
    """Campaign and page stay with the event; address, browser and place of the device do not."""
    campaign, page = context.get("campaign"), context.get("page")
    if type(campaign) is dict:
        said = {CAMPAIGN[name]: value for name, value in campaign.items() if name in CAMPAIGN}
        plain |= told_apart(said)[0]
    if type(page) is dict and "path" in page and "path" not in plain:
        plain |= told_apart({"path": page["path"]})[0]
