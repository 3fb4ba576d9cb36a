"""Who asks from the command line: the account that runs it, in a role, through that role's view."""

import getpass
from collections.abc import Callable
from typing import Any, TypeVar

import click

from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.views import ROLES

Command = TypeVar("Command", bound=Callable[..., Any])


def by_role(role: str) -> Asker:
    """The person at the terminal in a role; the log names her system account."""
    view, purpose = ROLES[role]
    return Asker(f"{getpass.getuser()} (terminal)", role, view, purpose)


def role_option(default: str) -> Callable[[Command], Command]:
    """`--role`, which decides the view everything is read through."""
    return click.option(
        "--role",
        type=click.Choice(sorted(ROLES)),
        default=default,
        show_default=True,
        help="Asks in this role, through its view.",
    )
