"""Homes with a database server of their own, thrown away afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server nobody has started yet, in a home that is not there yet."""
    server = Server(Home(tmp_path / "home"))
    yield server
    server.discard()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server, shared by tests that leave it running."""
    server = Server(Home(tmp_path_factory.mktemp("shared") / "home"))
    server.start()
    yield server
    server.discard()
