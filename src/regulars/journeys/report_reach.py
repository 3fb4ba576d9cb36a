"""The officer's reports: what was reached, rights nobody used, files opened outside one's branches, the warehouse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from django.conf import settings

from regulars.records.access_log.actions import note_access
from regulars.records.access_log.reached import Outside, Reached, last_looks, looks_outside, reached
from regulars.records.staff.access import everybody, view_of
from regulars.records.staff.names import names_in_logs
from regulars.records.staff.sql_logins import sql_logins
from regulars.records.staff.tokens import TokenFacts, tokens
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.views import ROLES

BECAUSE: Final = "oversight"
LastUsed = dict[tuple[str, str], datetime]
UNUSED_AFTER: Final = timedelta(days=90)
LATELY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unused:
    """A right nobody used for long. `kind` is seat, token or sql_login; `last_at` None for never.

    `role` is the seat's: one view may serve two seats of somebody, who uses one of them. An analyst's login that was
    never counted reading is `unknown`: not every server counts.
    """

    kind: str
    who: str
    view: str
    last_at: datetime | None
    unknown: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of the warehouse: files, rows, bytes, and when it was last written."""

    table: str
    files: int
    rows: int
    size: int
    written_at: datetime | None


def what_was_reached(*, by: Asker, at: datetime, days: int = LATELY.days) -> list[Reached]:
    """What each role reached through each view in the last days."""
    found = reached(since=at - timedelta(days=days), by=by)
    note_access(by, door="reached", because=BECAUSE, rows=len(found))
    return found


def rights_never_used(*, by: Asker, at: datetime) -> list[Unused]:
    """Seats nobody worked in and tokens nobody looked through for ninety days, those never used first; and analysts'
    logins."""
    in_seats, through_views = _last_used(last_looks(by=by))
    names = names_in_logs()
    seats = [
        Unused("seat", one.log_name, view_of(one, role), _newest(in_seats, names[one.id], role), role=role)
        for one in everybody()
        for role in one.roles
        if role in ROLES
    ]
    programs = [_program(one, in_seats, through_views) for one in tokens() if one.works(at)]
    idle = [one for one in (*seats, *programs) if one.last_at is None or at - one.last_at > UNUSED_AFTER]
    working = [(one.role_name, one.view) for one in sql_logins() if one.revoked_at is None]
    counted = [Unused("sql_login", *one, through_views.get(one)) for one in working]
    analysts = [
        replace(one, unknown=one.last_at is None)
        for one in counted
        if one.last_at is None or at - one.last_at > UNUSED_AFTER
    ]
    note_access(by, door="rights_unused", because=BECAUSE, rows=len(idle))
    return sorted(idle, key=lambda one: (one.last_at is not None, one.kind, one.who)) + analysts


def _newest(in_seats: LastUsed, names: Iterable[str], role: str) -> datetime | None:
    return max((at for name in names if (at := in_seats.get((name, role)))), default=None)


def _program(token: TokenFacts, in_seats: LastUsed, through_views: LastUsed) -> Unused:
    """A token of a role by the role, of a purpose by its view."""
    who = f"token {token.name}"
    last = in_seats.get((who, token.role)) if token.role in ROLES else through_views.get((who, token.view))
    return Unused("token", who, token.view, last)


def _last_used(looks: Mapping[tuple[str, str, str], datetime]) -> tuple[LastUsed, LastUsed]:
    """When each (who, role) and each (who, view) was last used: who is asked for a reason now looked through another
    view before."""
    in_seats: LastUsed = {}
    through_views: LastUsed = {}
    for (who, role, view), at in sorted(looks.items(), key=itemgetter(1)):
        in_seats[who, role] = through_views[who, view] = at
    return in_seats, through_views


def reads_without_assignment(*, by: Asker, at: datetime, days: int = LATELY.days) -> list[Outside]:
    """Files of customers of other branches, opened by people who have branches of their own; newest first."""
    since, names = at - timedelta(days=days), names_in_logs()
    found = [
        one
        for person in everybody()
        if person.branches
        for one in looks_outside(names[person.id], person.branches, since=since, by=by)
    ]
    note_access(by, door="reads_outside", because=BECAUSE, rows=len(found))
    return sorted(found, key=lambda one: one.at, reverse=True)


def warehouse_overview(*, by: Asker) -> list[Kept]:
    """Every table of the warehouse as it lies on the disk; its columns are those of the warehouse view."""
    if by.view != "personal":
        raise Denied("log_is_for_the_officer")
    root = settings.HOME.warehouse
    files = sorted(root.rglob("*.parquet")) if root.exists() else []
    tables = sorted({_table_of(root, file) for file in files})
    return [_kept(table, [file for file in files if _table_of(root, file) == table]) for table in tables]


def _table_of(root: Path, file: Path) -> str:
    first = file.relative_to(root).parts[0]
    return first.removesuffix(".parquet")


def _kept(table: str, files: list[Path]) -> Kept:
    written = max(file.stat().st_mtime for file in files)
    return Kept(
        table,
        len(files),
        sum(pq.read_metadata(file).num_rows for file in files),
        sum(file.stat().st_size for file in files),
        datetime.fromtimestamp(written, UTC),
    )
