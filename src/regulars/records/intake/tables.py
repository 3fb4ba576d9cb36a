"""The door of tables of other databases: kept, listed, how far each has been read, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F

from regulars.records.access_log.actions import note_change
from regulars.records.intake.models import TableSource
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, NotThere

_FACTS: Final = (
    "id", "source_id", "source__ref", "source__name", "name", "table_name", "by_column", "kind", "columns", "answers",
    "every_minutes", "look_back_hours", "mark", "problem", "last_run_id", "last_at", "made_by", "made_at", "ended_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table of another database. `mark` is how far it has been read, `problem` (code, values) what was in the way."""

    id: int
    source_id: int
    source_ref: str
    source_name: str
    name: str
    table: str
    by_column: str
    kind: str
    columns: Mapping[str, str]
    answers: Mapping[str, Any]
    every_minutes: int
    look_back_hours: int
    mark: Mapping[str, Any]
    problem: Mapping[str, Any]
    last_run_id: int | None
    last_at: datetime | None
    made_by: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RowsRead:
    """How far a table has been read, and digests of the rows that will be read again."""

    mark: Mapping[str, Any]
    digests: bytes


def tables(*, by: Asker) -> list[TableFacts]:
    """Every table that is or was read, those that still are first."""
    rows = TableSource.objects.using(by.view).order_by(F("ended_at").asc(nulls_first=True), "name")
    return [TableFacts(*row) for row in rows.values_list(*_FACTS)]


def table_of(name: str, *, by: Asker) -> TableFacts:
    """The table of that name that is still read; NotThere when there is none."""
    row = TableSource.objects.using(by.view).filter(name=name, ended_at__isnull=True).values_list(*_FACTS).first()
    if row is None:
        raise NotThere("no_such_table", {"name": name[:40]})
    return TableFacts(*row)


def rows_known(table_id: int) -> bytes:
    """Digests of the rows that were read the last time and will be read again."""
    return bytes(TableSource.objects.values_list("seen", flat=True).get(id=table_id))


def tables_due(*, at: datetime) -> list[str]:
    """The names of those whose time has come; where the clock went ahead when one was read last, it has."""
    rows = TableSource.objects.filter(ended_at__isnull=True).values_list("name", "last_at", "every_minutes")
    return [name for name, last, every in rows if last is None or not last <= at < last + timedelta(minutes=every)]


def keep_table(source_id: int, name: str, said: Mapping[str, Any], *, by: Asker, at: datetime) -> int:
    """The number of the table, which is read from now on; BadInput when one of that name is or was read already."""
    try:
        with transaction.atomic():
            made = TableSource.objects.create(source_id=source_id, name=name, made_by=by.name, made_at=at, **said)
            _note(by, name, "state", old=None, new="read")
    except IntegrityError:
        raise BadInput("table_name_taken", {"name": name}) from None
    return made.id


def say_look_back(name: str, hours: int, *, by: Asker) -> None:
    """That far back it is read again from now on; NotThere when no table of that name is read."""
    with transaction.atomic():
        found = TableSource.objects.select_for_update().filter(name=name, ended_at__isnull=True).first()
        if found is None:
            raise NotThere("no_such_table", {"name": name[:40]})
        if found.look_back_hours != hours:
            _note(by, name, "look_back_hours", old=found.look_back_hours, new=hours)
            TableSource.objects.filter(id=found.id).update(look_back_hours=hours)


def note_drawn(
    table_id: int, *, read: RowsRead | None, problem: Mapping[str, Any], run: int | None, at: datetime
) -> None:
    """How far it has been read now; with nothing read it stays where it was."""
    moved = {} if read is None else {"mark": dict(read.mark), "seen": read.digests}
    found = TableSource.objects.filter(id=table_id)
    found.update(problem=dict(problem), last_at=at, **moved)
    if run is not None:
        found.update(last_run_id=run)


def end_table(name: str, *, by: Asker, at: datetime) -> None:
    """It is read no more; what it brought stays, and nothing tells its rows any more."""
    with transaction.atomic():
        if not TableSource.objects.filter(name=name, ended_at__isnull=True).update(ended_at=at, seen=b""):
            raise NotThere("no_such_table", {"name": name[:40]})
        _note(by, name, "state", old="read", new="ended")


def _note(by: Asker, name: str, field: str, *, old: Any, new: Any) -> None:
    note_change(
        by, door="intake.tables", subject="table_source", field=f"{name}: {field}", old=old, new=new, customer_id=None
    )
