"""`regulars stream …`: keys that events are sent with, and how they are read."""

from dataclasses import asdict

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import by_role, json_option
from regulars.desks.cli.saying import as_json, table, tell
from regulars.desks.shared.figures import number
from regulars.journeys.open_stream import give_write_key, keys_of_streams, say_how_read, take_write_key_back
from regulars.journeys.tell_people import tell_people
from regulars.records.company.access import now
from regulars.records.events.write_keys import USUAL_RATE
from regulars.records.intake.actions import ensure_source
from regulars.rules.events.kinds import KINDS
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
def read(
    source: str,
    kind: str,
    categories: tuple[str, ...],
    opened: tuple[str, ...],
    people_of: str,
    traits: tuple[str, ...],
) -> None:
    """Say how a source's events are read."""
    said = dict(one.split("=", 1) if "=" in one else _unclear(one) for one in traits)
    say_how_read(
        source, kind=kind, categories=categories, opened=opened, people_of=people_of, traits=said, by=by_role("steward")
    )
    tell(_("Its events are read so from now on."))


@stream_command.command("tell")
def tell_now() -> None:
    """Tell the record now what streams said about persons, as the night shift does by itself."""
    tell(_("%(n)s persons.") % {"n": number(tell_people(at=now()))})


def _unclear(said: str) -> list[str]:
    raise BadInput("meaning_unknown", {"meanings": [said[:40]]})
