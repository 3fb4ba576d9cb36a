"""A file of orders or customers is brought in: looked at, understood, confirmed, tried, carried out, reported.

From the command line in one go (`import_now`); from the pages step by step (`take_in`, `understand`, `confirm`,
`start`), with the work itself in the background.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from regulars.connections.files import FileLook
from regulars.connections.jobs.later import do_later
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import by_url
from regulars.journeys.look_at_file import (
    LookedAt,
    drop_file,
    keep_file,
    look_again,
    look_at_file,
    look_settings,
    place_of,
)
from regulars.journeys.run_import import NIGHT_SHIFT, Progress, Say, quiet, run_import
from regulars.journeys.try_import import Trial, try_import
from regulars.records.intake import actions as intake
from regulars.records.intake.access import RunFacts, SourceFacts, run_of, source_by_ref
from regulars.records.intake.actions import KeptFile
from regulars.records.intake.source_tasks import close_source_task, open_source_task
from regulars.records.own_attributes.access import own_attributes
from regulars.records.set_aside.access import ReasonLine, reasons_set_aside
from regulars.rules.cleaning.report import CleanedLine
from regulars.rules.intake.changed_columns import ChangedColumns
from regulars.rules.intake.columns import called_so
from regulars.rules.intake.import_settings import ImportSettings, named_by
from regulars.rules.intake.meanings import BY_KEY, OWN, own_attribute_of
from regulars.rules.intake.references import addresses_apart
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

__all__ = [
    "ImportReport",
    "Progress",
    "confirm",
    "import_now",
    "run_import",
    "start",
    "stop",
    "take_in",
    "try_out",
]

TASK: Final = "import_file"
COLUMNS_CHANGED: Final = "columns_changed"
WISHES: Final = ("encoding", "delimiter", "sheet", "header_row")
ANSWERS: Final = ("date_order", "decimal_mark", "zone", "currency", "country", "order_within")
LAST_HEADER_ROW: Final = 1_000
TRIED_ON_PAGES: Final = 100_000  # rows: about a second


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. `state` is finished, stopped, failed, interrupted (the database went away: run again) or
    tried (a dry run); `code` and `values` say why where it is not finished. `already` is the number of the earlier run
    that brought exactly this file, when nothing had to be done; `known_by` is `email` or `phone` where that column
    stands for the customer number the file does not have. `cleaned` is what cleaning changed or doubted, by column and
    reason. `encoding_guessed` is the encoding a text was read in where that is likely and not certain."""

    state: str
    source_ref: str
    kind: str
    file_name: str
    run_id: int | None = None
    already: int | None = None
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    rows_expected: int = 0
    rows_read: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_same: int = 0
    rows_refused: int = 0
    customers_new: int = 0
    customers_matched: int = 0
    reasons: tuple[ReasonLine, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    known_by: str = ""
    seconds: float = 0.0
    cleaned: tuple[CleanedLine, ...] = ()
    encoding_guessed: str = ""


def import_now(
    path: str | Path, *, source_ref: str, kind: str = "", mapping: Mapping[str, str] | None = None,
    answers: Mapping[str, Any] | None = None, dry_run: bool = False, by: Asker, at: datetime, progress: Say = quiet,
    wait: bool = False, changes: Callable[[ChangedColumns], None] | None = None, whole_mapping: bool = False,
) -> ImportReport:  # fmt: skip
    """The file is in the house when this returns, or the report says why not; with `dry_run`, what would become of it.

    Where the source's columns are others than last time, `changes` hears of it before anything is read. Where one is
    gone that meant something, BadInput `columns_changed` until `mapping` says what stands for it now (an empty heading:
    nothing does), and whoever answers for the source has the task to say so, unless the file is only tried. With
    `whole_mapping` it has been said: what `mapping` does not name, nothing stands for, whatever the source's last file
    had.

    `mapping` (meaning → heading) goes before guesses and before what is remembered of the source; `answers` settle
    what a file leaves open (date_order, decimal_mark, zone, currency, country, order_within, encoding, delimiter,
    sheet, header_row). BadInput when it is no table, when a question is open (its code and values), when a file
    without headings has columns that were only guessed, or when somebody else is bringing in a file of the same source
    and `wait` is False.
    """
    begun = time.monotonic()
    said = dict(answers or {})
    file = keep_file(path)
    try:
        looked = _looked(file, source_ref, kind or _kind_of(mapping or {}), said, by)
        if changes and (changed := looked.changed):
            changes(changed)
        if not whole_mapping:
            demand_unchanged(looked, mapping or {}, dry_run=dry_run, at=at)
        settings = _settled(looked, mapping or {}, said, whole_mapping=whole_mapping)
        if not dry_run:
            _demand_confirmed(looked, settings, mapping or {})
        progress(Progress("reading", 0.0, 0, looked.look.rows, seconds={"reading": time.monotonic() - begun}))
        guessed = _guessed_encoding(looked.look)
        if dry_run:
            return replace(_tried(looked, settings, by, at, progress, begun), encoding_guessed=guessed)
        run_id, already = _registered(looked, settings, by=by, at=at)
        if not already:
            intake.note_progress(run_id, "seconds", {"reading": round(time.monotonic() - begun, 1)})
    except BaseException:
        drop_file(file.path)
        raise
    report = _carried_out(run_id, already, by=by, at=at, progress=progress, wait=wait, begun=begun)
    return replace(report, encoding_guessed=guessed)


def _guessed_encoding(look: FileLook) -> str:
    return look.encoding if any(problem.code == "encoding_guessed" for problem in look.problems) else ""


def take_in(file: KeptFile, *, source_ref: str, kind: str = "", by: Asker, at: datetime) -> int:
    """The number of a run whose columns are to be confirmed: the kept file has been looked at, nothing else is done."""
    begun = time.monotonic()
    try:
        looked = _looked(file, source_ref, kind, {}, by)
        source = intake.ensure_source(source_ref, by=by, at=at)
        proposed = looked.proposal.settings
        settings = _run_settings(looked.look, proposed)
        run_id = intake.open_run(source.id, proposed.kind, looked.file, settings, rows=looked.look.rows, by=by, at=at)
        if (changed := looked.changed) and changed.lost:
            intake.note_progress(run_id, "columns_changed", told_of(changed, {}))
        intake.note_progress(run_id, "as_before", _reads_as_before(source, proposed))
        intake.note_progress(run_id, "seconds", {"reading": round(time.monotonic() - begun, 1)})
        return run_id
    except BaseException:
        drop_file(file.path)
        raise


def understand(run_id: int, *, by: Asker, answers: Mapping[str, Any] | None = None) -> tuple[RunFacts, LookedAt]:
    """The run and a fresh look at its file, with what a person set by hand for reading it."""
    run = run_of(run_id, by=by)
    file = KeptFile(run.file_name, run.file_path, run.file_digest)
    return run, _looked(file, run.source_ref, run.kind, dict(answers or {}), by)


def confirm(
    run_id: int, mapping: Mapping[str, str], answers: Mapping[str, Any], *, by: Asker, at: datetime
) -> ImportSettings:
    """The run will be read this way, and so will the source's next file. BadInput for whatever cannot work."""
    run, looked = understand(run_id, by=by, answers=answers)
    settings = _settled(looked, dict(mapping), dict(answers), whole_mapping=True)
    with transaction.atomic():
        intake.settle(run_id, _run_settings(looked.look, settings))
        intake.note_progress(run_id, "columns_changed", None)
        intake.remember_columns(run.source_id, run.kind, settings.to_json())
        close_source_task(run.source_id, COLUMNS_CHANGED, by=by, at=at)
    return settings


def try_out(run_id: int, *, by: Asker, at: datetime, rows: int | None = TRIED_ON_PAGES) -> Trial:
    """What would become of the first rows of a run's file."""
    run = run_of(run_id, by=by)
    settings = ImportSettings.from_json(run.settings.get("understanding", {}))
    look = look_again(KeptFile(run.file_name, run.file_path, run.file_digest), run.settings["look"])
    return try_import(run.file_path, look, settings, source=source_by_ref(run.source_ref, by=by), at=at, rows=rows)


def note_trial(run_id: int, tried: Trial) -> None:
    """The run remembers how its trial went."""
    intake.note_progress(run_id, "trial", {"rows": tried.counts.read, "refused": tried.counts.refused})


def finished_before(run: RunFacts) -> int | None:
    """The run that brought this very file, understood the same way, as the last of its source; None if none did."""
    return intake.finished_before(run.source_id, run.kind, run.file_digest, run.settings)


def start(run_id: int) -> bool:
    """The run waits for its turn in the background, or goes on after its last confirmed row; False when it waited
    already, is running, or is finished.

    BadInput `columns_changed` while nobody has confirmed what stands for a column that is gone.
    """
    run = run_of(run_id, by=NIGHT_SHIFT)
    if changed := run.progress.get("columns_changed"):
        raise BadInput("columns_changed", changed)
    with transaction.atomic():
        if not intake.let_wait(run_id):
            return False
        do_later(TASK, lock=f"source-{run.source_id}", import_run_id=run_id)
    return True


def stop(run_id: int, *, by: Asker) -> bool:
    """The run stops before its next chunk; what is written stays. False when it was not under way."""
    return intake.stop_run(run_id, by=by)


def leave_as_it_is(run_id: int, reason: str, *, leave: bool = True, by: Asker) -> None:
    """Cleaning makes that change no more of what this run's source sends (or makes it again): from the next file on,
    and in this one where it has not begun. BadInput for a change that cannot be left out."""
    run = run_of(run_id, by=by)
    source = source_by_ref(run.source_ref, by=by)
    left = set(source.leave if source else ()) - {reason} | ({reason} if leave else set())
    with transaction.atomic():
        intake.describe_source(run.source_id, by=by, leave=sorted(left))
        if run.state == "looking" and (said := run.settings.get("understanding")):
            settings = replace(ImportSettings.from_json(said), leave=frozenset(left))
            intake.settle(run_id, {**run.settings, "understanding": settings.to_json()})


def forget(run_id: int, *, by: Asker) -> bool:
    """A run that has not begun is gone, and its file with it."""
    run = run_of(run_id, by=by)
    gone = intake.forget_run(run_id)
    if gone and not intake.file_is_needed(run.file_path):
        drop_file(run.file_path)
    return gone


def report_of(run: RunFacts, *, by: Asker, already: int | None = None, seconds: float = 0.0) -> ImportReport:
    """A run as a report."""
    counts = {
        name: getattr(run, name)
        for name in ImportReport.__dataclass_fields__
        if name.startswith(("rows_", "customers_"))
    }
    return ImportReport(
        state=run.state,
        source_ref=run.source_ref,
        kind=run.kind,
        file_name=run.file_name,
        run_id=run.id,
        already=already,
        code=str(run.message.get("code", "")),
        values=dict(run.message.get("values", {})),
        **counts,
        reasons=tuple(reasons_set_aside(run.id, by=by)),
        seconds=seconds,
        columns=dict(run.settings.get("understanding", {}).get("columns", {})),
        known_by=named_by(run.settings.get("understanding", {}).get("columns", {})),
        cleaned=run.cleaned,
    )


def demand_unchanged(looked: LookedAt, said: Mapping[str, str], *, dry_run: bool, at: datetime) -> None:
    """Every column that meant something is there, or somebody has said what stands for it now; else BadInput, and the
    source's owner has a task unless the file is only tried."""
    there = {meaning: heading for meaning, heading in said.items() if not heading or heading in looked.look.headers}
    if (changed := looked.changed) and (left := changed.unanswered(there)):
        told = told_of(changed, left)
        source = source_by_ref(looked.proposal.settings.source_ref, by=NIGHT_SHIFT)
        if source and not dry_run:
            open_source_task(source.id, COLUMNS_CHANGED, told, at=at)
        raise BadInput("columns_changed", told)


def told_of(changed: ChangedColumns, left: Mapping[str, str]) -> dict[str, str]:
    """The changes as a sentence wants them: headings in a row, and what to say at the terminal."""
    lost = left or changed.lost
    say = [f'--column {meaning}="{changed.alike.get(old, "")}"' for meaning, old in lost.items()]
    return {
        "lost": ", ".join(lost.values()), "gone": ", ".join(changed.gone), "new": ", ".join(changed.new),
        "alike": ", ".join(f"{old} → {new}" for old, new in changed.alike.items()), "say": " ".join(say),
    }  # fmt: skip


def _looked(file: KeptFile, source_ref: str, kind: str, answers: Mapping[str, Any], by: Asker) -> LookedAt:
    source: SourceFacts | None = source_by_ref(source_ref, by=by)
    wishes = {name: _wish(name, answers[name]) for name in WISHES if answers.get(name) not in (None, "")}
    return look_at_file(file, source_ref=source_ref, source=source, kind=kind, wishes=wishes)


def _wish(name: str, said: Any) -> Any:
    """A row's number may come as text; BadInput for what is none."""
    if name != "header_row" or isinstance(said, int):
        return said
    if not str(said).isdecimal() or int(said) > LAST_HEADER_ROW:
        raise BadInput("header_row_unclear", {"said": said, "most": LAST_HEADER_ROW})
    return int(said)


def _kind_of(mapping: Mapping[str, str]) -> str:
    """Customers with an own attribute, orders with a meaning that only they have; else nothing is said of the kind."""
    if any(own_attribute_of(meaning) for meaning in mapping):
        return "customers"
    only_orders = (meaning for meaning in mapping if meaning in BY_KEY and "customers" not in BY_KEY[meaning].kinds)
    return "orders" if any(only_orders) else ""


def _settled(
    looked: LookedAt, mapping: Mapping[str, str], answers: Mapping[str, Any], *, whole_mapping: bool = False
) -> ImportSettings:
    """Settings with nothing left open. BadInput for an empty file, a column that is not there, or an open question."""
    _demand_rows(looked.look)
    proposed = looked.proposal.settings
    columns = dict(mapping) if whole_mapping else _overridden(proposed.columns, mapping)
    if unknown := sorted(set(columns.values()) - set(looked.look.headers)):
        raise BadInput("no_such_column", {"columns": ", ".join(unknown), "known": ", ".join(looked.look.headers)})
    columns = addresses_apart(columns, looked.look.headers, looked.look.evidence)
    answered = {name: _answer(name, answers[name]) for name in ANSWERS if name in answers}
    settings = replace(proposed, columns=columns, headers=looked.look.headers, **answered)
    own = {own_attribute_of(meaning) for meaning in columns} - {""}
    if unknown := sorted(own - {one.what.key for one in own_attributes()} if own else own):
        raise BadInput("meaning_unknown", {"meanings": ", ".join(OWN + key for key in unknown)})
    if missing := settings.missing():
        _demand_values(looked, missing, columns)
        raise BadInput("meaning_missing", {"meanings": ", ".join(missing), "headers": ", ".join(looked.look.headers)})
    for question in looked.proposal.questions:
        if question.setting in ANSWERS and question.setting not in answered:
            raise BadInput(question.code, {"setting": question.setting, **question.values})
    return settings


def _answer(name: str, said: Any) -> Any:
    """`order_within` may come as one text, such as "day" or "day,branch"; "none" means each number is one order."""
    if name != "order_within" or not isinstance(said, str):
        return said
    return tuple(part.strip() for part in said.split(",") if part.strip() not in ("", "none"))


def _demand_values(looked: LookedAt, missing: Iterable[str], columns: Mapping[str, str]) -> None:
    """BadInput for a column that is called as it should be and does not hold what it is called."""
    free = [one for one in looked.look.headers if one not in columns.values()]
    for meaning in missing:
        if column := called_so(free, meaning):
            place = looked.look.headers.index(column)
            example = next((row[place] for row in looked.look.evidence if row[place].strip()), "")
            raise BadInput("column_holds_something_else", {"column": column, "meaning": meaning, "example": example})


def _demand_rows(look: FileLook) -> None:
    for problem in look.problems:
        if problem.code in ("empty", "only_header", "line_too_long"):
            raise BadInput(problem.code, {"name": look.name, **problem.values})


def _demand_confirmed(looked: LookedAt, settings: ImportSettings, said: Mapping[str, str]) -> None:
    """Without headings only the values speak; what they seem to mean counts once somebody has said so, now or for an
    earlier file of the source."""
    if looked.look.header_row or looked.look.format == "parquet":
        return
    before = looked.remembered.columns if looked.remembered else {}
    guessed = {m: h for m, h in settings.columns.items() if said.get(m) != h and before.get(m) != h}
    if guessed:
        told = " ".join(f'--column {meaning}="{header}"' for meaning, header in guessed.items())
        raise BadInput("columns_only_guessed", {"columns": told})


def _overridden(proposed: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What was said counts; a heading or meaning named there is no longer guessed. An empty heading takes one away."""
    taken = set(said.values())
    kept = {meaning: header for meaning, header in proposed.items() if header not in taken and meaning not in said}
    return kept | {meaning: header for meaning, header in said.items() if header}


def _run_settings(look: FileLook, settings: ImportSettings) -> dict[str, Any]:
    return {"understanding": settings.to_json(), "look": look_settings(look)}


def _tried(
    looked: LookedAt, settings: ImportSettings, by: Asker, at: datetime, progress: Say, begun: float
) -> ImportReport:
    source = source_by_ref(settings.source_ref, by=by)
    trial = try_import(looked.file.path, looked.look, settings, source=source, at=at, say=progress)
    drop_file(looked.file.path)
    told = trial.counts
    return ImportReport(
        "tried",
        settings.source_ref,
        settings.kind,
        looked.look.name,
        rows_expected=trial.rows_expected,
        rows_read=told.read,
        rows_new=told.new,
        rows_changed=told.changed,
        rows_same=told.same,
        rows_refused=told.refused,
        customers_new=told.customers_new,
        customers_matched=told.customers_matched,
        reasons=trial.reasons,
        columns=dict(settings.columns),
        known_by=settings.named_by,
        seconds=time.monotonic() - begun,
        cleaned=trial.cleaned,
    )


def _registered(looked: LookedAt, settings: ImportSettings, *, by: Asker, at: datetime) -> tuple[int, int | None]:
    """(the run to carry out, the earlier run that brought this very file). An unfinished run of the file is gone on
    with.
    """
    source = intake.ensure_source(settings.source_ref, by=by, at=at)
    told = _run_settings(looked.look, settings)
    digest = looked.file.digest
    if done := intake.finished_before(source.id, settings.kind, digest, told):
        drop_file(looked.file.path)
        return done, done
    if begun := intake.resumable_run(source.id, settings.kind, digest, told):
        _hand_over(run_of(begun, by=by), looked.file)
        return begun, None
    with transaction.atomic():
        run_id = intake.open_run(source.id, settings.kind, looked.file, told, rows=looked.look.rows, by=by, at=at)
        intake.remember_columns(source.id, settings.kind, settings.to_json())
        close_source_task(source.id, COLUMNS_CHANGED, by=by, at=at)
        intake.let_wait(run_id)
    return run_id, None


def _reads_as_before(source: SourceFacts, proposed: ImportSettings) -> bool:
    """Whether it is understood as the source's last file was, whatever cleaning leaves as it is by now."""
    before = source.settings.get(proposed.kind)
    return before is not None and {**before, "leave": ()} == {**proposed.to_json(), "leave": ()}


def _hand_over(run: RunFacts, file: KeptFile) -> None:
    """The unfinished run keeps its own copy of the file, or takes this one where its own is gone."""
    if place_of(run.file_path).exists():
        drop_file(file.path)
    else:
        intake.take_copy(run.id, file.path)
    intake.let_wait(run.id)


def _carried_out(
    run_id: int, already: int | None, *, by: Asker, at: datetime, progress: Say, wait: bool, begun: float
) -> ImportReport:
    known = run_of(run_id, by=by)
    if already:
        return _nothing_to_do(report_of(known, by=by, already=already, seconds=time.monotonic() - begun))
    try:
        run = run_import(run_id, at=at, say=progress, wait=wait)
        return report_of(run, by=by, seconds=time.monotonic() - begun)
    except (OperationalError, InterfaceError, psycopg.OperationalError):
        return ImportReport(
            "interrupted", known.source_ref, known.kind, known.file_name, run_id, code=_why_gone(),
            rows_expected=known.rows_expected, seconds=time.monotonic() - begun,
        )  # fmt: skip


def _why_gone() -> str:
    """A full disk takes PostgreSQL down where it was just writing its log, and is told apart only by looking."""
    return "database_gone" if by_url(os.environ) or Server(settings.HOME).has_room() else "disk_full"


def _nothing_to_do(earlier: ImportReport) -> ImportReport:
    """The report of a file that is in the house already: every row of it is the same."""
    same = earlier.rows_new + earlier.rows_changed + earlier.rows_same
    met = earlier.customers_new + earlier.customers_matched
    return replace(earlier, rows_new=0, rows_changed=0, rows_same=same, customers_new=0, customers_matched=met)
