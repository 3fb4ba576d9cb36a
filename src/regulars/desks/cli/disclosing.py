"""`regulars partner …`: to whom data goes, under which contract; files that leave; may a row still be used?"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import click
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import DAY, by_role, json_option, text_of
from regulars.desks.cli.private_files import write_private
from regulars.desks.cli.saying import as_json, table, tell, warn, written
from regulars.desks.shared.figures import number
from regulars.desks.shared.words import Words, say
from regulars.journeys.disclose import (
    NewBought,
    NewContract,
    name_partner,
    note_bought,
    recheck,
    release,
    sign_contract,
    stop_contract,
)
from regulars.journeys.hand_out_release import ReleaseMade
from regulars.records.company.access import now, today
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures.access import ContractFacts, bought, contracts, partner_called, partners, releases
from regulars.rules.privacy.partners import releasable
from regulars.rules.statistics.cubes import LEAST

WHY_NONE: Final[Words] = {
    "no_contract_runs": gettext_lazy("no contract with this partner runs today"),
    "no_rows_left": gettext_lazy("only figures leave to this partner, no rows"),
    "release_expired": gettext_lazy("that release may not be used any more"),
}


@click.group()
def partner_command() -> None:
    """See to whom data goes, and let it go under a contract."""


@partner_command.command("list")
@json_option
def list_partners(in_json: bool) -> None:
    """List partners, their standing contracts and what was bought."""
    by = by_role("officer")
    known, signed, entries = partners(by=by), contracts(by=by), bought(by=by)
    if in_json:
        told = {"partners": map(asdict, known), "contracts": map(asdict, signed), "bought": map(asdict, entries)}
        as_json({name: list(some) for name, some in told.items()})
        return
    standing = {one.partner_id: one for one in signed if one.stopped_at is None}
    rows = [(one.key, one.called(get_language() or "en"), *_about(standing.get(one.id))) for one in known]
    table(_("Partners"), ("key", "name", "contract", "for", "until", "runs"), rows)
    table(_("Bought data"), ("what", "permission", "rows", "day"),
          [(one.what, one.permission, one.rows, one.bought_on) for one in entries])  # fmt: skip


def _about(contract: ContractFacts | None) -> tuple[object, ...]:
    if contract is None:
        return "", "", None, False
    return contract.ref, contract.purpose, contract.valid_until, contract.runs(today())


@partner_command.command("fields")
@json_option
def fields(in_json: bool) -> None:
    """List every column that may leave, and how coarse it leaves."""
    rows = [(f"{one.name}.{column.name}", column.label, how) for one, column, how in releasable(DICTIONARY)]
    if in_json:
        as_json([{"field": field, "means": label, "shown": how} for field, label, how in rows])
        return
    table(_("Fields a contract may name"), ("field", "means", "shown"), rows)


@partner_command.command("add")
@click.argument("key")
@click.option("--name", required=True, help="Its name in English.")
@click.option("--name-zh", default="", help="Its name in Chinese.")
@click.option("--country", default="", help="Two letters.")
@click.option("--answers", default="", help="Who answers questions there.")
def add(key: str, name: str, name_zh: str, country: str, answers: str) -> None:
    """Put a partner into the register; nothing leaves before a contract stands."""
    name_partner(key, name=name, name_zh=name_zh, country=country, answers=answers, by=by_role("officer"), at=now())
    tell(_("Added. Next: regulars partner contract %(key)s") % {"key": key})


@partner_command.command("contract")
@click.argument("key")
@click.option("--ref", required=True, help="The contract's own reference.")
@click.option("--purpose", required=True, help="What the partner uses it for.")
@click.option("--field", "fields", multiple=True, help="Such as customer.city; with none, only figures leave.")
@click.option("--promises", required=True, help="What the partner promised.")
@click.option("--until", type=DAY, required=True, help="The last day.")
@click.option("--since", type=DAY, default=None, help="The first day; today when not said.")
@click.option("--least", type=click.IntRange(2), default=LEAST, show_default=True, help="Fewest people in a count.")
@click.option("--brand", default="", help="The brand it is for; who took it out is left out.")
@click.option("--topic", default="", help="The topic it is for; who took it out is left out.")
def contract(
    key: str, ref: str, purpose: str, fields: tuple[str, ...], promises: str, until: datetime, since: datetime | None,
    least: int, brand: str, topic: str,
) -> None:  # fmt: skip
    """Let a contract stand: the partner gets a view and a login of its own, or, where no field is named, figures."""
    new = NewContract(
        ref=ref, purpose=purpose, fields=fields, promises=promises, valid_until=until.date(), least=least, brand=brand,
        valid_from=since.date() if since else today(), topic=topic,
    )  # fmt: skip
    sign_contract(key, new, by=by_role("officer"), at=now())
    tell(
        _("The contract stands; the partner has a view of its own.")
        if fields
        else _("The contract stands; figures may leave, rows never.")
    )


@partner_command.command("stop")
@click.argument("key")
@click.option("--because", required=True, help="Why; it stays in the register.")
def stop(key: str, because: str) -> None:
    """Stop a partner's contract: its rows and its login are gone at once."""
    stop_contract(key, because=because, by=by_role("officer"), at=now())
    tell(_("Stopped. The partner's view and login are gone."))


