"""`regulars customer`, `regulars choice`, `regulars portal-link`."""

from dataclasses import asdict
from typing import Final

import click

from regulars.desks.cli.asking import by_role, role_option
from regulars.desks.cli.saying import OUT, as_json, table
from regulars.journeys.give_portal_link import give_portal_link
from regulars.journeys.open_customer import open_card
from regulars.journeys.read_choices import read_choices
from regulars.journeys.recognise_customer import recognise_customer
from regulars.journeys.withdraw_consent import set_choice
from regulars.records.company.access import now
from regulars.rules.permission.choices import CHANNELS, PURPOSES, VALUES

SAID_AT_TERMINAL: Final = "said to the person at the terminal"


@click.group()
def customer_command() -> None:
    """Find and open customers, through a role's view."""


@customer_command.command("find")
@click.argument("text")
@click.option("--because", required=True, help="Why; it stands in the access log.")
@role_option("service")
def find(text: str, because: str, role: str) -> None:
    """Find by name (also pinyin), number, exact phone or mail."""
    found = recognise_customer(text, by=by_role(role), because=because)
    table(
        "Found",
        ("number", "name", "city", "last visit", "state"),
        [
            (
                one.customer.number,
                one.customer.name or "–",
                one.customer.city or "–",
                f"{one.last_at:%Y-%m-%d}" if one.last_at else "–",
                one.state,
            )
            for one in found
        ],
        numbers_from=9,
    )


@customer_command.command("show")
@click.argument("number")
@click.option("--because", required=True, help="Why; it stands in the access log.")
@role_option("service")
def show(number: str, because: str, role: str) -> None:
    """Open one customer's card as JSON, as far as the role's view shows it."""
    as_json(asdict(open_card(number, by=by_role(role), because=because, at=now())))


@click.group()
def choice_command() -> None:
    """What a customer allows."""


@choice_command.command("show")
@click.argument("number")
@click.option("--because", required=True)
@role_option("service")
def show_choices(number: str, because: str, role: str) -> None:
    """What holds, and since when."""
    as_json(asdict(read_choices(number, by=by_role(role), because=because)))


@choice_command.command("set")
@click.argument("number")
@click.argument("purpose", type=click.Choice(PURPOSES))
@click.argument("value", type=click.Choice(VALUES))
@click.option(
    "--channel", type=click.Choice(["", *CHANNELS]), default="", help="For direct marketing: only this channel."
)
@click.option("--because", required=True)
@click.option("--wording", default=SAID_AT_TERMINAL, help="The very words the customer said or saw.")
@role_option("service")
def set_one(number: str, purpose: str, value: str, channel: str, because: str, wording: str, role: str) -> None:
    """Write down a choice; it holds for the next statement of everybody."""
    made = set_choice(
        number, purpose=purpose, channel=channel, value=value, by=by_role(role), because=because, source="counter",
        wording=wording, at=now(),
    )  # fmt: skip
    OUT.print(
        f"{purpose} {channel}: {made.before} → {made.value}; {made.called_off} planned contacts called off.",
        highlight=False,
    )


@click.command()
@click.argument("number")
@click.option("--because", required=True)
@role_option("service")
def portal_link_command(number: str, because: str, role: str) -> None:
    """Make a link to the customer's own page; it is shown this once."""
    OUT.print(give_portal_link(number, by=by_role(role), because=because, at=now()), highlight=False, soft_wrap=True)
