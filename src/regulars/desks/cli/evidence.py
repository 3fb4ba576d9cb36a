"""`regulars log`, `regulars bundle`, `regulars report`: the log closed, verified and handed over; what was reached."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.connections.copies.webhook import secret_for_receiver
from regulars.desks.cli.asking import DAY, by_role, json_option, limit_option
from regulars.desks.cli.office import search_command
from regulars.desks.cli.saying import as_json, facts, table, tell, warn
from regulars.desks.shared.customer_words import TASK_KINDS
from regulars.desks.shared.evidence_words import BOOK_WORDS, COPY_STATES, DEED_WORDS, UNUSED_WORDS
from regulars.desks.shared.figures import number
from regulars.desks.shared.finding_words import sentence_of
from regulars.desks.shared.log_words import DOORS, said_because
from regulars.desks.shared.words import ROLES, VIEWS, say
from regulars.journeys.close_batch import close_batches
from regulars.journeys.need_to_know import report_need_to_know
from regulars.journeys.report_evidence import EvidenceState, evidence_state, verify_log
from regulars.journeys.report_reach import (
    reads_without_assignment,
    rights_never_used,
    warehouse_overview,
    what_was_reached,
)
from regulars.journeys.send_checkpoint import WEBHOOK_KEY, send_checkpoints
from regulars.journeys.write_bundle import write_bundle
from regulars.records.access_log.reached import Outside, deeds

SINCE: Final = timedelta(days=31)


class SearchedByDefault(click.Group):
    """`regulars log WORDS` searches; a subcommand's name does what it says."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts `search` before words that are no subcommand."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["search", *args]
        return super().parse_args(ctx, args)


@click.group(cls=SearchedByDefault)
def log_command() -> None:
    """Search who looked at what, and why; close, verify and copy the log."""


log_command.add_command(search_command, "search")


@log_command.command("close")
@json_option
def close(in_json: bool) -> None:
    """Close what has come since the last time, sign it, and send the proof to every copy."""
    closed = close_batches(at=timezone.now())
    failed = {place: why for place, why in send_checkpoints(at=timezone.now()).items() if why}
    if in_json:
        as_json({"batches": closed.batches, "lines": closed.lines, "not_sent": failed})
        return
    tell(ngettext("%(n)s line closed.", "%(n)s lines closed.", closed.lines) % {"n": number(closed.lines)})
    for place, why in failed.items():
        warn(_("Not sent to %(place)s: %(why)s.") % {"place": place, "why": say(COPY_STATES, why)})


@log_command.command("verify")
@json_option
def verify(in_json: bool) -> None:
    """Read every closed line again and hold it against batches, checkpoints and copies; ends with 1 if one differs."""
    found = verify_log(by=by_role("officer"))
    if in_json:
        as_json([asdict(one) | {"sentence": sentence_of(one)} for one in found])
    else:
        for one in found:
            warn(sentence_of(one))
        if not found:
            tell(_("Every closed line is as it was, and every copy agrees."))
    if found:
        raise click.exceptions.Exit(1)


@log_command.command("state")
@json_option
def state(in_json: bool) -> None:
    """Show the last checkpoint, what waits to be closed, and how the copies stand."""
    found = evidence_state(by=by_role("officer"), at=timezone.now())
    if in_json:
        as_json(asdict(found))
        return
    facts(_("The log as evidence"), _state_facts(found))
    rows = [(one.name, say(COPY_STATES, one.state), one.number, one.at, one.message) for one in found.copies]
    table(_("Copies"), ("place", "state", "checkpoint", "when", "why"), rows)
    if not found.leaves:
        warn(_("No copy leaves this machine. Say where to: REGULARS_LOG_FOLDER or REGULARS_LOG_WEBHOOK."))


@log_command.command("deeds")
@limit_option(50)
@json_option
def show_deeds(limit: int, in_json: bool) -> None:
    """Show the privacy log: what was done about choices, rights, views and keys."""
    found = deeds(by=by_role("officer"), limit=limit)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.at, one.who, say(DEED_WORDS, one.deed), one.subject, _told(one.detail), one.allowed) for one in found]
    table(_("Privacy log"), ("when", "who", "deed", "about", "particulars", "allowed"), rows)


@log_command.command("secret")
def show_secret() -> None:
    """Show the secret a webhook's receiver checks our signature with."""
    tell(secret_for_receiver(settings.KEYS.read(WEBHOOK_KEY)))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--since", type=DAY, default=None, help="The log from this day on; a month when not said.")
