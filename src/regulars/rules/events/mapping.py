"""How a webhook's message becomes an event: a mapping one can read, field by field.

A field of the event is on the left; on the right is where it stands in the message, with dots from outside in
(`data.order.id`), or a fixed text in quotation marks. `properties` and `traits` take everything below a place, or one
field at a time (`properties.order_id`); lists go item by item (`properties.products[].sku` from `data.lines[].code`).
What a message calls an event can be given another name (`'orders/create'` = `'Order Completed'`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

FIELDS: Final = ("type", "event", "userId", "anonymousId", "timestamp", "messageId", "properties", "traits")
BELOW: Final = ("properties.", "traits.")
USUAL: Final[Mapping[str, str]] = {
    "event": "type", "userId": "data.customer_id", "timestamp": "timestamp", "properties": "data",
}  # fmt: skip
CALLS: Final = ("track", "page", "screen", "identify")
EACH: Final = "[]."
DEEPEST: Final = 8
LONGEST: Final = 200
MOST: Final = 100  # lines of a mapping
MOST_ITEMS: Final = 1_000
LATEST_SECOND: Final = 99_999_999_999  # beyond, a number of a moment counts thousandths


def events_of(message: Any, mapping: Mapping[str, str]) -> list[dict[str, Any]]:
    """The message as members of the Segment specification: what happened, and who it happened to where that is said.

    >>> said = {"type": "invoice.paid", "timestamp": "2026-03-12T12:00:00Z", "data": {"customer_id": 7, "total": 90}}
    >>> (one,) = events_of(said, USUAL)
    >>> one["event"], one["properties"]
    ('invoice.paid', {'customer_id': 7, 'total': 90})
    >>> said = {"topic": "orders/create", "lines": [{"code": "A", "sum": 2}], "who": {"no": 7, "mail": "a@b.example"}}
    >>> track, identify = events_of(said, {"event": "topic", "'orders/create'": "'Order Completed'", "userId": "who.no",
    ...     "properties.products[].sku": "lines[].code", "traits.email": "who.mail"})
    >>> track["event"], track["properties"], identify["traits"]
    ('Order Completed', {'products': [{'sku': 'A'}]}, {'email': 'a@b.example'})
    """
    found: dict[str, Any] = {}
    for field, place in mapping.items():
        if not _is_fixed(field):
            _put(found, field, place, message)
    called = {field[1:-1]: place[1:-1] for field, place in mapping.items() if _is_fixed(field)}
    if type(found.get("event")) is str:
        found["event"] = called.get(found["event"], found["event"])
    if "timestamp" in found:
        found["timestamp"] = _moment(found["timestamp"])
    call = found.pop("type", "track")
    traits = found.pop("traits", None)
    about: dict[str, Any] = {"type": call} | found
    if call == "identify":
        return [about | {"traits": traits or {}}]
    person: dict[str, Any] = {name: found[name] for name in ("userId", "anonymousId", "timestamp") if name in found}
    return [about] + ([{"type": "identify", "traits": traits, **person}] if traits else [])


def unlike(message: Any, mapping: Mapping[str, str]) -> list[str]:
    """Fields of the mapping that show that the message is of another form than it was made for: nothing says what
    happened, or of all places for single properties and traits none is there. Empty where the message is as expected.

    A message may lack them all where they can be those of another event, since the mapping names others, and where
    nothing of it stays unread.

    >>> mapping = {"event": "type", "properties.total": "data.total", "traits.email": "data.mail"}
    >>> unlike({"type": "paid", "data": {"total": 9}}, mapping), unlike({"type": "ping"}, mapping)
    ([], [])
    >>> unlike({"kind": "paid", "data": {"total": 9}}, mapping), unlike({"type": "paid", "body": {}}, mapping)
    (['event'], ['properties.total', 'traits.email'])
    >>> unlike({"type": "gone", "body": {}}, mapping | {"'paid'": "'Order Completed'"})
    []
    """
    wrong = ["event"] if "event" in mapping and found_at(message, mapping["event"]) is None else []
    told = {
        field: place for field, place in mapping.items()
        if field.startswith(BELOW) and not _is_fixed(place)
    }  # fmt: skip
    if told and all(found_at(message, place.partition(EACH)[0]) is None for place in told.values()):
        named = [field[1:-1] for field in mapping if _is_fixed(field)]
        of_another = not wrong and bool(named) and named != [found_at(message, mapping.get("event", ""))]
        if not (of_another or _is_read(message, [place for place in mapping.values() if not _is_fixed(place)])):
            wrong += told
    return wrong


def found_at(message: Any, place: str) -> Any:
    """What stands there; None where nothing does."""
    if _is_fixed(place):
        return place[1:-1]
    for step in place.split(".")[:DEEPEST]:
        if not isinstance(message, dict):
            return None
        message = message.get(step)
    return message


def wrong_in(mapping: Mapping[str, Any]) -> list[str]:
    """What cannot be used of a mapping: fields nobody knows, places that are no text; `event` if nothing names it."""
    wrong = [str(name)[:LONGEST] for name, place in mapping.items() if not (_is_field(name) and _fits(name, place))]
    named = "event" in mapping or mapping.get("type") in ("'identify'", "'page'", "'screen'")
    return wrong + ([] if named else ["event"])


def read_mapping(lines: str) -> dict[str, str]:
    """A mapping as people write it: one `field = place` a line; what is no such line is a field without a place.

    >>> read_mapping("event = type\\n\\n# the number\\nuserId = data.id\\nwhat")
    {'event': 'type', 'userId': 'data.id', 'what': ''}
    """
    told = [line.partition("=") for line in lines.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {field.strip(): place.strip() for field, _, place in told[: MOST + 1]}


def written_mapping(mapping: Mapping[str, str]) -> str:
    """The same as lines."""
    return "\n".join(f"{field} = {place}" for field, place in mapping.items())


def _put(found: dict[str, Any], field: str, place: str, message: Any) -> None:
    """What stands at the place is in the field; nothing where nothing stands there."""
    whole, _, name = field.partition(".")
    if not name:
        value = found_at(message, place)
        if value is not None and not (whole in found and isinstance(value, dict)):
            found[whole] = dict(value) if whole in ("properties", "traits") and isinstance(value, dict) else value
        return
    inside = found.setdefault(whole, {})
    if not isinstance(inside, dict):
        return
    if EACH in name:
        _put_items(inside, name, place, message)
    elif (value := found_at(message, place)) is not None:
        inside[name] = value


def _put_items(inside: dict[str, Any], name: str, place: str, message: Any) -> None:
    """One field of every item of a list."""
    listed, _, field = name.partition(EACH)
    where, _, each = place.partition(EACH)
    items = found_at(message, where)
    if not isinstance(items, list):
        return
    there = inside.setdefault(listed, [{} for _ in items[:MOST_ITEMS]])
    for item, told in zip(there, items, strict=False):
        if (value := found_at(told, each)) is not None:
            item[field] = value


def _is_read(told: Any, places: list[str]) -> bool:
    """Whether the places lead to everything that is told."""
    if "" in places:
        return True
    if not places or not isinstance(told, dict):
        return False
    steps = [place.partition(EACH)[0].partition(".") for place in places]
    return all(
        inner is None or _is_read(inner, [rest for step, _, rest in steps if step == name])
        for name, inner in told.items()
    )


def _moment(said: Any) -> Any:
    """Seconds or thousandths since 1970 as ISO 8601; everything else as it is said."""
    number = int(said) if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) < 15 else said
    if isinstance(number, bool) or not isinstance(number, int | float):
        return said
    try:
        seconds = number / 1000 if abs(number) > LATEST_SECOND else number
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return str(said)


def _is_field(name: Any) -> bool:
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST or not name.isprintable():
        return False
    below = name.startswith(BELOW) and name.partition(".")[2] not in ("", "[]") and name.count(EACH) <= 1
    return name in FIELDS or below or _is_fixed(name)


def _fits(name: str, place: Any) -> bool:
    if not isinstance(place, str) or not 0 < len(place) <= LONGEST or not place.isprintable():
        return False
    if _is_fixed(name):
        return _is_fixed(place)
    if name == "type":
        return _is_fixed(place) and place[1:-1] in CALLS
    return (EACH in name) == (EACH in place)


def _is_fixed(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] and text[0] in "'\""
