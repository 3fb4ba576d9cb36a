"""A household or company account as its page shows it: who, under and over which, and what came of it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.desks.shared.dates import day
from regulars.desks.shared.figures import money_exact, number
from regulars.desks.shared.group_words import KINDS, KNOWN_BY, ROLES, called, days_said
from regulars.desks.shared.parts import Cell, Column, Table
from regulars.desks.shared.words import say
from regulars.journeys.keep_groups import GroupSeen
from regulars.records.company.access import branches
from regulars.records.groups.access import Belonging, GroupFacts, MemberFacts
from regulars.rules.groups.telling import Cell as Sum
from regulars.rules.groups.telling import fewest


def group_url(ref: str) -> str:
    """The page of a group."""
    return reverse("service:group", args=[ref])


def group_page(seen: GroupSeen) -> dict[str, Any]:
    """What the page of a group is told."""
    opened, least = seen.opened, fewest(seen.opened.by.view)
    return {
        "group": opened.facts, "title": called(opened.facts), "kind": say(KINDS, opened.facts.kind),
        "path": [(called(one), group_url(one.ref)) for one in reversed(opened.above)],
        "members": members_table(opened.members), "below": _below(seen),
        "sums": sums_table(seen.summed.cells), "least": least if least > 1 else 0, "people": number(seen.summed.people),
    }  # fmt: skip


def found_table(found: Iterable[GroupFacts]) -> Table:
    """Groups that were found."""
    columns = [Column(_("Name")), Column(pgettext("group", "Kind")), Column(_("Company code")), Column(_("Reference"))]
    rows = [
        [
            Cell(called(one), url=group_url(one.ref), strong=True),
            say(KINDS, one.kind),
            one.company_code or None,
            one.ref,
        ]
        for one in found
    ]
    return Table(columns, rows, caption=_("Households and accounts"), close=True, keys=True)


def members_table(members: Iterable[MemberFacts]) -> Table | None:
    """Who belongs to a group; None when nobody is seen."""
    columns = [
        Column(_("Customer")), Column(_("As what")), Column(_("When")), Column(_("How it is known")),
    ]  # fmt: skip
    rows = [
        [
            Cell(one.name or one.number, url=reverse("service:customer", args=[one.number]), small=one.city or ""),
            say(ROLES, one.role or ""), _days_between(one), Cell(say(KNOWN_BY, one.known_by), tone="mid"),
        ]
        for one in members
    ]  # fmt: skip
    return Table(columns, rows, caption=_("Who belongs to it"), close=True, keys=True) if rows else None


def sums_table(cells: Iterable[Sum]) -> Table | None:
    """What its people did, by year and branch, and of each year the whole; None when there is nothing to tell."""
    names = {one.id: one.name for one in branches()}
    columns = [
        Column(_("Year")), Column(_("Branch")), Column(_("People"), numeric=True), Column(_("Orders"), numeric=True),
        Column(_("Money"), numeric=True), Column(_("Meetings"), numeric=True),
    ]  # fmt: skip
    rows = [
        [
            str(one.year), names.get(one.branch or 0, _("no branch noted")), one.people, one.orders,
            Cell(money_exact(one.amount_minor, one.currency)), one.meetings,
        ]
        for one in cells
    ]  # fmt: skip
    return Table(columns, rows, caption=_("By year and branch"), close=True) if rows else None


def belonging_drawn(one: Belonging) -> dict[str, Any]:
    """One group on the page of a customer."""
    days = _days_between(one)
    small = " · ".join(part for part in (say(ROLES, one.role or ""), days, say(KNOWN_BY, one.known_by)) if part)
    others = [
        (other.name or other.number, reverse("service:customer", args=[other.number]), say(ROLES, other.role or ""))
        for other in one.others
    ]
    return {
        "ref": one.group.ref, "title": called(one.group), "url": group_url(one.group.ref),
        "kind": say(KINDS, one.group.kind), "small": small, "others": others, "over": one.until_on is not None,
    }  # fmt: skip


def _below(seen: GroupSeen) -> Table | None:
    """The groups directly below, each with its sum of all years in the currency it is in."""
    sums = {group.ref: cells for group, cells in seen.summed.children}
    columns = [
        Column(_("Name")), Column(pgettext("group", "Kind")), Column(_("Orders"), numeric=True),
        Column(_("Money"), numeric=True),
    ]  # fmt: skip
    rows = [
        [
            Cell(called(one.group), url=group_url(one.group.ref)), say(KINDS, one.group.kind),
            sum(cell.orders for cell in sums[one.group.ref]) if one.group.ref in sums else None,
            Cell(_money(sums.get(one.group.ref, ()))),
        ]
        for one in seen.opened.below
    ]  # fmt: skip
    return Table(columns, rows, caption=_("Below it"), close=True) if rows else None


def _money(cells: Iterable[Sum]) -> str:
    found: dict[str, int] = {}
    for one in cells:
        found[one.currency] = found.get(one.currency, 0) + one.amount_minor
    return ", ".join(money_exact(minor, currency) for currency, minor in found.items()) or "–"


def _days_between(one: MemberFacts | Belonging) -> str:
    return days_said(day(one.since_on) if one.since_on else "", day(one.until_on) if one.until_on else "")
