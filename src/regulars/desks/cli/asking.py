"""What commands ask in the same words: in which role, why, how much, in which form."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from regulars.desks.cli.seat import by_person, by_role
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.views import ROLES

Command = TypeVar("Command", bound=Callable[..., Any])
DAY: Final = click.DateTime(["%Y-%m-%d"])
MONTH: Final = click.DateTime(["%Y-%m"])

__all__ = [
    "DAY", "MONTH", "because_option", "by_person", "by_role", "json_option", "limit_option", "own_option",
    "role_option", "said_or_read", "text_of", "typed_or_piped",
]  # fmt: skip


def role_option(default: str) -> Callable[[Command], Command]:
    """`--role`, which decides the view everything is read through."""
    return click.option(
        "--role",
        type=click.Choice(sorted(ROLES)),
        default=default,
        show_default=True,
        help="Ask in this role, through its view.",
    )


def because_option(command: Command) -> Command:
    """`--because`, which every reading of a person wants."""
    return click.option(
        "--because", required=True, help="Why you look; it stands in the access log, and the customer can read it."
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: the same for a program."""
    return click.option("--json", "in_json", is_flag=True, help="The same as one line of JSON.")(command)


def limit_option(default: int, most: int = 100_000) -> Callable[[Command], Command]:
    """`--limit`: how many lines at most."""
    return click.option(
        "--limit", type=click.IntRange(1, most), default=default, show_default=True, help="At most so many."
    )


def own_option(command: Command) -> Command:
    """`--own`, once for each own attribute a list of people shows besides."""
    return click.option("--own", multiple=True, metavar="KEY", help="Show this own attribute too; may be repeated.")(
        command
    )


def said_or_read(said: str) -> str:
    """The text itself, or what stands in the file named after an @. BadInput where there is none, or none in UTF-8."""
    if not said.startswith("@"):
        return said
    path = Path(said[1:])
    if not path.is_file():
        raise BadInput("file_not_there", {"file": path})
    return text_of(path.read_bytes(), path)


def typed_or_piped(said: str) -> str:
    """The text itself; for `-` the first line of standard input, which no list of processes shows."""
    return sys.stdin.readline().strip() if said == "-" else said


def text_of(content: bytes, name: object) -> str:
    """The bytes as text in UTF-8, with or without its mark; BadInput, which names the file, for anything else."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("file_not_text", {"file": name}) from None
