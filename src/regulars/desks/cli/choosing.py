"""`regulars choice …`: what customers allow, receipts, brands and topics, lists of people who want no contact."""

from csv import writer
from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import because_option, by_role, json_option, role_option
from regulars.desks.cli.customers import choice_command
from regulars.desks.cli.private_files import private_text
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.journeys.give_receipt import give_receipt
from regulars.journeys.import_do_not_contact import DoNotContactReport, import_do_not_contact
from regulars.records.choices.subjects import KINDS, end_subject, name_subject, subjects
from regulars.records.company.access import now

__all__ = ["choice_command"]


@choice_command.command("receipt")
@click.argument("customer")
@because_option
@role_option("service")
def receipt(customer: str, because: str, role: str) -> None:
    """Write out everything a customer said, as a consent receipt by ISO/IEC TS 27560."""
    as_json(give_receipt(customer, by=by_role(role), because=because, at=now(), language=get_language() or "en"))


@choice_command.command("subjects")
@json_option
def show_subjects(in_json: bool) -> None:
    """List the brands and topics customers can take out."""
    found = subjects(also_ended=True)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.kind, one.key, one.called(get_language() or "en"), one.made_at, one.ended_at) for one in found]
    table(_("Brands and topics"), ("kind", "key", "name", "since", "ended"), rows)


@choice_command.command("subject")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--name", default="", help="Its name in English.")
@click.option("--name-zh", default="", help="Its name in Chinese.")
@click.option("--end", is_flag=True, help="No campaign can be about it any more.")
def one_subject(kind: str, key: str, name: str, name_zh: str, end: bool) -> None:
    """Let customers take out a brand or topic, or end it."""
    by = by_role("officer")
    if end:
        end_subject(kind, key, by=by, at=now())
        tell(_("No campaign can be about it any more."))
        return
    name_subject(kind, key, name=name or key, name_zh=name_zh, by=by, at=now())
    tell(_("Customers can take it out from now on."))


@choice_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", default="", help="How numbers without a country code are meant, such as CN.")
@click.option("--whole", is_flag=True, help="They want no marketing by any way, not only by the one the row names.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of the list.")
@click.option(
    "--set-aside", type=click.Path(dir_okay=False, writable=True, path_type=Path), default=None,
    help="Write the rows that name nobody here, with reasons.",
)  # fmt: skip
@json_option
def import_list(file: Path, country: str, whole: bool, dry_run: bool, set_aside: Path | None, in_json: bool) -> None:
    """Take in a list of people who want no contact."""
    report = import_do_not_contact(
        file, country=country.upper(), whole=whole, dry_run=dry_run, by=by_role("officer"), at=now()
    )
    if set_aside is not None:
        _write_aside(set_aside, report)
    if in_json:
        as_json({name: value for name, value in asdict(report).items() if name != "set_aside"})
        return
    tell(_("Only tried: nothing was kept.") if dry_run else _("Taken in. It holds from this moment."))
    words = _("%(rows)s rows, %(suppressed)s new on the list, %(customers)s customers of ours, %(denials)s entries in "
              "the ledger, %(called_off)s planned messages called off, %(aside)s rows set aside.")  # fmt: skip
    told = {name: number(value) for name, value in asdict(report).items() if type(value) is int}
    tell(words % (told | {"aside": number(report.set_aside_rows)}))


def _write_aside(path: Path, report: DoNotContactReport) -> None:
    with private_text(path) as file:
        lines = writer(file)
        lines.writerow(("row_number", "reason", "raw"))
        lines.writerows((one.row_number, one.reason, one.raw) for one in report.set_aside)
