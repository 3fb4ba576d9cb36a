"""How a webhook's message becomes an event: a mapping one can read, field by field.

A field of the event is on the left; on the right is where it stands in the message, with dots from outside in
(`data.order.id`), or a fixed text in quotation marks. Everything below the field named by `properties` goes along.
"""

from collections.abc import Mapping
from typing import Any, Final

FIELDS: Final = ("event", "userId", "anonymousId", "timestamp", "messageId", "properties", "kind")
USUAL: Final[Mapping[str, str]] = {
    "event": "type", "userId": "data.customer_id", "timestamp": "timestamp", "properties": "data",
}  # fmt: skip
DEEPEST: Final = 8
LONGEST: Final = 200


def event_of(message: Any, mapping: Mapping[str, str]) -> dict[str, Any]:
    """The message as a `track` of the Segment specification.

    >>> said = {"type": "invoice.paid", "timestamp": "2026-03-12T12:00:00Z", "data": {"customer_id": 7, "total": 90}}
    >>> event_of(said, USUAL)["event"], event_of(said, USUAL)["properties"]
    ('invoice.paid', {'customer_id': 7, 'total': 90})
    >>> event_of(said, {"event": "'Points earned'", "userId": "data.customer_id"})
    {'type': 'track', 'event': 'Points earned', 'userId': 7}
    """
    found = {field: found_at(message, place) for field, place in mapping.items()}
    return {"type": "track"} | {field: value for field, value in found.items() if value is not None}


def found_at(message: Any, place: str) -> Any:
    """What stands there; None where nothing does."""
    if len(place) >= 2 and place[0] == place[-1] and place[0] in "'\"":
        return place[1:-1]
    for step in place.split(".")[:DEEPEST]:
        if not isinstance(message, dict):
            return None
        message = message.get(step)
    return message


def wrong_in(mapping: Mapping[str, Any]) -> list[str]:
    """What cannot be used of a mapping: fields nobody knows, places that are no text; `event` if nothing names it."""
    wrong = [name for name, place in mapping.items() if name not in FIELDS or not _is_place(place)]
    return wrong + ([] if "event" in mapping else ["event"])


def _is_place(place: Any) -> bool:
    return isinstance(place, str) and 0 < len(place) <= LONGEST and place.isprintable()