def bundle_command(file: Path, since: datetime | None) -> None:
    """Write the evidence for an auditor into one file.

    Whoever gets it checks it without this house: regulars-verify FILE. Tell the public key on another way.
    """
    at = timezone.now()
    written = write_bundle(
        file, by=by_role("officer"), at=at, since=timezone.make_aware(since) if since else at - SINCE
    )
    tell(_("Written: %(file)s, %(lines)s lines of the log.") % {"file": written.path, "lines": number(written.lines)})
    tell(_("Public key: %(key)s") % {"key": written.key})


@click.group()
def report_command() -> None:
    """See what was reached, which rights nobody uses, who read outside their branches."""


@report_command.command("reached")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="So many days back.")
@json_option
def report_reached(days: int, in_json: bool) -> None:
    """Show what each role reached through each view."""
    found = what_was_reached(by=by_role("officer"), at=timezone.now(), days=days)
    _show(_("What was reached"), found, in_json,
          ("view", "role", "reads", "people", "rows", "customers", "refused", "when"),
          lambda one: (say(VIEWS, one.view), one.role, one.reads, one.people, one.rows, one.customers, one.refused,
                       one.last_at))  # fmt: skip


@report_command.command("unused")
@json_option
def report_unused(in_json: bool) -> None:
    """Show seats and tokens nobody used for ninety days."""
    found = rights_never_used(by=by_role("officer"), at=timezone.now())
    _show(_("Rights nobody uses"), found, in_json, ("kind", "who", "role", "view", "when"),
          lambda one: (say(UNUSED_WORDS, one.kind), one.who, say(ROLES, one.role), say(VIEWS, one.view),
                       one.last_at))  # fmt: skip


def _spoken(one: Outside) -> tuple[str, str]:
    return say(DOORS, one.door), said_because(one.because)


@report_command.command("outside")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="So many days back.")
@json_option
def report_outside(days: int, in_json: bool) -> None:
    """Show files of customers opened by people of other branches."""
    found = reads_without_assignment(by=by_role("officer"), at=timezone.now(), days=days)
    _show(_("Read without assignment"), found, in_json, ("when", "who", "view", "door", "why", "customer"),
          lambda one: (one.at, one.who, say(VIEWS, one.view), *_spoken(one), one.customer_id))  # fmt: skip


@report_command.command("need")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="So many days back.")
@json_option
def report_need(days: int, in_json: bool) -> None:
    """Show who said customers were here, tasks people gave themselves, files refused, and opened without a reason."""
    found = report_need_to_know(by=by_role("officer"), at=timezone.now(), days=days)
    if in_json:
        as_json(asdict(found))
        return
    table(_("Customers said to be here"), ("who", "customers", "by number alone", "not so", "when"),
          [(one.who, one.customers, one.by_number, one.refused, one.last_at) for one in found.said_here])  # fmt: skip
    table(_("Tasks people gave themselves"), ("task", "who", "kind", "customer", "when"),
          [(one.ref, one.owner, say(TASK_KINDS, one.kind), one.number, one.opened_at)
           for one in found.self_assigned])  # fmt: skip
    table(_("Files refused for want of a reason"), ("who", "times", "customers", "when"),
          [(one.who, one.times, one.customers, one.last_at) for one in found.refused])  # fmt: skip
    table(_("Files opened without a reason"), ("when", "who", "why", "customer"),
          [(one.at, one.who, said_because(one.because), one.customer_id) for one in found.without])  # fmt: skip


@report_command.command("warehouse")
@json_option
def report_warehouse(in_json: bool) -> None:
    """Show what lies in the warehouse."""
    found = warehouse_overview(by=by_role("officer"))
    _show(_("Warehouse"), found, in_json, ("table", "files", "rows", "bytes", "when"),
          lambda one: (one.table, one.files, one.rows, one.size, one.written_at))  # fmt: skip


def _show(title: str, found: Iterable[Any], in_json: bool, headings: tuple[str, ...],
          row: Callable[[Any], tuple[object, ...]]) -> None:  # fmt: skip
    listed = list(found)
    if in_json:
        as_json([asdict(one) for one in listed])
    else:
        table(title, headings, [row(one) for one in listed])


def _state_facts(found: EvidenceState) -> dict[str, object]:
    said = found.checkpoint
    waiting = {say(BOOK_WORDS, book): lines for book, lines in found.waiting.items()}
    return {
        "public key": found.key,
        "checkpoint": said.number if said else None,
        "when": found.checkpoint_at,
        "batches": found.batches,
        "lines": said.lines if said else 0,
        "waiting": _told(waiting),
    }


def _told(detail: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in detail.items() if value not in (None, ""))
