"""What analysts' logins read, as PostgreSQL itself counts it; and the end of what runs for too long.

The counting lives in the server's memory and is read in the maintenance database, where no login of ours may go: the
house's own database has nothing of it. A server by URL keeps such counts for its own administrators.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import psycopg
from psycopg import sql

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server
from regulars.connections.postgres.logins import by_url
from regulars.connections.postgres.securing import Connection

MAINTENANCE: Final = "postgres"
LIBRARY: Final = "pg_stat_statements"
#: The setting that has a login's statements counted; nobody but a superuser may give or take it.
COUNTED: Final[Mapping[str, str]] = {"pg_stat_statements.track": "top"}
_COUNTS: Final = """
SELECT r.rolname, sum(s.calls)::bigint, sum(s.rows)::bigint, count(*)
  FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid JOIN pg_database d ON d.oid = s.dbid
 WHERE starts_with(r.rolname, %s) AND d.datname = %s GROUP BY r.rolname
"""
_ROOM: Final = """
SELECT current_setting('pg_stat_statements.max')::int, (SELECT count(*) FROM pg_stat_statements), dealloc > 0
  FROM pg_stat_statements_info
"""
_LONG: Final = """
SELECT usename, pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE starts_with(usename, %s) AND datname = current_database() AND backend_type = 'client backend'
   AND now() - xact_start > %s
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a login has read since the counting began: statements, rows that came back, how many statements differ."""

    statements: int
    rows: int
    different: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What each login has read. The server has room for so many different statements, `taken` are there; with
    `pushed_out` it has forgotten some for newer ones, and all counts are too small."""

    of: Mapping[str, Counted]
    room: int
    taken: int
    pushed_out: bool

    @property
    def must_begin_anew(self) -> bool:
        """Whether there may not be room for all that is asked until the next look."""
        return self.pushed_out or self.taken > self.room // 2

    def is_flooded_by(self, login: str) -> bool:
        """Whether counts were pushed out, and not least by this login's many different statements."""
        return self.pushed_out and self.of[login].different > self.room // 4


def is_counting(connection: Connection) -> bool:
    """Whether this is our own server, and it counts statements; what another one counts is its owners' affair."""
    if by_url(os.environ):
        return False
    loaded = connection.execute("SELECT current_setting('shared_preload_libraries')").fetchone()
    return LIBRARY in str(loaded and loaded[0])


def counts_of(home: Home, database: str, prefix: str) -> Counts:
    """What every login whose name begins so has read in that database."""
    with _maintenance(home) as connection:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {LIBRARY}")
        rows = connection.execute(_COUNTS, [prefix, database]).fetchall()
        room, taken, pushed_out = connection.execute(_ROOM).fetchone() or (0, 0, True)
    counted = {str(role): Counted(int(calls), int(read), int(different)) for role, calls, read, different in rows}
    return Counts(counted, int(room), int(taken), bool(pushed_out))


def begin_anew(home: Home) -> None:
    """Nothing is counted yet, and there is room."""
    with _maintenance(home) as connection:
        connection.execute("SELECT pg_stat_statements_reset()")


def _maintenance(home: Home) -> "psycopg.Connection[tuple[Any, ...]]":
    words: dict[str, Any] = Server(home).connection_parameters(ADMINISTRATOR, MAINTENANCE)
    return psycopg.connect(**words, autocommit=True)


def end_what_lasts(connection: Connection, prefix: str, longer_than: timedelta) -> list[str]:
    """The logins whose transactions lasted longer than that; those sessions are ended."""
    return [str(role) for role, _ in connection.execute(_LONG, [prefix, longer_than]).fetchall()]


def let_in(connection: Connection, role: str, connections: int) -> None:
    """So many sessions of that login may be open from now on; with none, those that are open are ended."""
    statement = sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(connections)))
    if not connections:
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", [role])
