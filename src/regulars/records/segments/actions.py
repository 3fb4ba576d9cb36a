"""The writing door of segments: a rule is defined, changed with its old versions kept, counted, retired."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from regulars.records.segments.models import Segment, SegmentVersion
from regulars.rules.page_keys import is_page_key
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere
from regulars.rules.segments.members import Members


def define_segment(key: str, name: str, rule: Mapping[str, Any], *, by: Asker, at: datetime, name_zh: str = "") -> int:
    """The number of a new segment; the rule must have been parsed and validated before. BadInput when the key is
    taken or cannot be one."""
    if not key or not name:
        raise BadInput("segment_without_name")
    if not is_page_key(key):
        raise BadInput("key_not_possible", {"key": key[:64]})
    if Segment.objects.filter(key=key).exists():
        raise BadInput("segment_key_taken", {"key": key})
    made = Segment.objects.create(key=key, name=name, name_zh=name_zh, rule=rule, made_by=by.name, made_at=at)
    return int(made.pk)


def change_segment(key: str, rule: Mapping[str, Any], *, by: Asker, at: datetime) -> int:
    """The segment's new version number; what the rule said before stays readable. Its count is not known until
    counted."""
    with transaction.atomic():
        segment = Segment.objects.select_for_update().filter(key=key, retired_at__isnull=True).first()
        if segment is None:
            raise NotThere("no_such_segment", {"key": key})
        if segment.rule == rule:
            return segment.version
        SegmentVersion.objects.create(
            segment=segment, version=segment.version, rule=segment.rule, changed_by=by.name, changed_at=at
        )
        version = segment.version + 1
        Segment.objects.filter(id=segment.pk).update(rule=rule, version=version, counted_at=None)
    return version


def rename_segment(key: str, name: str, name_zh: str) -> None:
    """The segment has these names."""
    Segment.objects.filter(key=key).update(name=name, name_zh=name_zh)


def retire_segment(key: str, *, at: datetime) -> None:
    """The segment is not counted or offered any more; campaigns that used it keep it."""
    Segment.objects.filter(key=key, retired_at__isnull=True).update(retired_at=at)


def note_members(segment_id: int, members: Members, *, worth_minor: int, at: datetime) -> None:
    """The segment holds these customers as of `at`."""
    Segment.objects.filter(id=segment_id).update(
        members=members.to_bytes(), count=len(members), worth_minor=worth_minor, counted_at=at
    )


def note_not_counted(segment_ids: Iterable[int]) -> None:
    """Nobody knows any more who is in these segments; what they held at their last count is kept with them."""
    Segment.objects.filter(id__in=list(segment_ids), counted_at__isnull=False).update(counted_at=None)
