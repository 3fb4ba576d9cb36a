"""The house is checked: dictionary, catalogue, views, rights and ledger agree, or each disagreement is named.

What is compared with is never read from the database itself: it is compiled anew from the dictionary, and taken from
the migrations' own text. So whoever changes the database by hand would have to change this program too.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
from django.conf import settings

from regulars.connections.postgres.catalogue import types_of
from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection
from regulars.journeys.answer_alarm import reading_findings
from regulars.journeys.canaries import canary_findings
from regulars.journeys.check_dictionary import check_dictionary
from regulars.journeys.check_ledger import ledger_findings
from regulars.journeys.check_log import log_findings
from regulars.journeys.check_own_attributes import own_attribute_findings
from regulars.journeys.check_rights import open_ends, right_findings
from regulars.journeys.check_shapes import shape_findings
from regulars.journeys.tell_alarms import notice_findings
from regulars.records.access_log.checks import KeptCheck, keep_check
from regulars.records.dictionary import DICTIONARY
from regulars.rules.privacy.drift import Finding, HouseReport

__all__ = ["Finding", "HouseReport", "KeptCheck", "check_and_keep", "check_dictionary", "check_house"]

Counting = dict[str, int]
Look = Callable[[Connection, Counting], Iterator[Finding]]


def check_and_keep(*, asked_by: str, at: datetime) -> KeptCheck:
    """The house is checked and the result stands in the book, where the officer's page and the side bar read it."""
    return keep_check(check_house(), asked_by=asked_by, at=at)


def check_house(connection: Connection | None = None) -> HouseReport:
    """Every disagreement between the declared house and the real one. Changes nothing; wants the administrator's login.

    psycopg's errors when the database is away: a check that could not look has not found everything in order.
    """
    if connection is not None:
        return _checked(connection)
    with psycopg.connect(**administrator(settings.HOME, os.environ)) as own:
        return _checked(own)


def _checked(connection: Connection) -> HouseReport:
    began = time.monotonic()
    counts: Counting = {}
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL lock_timeout = '5s'")
        looks: tuple[Look, ...] = (
            dictionary_findings,
            shape_findings,
            right_findings,
            ledger_findings,
            own_attribute_findings,
            log_findings,
            reading_findings,
            canary_findings,
            notice_findings,
        )
        findings = tuple(finding for look in looks for finding in look(connection, counts))
        limits = tuple(open_ends(connection))
    return HouseReport(findings, counts, limits, time.monotonic() - began)


def dictionary_findings(connection: Connection, counts: Counting) -> Iterator[Finding]:
    """Columns of the vault that nobody classed, and classed ones that are not there."""
    held = types_of(connection)
    classed = {(table.name, column.name) for table in DICTIONARY for column in table.columns}
    counts["columns"] = len(held)
    for table, column in sorted(held.keys() - classed):
        yield Finding("column_unclassed", f"{table}.{column}", found=held[table, column])
    for table, column in sorted(classed - held.keys()):
        yield Finding("column_absent", f"{table}.{column}")
