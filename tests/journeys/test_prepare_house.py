"""The house is made ready: once, again without touching anything, and by the program of the next version."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations import Migration, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddIndex, AlterField, CreateModel, RunPython
from django.db.migrations.operations.base import Operation
from django.test import override_settings

from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.securing import Connection
from regulars.journeys.prepare_house import bring_up_to_date, prepare_house
from tests.cast import ann

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "regulars_versions"
#: What rewrites a table or reads all of it while others wait. A migration that does one of these to a table with
#: people in it says in `locks` why that is short.
HEAVY = (AddConstraint, AddIndex, AlterField, RunPython)
WORKS_ON = re.compile(r"(UPDATE|DELETE FROM|ALTER TABLE|CREATE (UNIQUE )?INDEX \w+ ON|REINDEX TABLE) (?P<table>\w+)")
NEXT_VERSION = {"touchpoints": "tests.journeys.next_version"}


def ours() -> Iterator[Migration]:
    """Every migration of our records and desks."""
    for (_, _), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if type(migration).__module__.startswith("regulars."):
            yield migration


OURS = tuple(ours())


def parts(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from parts(operation.database_operations)
        else:
            yield operation


@pytest.mark.parametrize("migration", OURS, ids=str)
def test_every_migration_can_be_taken_back_or_says_why_not(migration: Migration) -> None:
    one_way = [type(one).__name__ for one in parts(migration.operations) if not one.reversible]
    assert not one_way or len(getattr(migration, "one_way", "")) > 20, one_way


@pytest.mark.parametrize("migration", OURS, ids=str)
def test_a_migration_of_a_full_table_is_short_or_says_why(migration: Migration) -> None:
    new = {one.name_lower for one in migration.operations if isinstance(one, CreateModel)}
    heavy = [
        type(one).__name__
        for one in parts(migration.operations)
        if isinstance(one, HEAVY) and str(getattr(one, "model_name_lower", "")) not in new
    ]
    for one in parts(migration.operations):
        heavy += rewriting(str(one.sql)) if isinstance(one, RunSQL) else []
    assert not heavy or len(getattr(migration, "locks", "")) > 20, heavy


def rewriting(statements: str) -> Iterator[str]:
    """The statements that work on rows or shapes that were there before; bodies of functions only say what will be."""
    outside = "".join(part for place, part in enumerate(statements.split("$$")) if place % 2 == 0)
    made = set(re.findall(r"CREATE TABLE (\w+)", outside))
    for statement in map(str.strip, outside.split(";")):
        found = WORKS_ON.match(statement)
        if found and found["table"] not in made:
            yield statement


@pytest.mark.usefixtures("house")
def test_models_and_migrations_agree() -> None:
    told = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told, stderr=told)
    except SystemExit:
        pytest.fail(told.getvalue())
    assert "No changes detected" in told.getvalue()


@pytest.mark.usefixtures("house")
def test_prepared_again_nothing_is_done() -> None:
    ann()
    prepare_house()
    said: list[str] = []
    assert prepare_house(lambda step, done, of: said.append(step)) is False
    assert said == ["database", "roles", "tables", "views"]


@pytest.mark.usefixtures("house")
def test_a_table_in_use_is_not_waited_for_long(administrator_connection: Connection) -> None:
    """Whoever asks behind a waiting migration would wait, too."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("10s",)
        cursor.execute("SET lock_timeout = '100ms'")
    with administrator_connection.transaction(), override_settings(MIGRATION_MODULES=NEXT_VERSION):
        administrator_connection.execute("LOCK TABLE vault.touchpoint IN ACCESS SHARE MODE")
        with pytest.raises(LauncherError, match="somebody was using it"):
            bring_up_to_date(administrator_connection)
    connections["owner"].close()


@pytest.fixture(scope="module")
def versions(standing_house: None) -> dict[str, Any]:
    """What life_of_versions.py told, from a database of its own on the tests' server."""
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        try:
            return lived()
        finally:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def lived() -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.journeys.life_of_versions"]
    environment = {**os.environ, "REGULARS_DATABASE": DATABASE}
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_preparing_a_full_house_again_changes_nothing_and_is_quick(versions: dict[str, Any]) -> None:
    assert (versions["changed"], versions["same"]) == (False, True)
    assert versions["tables"] > 30
    assert versions["seconds"] < 2


@pytest.mark.slow
def test_the_next_version_takes_the_full_house_over(versions: dict[str, Any]) -> None:
    """Its migration changes the type of a column that views show: they make way and stand again; nothing is lost."""
    assert versions["types"] == ["text", "character varying(500)", "text"]
    assert versions["upgraded"] == [True, False, True]
    assert versions["findings"] == []
    assert versions["kept"]
    assert versions["agrees"]


@pytest.mark.slow
def test_every_migration_goes_back_to_nothing_and_forward_again(versions: dict[str, Any]) -> None:
    assert [name for name in versions["left"] if not name.startswith("procrastinate_")] == [
        "django_migrations", "django_session",
    ]  # fmt: skip
    assert versions["made_again"] == [True, True]
