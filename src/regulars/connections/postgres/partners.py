"""A partner's own schema and login: made, taken away, and read through. What they show is compiled elsewhere."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from regulars.connections.home import Home
from regulars.connections.postgres.analysts import act_as, role_exists, watch
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator, by_url, login_password
from regulars.connections.postgres.securing import TABLE_FIRST, Connection, run, set_password, start_with

#: A partner's own session: one question at a time is enough.
CONNECTIONS = 4
BATCH = 5_000


def make_partner_login(
    connection: Connection, *, login: str, owner: str, schema: str, statements: tuple[str, ...],
    settings: Mapping[str, str], password: str | None, until: date,
) -> None:  # fmt: skip
    """Schema, owner and login stand as the statements say when this returns, in one transaction.

    A login by password ends by itself at the end of `until`; what the view shows ends by its own condition anyway.
    """
    with connection.transaction():
        _role(connection, owner, "NOLOGIN")
        _role(connection, login, "LOGIN")
        act_as(connection, owner)
        if password:
            set_password(connection, login, password)
        ends = sql.SQL("ALTER ROLE {} CONNECTION LIMIT {} VALID UNTIL {}")
        last = sql.Literal(f"{until.isoformat()} 24:00:00+00")
        connection.execute(ends.format(sql.Identifier(login), sql.Literal(CONNECTIONS), last))
        start_with(connection, login, settings)
        database = sql.Identifier(str(connection.info.dbname))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(login)))
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        run(connection, statements)


def end_partner_login(connection: Connection, *, login: str, owner: str, schema: str) -> None:
    """The login is gone with its open sessions, the schema with it; nothing happens when there was none."""
    with connection.transaction():
        if role_exists(connection, login):
            connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(login)))
            watch(connection, login)
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", [login]
            )
        connection.execute(TABLE_FIRST)
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        for role in (login, owner):
            if role_exists(connection, role):
                connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@contextmanager
def reading_as_partner(home: Home, login: str) -> Iterator["psycopg.Connection[Any]"]:
    """A connection logged in as the partner itself: it sees what the partner may see and nothing else."""
    with psycopg.connect(**_words(home, login), autocommit=True) as connection:
        yield connection


def rows_of(
    connection: "psycopg.Connection[Any]", table: str, columns: Iterable[str], person: str
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of one of its views in batches, in the order of their pseudonyms: nobody's place tells anything."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in (person, *columns))
    question = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(names, sql.Identifier(table), sql.Identifier(person))
    with connection.transaction(), connection.cursor(name="release") as cursor:
        cursor.execute(question)
        while batch := cursor.fetchmany(BATCH):
            yield batch


def still_there(connection: "psycopg.Connection[Any]", table: str, person: str, asked: list[str]) -> set[str]:
    """Those of the pseudonyms that the view shows now."""
    question = sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} = ANY (%s)")
    found = connection.execute(question.format(sql.Identifier(person), sql.Identifier(table)), [asked])
    return {str(name) for (name,) in found.fetchall()}


def _words(home: Home, login: str) -> dict[str, Any]:
    if not by_url(os.environ):
        return Server(home).connection_parameters(login, os.environ.get("REGULARS_DATABASE", "regulars"))
    return administrator(home, os.environ) | {"user": login, "password": login_password(home, login)}


def _role(connection: Connection, role: str, login: Any) -> None:
    if not role_exists(connection, role):
        connection.execute(sql.SQL("CREATE ROLE {} NOINHERIT").format(sql.Identifier(role)))
    connection.execute(sql.SQL("ALTER ROLE {} " + login).format(sql.Identifier(role)))