@partner_command.command("release")
@click.argument("key")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--table", "table_name", default="customer", show_default=True, help="Which of its tables.")
@click.option("--kind", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True, help="Which file.")
@click.option("--until", type=DAY, default=None, help="Usable until; as long as the contract when not said.")
@click.option("--because", required=True, help="Why; it stays in the register.")
@json_option
def release_file(
    key: str, folder: Path, table_name: str, kind: str, until: datetime | None, because: str, in_json: bool
) -> None:  # fmt: skip
    """Write a file for the partner into FOLDER, noted in the register with everybody in it."""
    by, expires = by_role("officer"), until.date() if until else None
    made = release(key, table=table_name, kind=kind, expires_on=expires, because=because, by=by, at=now())
    released(folder, made, in_json=in_json)


def released(folder: Path, made: ReleaseMade, *, in_json: bool) -> None:
    """The file lies in the folder, for this account alone, and the terminal says so."""
    path = folder / made.name
    write_private(path, made.content)
    if in_json:
        as_json(
            {
                "release": made.id,
                "file": str(path),
                "rows": made.rows,
                "digest": made.digest,
                "expires_on": made.expires_on,
            }
        )
        return
    words = {"rows": number(made.rows), "path": path, "day": made.expires_on}
    tell(_("%(rows)s rows in %(path)s, usable until %(day)s.") % words)


@partner_command.command("recheck")
@click.argument("key")
@click.argument("file", type=click.File("rb"))
@click.option("--release", "release_id", type=int, default=None, help="The number of the release they came with.")
@json_option
def recheck_file(key: str, file: BinaryIO, release_id: int | None, in_json: bool) -> None:
    """Say for every pseudonym in FILE (one a line, - for standard input) whether its row may still be used."""
    names = [line.strip() for line in text_of(file.read(), file.name).split("\n") if line.strip()]
    found = recheck(key, names, release_id=release_id, by=by_role("officer"), at=now())
    if in_json:
        as_json(asdict(found))
        return
    for name, may in found.may.items():
        tell(f"{name}\t{written(may)}")
    if found.why:
        warn(_("None of these rows may be used: %(why)s.") % {"why": say(WHY_NONE, found.why)})


@partner_command.command("bought")
@click.argument("key")
@click.option("--what", required=True, help="What was bought.")
@click.option("--permission", required=True, help="Under which permission of the people in it.")
@click.option("--rows", type=click.IntRange(0), default=0, help="How many rows.")
@click.option("--on", "day", type=DAY, default=None, help="The day; today when not said.")
def note(key: str, what: str, permission: str, rows: int, day: datetime | None) -> None:
    """Note data that was bought from a partner."""
    entry = NewBought(what, permission, day.date() if day else today(), rows=rows)
    note_bought(key, entry, by=by_role("officer"), at=now())
    tell(_("It stands in the register."))


@partner_command.command("releases")
@click.argument("key")
@json_option
def show_releases(key: str, in_json: bool) -> None:
    """List the files that left to a partner."""
    by = by_role("officer")
    found = releases(by=by, partner_id=partner_called(key, by=by).id)
    if in_json:
        as_json([asdict(one) for one in found])
        return
    rows = [(one.id, one.made_at, one.content, one.rows, one.expires_on, one.because) for one in found]
    table(_("Files that left"), ("release", "when", "what", "rows", "until", "why"), rows)
