"""A PostgreSQL that is not ours: it listens on TCP, asks everybody for a password, and keeps its own counsel."""

import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from regulars.connections.postgres.accounts import Account, server_account
from regulars.connections.postgres.binaries import Binaries, find_binaries, runnable_by
from regulars.connections.postgres.place import ROOTS_SHELF
from regulars.connections.postgres.postmaster import end_survivors

START_SECONDS = 60.0
WHO_MAY_LOG_IN = "host all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class SecondServer:
    """Where it listens, and the password of its superuser `chief`."""

    port: int
    password: str

    def url(self, *, user: str = "chief", password: str | None = None, database: str = "regulars") -> str:
        """The DATABASE_URL of this user."""
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres", **words: Any) -> "psycopg.Connection[Any]":
        """A connection of the superuser, or of whom the words say."""
        known: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "user": "chief", "password": self.password}
        return psycopg.connect(**known | words, dbname=database, autocommit=True)


@contextmanager
def second_server() -> Iterator[SecondServer]:
    """The server runs meanwhile, in a folder of its own that is gone afterwards."""
    account = server_account()
    binaries = runnable_by(account, find_binaries(), ROOTS_SHELF)
    folder = Path(tempfile.mkdtemp(prefix="regulars-second-"))
    os.chown(folder, account.uid, account.gid)
    try:
        server = SecondServer(_free_port(), secrets.token_urlsafe(12) + "/@:%")  # a URL has to survive these
        _make(folder, account, binaries, server)
        pid = _launch(folder, account, binaries)
        _wait(server, folder)
        yield server
        os.kill(pid, signal.SIGINT)
    finally:
        end_survivors(folder / "data", patience=10.0)
        shutil.rmtree(folder)


def _make(folder: Path, account: Account, binaries: Binaries, server: SecondServer) -> None:
    _write(folder / "password", server.password, account)
    options = (
        "--auth-host=scram-sha-256",
        "--auth-local=reject",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--username=chief",
    )
    words = (binaries.program("initdb"), "-D", folder / "data", f"--pwfile={folder / 'password'}", *options)
    made = account.run(words)
    assert made.returncode == 0, made.stderr
    _write(folder / "data" / "pg_hba.conf", WHO_MAY_LOG_IN, account)
    _write(folder / "data" / "postgresql.auto.conf", _configuration(server, folder), account)


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text)
    os.chown(path, account.uid, account.gid)


def _configuration(server: SecondServer, folder: Path) -> str:
    return (
        f"listen_addresses = '127.0.0.1'\nport = {server.port}\nunix_socket_directories = '{folder}'\n"
        "fsync = off\nshared_buffers = 32MB\nmax_connections = 60\npassword_encryption = 'scram-sha-256'\n"
        "shared_preload_libraries = 'pg_stat_statements'\n"
    )


def _launch(folder: Path, account: Account, binaries: Binaries) -> int:
    script = '"$1" -D "$2" </dev/null >"$3" 2>&1 & echo $!'
    words = (binaries.program("postgres"), folder / "data", folder / "server.log")
    started = account.run(["/bin/sh", "-c", script, "sh", *words], start_new_session=True)
    return int(started.stdout)


def _wait(server: SecondServer, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return server.connect().close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise AssertionError((folder / "server.log").read_text()) from None
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
