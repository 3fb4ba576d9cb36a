"""Somebody at a terminal: commands run in this process, as `regulars` would run them."""

import json
from dataclasses import dataclass
from typing import Any

import click
from click.testing import CliRunner
from django.utils import timezone, translation

from regulars.desks.cli.main import load
from regulars.desks.cli.saying import tell_error


@dataclass(frozen=True)
class Said:
    """What came out: standard output, standard error, and how it ended."""

    out: str
    err: str
    status: int

    def json(self) -> Any:
        """The last line of standard output."""
        return json.loads(self.out.splitlines()[-1])


def regulars(*words: str, given: str = "") -> Said:
    """The command of these words; errors for people are told as the program tells them."""
    runner = CliRunner()
    before = timezone.get_current_timezone()
    try:
        with translation.override("en"):
            result = runner.invoke(_Main(), list(words), input=given or None)
    finally:
        timezone.activate(before)
    return Said(result.stdout, result.stderr, result.exit_code)


class _Main(click.Group):
    """The program's own group, with errors told instead of raised."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.exceptions.Exit:
            raise
        except click.ClickException:
            raise
        except Exception as error:
            if tell_error(error):
                raise click.exceptions.Exit(1) from error
            raise
