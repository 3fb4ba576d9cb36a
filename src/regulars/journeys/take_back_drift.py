"""Drift is taken back: what somebody changed in the database by hand becomes again what the dictionary says."""

from collections.abc import Iterable, Iterator

from psycopg import sql

from regulars.connections.postgres.securing import Connection
from regulars.journeys.check_house import check_house
from regulars.journeys.secure_house import secure_house
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
    return before, check_house(connection)


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
