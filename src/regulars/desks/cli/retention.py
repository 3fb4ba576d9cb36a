"""`regulars retention …`: what has outlived its keep, and whether it goes."""

from dataclasses import asdict

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import because_option, by_role, json_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.retention_words import keep_words
from regulars.journeys.let_go import count_retention, how_retention_stands, keep_no_longer, let_rule_go, who_outlived
from regulars.records.company.access import now


@click.group()
def retention_command() -> None:
    """See what has outlived its keep, and let it go."""


@retention_command.command("list")
@json_option
def list_rules(in_json: bool) -> None:
    """List every rule: how long, how much has outlived it, whether it goes."""
    stand = how_retention_stands(by=by_role("officer"))
    if in_json:
        as_json([asdict(one) | {"keep": str(one.keep)} for one in stand])
        return
    rows = [(one.key, keep_words(one.keep), one.found, one.gone, one.goes) for one in stand]
    table(_("Retention"), ("what", "kept", "outlived", "gone", "goes"), rows)


@retention_command.command("count")
def count() -> None:
    """Count now, as every night does. Nothing goes."""
    tell(_("%(n)s have outlived their keep.") % {"n": number(count_retention(at=now()))})


@retention_command.command("who")
@click.argument("rule")
@because_option
@json_option
def who(rule: str, because: str, in_json: bool) -> None:
    """Show how much a rule would take, and of whom."""
    found, numbers = who_outlived(rule, by=by_role("officer"), because=because, at=now())
    if in_json:
        as_json({"rule": rule, "found": found, "customers": list(numbers)})
        return
    tell(_("%(rule)s would take %(n)s.") % {"rule": rule, "n": number(found)})
    tell(" ".join(numbers))


@retention_command.command("go")
@click.argument("rule")
def go(rule: str) -> None:
    """Let what a rule finds go, every night from now on."""
    let_rule_go(rule, True, by=by_role("officer"), at=now())
    tell(_("It goes with the next night."))


@retention_command.command("watch")
@click.argument("rule")
def watch(rule: str) -> None:
    """Only watch a rule again."""
    let_rule_go(rule, False, by=by_role("officer"), at=now())
    tell(_("It is only watched from now on."))


@retention_command.command("run")
def run() -> None:
    """Do now what the night shift would do: only rules that were let go."""
    gone = keep_no_longer(by=by_role("officer"), at=now())
    table(_("Gone"), ("what", "how many"), sorted(gone.items()))
