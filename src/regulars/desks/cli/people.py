"""Staff, tokens of programs, analysts' database logins, psql."""

import os
import subprocess
from datetime import timedelta

import click
from django.conf import settings

from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import by_url
from regulars.desks.cli.asking import by_role
from regulars.desks.cli.saying import OUT, table
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.records.company.access import now
from regulars.records.staff.access import everybody
from regulars.records.staff.actions import hire, issue_purpose_token, issue_token, revoke_token, set_password
from regulars.rules.privacy.views import BY_NAME, ROLES


@click.group()
def staff_command() -> None:
    """People who sign in."""


@staff_command.command("list")
def list_staff() -> None:
    """Everybody who can sign in."""
    table(
        "Staff",
        ("sign-in name", "name", "roles"),
        [(one.username, one.full_name, ", ".join(one.roles)) for one in everybody()],
        numbers_from=9,
    )


@staff_command.command("hire")
@click.argument("username")
@click.option("--name", required=True)
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(sorted(ROLES)),
    help="The first decides the view.",
)
@click.option("--branch", "branches", multiple=True, type=int, help="Only customers of these branches; none means all.")
@click.password_option()
def hire_one(username: str, name: str, roles: tuple[str, ...], branches: tuple[int, ...], password: str) -> None:
    """Let somebody sign in."""
    hire(username, name, roles=roles, branches=branches, password=password)
    OUT.print(f"{username} can sign in now.", highlight=False)


@staff_command.command("password")
@click.argument("username")
@click.password_option()
def change_password(username: str, password: str) -> None:
    """Set somebody's password."""
    set_password(username, password)


@click.group()
def token_command() -> None:
    """Keys for programs, each bound to one view and purpose."""


@token_command.command("issue")
@click.argument("name")
@click.option("--role", type=click.Choice(sorted(ROLES)), default=None)
@click.option(
    "--view", type=click.Choice(sorted(BY_NAME)), default=None, help="For a program that works for one purpose only."
)
@click.option("--days", type=int, default=None, help="Ends after so many days.")
def issue(name: str, role: str | None, view: str | None, days: int | None) -> None:
    """Make a token; the secret is shown this once."""
    if (role is None) == (view is None):
        raise click.UsageError("Say either --role or --view.")
    at = now()
    until = at + timedelta(days=days) if days else None
    by = by_role("officer").name
    secret = (
        issue_token(name, role=role, issued_by=by, at=at, expires_at=until)
        if role
        else issue_purpose_token(name, view=str(view), issued_by=by, at=at, expires_at=until)
    )
    OUT.print(secret, highlight=False, soft_wrap=True)


@token_command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """End all tokens of that name."""
    OUT.print(f"{revoke_token(name, at=now())} ended.", highlight=False)


@click.group()
def sql_command() -> None:
    """Analysts' own database logins."""


@sql_command.command("give")
@click.argument("name")
@click.option(
    "--view",
    type=click.Choice(sorted(n for n, v in BY_NAME.items() if v.raw_sql)),
    default="standard",
    show_default=True,
)
def give(name: str, view: str) -> None:
    """Give an analyst a login of her own to one view; the password is shown this once."""
    login = give_sql_login(name, view=view, by=by_role("officer"), at=now())
    OUT.print(
        f"role      {login.role_name}\npassword  {login.password}\nconnect   {login.command}",
        highlight=False,
        soft_wrap=True,
    )


@sql_command.command("revoke")
@click.argument("role_name")
def take(role_name: str) -> None:
    """End an analyst's login."""
    revoke_sql_login(role_name, by=by_role("officer"), at=now())
    OUT.print("Ended.")


@click.command()
@click.option("--view", type=click.Choice(sorted(BY_NAME)), default="standard", show_default=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql_command(view: str, arguments: tuple[str, ...]) -> None:
    """Open psql as a view's login, on the embedded database. Needs the account that runs Regulars."""
    if by_url(os.environ):
        raise click.ClickException(
            "With DATABASE_URL, connect with your own psql and an analyst's login (regulars sql give)."
        )
    raise click.exceptions.Exit(
        subprocess.run([*Server(settings.HOME).psql_command(f"regulars_{view}"), *arguments], check=False).returncode
    )
