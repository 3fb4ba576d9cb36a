"""`regulars codes …`: what preferences, complaints and calls are noted under."""

from dataclasses import asdict
from datetime import datetime

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.journeys.keep_codes import add_code, change_code, codes_kept, merge_code, retire_code
from regulars.records.company.access import today
from regulars.rules.codes.tree import KINDS, Code

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def codes_command() -> None:
    """Keep the codes that preferences, complaints and calls are noted under."""


@codes_command.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@json_option
def list_codes(kind: str, in_json: bool) -> None:
    """List the codes of a kind as a tree, retired and merged ones too."""
    by_role("steward")
    kept = codes_kept(kind)
    if in_json:
        as_json([asdict(one) for _, one in kept])
        return
    language = get_language() or "en"
    table(
        _("Codes"),
        ("code", "name", "valid from", "valid until", "merged into"),
        [
            (one.key, "  " * depth + one.label_in(language), one.valid_from, one.valid_until, one.merged_into)
            for depth, one in kept
        ],
    )


@codes_command.command("add")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--label", required=True, help="What it is called in English.")
@click.option("--label-zh", required=True, help="What it is called in Chinese.")
@click.option("--beneath", default="", help="The code it lies beneath.")
@click.option("--from", "since", type=DAY, default=None, help="From which day it may be used (YYYY-MM-DD).")
@click.option("--until", type=DAY, default=None, help="Until which day it may be used (YYYY-MM-DD).")
def add(
    kind: str, key: str, label: str, label_zh: str, beneath: str, since: datetime | None, until: datetime | None
) -> None:
    """Add a code."""
    code = Code(kind, key, beneath, label, label_zh, since.date() if since else None, until.date() if until else None)
    add_code(code, by=by_role("steward"))
    tell(_("The code may be used now."))


@codes_command.command("name")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--label", required=True, help="What it is called in English.")
@click.option("--label-zh", required=True, help="What it is called in Chinese.")
def name(kind: str, key: str, label: str, label_zh: str) -> None:
    """Name a code anew; what was noted under it stays."""
    change_code(kind, key, by=by_role("steward"), label=label, label_zh=label_zh)
    tell(_("Written down. What was noted under the code stays."))


@codes_command.command("retire")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--after", type=DAY, default=None, help="The last day it may be used; otherwise today.")
def retire(kind: str, key: str, after: datetime | None) -> None:
    """Retire a code: nothing new is noted under it."""
    retire_code(kind, key, after=after.date() if after else today(), by=by_role("steward"))
    tell(_("Written down. What was noted under the code stays."))


@codes_command.command("merge")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--into", required=True, help="The code it is read as from now on.")
def merge(kind: str, key: str, into: str) -> None:
    """Merge a code into another: it is read as that one from now on."""
    merge_code(kind, key, into, on=today(), by=by_role("steward"))
    tell(_("Written down. What was noted under the code stays."))
