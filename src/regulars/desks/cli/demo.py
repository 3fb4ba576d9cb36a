"""`regulars demo`: everything at once on real data."""

import os
from typing import Any, Final

import click
from django.conf import settings
from django.utils.translation import gettext as _

from regulars.desks.cli.campaigning import show_funnel
from regulars.desks.cli.saying import Money, as_json, steps, table, tell
from regulars.desks.cli.serving import address_option, serve
from regulars.desks.shared.counted_words import GROUPS, LISTS, PLACES
from regulars.desks.shared.figures import number, percent, signed
from regulars.desks.shared.words import say
from regulars.journeys.demo.open_demo import open_demo
from regulars.journeys.demo.summary import Summary
from regulars.records.company.access import company

IN_HUNDREDTHS: Final = 100


@click.command()
@click.option("--once", is_flag=True, help="Do the work, print the summary as JSON on the last line, and end.")
@address_option
def demo_command(once: bool, address: tuple[str, int]) -> None:
    """See everything at once: a year of a grocer's real orders.

    Loads 1.5 million order lines of 2,469 households, runs the main job, opens the console. The people are invented.
    """
    os.environ["REGULARS_DEMO"] = "1"
    settings.DEMO = True
    with steps() as bars:
        told = open_demo(say=bars)
    show(told)
    if once:
        as_json(told.as_data())
    else:
        tell(_("Sign in as one of three invented people: %(names)s.") % {"names": ", ".join(told.logins)})
        serve(address, workers=2, jobs=True)


def show(told: Summary) -> None:
    """One screen: what came in, who is worth what, who may be written to, what it brought."""
    words = {
        "lines": number(told.order_lines),
        "households": number(told.customers),
        "aside": number(told.rows_set_aside),
        "day": told.as_of,
    }
    tell(
        _(
            "%(lines)s real order lines of %(households)s households (people invented), %(aside)s rows set aside. "
            "As of %(day)s."
        )
        % words
    )
    currency = company().currency
    table(_("Groups"), ("group", "people"), [(say(GROUPS, name), count) for name, count in told.groups.items()])
    table(
        _("Leaky bucket, last month"),
        ("place", "people", "money"),
        [(say(PLACES, name), told.bucket[name], Money(told.bucket[f"{name}_minor"], currency)) for name in PLACES],
    )
    table(_("The three lists"), ("list", "people"), [(say(LISTS, name), told.lists[name]) for name in LISTS])
    table(_("Segments"), ("segment", "people"), list(told.segments.items()))
    show_funnel(told.funnel)
    _show_outcome(told.campaign)


def _show_outcome(campaign: dict[str, Any]) -> None:
    test, effect = campaign["test"], campaign["effect"]
    words = {"rate": percent(test["value"]), "low": percent(test["low"]), "high": percent(test["high"])}
    tell(_("The test group answered: %(rate)s (%(low)s to %(high)s).") % words)
    words = {name: _points(effect[name]) for name in ("value", "low", "high")}
    tell(
        _(
            "Against the hold-out: %(value)s points (%(low)s to %(high)s). The real coupons of 2017 went to both "
            "groups: nineteen times in twenty an honest comparison finds nothing."
        )
        % words
    )


def _points(share: float) -> str:
    return signed(share * IN_HUNDREDTHS, 1)
