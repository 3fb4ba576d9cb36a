"""Data goes to a partner, or may no longer be used by one: always under a contract, always through its own view.

A release is noted before it is handed out, with everybody in it; it says for what and until when it may be used, and
where to ask whether a row still may. Asked about anything that is not certain, the answer is no.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from regulars.connections.postgres.partners import count_people, reading_as_partner, rows_of, still_there
from regulars.journeys.partner_views import close_partner_view, open_partner_view
from regulars.journeys.propose import ask_second, settled
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.choices.subjects import check_subject
from regulars.records.company.access import company, today
from regulars.records.dictionary import DICTIONARY
from regulars.records.disclosures import actions as register
from regulars.records.disclosures.access import (
    ContractFacts,
    partner_called,
    release_is_valid,
    standing_contract,
    standing_terms,
)
from regulars.records.disclosures.actions import NewBought, NewContract
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.permission.four_eyes import RELEASE, Approved
from regulars.rules.privacy.compiler import login_role
from regulars.rules.privacy.partners import PSEUDONYM, PURPOSE, Field, Terms, check_fields, field_called, view_of
from regulars.rules.privacy.releases import FORMAT, harmless, manifest
from regulars.rules.privacy.small_cells import suppressed

KINDS: Final = ("csv", "parquet")
DOOR: Final = "disclose"
MOST_ASKED: Final = 10_000
RAN_OUT: Final = "ran out"


@dataclass(frozen=True, slots=True)
class ReleaseMade:
    """A file that may be handed out: its name, its bytes, and what the book knows of it."""

    id: int
    name: str
    content: bytes
    rows: int
    digest: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Rechecked:
    """For each pseudonym asked about whether its row may still be used; `why` is a code where none may."""

    may: Mapping[str, bool]
    why: str = ""


def name_partner(key: str, *, name: str, by: Asker, at: datetime, **more: str) -> None:
    """The partner stands in the register; nothing leaves before a contract does."""
    _only_the_officer(by)
    register.name_partner(key, name=name, by=by, at=at, **more)


def sign_contract(key: str, new: NewContract, *, by: Asker, at: datetime) -> int:
    """The contract stands, and the partner's own view and login with it. BadInput for a field that never leaves."""
    _only_the_officer(by)
    check_fields([field_called(word) for word in new.fields], DICTIONARY)
    check_subject(new.brand, new.topic)
    contract = register.write_contract(partner_called(key, by=by).id, new, by=by, at=at)
    open_partner_view(key)
    return contract


def stop_contract(key: str, *, because: str, by: Asker, at: datetime) -> None:
    """The partner's rows are gone at the next statement, its login with them when this returns."""
    _only_the_officer(by)
    facts, _ = _standing(key)
    register.stop_contract(facts.id, because=because or "stopped", by=by, at=at)
    close_partner_view(key)


def note_bought(key: str, new: NewBought, *, by: Asker, at: datetime) -> None:
    """What was bought stands in the register, with the permission it was bought under."""
    _only_the_officer(by)
    register.note_bought(partner_called(key, by=by).id, new, by=by, at=at)


def lock_run_out(*, by: Asker, at: datetime) -> int:
    """Contracts that have run out are stopped and their logins gone; how many. Their rows were gone already."""
    ended = 0
    for terms in standing_terms():
        facts, _ = _standing(terms.key)
        ended += _ended_if_over(terms.key, facts, by, at)
    return ended


def release(
    key: str, *, table: str = "customer", kind: str = "csv", expires_on: date | None = None, because: str, by: Asker,
    at: datetime, approved: Approved | None = None,
) -> ReleaseMade:  # fmt: skip
    """The rows of one of the partner's views as a file, noted in the register before it is handed out.

    It may be used until `expires_on`, at most as long as the contract runs. Denied where no contract runs.
    """
    _only_the_officer(by)
    facts, terms = _running(key, by, at)
    columns = _columns(terms, table, kind, because)
    asked = {"key": key, "table": table, "kind": kind, "expires_on": str(expires_on or ""), "because": because}
    ask_second(RELEASE, key, asked, because=because, by=by, approved=approved)
    register.keep_pseudonyms(facts.partner_id, settings.KEYS.read(f"partner_{key}"))
    with reading_as_partner(settings.HOME, login_role(view_of(key))) as connection:
        rows = [row for batch in rows_of(connection, table, columns, PSEUDONYM) for row in batch]
    expires = min(expires_on or facts.valid_until, facts.valid_until)
    told = manifest(
        company=company().name, partner=key, contract=facts.ref, purpose=facts.purpose, table=table,
        columns=(PSEUDONYM, *columns), rows=len(rows), made_at=at, expires_on=expires,
        recheck=f"{settings.PUBLIC_URL}/api/partners/{key}/recheck",
    )  # fmt: skip
    content = _as_file(kind, (PSEUDONYM, *columns), rows, told)
    return _handed_out(
        key,
        facts,
        f"{table}.{kind}",
        kind,
        content,
        len(rows),
        {row[0] for row in rows},
        expires,
        because,
        by,
        at,
        approved,
    )


