"""Every test that asks for `house` gets a real database with all logins and views, empty but for what it puts in
itself.
"""

import atexit
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="regulars-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)  # also when no test asked for the house
HOME.chmod(0o711)  # the database server may run as another account and has to walk through
(HOME / "static").mkdir()  # collected files would lie here; the finders serve what is not collected
os.environ |= {"REGULARS_HOME": str(HOME), "REGULARS_TESTING": "1", "DJANGO_SETTINGS_MODULE": "regulars.site.settings"}
os.environ["XDG_STATE_HOME"] = str(HOME / "state")
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402  (the settings read the environment set above)

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import ScryptPasswordHasher  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connections  # noqa: E402
from hypothesis import settings as chance  # noqa: E402

from regulars.connections.postgres.launcher import Server  # noqa: E402
from regulars.connections.postgres.logins import administrator  # noqa: E402
from regulars.journeys.prepare_house import prepare_house  # noqa: E402
from regulars.records.company.access import forget_company  # noqa: E402
from regulars.records.staff.names import forget_names  # noqa: E402

# a busy machine is no mistake; what must be quick has a test that says so
chance.register_profile("house", deadline=None)
chance.load_profile("house")
ScryptPasswordHasher.work_factor = 16  # the same digest as in earnest, a thousand times sooner

EMPTY = """
DO $$ DECLARE t text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'vault'::regnamespace AND c.relkind = 'r'
                AND c.relname NOT IN ('django_migrations', 'choice_default', 'choice_age', 'code') LOOP
        EXECUTE format('DELETE FROM vault.%I', t);
    END LOOP;
END $$
"""


#: About how many seconds a test takes, by what it is marked with or asks for.
SECONDS = {"slow": 15.0, "browser": 6.0, "house": 0.4}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several work side by side, the longest files come first, so that none ends alone."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    takes = defaultdict[Path, float](float)
    for item in items:
        takes[item.path] += _seconds(item)
    items.sort(key=lambda item: (-takes[item.path], str(item.path)))


def _seconds(item: pytest.Item) -> float:
    words = {mark.name for mark in item.iter_markers()} | {*getattr(item, "fixturenames", ())}
    return max((seconds for word, seconds in SECONDS.items() if word in words), default=0.02)


@pytest.fixture(scope="session")
def standing_house() -> Iterator[None]:
    """A server of the tests' own, with roles, tables and views; gone without trace afterwards."""
    prepare_house()
    _hurry()
    SWEEPER.sweep()
    yield
    connections.close_all()
    SWEEPER.close()
    Server(settings.HOME).discard()
    shutil.rmtree(HOME, ignore_errors=True)


def _hurry() -> None:
    """This server need not survive a power cut; commits still reach the system before they are confirmed."""
    own = Server(settings.HOME).status().data_folder / "own.conf"
    own.write_text("fsync = off\nfull_page_writes = off\n")
    own.chmod(0o644)
    with psycopg.connect(**administrator(settings.HOME, os.environ)) as connection:
        connection.execute("SELECT pg_reload_conf()")


class Sweeper:
    """Empties the house, by a connection that stays: what it asks of every table it has planned once."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def sweep(self) -> None:
        """Nobody is left; where the server was stopped meanwhile, by a new connection."""
        try:
            self._connected().execute(EMPTY)
        except psycopg.OperationalError:
            self._connection = None
            self._connected().execute(EMPTY)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True)
        return self._connection


SWEEPER = Sweeper()


@pytest.fixture
def administrator_connection(standing_house: None) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """The administrator's own connection, as `regulars check` has it."""
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        yield connection


@pytest.fixture
def house(standing_house: None) -> Iterator[None]:
    """The house with nobody in it; emptied again after the test."""
    yield
    cache.clear()
    forget_company()
    forget_names()
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and connection.in_atomic_block:
            connection.close()
    SWEEPER.sweep()
    for name in ("warehouse", "files", "mail", "evidence", "state"):
        shutil.rmtree(HOME / name, ignore_errors=True)
