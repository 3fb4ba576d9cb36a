"""`regulars sign-in`, `sign-out`, `whoami`: the terminal has a name."""

from dataclasses import asdict

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import json_option
from regulars.desks.cli.saying import as_json, facts, tell
from regulars.desks.cli.seat import account, leave_seat, take_seat, where, who_sits_here
from regulars.desks.shared.words import ROLES, say
from regulars.journeys.sign_in import APP, CODE, come_in, knock, prove
from regulars.records.staff.access import SignedIn
from regulars.rules.permission.errors import BadInput, Denied


@click.command()
@click.argument("username")
@click.option(
    "--password", prompt=True, hide_input=True, help="Asked for when not said; others on this machine see what is said."
)
def sign_in_command(username: str, password: str) -> None:
    """Say who you are at this terminal.

    It counts for twelve hours and for this terminal only; what you do here stands in the log under your name, and you
    have the seats you have at the console.
    """
    at = timezone.now()
    found = knock(username, password, address=where(), at=at)
    if found is None:
        raise BadInput("name_or_password_wrong")
    if found.next == APP:
        raise Denied("set_up_at_console")
    factor = _proved(found.staff) if found.next == CODE else "password"
    key = take_seat(found.staff)
    come_in(found.staff, key, address=where(), program=where(), factor=factor, at=at, place=where())
    tell(_("%(name)s sits here now. Leave with: regulars sign-out") % {"name": found.staff.full_name})


@click.command()
def sign_out_command() -> None:
    """Leave this terminal; whoever comes next has to say who she is."""
    tell(_("Nobody sits here any more.") if leave_seat() else _("Nobody had signed in here."))


@click.command()
@json_option
def whoami_command(in_json: bool) -> None:
    """Show as whom this terminal works."""
    staff = who_sits_here()
    if in_json:
        as_json({"account": account(), "staff": asdict(staff) if staff else None})
        return
    roles = ", ".join(say(ROLES, role) for role in staff.roles) if staff else None
    facts("", {"name": staff.full_name if staff else None, "roles": roles, "account": account()})


def _proved(staff: SignedIn) -> str:
    code = click.prompt(_("Code of your app, or a recovery code"), hide_input=True)
    factor = prove(staff, code, address=where(), at=timezone.now())
    if not factor:
        raise BadInput("code_wrong")
    return factor
