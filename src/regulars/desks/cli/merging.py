"""`regulars merge`, `regulars unmerge`, `regulars duplicates`."""

from dataclasses import asdict
from typing import Final

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.desks.cli.asking import because_option, by_role, json_option, limit_option, role_option
from regulars.desks.cli.saying import as_json, facts, table, tell
from regulars.desks.shared.figures import number
from regulars.desks.shared.merging_words import BECAUSE, FIELDS, PAIR_STATES, ROWS, scope_said, went_rows
from regulars.desks.shared.recognition_words import reason_said
from regulars.desks.shared.words import say
from regulars.journeys.merge_customers import MergePreview, merge_customers, preview_merge, unmerge_customers
from regulars.journeys.review_pairs import decide_different, merge_pair, pairs_in_review, put_off
from regulars.records.company.access import now
from regulars.rules.merging.winners import FIELDS as CHOOSABLE
from regulars.rules.merging.winners import Side
from regulars.rules.permission.choices import Scope

HEADINGS: Final = ("field", "stays", "merged in", "whose stands", "because")
take_option = click.option(
    "--take", "taken", multiple=True, type=click.Choice(sorted(CHOOSABLE)),
    help="Take this field from the one who goes; may be repeated.",
)  # fmt: skip
keep_option = click.option(
    "--keep", "kept", multiple=True, type=click.Choice(sorted(CHOOSABLE)),
    help="Keep this field of the one who stays; may be repeated.",
)  # fmt: skip
though_option = click.option(
    "--though-different", is_flag=True, help="They had been found to be two persons, and that was wrong."
)


