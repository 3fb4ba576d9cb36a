"""`regulars extract …`: rows without people for a partner, how safe they would be, what it has already."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.disclosing import released
from regulars.desks.cli.saying import as_json, facts, table, tell
from regulars.desks.shared.extract_words import RUNGS, STATES, risk_lines
from regulars.desks.shared.words import say
from regulars.journeys.release_extract import (
    KINDS,
    ExtractSeen,
    NewExtract,
    declare_extract,
    end_extract,
    preview_extract,
    release_extract,
)
from regulars.records.company.access import now
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import partner_called
from regulars.records.statistics.extract_access import extracts, files_of
from regulars.rules.statistics.extracts import CLOSENESS, MOST_SUPPRESSED, MOST_VARIETY, SUPPRESSED, VARIETY, offered

ROWS_SHOWN = 40


@click.group()
def extract_command() -> None:
    """Give a partner rows in which nobody can be found."""


@extract_command.command("columns")
@json_option
def columns(in_json: bool) -> None:
    """List every column an extract may have, and on which rungs it becomes coarser."""
    found = [(word, label, ladder.rungs if ladder else ()) for word, label, ladder in offered(DICTIONARY)]
    if in_json:
        as_json([{"column": word, "means": label, "rungs": rungs} for word, label, rungs in found])
        return
    rows = [
        (word, label, ", ".join(say(RUNGS, rung) for rung in rungs) or _("confidential only"))
        for word, label, rungs in found
    ]
    table(_("Columns of extracts"), ("column", "means", "rungs"), rows)


@extract_command.command("declare")
@click.argument("key")
@click.option("--name", required=True, help="What the extract is called.")
@click.option(
    "--known", multiple=True, required=True, help="A column somebody outside may know, such as customer.city."
)
@click.option("--confidential", default="", help="The one column nobody outside knows, such as score.rfm_group.")
@click.option(
    "--variety", type=click.IntRange(2, MOST_VARIETY), default=VARIETY, show_default=True,
    help="Different confidential values in a class at least.",
)  # fmt: skip
@click.option(
    "--closeness", type=click.IntRange(1, 100), default=CLOSENESS, show_default=True,
    help="How far the shares of a class may be from everybody's, in per cent.",
)  # fmt: skip
@click.option(
    "--suppressed", type=click.IntRange(0, MOST_SUPPRESSED), default=SUPPRESSED, show_default=True,
    help="Rows in a hundred that may be left out.",
)  # fmt: skip
@click.option("--because", required=True, help="Why; it stays with the declaration.")
def declare(
    key: str, name: str, known: tuple[str, ...], confidential: str, variety: int, closeness: int, suppressed: int,
    because: str,
) -> None:  # fmt: skip
    """Declare the one extract a partner gets; nothing leaves yet."""
    new = NewExtract(name, known, confidential, variety, closeness, suppressed)
    declare_extract(key, new, because=because, by=by_role("officer"), at=now())
    tell(_("Declared. Next: regulars extract preview %(key)s") % {"key": key})


@extract_command.command("list")
@click.argument("key")
@json_option
def list_files(key: str, in_json: bool) -> None:
    """Show what is declared for a partner, and the files it has."""
    by = by_role("officer")
    partner = partner_called(key, by=by).id
    known, files = extracts(by=by, partner_id=partner), files_of(by=by, partner_id=partner)
    if in_json:
        as_json({"extracts": [asdict(one) for one in known], "files": [asdict(one) for one in files]})
        return
    declared = [(one.id, one.name, ", ".join(one.known), one.confidential, one.ended_at is None) for one in known]
    table(_("Extracts"), ("number", "name", "known", "confidential", "runs"), declared)
    left = [(one.release_id, one.made_at, len(one.classes), one.rows, _rungs(one.rungs)) for one in files]
    table(_("Files of extracts"), ("release", "when", "classes", "rows", "rungs"), left)


@extract_command.command("preview")
@click.argument("key")
@json_option
def preview(key: str, in_json: bool) -> None:
    """Show what a file made now would hold, and how safe it would be; nobody is told anything."""
    seen = preview_extract(key, by=by_role("officer"), at=now())
    if in_json:
        as_json(asdict(seen))
        return
    facts(seen.extract.name, dict(risk_lines(seen.risk)) | {_("coarse as"): _rungs(seen.rungs)})
    _classes(seen)


@extract_command.command("release")
@click.argument("key")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--as", "kind", type=click.Choice(KINDS), default="csv", show_default=True, help="CSV in a zip, or Parquet."
)
@click.option("--because", required=True, help="Why; it stays in the register.")
@json_option
def release(key: str, folder: Path, kind: str, because: str, in_json: bool) -> None:
    """Write the rows into FOLDER: the first time all classes, later those that enough people changed."""
    made = release_extract(key, kind=kind, because=because, by=by_role("officer"), at=now())
    released(folder, made, in_json=in_json)


@extract_command.command("end")
@click.argument("key")
@click.option("--because", required=True, help="Why.")
def end(key: str, because: str) -> None:
    """Make no file of it any more; what left stays remembered."""
    end_extract(key, because=because, by=by_role("officer"), at=now())
    tell(_("Ended. What left stays remembered."))


def _classes(seen: ExtractSeen) -> None:
    counted = Counter(one.state for one in seen.classes)
    tell(" · ".join(f"{say(STATES, state)}: {counted[state]}" for state in STATES if counted[state]))
    rows = [(" · ".join(one.says), one.people, one.values, say(STATES, one.state)) for one in seen.classes[:ROWS_SHOWN]]
    table(_("The first classes"), ("class", "people", "values", "state"), rows)


def _rungs(rungs: Sequence[str]) -> str:
    return ", ".join(say(RUNGS, one) for one in rungs)
