"""`regulars check`: dictionary, views, owners, rights and ledger agree, or each disagreement is named."""

from dataclasses import asdict

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import json_option
from regulars.desks.cli.saying import as_json, tell, warn
from regulars.desks.shared.finding_words import sentence_of
from regulars.journeys.check_dictionary import check_dictionary
from regulars.journeys.check_house import check_and_keep
from regulars.rules.privacy.drift import Finding


@click.command()
@click.option("--dictionary-only", is_flag=True, help="Only whether every column is classed; needs no database.")
@json_option
def check_command(dictionary_only: bool, in_json: bool) -> None:
    """Prove that the house is as declared.

    Compares dictionary, views, owners, rights and ledger with what the program says, and names each disagreement; ends
    with 1 when there is one.
    """
    findings = tuple(check_dictionary()) if dictionary_only else _whole_house()
    if in_json:
        as_json([asdict(one) | {"sentence": sentence_of(one)} for one in findings])
    else:
        _tell(findings)
    if findings:
        raise click.exceptions.Exit(1)


def _whole_house() -> tuple[Finding, ...]:
    from regulars.desks.cli.opening import open_house
    from regulars.desks.cli.seat import named_here

    open_house()
    return check_and_keep(asked_by=named_here(), at=timezone.now()).report.findings


def _tell(findings: tuple[Finding, ...]) -> None:
    for one in findings:
        warn(sentence_of(one))
        if one.expected or one.found:
            warn(
                _("  expected %(expected)s, found %(found)s")
                % {"expected": one.expected or "–", "found": one.found or "–"}
            )
    if not findings:
        tell(_("Everything agrees: dictionary, views, owners, rights, ledger."))
