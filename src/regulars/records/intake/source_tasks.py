"""The doors of what a source makes somebody do: said once to whoever answers for it, gone when it is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.connections.postgres.asking import WRITER, tell
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.intake.models import SourceTask
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

MAY_SEE: Final = ("steward", "officer")
# Told again, the newer telling stands.
_OPEN: Final = """
INSERT INTO source_task (source_id, kind, told, owner, opened_at, closed_by)
SELECT id, %s, %s::jsonb, owner, %s, '' FROM source WHERE id = %s
ON CONFLICT (source_id, kind) WHERE closed_at IS NULL DO UPDATE SET told = excluded.told
"""
_FIELDS: Final = ("id", "source_id", "source__ref", "source__name", "kind", "told", "owner", "opened_at")


@dataclass(frozen=True, slots=True)
class SourceTaskFacts:
    """Something that has to be said of a source before more of it comes in: what, to whom it is said, since when."""

    id: int
    source_id: int
    source_ref: str
    source: str
    kind: str
    told: Mapping[str, Any]
    owner: str
    opened_at: datetime


def open_source_task(source_id: int, kind: str, told: Mapping[str, Any], *, at: datetime) -> None:
    """Whoever answers for the source has this to do, once; for the house itself, outside any transaction of the work
    that stops for it."""
    tell(WRITER, _OPEN, [kind, json.dumps(dict(told), ensure_ascii=False), at, source_id])


def close_source_task(source_id: int, kind: str, *, by: Asker, at: datetime) -> None:
    """It is done, if it waited."""
    waiting = SourceTask.objects.filter(source_id=source_id, kind=kind, closed_at__isnull=True)
    if waiting.update(closed_at=at, closed_by=by.name):
        note_change(by, door="source_task", subject=f"source {source_id}", field=kind, old="open", new="done",
                    customer_id=None)  # fmt: skip


def source_tasks(*, by: Asker) -> list[SourceTaskFacts]:
    """What waits to be said of sources, the oldest first. For steward and officer."""
    if by.role not in MAY_SEE:
        note_denial(by, door="source_tasks", because="origins")
        raise Denied("sources_are_the_stewards")
    waiting = SourceTask.objects.filter(closed_at__isnull=True).order_by("opened_at", "id")
    return [SourceTaskFacts(*row) for row in waiting.values_list(*_FIELDS)]
