"""Somebody who took a dump of the whole demonstration: people, a year of orders, segments, a campaign, its answers."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg import sql

from regulars.connections.home import Home
from regulars.connections.keys.master_keys import MasterKeys, Wrapped
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server
from regulars.records.dictionary import DICTIONARY
from tests.attacks.looking_for import found_in
from tests.attacks.test_thief import ROOT, dumped

pytestmark = pytest.mark.engine
#: What the file of the demonstration's people says of them that nobody may be reached or hurt by.
SECRET = ("phone", "email", "street", "allergies")
PLANTED = "+15559990001"
KEYS = "SELECT customer_id, wrapped, master FROM vault.customer_key ORDER BY 1"
CELLS = """
SELECT customer_id, 'contact_point.value', value FROM vault.contact_point WHERE value IS NOT NULL
 UNION ALL SELECT id, 'customer.allergies', allergies FROM vault.customer WHERE allergies IS NOT NULL
 UNION ALL SELECT id, 'customer.id_document', id_document FROM vault.customer WHERE id_document IS NOT NULL
"""
OPENED = {("contact_point", "value"), ("customer", "allergies"), ("customer", "id_document")}


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home of its own in which `regulars demo --once` has run; gone with its server afterwards."""
    place = Path(tempfile.mkdtemp(prefix="regulars-demo-"))
    place.chmod(0o711)  # the server may run as another account and has to walk through
    around = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DATABASE_URL"))}
    command = [sys.executable, "-m", "regulars.desks.cli", "demo", "--once"]
    found = Home(place)
    try:
        subprocess.run(command, cwd=ROOT, env={**around, "REGULARS_HOME": str(place)}, check=True, capture_output=True)
        yield found
    finally:
        Server(found).discard()
        shutil.rmtree(place, ignore_errors=True)


def test_a_dump_of_the_whole_demonstration_names_no_way_to_reach_anybody(home: Home) -> None:
    """Every phone, mail, street and allergy, as its file says it and as it was cleaned; one laid open is found."""
    with psycopg.connect(**Server(home).connection_parameters(ADMINISTRATOR), autocommit=True) as connection:
        words = brought_in(home) | opened(connection, home)
        assert len(words) > 6_000
        assert filled_and_sealed(connection) == OPENED - {("customer", "id_document")}
        connection.execute("UPDATE vault.company SET name_zh = %s", [PLANTED])
    dump = dumped(home=home)
    assert len(dump) > 100_000_000
    assert found_in(dump, words | {PLANTED}) == [PLANTED]


def brought_in(home: Home) -> set[str]:
    """What stands in the file of the demonstration's people."""
    people = pq.read_table(home.folder("demo") / "households.parquet", columns=list(SECRET))
    columns = [set(people[name].to_pylist()) - {""} for name in SECRET]
    assert all(columns)
    return set().union(*columns)


def opened(connection: "psycopg.Connection[tuple[object, ...]]", home: Home) -> set[str]:
    """What is sealed in the database, opened with the keys of the home."""
    keys = MasterKeys(home, {}).open([Wrapped(*row) for row in connection.execute(KEYS).fetchall()])  # type: ignore[arg-type]
    return {keys[who].open(place, cell) for who, place, cell in connection.execute(CELLS).fetchall()}  # type: ignore[index, arg-type]


def filled_and_sealed(connection: "psycopg.Connection[tuple[object, ...]]") -> set[tuple[str, str]]:
    """The sealed columns in which the demonstration keeps something: what `opened` does not open is not looked for."""
    sealed = [(table.name, column.name) for table in DICTIONARY for column in table.columns if column.sealed]
    asked = sql.SQL("SELECT EXISTS (SELECT FROM vault.{} WHERE {} IS NOT NULL)")
    return {
        (table, column)
        for table, column in sealed
        if connection.execute(asked.format(sql.Identifier(table), sql.Identifier(column))).fetchone() == (True,)
    }
