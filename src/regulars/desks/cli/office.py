"""Searching the log, `regulars dictionary`: for the privacy officer at the terminal."""

from dataclasses import asdict
from datetime import datetime

import click
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import DAY, by_role, json_option, limit_option
from regulars.desks.cli.saying import as_json, table
from regulars.desks.shared.figures import number
from regulars.desks.shared.log_words import DOORS, said_because
from regulars.desks.shared.words import DATA_CLASSES, PURPOSES, VIEWS, say
from regulars.journeys.tell_dictionary import dictionary_as
from regulars.records.access_log.search import LogSearch, search_log
from regulars.records.customers.access import open_customer
from regulars.records.dictionary import DICTIONARY
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.views import BY_NAME, treatment


@click.command()
@click.argument("text", default="")
@click.option("--view", type=click.Choice(sorted(BY_NAME)), default=None, help="Only through this view.")
@click.option("--denied", is_flag=True, help="Only what was refused.")
@click.option("--customer", default=None, help="Only about this customer, by number.")
@click.option("--since", type=DAY, default=None, help="From this day on.")
@click.option("--until", type=DAY, default=None, help="Up to this day.")
@limit_option(50)
@json_option
def search_command(
    text: str,
    view: str | None,
    denied: bool,
    customer: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    in_json: bool,
) -> None:
    """Search who looked at what, and why.

    TEXT matches who, through which door, why or about which case.
    """
    by = by_role("officer")
    search = LogSearch(
        text=text,
        view=view or "",
        allowed=False if denied else None,
        customer_id=_id(customer, by),
        since=_aware(since),
        until=_aware(until),
    )
    found = search_log(search, by=by, size=limit)
    if in_json:
        as_json({"total": found.total, "lines": [asdict(one) for one in found.lines]})
        return
    headings = ("when", "who", "view", "purpose", "door", "why", "rows", "allowed")
    table(
        _("%(total)s lines") % {"total": number(found.total)},
        headings,
        [
            (
                one.at,
                one.who,
                say(VIEWS, one.view),
                say(PURPOSES, one.purpose),
                say(DOORS, one.door),
                said_because(one.because),
                one.rows,
                one.allowed,
            )
            for one in found.lines
        ],
    )


@click.command()
@click.argument("table_name", metavar="TABLE", required=False)
@click.option("--fides", is_flag=True, help="In the words of fideslang 3.1.4, as JSON (which is YAML too).")
@click.option("--dpv", is_flag=True, help="In the words of the W3C's Data Privacy Vocabulary, as JSON-LD.")
@json_option
def dictionary_command(table_name: str | None, fides: bool, dpv: bool, in_json: bool) -> None:
    """Show how every column is classed and shown."""
    if fides or dpv:
        as_json(dictionary_as("fides" if fides else "dpv"))
        return
    tables = [one for one in DICTIONARY if table_name in (None, one.name)]
    if in_json:
        as_json([asdict(one) for one in tables])
        return
    chinese = (get_language() or "").startswith("zh")
    for one in tables:
        headings = ("column", "means", "class", "standard", "anonymous")
        table(
            f"{one.name}: {one.meaning}",
            headings,
            [
                (
                    c.name,
                    c.label_zh if chinese else c.label,
                    say(DATA_CLASSES, str(c.class_)),
                    *(treatment(c, BY_NAME[view]) if view in one.views else "–" for view in ("standard", "anonymous")),
                )
                for c in one.columns
            ],
        )


def _id(number_of_customer: str | None, by: Asker) -> int | None:
    return open_customer(number_of_customer, by=by, because="access log")[0].id if number_of_customer else None


def _aware(day: datetime | None) -> datetime | None:
    return timezone.make_aware(day) if day else None
