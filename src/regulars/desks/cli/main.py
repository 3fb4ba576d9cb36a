"""`regulars`: every journey from the command line. Commands live beside this file, one file per subject."""

import os
import sys
from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "demo": "demo",
    "serve": "serving",
    "worker": "serving",
    "start": "serving",
    "stop": "serving",
    "status": "serving",
    "prepare": "serving",
    "company": "company",
    "check": "checking",
    "import": "importing",
    "imports": "importing",
    "refresh": "insight",
    "rfm": "insight",
    "lists": "insight",
    "bucket": "insight",
    "segment": "insight",
    "tasks": "insight",
    "campaign": "campaigning",
    "customer": "customers",
    "choice": "customers",
    "portal-link": "customers",
    "staff": "people",
    "token": "people",
    "sql": "people",
    "psql": "people",
    "bench": "measuring",
}


class Regulars(click.Group):
    """Finds a command in its file only when it is asked for, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, with Django ready."""
        if cmd_name not in COMMANDS:
            return None
        wake_django()
        module = import_module(f"regulars.desks.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


def wake_django() -> None:
    """Django is set up when this returns."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.site.settings")
    import django

    django.setup()


@click.command(cls=Regulars, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regulars")
def regulars() -> None:
    """Regulars 熟客: knows every customer and keeps every customer's trust."""


def main() -> None:
    """The program `regulars`. Errors meant for people are told in a sentence, with status 1; 130 when interrupted."""
    from regulars.desks.cli.saying import tell_error

    try:
        left_with = regulars(standalone_mode=False)  # click hands an early exit back as its status
        sys.exit(left_with if isinstance(left_with, int) else 0)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except Exception as error:
        if not tell_error(error):
            raise
        sys.exit(1)
