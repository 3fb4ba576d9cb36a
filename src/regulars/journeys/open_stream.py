"""A source opens a stream: programs are given write keys, and it is said how their events are read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from regulars.records.access_log.actions import note_denial
from regulars.records.events.write_keys import USUAL_RATE, WriteKeyFacts, end_write_key, make_write_key, write_keys
from regulars.records.intake.access import SourceFacts, source_by_ref
from regulars.records.intake.actions import say_stream
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.events.kinds import KINDS
from regulars.rules.events.traits import TOLD
from regulars.rules.intake.meanings import OWN
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

DOOR: Final = "write_key"
LONGEST: Final = 64
MOST: Final = 100


def give_write_key(source_ref: str, name: str, *, rate: int = USUAL_RATE, by: Asker, at: datetime) -> tuple[int, str]:
    """Number and secret of a new key of that source; the secret is shown this once. For the data steward."""
    demand_steward(by)
    return make_write_key(source_of(source_ref, by).id, name, rate=rate, by=by, at=at)


def take_write_key_back(key_id: int, *, by: Asker, at: datetime) -> None:
    """Nothing comes in by this key from now on."""
    demand_steward(by)
    end_write_key(key_id, by=by, at=at)


def keys_of_streams(*, by: Asker, at: datetime, source_ref: str = "") -> list[WriteKeyFacts]:
    """Every write key, or those of one source, with what came by it in the last day. For steward and officer."""
    if by.role not in ("steward", "officer"):
        note_denial(by, door=DOOR, because="write keys")
        raise Denied("write_keys_are_the_stewards")
    return write_keys(by=by, at=at, source_id=source_of(source_ref, by).id if source_ref else None)


def say_how_read(
    source_ref: str, *, kind: str = "web", categories: tuple[str, ...] = (), opened: tuple[str, ...] = (),
    people_of: str = "", traits: Mapping[str, str] | None = None, orders: bool = True, by: Asker,
) -> dict[str, Any]:  # fmt: skip
    """The source's events are read so from now on; what was said before is replaced.

    `kind` is what events are that nobody has named; `categories` the consent categories they need; `opened` further
    properties whose texts are plain; `people_of` the source whose numbers the user ids are; `traits` (trait → meaning)
    further traits that are kept, under a meaning of files about customers or an own attribute; without `orders`, what
    events tell of orders is kept and does not go into the order book, for shops whose orders come otherwise.
    """
    demand_steward(by)
    if kind not in KINDS:
        raise BadInput("touchpoint_kind_unknown", {"value": kind[:40]})
    for words in (categories, opened, tuple(traits or {})):
        if len(words) > MOST or any(not 0 < len(word) <= LONGEST for word in words):
            raise BadInput("said_too_much", {"field": "stream", "most": MOST})
    known = {*TOLD, *(OWN + one.what.key for one in own_attributes())}
    if wrong := sorted(set((traits or {}).values()) - known):
        raise BadInput("meaning_unknown", {"meanings": wrong})
    said: dict[str, Any] = {
        "kind": kind,
        "categories": list(categories),
        "opened": list(opened),
        "traits": dict(traits or {}),
        "orders": orders,
    }
    if people_of:
        said["people_of"] = source_of(people_of, by).id
    say_stream(source_of(source_ref, by).id, said, by=by)
    return said


def source_of(ref: str, by: Asker) -> SourceFacts:
    """The source of that reference; NotThere when there is none."""
    found = source_by_ref(ref, by=by)
    if found is None:
        raise NotThere("no_such_source", {"source": ref[:60]})
    return found


def demand_steward(by: Asker, *, door: str = DOOR) -> None:
    """Who asks is a data steward; the denial is in the log."""
    if by.role != "steward":
        note_denial(by, door=door, because="streams are the data steward's")
        raise Denied("write_keys_are_the_stewards")
