"""`regulars approvals`: acts that take two people, proposed by one and answered by another."""

from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import because_option, by_person, by_role, json_option, limit_option
from regulars.desks.cli.private_files import write_private
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.watching_words import ACTS, PROPOSAL_STATES
from regulars.desks.shared.words import say
from regulars.journeys.approve import acts_of_two, approve, ask_for_two, turn_down
from regulars.records.approvals.access import proposals
from regulars.records.company.access import now
from regulars.rules.permission.four_eyes import ACTS as KINDS


@click.group()
def approvals_command() -> None:
    """See what waits for a second person, and answer it."""


@approvals_command.command("list")
@limit_option(50)
@json_option
def list_proposals(limit: int, in_json: bool) -> None:
    """List proposals, those that wait first, and which acts take two."""
    found = proposals(by=by_role("officer"), limit=limit)
    if in_json:
        as_json({"proposals": [asdict(one) for one in found], "takes_two": acts_of_two()})
        return
    rows = [
        (one.id, say(ACTS, one.act), one.subject, one.proposed_by, one.proposed_at, say(PROPOSAL_STATES, one.state))
        for one in found
    ]
    table(_("Four eyes"), ("id", "deed", "about", "by", "when", "state"), rows)


@approvals_command.command("approve")
@click.argument("number", type=click.IntRange(1))
@click.option("--to", "folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=Path(),
              help="Where the file goes when a release is approved.")  # fmt: skip
def approve_one(number: int, folder: Path) -> None:
    """Approve a proposal of somebody else; it is carried out at once."""
    made = approve(number, by=by_person("officer"), at=now())
    if made is not None:
        write_private(folder / made.name, made.content)
    tell(_("Approved and done."))


@approvals_command.command("refuse")
@click.argument("number", type=click.IntRange(1))
@because_option
def refuse_one(number: int, because: str) -> None:
    """Refuse a proposal, or take back your own; nothing is done."""
    turn_down(number, answer=because, by=by_role("officer"))
    tell(_("Refused."))


@approvals_command.command("two")
@click.argument("act", type=click.Choice(KINDS))
@click.option("--yes/--no", "asked", default=True, help="Two people, or one again.")
def take_two(act: str, asked: bool) -> None:
    """Say whether that kind of act takes two people."""
    ask_for_two(act, asked=asked, by=by_role("officer"))
    tell(_("Kept."))
