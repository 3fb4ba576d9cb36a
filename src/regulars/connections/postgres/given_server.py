"""A server given to us by DATABASE_URL: whether it can hold a house is said before anything is made on it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from regulars.connections.postgres.binaries import OLDEST_MAJOR
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.securing import Connection

MAY_MAKE_A_HOUSE = """
SELECT r.rolsuper OR (r.rolcreaterole AND pg_has_role(d.datdba, 'USAGE'))
  FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()
"""


KEYS_OF = "SELECT coalesce(shobj_description(to_regrole(%s), 'pg_authid'), '')"


@contextmanager
def administrator_at_work(words: Mapping[str, Any]) -> Iterator[Connection]:
    """The administrator's connection, psycopg's `words` for it given; each statement is a transaction of its own.

    LauncherError `server_refuses` when it cannot be opened, `server_too_old`, or `administrator_too_weak` when the user
    may not make roles or does not own the database.
    """
    with _opened(words) as connection:
        _demand_version(connection)
        _demand_rights(connection)
        yield connection


def demand_same_keys(connection: Connection, role: str, mark: str) -> None:
    """LauncherError `other_keys` when this role was made by an installation with other keys: the logins would stop
    working there, and what is in the database could not be found or opened here."""
    found = (connection.execute(KEYS_OF, [role]).fetchone() or ("",))[0]
    if found not in ("", mark):
        raise LauncherError("other_keys", {"database": connection.info.dbname})


def note_keys(connection: Connection, role: str, mark: str) -> None:
    """The role says from now on which installation's keys belong to it."""
    connection.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(sql.Identifier(role), sql.Literal(mark)))


def _opened(words: Mapping[str, Any]) -> Connection:
    try:
        return psycopg.connect(**words, autocommit=True)
    except psycopg.OperationalError as error:
        raise LauncherError("server_refuses", {"user": words["user"], "reason": reason_in(str(error))}) from error


def reason_in(said: str) -> str:
    """Why the connection failed, in the driver's words: its last line that is no hint.

    >>> reason_in('connection failed: connection to server at "::1", port 1 failed: Connection refused\\n\\tIs it on?')
    'connection to server at "::1", port 1 failed: Connection refused'
    """
    lines = [line for line in said.splitlines() if line.strip() and not line[0].isspace()] or ["?"]
    return lines[-1].removeprefix("connection failed: ").removeprefix("connection is bad: ")


def _demand_version(connection: Connection) -> None:
    found = connection.info.server_version // 10_000
    if found < OLDEST_MAJOR:
        raise LauncherError("server_too_old", {"found": found, "needed": OLDEST_MAJOR})


def _demand_rights(connection: Connection) -> None:
    row = connection.execute(MAY_MAKE_A_HOUSE).fetchone()
    if not (row and row[0]):
        values = {"user": connection.info.user, "database": connection.info.dbname}
        raise LauncherError("administrator_too_weak", values)
