"""Files of orders and customers: brought in, listed, their set-aside rows written out to be mended."""

from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.private_files import private_text
from regulars.desks.cli.saying import Steps, as_json, steps, table, tell, warn
from regulars.desks.shared.cleaning_words import why
from regulars.desks.shared.figures import number
from regulars.desks.shared.intake_words import ADVICE, REASONS, STATES, heading_words, known_by_words, meaning_words
from regulars.desks.shared.mistakes import sentence_of
from regulars.desks.shared.words import say
from regulars.journeys.import_file import LAST_HEADER_ROW, ImportReport, Progress, import_now
from regulars.journeys.show_imports import cleaned_as_csv, set_aside_as_csv
from regulars.records.company.access import now
from regulars.records.intake.access import runs, source_lines
from regulars.records.set_aside.access import ReasonLine
from regulars.rules.cleaning.report import CleanedLine, Example
from regulars.rules.intake.changed_columns import ChangedColumns
from regulars.rules.permission.errors import BadInput

DONE = ("finished", "tried")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--source", required=True, help="What this source of data is called, for instance till-lake.")
@click.option(
    "--kind", type=click.Choice(["orders", "customers"]), default=None, help="Guessed from the columns when not said."
)
@click.option(
    "--column", "columns", multiple=True, metavar="MEANING=HEADING", help="Say what a column means; may be repeated."
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="NAME=VALUE",
    help="Settle zone, currency, country, date_order, decimal_mark, encoding, delimiter, sheet, order_within.",
)
@click.option(
    "--header-row",
    type=click.IntRange(0, LAST_HEADER_ROW),
    default=None,
    help="Which row holds the headings, 0 where none does; found out when not said.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would become of the file.")
@click.option("--wait", is_flag=True, help="Wait when another import of the same source is under way.")
@json_option
def import_command(
    file: str,
    source: str,
    kind: str | None,
    columns: tuple[str, ...],
    answers: tuple[str, ...],
    header_row: int | None,
    dry_run: bool,
    wait: bool,
    in_json: bool,
) -> None:
    """Bring in a file of orders or customers.

    CSV, XLSX and Parquet. The same file twice changes nothing; broken off, the same command goes on where it stopped.
    """
    with steps() as bars:
        report = import_now(
            file,
            source_ref=source,
            kind=kind or "",
            mapping=pairs(columns),
            answers=_answers(answers) | ({} if header_row is None else {"header_row": header_row}),
            dry_run=dry_run,
            by=by_role("steward"),
            at=now(),
            progress=lambda so_far: _say(bars, so_far),
            wait=wait,
            changes=None if in_json else _tell_changes,
        )
    as_json(asdict(report)) if in_json else tell_report(report)
    if report.state not in DONE:
        raise click.exceptions.Exit(1)


def _tell_changes(changed: ChangedColumns) -> None:
    """How the source's columns differ from last time, before anything is read."""
    tell(_("This source has changed its columns."))
    alike = [f"{old} → {new}" for old, new in changed.alike.items()]
    for words, columns in (
        (_("Gone since the last file: %(columns)s."), changed.gone), (_("New: %(columns)s."), changed.new),
        (_("Perhaps only called otherwise: %(columns)s."), alike),
    ):  # fmt: skip
        if columns:
            tell(words % {"columns": ", ".join(columns)})
    tell(_("The others mean what they meant."))


@click.command()
@json_option
def imports_command(in_json: bool) -> None:
    """List sources and the files that came in."""
    by = by_role("steward")
    files, sources = runs(by=by), source_lines(by=by)
    if in_json:
        as_json({"sources": [asdict(one) for one in sources], "files": [_without_paths(asdict(one)) for one in files]})
        return
    table(
        _("Sources"),
        ("source", "files", "rows", "set aside"),
        [(one.source.ref, one.files, one.rows_new, one.rows_refused) for one in sources],
    )
    headings = (
        "number",
        "file",
        "source",
        "state",
        "read",
        "new",
        "changed",
        "same",
        "set aside",
    )
    table(
        _("Files"),
        headings,
        [
            (
                one.id,
                one.file_name,
                one.source_ref,
                say(STATES, one.state),
                one.rows_read,
                one.rows_new,
                one.rows_changed,
                one.rows_same,
                one.rows_refused,
            )
            for one in files
        ],
    )


@click.command()
@click.argument("number_of_import", metavar="IMPORT", type=click.IntRange(1))
@click.option("--to", type=click.Path(dir_okay=False), default="-", help="A file; standard output when not said.")
@click.option("--reason", default="", help="Only rows set aside for this reason.")
def set_aside_command(number_of_import: int, to: str, reason: str) -> None:
    """Write the rows an import set aside, to mend and bring again.

    The CSV holds row number, reason, column and value before the row as it was.
    """
    headings = (_("row"), _("reason"), _("column"), _("value"))
    rows = set_aside_as_csv(
        number_of_import, by=by_role("steward"), headings=headings, say=lambda code: say(REASONS, code), reason=reason
    )
    with _to(to) as out:
        for row in rows:
            out.write(row)


