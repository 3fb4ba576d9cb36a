"""The bundle: one file with everything an outsider needs to check the house without trusting it, or being let in.

Dictionary, the company's own attributes, views as compiled and as PostgreSQL holds them, rights per login, statement,
figures, and the log with its proofs. Nobody is in it by name but staff; `regulars-verify` reads it with no help from
this program.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from psycopg import IsolationLevel

from regulars.connections.postgres.catalogue import types_of, views_of
from regulars.connections.postgres.catalogue_rights import (
    database_rights_of,
    memberships_of,
    rights_of,
    roles_of,
    schema_rights_of,
    settings_of,
)
from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection, run
from regulars.journeys.check_house import check_house
from regulars.journeys.check_own_attributes import shown_now
from regulars.journeys.check_rights import declared_rights
from regulars.journeys.close_batch import SIGNING, close_batches, marks_key, said_at
from regulars.journeys.limited_views import compiled_limited, limited_views
from regulars.journeys.prepare_house import is_older_than_the_program
from regulars.journeys.read_batch import lines_in
from regulars.journeys.secure_house import present_columns
from regulars.journeys.send_checkpoint import send_checkpoints
from regulars.records.access_log.actions import note_deed, note_refused_deed
from regulars.records.access_log.batches import batches, checkpoints, peaks_at
from regulars.records.choices.statistics import choice_counts
from regulars.records.company.access import company
from regulars.records.company.statements import StatementFacts, statement_in_force
from regulars.records.dictionary import DICTIONARY
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.evidence.canonical import canonical
from regulars.rules.evidence.checkpoints import public_key, signature_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.privacy.compiler import PERSON, SCRATCH, compile_views, login_role, owner_role
from regulars.rules.privacy.dictionary import Column, Table
from regulars.rules.privacy.own_attributes import shown_in
from regulars.rules.privacy.precedence import PRECEDENCE
from regulars.rules.privacy.views import ROLES, VIEWS, View, treatment

KIND: Final = "regulars bundle 1"
LANGUAGES: Final = ("en", "zh-hans")
HOW: Final = """This is evidence from a house of Regulars. Check it without the house: regulars-verify FILE
The program is 420 lines and stands alone (Python, package "cryptography").

本文件是一份证据包，可脱离系统核验：regulars-verify FILE
核验程序四百二十行，独立运行（Python 与 cryptography 包）。
"""

Types = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, how many bytes, lines of the log, and the public key it is signed with."""

    path: Path
    size: int
    lines: int
    key: str


def write_bundle(path: Path, *, by: Asker, at: datetime, since: datetime) -> Written:
    """The bundle lies at `path` when this returns: the log from `since` on, everything else as it is now.

    For the privacy officer only. The log is closed first, so that the bundle ends with what happened until now.
    BadInput `house_is_older` where the tables are not as this version wants them: it would say what is not so.
    """
    if is_older_than_the_program():
        raise BadInput("house_is_older")
    if by.role != "officer":
        note_refused_deed(by, deed="bundle", subject="bundle", detail={})
        raise Denied("bundles_are_the_officers")
    if path.exists() and not path.is_file():  # a device would be replaced by a file, for everybody on the machine
        raise BadInput("not_a_file", {"file": path})
    note_deed(by, deed="bundle", subject="bundle", detail={"since": said_at(since)})
    close_batches(at=at)
    send_checkpoints(at=at)
    findings = check_house().findings
    half = path.with_name(f".{path.name}.half")
    half.touch(0o600)
    try:
        with _snapshot() as connection, zipfile.ZipFile(half, "w", zipfile.ZIP_STORED) as archive:
            sheet = _Sheet(archive, at)
            _house(sheet, connection, at)
            sheet.json("counts.json", _counts(connection, [asdict(one) for one in findings], at))
            lines = _log(sheet, connection, since)
            sheet.close(by=by, at=at)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return Written(path, path.stat().st_size, lines, public_key(settings.KEYS.read(SIGNING)))


