"""`regulars trace`, `recheck`, `exports`, `canary`, `protect`: lists that left, and customers who are watched over."""

from dataclasses import asdict
from datetime import datetime
from typing import BinaryIO

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import DAY, because_option, by_person, by_role, json_option, limit_option, role_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.watching_words import ROW_ANSWERS, VERDICTS
from regulars.desks.shared.words import say
from regulars.journeys.canaries import answer_canary, plant_canary, uproot_canary
from regulars.journeys.protect_customer import protect_customer, unprotect_customer
from regulars.journeys.trace_list import recheck_list, trace_list
from regulars.records.company.access import now, today
from regulars.records.customers.inventing import Invented
from regulars.records.exports.access import exports
from regulars.records.exports.actions import end_export, set_expiry, set_rule
from regulars.records.watched.access import canaries, protected_customers, touches
from regulars.rules.noticing.lists import MOST_BYTES


@click.command()
@click.argument("file", type=click.File("rb"))
@because_option
@json_option
def trace_command(file: BinaryIO, because: str, in_json: bool) -> None:
    """Say from which export FILE comes (a table, or one entry a line; - for standard input).

    Rows and columns may be missing: numbers, names, mail addresses or phone numbers will do.
    """
    found = trace_list(file.read(MOST_BYTES + 1), by=by_role("officer"), because=because)
    if in_json:
        suspects = [asdict(facts) | {"verdict": one.verdict} | asdict(one.overlap) for facts, one in found.suspects]
        told: dict[str, object] = {
            "rows": found.rows,
            "recognised": found.recognised,
            "canaries": found.canaries,
            "suspects": suspects,
        }
        told["releases"] = [list(one) for one in found.releases]
        as_json(told | {"openers": [{"who": who, "customers": count} for who, count in found.openers]})
        return
    words = {"rows": number(found.rows), "known": number(found.recognised)}
    tell(_("%(rows)s rows, %(known)s of them about somebody here.") % words)
    rows = [
        (facts.id, facts.made_at, facts.made_by, facts.content, say(VERDICTS, one.verdict))
        for facts, one in found.suspects
    ]
    table(_("Where it comes from"), ("export", "when", "by", "what", "answer"), rows)
    if found.releases:
        table(
            _("Releases to partners that held these pseudonyms"),
            ("to", "release", "when", "rows"),
            list(found.releases),
        )
    if found.openers:
        table(_("Who opened contact data one by one"), ("by", "customers"), list(found.openers))


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--export", type=click.IntRange(1), default=None, help="The number of the export, if it is known.")
@because_option
@role_option("marketer")
@json_option
def recheck_command(file: BinaryIO, export: int | None, because: str, role: str, in_json: bool) -> int | None:
    """Say which rows of an old FILE must go before it is used; ends with 1 when any must."""
    found = recheck_list(file.read(MOST_BYTES + 1), export=export, by=by_role(role), because=because)
    if in_json:
        told = {"export": found.export, "expires_on": found.expires_on, "why": found.why}
        as_json(told | {"must_go": [asdict(one) for one in found.must_go], "rows": len(found.rows)})
    else:
        rows = [(one.line, one.known_by, say(ROW_ANSWERS, one.answer)) for one in found.must_go]
        if rows:
            table(_("Rows that must go"), ("line", "known by", "why"), rows)
        else:
            tell(_("Every row may be used."))
    return 1 if found.must_go else None


@click.group()
def exports_command() -> None:
    """See what left, and until when it may be used."""


@exports_command.command("list")
@limit_option(50)
@json_option
def list_exports(limit: int, in_json: bool) -> None:
    """List what left, the newest first."""
    total, found = exports(by=by_role("officer"), limit=limit)
    if in_json:
        as_json({"total": total, "exports": [asdict(one) for one in found]})
        return
    rows = [
        (
            one.id,
            one.made_at,
            one.made_by,
            one.content,
            one.rows,
            one.expires_on,
            say(ROW_ANSWERS, one.state(today())) if one.state(today()) else "",
        )
        for one in found
    ]
    table(_("What left"), ("export", "when", "by", "what", "rows", "until", "state"), rows)


