"""`regulars keys`: the master keys, how they stand, a new one, the end of an old one."""

from dataclasses import asdict

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.saying import as_json, steps, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.words import KEY_SOURCES, say
from regulars.journeys.rotate_keys import how_keys_stand, retire_key, rotate_keys


@click.group()
def keys_command() -> None:
    """See the master keys, change them, give up old ones."""


@keys_command.command("status")
@json_option
def status(in_json: bool) -> None:
    """Show each version, where it comes from, and how many customers' keys it locks."""
    found = how_keys_stand(by=by_role("officer"))
    if in_json:
        as_json(asdict(found) | {"half_done": found.half_done})
        return
    headings = ("version", "made", "from", "locks", "works")
    rows = [(one.version, one.made_at, say(KEY_SOURCES, one.comes_from), one.locks, one.opens) for one in found.masters]
    table(_("Master keys"), headings, rows)
    if found.half_done:
        tell(_("A rotation was broken off. “regulars keys rotate” goes on with it."))
    for version in found.to_destroy:
        sentence = _(
            "Master key %(version)s was given up, but its files are still here. Ask for it again to destroy them:"
        )
        tell(f"{sentence % {'version': version}} regulars keys retire {version}")
    if found.to_forget:
        words = ngettext(
            "The key trees have still to forget %(n)s erased customer; “regulars start” does it.",
            "The key trees have still to forget %(n)s erased customers; “regulars start” does it.",
            found.to_forget,
        )
        tell(words % {"n": number(found.to_forget)})


@keys_command.command("rotate")
@json_option
def rotate(in_json: bool) -> None:
    """Let a new master key take over, while everybody works.

    A rotation that was broken off is finished instead. Where keys come from the environment or from a key service,
    make the next one there first: REGULARS_KEY_MASTER_2, or the name master_2.
    """
    by = by_role("officer")
    with steps() as show:
        done = rotate_keys(by=by, say=lambda through, of: show("rotating", through, of))
    if in_json:
        as_json(asdict(done))
        return
    words = ngettext(
        "Master key %(version)s has taken over; %(n)s customer's key was wrapped anew.",
        "Master key %(version)s has taken over; %(n)s customers' keys were wrapped anew.",
        done.keys,
    )
    tell(words % {"version": done.version, "n": number(done.keys)})
    tell(_("Back it up apart from the database. The old one can be retired when no backup needs it any more."))


@keys_command.command("retire")
@click.argument("version", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help="Do not ask again.")
@json_option
def retire(version: int, yes: bool, in_json: bool) -> None:
    """Give up an old master key: no backup from its time opens here any more."""
    if not yes:
        click.confirm(_("Backups from before the rotation cannot be opened without it. Give it up?"), abort=True)
    by = by_role("officer")
    retire_key(version, by=by)
    if in_json:
        as_json(asdict(how_keys_stand(by=by)))
        return
    tell(_("Master key %(version)s is given up.") % {"version": version})
