"""`regulars group …`: households, company accounts, agents and channels."""

from collections.abc import Callable
from contextlib import nullcontext
from csv import writer
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Final, TextIO

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import DAY, because_option, by_role, json_option, role_option, typed_or_piped
from regulars.desks.cli.private_files import private_text
from regulars.desks.cli.saying import Money, as_json, facts, table, tell
from regulars.desks.shared.figures import number as number_said
from regulars.desks.shared.group_words import KINDS as KIND_WORDS
from regulars.desks.shared.group_words import ROLES as ROLE_WORDS
from regulars.desks.shared.group_words import called, tie_aside
from regulars.desks.shared.recognition_words import reason_said
from regulars.desks.shared.words import say
from regulars.journeys.import_ties import RowAside, import_ties
from regulars.journeys.keep_groups import (
    GroupSeen,
    accept_household,
    add_group,
    groups_on_card,
    look_at_group,
    look_for_groups,
    proposed_households,
    put_under,
    refuse_household,
    say_left,
    say_member,
    take_from_under,
)
from regulars.records.company.access import branches, now, today
from regulars.records.groups.access import Belonging
from regulars.records.groups.actions import NewGroup
from regulars.rules.groups.kinds import KINDS, KNOWN_BY, ROLES

SHOWN: Final = 20
EVERY_ROLE: Final = tuple(dict.fromkeys(role for roles in ROLES.values() for role in roles))
since_option = click.option("--since", type=DAY, help="From that day on; without it, as long as anybody knows.")
until_option = click.option("--until", type=DAY, help="Before that day; without it, to this day.")
day_option = click.option("--until", type=DAY, required=True, help="From that day on it is over.")


@click.group()
def group_command() -> None:
    """Households, company accounts, agents and channels."""


@group_command.command("find")
@click.argument("text")
@role_option("service")
@because_option
@json_option
def find(text: str, role: str, because: str, in_json: bool) -> None:
    """Find companies, agents and channels by name, reference or company code.

    A dash for TEXT reads it from standard input: others on the machine see in its list of processes what stands in the
    call.
    """
    found = look_for_groups(typed_or_piped(text), by=by_role(role), because=because)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.ref, say(KIND_WORDS, one.kind), one.name, one.company_code) for one in found]
    table(_("Groups"), ("reference", "kind", "name", "company code"), rows)


@group_command.command("show")
@click.argument("ref")
@role_option("service")
@because_option
@click.option("--on", type=DAY, help="As it stood on that day; else today.")
@since_option
@until_option
@json_option
def show(
    ref: str, role: str, because: str, on: datetime | None, since: datetime | None, until: datetime | None,
    in_json: bool,
) -> None:  # fmt: skip
    """Show who belongs to a group, what stands above and below it, and what its people did by branch and year."""
    within = _day(since), _day(until)
    seen = look_at_group(ref, by=by_role(role), because=because, on=_day(on) or today(), within=within)
    if in_json:
        as_json(seen_told(seen))
        return
    _tell_group(seen)


@group_command.command("of")
@click.argument("number")
@role_option("service")
@because_option
@json_option
def of_customer(number: str, role: str, because: str, in_json: bool) -> None:
    """Show what a customer belongs to, and with whom."""
    _facts, found = groups_on_card(number, by=by_role(role), because=because, on=today())
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(_("Groups"), ("reference", "kind", "name", "as what", "since", "until", "with"), map(_belonging, found))


@group_command.command("open")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--name", default="", help="What it is called; a household has no name.")
@click.option("--ref", default="", help="A reference of your own; else one is given.")
@click.option("--code", default="", help="The company code, as the register writes it.")
@click.option("--country", default="", help="Of the company code (ISO 3166), CN or another.")
@role_option("steward")
@json_option
def open_one(kind: str, name: str, ref: str, code: str, country: str, role: str, in_json: bool) -> None:
    """Open a household, company, agent or channel; a company's branch is a company put under it."""
    made = add_group(NewGroup(kind, name, ref, code, country), by=by_role(role), at=now())
    as_json({"ref": made}) if in_json else tell(made)


@group_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would become of the file.")
@click.option(
    "--set-aside", type=click.Path(dir_okay=False, writable=True, path_type=Path), default=None,
    help="Write the rows that cannot be kept, with reasons.",
)  # fmt: skip
@role_option("steward")
@json_option
def import_file(file: Path, dry_run: bool, set_aside: Path | None, role: str, in_json: bool) -> None:
    """Take in a file of ties: who lives together, whose contact somebody is, which branch stands under which company.

    Columns: group (or company code), kind, name, country, parent, customer, role, since, until.
    """
    with private_text(set_aside) if set_aside else nullcontext() as kept:
        aside = _noted(kept) if kept else None
        report = import_ties(file, dry_run=dry_run, aside=aside, by=by_role(role), at=now())
    if in_json:
        as_json({name: value for name, value in asdict(report).items() if name != "set_aside"})
        return
    tell(_("Only tried: nothing was kept.") if dry_run else _("Taken in."))
    told = {name: number_said(value) for name, value in asdict(report).items() if type(value) is int}
    facts(_("Ties"), {
        "rows": told["rows"], "new groups": told["groups"], "people joined": told["members"],
        "groups placed": told["places"], "known already": told["known"], "set aside": told["set_aside_rows"],
    })  # fmt: skip
    if report.set_aside:
        rows = [(one.row_number, tie_aside(one.reason, one.values)) for one in report.set_aside[:SHOWN]]
        table(_("Rows set aside"), ("row", "reason"), rows)


