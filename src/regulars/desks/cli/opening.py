"""Before a command that needs the house: is it there, does it run, on whose clock does it tell the time?"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import by_url
from regulars.desks.cli.saying import ERR, warn
from regulars.records.company.access import company

OPENS: Final = "opens_the_house"


def open_before(command: click.Command) -> None:
    """Every command beneath this one opens the house before it begins."""
    for inner in getattr(command, "commands", {}).values():
        open_before(inner)
    if command.callback is not None and not hasattr(command, "commands") and not hasattr(command.callback, OPENS):
        command.callback = _opening(command.callback)


def open_house() -> None:
    """The database runs when this returns; one that was stopped is started, one that never was is not made here."""
    if not by_url(os.environ):
        _started(Server(settings.HOME))
    timezone.activate(ZoneInfo(company().timezone))


def _started(server: Server) -> None:
    state = server.status().state
    if state == "new":
        words = {"home": settings.HOME.path}
        warn(
            _("There is no house in %(home)s yet. Make one: regulars start. Or name another in REGULARS_HOME.") % words
        )
        raise click.exceptions.Exit(1)
    if state != "running":
        ERR.print(_("The database stood still; starting it …"), highlight=False)
        server.start()
        connections.close_all()


def _opening(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def opened(*args: Any, **kwargs: Any) -> Any:
        open_house()
        return callback(*args, **kwargs)

    setattr(opened, OPENS, True)
    return opened
