"""Drift is taken back: what somebody changed in the database by hand becomes again what the dictionary says."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime

import psycopg
from django.conf import settings
from psycopg import sql

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.limited_views import remake_limited_views
from regulars.journeys.secure_house import secure_house
from regulars.records.access_log.actions import note_change, note_denial
from regulars.records.access_log.checks import KeptCheck, keep_check
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.drift import Finding, HouseReport

OFF = ("(off)", "(replica only)", "(always)")


def take_back_drift(connection: Connection) -> tuple[HouseReport, HouseReport]:
    """The report before and the report after. Views, policies, rights, comments and permissions are as declared then.

    What may be somebody's work (a table, a column, a function's text) is not thrown away: the second report has it.
    """
    before = check_house(connection)
    with connection.transaction():
        for statement in _undoing(before.findings):
            connection.execute(statement)
        secure_house(connection, anew=True)
        remake_limited_views(connection)
    return before, check_house(connection)


def take_back_and_keep(*, by: Asker, at: datetime) -> tuple[HouseReport, KeptCheck]:
    """The same, by the privacy officer: the second report stands in the book of checks, the deed in that of changes."""
    if by.role != "officer":
        note_denial(by, door="take_back_drift", because="drift is taken back by the privacy officer")
        raise Denied("drift_is_the_officers")
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        before, after = take_back_drift(connection)
    told = {"old": f"{len(before.findings)} findings", "new": f"{len(after.findings)} findings"}
    note_change(by, door="take_back_drift", subject="house", field="drift", **told, customer_id=None)
    return before, keep_check(after, asked_by=by.name, at=at)


def _undoing(findings: Iterable[Finding]) -> Iterator[sql.Composed]:
    """What the plan alone would not undo: rights nobody declared, foreign policies, triggers switched off."""
    for finding in findings:
        if finding.code == "right_extra":
            yield _revoked(finding.found)
        elif finding.code in ("policy_extra", "policy_differs"):
            schema, table, policy = finding.place.split(".", 2)
            yield sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), sql.Identifier(schema, table))
        elif finding.code == "trigger_differs" and finding.found.endswith(OFF):
            yield _switched_on(finding)


def _revoked(fact: str) -> sql.Composed:
    """The REVOKE of "role schema.relation PRIVILEGE column"."""
    role, relation, privilege, *column = fact.split(" ")
    return sql.SQL("REVOKE {} {} ON {} FROM {} CASCADE").format(
        sql.SQL(privilege.rstrip("*")),
        sql.SQL("({})").format(sql.Identifier(*column)) if column else sql.SQL(""),
        sql.Identifier(*relation.split(".", 1)),
        sql.SQL("PUBLIC") if role == "PUBLIC" else sql.Identifier(role),
    )


def _switched_on(finding: Finding) -> sql.Composed:
    table = finding.expected.split(" on ", 1)[1].split(" ", 1)[0]
    return sql.SQL("ALTER TABLE vault.{} ENABLE TRIGGER {}").format(
        sql.Identifier(table), sql.Identifier(finding.place)
    )
