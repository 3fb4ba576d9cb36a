"""The reading door of segments. A segment is a rule and a number; who is in it is read through the asker's own view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.records.segments.models import Segment, SegmentVersion
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.segments.members import Members
from regulars.rules.segments.rule import mistake_in


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """A living segment. `worth_minor` is what its members spent in the last 365 days."""

    id: int
    key: str
    name: str
    name_zh: str
    rule: Mapping[str, Any]
    version: int
    made_by: str
    made_at: datetime
    count: int
    worth_minor: int
    counted_at: datetime | None

    @property
    def mistake(self) -> BadInput | None:
        """Why the segment is set aside: what keeps its rule from being read now; None when all is well."""
        return mistake_in(self.rule)


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What the rule said before."""

    version: int
    rule: Mapping[str, Any]
    changed_by: str
    changed_at: datetime


FIELDS = tuple(SegmentFacts.__dataclass_fields__)


def segments() -> list[SegmentFacts]:
    """All living segments, the largest worth first."""
    rows = Segment.objects.filter(retired_at__isnull=True).order_by("-worth_minor", "id").values_list(*FIELDS)
    return [SegmentFacts(*row) for row in rows]


def taken_keys() -> set[str]:
    """Every key a segment has or had: a retired one keeps its own."""
    return set(Segment.objects.values_list("key", flat=True))


def segment(key: str) -> SegmentFacts:
    """The segment of that key, retired ones included; NotThere when there is none."""
    row = Segment.objects.filter(key=key).values_list(*FIELDS).first()
    if row is None:
        raise NotThere("no_such_segment", {"key": key})
    return SegmentFacts(*row)


def segment_by_id(segment_id: int) -> SegmentFacts:
    """The segment of that number; NotThere when there is none."""
    row = Segment.objects.filter(id=segment_id).values_list(*FIELDS).first()
    if row is None:
        raise NotThere("no_such_segment", {"key": segment_id})
    return SegmentFacts(*row)


def versions_of(segment_id: int) -> Sequence[VersionFacts]:
    """Earlier versions, newest first."""
    rows = SegmentVersion.objects.filter(segment_id=segment_id).order_by("-version")
    return [VersionFacts(*row) for row in rows.values_list("version", "rule", "changed_by", "changed_at")]


def members_of(keys: Sequence[str] | None = None) -> dict[str, Members]:
    """Key → members of the living segments (or of those named), as of their last count. Ids only; for rules and
    journeys. Who is in a rule that has changed or cannot be read since is not known: it is not among them."""
    counted = Segment.objects.filter(counted_at__isnull=False)
    found = counted.filter(retired_at__isnull=True) if keys is None else counted.filter(key__in=list(keys))
    return {key: Members.from_bytes(bytes(data)) for key, data in found.values_list("key", "members") if data}
