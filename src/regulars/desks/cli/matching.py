"""`regulars match`: everybody compared with everybody; `regulars weights`: by which figures."""

from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.connections.matching.splink import SplinkMissingError
from regulars.desks.cli.asking import because_option, by_role, json_option, role_option, text_of
from regulars.desks.cli.private_files import write_private
from regulars.desks.cli.saying import as_json, facts, steps, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.recognition_words import reason_said
from regulars.journeys.learn_weights import adopt_weights, learn_weights, weights_in_force
from regulars.journeys.match_customers import match_customers
from regulars.records.company.access import now
from regulars.rules.identity.model import Step
from regulars.rules.identity.model_file import KeptModel, as_text
from regulars.rules.identity.training import changes


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count; put nothing up.")
@click.option("--train", is_flag=True, help="Learn the weights from these customers first; wants `make matching`.")
@because_option
@role_option("steward")
@json_option
def match_command(dry_run: bool, train: bool, because: str, role: str, in_json: bool) -> None:
    """Find customers who may be there twice, and put them up for review.

    Broken off, it goes on where it ended. Nothing is merged: `regulars duplicates` shows what waits.
    """
    with steps() as bars:
        try:
            found = match_customers(by=by_role(role), because=because, dry_run=dry_run, train=train, say=bars)
        except SplinkMissingError:
            raise click.ClickException(_("Splink is not installed. Install it with: make matching")) from None
    if in_json:
        as_json(asdict(found))
        return
    facts(_("Compared"), {
        "customers": number(found.customers), "sure pairs": number(found.sure),
        "doubtful pairs": number(found.doubtful), "newly put up": number(found.put_up),
    })  # fmt: skip
    words = ngettext(
        "%(several)s customers look like %(n)s person.", "%(several)s customers look like %(n)s persons.", found.persons
    )
    if found.persons:
        tell(words % {"several": number(found.several), "n": number(found.persons)})


@click.group()
def weights_command() -> None:
    """See, learn and adopt the weights by which customers are recognised."""


@weights_command.command("show")
@json_option
def show(in_json: bool) -> None:
    """Show which weights count, from when they are, and how many bits each level moves the sum."""
    _tell(weights_in_force(), in_json)


@weights_command.command("learn")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@because_option
@role_option("steward")
@json_option
def learn_command(file: Path, because: str, role: str, in_json: bool) -> None:
    """Learn weights from the house's own records, write them into a file, and show what would change.

    Nobody has to say which records are the same. Nothing counts before it is adopted.
    """
    with steps() as bars:
        try:
            learned = learn_weights(by=by_role(role), because=because, on=now().date(), say=bars)
        except SplinkMissingError:
            raise click.ClickException(_("Splink is not installed. Install it with: make matching")) from None
    write_private(file, as_text(learned).encode())
    _tell(learned, in_json)


@weights_command.command("adopt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@role_option("steward")
@json_option
def adopt(file: Path, role: str, in_json: bool) -> None:
    """Let the weights of that file count from now on, for callers and batches alike."""
    kept = adopt_weights(text_of(file.read_bytes(), file), by=by_role(role))
    if in_json:
        _tell(kept, in_json)
    else:
        tell(_("The weights of %(version)s count from now on.") % {"version": kept.version})


def _tell(kept: KeptModel, in_json: bool) -> None:
    """The figures, beside those that count now."""
    if in_json:
        tell(as_text(kept).replace("\n", ""))
        return
    facts("", {"version": kept.version, "customers": number(kept.customers)})
    rows = [
        (reason_said(Step(name, level, 0.0)), f"{before:+.1f}", f"{after:+.1f}")
        for name, level, before, after in changes(weights_in_force().model, kept.model)
    ]
    table(_("Weights in bits"), ("reason", "now", "then"), rows)
