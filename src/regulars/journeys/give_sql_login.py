"""An analyst is given a database login of her own, to one view and nothing else; and it is taken away again."""

import os
import re
import secrets
import shlex
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import transaction

from regulars.connections.postgres.analysts import end_analyst, make_analyst, role_exists
from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator, by_url
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.staff.sql_logins import note_sql_login, note_sql_login_ended, sql_logins
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.roles import (
    ANALYST_CONNECTIONS,
    analyst_group,
    analyst_role,
    analyst_settings,
    may_have_sql,
)

NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
DOOR = "sql_login"

__all__ = ["SqlLogin", "give_sql_login", "revoke_sql_login", "sql_logins"]


@dataclass(frozen=True, slots=True)
class SqlLogin:
    """What the analyst needs: her login, her password (shown this once, kept nowhere) and the command to begin with."""

    role_name: str
    view: str
    password: str = field(repr=False)
    command: str


def give_sql_login(name: str, *, view: str, by: Asker, at: datetime) -> SqlLogin:
    """The analyst of that name can log in and read this view with SQL of her own when this returns.

    Only the privacy officer gives logins. BadInput: `sql_login_name` (small Latin letters, digits, _),
    `view_without_sql`, `sql_login_taken`. The book is written first: a login no book knows is a finding of the check.
    """
    _only_the_officer(by)
    role, password = analyst_role(_fitting(name)), secrets.token_urlsafe(24)
    if not may_have_sql(view):
        raise BadInput("view_without_sql", {"view": view})
    with transaction.atomic(), _administrator() as connection:
        if role_exists(connection, role):
            raise BadInput("sql_login_taken", {"name": name})
        note_sql_login(role, view=view, issued_by=by.name, at=at)
        note_change(by, door=DOOR, subject="sql_login", field=role, old=None, new=view, customer_id=None)
        _make(connection, role, view, password)
    return SqlLogin(role, view, password, command_for(role))


def revoke_sql_login(role_name: str, *, by: Asker, at: datetime) -> None:
    """The login is gone and what it had open is ended when this returns; NotThere when no such login works."""
    _only_the_officer(by)
    with transaction.atomic():
        if not note_sql_login_ended(role_name, at=at):
            raise NotThere("sql_login", {"name": role_name})
        note_change(by, door=DOOR, subject="sql_login", field=role_name, old="open", new="revoked", customer_id=None)
        with _administrator() as connection:
            end_analyst(connection, role_name)


def command_for(role: str) -> str:
    """The command that opens psql with this login; it asks for the password."""
    if by_url(os.environ):
        words = administrator(settings.HOME, os.environ)
        return shlex.join(["psql", f"postgresql://{role}@{words['host']}:{words['port'] or 5432}/{words['dbname']}"])
    return shlex.join(Server(settings.HOME).psql_command(role))


def _make(connection: Any, role: str, view: str, password: str) -> None:
    make_analyst(
        connection,
        role,
        group=analyst_group(view),
        settings=analyst_settings(view),
        connections=ANALYST_CONNECTIONS,
        password=password,
    )


def _administrator() -> Any:
    return psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True)


def _fitting(name: str) -> str:
    if not NAME.fullmatch(name):
        raise BadInput("sql_login_name", {"name": name})
    return name


def _only_the_officer(by: Asker) -> None:
    if by.role != "officer":
        note_denial(by, door=DOOR, because="logins are the privacy officer's")
        raise Denied("logins_are_the_officers")