@click.command()
@click.argument("number_of_import", metavar="IMPORT", type=click.IntRange(1))
@click.option("--to", type=click.Path(dir_okay=False), default="-", help="A file; standard output when not said.")
def cleaned_command(number_of_import: int, to: str) -> None:
    """Write what cleaning changed and doubted of an import, by column and reason.

    Examples are shown by their shape: no value of anybody stands in it.
    """
    headings = (_("column"), _("reason"), _("code"), _("values"), _("row"), _("before"), _("after"))
    with _to(to) as out:
        for line in cleaned_as_csv(number_of_import, by=by_role("steward"), headings=headings, say=why):
            out.write(line)


def _to(place: str) -> AbstractContextManager[IO[str]]:
    """Standard output, or a file nobody else can open."""
    return click.open_file("-", "w", encoding="utf-8") if place == "-" else private_text(Path(place))


def pairs(said: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE words as a mapping; BadInput names the one that is none."""
    parted = [one.partition("=") for one in said]
    if wrong := next((name for name, sign, _value in parted if not sign), None):
        raise BadInput("pair_without_sign", {"said": wrong})
    return {name.strip(): value.strip() for name, _sign, value in parted}


def _answers(said: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = dict(pairs(said))
    if "order_within" in told:
        told["order_within"] = tuple(part for part in str(told["order_within"]).split(",") if part)
    return told


def _without_paths(run: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in run.items() if name != "file_path"}


def _say(bars: Steps, so_far: Progress) -> None:
    bars(so_far.step, so_far.rows_read, so_far.rows_expected)


def tell_report(report: ImportReport) -> None:
    """What became of the file, in one screen."""
    if report.already:
        tell(
            _("This very file came in before, as import %(already)s; nothing has changed.")
            % {"already": report.already}
        )
        return
    if report.encoding_guessed:
        tell(
            _("It was read as %(encoding)s: likely, not certain. If names look wrong: --answer encoding=NAME.")
            % {"encoding": report.encoding_guessed}
        )
    tell(_counts(report))
    table(
        _("Columns"),
        ("means", "heading"),
        [(meaning_words(key), heading_words(name)) for key, name in report.columns.items()],
    )
    if report.known_by:
        tell(known_by_words(report.columns))
    _tell_reasons(_("Set aside"), [one for one in report.reasons if not one.row_taken])
    _tell_reasons(_("Left out of rows that were taken"), [one for one in report.reasons if one.row_taken])
    _tell_cleaned(_("Cleaned"), [one for one in report.cleaned if not one.doubtful])
    _tell_cleaned(_("Kept as it is, and doubtful"), [one for one in report.cleaned if one.doubtful])
    if report.rows_refused and report.run_id:
        tell(_("To mend them: regulars set-aside %(import)s --to mend.csv") % {"import": report.run_id})
    if report.code:
        warn(sentence_of(report.code, report.values))


def _counts(report: ImportReport) -> str:
    words = {
        name: number(getattr(report, name)) for name in ImportReport.__dataclass_fields__ if name.startswith("rows_")
    }
    words |= {
        "file": report.file_name,
        "customers": number(report.customers_new),
        "seconds": number(report.seconds, 1),
    }
    told = _(
        "%(file)s: %(rows_read)s rows read, %(rows_new)s new, %(rows_changed)s changed, %(rows_same)s as they were, "
        "%(rows_refused)s set aside; %(customers)s new customers. %(seconds)s s."
    )
    tried = _(
        "%(file)s, tried without writing: %(rows_read)s rows read, %(rows_new)s would be new, %(rows_changed)s "
        "changed, %(rows_same)s as they are, %(rows_refused)s set aside; %(customers)s new customers."
    )
    return (tried if report.state == "tried" else told) % words


def _tell_cleaned(title: str, lines: list[CleanedLine]) -> None:
    if not lines:
        return
    headings = ("column", "reason", "code", "values", "first row", "shape before", "shape after")
    rows = []
    for one in lines:
        first = one.examples[0] if one.examples else Example(0, "", "")
        shown = (first.row_number, first.before, first.after)
        rows.append((heading_words(one.column), why(one.reason), one.reason, one.values, *shown))
    table(title, headings, rows)


def _tell_reasons(title: str, reasons: list[ReasonLine]) -> None:
    if not reasons:
        return
    headings = ("reason", "column", "rows", "first row", "example", "what to do")
    table(
        title,
        headings,
        [
            (
                say(REASONS, one.reason),
                heading_words(one.column),
                one.rows,
                one.row_number,
                one.example,
                say(ADVICE, one.reason),
            )
            for one in reasons
        ],
    )