@dataclass(slots=True)
class _Sheet:
    """An open bundle: every file is stored as it is and its digest remembered for the manifest."""

    archive: zipfile.ZipFile
    at: datetime
    digests: dict[str, str] = field(default_factory=dict)

    def json(self, name: str, value: Any) -> None:
        """One file of canonical JSON."""
        self.write(name, [canonical(json.loads(json.dumps(value, default=str)))])

    def lines(self, name: str, lines: Iterable[bytes]) -> int:
        """One file of lines; how many."""
        counted = 0

        def ended() -> Iterator[bytes]:
            nonlocal counted
            for counted, line in enumerate(lines, start=1):  # noqa: B007 - the last number is the count
                yield line + b"\n"

        self.write(name, ended())
        return counted

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """One file."""
        digest = hashlib.sha256()
        with self.archive.open(self._entry(name), "w") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self.digests[name] = digest.hexdigest()

    def close(self, *, by: Asker, at: datetime) -> None:
        """The manifest, and its signature beside it."""
        seed = settings.KEYS.read(SIGNING)
        told = {"kind": KIND, "made_at": said_at(at), "made_by": by.name, "company": company().name,
                "key": public_key(seed), "files": self.digests}  # fmt: skip
        said = canonical(told)
        self.archive.writestr(self._entry("manifest.json"), said)
        self.archive.writestr(self._entry("manifest.sig"), signature_of(said, seed) + "\n")

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self.at.timetuple()[:6])
        entry.external_attr = 0o600 << 16
        return entry


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """The administrator's connection, seeing one moment throughout; what is made in it is rolled back."""
    with psycopg.connect(**administrator(settings.HOME, os.environ)) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with connection.transaction(force_rollback=True):
            yield connection


def _house(sheet: _Sheet, connection: Connection, at: datetime) -> None:
    """Everything but the log and the figures."""
    types = types_of(connection)
    sheet.write("README.txt", [HOW.encode()])
    sheet.json("dictionary.json", [_table(table) for table in present_columns(types)])
    sheet.json("own_attributes.json", _own_attributes(connection))
    sheet.json("rights.json", _rights(connection, types))
    sheet.json("views.json", {"views": _views(connection, types), "roles": ROLES, "precedence": PRECEDENCE})
    sheet.json("statement.json", [asdict(one) for one in _statements(at)])


def _table(table: Table) -> dict[str, Any]:
    columns = [_column(column, table) for column in table.columns]
    return {"name": table.name, "meaning": table.meaning, "person": table.person, "views": sorted(table.views),
            "columns": columns}  # fmt: skip


def _column(column: Column, table: Table) -> dict[str, Any]:
    shown = {view.name: treatment(column, view) for view in VIEWS if view.name in table.views}
    return {
        "name": column.name, "class": str(column.class_), "category": column.category, "label": column.label,
        "label_zh": column.label_zh, "purposes": sorted(column.purposes), "keep": column.keep, "shown": shown,
    }  # fmt: skip


def _own_attributes(connection: Connection) -> list[dict[str, Any]]:
    """The company's own: how each is classed, which views should show it how, and which do."""
    held = shown_now(connection)
    return [
        asdict(one.what) | {
            "purposes": sorted(one.what.purposes), "retired": one.retired_at is not None,
            "shown": shown_in(one.what) if one.retired_at is None else {},
            "held": {view: how for view, key, how in held if key == one.what.key},
        }
        for one in own_attributes(retired=True)
    ]  # fmt: skip