def _noted(file: TextIO) -> Callable[[RowAside], object]:
    """Writes each row set aside, with its reason in words."""
    lines = writer(file)
    lines.writerow(("row_number", "reason", "raw"))
    return lambda row: lines.writerow((row.row_number, tie_aside(row.reason, row.values), row.raw))


@group_command.command("proposed")
@role_option("steward")
@because_option
@json_option
def proposed(role: str, because: str, in_json: bool) -> None:
    """Show who seems to live together; comparing customers proposes them."""
    found = proposed_households(by=by_role(role), because=because)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [
        (", ".join(f"{who.name} {who.number}".strip() for who in one.members),
         ", ".join(dict.fromkeys(str(reason_said(step)) for step in one.reasons)))
        for one in found
    ]  # fmt: skip
    table(_("Proposed households"), ("who", "why"), rows)


@group_command.command("together")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--no", "refused", is_flag=True, help="They do not live together, and are not proposed again.")
@role_option("steward")
@because_option
@json_option
def together(numbers: tuple[str, ...], refused: bool, role: str, because: str, in_json: bool) -> None:
    """Say that those of a proposal, by their numbers, live together; or with --no, that they do not."""
    if refused:
        refuse_household(numbers, by=by_role(role), because=because, at=now())
        return
    ref = accept_household(numbers, by=by_role(role), because=because, at=now())
    as_json({"ref": ref}) if in_json else tell(ref)


@group_command.command("join")
@click.argument("ref")
@click.argument("number")
@click.option("--as", "as_what", type=click.Choice(EVERY_ROLE), required=True, help="As what she belongs to it.")
@click.option("--known-by", type=click.Choice(KNOWN_BY), default="told", show_default=True, help="How it is known.")
@since_option
@until_option
@role_option("steward")
@because_option
def join(
    ref: str, number: str, as_what: str, known_by: str, since: datetime | None, until: datetime | None, role: str,
    because: str,
) -> None:  # fmt: skip
    """Say that a customer belongs to a group."""
    new = say_member(
        number, ref, role=as_what, days=(_day(since), _day(until)), known_by=known_by, by=by_role(role),
        because=because, at=now(),
    )  # fmt: skip
    tell(_("Noted.") if new else _("That was known."))


@group_command.command("leave")
@click.argument("ref")
@click.argument("number")
@day_option
@role_option("steward")
@because_option
def leave(ref: str, number: str, until: datetime, role: str, because: str) -> None:
    """Say that a customer belongs to a group no more."""
    say_left(number, ref, until=until.date(), by=by_role(role), because=because)
    tell(_("Noted."))


@group_command.command("under")
@click.argument("ref")
@click.argument("parent")
@since_option
@until_option
@role_option("steward")
def under(ref: str, parent: str, since: datetime | None, until: datetime | None, role: str) -> None:
    """Put a group under another: a branch under its company, a company under an agent."""
    new = put_under(ref, parent, days=(_day(since), _day(until)), by=by_role(role), at=now())
    tell(_("Noted.") if new else _("That was known."))


@group_command.command("from-under")
@click.argument("ref")
@click.argument("parent")
@day_option
@role_option("steward")
def from_under(ref: str, parent: str, until: datetime, role: str) -> None:
    """Take a group from under another."""
    take_from_under(ref, parent, until=until.date(), by=by_role(role))
    tell(_("Noted."))


def seen_told(seen: GroupSeen) -> dict[str, object]:
    """The group and its sums for a program."""
    opened = seen.opened
    return {
        "group": asdict(opened.facts), "above": [asdict(one) for one in opened.above],
        "below": [asdict(one) for one in opened.below], "members": [asdict(one) for one in opened.members],
        "people": seen.summed.people, "cells": [asdict(one) for one in seen.summed.cells],
        "children": [
            {"ref": group.ref, "cells": [asdict(one) for one in cells]} for group, cells in seen.summed.children
        ],
    }  # fmt: skip


def _tell_group(seen: GroupSeen) -> None:
    opened = seen.opened
    path = [*reversed(opened.above), opened.facts]
    tell(" › ".join(called(one) for one in path))
    rows = [
        (one.number, one.name or "", say(ROLE_WORDS, one.role or ""), one.since_on or "", one.until_on or "")
        for one in opened.members
    ]
    table(_("Who belongs to it"), ("customer", "name", "as what", "since", "until"), rows)
    if opened.below:
        table(_("Below it"), ("reference", "name"), [(one.group.ref, called(one.group)) for one in opened.below])
    names = {one.id: one.name for one in branches()}
    summed = [
        (one.year, names.get(one.branch or 0, ""), one.people, one.orders, Money(one.amount_minor, one.currency),
         one.meetings)
        for one in seen.summed.cells
    ]  # fmt: skip
    table(_("By year and branch"), ("year", "branch", "people", "orders", "money", "meetings"), summed)


def _belonging(one: Belonging) -> tuple[object, ...]:
    beside = ", ".join(other.name or other.number for other in one.others)
    return (
        one.group.ref, say(KIND_WORDS, one.group.kind), one.group.name, say(ROLE_WORDS, one.role or ""),
        one.since_on or "", one.until_on or "", beside,
    )  # fmt: skip


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
