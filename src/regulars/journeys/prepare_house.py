"""The house is made ready: server running, roles there, tables migrated, views and rights as the dictionary says."""

import os
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command

from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import administrator, by_url, login_password
from regulars.connections.postgres.securing import lay_foundation
from regulars.journeys.secure_house import foundation, secure_house
from regulars.rules.privacy.roles import LOGINS


def prepare_house(say: Callable[[str], None] = lambda step: None) -> bool:
    """Everything stands when this returns; False when nothing had to be changed. Safe to call at every start."""
    if not by_url(os.environ):
        say("database")
        Server(settings.HOME).start()
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        say("roles")
        lay_foundation(connection, foundation(_passwords()))
        say("tables")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        say("views")
        return secure_house(connection)


def _passwords() -> dict[str, str]:
    """Passwords for the logins of a server by URL; the embedded one knows its callers by system account."""
    return {role: login_password(settings.HOME, role) for role in LOGINS} if by_url(os.environ) else {}