def _rights(connection: Connection, types: Types) -> dict[str, Any]:
    """Rights as PostgreSQL holds them beside those that were declared, role by role."""
    declared = declared_rights(connection)
    starts = sorted(f"{role} {said}" for role, said in settings_of(connection))
    return {
        "columns": sorted(f"{table}.{column}" for table, column in types),
        "roles": {role.name: asdict(role) for role in roles_of(connection).values()},
        "settings": starts,
        "held": {
            "rights": sorted(rights_of(connection)),
            "schemas": sorted(schema_rights_of(connection)),
            "database": sorted(database_rights_of(connection)),
            "memberships": sorted(memberships_of(connection)),
        },
        "declared": {
            "rights": sorted(declared.relations),
            "schemas": sorted(declared.schemas),
            "database": sorted(declared.database),
            "memberships": sorted(declared.memberships),
        },
    }


def _views(connection: Connection, types: Types) -> list[dict[str, Any]]:
    """Each view: for whom, and every table through it as compiled, as PostgreSQL words that, and as it is held."""
    limits = limited_views(connection)
    compiled = (*compile_views(tuple(present_columns(types)), types), *compiled_limited(connection))
    run(connection, (f"CREATE SCHEMA {SCRATCH}",))
    run(connection, tuple(f'CREATE VIEW {SCRATCH}."{one.name}" AS {one.select}' for one in compiled))
    worded = views_of(connection, [SCRATCH])
    held = views_of(connection, [view.name for view in (*VIEWS, *limits)])
    told: dict[str, dict[str, Any]] = {view.name: {} for view in (*VIEWS, *limits)}
    for one in compiled:
        there = held.get(one.name)
        told[one.view.name][one.table.name] = {
            "compiled": one.select,
            "worded": worded[f"{SCRATCH}.{one.name}"].definition,
            "held": there.definition if there else "",
            "owner": there.owner if there else "",
            "barrier": bool(there and there.barrier),
        }
    return [_view(view) | {"tables": told[view.name]} for view in (*VIEWS, *limits)]


def _view(view: View) -> dict[str, Any]:
    return asdict(view) | {"login": login_role(view), "owner": owner_role(view)}


def _statements(at: datetime) -> Iterator[StatementFacts]:
    for language in LANGUAGES:
        found = statement_in_force(language, at=at)
        if found and found.language == language:
            yield found


def _counts(connection: Connection, findings: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    """How many people there are, what they said, how many each view has; what the house found in itself."""
    run(connection, ("SET LOCAL search_path = personal",))
    with connection.cursor() as cursor:
        choices = choice_counts(cursor)
    shown = next(table.views for table in DICTIONARY if table.name == PERSON)
    # a view of files that are opened one by one has nobody in it, but for minutes
    views = [view for view in VIEWS if view.name in shown and not view.opened_by]
    people = {view.name: _people(connection, view) for view in views}
    return {
        "customers": people["personal"],
        "choices": [asdict(one) for one in choices],
        "people_in_view": people,
        "checked_at": said_at(at),
        "findings": findings,
    }


def _people(connection: Connection, view: View) -> int:
    row = connection.execute(f"SELECT count(*) FROM {view.name}.{PERSON}").fetchone()  # noqa: S608 - our own names
    return int(row[0]) if row else 0


def _log(sheet: _Sheet, connection: Connection, since: datetime) -> int:
    """The log from the last checkpoint before `since` on, and the peaks of the tree it grew from; how many lines."""
    everything = checkpoints(connection)
    earlier = [one for one in everything if one.checkpoint.at < said_at(since)]
    base = earlier[-1] if earlier else None
    chain = everything[len(earlier) - 1 :] if base else everything
    size, upto = (base.checkpoint.size if base else 0), (chain[-1].checkpoint.size if chain else 0)
    sheet.lines("log/checkpoints.jsonl", (one.line for one in chain))
    peaks = peaks_at(connection, base.checkpoint.number) if base else ()
    sheet.json("log/before.json", {"size": size, "peaks": [peak.hex() for peak in peaks]})
    made = batches(connection, after=size, most=upto - size)
    sheet.lines("log/batches.jsonl", (batch.said for batch in made))
    return sum(
        sheet.lines(f"log/lines/{batch.number:09}.jsonl", lines)
        for batch, lines in lines_in(connection, made, marks_key())
    )
