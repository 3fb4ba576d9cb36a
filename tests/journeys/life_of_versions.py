"""A house with people in it, through the versions: prepared again, brought to the next version, taken back to nothing.

Run in a process of its own, on a database of its own; what came of it is one line of JSON.
"""

import json
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402
from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import override_settings  # noqa: E402
from psycopg import sql  # noqa: E402

from regulars.connections.postgres.catalogue import functions_of, types_of  # noqa: E402
from regulars.connections.postgres.logins import administrator  # noqa: E402
from regulars.journeys.check_house import check_house  # noqa: E402
from regulars.journeys.prepare_house import prepare_house  # noqa: E402
from regulars.journeys.refresh_scores import refresh_scores  # noqa: E402
from regulars.journeys.secure_house import take_views_away  # noqa: E402
from tests.cast import NOON, ann, bob, wang_fang  # noqa: E402
from tests.journeys.next_version.m9999_titles_of_any_length import LAST  # noqa: E402
from tests.journeys.order_files import bring, open_shop, order_rows, write_rows  # noqa: E402

#: A version that comes or goes writes these itself: which migrations ran, what silence means, that views were changed.
NOT_COMPARED = {"django_migrations", "choice_age", "choice_default", "privacy_entry"}
OURS = [app.label for app in apps.get_app_configs() if app.name.startswith("regulars.records.")]
NEXT_VERSION = {"touchpoints": "tests.journeys.next_version"}


def live() -> dict[str, Any]:
    """What happened."""
    prepare_house()
    _move_in()
    told: dict[str, Any] = {"tables": len(_held())}
    told |= _prepared_again()
    told |= _next_version()
    told |= _back_to_nothing()
    return told


def _move_in() -> None:
    open_shop()
    ann(), bob(), wang_fang()
    with tempfile.TemporaryDirectory() as folder:
        bring(write_rows(Path(folder) / "orders.csv", order_rows(40, customers=9)))
    refresh_scores(at=NOON, as_of=date(2026, 1, 1))


def _prepared_again() -> dict[str, Any]:
    """Three times, of which the quickest counts: the machine may have other work."""
    before, changed, seconds = _held(), [], []
    for _ in range(3):
        began = time.monotonic()
        changed.append(prepare_house())
        seconds.append(time.monotonic() - began)
    return {"changed": any(changed), "seconds": min(seconds), "same": _held() == before}


def _next_version() -> dict[str, Any]:
    """The next version's program meets this version's full database."""
    before, was = _held(), _type_of_title()
    with override_settings(MIGRATION_MODULES=NEXT_VERSION):
        changed = prepare_house()
        again = prepare_house()
        findings = [f"{one.code} {one.place}" for one in check_house().findings]
        became = _type_of_title()
        _alone()
        call_command("migrate", "touchpoints", LAST, database="owner", verbosity=0)
    back = prepare_house()
    return {
        "upgraded": [changed, again, back], "findings": findings, "types": [was, became, _type_of_title()],
        "kept": _held() == before, "agrees": check_house().agrees,
    }  # fmt: skip


def _back_to_nothing() -> dict[str, Any]:
    """Every migration of ours is taken back, last first, and all are run again; the queue's and Django's own stay."""
    _alone()
    for app in OURS:
        call_command("migrate", app, "zero", database="owner", verbosity=0)
    with _administrator() as connection:
        left = sorted({table for table, _ in types_of(connection)})
        left += [name for name in functions_of(connection) if not name.startswith("vault.procrastinate")]
    made_again = prepare_house()
    return {"left": left, "made_again": [made_again, check_house().agrees]}


def _alone() -> None:
    """Old connections hold plans and locks; the views are in the way of going back."""
    connections.close_all()
    with _administrator() as connection:
        take_views_away(connection)


def _held() -> dict[str, str]:
    """Table of the vault → a digest of all its rows, the book of migrations left out."""
    found = {}
    with _administrator() as connection:
        for table in sorted({table for table, _ in types_of(connection)} - NOT_COMPARED):
            query = sql.SQL(
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {} t"
            )
            row = connection.execute(query.format(sql.Identifier("vault", table))).fetchone()
            found[table] = str(row[0]) if row else ""
    return found


def _type_of_title() -> str:
    with _administrator() as connection:
        return types_of(connection)["touchpoint", "title"]


def _administrator() -> "psycopg.Connection[Any]":
    return psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(live()) + "\n")