@exports_command.command("end")
@click.argument("export", type=click.IntRange(1))
@because_option
def end(export: int, because: str) -> None:
    """None of its rows may be used any more."""
    end_export(export, because=because, by=by_role("officer"), at=now())
    tell(_("Ended."))


@exports_command.command("until")
@click.argument("export", type=click.IntRange(1))
@click.argument("day", type=DAY)
def until(export: int, day: datetime) -> None:
    """It may be used until DAY."""
    set_expiry(export, day.date(), by=by_role("officer"), at=now())
    tell(_("Kept."))


@exports_command.command("rule")
@click.option("--days", type=click.IntRange(1), required=True, help="How many days an export may be used.")
@click.option("--decoys/--no-decoys", default=True, help="With or without invented people among the rows of files.")
def rule(days: int, decoys: bool) -> None:
    """Say what holds for new exports."""
    set_rule(days=days, decoys=decoys, by=by_role("officer"), at=now())
    tell(_("Kept."))


@click.group()
def canary_command() -> None:
    """Plant invented customers, and hear who touched them."""


@canary_command.command("plant")
@click.argument("name")
@click.option("--email", default="", help="A mail address of your own.")
@click.option("--phone", default="", help="A phone number of your own.")
@click.option("--city", default="", help="Where she lives.")
@click.option("--note", default="", help="A note for yourself.")
def plant(name: str, email: str, phone: str, city: str, note: str) -> None:
    """Plant somebody called NAME who does not exist."""
    made = plant_canary(Invented(name, email, phone, city), note=note, by=by_role("officer"), at=now())
    tell(_("%(number)s is planted. Tell nobody.") % {"number": made})


@canary_command.command("list")
@json_option
def list_canaries(in_json: bool) -> None:
    """List the invented, and who touched them."""
    by = by_role("officer")
    planted, alarms = canaries(by=by), touches(by=by)
    if in_json:
        as_json({"canaries": [asdict(one) for one in planted], "alarms": [asdict(one) for one in alarms]})
        return
    table(_("Invented customers"), ("number", "name", "when", "by"),
          [(one.number, one.name, one.planted_at, one.planted_by) for one in planted])  # fmt: skip
    rows = [(one.id, one.at, one.name, one.number, one.door, one.export or "", one.answer) for one in alarms]
    table(_("Who touched them"), ("id", "when", "by", "number", "door", "export", "answer"), rows)


@canary_command.command("answer")
@click.argument("alarm", type=click.IntRange(1))
@because_option
def answer(alarm: int, because: str) -> None:
    """Answer an alarm: what came of it."""
    answer_canary(alarm, answer=because, by=by_person("officer"), at=now())
    tell(_("Kept."))


@canary_command.command("uproot")
@click.argument("customer")
def uproot(customer: str) -> None:
    """She raises no alarm any more."""
    uproot_canary(customer, by=by_role("officer"))
    tell(_("Kept."))


@click.command()
@click.argument("customer", required=False)
@click.option("--because", default="", help="Why she is protected.")
@click.option("--no-longer", is_flag=True, help="Protect her no longer.")
@json_option
def protect_command(customer: str | None, because: str, no_longer: bool, in_json: bool) -> None:
    """Without CUSTOMER, list those who are protected."""
    by = by_role("officer")
    if customer and no_longer:
        unprotect_customer(customer, by=by)
    elif customer:
        protect_customer(customer, because=because, by=by, at=now())
    found = protected_customers(by=by)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.number, one.name, one.because, one.opened, one.refused) for one in found]
    table(_("Protected customers"), ("number", "name", "why", "opened", "refused"), rows)