@click.command()
@click.argument("goes")
@click.argument("into")
@take_option
@keep_option
@though_option
@click.option("--look", is_flag=True, help="Only tell what it would do.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@because_option
@role_option("steward")
@json_option
def merge_command(
    goes: str, into: str, taken: tuple[str, ...], kept: tuple[str, ...], though_different: bool, look: bool, yes: bool,
    because: str, role: str, in_json: bool,
) -> None:  # fmt: skip
    """Make two records of one person one.

    The first number goes, the second stays. `regulars unmerge` makes two of them again.
    """
    by, chosen = by_role(role), _chosen(taken, kept)
    seen = preview_merge(goes, into, by=by, because=because, chosen=chosen)
    if look or not (yes or in_json):
        as_json(asdict(seen)) if in_json else _tell_preview(seen)
    if look:
        return
    if not (yes or in_json):
        click.confirm(_("Merge them?"), abort=True)
    done = merge_customers(
        goes, into, by=by, because=because, at=now(), chosen=chosen, though_different=though_different
    )
    if in_json:
        as_json(asdict(done))
        return
    tell(_("%(goes)s is %(into)s now.") % {"goes": done.goes, "into": done.into})
    _tell_rows(_("Went over"), done.rows)
    _tell_closed(done.closed)


@click.command()
@click.argument("customer")
@click.option("--two-persons", is_flag=True, help="They are two persons: confirm it, so that nobody merges them again.")
@because_option
@role_option("steward")
@json_option
def unmerge_command(customer: str, two_persons: bool, because: str, role: str, in_json: bool) -> None:
    """Make two customers again of a merge that was wrong.

    Named by the number of the one who went. What came meanwhile goes to whose source it came from; the rest is told.
    """
    done = unmerge_customers(customer, by=by_role(role), because=because, at=now(), are_two=two_persons)
    if in_json:
        as_json(asdict(done))
        return
    tell(_("%(goes)s and %(into)s are two again.") % {"goes": done.goes, "into": done.into})
    _tell_rows(_("Went back"), done.back)
    _tell_rows(_("Came meanwhile and stayed with %(into)s") % {"into": done.into}, done.stayed)
    if done.went:
        title = _("Sent meanwhile, and stays with %(into)s") % {"into": done.into}
        table(title, ("campaign", "by", "state", "when"), list(went_rows(done.went)))
    if done.noes:
        words = ngettext(
            "%(n)s no said meanwhile counts for both.", "%(n)s noes said meanwhile count for both.", done.noes
        )
        tell(words % {"n": number(done.noes)})


@click.group()
def duplicates_command() -> None:
    """Look through pairs that may be one person, and decide."""


@duplicates_command.command("list")
@limit_option(20, 1_000)
@because_option
@role_option("steward")
@json_option
def list_pairs(limit: int, because: str, role: str, in_json: bool) -> None:
    """List the pairs that wait, the surest first."""
    waiting, pairs = pairs_in_review(by=by_role(role), because=because, limit=limit)
    if in_json:
        as_json({"waiting": waiting, "pairs": [asdict(one) for one in pairs]})
        return
    rows = [
        (one.id, one.one.number, one.one.name, one.other.number, one.other.name, f"{one.bits:.1f}",
         ", ".join(reason_said(step) for step in one.match.reasons), say(PAIR_STATES, one.state))
        for one in pairs
    ]  # fmt: skip
    table(_("Perhaps one person"), ("pair", "number", "name", "and", "other's name", "bits", "reasons", "state"), rows)
    tell(ngettext("%(n)s pair waits.", "%(n)s pairs wait.", waiting) % {"n": number(waiting)})


@duplicates_command.command("merge")
@click.argument("pair", type=int)
@take_option
@keep_option
@because_option
@role_option("steward")
@json_option
def merge_one(
    pair: int, taken: tuple[str, ...], kept: tuple[str, ...], because: str, role: str, in_json: bool
) -> None:  # fmt: skip
    """Merge a pair: who has been known longer stays."""
    done = merge_pair(pair, by=by_role(role), because=because, at=now(), chosen=_chosen(taken, kept))
    said = _("%(goes)s is %(into)s now.") % {"goes": done.goes, "into": done.into}
    as_json(asdict(done)) if in_json else tell(said)


@duplicates_command.command("different")
@click.argument("pair", type=int)
@because_option
@role_option("steward")
def different(pair: int, because: str, role: str) -> None:
    """Confirm that a pair are two persons: nothing puts them up or merges them by itself again."""
    decide_different(pair, by=by_role(role), because=because)
    tell(_("They stand as two persons."))


@duplicates_command.command("later")
@click.argument("pair", type=int)
@role_option("steward")
def later(pair: int, role: str) -> None:
    """Put a pair off: it comes after all others."""
    put_off(pair, by=by_role(role))
    tell(_("Put off."))


def _chosen(taken: tuple[str, ...], kept: tuple[str, ...]) -> dict[str, Side]:
    return {**dict.fromkeys(kept, "into"), **dict.fromkeys(taken, "from")}


def _tell_preview(seen: MergePreview) -> None:
    facts(
        "",
        {
            "stays": f"{seen.into.number} {seen.into.name or ''}",
            "merged in": f"{seen.goes.number} {seen.goes.name or ''}",
        },
    )
    rows = [
        (say(FIELDS, one.field), _shown(seen.into, one.field), _shown(seen.goes, one.field),
         (seen.into if one.side == "into" else seen.goes).number, say(BECAUSE, one.because))
        for one in seen.winners
    ]  # fmt: skip
    table(_("Where they differ"), HEADINGS, rows)
    steps = [(reason_said(step), f"{step.bits:+.1f}") for step in seen.match.steps if step.bits]
    table(_("How alike they are"), ("reason", "bits"), [*steps, (_("together"), f"{seen.match.bits:+.1f}")])
    _tell_closed(seen.closes)
    if seen.different:
        tell(_("Somebody has found them to be two persons."))


def _shown(record: object, field: str) -> str:
    told = (getattr(record, column, None) for column in CHOOSABLE[field] if column not in ("name_sort", "jurisdiction"))
    return " ".join(str(one) for one in dict.fromkeys(told) if one not in (None, ""))


def _tell_rows(title: str, rows: object) -> None:
    shown = [(say(ROWS, name), count) for name, count in dict(rows).items()]  # type: ignore[call-overload]
    if shown:
        table(title, ("what", "how many"), shown)


def _tell_closed(scopes: tuple[Scope, ...]) -> None:
    for scope in scopes:
        tell(_("The stricter holds: no to %(what)s.") % {"what": scope_said(scope)})
