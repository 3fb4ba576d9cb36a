"""The reading door of the segments one customer is in, as of each segment's last count; asked with an opened file."""

from dataclasses import dataclass
from datetime import datetime

from regulars.connections.postgres.asking import Asking, door, question
from regulars.records.customers.access import Opened
from regulars.records.segments.models import Segment
from regulars.rules.segments.members import Members


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A segment the customer belongs to."""

    key: str
    name: str
    name_zh: str


_COUNTED = """
SELECT id, key, name, name_zh, counted_at FROM segment WHERE retired_at IS NULL AND counted_at IS NOT NULL
 ORDER BY count, id
"""
#: Segment id → (when it was counted, who is in it). A bitmap is read once per count, not once per card.
_known: dict[int, tuple[datetime | None, Members]] = {}


@door
def segments_of(opened: Opened) -> Asking[list[SegmentName]]:
    """The living segments the customer is in, the smallest first: what is rare says most."""
    rows = yield from question(opened.by.view, _COUNTED)
    return [SegmentName(key, name, zh) for pk, key, name, zh, at in rows if opened.id in _members(pk, at)]


def _members(segment_id: int, counted_at: datetime | None) -> Members:
    known = _known.get(segment_id)
    if known is None or known[0] != counted_at:
        data = Segment.objects.filter(id=segment_id).values_list("members", flat=True).first()
        _known[segment_id] = known = (counted_at, Members.from_bytes(bytes(data)) if data else Members())
    return known[1]
