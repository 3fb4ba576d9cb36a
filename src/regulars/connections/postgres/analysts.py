"""Logins of people who ask with SQL of their own: made, and taken away with everything they have open."""

from collections.abc import Mapping

from psycopg import sql

from regulars.connections.postgres.counting import COUNTED, is_counting
from regulars.connections.postgres.securing import (
    Connection,
    is_superuser,
    join,
    out_of_reach,
    set_password,
    start_with,
)


def make_analyst(
    connection: Connection, role: str, *, group: str, settings: Mapping[str, str], connections: int, password: str
) -> None:
    """The role logs in with this password and reads what the group reads; it can become nobody and make nothing.

    Settings that only a superuser may give stay as the server has them; the check says which. What it reads is counted,
    where the server counts.
    """
    with connection.transaction():
        made = sql.SQL("CREATE ROLE {} LOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT {}")
        connection.execute(made.format(sql.Identifier(role), sql.Literal(connections)))
        set_password(connection, role, password)
        join(connection, group, role)
        watch(connection, role)
        closed = out_of_reach(connection, settings)
        start_with(connection, role, {name: value for name, value in settings.items() if name not in closed})
        if is_counting(connection):
            start_with(connection, role, COUNTED)


def end_analyst(connection: Connection, role: str) -> None:
    """The role is gone and its sessions are ended when this returns; nothing happens when there was none."""
    with connection.transaction():
        if not role_exists(connection, role):
            return
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role)))
        watch(connection, role)
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", [role])
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def watch(connection: Connection, role: str) -> None:
    """Let an administrator who is no superuser see how long this role's sessions last, and end them."""
    if not is_superuser(connection):
        statement = sql.SQL("GRANT {} TO CURRENT_USER WITH INHERIT TRUE, SET FALSE")
        connection.execute(statement.format(sql.Identifier(role)))


def act_as(connection: Connection, owner: str) -> None:
    """Let an administrator who is no superuser make things that belong to this role."""
    if not is_superuser(connection):
        statement = sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE")
        connection.execute(statement.format(sql.Identifier(owner)))


def role_exists(connection: Connection, role: str) -> bool:
    """Whether the server knows a role of that name."""
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None
