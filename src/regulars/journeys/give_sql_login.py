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
from regulars.journeys.limited_views import end_limited_login, make_limited_view
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.company.access import branches
from regulars.records.orders.brands import brands_sold
from regulars.records.staff.sql_logins import note_sql_login, note_sql_login_ended, sql_logins
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.roles import (
    ANALYST_CONNECTIONS,
    analyst_role,
    analyst_settings,
    group_of,
    may_have_sql,
)
from regulars.rules.privacy.views import Within, limited

NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
DOOR = "sql_login"
EVERYTHING = Within()

__all__ = ["SqlLogin", "give_sql_login", "revoke_sql_login", "sql_logins"]


@dataclass(frozen=True, slots=True)
class SqlLogin:
    """What the analyst needs: her login, her password (shown this once, kept nowhere) and the command to begin with."""

    role_name: str
    view: str
    password: str = field(repr=False)
    command: str


def give_sql_login(name: str, *, view: str, within: Within = EVERYTHING, by: Asker, at: datetime) -> SqlLogin:
    """The analyst of that name can log in and read this view, or what of it is `within`, with SQL of her own.

    Only the privacy officer gives logins. BadInput: `sql_login_name` (small Latin letters, digits, _),
    `view_without_sql`, `sql_login_taken`, `branch_unknown`, `brand_unknown`. The book is written first: a login
    no book knows is a finding of the check. `at` is by the clock on the wall, like all the book is asked about.
    """
    _only_the_officer(by)
    role, password = analyst_role(_fitting(name)), secrets.token_urlsafe(24)
    if not may_have_sql(view):
        raise BadInput("view_without_sql", {"view": view})
    _known(within)
    with transaction.atomic(), _administrator() as connection:
        if role_exists(connection, role):
            raise BadInput("sql_login_taken", {"name": name})
        note_sql_login(role, view=view, within=within, issued_by=by.name, at=at)
        said = _said(view, within)
        note_change(by, door=DOOR, subject="sql_login", field=role, old=None, new=said, customer_id=None)
        _make(connection, role, view, within, password)
    return SqlLogin(role, view, password, command_for(role))


def revoke_sql_login(role_name: str, *, by: Asker, at: datetime) -> None:
    """The login is gone and what it had open is ended when this returns; NotThere when no such login works."""
    _only_the_officer(by)
    with transaction.atomic():
        if not note_sql_login_ended(role_name, at=at):
            raise NotThere("sql_login", {"name": role_name})
        note_change(by, door=DOOR, subject="sql_login", field=role_name, old="open", new="revoked", customer_id=None)
        with _administrator() as connection:
            if any(one.role_name == role_name and (one.branches or one.brands) for one in sql_logins()):
                end_limited_login(connection, role_name)
            end_analyst(connection, role_name)


def command_for(role: str) -> str:
    """The command that opens psql with this login; it asks for the password."""
    if by_url(os.environ):
        words = administrator(settings.HOME, os.environ)
        return shlex.join(["psql", f"postgresql://{role}@{words['host']}:{words['port'] or 5432}/{words['dbname']}"])
    return shlex.join(Server(settings.HOME).psql_command(role))


def _make(connection: Any, role: str, view: str, within: Within, password: str) -> None:
    """The login and, where it is limited, its own view: both or neither."""
    with connection.transaction():
        make_analyst(
            connection,
            role,
            group=group_of(view, within),
            settings=analyst_settings(role if within else view),
            connections=ANALYST_CONNECTIONS,
            password=password,
        )
        if within:
            make_limited_view(connection, limited(view, role, within))


def _known(within: Within) -> None:
    """Nothing, if there are such branches and brands; a limit nobody falls under is a mistake, not a limit."""
    there = {one.id for one in branches()}
    if wrong := sorted(set(within.branches) - there):
        raise BadInput("branch_unknown", {"branch": ", ".join(map(str, wrong))})
    if wrong_brands := sorted(set(within.brands) - set(brands_sold())):
        raise BadInput("brand_unknown", {"brand": ", ".join(wrong_brands)[:80]})


def _said(view: str, within: Within) -> str:
    places = f", branches {', '.join(map(str, within.branches))}" if within.branches else ""
    return view + places + (f", brands {', '.join(within.brands)}" if within.brands else "")


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
