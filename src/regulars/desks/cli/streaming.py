"""`regulars stream …`: keys that events are sent with, and how they are read."""

from dataclasses import asdict
from typing import BinaryIO, TextIO

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.journeys.act_on_events import act_on_events, as_said, rules_on_events, say_rule_on_events, take_rule_back
from regulars.journeys.open_stream import give_write_key, keys_of_streams, say_how_read, take_write_key_back
from regulars.journeys.receive_webhook import (
    LARGEST_MESSAGE,
    as_told,
    give_webhook,
    read_message,
    renew_webhook,
    say_mapping,
    take_webhook_back,
    try_webhook,
    webhooks_of_streams,
)
from regulars.journeys.tell_people import tell_people
from regulars.records.company.access import now
from regulars.records.events.acting import tried_in_vain
from regulars.records.events.write_keys import USUAL_RATE
from regulars.records.intake.actions import ensure_source
from regulars.rules.events.acting import LONGEST_DUE, LONGEST_WAIT, PURPOSES, TASKS, RuleSaid
from regulars.rules.events.kinds import KINDS
from regulars.rules.events.mapping import read_mapping
from regulars.rules.permission.errors import BadInput


@click.group()
def stream_command() -> None:
    """Let programs send events, and say how they are read."""


@stream_command.command("keys")
@json_option
def list_keys(in_json: bool) -> None:
    """List write keys and what came by each in the last day."""
    found = keys_of_streams(by=by_role("steward"), at=now())
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [
        (
            one.id,
            one.source_ref,
            one.name,
            f"{one.hint}…",
            one.last_at or "",
            one.kept,
            one.refused,
            one.revoked_at is None,
        )
        for one in found
    ]
    table(
        _("Write keys"), ("number", "source", "name", "begins with", "last event", "kept", "set aside", "works"), rows
    )


@stream_command.command("waiting")
@json_option
def list_waiting(in_json: bool) -> None:
    """List refunds that wait for an order nobody has told yet. After a week they are set aside."""
    found = tried_in_vain(by=by_role("steward"))
    if in_json:
        as_json([asdict(one) for one in found])
        return
    table(_("Refunds that wait"), ("source", "events", "since"), [(one.source, one.events, one.since) for one in found])


@stream_command.command("key")
@click.argument("name")
@click.option("--source", required=True, help="The source whose events they are; it is opened if there is none.")
@click.option(
    "--rate", type=click.IntRange(1, 1_000_000), default=USUAL_RATE, show_default=True, help="Events a second at most."
)
@json_option
def give_key(name: str, source: str, rate: int, in_json: bool) -> None:
    """Give a program a write key. It is shown this once."""
    by = by_role("steward")
    ensure_source(source, by=by, at=now())
    made, secret = give_write_key(source, name, rate=rate, by=by, at=now())
    if in_json:
        as_json({"id": made, "write_key": secret})
        return
    tell(secret)


@stream_command.command("end-key")
@click.argument("key", type=int)
def end_key(key: int) -> None:
    """Let nothing more in by a key."""
    take_write_key_back(key, by=by_role("steward"), at=now())
    tell(_("Nothing comes in by this key from now on."))


@stream_command.command("read")
@click.argument("source")
@click.option(
    "--kind", type=click.Choice(KINDS), default="web", show_default=True, help="What events are that nobody has named."
)
@click.option("--category", "categories", multiple=True, help="A consent category the events need; may be repeated.")
@click.option("--open", "opened", multiple=True, help="A property whose texts are plain; may be repeated.")
@click.option("--people-of", default="", help="The source whose customer numbers the user ids are.")
@click.option(
    "--trait", "traits", multiple=True, metavar="TRAIT=MEANING", help="A further trait that is kept; may be repeated."
)
@click.option(
    "--orders/--no-orders", default=True, show_default=True, help="Whether orders that events tell go into the book."
)
def read(
    source: str,
    kind: str,
    categories: tuple[str, ...],
    opened: tuple[str, ...],
    people_of: str,
    traits: tuple[str, ...],
    orders: bool,
) -> None:
    """Say how a source's events are read."""
    said = dict(one.split("=", 1) if "=" in one else _unclear(one) for one in traits)
    say_how_read(
        source, kind=kind, categories=categories, opened=opened, people_of=people_of, traits=said, orders=orders,
        by=by_role("steward"),
    )  # fmt: skip
    tell(_("Its events are read so from now on."))


@stream_command.command("tell")
def tell_now() -> None:
    """Tell the record now what streams said about persons, as the night shift does by itself."""
    tell(_("%(n)s persons.") % {"n": number(tell_people(at=now()))})


@stream_command.command("rules")
@json_option
def list_rules(in_json: bool) -> None:
    """List the rules that make tasks of events."""
    found = rules_on_events(by=by_role("steward"))
    if in_json:
        as_json([as_said(one) for one in found])
        return
    rows = [
        (one.id, one.said.name, one.said.event, one.said.unless, one.said.wait_minutes, one.said.task, one.said.purpose,
         one.ended_at is None)
        for one in found
    ]  # fmt: skip
    table(_("Rules"), ("number", "name", "event", "unless", "minutes", "task", "purpose", "works"), rows)


