"""`regulars customer`, `regulars choice`, `regulars portal-link`."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import click
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import because_option, by_role, json_option, limit_option, role_option, typed_or_piped
from regulars.desks.cli.saying import Money, as_json, facts, table, tell
from regulars.desks.shared.cleaning_words import all_of
from regulars.desks.shared.counted_words import GROUPS, STATES
from regulars.desks.shared.customer_words import CHOICE_SOURCES
from regulars.desks.shared.figures import number
from regulars.desks.shared.intake_words import MEANINGS, WAYS
from regulars.desks.shared.own_said import own_in_words, own_label
from regulars.desks.shared.source_words import WHY_BELIEVED
from regulars.desks.shared.words import CHANNELS, CHOICES, CLOSED, PURPOSES, say
from regulars.journeys.erase_customer import Tombstone, demand_there, erase_customer, proof_of_erasure
from regulars.journeys.give_portal_link import give_portal_link, take_links_back
from regulars.journeys.need_to_know import customer_is_here
from regulars.journeys.open_customer import CustomerCard, open_card
from regulars.journeys.read_choices import read_choices
from regulars.journeys.recognise_customer import recognise_customer
from regulars.journeys.show_own_record import copy_of_own_data
from regulars.journeys.take_in_own_file import take_in_own_file
from regulars.journeys.where_from import Origins, confirm_value, correct_value, take_back_correction, where_from
from regulars.journeys.withdraw_consent import set_choice
from regulars.records.company.access import company, now
from regulars.records.dictionary import DICTIONARY
from regulars.rules.intake.meanings import own_attribute_of
from regulars.rules.permission import choices
from regulars.rules.permission.errors import NotThere

SAID_AT_TERMINAL: Final = "said to the person at the terminal"
#: As over HTTP: who wants more has to say more, and a list is no search.
FOUND_AT_MOST: Final = 100
HOW_SAID: Final = ("counter", "phone", "reply", "browser_signal", "officer")


@click.group()
def customer_command() -> None:
    """Find and open customers."""


@customer_command.command("find")
@click.argument("text")
@limit_option(20, FOUND_AT_MOST)
@because_option
@role_option("service")
@json_option
def find(text: str, limit: int, because: str, role: str, in_json: bool) -> None:
    """Find by name (also pinyin), number, exact phone number or mail address.

    A dash for TEXT reads it from standard input: others on the machine see in its list of processes what stands in the
    call.
    """
    found = recognise_customer(typed_or_piped(text), by=by_role(role), because=because, limit=limit)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(
        _("Found"),
        ("number", "name", "city", "last visit", "state"),
        [
            (one.customer.number, one.customer.name, one.customer.city, one.last_at, say(STATES, one.state))
            for one in found
        ],
    )


@customer_command.command("show")
@click.argument("customer")
@because_option
@click.option("--case", "case", default="", help="The task, complaint or order you work on; a protected file wants it.")
@role_option("service")
@json_option
def show(customer: str, because: str, case: str, role: str, in_json: bool) -> None:
    """Open one customer's card, as far as the role's view shows it."""
    card = open_card(customer, by=replace(by_role(role), reference=case), because=because, at=now())
    as_json(asdict(card)) if in_json else _tell_card(card)


@customer_command.command("sources")
@click.argument("customer")
@because_option
@click.option("--confirm", default="", metavar="FIELD", help="Confirm what a source says of this field.")
@click.option("--source", default="", help="The source that is confirmed, by its name; the believed one when not said.")
@role_option("service")
@json_option
def show_sources(customer: str, because: str, confirm: str, source: str, role: str, in_json: bool) -> None:
    """Tell where each field comes from, why it is believed and what other sources say; confirm one of them."""
    by = by_role(role)
    found = where_from(customer, by=by, because=because)
    if confirm:
        fields = (*found.fields, *(own_in_words(one, "en") for one in found.own))
        said = next((one for one in fields if one.field == confirm), None)
        known = [one for one in (said.best, *said.others) if one] if said else []
        picked = next((one for one in known if source in ("", one.source)), None)
        if picked is None:
            raise NotThere("source_says_nothing", {"field": confirm[:40]})
        confirm_value(customer, confirm, picked.source_id, by=by, because=because, at=now())
        found = where_from(customer, by=by, because=because)
    if in_json:
        as_json([asdict(one) for one in (*found.fields, *(own_in_words(one, "en") for one in found.own))])
        return
    table(_("Where it comes from"), ("field", "value", "source", "said on", "why"), _origin_rows(found))


@customer_command.command("originals")
@click.argument("customer")
@because_option
@role_option("service")
@json_option
def show_originals(customer: str, because: str, role: str, in_json: bool) -> None:
    """Tell how values came, where cleaning changed them, and why; what your view does not open is left out."""
    found = where_from(customer, by=by_role(role), because=because)
    if in_json:
        as_json([asdict(one) for one in found.came])
        return
    rows = [
        (say(MEANINGS, one.field), one.original, one.became, all_of(one.reasons), one.source, one.noted_at)
        for one in found.came
    ]
    table(_("As it came"), ("field", "as it came", "value", "why", "source", "said on"), rows)


def _origin_rows(found: Origins) -> list[tuple[object, ...]]:
    """The believed value of each field, and below it what others say."""
    rows: list[tuple[object, ...]] = []
    named = [(say(MEANINGS, one.field), one) for one in found.fields]
    spoken = get_language() or "en"
    named += [(one.what.label_in(spoken), own_in_words(one, spoken)) for one in found.own]
    for label, one in named:
        if one.best:
            said = (one.best.value, one.best.source, one.best.said_at, say(WHY_BELIEVED, one.why))
            rows.append((label, *said))
        rows += [("", other.value, other.source, other.said_at, "") for other in one.others]
    for point in found.points:
        rows += [(say(WAYS, point.channel), "…", source, at, "") for source, at in point.said]
    return rows


@customer_command.command("correct")
@click.argument("customer")
@click.argument("field")
@click.argument("value", default="")
@because_option
@click.option("--take-back", is_flag=True, help="Take back what she was noted to have said of it.")
@role_option("service")
def correct(customer: str, field: str, value: str, because: str, take_back: bool, role: str) -> None:
    """Write down what the customer herself says a field is; it is believed from then on."""
    if take_back:
        take_back_correction(customer, field, by=by_role(role), because=because, at=now())
        key = own_attribute_of(field)
        words = {"field": own_label(key) if key else say(MEANINGS, field)}
        tell(_("Taken back. What sources say of %(field)s counts again.") % words)
        return
    correct_value(customer, field, value, by=by_role(role), because=because, at=now())
    tell(_("Written down, and believed from now on."))


@customer_command.command("here")
@click.argument("customer")
@click.option("--said", required=True, help="The whole phone number, e-mail or customer number she says.")
@role_option("service")
def here(customer: str, said: str, role: str) -> None:
    """Say that the customer is here, where files open for a given reason only; hers does for half an hour."""
    customer_is_here(customer, said, by=by_role(role))
    tell(_("Open for half an hour. The privacy officer reads that you said so."))


@customer_command.command("erase")
@click.argument("customer")
@click.option("--because", required=True, help="Why she is erased; it stands in the proof.")
@click.option("--reference", required=True, help="The case it is done for: a task, a letter, a court order.")
@click.option("--copy", "copy_to", type=click.Path(path_type=Path), help="First write all that is held there.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@json_option
def erase(customer: str, because: str, reference: str, copy_to: Path | None, yes: bool, in_json: bool) -> None:
    """Erase a customer for good.

    Nobody can find, read or reach her any more, nor in a backup. What she bought stays, as somebody's.
    """
    by, at = by_role("officer"), now()
    demand_there(customer, by=by, because=because)
    if copy_to:
        write_copy(copy_of_own_data(customer, by=by, at=at), copy_to)
    if not yes:
        click.confirm(_("Erase %(customer)s for good? Nothing brings her back.") % {"customer": customer}, abort=True)
    _tell_tombstone(erase_customer(customer, by=by, because=because, reference=reference, at=at), in_json)


@customer_command.command("bring-back")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def bring_back(file: Path, in_json: bool) -> None:
    """Bring in the file a customer took along.

    She is a customer here afterwards, with what she said and what she bought. Bringing it again changes nothing.
    """
    try:
        held = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        held = {}
    done = take_in_own_file(held, by=by_role("officer"), at=now())
    if in_json:
        as_json(asdict(done))
        return
    words = {"number": done.number, "lines": number(done.order_lines), "choices": number(done.choices)}
    tell(_("She is %(number)s here. New order lines: %(lines)s; new choices: %(choices)s.") % words)


@customer_command.command("erased")
@click.argument("customer")
@because_option
@json_option
def erased(customer: str, because: str, in_json: bool) -> None:
    """Show the proof that the customer who had a number was erased."""
    _tell_tombstone(proof_of_erasure(customer, by=by_role("officer"), because=because), in_json)


@click.group()
def choice_command() -> None:
    """See what a customer allows, and write it down."""


@choice_command.command("show")
@click.argument("customer")
@because_option
@role_option("service")
@json_option
def show_choices(customer: str, because: str, role: str, in_json: bool) -> None:
    """Show what holds, and since when."""
    held = read_choices(customer, by=by_role(role), because=because)
    if in_json:
        as_json(asdict(held))
        return
    table(
        _("What holds"),
        ("for", "by", "said", "holds"),
        [
            (say(PURPOSES, one.purpose), say(CHANNELS, one.channel), say(CHOICES, one.said), one.holds)
            for one in held.choices
        ],
    )
    table(
        _("What was said"),
        ("when", "for", "by", "said", "how", "written down by"),
        [
            (
                one.at,
                say(PURPOSES, one.purpose),
                say(CHANNELS, one.channel),
                say(CHOICES, one.value),
                say(CHOICE_SOURCES, one.source),
                one.by,
            )
            for one in held.history
        ],
    )


@choice_command.command("set")
@click.argument("customer")
@click.argument("purpose", type=click.Choice(choices.PURPOSES))
@click.argument("value", type=click.Choice(choices.VALUES))
@click.option(
    "--channel", type=click.Choice(choices.CHANNELS), default=None, help="Direct marketing: only this channel."
)
@click.option("--wording", default=SAID_AT_TERMINAL, help="The very words the customer said or saw.")
@click.option("--brand", default="", help="Only this brand: an exception to the purpose as a whole.")
@click.option("--topic", default="", help="Only this topic: an exception to the purpose as a whole.")
@click.option("--guardian", "by_guardian", is_flag=True, help="A child's parent or guardian says it.")
@click.option("--how", type=click.Choice(HOW_SAID), default="counter", show_default=True, help="How it was said.")
@because_option
@role_option("service")
@json_option
def set_one(
    customer: str,
    purpose: str,
    value: str,
    channel: str | None,
    wording: str,
    brand: str,
    topic: str,
    by_guardian: bool,
    how: str,
    because: str,
    role: str,
    in_json: bool,
) -> None:
    """Write down a choice; it holds for the next statement of everybody."""
    made = set_choice(
        customer,
        purpose=purpose,
        channel=channel or "",
        value=value,
        by=by_role(role),
        because=because,
        source=how,
        wording=wording,
        at=now(),
        brand=brand,
        topic=topic,
        by_guardian=by_guardian,
    )
    if in_json:
        as_json(asdict(made))
        return
    what = " · ".join(filter(None, (say(PURPOSES, made.purpose), say(CHANNELS, made.channel), made.brand, made.topic)))
    tell(f"{what}: {say(CHOICES, made.before)} → {say(CHOICES, made.value)}")
    words = ngettext("%(n)s planned contact called off.", "%(n)s planned contacts called off.", made.called_off)
    tell(words % {"n": number(made.called_off)})


@click.command()
@click.argument("customer")
@click.option("--take-back", is_flag=True, help="End every link of the customer instead.")
@because_option
@role_option("service")
def portal_link_command(customer: str, take_back: bool, because: str, role: str) -> None:
    """Make a link to a customer's own page.

    It is shown this once, and valid for thirty days.
    """
    by, at = by_role(role), timezone.now()  # a link ends by the clock on the wall, whatever the business day
    if take_back:
        ended = take_links_back(customer, by=by, because=because, at=at)
        tell(ngettext("%(n)s link ended.", "%(n)s links ended.", ended) % {"n": number(ended)})
    else:
        tell(give_portal_link(customer, by=by, because=because, at=at))


def write_copy(held: Mapping[str, Any], path: Path) -> None:
    """The take-along file, readable by this account only."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(held, file, ensure_ascii=False, indent=1)