def release_statistics(
    key: str, columns: Sequence[str], *, because: str, by: Asker, at: datetime, approved: Approved | None = None
) -> ReleaseMade:
    """How many of the partner's people have which values in these columns of its customer view; cells of few people
    suppressed. Noted like any release, with nobody in it."""
    _only_the_officer(by)
    facts, terms = _running(key, by, at)
    known = _columns(terms, "customer", "csv", because)
    if not columns or not set(columns) <= set(known):
        raise BadInput("statistics_columns_unknown", {"columns": ", ".join(columns)[:80]})
    asked = {"key": key, "columns": list(columns), "because": because}
    ask_second(RELEASE, key, asked, because=because, by=by, approved=approved)
    register.keep_pseudonyms(facts.partner_id, settings.KEYS.read(f"partner_{key}"))
    with reading_as_partner(settings.HOME, login_role(view_of(key))) as connection:
        counted = count_people(connection, "customer", list(columns), PSEUDONYM)
    cells = suppressed({tuple(row[:-1]): int(row[-1]) for row in counted}, least=facts.least)
    rows = [(*cell, "" if people is None else people) for cell, people in cells.items()]
    told = manifest(
        company=company().name, partner=key, contract=facts.ref, purpose=facts.purpose, table="customer",
        columns=(*columns, "people"), rows=len(rows), made_at=at, expires_on=facts.valid_until, recheck="",
    )  # fmt: skip
    content = _as_file("csv", (*columns, "people"), rows, told)
    return _handed_out(
        key, facts, "statistics.csv", "statistics", content, len(rows), (), facts.valid_until, because, by, at, approved
    )


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
        _, terms = _standing(key)
        with reading_as_partner(settings.HOME, login_role(view_of(key))) as connection:
            there = still_there(connection, terms.fields[0].table, PSEUDONYM, asked)
    note_access(by, door="recheck", because=f"partner {key}", rows=len(there))
    return Rechecked({name: name in there for name in asked}, why)


def _why_none(key: str, release_id: int | None, by: Asker, at: datetime) -> str:
    found = standing_contract(key)
    if found is None or not found[0].runs(today()):
        if found is not None:
            _ended_if_over(key, found[0], by, at)
        return "no_contract_runs"
    if release_id is not None and not release_is_valid(release_id, key, on=today()):
        return "release_expired"
    return ""


def _handed_out(
    key: str, facts: ContractFacts, name: str, kind: str, content: bytes, rows: int, people: Iterable[str],
    expires: date, because: str, by: Asker, at: datetime, approved: Approved | None,
) -> ReleaseMade:  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        settled(approved, by=by)
        number = register.note_release(
            facts.id, kind=kind, content=name, people=people, rows=rows, file_digest=digest, expires_on=expires,
            because=because, by=by, at=at,
        )  # fmt: skip
    note_access(by, door="release", because=because, rows=rows)
    whole = f"{key}-{number}-{name}" + ("" if kind == "parquet" else ".zip")
    return ReleaseMade(number, whole, content, rows, digest, expires)


def _running(key: str, by: Asker, at: datetime) -> tuple[ContractFacts, Terms]:
    """The contract data may leave under today; Denied, and logged, where none runs."""
    found = standing_contract(key)
    if found is None or not found[0].runs(today()):
        note_denial(by, door=DOOR, because=f"no contract with {key}")
        if found is not None:
            _ended_if_over(key, found[0], by, at)
        raise Denied("no_contract_runs", {"partner": key[:40]})
    return found


def _standing(key: str) -> tuple[ContractFacts, Terms]:
    found = standing_contract(key)
    if found is None:
        raise NotThere("no_such_contract", {"contract": key[:40]})
    return found


def _ended_if_over(key: str, facts: ContractFacts, by: Asker, at: datetime) -> bool:
    """Whoever notices first that a contract has run out locks the login; no job is waited for."""
    if today() <= facts.valid_until:
        return False
    register.stop_contract(facts.id, because=RAN_OUT, by=by, at=at)
    close_partner_view(key)
    return True


def _columns(terms: Terms, table: str, kind: str, because: str) -> list[str]:
    named = [field.column for field in terms.fields if field.table == table]
    if not named:
        raise BadInput("table_not_in_contract", {"table": table[:40]})
    if kind not in KINDS:
        raise BadInput("release_kind_unknown", {"kind": kind[:40]})
    if not because.strip():
        raise BadInput("release_wants_a_reason", {})
    return named


def _as_file(kind: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], told: Mapping[str, Any]) -> bytes:
    """The file with what it is for inside it: beside the rows in a zip, or in Parquet's own metadata."""
    out = io.BytesIO()
    if kind == "parquet":
        table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(columns)})
        pq.write_table(table.replace_schema_metadata({FORMAT: json.dumps(told, ensure_ascii=False)}), out)
        return out.getvalue()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", "\ufeff" + text.getvalue())
        archive.writestr("manifest.json", json.dumps(told, ensure_ascii=False, indent=1))
    return out.getvalue()


def _only_the_officer(by: Asker) -> None:
    if by.role != "officer":
        note_denial(by, door=DOOR, because="disclosures are the privacy officer's")
        raise Denied("disclosures_are_the_officers")


__all__ = [
    "PURPOSE", "Field", "NewBought", "NewContract", "Rechecked", "ReleaseMade", "lock_run_out", "name_partner",
    "note_bought", "recheck", "release", "release_statistics", "sign_contract", "stop_contract",
]  # fmt: skip
