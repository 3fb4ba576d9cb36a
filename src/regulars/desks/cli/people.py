"""Staff, tokens of programs, analysts' database logins, psql."""

import os
import subprocess
from dataclasses import asdict
from datetime import timedelta

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.connections.postgres.launcher import Server
from regulars.connections.postgres.logins import by_url
from regulars.connections.processes import without_secrets
from regulars.desks.cli.asking import by_person, by_role, json_option
from regulars.desks.cli.saying import as_json, facts, table, tell
from regulars.desks.shared.account_pages import PROVED_BY
from regulars.desks.shared.figures import number
from regulars.desks.shared.limits_said import limits_said
from regulars.desks.shared.told_words import READINGS
from regulars.desks.shared.words import PURPOSES, ROLES, VIEWS, say
from regulars.journeys.answer_alarm import answer_alarm
from regulars.journeys.employ_staff import give_new_password, hire_staff, let_go
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login, sql_logins
from regulars.journeys.give_token import end_program_token, give_program_token
from regulars.journeys.need_to_know import ask_for_reason, needs_asked
from regulars.journeys.sign_in import ask_second_factor_of, reset_factors, sign_out_everywhere, staff_called
from regulars.journeys.sit_at_terminal import ask_for_names, open_psql
from regulars.records.access_log.alarms import alarms
from regulars.records.company.access import branches
from regulars.records.staff.access import everybody
from regulars.records.staff.sessions import sessions_of
from regulars.records.staff.tokens import tokens
from regulars.rules.permission.errors import NotThere
from regulars.rules.permission.need_to_know import ASKABLE
from regulars.rules.privacy import views

WITH_SQL = sorted(name for name, view in views.BY_NAME.items() if view.raw_sql)


@click.group()
def staff_command() -> None:
    """Let people sign in."""


@staff_command.command("list")
@json_option
def list_staff(in_json: bool) -> None:
    """List everybody who can sign in."""
    found = everybody()
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(
        _("Staff"),
        ("sign-in name", "name", "roles"),
        [(one.username, one.full_name, ", ".join(say(ROLES, role) for role in one.roles)) for one in found],
    )


@staff_command.command("hire")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--name-zh", default="", help="In Chinese.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(sorted(views.ROLES)),
    help="The first decides the view; may be repeated.",
)
@click.option("--branch", "places", multiple=True, type=int, help="Only customers of these branches; none means all.")
@click.password_option(help="Asked for when not said; others on this machine see what is said.")
def hire_one(
    username: str, name: str, name_zh: str, roles: tuple[str, ...], places: tuple[int, ...], password: str
) -> None:
    """Let somebody sign in."""
    hire_staff(
        username, name, full_name_zh=name_zh, roles=roles, branches=places, password=password, by=by_role("officer")
    )
    tell(_("%(username)s can sign in now.") % {"username": username})


@staff_command.command("let-go")
@click.argument("username")
def let_somebody_go(username: str) -> None:
    """Let somebody sign in no more; she is signed out everywhere."""
    let_go(username, by=by_role("officer"))
    tell(_("%(username)s can sign in no more.") % {"username": username})


@staff_command.command("password")
@click.argument("username")
@click.password_option(help="Asked for when not said; others on this machine see what is said.")
def change_password(username: str, password: str) -> None:
    """Set somebody's password."""
    give_new_password(username, password, by=by_role("officer"))
    tell(_("The new password counts from now on."))


@staff_command.command("sessions")
@click.argument("username")
@json_option
def list_sessions(username: str, in_json: bool) -> None:
    """Show where somebody is signed in."""
    found = sessions_of(staff_called(username).id, at=timezone.now())
    if in_json:
        as_json([asdict(one) for one in found])
        return
    headings = ("browser", "address", "since", "proved by")
    table(_("Sessions"), headings, [(one.program, one.address, one.at, say(PROVED_BY, one.factor)) for one in found])


@staff_command.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """Sign somebody out everywhere."""
    ended = sign_out_everywhere(username, by=by_role("officer"))
    tell(ngettext("%(n)s session ended.", "%(n)s sessions ended.", ended) % {"n": number(ended)})


@staff_command.command("reset-factors")
@click.argument("username")
def reset(username: str) -> None:
    """Take somebody's second step away, for a lost telephone; she is signed out everywhere."""
    reset_factors(username, by=by_role("officer"))
    tell(_("%(username)s signs in with the password alone, until a new app is set up.") % {"username": username})


@staff_command.command("ask-factor")
@click.argument("roles", nargs=-1, type=click.Choice(sorted(views.ROLES)))
def ask_factor(roles: tuple[str, ...]) -> None:
    """Say which roles must have a second step; no role means none."""
    ask_second_factor_of(frozenset(roles), by=by_role("officer"), at=timezone.now())
    tell(_("A second step is asked of: %(roles)s.") % {"roles": ", ".join(say(ROLES, one) for one in roles) or "–"})


@staff_command.command("ask-name")
@click.option("--yes/--no", "asked", default=True, help="Of everybody at the terminal, or of nobody any more.")
def ask_name(asked: bool) -> None:
    """Say that nobody works at the terminal without a name."""
    ask_for_names(asked, by=by_role("officer"), at=timezone.now())
    tell(_("Whoever works at the terminal signs in there first.") if asked else _("The account alone will do."))


