"""What analysts read with SQL of their own is counted like any reading: in the log, against a normal, with a stop.

Every minute the house asks PostgreSQL how many rows each login has had since, writes it into the log, and where it is
far more than normal, or a flood of different questions pushed the counts out, shuts the login until the officer has
answered. What lasts longer than any honest question may is ended: a session can switch its own time limits off, but not
this.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from django.conf import settings
from django.db import transaction

from regulars.connections.postgres.counting import (
    COUNTED,
    begin_anew,
    counts_of,
    end_what_lasts,
    is_counting,
    let_in,
)
from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection, start_with
from regulars.records.access_log.actions import note_refused_deed
from regulars.records.access_log.readings import Passage, count_afterwards
from regulars.records.access_log.sql_counts import count_from_nothing, read_since
from regulars.records.staff.sql_logins import SqlLoginFacts, sql_logins
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.roles import ANALYST_CONNECTIONS, ANALYST_PREFIX
from regulars.rules.privacy.views import BY_NAME

ROLE: Final = "analyst"
DOOR: Final = "sql"
#: A minute more than a transaction of theirs may last by its own settings.
LASTS_AT_MOST: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one look found: rows read by each login, who was stopped, whose sessions were ended."""

    rows: dict[str, int]
    stopped: tuple[str, ...]
    ended: tuple[str, ...]


def watch_sql(*, at: datetime, lasts_at_most: timedelta = LASTS_AT_MOST) -> Watched:
    """Everything read with SQL until now is counted, and what follows from it has happened, when this returns."""
    with _administrator() as connection:
        ended = end_what_lasts(connection, ANALYST_PREFIX, lasts_at_most)
        for role in ended:
            minutes = int(lasts_at_most.total_seconds() // 60)
            note_refused_deed(
                _named(role), deed="reading", subject="session", detail={"kind": "ended", "minutes": minutes}
            )
        rows, stopped = _count(connection, at) if is_counting(connection) else ({}, [])
    return Watched(rows, tuple(stopped), tuple(ended))


def let_analyst_in_again(name: str) -> None:
    """The login of that name may be used again; nothing happens for one that has ended."""
    if any(one.role_name == name and one.revoked_at is None for one in sql_logins()):
        with _administrator() as connection:
            let_in(connection, name, ANALYST_CONNECTIONS)


def have_analysts_counted(connection: Connection) -> None:
    """Every analyst's login in the book is counted from its next session on, where the server counts."""
    if is_counting(connection):
        for one in sql_logins():
            if one.revoked_at is None:
                start_with(connection, one.role_name, COUNTED)


def _count(connection: Connection, at: datetime) -> tuple[dict[str, int], list[str]]:
    rows: dict[str, int] = {}
    stopped = []
    database = str(connection.info.dbname)
    book = {one.role_name: one for one in sql_logins() if one.revoked_at is None}
    counts = counts_of(settings.HOME, database, ANALYST_PREFIX)
    for role, counted in counts.of.items():
        if role not in book:
            continue
        with transaction.atomic():  # the log has its own connection: killed in between, what was read counts again
            statements, read = read_since(role, statements=counted.statements, rows=counted.rows, at=at)
            if statements:
                rows[role] = read
                told = Passage(DOOR, f"{statements} statements", read, None)
                too_much = counts.is_flooded_by(role)
                if count_afterwards(_analyst(book[role]), told, at=at, too_much=too_much) == "stop":
                    let_in(connection, role, 0)
                    stopped.append(role)
    if counts.must_begin_anew:
        with transaction.atomic():
            count_from_nothing()
            begin_anew(settings.HOME)
    return rows, stopped


def _analyst(one: SqlLoginFacts) -> Asker:
    return Asker(one.role_name, ROLE, one.view, BY_NAME[one.view].purpose)


def _named(role: str) -> Asker:
    return Asker(role, ROLE, "none", "none")


@contextmanager
def _administrator() -> Iterator[Connection]:
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        yield connection
