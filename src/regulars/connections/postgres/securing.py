"""Carries out a plan of roles, views and rights. What the plan says comes from the dictionary; nothing is decided here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Foundation:
    """Roles and what their sessions start with. `passwords` is empty for the embedded server."""

    logins: tuple[str, ...]
    owners: tuple[str, ...]
    analysts: str
    settings: Mapping[str, Mapping[str, str]]
    passwords: Mapping[str, str]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Statements that make comments, views, policies and rights as the dictionary wants them."""

    statements: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Names the plan; written beside the vault when it has been carried out."""
        return hashlib.sha256("\n".join(self.statements).encode()).hexdigest()[:32]


def lay_foundation(connection: Connection, foundation: Foundation) -> None:
    """Have roles, their start settings and the empty vault there. Can be run again at any time."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(20180101)")
        for role in foundation.owners:
            _role(connection, role, "NOLOGIN")
        for role in foundation.logins:
            _role(connection, role, "LOGIN")
            _password(connection, role, foundation.passwords.get(role))
        _let_administrator_act_as(connection, foundation.owners)
        _close_public(connection, (*foundation.logins, foundation.analysts))
        _start_settings(connection, foundation.settings)
        run(connection, foundation.statements)


def carry_out(connection: Connection, plan: Plan) -> bool:
    """Have everything as planned, in one transaction; False when that plan was carried out before."""
    if applied_digest(connection) == plan.digest:
        return False
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '15s'")
        run(connection, plan.statements)
        run(connection, (f"COMMENT ON SCHEMA vault IS 'plan {plan.digest}'",))
    return True


def applied_digest(connection: Connection) -> str:
    """The digest of the plan that was carried out last; "" when none was."""
    row = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'vault'"
    ).fetchone()
    return str((row and row[0]) or "").removeprefix("plan ")


def run(connection: Connection, statements: tuple[str, ...]) -> None:
    """Execute statements that hold no outside text."""
    for statement in statements:
        connection.execute(cast(LiteralString, statement))


def _role(connection: Connection, role: str, login: LiteralString) -> None:
    found = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE ROLE {} NOINHERIT " + login).format(sql.Identifier(role)))
    elif found[0] != (login == "LOGIN"):
        connection.execute(sql.SQL("ALTER ROLE {} " + login).format(sql.Identifier(role)))


def _password(connection: Connection, role: str, password: str | None) -> None:
    if password:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _let_administrator_act_as(connection: Connection, owners: tuple[str, ...]) -> None:
    """A superuser may act as any owner anyway; an administrator of a managed server is made their member."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or row[0]:
        return
    for role in owners:
        statement = sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE")
        connection.execute(statement.format(sql.Identifier(role)))


def _close_public(connection: Connection, may_connect: tuple[str, ...]) -> None:
    """Take back what PostgreSQL gives to everybody: connecting, temporary tables, the public schema, functions."""
    database = sql.Identifier(str(connection.info.dbname))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role in may_connect:
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
    connection.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO regulars_writer").format(database))


def _start_settings(connection: Connection, settings: Mapping[str, Mapping[str, str]]) -> None:
    for role, values in settings.items():
        for name, value in values.items():
            statement = sql.SQL("ALTER ROLE {} SET {} = {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value)))
