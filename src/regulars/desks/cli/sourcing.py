"""`regulars source …`: the register of sources and the terms their data came under."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.desks.cli.asking import DAY, by_role, json_option
from regulars.desks.cli.saying import Money, as_json, facts, table, tell
from regulars.desks.shared.cleaning_words import why
from regulars.desks.shared.figures import number
from regulars.desks.shared.source_words import LAWFUL_BASES as BASES_SAID
from regulars.desks.shared.source_words import PERMITTED, RULES_SAID, SOURCE_KINDS, SOURCE_TASKS
from regulars.desks.shared.words import say
from regulars.journeys.expire_sources import THINGS, believe_by
from regulars.records.company.access import company, now
from regulars.records.customers.saying import rules_in_force
from regulars.records.intake.access import SourceLine, source_lines
from regulars.records.intake.actions import describe_source, ensure_source
from regulars.records.intake.source_tasks import source_tasks
from regulars.rules.cleaning.cleaned import JUDGEMENTS
from regulars.rules.intake.choosing import RULES
from regulars.rules.intake.money import digits_of
from regulars.rules.intake.sources import LAWFUL_BASES, LEAST_TRUST, MOST_TRUST, SOURCE_PURPOSES
from regulars.rules.intake.sources import SOURCE_KINDS as KINDS
from regulars.rules.permission.errors import NotThere


@click.group()
def source_command() -> None:
    """See where data comes from, and say under which terms."""


@source_command.command("list")
@json_option
def list_sources(in_json: bool) -> None:
    """List all sources: whose they are, what they cost, until when they are kept, which are overdue."""
    at, lines = now(), source_lines(by=by_role("steward"))
    if in_json:
        as_json([asdict(one) | {"overdue": one.is_overdue(at)} for one in lines])
        return
    headings = ("source", "kind", "owner", "rows", "costs", "kept until", "last file", "overdue")
    table(_("Sources"), headings, [_row(one, at) for one in lines])


@source_command.command("tasks")
@json_option
def list_tasks(in_json: bool) -> None:
    """List what has to be said of sources before more of them comes in: columns or messages that changed."""
    found = source_tasks(by=by_role("steward"))
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.source_ref, say(SOURCE_TASKS, one.kind) % one.told, one.owner, one.opened_at) for one in found]
    table(_("Waits for whoever answers for it"), ("source", "what", "owner", "since"), rows)


@source_command.command("show")
@click.argument("ref")
@json_option
def show_source(ref: str, in_json: bool) -> None:
    """Show one source with everything that is said of it."""
    line = _line(ref)
    if in_json:
        as_json(asdict(line) | {"overdue": line.is_overdue(now())})
        return
    facts(line.source.name, _told(line))


@source_command.command("say")
@click.argument("ref")
@click.option("--name", help="What people call it.")
@click.option("--owner", help="Who answers for it.")
@click.option("--kind", type=click.Choice(KINDS), help="Our own, somebody else's, or a list that was bought.")
@click.option("--supplier", help="From whom it comes.")
@click.option("--licence", help="The contract, and what it allows.")
@click.option("--basis", "lawful_basis", type=click.Choice(LAWFUL_BASES), help="The lawful basis.")
@click.option(
    "--purpose", "purposes", type=click.Choice(SOURCE_PURPOSES), multiple=True,
    help="What its data may be used for; may be repeated.",
)  # fmt: skip
@click.option("--cost", type=Decimal, help="What a refresh costs, or the list once, in the company's currency.")
@click.option("--expires", "expires_on", type=DAY, help="The last day its data may be kept.")
@click.option("--every", "refresh_days", type=click.IntRange(1, 3_650), help="A new file every so many days.")
@click.option("--trust", type=click.IntRange(LEAST_TRUST, MOST_TRUST), help="How far it is trusted, 5 the most.")
@click.option(
    "--leave", type=click.Choice(JUDGEMENTS), multiple=True,
    help="A change that cleaning does not make of what it sends; may be repeated, and replaces what was said before.",
)  # fmt: skip
@click.option("--leave-nothing", is_flag=True, help="Cleaning makes every change again.")
def say_source(ref: str, leave_nothing: bool, cost: Decimal | None, expires_on: datetime | None, **told: Any) -> None:
    """Say something of a source; it is opened if there is none. What is left out stays as it is."""
    by, currency = by_role("steward"), company().currency
    said = {name: value for name, value in told.items() if value not in (None, ())}
    said |= {"purposes": list(told["purposes"])} if told["purposes"] else {}
    said |= {"leave": [] if leave_nothing else list(told["leave"])} if leave_nothing or told["leave"] else {}
    said |= {} if expires_on is None else {"expires_on": expires_on.date()}
    if cost is not None:
        said |= {"cost_minor": int(cost.scaleb(digits_of(currency)).to_integral_value()), "currency": currency}
    opened = ensure_source(ref, by=by, at=now(), name=said.get("name", ""))
    describe_source(opened.id, by=by, **said)
    tell(_("Noted."))


@source_command.command("believe")
@click.argument("thing", required=False)
@click.argument("rule", required=False, type=click.Choice(sorted(RULES)))
@json_option
def believe(thing: str | None, rule: str | None, in_json: bool) -> None:
    """Show by which rule sources are believed, or say another: the more trusted first, or the newest.

    THING is a field, or `name` or `place` for all that is chosen together. What somebody confirmed goes before either.
    """
    if thing and rule:
        changed = believe_by(thing, rule, by=by_role("steward"), at=now())
        tell(
            ngettext("%(n)s record shows something else now.", "%(n)s records show something else now.", changed)
            % {"n": number(changed)}
        )
    rules = rules_in_force()
    if in_json:
        as_json({one: rules[one] for one in THINGS})
        return
    table(_("Which source is believed"), ("field", "rule"), [(one, say(RULES_SAID, rules[one])) for one in THINGS])


def _line(ref: str) -> SourceLine:
    found = next((one for one in source_lines(by=by_role("steward")) if one.source.ref == ref), None)
    if found is None:
        raise NotThere("no_such_source", {"source": ref})
    return found


def _row(line: SourceLine, at: datetime) -> tuple[object, ...]:
    source = line.source
    return (
        source.ref, say(SOURCE_KINDS, source.kind), source.owner, line.rows_new, _cost(line), source.expires_on,
        line.last_at, line.is_overdue(at),
    )  # fmt: skip


def _told(line: SourceLine) -> dict[str, object]:
    source = line.source
    return {
        "source": source.ref, "kind": say(SOURCE_KINDS, source.kind), "owner": source.owner,
        "supplier": source.supplier, "licence": source.licence, "basis": say(BASES_SAID, source.lawful_basis),
        "may serve": ", ".join(say(PERMITTED, one) for one in source.purposes), "costs": _cost(line),
        "kept until": source.expires_on, "trust": source.trust, "every so many days": source.refresh_days,
        "left as it is by cleaning": ", ".join(map(why, source.leave)),
        "last file": line.last_at, "overdue": line.is_overdue(now()), "files": line.files, "rows": line.rows_new,
        "set aside": line.rows_refused,
    }  # fmt: skip


def _cost(line: SourceLine) -> Money | None:
    source = line.source
    return None if source.cost_minor is None else Money(source.cost_minor, source.currency)
