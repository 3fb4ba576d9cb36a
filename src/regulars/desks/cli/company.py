"""`regulars company`: who we are, in which currency and time zone, under whose law."""

from dataclasses import asdict, replace
from zoneinfo import available_timezones

import click

from regulars.desks.cli.asking import by_role, json_option, role_option
from regulars.desks.cli.saying import as_json, facts
from regulars.journeys.describe_company import describe_company
from regulars.records.company.access import UNNAMED, company
from regulars.rules.intake.money import CURRENCIES
from regulars.rules.permission.choices import JURISDICTIONS
from regulars.rules.permission.errors import BadInput


@click.command()
@click.option("--name", default=None, help="In Latin letters.")
@click.option("--name-zh", default=None, help="In Chinese.")
@click.option("--currency", default=None, help="ISO 4217, such as CNY or EUR.")
@click.option("--timezone", default=None, help="IANA, such as Asia/Shanghai.")
@click.option(
    "--jurisdiction",
    type=click.Choice(JURISDICTIONS),
    default=None,
    help="Holds where a customer's country is not known.",
)
@role_option("steward")
@json_option
def company_command(
    name: str | None,
    name_zh: str | None,
    currency: str | None,
    timezone: str | None,
    jurisdiction: str | None,
    role: str,
    in_json: bool,
) -> None:
    """Say who the company is, or show it."""
    said = {"name": name, "name_zh": name_zh, "currency": currency, "timezone": timezone, "jurisdiction": jurisdiction}
    told = {field: value for field, value in said.items() if value is not None}
    if told:
        _check(currency, timezone)
        known = company() if company() != UNNAMED else replace(UNNAMED, name_zh="")
        facts_told = replace(known, **told)  # type: ignore[arg-type]  # names and types are CompanyFacts' own
        describe_company(facts_told, by=by_role(role))
    as_json(asdict(company())) if in_json else _tell()


def _tell() -> None:
    told = company()
    facts(
        "",
        {
            "name": told.name,
            "Chinese name": told.name_zh,
            "currency": told.currency,
            "time zone": told.timezone,
            "law": told.jurisdiction,
            "business day": told.business_on,
        },
    )


def _check(currency: str | None, timezone: str | None) -> None:
    if currency is not None and currency not in CURRENCIES:
        raise BadInput("currency_unknown", {"currency": currency})
    if timezone is not None and timezone not in available_timezones():
        raise BadInput("zone_unknown", {"zone": timezone})
