"""`regulars recognise`: who it is likely to be, by what somebody tells of herself."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import (
    DAY,
    because_option,
    by_role,
    json_option,
    limit_option,
    role_option,
    typed_or_piped,
)
from regulars.desks.cli.saying import Money, as_json, table
from regulars.desks.shared.recognition_words import LIKELIHOODS, likelihood, reason_said
from regulars.desks.shared.words import say
from regulars.journeys.recognise_likely import MOST, LikelyCustomer, recognise_likely
from regulars.records.company.access import company
from regulars.rules.identity.typed import read_typed

HEADINGS: Final = ("number", "name", "city", "likelihood", "reasons", "last visit", "usually", "an order")


@click.command()
@click.argument("text", default="")
@click.option("--birth-date", type=DAY, help="Year, month and day.")
@click.option("--city", default="", help="Where she lives.")
@click.option("--postcode", default="", help="Her postcode.")
@click.option("--street", default="", help="Street and house number.")
@click.option("--plate", default="", help="The number plate of her car.")
@limit_option(MOST, MOST)
@because_option
@role_option("service")
@json_option
def recognise_command(
    text: str, birth_date: datetime | None, city: str, postcode: str, street: str, plate: str, limit: int, because: str,
    role: str, in_json: bool,
) -> None:  # fmt: skip
    """Say who it may be: by name, phone, e-mail, plate or number as typed, slips and all, and by what else is known.

    A dash for TEXT reads it from standard input: others on the machine see in its list of processes what stands in the
    call.
    """
    told = read_typed(typed_or_piped(text), company().country)
    told = replace(
        told, birth_on=birth_date.date() if birth_date else told.birth_on, city=city, postcode=postcode,
        streets=(street,) if street else (), plates=(*told.plates, *([plate] if plate else [])),
    )  # fmt: skip
    found = recognise_likely(told, by=by_role(role), because=because, limit=limit)
    if in_json:
        as_json([asdict(one) for one in found])
    else:
        table(_("Perhaps it is"), HEADINGS, [_row(one) for one in found])


def _row(one: LikelyCustomer) -> tuple[object, ...]:
    reasons = ", ".join(reason_said(step) for step in one.reasons)
    usual, price = (one.habit.usual, Money(one.habit.order_minor, one.habit.currency)) if one.habit else ("", "")
    who, how = one.customer, say(LIKELIHOODS, likelihood(one.probability, sure=one.almost_certain))
    return who.number, who.name, who.city, how, reasons, one.last_at, usual, price
