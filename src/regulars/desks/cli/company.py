"""`regulars company`: who we are, in which currency and time zone, under whose law."""

from dataclasses import replace
from zoneinfo import available_timezones

import click

from regulars.desks.cli.saying import OUT
from regulars.records.company.access import company
from regulars.records.company.actions import set_up_company
from regulars.rules.intake.money import CURRENCIES
from regulars.rules.permission.choices import JURISDICTIONS
from regulars.rules.permission.errors import BadInput


@click.command()
@click.option("--name", default=None)
@click.option("--name-zh", default=None)
@click.option("--currency", default=None, help="ISO 4217, such as CNY or EUR.")
@click.option("--timezone", default=None, help="IANA, such as Asia/Shanghai.")
@click.option(
    "--jurisdiction",
    type=click.Choice(JURISDICTIONS),
    default=None,
    help="Holds where a customer's country is not known.",
)
def company_command(
    name: str | None, name_zh: str | None, currency: str | None, timezone: str | None, jurisdiction: str | None
) -> None:
    """Say who the company is, or show it when nothing is said."""
    said = {"name": name, "name_zh": name_zh, "currency": currency, "timezone": timezone, "jurisdiction": jurisdiction}
    told = {field: value for field, value in said.items() if value is not None}
    if told:
        _check(currency, timezone)
        set_up_company(replace(company(), **told))  # type: ignore[arg-type]  # names and types are CompanyFacts' own
    facts = company()
    OUT.print(
        f"{facts.name} {facts.name_zh} · {facts.currency} · {facts.timezone} · {facts.jurisdiction}", highlight=False
    )


def _check(currency: str | None, timezone: str | None) -> None:
    if currency is not None and currency not in CURRENCIES:
        raise BadInput("currency_unknown", {"currency": currency})
    if timezone is not None and timezone not in available_timezones():
        raise BadInput("zone_unknown", {"zone": timezone})