@staff_command.command("need-to-know")
@click.argument("role", type=click.Choice(ASKABLE), required=False)
@click.option("--branch", type=int, default=None, help="Only of those who work for this branch; not said means all.")
@click.option("--off", is_flag=True, help="No longer.")
@json_option
def need_to_know(role: str | None, branch: int | None, off: bool, in_json: bool) -> None:
    """Ask that files open only for a reason somebody else gave; without a role, show of whom it is asked."""
    if role is not None:
        ask_for_reason(role, branch_id=branch, asked=not off, by=by_role("officer"), at=timezone.now())
    found = needs_asked()
    if in_json:
        as_json([asdict(one) for one in found])
        return
    named = {one.id: one.name for one in branches()}
    rows = [(say(ROLES, one.role), named.get(one.branch_id or 0, one.branch_id) or _("everywhere")) for one in found]
    table(_("A given reason is asked of"), ("role", "branch"), rows)


@staff_command.command("alarms")
@json_option
def list_alarms(in_json: bool) -> None:
    """Show who was slowed down or stopped for reading too much."""
    found = alarms(by=by_role("officer"))
    if in_json:
        as_json([asdict(one) for one in found])
        return
    headings = ("number", "name", "what", "since", "files opened", "lines", "answered by", "reason")
    rows = [
        (one.id, one.name, say(READINGS, one.kind), one.at, one.files, one.rows, one.released_by, one.because)
        for one in found
    ]
    table(_("Alarms"), headings, rows)


@staff_command.command("release")
@click.argument("alarm", type=int)
@click.option("--because", required=True, help="Why it is all right; it stays in the log.")
def release(alarm: int, because: str) -> None:
    """Let somebody read on after an alarm."""
    answered = answer_alarm(alarm, by=by_person("officer"), because=because, at=timezone.now())
    tell(_("%(name)s can go on reading.") % {"name": answered.name})


@click.group()
def token_command() -> None:
    """Give programs tokens, each bound to one purpose."""


@token_command.command("list")
@json_option
def list_tokens(in_json: bool) -> None:
    """List every token ever given; never its secret."""
    at = timezone.now()
    if in_json:
        as_json([asdict(one) | {"works": one.works(at)} for one in tokens()])
        return
    headings = ("name", "view", "purpose", "given by", "given", "ends", "works")
    table(
        _("Tokens"),
        headings,
        [
            (
                one.name,
                say(VIEWS, one.view),
                say(PURPOSES, one.purpose),
                one.issued_by,
                one.issued_at,
                one.revoked_at or one.expires_at,
                one.works(at),
            )
            for one in tokens()
        ],
    )


@token_command.command("issue")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(sorted(views.ROLES)), default=None, help="For a program that works in a role."
)
@click.option(
    "--view",
    type=click.Choice(sorted(views.BY_NAME)),
    default=None,
    help="For a program that works for one purpose only.",
)
@click.option("--days", type=click.IntRange(1, 3650), default=None, help="Ends after so many days.")
def issue(name: str, role: str | None, view: str | None, days: int | None) -> None:
    """Make a token; the secret is shown this once."""
    if (role is None) == (view is None):
        raise click.UsageError(_("Say either --role or --view."))
    at = timezone.now()  # a token ends by the clock on the wall, whatever the business day
    kind, what = ("role", role) if role else ("view", str(view))
    ends = at + timedelta(days=days) if days else None
    tell(give_program_token(name, kind=kind, what=what or "", by=by_role("officer"), at=at, expires_at=ends))


@token_command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """End all tokens of that name."""
    at = timezone.now()
    working = [one.id for one in tokens() if one.name == name and one.works(at)]
    if not working:
        raise NotThere("api_token")
    for token in working:
        end_program_token(token, by=by_role("officer"), at=at)
    tell(ngettext("%(n)s token ended.", "%(n)s tokens ended.", len(working)) % {"n": number(len(working))})


@click.group()
def sql_command() -> None:
    """Give analysts database logins of their own."""


@sql_command.command("list")
@json_option
def list_logins(in_json: bool) -> None:
    """List every database login ever given."""
    found = sql_logins()
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(
        _("Database logins"),
        ("login", "view", "only", "given by", "given", "ended"),
        [
            (one.role_name, say(VIEWS, one.view), limits_said(one), one.issued_by, one.issued_at, one.revoked_at)
            for one in found
        ],
    )


@sql_command.command("give")
@click.argument("name")
@click.option("--view", type=click.Choice(WITH_SQL), default="standard", show_default=True, help="What she sees.")
@click.option("--branch", "places", multiple=True, type=int, help="Only customers of these branches; none means all.")
@click.option("--brand", "brands", multiple=True, help="Only buyers of these brands, and their lines; none means all.")
@json_option
def give(name: str, view: str, places: tuple[int, ...], brands: tuple[str, ...], in_json: bool) -> None:
    """Give an analyst a login to one view; the password is shown this once."""
    within = views.Within(tuple(sorted(set(places))), tuple(sorted(set(brands))))
    login = give_sql_login(name, view=view, within=within, by=by_role("officer"), at=timezone.now())
    if in_json:
        as_json(asdict(login))
        return
    facts("", {"login": login.role_name, "password": login.password, "connect with": login.command})


@sql_command.command("revoke")
@click.argument("login")
def take(login: str) -> None:
    """End an analyst's login, and what it has open."""
    revoke_sql_login(login, by=by_role("officer"), at=timezone.now())
    tell(_("%(login)s has ended.") % {"login": login})


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--view", type=click.Choice(sorted(views.BY_NAME)), default="standard", show_default=True, help="As which login."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql_command(view: str, arguments: tuple[str, ...]) -> None:
    """Open psql through a view.

    Only on the embedded database, by the account that runs Regulars; what follows goes to psql.
    """
    if by_url(os.environ):
        raise click.ClickException(
            _("With DATABASE_URL, connect with your own psql and an analyst's login: regulars sql give.")
        )
    open_psql(view, by=by_role("officer"))
    command = [*Server(settings.HOME).psql_command(f"regulars_{view}"), *arguments]
    raise click.exceptions.Exit(subprocess.run(command, check=False, env=without_secrets(os.environ)).returncode)
