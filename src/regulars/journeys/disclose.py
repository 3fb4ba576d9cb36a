"""Data goes to a partner, or may no longer be used by one: always under a contract, always through its own view.

A release is noted before it is handed out, with everybody in it; it says for what and until when it may be used, and
where to ask whether a row still may. Asked about anything that is not certain, the answer is no.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from regulars.connections.postgres.partners import reading_as_partner, rows_of, still_there
from regulars.journeys.hand_out_release import (
    Packed,
    ReleaseMade,
    as_file,
    contract_that_stands,
    ended_if_over,
    hand_out,
    only_the_officer,
    running_contract,
)
from regulars.journeys.partner_views import close_partner_view, open_partner_view
from regulars.journeys.propose import ask_second
from regulars.records.access_log.actions import note_access
from regulars.records.choices.subjects import check_subject
from regulars.records.company.access import company, today
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures import actions as register
from regulars.records.disclosures.access import partner_called, release_is_valid, standing_contract, standing_terms
from regulars.records.disclosures.actions import NewBought, NewContract
from regulars.records.statistics.access import figures_left
from regulars.records.statistics.extract_access import extract_left
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.permission.four_eyes import RELEASE, Approved
from regulars.rules.privacy.compiler import login_role
from regulars.rules.privacy.partners import PSEUDONYM, PURPOSE, Field, Terms, check_fields, field_called, view_of
from regulars.rules.privacy.releases import manifest

KINDS: Final = ("csv", "parquet")
MOST_ASKED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rechecked:
    """For each pseudonym asked about whether its row may still be used; `why` is a code where none may."""

    may: Mapping[str, bool]
    why: str = ""


def name_partner(key: str, *, name: str, by: Asker, at: datetime, **more: str) -> None:
    """The partner stands in the register; nothing leaves before a contract does."""
    only_the_officer(by)
    register.name_partner(key, name=name, by=by, at=at, **more)


def sign_contract(key: str, new: NewContract, *, by: Asker, at: datetime) -> int:
    """The contract stands, and the partner's own view and login with it. BadInput for a field that never leaves.

    One without fields lets figures leave and no row, so there is no view and no login. Who was told figures or
    has an extract gets no rows later: laid beside them, they would tell what was withheld.
    """
    only_the_officer(by)
    partner = partner_called(key, by=by)
    if new.fields and figures_left(partner.id):
        raise BadInput("figures_left_already", {"partner": key[:40]})
    if new.fields and extract_left(partner.id):
        raise BadInput("extract_left_already", {"partner": key[:40]})
    check_fields([field_called(word) for word in new.fields], DICTIONARY)
    check_subject(new.brand, new.topic)
    contract = register.write_contract(partner.id, new, by=by, at=at)
    open_partner_view(key)
    return contract


def stop_contract(key: str, *, because: str, by: Asker, at: datetime) -> None:
    """The partner's rows are gone at the next statement, its login with them when this returns."""
    only_the_officer(by)
    facts, _ = contract_that_stands(key)
    register.stop_contract(facts.id, because=because or "stopped", by=by, at=at)
    close_partner_view(key)


def note_bought(key: str, new: NewBought, *, by: Asker, at: datetime) -> None:
    """What was bought stands in the register, with the permission it was bought under."""
    only_the_officer(by)
    register.note_bought(partner_called(key, by=by).id, new, by=by, at=at)


def lock_run_out(*, by: Asker, at: datetime) -> int:
    """Contracts that have run out are stopped and their logins gone; how many. Their rows were gone already."""
    ended = 0
    for terms in standing_terms():
        facts, _ = contract_that_stands(terms.key)
        ended += ended_if_over(terms.key, facts, by=by, at=at)
    return ended


def release(
    key: str, *, table: str = "customer", kind: str = "csv", expires_on: date | None = None, because: str, by: Asker,
    at: datetime, approved: Approved | None = None,
) -> ReleaseMade:  # fmt: skip
    """The rows of one of the partner's views as a file, noted in the register before it is handed out.

    It may be used until `expires_on`, at most as long as the contract runs. Denied where no contract runs.
    """
    only_the_officer(by)
    facts, terms = running_contract(key, by=by, at=at)
    columns = _columns(terms, table, kind, because)
    asked = {"key": key, "table": table, "kind": kind, "expires_on": str(expires_on or ""), "because": because}
    ask_second(RELEASE, key, asked, because=because, by=by, approved=approved)
    register.keep_pseudonyms(facts.partner_id, settings.KEYS.read(f"partner_{key}"))
    with reading_as_partner(settings.HOME, login_role(view_of(key))) as connection:
        read = [row for batch in rows_of(connection, table, columns, PSEUDONYM) for row in batch]
    expires = min(expires_on or facts.valid_until, facts.valid_until)
    with transaction.atomic():
        there = register.held_by_name(facts.partner_id, (row[0] for row in read))
        rows = [row for row in read if row[0] in there]
        told = manifest(
            company=company().name, partner=key, contract=facts.ref, purpose=facts.purpose, table=table,
            columns=(PSEUDONYM, *columns), rows=len(rows), made_at=at, expires_on=expires,
            recheck=f"{settings.PUBLIC_URL}/api/partners/{key}/recheck",
        )  # fmt: skip
        content = as_file(kind, (PSEUDONYM, *columns), rows, told)
        packed = Packed(f"{table}.{kind}", kind, content, len(rows), there, expires)
        return hand_out(key, facts, packed, because=because, by=by, at=at, approved=approved)


def recheck(
    key: str, pseudonyms: Iterable[str], *, release_id: int | None = None, by: Asker, at: datetime
) -> Rechecked:
    """May these rows still be used? Yes only for whom the partner's view shows in this very moment.

    Everything else is no: an unknown name, somebody who closed disclosure, a release that has expired or is not this
    partner's, a contract that was stopped or has run out. Logged.
    """
    asked = list(dict.fromkeys(pseudonyms))
    if len(asked) > MOST_ASKED:
        raise BadInput("too_many_to_recheck", {"most": MOST_ASKED})
    why = _why_none(key, release_id, by, at)
    there: set[str] = set()
    if not why:
        _, terms = contract_that_stands(key)
        with reading_as_partner(settings.HOME, login_role(view_of(key))) as connection:
            there = still_there(connection, terms.fields[0].table, PSEUDONYM, asked)
    note_access(by, door="recheck", because=f"partner {key}", rows=len(there))
    return Rechecked({name: name in there for name in asked}, why)


def _why_none(key: str, release_id: int | None, by: Asker, at: datetime) -> str:
    found = standing_contract(key)
    if found is None or not found[0].runs(today()):
        if found is not None:
            ended_if_over(key, found[0], by=by, at=at)
        return "no_contract_runs"
    if not found[1].fields:
        return "no_rows_left"
    if release_id is not None and not release_is_valid(release_id, key, on=today()):
        return "release_expired"
    return ""


def _columns(terms: Terms, table: str, kind: str, because: str) -> list[str]:
    named = [field.column for field in terms.fields if field.table == table]
    if not named:
        raise BadInput("table_not_in_contract", {"table": table[:40]})
    if kind not in KINDS:
        raise BadInput("release_kind_unknown", {"kind": kind[:40]})
    if not because.strip():
        raise BadInput("release_wants_a_reason", {})
    return named


__all__ = [
    "PURPOSE", "Field", "NewBought", "NewContract", "Rechecked", "ReleaseMade", "lock_run_out", "name_partner",
    "note_bought", "recheck", "release", "sign_contract", "stop_contract",
]  # fmt: skip