@stream_command.command("rule")
@click.argument("name")
@click.option("--when", "event", required=True, help="The event, by its name.")
@click.option("--task", type=click.Choice(TASKS), required=True, help="The task somebody has then.")
@click.option("--unless", default="", help="Another event; if it follows in time, nobody has a task.")
@click.option(
    "--within", "minutes", type=click.IntRange(0, LONGEST_WAIT), default=0, help="Minutes that is waited for."
)
@click.option(
    "--due", type=click.IntRange(0, LONGEST_DUE), default=1, show_default=True, help="Days in which the task is due."
)
@click.option(
    "--purpose", type=click.Choice(PURPOSES), default="service", show_default=True,
    help="Direct marketing asks who allows it.",
)  # fmt: skip
@json_option
def make_rule(
    name: str, event: str, task: str, unless: str, minutes: int, due: int, purpose: str, in_json: bool
) -> None:
    """Let an event become somebody's task."""
    said = RuleSaid(name, event, task, unless, minutes, due, purpose)
    made = say_rule_on_events(said, by=by_role("steward"), at=now())
    if in_json:
        as_json({"id": made})
        return
    tell(_("Rule %(number)s holds from now on.") % {"number": made})


@stream_command.command("end-rule")
@click.argument("rule", type=int)
def end_rule(rule: int) -> None:
    """Let a rule make no more tasks."""
    take_rule_back(rule, by=by_role("steward"), at=now())
    tell(_("Nothing more is done by this rule."))


@stream_command.command("act")
def act_now() -> None:
    """Put orders that events told into the book and carry out the rules now, as the night shift does by itself."""
    tell(_("%(n)s events.") % {"n": number(act_on_events(at=now()))})


@stream_command.command("webhooks")
@json_option
def list_webhooks(in_json: bool) -> None:
    """List webhooks that come in, and what came by each in the last day."""
    found = webhooks_of_streams(by=by_role("steward"), at=now())
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [
        (one.id, one.source_ref, one.name, _path(one.address), one.last_at or "", one.kept, one.refused,
         one.ended_at is None)
        for one in found
    ]  # fmt: skip
    table(
        _("Webhooks"), ("number", "source", "name", "address", "last event", "kept", "set aside", "works"), rows
    )  # fmt: skip


@stream_command.command("webhook")
@click.argument("name")
@click.option("--source", required=True, help="The source whose events they are; it is opened if there is none.")
@json_option
def give_hook(name: str, source: str, in_json: bool) -> None:
    """Open an address for signed webhooks. Its secret is shown this once."""
    by = by_role("steward")
    ensure_source(source, by=by, at=now())
    made, address, secret = give_webhook(source, name, by=by, at=now())
    if in_json:
        as_json({"id": made, "path": _path(address), "secret": secret})
        return
    tell(_path(address))
    tell(secret)


@stream_command.command("renew")
@click.argument("webhook", type=int)
@json_option
def renew(webhook: int, in_json: bool) -> None:
    """Give a webhook a new secret, shown this once. The old one holds for a day more."""
    secret = renew_webhook(webhook, by=by_role("steward"), at=now())
    if in_json:
        as_json({"secret": secret})
        return
    tell(secret)


@stream_command.command("map")
@click.argument("webhook", type=int)
@click.argument("lines", type=click.File("r", encoding="utf-8"))
def map_hook(webhook: int, lines: TextIO) -> None:
    """Say how a webhook's messages are read: a file with one FIELD = PLACE a line."""
    say_mapping(webhook, read_mapping(lines.read(LARGEST_MESSAGE)), by=by_role("steward"), at=now())
    tell(_("Its messages are read so from now on."))


@stream_command.command("try")
@click.argument("webhook", type=int)
@click.argument("message", type=click.File("rb"))
@json_option
def try_hook(webhook: int, message: BinaryIO, in_json: bool) -> None:
    """Show what a message would become. Nothing of it is kept."""
    found = try_webhook(webhook, read_message(message.read(LARGEST_MESSAGE)), by=by_role("steward"), at=now())
    if in_json:
        as_json([as_told(one) for one in found])
        return
    for one in found:
        table(one.event.name or one.event.call if one.event else one.reason, ("field", "value"), as_told(one).items())


@stream_command.command("end-webhook")
@click.argument("webhook", type=int)
def end_hook(webhook: int) -> None:
    """Let nothing more in by a webhook."""
    take_webhook_back(webhook, by=by_role("steward"), at=now())
    tell(_("Nothing comes in by this webhook from now on."))


def _path(address: str) -> str:
    return f"/v1/hooks/{address}"


def _unclear(said: str) -> list[str]:
    raise BadInput("meaning_unknown", {"meanings": [said[:40]]})
