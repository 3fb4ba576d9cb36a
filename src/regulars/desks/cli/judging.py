"""`regulars quality …`: how good the data is, and whom to ask again."""

from dataclasses import asdict

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import because_option, by_role, json_option, limit_option, role_option
from regulars.desks.cli.saying import Money, as_json, table, tell
from regulars.desks.shared.figures import number, percent
from regulars.desks.shared.quality_words import COSTS, FIELDS, asks_said
from regulars.desks.shared.words import say
from regulars.journeys.keep_quality import count_by_night, hand_out_cases, look_at_quality
from regulars.records.company.access import now
from regulars.records.staff.access import everybody
from regulars.rules.permission.errors import BadInput
from regulars.rules.quality.fields import BY_KEY
from regulars.rules.quality.shares import shares_of, together


@click.group()
def quality_command() -> None:
    """How good the data is."""


@quality_command.command("show")
@role_option("steward")
@json_option
def show(role: str, in_json: bool) -> None:
    """Show how complete, right and recent each field was last night, where sources disagree, and what bad data cost."""
    found = look_at_quality(by=by_role(role), because="quality", limit=1)
    tonight = [one for one in found.figures if one.on == found.on]
    if in_json:
        costs = [asdict(one) for one in found.costs]
        conflicts = [asdict(one) for one in found.conflicts if one.on == found.on]
        figures = [asdict(one) for one in tonight]
        as_json({"on": found.on, "figures": figures, "conflicts": conflicts, "costs": costs})
        return
    if found.on is None:
        tell(_("Nothing has been counted yet."))
        return
    rows = [
        (
            say(FIELDS, one.field),
            one.people,
            *(percent(part) for part in (told.complete, told.valid, told.fresh, told.disputed, told.confirmed)),
        )
        for one in together(tonight)
        if one.field in BY_KEY and (told := shares_of(one))
    ]
    table(_("Quality"), ("field", "people", "complete", "valid", "fresh", "disputed", "confirmed"), rows)
    names = {one.id: one.name for one in found.sources}
    against = [
        (names.get(one.source_id or 0, ""), say(FIELDS, one.field), one.said, one.against)
        for one in found.conflicts if one.on == found.on
    ]  # fmt: skip
    table(_("Where sources disagree"), ("source", "field", "beside another word", "another is believed"), against)
    money = [
        (say(COSTS, one.kind), one.cases, Money(one.cost_minor, one.currency) if one.currency else "")
        for one in found.costs
    ]
    table(_("What it costs"), ("what", "cases", "money"), money)


@quality_command.command("ask")
@role_option("steward")
@because_option
@limit_option(50, 1_000)
@json_option
def ask(role: str, because: str, limit: int, in_json: bool) -> None:
    """List whom to ask again, for what and why."""
    found = look_at_quality(by=by_role(role), because=because, limit=limit).cases
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.number, one.name or "", asks_said(one.asks), one.owner or "") for one in found]
    table(_("Whom to ask again"), ("customer", "name", "what", "owner"), rows)


@quality_command.command("hand-out")
@click.option("--owner", "owners", multiple=True, help="Whose tasks they are (sign-in name); may be repeated.")
@because_option
@limit_option(20, 1_000)
def hand_out(owners: tuple[str, ...], because: str, limit: int) -> None:
    """Make the first of that list tasks, of these people in turn or offered to all."""
    known = {one.username: one.id for one in everybody()}
    for name in owners:
        if name not in known:
            raise BadInput("no_such_staff", {"username": name})
    done = hand_out_cases(limit, [known[one] for one in owners], by=by_role("steward"), because=because, at=now())
    tell(_("%(n)s tasks.") % {"n": number(done)})


@quality_command.command("count")
def count() -> None:
    """Count now what is counted every night."""
    by_role("steward")
    tell(_("%(n)s figures.") % {"n": number(count_by_night(at=now()))})
