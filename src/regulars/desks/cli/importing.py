"""`regulars import FILE` and `regulars imports`."""

from dataclasses import asdict

import click

from regulars.desks.cli.asking import by_role
from regulars.desks.cli.saying import ERR, OUT, Steps, as_json, steps, table
from regulars.journeys.import_file import ImportReport, Progress, import_now
from regulars.records.company.access import now
from regulars.records.intake.access import runs, source_lines
from regulars.rules.permission.errors import BadInput


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--source", required=True, help="What this source of data is called, for instance till-hubin.")
@click.option(
    "--kind", type=click.Choice(["orders", "customers"]), default=None, help="Guessed from the columns when not said."
)
@click.option(
    "--column", "columns", multiple=True, metavar="MEANING=HEADING", help="Says what a column means; may be repeated."
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="NAME=VALUE",
    help="zone, currency, country, date_order, decimal_mark, encoding, delimiter, sheet.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would become of the file.")
@click.option("--wait", is_flag=True, help="Wait when another import of the same source is under way.")
@click.option("--json", "in_json", is_flag=True, help="The report as one line of JSON.")
def import_command(
    file: str,
    source: str,
    kind: str | None,
    columns: tuple[str, ...],
    answers: tuple[str, ...],
    dry_run: bool,
    wait: bool,
    in_json: bool,
) -> None:
    """Bring in a file of orders or customers: CSV, XLSX or Parquet.

    The same file twice changes nothing; broken off, the same command goes on where it stopped.
    """
    with steps() as say:
        report = import_now(
            file, source_ref=source, kind=kind or "", mapping=_pairs(columns), answers=_pairs(answers), dry_run=dry_run,
            by=by_role("steward"), at=now(), progress=lambda so_far: _say(say, so_far), wait=wait,
        )  # fmt: skip
    as_json(asdict(report)) if in_json else _tell(report)
    if report.state not in ("finished", "tried"):
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--json", "in_json", is_flag=True)
def imports_command(in_json: bool) -> None:
    """List sources and the files that came in."""
    by = by_role("steward")
    files = runs(by=by)
    if in_json:
        as_json([asdict(one) for one in files])
        return
    table("Sources", ("source", "files", "rows", "set aside"), [
        (one.source.ref, one.files, one.rows_new, one.rows_refused) for one in source_lines(by=by)
    ])  # fmt: skip
    table(
        "Files",
        ("file", "source", "state", "read", "new", "changed", "same", "set aside"),
        [
            (
                one.file_name,
                one.source_ref,
                one.state,
                one.rows_read,
                one.rows_new,
                one.rows_changed,
                one.rows_same,
                one.rows_refused,
            )
            for one in files
        ],
        numbers_from=3,
    )


def _pairs(said: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE words as a mapping; BadInput names the one that is none."""
    pairs = [one.partition("=") for one in said]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise BadInput("pair_without_sign", {"said": wrong})
    return {name.strip(): value.strip() for name, _, value in pairs}


def _say(say: Steps, so_far: Progress) -> None:
    say(so_far.step, so_far.rows_read, so_far.rows_expected)


def _tell(report: ImportReport) -> None:
    """What became of the file, in one screen."""
    if report.already:
        OUT.print(f"This very file came in before, as import {report.already}; nothing has changed.")
        return
    OUT.print(
        f"{report.file_name}: {report.rows_read:,} rows read, {report.rows_new:,} new, {report.rows_changed:,} "
        f"changed, {report.rows_same:,} as they were, {report.rows_refused:,} set aside; "
        f"{report.customers_new:,} new customers. "
        f"{report.state.capitalize()} in {report.seconds:.1f} s.",
        highlight=False,
    )
    table("Columns", ("means", "heading"), report.columns.items(), numbers_from=9)
    if report.reasons:
        table(
            "Set aside",
            ("reason", "column", "rows", "first row", "example"),
            [(one.reason, one.column, one.rows, one.row_number, one.example) for one in report.reasons],
            numbers_from=2,
        )
    if report.code:
        ERR.print(f"{report.code} {dict(report.values)}", style="red")