def _tell_tombstone(left: Tombstone, in_json: bool) -> None:
    if in_json:
        as_json(asdict(left))
        return
    tell(_("Erased. This is what is left:"))
    told = {"when": left.at, "by": left.who, "why": left.because, "reference": left.reference}
    facts("", told | {"destroyed key": left.key_digest, "forgotten": left.forgotten_at})
    closed = [(say(CLOSED, what), count) for what, count in left.closed.items() if count]
    if closed:
        table(_("Closed with it"), ("what", "how many"), closed)


def _tell_card(card: CustomerCard) -> None:
    one, currency = card.facts, company().currency
    tell(f"{one.number} {one.name or ''}" + (f" ({_('invented')})" if one.invented else ""))
    facts(
        "",
        {
            "city": one.city,
            "branch": one.home_branch,
            "customer since": one.first_seen_on,
            "not shown to you": _labels(one.masked),
            "only roughly": _labels(one.coarse),
        },
    )
    if card.value:
        facts(
            "",
            {
                "group": say(GROUPS, card.value.rfm_group),
                "state": say(STATES, card.value.state),
                "orders": card.value.frequency,
                "money": Money(card.value.monetary_minor, currency),
                "due": card.value.due_on,
            },
        )
    table(
        _("What holds"),
        ("for", "by", "said", "holds"),
        [(say(PURPOSES, c.purpose), say(CHANNELS, c.channel), say(CHOICES, c.said), c.holds) for c in card.choices],
    )
    table(
        _("Orders"),
        ("when", "number", "branch", "lines", "money"),
        [(o.at, o.ref, o.branch, len(o.lines), Money(o.amount_minor, o.currency)) for o in card.orders],
    )


def _labels(columns: frozenset[str]) -> str:
    """Columns of the record by the names the dictionary gives them."""
    chinese = (get_language() or "").startswith("zh")
    known = {c.name: c.label_zh if chinese else c.label for t in DICTIONARY if t.name == "customer" for c in t.columns}
    return ", ".join(known.get(name, name) for name in sorted(columns))
