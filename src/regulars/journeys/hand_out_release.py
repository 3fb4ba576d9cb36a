"""What releases to partners have in common: the officer lets them go, a contract runs, the register knows it first."""

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
from django.db import transaction

from regulars.journeys.partner_views import close_partner_view
from regulars.journeys.propose import settled
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.company.access import today
from regulars.records.disclosures import actions as register
from regulars.records.disclosures.access import ContractFacts, standing_contract
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere
from regulars.rules.permission.four_eyes import Approved
from regulars.rules.privacy.partners import Terms
from regulars.rules.privacy.releases import FORMAT, harmless

DOOR: Final = "disclose"
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
class Packed:
    """A file before it is noted: what it is called, its kind, how many rows, who is in it, until when it is good."""

    name: str
    kind: str
    content: bytes
    rows: int
    people: Iterable[str]
    expires_on: date


def hand_out(
    key: str, contract: ContractFacts, packed: Packed, *, because: str, by: Asker, at: datetime,
    approved: Approved | None,
) -> ReleaseMade:  # fmt: skip
    """The file, which stands in the register and in the log."""
    digest = hashlib.sha256(packed.content).hexdigest()
    with transaction.atomic():
        settled(approved, by=by)
        number = register.note_release(
            contract.id, kind=packed.kind, content=packed.name, people=packed.people, rows=packed.rows,
            file_digest=digest, expires_on=packed.expires_on, because=because, by=by, at=at,
        )  # fmt: skip
    note_access(by, door="release", because=because, rows=packed.rows)
    whole = f"{key}-{number}-{packed.name}" + ("" if packed.name.endswith(".parquet") else ".zip")
    return ReleaseMade(number, whole, packed.content, packed.rows, digest, packed.expires_on)


def as_file(kind: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], told: Mapping[str, Any]) -> bytes:
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


def running_contract(key: str, *, by: Asker, at: datetime) -> tuple[ContractFacts, Terms]:
    """The contract data may leave under today; Denied, and logged, where none runs."""
    found = standing_contract(key)
    if found is None or not found[0].runs(today()):
        note_denial(by, door=DOOR, because=f"no contract with {key}")
        if found is not None:
            ended_if_over(key, found[0], by=by, at=at)
        raise Denied("no_contract_runs", {"partner": key[:40]})
    return found


def contract_that_stands(key: str) -> tuple[ContractFacts, Terms]:
    """The partner's contract that was not stopped; NotThere without one."""
    found = standing_contract(key)
    if found is None:
        raise NotThere("no_such_contract", {"contract": key[:40]})
    return found


def ended_if_over(key: str, facts: ContractFacts, *, by: Asker, at: datetime) -> bool:
    """Whoever notices first that a contract has run out locks the login; no job is waited for."""
    if today() <= facts.valid_until:
        return False
    register.stop_contract(facts.id, because=RAN_OUT, by=by, at=at)
    close_partner_view(key)
    return True


def only_the_officer(by: Asker) -> None:
    """Nothing, for the privacy officer; Denied, and logged, for anybody else."""
    if by.role != "officer":
        note_denial(by, door=DOOR, because="disclosures are the privacy officer's")
        raise Denied("disclosures_are_the_officers")
