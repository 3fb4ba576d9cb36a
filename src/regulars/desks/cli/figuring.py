"""`regulars figures …`: what is counted for whom, what would be withheld, and what each partner was told."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import DAY, by_role, json_option
from regulars.desks.cli.disclosing import released
from regulars.desks.cli.saying import as_json, facts, table, tell
from regulars.desks.shared.figure_words import STATES, cell_called, reasons_of
from regulars.desks.shared.words import say
from regulars.journeys.release_figures import NewCube, declare_cube, end_cube, preview_figures, release_figures
from regulars.records.company.access import now
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import partner_called
from regulars.records.statistics.access import answers, cubes
from regulars.rules.statistics.answering import Figure
from regulars.rules.statistics.cubes import MEASURES, PERCENT, coarser_than, countable


@click.group()
def figures_command() -> None:
    """Declare figures for partners, look at them, let them go."""


@figures_command.command("columns")
@json_option
def columns(in_json: bool) -> None:
    """List every column people may be counted by, and how coarse it is."""
    found = [
        (f"{one.name}.{column.name}", column.label, coarser_than(shape)) for one, column, shape in countable(DICTIONARY)
    ]
    if in_json:
        as_json([{"column": word, "means": label, "shapes": shapes} for word, label, shapes in found])
        return
    rows = [(word, label, ", ".join(shapes)) for word, label, shapes in found]
    table(_("Columns to count by"), ("column", "means", "shown"), rows)


@figures_command.command("declare")
@click.argument("key")
@click.option("--name", required=True, help="What the table is called.")
@click.option(
    "--by", "dimensions", multiple=True, required=True, help="Such as customer.city or customer.birth_on:decade."
)
@click.option("--sum", "measures", type=click.Choice(MEASURES), multiple=True, help="What is summed up beside people.")
@click.option("--only", multiple=True, help="Only these people, such as customer.city=Lyon|Nice.")
@click.option("--since", type=DAY, default=None, help="Orders from this day on.")
@click.option("--until", type=DAY, default=None, help="Orders before this day.")
@click.option(
    "--percent",
    type=click.IntRange(1, 100),
    default=PERCENT,
    show_default=True,
    help="Protection of the biggest buyer.",
)
@click.option("--because", required=True, help="Why; it stays with the declaration.")
def declare(
    key: str, name: str, dimensions: tuple[str, ...], measures: tuple[str, ...], only: tuple[str, ...],
    since: datetime | None, until: datetime | None, percent: int, because: str,
) -> None:  # fmt: skip
    """Declare what is counted for a partner; nothing is told yet."""
    new = NewCube(name, dimensions, measures, only, _day(since), _day(until), percent)
    number = declare_cube(key, new, because=because, by=by_role("officer"), at=now())
    tell(_("Declared as %(cube)s. Next: regulars figures preview %(key)s %(cube)s") % {"cube": number, "key": key})


@figures_command.command("list")
@click.argument("key")
@json_option
def list_cubes(key: str, in_json: bool) -> None:
    """List what is counted for a partner."""
    by = by_role("officer")
    found = cubes(by=by, partner_id=partner_called(key, by=by).id)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.id, one.name, _words(one.dimensions), _words(one.measures), _words(one.only), one.ended_at is None)
            for one in found]  # fmt: skip
    table(_("Declarations"), ("number", "name", "counted by", "summed up", "only", "runs"), rows)


@figures_command.command("preview")
@click.argument("key")
@click.argument("cube", type=int)
@json_option
def preview(key: str, cube: int, in_json: bool) -> None:
    """Show what would be told now, and what would be withheld and why; nobody is told anything."""
    seen = preview_figures(key, cube, by=by_role("officer"), at=now())
    if in_json:
        as_json([asdict(figure) | {"people_now": people} for figure, people in seen.cells])
        return
    rows = [(_cell(one), one.people, people, say(STATES, one.state), reasons_of(one)) for one, people in seen.cells]
    table(seen.cube.name, ("cell", "people", "people now", "state", "why"), rows)


@figures_command.command("release")
@click.argument("key")
@click.argument("cube", type=int)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--because", required=True, help="Why; it stays in the register.")
@json_option
def release(key: str, cube: int, folder: Path, because: str, in_json: bool) -> None:
    """Write the figures into FOLDER, compared with everything this partner was told before."""
    made = release_figures(key, cube, because=because, by=by_role("officer"), at=now())
    released(folder, made, in_json=in_json)


@figures_command.command("ledger")
@click.argument("key")
@click.option("--answer", type=int, default=None, help="Show the figures of this answer.")
@json_option
def ledger(key: str, answer: int | None, in_json: bool) -> None:
    """Show what a partner was told, answer by answer."""
    by = by_role("officer")
    found = answers(by=by, partner_id=partner_called(key, by=by).id)
    found = [one for one in found if answer is None or one.id == answer]
    if in_json:
        as_json([asdict(one) for one in found])
        return
    if answer is not None and found:
        facts(found[0].cube, {"answer": found[0].id, "when": found[0].made_at, "release": found[0].release_id})
        _figures(found[0].figures)
        return
    rows = [(one.id, one.made_at, one.cube, one.told, len(one.figures) - one.told, one.least) for one in found]
    table(_("Ledger"), ("answer", "when", "name", "told", "withheld", "fewest"), rows)


@figures_command.command("end")
@click.argument("key")
@click.argument("cube", type=int)
@click.option("--because", required=True, help="Why.")
def end(key: str, cube: int, because: str) -> None:
    """Count it no more; what was told stays in the ledger."""
    end_cube(key, cube, because=because, by=by_role("officer"), at=now())
    tell(_("Ended. What was told stays in the ledger."))


def _figures(figures: Sequence[Figure]) -> None:
    rows = [(_cell(one), one.people, one.as_of, say(STATES, one.state), reasons_of(one)) for one in figures]
    table(_("Figures"), ("cell", "people", "day", "state", "why"), rows)


def _cell(figure: Figure) -> str:
    return " · ".join(cell_called(figure))


def _words(words: Sequence[str]) -> str:
    return ", ".join(words)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
