"""`regulars table …`: tables of other databases that are read again and again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click
from django.utils.translation import gettext as _

from regulars.connections.databases.tables import Drawn
from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.importing import pairs, tell_report
from regulars.desks.cli.saying import as_json, table, tell, warn
from regulars.desks.shared.figures import number
from regulars.desks.shared.mistakes import sentence_of
from regulars.journeys.draw_tables import (
    EVERY_AT_MOST,
    add_table,
    end_table,
    fetch_table,
    look_back,
    tables_read,
    try_table,
)
from regulars.journeys.import_file import ImportReport
from regulars.records.company.access import now
from regulars.rules.intake.looking_back import MOST_HOURS, USUAL_HOURS


@click.group()
def table_command() -> None:
    """Read tables of other databases again and again."""


@table_command.command("add")
@click.argument("name")
@click.option("--source", required=True, help="The source whose data it is; it is opened if there is none.")
@click.option(
    "--table", "table_name", required=True, help="The table or view, with its schema before a dot if need be."
)
@click.option("--by", "by_column", required=True, help="The column that only grows: a number or a moment of change.")
@click.option("--kind", type=click.Choice(["orders", "customers"]), required=True, help="What its rows are.")
@click.option(
    "--column", "columns", multiple=True, metavar="MEANING=HEADING", help="Say what a column means; may be repeated."
)
@click.option(
    "--answer", "answers", multiple=True, metavar="NAME=VALUE",
    help="Settle zone, currency, country, date_order, decimal_mark, order_within.",
)  # fmt: skip
@click.option(
    "--every", type=click.IntRange(1, EVERY_AT_MOST), default=60, show_default=True, help="Read every so many minutes."
)
@click.option(
    "--look-back", "hours", type=click.IntRange(0, MOST_HOURS), default=USUAL_HOURS, show_default=True,
    help="How many hours late a row may be written, below what was read already, and still be read.",
)  # fmt: skip
@click.option(
    "--url", prompt=True, hide_input=True, envvar="REGULARS_TABLE_URL",
    help="Its address, with the password; asked for when not said, and kept in the home.",
)  # fmt: skip
def add(
    name: str, source: str, table_name: str, by_column: str, kind: str, columns: tuple[str, ...],
    answers: tuple[str, ...], every: int, hours: int, url: str,
) -> None:  # fmt: skip
    """Let a table be read from now on. Its password stays outside the database."""
    add_table(
        name, url=url, source_ref=source, table=table_name, by_column=by_column, kind=kind, columns=pairs(columns),
        answers=pairs(answers), every_minutes=every, look_back_hours=hours,
        by=by_role("steward"), at=now(),
    )  # fmt: skip
    tell(_("It is read from now on. Try it first: regulars table try %(name)s") % {"name": name})


@table_command.command("list")
@json_option
def list_tables(in_json: bool) -> None:
    """List tables that are read, how far, and what was in the way."""
    found = tables_read(by=by_role("steward"))
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [
        (one.name, one.source_ref, one.table, one.by_column, one.mark.get("text", ""),
         one.look_back_hours, one.last_at or "",
         _problem(one.problem), one.ended_at is None)
        for one in found
    ]  # fmt: skip
    table(
        _("Tables"),
        ("name", "source", "table", "by", "read up to", "hours back", "last read", "problem", "works"),
        rows,
    )


@table_command.command("try")
@click.argument("name")
@json_option
def try_one(name: str, in_json: bool) -> None:
    """Say what would become of what is new in a table. Nothing of it is kept."""
    _told(*try_table(name, by=by_role("steward"), at=now()), in_json)


@table_command.command("fetch")
@click.argument("name")
@json_option
def fetch(name: str, in_json: bool) -> None:
    """Bring in what is new in a table now, as the night shift does by itself."""
    _told(*fetch_table(name, by=by_role("steward"), at=now()), in_json)


@table_command.command("look-back")
@click.argument("name")
@click.argument("hours", type=click.IntRange(0, MOST_HOURS))
def say_look_back(name: str, hours: int) -> None:
    """Say how many hours late a row of a table may be written and still be read."""
    look_back(name, hours, by=by_role("steward"))
    tell(_("Noted."))


@table_command.command("end")
@click.argument("name")
def end(name: str) -> None:
    """Read a table no more and forget its address. What it brought stays."""
    end_table(name, by=by_role("steward"), at=now())
    tell(_("It is read no more."))


def _told(drawn: Drawn, report: ImportReport | None, in_json: bool) -> None:
    if in_json:
        as_json({"drawn": _counts(drawn), "report": asdict(report) if report else None})
        return
    if drawn.without:
        warn(_("%(n)s rows have no value in the column and are left.") % {"n": number(drawn.without)})
    if report is None:
        tell(_("Nothing is new."))
        return
    tell_report(report)
    if drawn.more:
        tell(_("More waits there; it comes the next time."))


def _counts(drawn: Drawn) -> dict[str, Any]:
    return {name: getattr(drawn, name) for name in ("rows", "known", "without", "more")}


def _problem(said: Mapping[str, Any]) -> str:
    return sentence_of(str(said["code"]), said.get("values", {})) if said.get("code") else ""
