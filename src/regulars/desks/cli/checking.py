"""`regulars check`: dictionary, views, owners, rights and ledger agree, or each disagreement is named."""

from dataclasses import asdict

import click
from django.utils import timezone

from regulars.desks.cli.saying import ERR, OUT, as_json
from regulars.journeys.check_dictionary import check_dictionary
from regulars.journeys.check_house import check_and_keep
from regulars.rules.privacy.drift import Finding


@click.command()
@click.option("--dictionary-only", is_flag=True, help="Only whether every column is classed; needs no database.")
@click.option("--json", "in_json", is_flag=True)
def check_command(dictionary_only: bool, in_json: bool) -> None:
    """Prove that what PostgreSQL holds is what the dictionary says."""
    findings = (
        tuple(check_dictionary())
        if dictionary_only
        else check_and_keep(asked_by="terminal", at=timezone.now()).report.findings
    )
    if in_json:
        as_json([asdict(one) for one in findings])
    else:
        _tell(findings)
    if findings:
        raise click.exceptions.Exit(1)


def _tell(findings: tuple[Finding, ...]) -> None:
    for one in findings:
        ERR.print(
            f"{one.code}: {one.place}: expected {one.expected or '–'}, found {one.found or '–'}",
            style="red",
            highlight=False,
        )
    if not findings:
        OUT.print("Everything agrees: dictionary, views, owners, rights, ledger.")
