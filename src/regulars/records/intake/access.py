"""The reading door of intake: sources, and files on their way in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Sum, Window
from django.db.models.functions import RowNumber

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.intake.models import ImportRun, Source
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.intake.sources import is_overdue
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

UNDER_WAY = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Where data comes from. `purposes` are those its data may serve (none said: not limited by it), `cost_minor` is of
    one refresh, `trust` 1–5; `leave` is what cleaning leaves as it is;
    `settings` holds, per kind of file, how its columns were understood last time.
    """

    id: int
    ref: str
    name: str
    owner: str
    kind: str
    supplier: str
    licence: str
    lawful_basis: str
    purposes: tuple[str, ...]
    cost_minor: int | None
    currency: str
    expires_on: date | None
    trust: int
    refresh_days: int | None
    leave: tuple[str, ...]
    settings: dict[str, Any]
    created_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "purposes", tuple(self.purposes))
        object.__setattr__(self, "leave", tuple(self.leave))


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with what came from it: files and rows so far, rows of its last file, when that was finished or, if that
    is later, when it last sent events."""

    source: SourceFacts
    files: int
    rows_new: int
    rows_refused: int
    last_read: int
    last_refused: int
    last_run_id: int | None
    last_at: datetime | None

    @property
    def completeness(self) -> float | None:
        """The share of the last file's rows that could be used; None before the first file."""
        return 1 - self.last_refused / self.last_read if self.last_read else None

    def is_overdue(self, at: datetime) -> bool:
        """Whether something should have come by now."""
        return is_overdue(self.last_at or self.source.created_at, self.source.refresh_days, at)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One file on its way in, as far as it has come."""

    id: int
    source_id: int
    source_ref: str
    source_name: str
    kind: str
    file_name: str
    file_path: str
    file_digest: str
    state: str
    settings: dict[str, Any]
    asked_by: str
    rows_expected: int
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_refused: int
    customers_new: int
    customers_matched: int
    done_through: int
    progress: dict[str, Any]
    message: dict[str, Any]
    cleaned: tuple[CleanedLine, ...]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    def __post_init__(self) -> None:
        kept: Iterable[Any] = self.cleaned
        object.__setattr__(self, "cleaned", tuple(map(CleanedLine.from_json, kept)))

    @property
    def is_under_way(self) -> bool:
        """Whether it waits for its turn or is running."""
        return self.state in UNDER_WAY


#: When each source last sent events, by whatever key or webhook.
_HEARD = """
SELECT s.id, b.at FROM source s
 CROSS JOIN LATERAL (SELECT at FROM event_batch WHERE source_id = s.id ORDER BY at DESC LIMIT 1) b
"""
_SOURCE = tuple(SourceFacts.__dataclass_fields__)
_RUN = tuple(
    {"source_ref": "source__ref", "source_name": "source__name"}.get(name, name)
    for name in RunFacts.__dataclass_fields__
)


def sources(*, by: Asker) -> list[SourceFacts]:
    """All sources by name."""
    return [SourceFacts(*row) for row in Source.objects.using(by.view).order_by("name", "id").values_list(*_SOURCE)]


def source_by_ref(ref: str, *, by: Asker) -> SourceFacts | None:
    """The source of that reference, or None."""
    row = Source.objects.using(by.view).filter(ref=ref).values_list(*_SOURCE).first()
    return SourceFacts(*row) if row else None


def source_of(source_id: int, *, by: Asker) -> SourceFacts | None:
    """The source of that number, or None."""
    row = Source.objects.using(by.view).filter(id=source_id).values_list(*_SOURCE).first()
    return SourceFacts(*row) if row else None


def source_lines(*, by: Asker) -> list[SourceLine]:
    """All sources with what came from them, by name."""
    sums = _sums(by)
    latest = {run["source_id"]: run for run in _latest_finished(by)}
    heard: dict[int, datetime] = dict(ask(WRITER, _HEARD))
    return [
        _line(source, sums.get(source.id, {}), latest.get(source.id, {}), heard.get(source.id))
        for source in sources(by=by)
    ]


def run_of(run_id: int, *, by: Asker) -> RunFacts:
    """The run; NotThere when there is none of that number."""
    row = ImportRun.objects.using(by.view).filter(id=run_id).values_list(*_RUN).first()
    if row is None:
        raise NotThere("no_such_import", {"import": run_id})
    return RunFacts(*row)


def runs(*, by: Asker, source_id: int | None = None, limit: int = 50) -> list[RunFacts]:
    """The newest files first, of all sources or of one."""
    found = ImportRun.objects.using(by.view).order_by("-id")
    found = found if source_id is None else found.filter(source_id=source_id)
    return [RunFacts(*row) for row in found.values_list(*_RUN)[:limit]]


def lines_brought(source_id: int, *, by: Asker) -> int:
    """How many order lines the files of this source have brought so far."""
    brought = ImportRun.objects.using(by.view).filter(source_id=source_id, kind="orders")
    return int(brought.aggregate(lines=Sum("rows_new"))["lines"] or 0)


def runs_under_way(*, by: Asker) -> int:
    """How many files wait or are being read."""
    return ImportRun.objects.using(by.view).filter(state__in=UNDER_WAY).count()


def how_many_before(run: RunFacts, *, by: Asker) -> int:
    """How many files of this source and kind were finished before this one."""
    return (
        ImportRun.objects.using(by.view)
        .filter(source_id=run.source_id, kind=run.kind, state="finished", id__lt=run.id)
        .count()
    )


def _sums(by: Asker) -> dict[int, dict[str, Any]]:
    runs = ImportRun.objects.using(by.view).exclude(state="looking")
    summed = runs.values("source_id").annotate(
        files=Count("id"), rows_new=Sum("rows_new"), rows_refused=Sum("rows_refused"), last=Max("id")
    )
    return {row["source_id"]: dict(row) for row in summed}


def _latest_finished(by: Asker) -> list[dict[str, Any]]:
    place = Window(RowNumber(), partition_by=F("source_id"), order_by=F("id").desc())
    finished = ImportRun.objects.using(by.view).filter(state="finished").annotate(place=place)
    last = finished.filter(place=1).values("id", "source_id", "rows_read", "rows_refused", "finished_at")
    return [dict(row) for row in last]


def _line(
    source: SourceFacts, summed: dict[str, Any], last: dict[str, Any], heard_at: datetime | None
) -> SourceLine:  # fmt: skip
    came = [at for at in (last.get("finished_at"), heard_at) if at]
    return SourceLine(
        source=source,
        files=summed.get("files", 0),
        rows_new=summed.get("rows_new") or 0,
        rows_refused=summed.get("rows_refused") or 0,
        last_read=last.get("rows_read", 0),
        last_refused=last.get("rows_refused", 0),
        last_run_id=last.get("id"),
        last_at=max(came, default=None),
    )
