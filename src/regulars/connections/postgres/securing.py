"""Carries out a plan of roles, views and rights. What the plan says comes from the dictionary; nothing is decided here.

Roles and their settings belong to the whole server: houses that share one share them, and they are the same for all.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]
ONE_AT_A_TIME = 20180101


@dataclass(frozen=True, slots=True)
class Foundation:
    """Roles, who belongs to whom (role, member), what their sessions start with, what they may do with the database.

    `passwords` is empty for the embedded server; `statements` make the empty vault and close what else stands open.
    """

    logins: tuple[str, ...]
    owners: tuple[str, ...]
    memberships: tuple[tuple[str, str], ...]
    settings: Mapping[str, Mapping[str, str]]
    database_rights: tuple[tuple[str, str], ...]
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
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        for role in foundation.owners:
            _role(connection, role, "NOLOGIN")
        for role in foundation.logins:
            _role(connection, role, "LOGIN")
            _password(connection, role, foundation.passwords.get(role))
        for role, member in foundation.memberships:
            join(connection, role, member)
        _let_administrator_act_as(connection, foundation.owners)
        _close_public(connection, foundation.database_rights)
        for role, values in foundation.settings.items():
            start_with(connection, role, values)
        run(connection, foundation.statements)


def carry_out(connection: Connection, plan: Plan, *, anew: bool = False) -> bool:
    """Have everything as planned, in one transaction; False when that plan was carried out before and not `anew`."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if applied_digest(connection) == plan.digest and not anew:
            return False
        connection.execute("SET LOCAL lock_timeout = '15s'")
        run(connection, plan.statements)
        run(connection, (f"COMMENT ON SCHEMA vault IS 'plan {plan.digest}'",))
    return True


def take_away(connection: Connection, schemas: Iterable[str]) -> None:
    """The schemas are gone, and with them every view in the way of a new shape; the plan counts as not carried out."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        connection.execute("SET LOCAL lock_timeout = '15s'")
        connection.execute("COMMENT ON SCHEMA vault IS NULL")
        for schema in schemas:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def applied_digest(connection: Connection) -> str:
    """The digest of the plan that was carried out last; "" when none was."""
    row = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'vault'"
    ).fetchone()
    return str((row and row[0]) or "").removeprefix("plan ")


#: First in a transaction that changes rights and row rules: rights first, and it waits for the table while autovacuum,
#: which has the table, waits for its rights.
TABLE_FIRST = "LOCK TABLE vault.customer IN ACCESS EXCLUSIVE MODE"


def run(connection: Connection, statements: tuple[str, ...]) -> None:
    """Execute statements that hold no outside text."""
    for statement in statements:
        connection.execute(statement)


def join(connection: Connection, role: str, member: str) -> None:
    """The member has the role's rights from now on, and cannot become the role."""
    statement = sql.SQL("GRANT {} TO {} WITH INHERIT TRUE, SET FALSE")
    connection.execute(statement.format(sql.Identifier(role), sql.Identifier(member)))


def start_with(connection: Connection, role: str, settings: Mapping[str, str]) -> None:
    """The role's sessions start with these settings; a list is written with commas."""
    for name, value in settings.items():
        values = sql.SQL(", ").join(sql.Literal(part.strip()) for part in value.split(","))
        statement = sql.SQL("ALTER ROLE {} SET {} = {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Identifier(name), values))


def out_of_reach(connection: Connection, names: Collection[str]) -> set[str]:
    """Those of the settings that this administrator may not set for anybody: on a managed server, a superuser's own."""
    rows = connection.execute(
        """SELECT name FROM pg_settings WHERE name = ANY (%s) AND context = 'superuser'
              AND NOT has_parameter_privilege(name, 'SET')""",
        [list(names)],
    )
    return {str(row[0]) for row in rows}


def set_password(connection: Connection, role: str, password: str) -> None:
    """The role's password; only its SCRAM verifier travels, so no log and no statistics can hold the password."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier)))


def is_superuser(connection: Connection) -> bool:
    """Whether this administrator may do everything; on a managed server she may not."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _role(connection: Connection, role: str, login: LiteralString) -> None:
    found = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE ROLE {} NOINHERIT " + login).format(sql.Identifier(role)))
    elif found[0] != (login == "LOGIN"):
        connection.execute(sql.SQL("ALTER ROLE {} " + login).format(sql.Identifier(role)))


def _password(connection: Connection, role: str, password: str | None) -> None:
    if password:
        set_password(connection, role, password)


def _let_administrator_act_as(connection: Connection, owners: tuple[str, ...]) -> None:
    """A superuser may act as any owner anyway; an administrator of a managed server is made their member."""
    if is_superuser(connection):
        return
    for role in owners:
        statement = sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE")
        connection.execute(statement.format(sql.Identifier(role)))


def _close_public(connection: Connection, rights: tuple[tuple[str, str], ...]) -> None:
    """Take back what PostgreSQL gives to everybody: connecting, temporary tables, the public schema."""
    database = sql.Identifier(str(connection.info.dbname))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role, privilege in rights:
        statement = sql.SQL("GRANT {} ON DATABASE {} TO {}")
        connection.execute(statement.format(sql.SQL(privilege), database, sql.Identifier(role)))
