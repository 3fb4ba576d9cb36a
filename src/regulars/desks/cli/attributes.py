"""`regulars attributes …`: a company's own attributes, from the first word to the last value."""

from dataclasses import asdict

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import because_option, by_role, json_option, role_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.words import DATA_CLASSES, say
from regulars.journeys.keep_own_attributes import (
    Classing,
    Kept,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
    kept_attributes,
    retire_own_attribute,
)
from regulars.records.company.access import now
from regulars.rules.privacy.dictionary import PURPOSES, Class
from regulars.rules.privacy.keeping import AS_LONG_AS_CUSTOMER
from regulars.rules.privacy.own_attributes import COARSE, KINDS, OwnAttribute, read_choice, usual_purposes

ROUGH = sorted({how for some in COARSE.values() for how in some})


@click.group()
def attributes_command() -> None:
    """Add attributes of the company's own, class them, fill them."""


@attributes_command.command("list")
@role_option("officer")
@json_option
def list_attributes(role: str, in_json: bool) -> None:
    """List them: class, purposes, which view shows what, how many values."""
    kept = kept_attributes(by=by_role(role))
    if in_json:
        as_json([_plain(one) for one in kept])
        return
    language = get_language() or "en"
    table(
        _("Own attributes"),
        ("key", "means", "kind", "class", "seen through", "values"),
        [
            (one.what.key, one.what.label_in(language), one.what.kind, _class(one), ", ".join(one.shown), one.values)
            for one in kept
        ],
    )


@attributes_command.command("add")
@click.argument("key")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What its values are.")
@click.option("--label", required=True, help="What it is called in English.")
@click.option("--label-zh", required=True, help="What it is called in Chinese.")
@click.option("--choice", "choices", multiple=True, help="For a choice: KEY=ENGLISH/CHINESE. May come again.")
def add(key: str, kind: str, label: str, label_zh: str, choices: tuple[str, ...]) -> None:
    """Add an attribute; until the privacy officer classes it, nobody sees it."""
    what = OwnAttribute(key, kind, label, label_zh, tuple(map(read_choice, choices)))
    add_own_attribute(what, by=by_role("steward"), at=now())
    tell(_("It may be filled now. Nobody sees it before the privacy officer has classed it."))


@attributes_command.command("class")
@click.argument("key")
@click.option(
    "--class",
    "data_class",
    type=click.Choice([str(one) for one in Class]),
    required=True,
    help="How close it is to the person.",
)
@click.option("--category", default="user", show_default=True, help="A fideslang category, such as user.demographic.")
@click.option(
    "--purpose",
    "purposes",
    type=click.Choice(PURPOSES),
    multiple=True,
    help="What it may serve. May come again; otherwise what is usual for the class.",
)
@click.option(
    "--coarse", type=click.Choice(ROUGH), default="keep", show_default=True, help="How everyday views show it."
)
@click.option(
    "--coarser", type=click.Choice(ROUGH), default="gone", show_default=True, help="How views without names show it."
)
@click.option(
    "--keep", default=AS_LONG_AS_CUSTOMER, show_default=True, help="How long, such as “730 days after last_purchase”."
)
def class_(
    key: str, data_class: str, category: str, purposes: tuple[str, ...], coarse: str, coarser: str, keep: str
) -> None:
    """Class an attribute; each view shows it accordingly when this ends."""
    serves = frozenset(purposes) or usual_purposes(data_class)
    said = Classing(data_class, category, serves, coarse, coarser, keep)
    kept = class_own_attribute(key, said, by=by_role("officer"), at=now())
    tell(_("Seen through: %(views)s. %(n)s values lie as the class wants.") % {
        "views": ", ".join(kept.shown) or "–", "n": number(kept.values),
    })  # fmt: skip


@attributes_command.command("set")
@click.argument("customer", metavar="NUMBER")
@click.argument("key")
@click.argument("value")
@because_option
@role_option("steward")
def set_(customer: str, key: str, value: str, because: str, role: str) -> None:
    """Write what is known of one customer; an empty VALUE takes it out."""
    fill_own_attribute(customer, key, value, by=by_role(role), because=because, at=now())
    tell(_("Noted."))


@attributes_command.command("retire")
@click.argument("key")
def retire(key: str) -> None:
    """Retire an attribute: nobody sees it any more, and its values go."""
    retire_own_attribute(key, by=by_role("officer"), at=now())
    tell(_("Nobody sees it any more. Its values go with the next night."))


def _class(one: Kept) -> str:
    return say(DATA_CLASSES, one.what.data_class) if one.what.data_class else _("not classed")


def _plain(one: Kept) -> dict[str, object]:
    return asdict(one.what) | {"purposes": sorted(one.what.purposes), "shown": one.shown, "values": one.values}
