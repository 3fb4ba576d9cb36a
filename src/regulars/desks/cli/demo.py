"""`regulars demo`: everything at once on real data."""

import os

import click
from django.conf import settings

from regulars.desks.cli.saying import OUT, as_json, steps, table
from regulars.desks.cli.serving import serve
from regulars.journeys.demo.open_demo import open_demo
from regulars.journeys.demo.summary import Summary

MONEY = ("gained", "kept", "won_back", "lapsed")


@click.command()
@click.option("--once", is_flag=True, help="Do the work, print the summary as JSON on the last line, and end.")
@click.option("--address", default=lambda: settings.SITE_ADDRESS, show_default="127.0.0.1:8000")
def demo_command(once: bool, address: str) -> None:
    """Load a year of a grocer's real orders, run the main job, open the console."""
    os.environ["REGULARS_DEMO"] = "1"
    settings.DEMO = True
    with steps() as say:
        told = open_demo(say=say)
    show(told)
    if once:
        as_json(told.as_data())
    else:
        OUT.print("Sign in as one of three invented people: " + ", ".join(told.logins), highlight=False)
        serve(address, workers=2, jobs=True)


def show(told: Summary) -> None:
    """One screen: what came in, who is worth what, who may be written to, what it brought."""
    OUT.print(
        f"\n{told.order_lines:,} real order lines of {told.customers:,} households (people invented), "
        f"{told.rows_set_aside:,} rows set aside. As of {told.as_of}.", highlight=False
    )  # fmt: skip
    table("Groups", ("group", "customers"), told.groups.items())
    table("Leaky bucket, last month", ("", "people", "money"), [
        (name, told.bucket[name], f"{told.bucket[name + '_minor'] / 100:,.0f}") for name in MONEY
    ])  # fmt: skip
    lists = told.lists
    table(
        "The three lists",
        ("list", "people"),
        [(name, lists[name]) for name in ("due", "bought", "within_grace", "lapsed")],
    )
    table("Segments", ("segment", "people"), told.segments.items())
    _show_campaign(told)


def _show_campaign(told: Summary) -> None:
    steps_taken = [
        (step["rule"], f"−{step['taken']:,}", f"{step['left']:,}") for step in told.funnel["steps"] if step["is_asked"]
    ]
    table(
        "Campaign: who may be written to",
        ("rule", "takes out", "left"),
        [("everybody", "", f"{told.funnel['everyone']:,}"), *steps_taken],
    )
    test, effect = told.campaign["test"], told.campaign["effect"]
    OUT.print(
        f"Test answered {_percent(test['value'])} ({_percent(test['low'])} to {_percent(test['high'])}); against the "
        f"hold-out {_points(effect['value'])} points ({_points(effect['low'])} to {_points(effect['high'])}). The real "
        "coupons of 2017 went to both groups: nineteen times in twenty an honest comparison finds nothing.",
        highlight=False,
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _points(share: float) -> str:
    return f"{share * 100:+.1f}"
