"""`regulars texts …`: free texts that say something sensitive."""

from dataclasses import asdict

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option, limit_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.text_words import kinds_said
from regulars.records.company.access import now
from regulars.records.free_texts.texts import DECISIONS, decide_text, flagged_texts, sweep_texts, texts_waiting


@click.group()
def texts_command() -> None:
    """Look through free texts for what should not stand there."""


@texts_command.command("list")
@limit_option(50)
@json_option
def list_texts(limit: int, in_json: bool) -> None:
    """List texts that wait for a decision, with their words."""
    waiting, flagged = flagged_texts(by=by_role("officer"), because="texts to review", limit=limit)
    if in_json:
        as_json({"waiting": waiting, "texts": [asdict(one) for one in flagged]})
        return
    rows = [(one.id, one.number, one.text, kinds_said(one.kinds), one.found_by) for one in flagged]
    table(_("%(n)s texts wait") % {"n": number(waiting)}, ("number", "customer", "text", "holds", "who"), rows)


@texts_command.command("sweep")
def sweep() -> None:
    """Look through the old texts now, as every night does."""
    looked = 0
    while some := sweep_texts(at=now()):
        looked += some
    tell(_("%(looked)s texts looked at; %(n)s wait.") % {"looked": number(looked), "n": number(texts_waiting())})


@texts_command.command("decide")
@click.argument("text", type=int, metavar="NUMBER")
@click.argument("decision", type=click.Choice(sorted(DECISIONS)))
def decide(text: int, decision: str) -> None:
    """Decide about one: accept it, redact what is sensitive, or move it out of sight, sealed."""
    decide_text(text, decision, by=by_role("officer"), at=now())
    tell(_("Done; the privacy log has a line about it."))
