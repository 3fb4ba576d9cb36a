"""Starts, finds and stops the PostgreSQL server that belongs to one home.

The server listens on a Unix socket in a private folder and nowhere else, knows callers by their system account,
and goes on running when the process that started it ends. See docs/decisions/0002.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from regulars.connections.home import Home
from regulars.connections.postgres import tuning
from regulars.connections.postgres.accounts import our_account
from regulars.connections.postgres.binaries import Binaries, find_binaries, runnable_by
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.place import (
    NOTE,
    PORT,
    ROOTS_SHELF,
    Place,
    find_place,
    lay_out,
    no_permission,
    owner_of,
)
from regulars.connections.postgres.postmaster import (
    PID_FILE,
    Postmaster,
    ask_to_stop,
    end_survivors,
    find_postmaster,
    is_alive,
)

__all__ = ["ADMINISTRATOR", "DATABASE", "Home", "LauncherError", "Server", "Status"]

ADMINISTRATOR = "regulars_admin"
DATABASE = "regulars"
NEEDED_MB = 200  # a new database takes 40 MB, its first log files as much again
LAST_MB = 32  # two files of its log: with less it goes down, since it can promise nothing any more
RECOVERY_SECONDS = 900.0
STOP_SECONDS = 60.0
INITDB_OPTIONS = (
    f"--username={ADMINISTRATOR}",
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",  # pg_trgm asks the C library what a letter is; with plain C, 王芳 would have none
    "--lc-messages=C",
    "--lc-monetary=C",
    "--lc-numeric=C",
    "--lc-time=C",
    "--data-checksums",
    "--no-instructions",
)


@dataclass(frozen=True, slots=True)
class Status:
    """What the server is doing: `state` is 'running', 'starting', 'stopped' or 'new' (no database yet)."""

    state: str
    pid: int | None
    started_at: datetime | None
    account: str
    data_folder: Path
    socket_folder: Path

    @property
    def running(self) -> bool:
        return self.state == "running"


class Server:
    """The embedded PostgreSQL of one home. Making this object starts nothing and needs no programs."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def start(self) -> Status:
        """Have the server running and the database there when this returns.

        Safe to call at any time by any number of processes at once. Raises LauncherError.
        """
        with self._alone():
            self._start()
            try:
                self._ensure_database()
            except psycopg.OperationalError as error:
                self._start_again(error)
        return self.status()

    def stop(self, patience: float = STOP_SECONDS) -> Status:
        """Have the server stopped when this returns; commits are safe. Nothing happens when it was not running."""
        if not self.home.path.exists():
            return self.status()
        with self._alone():
            postmaster = find_postmaster(self.place.data)
            if postmaster and not ask_to_stop(postmaster, self.place.data, patience):
                values = {"path": self.place.data, "pid": postmaster.pid, "seconds": patience}
                raise LauncherError("did_not_stop", values)
        return self.status()

    def status(self) -> Status:
        """Tell what the server is doing now, without changing anything."""
        place = self.place
        postmaster = find_postmaster(place.data)
        return Status(
            state=_state(place, postmaster),
            pid=postmaster.pid if postmaster else None,
            started_at=postmaster.started_at if postmaster else None,
            account=place.account.name,
            data_folder=place.data,
            socket_folder=place.socket_folder,
        )

    def has_room(self) -> bool:
        """Whether the disk holds what the server needs to go on; when it does not, that is why it went away."""
        return shutil.disk_usage(self.home.path).free // tuning.MB >= LAST_MB

    def discard(self) -> None:
        """Stop the server and delete its database for good. There is no way back."""
        self.stop()
        self._throw_half_away()
        end_survivors(self.place.data)
        for folder in (self.place.folder, self.place.socket_folder):
            if folder.exists():
                shutil.rmtree(folder)
        (self.home.path / NOTE).unlink(missing_ok=True)
        del self.place

    def connection_parameters(self, role: str, database: str = DATABASE) -> dict[str, Any]:
        """Return libpq's words (host, port, user, dbname) for `psycopg.connect(**parameters)`."""
        return {"host": str(self.place.socket_folder), "port": str(PORT), "user": role, "dbname": database}

    def django_database(self, role: str, database: str = DATABASE) -> dict[str, str]:
        """Return the part of a Django `DATABASES` entry that says where the server is and who logs in."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": role,
            "PASSWORD": "",
            "HOST": str(self.place.socket_folder),
            "PORT": str(PORT),
        }

    def psql_command(self, role: str, database: str = DATABASE) -> list[str]:
        """Return the command line that opens `psql` as this role; raises LauncherError when there is no psql."""
        psql = self.binaries.program("psql")
        found = str(psql) if psql.is_file() else shutil.which("psql")
        if found is None:
            raise LauncherError("no_binaries", {"needed": self.binaries.version, "looked": psql})
        return [found, "-h", str(self.place.socket_folder), "-p", str(PORT), "-U", role, "-d", database]

    @cached_property
    def binaries(self) -> Binaries:
        """The programs, as the server's account can run them."""
        return runnable_by(self.place.account, find_binaries(), ROOTS_SHELF)

    @cached_property
    def place(self) -> Place:
        """Where the data is, or will be."""
        return find_place(self.home)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one starter or stopper of this home work at a time; the lock goes with the process that holds it."""
        lock = self._open_lock()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _open_lock(self) -> int:
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self.home.create()
            lock = os.open(self.home.path / "server.lock", flags, 0o600)
        except PermissionError:
            raise no_permission(self.home.path) from None
        if os.geteuid() == 0 and (owner := owner_of(self.home)) and os.fstat(lock).st_nlink == 1:
            os.fchown(lock, owner.uid, owner.gid)  # or the home's owner could not start it after root did
        return lock

    def _start(self) -> None:
        self._wait_while_starting()
        if not self.status().running:
            lay_out(self.home, self.place)
            self._make_data_folder()
            self._configure()
            self._launch()

    def _start_again(self, error: psycopg.OperationalError) -> None:
        """Give a server that died as we came in a second chance; one that lives and refuses us has its reasons."""
        time.sleep(0.2)
        if self.status().running:
            raise self._why(str(error)) from error
        self._start()
        self._ensure_database()

    def _wait_while_starting(self) -> None:
        """Wait for a server whose starter was killed while it recovered, or that is about to stop."""
        while (status := self.status()).state == "starting" and status.pid:
            self._wait(status.pid, stopping_is_fine=True)

    def _make_data_folder(self) -> None:
        """Run initdb beside the place and move the whole result in, so that half a database is never found."""
        place = self.place
        if place.data.exists():
            self._check_version()
            return
        self._demand_space()
        self._throw_half_away()
        half = place.folder / f"data.new{os.getpid()}"
        done = place.account.run([self.binaries.program("initdb"), "-D", half, *INITDB_OPTIONS])
        if done.returncode != 0:
            raise self._why(done.stderr or done.stdout)
        half.rename(place.data)

    def _throw_half_away(self) -> None:
        """Remove what a killed starter left, once its initdb no longer works on it."""
        for left_over in self.place.folder.glob("data.new*"):
            end_survivors(left_over, patience=0.0)
            shutil.rmtree(left_over)

    def _check_version(self) -> None:
        found = (self.place.data / "PG_VERSION").read_text().strip()
        if found != str(self.binaries.major):
            values = {"path": self.place.data, "found": found, "needed": self.binaries.major}
            raise LauncherError("wrong_version", values)

    def _demand_space(self) -> None:
        free_mb = shutil.disk_usage(self.place.folder).free // tuning.MB
        if free_mb < NEEDED_MB:
            raise self._disk_full(free_mb)

    def _configure(self) -> None:
        """Write the configuration anew: the machine may have changed, and the program may know better by now."""
        machine = tuning.Machine.here(self.place.folder)
        self._write(
            "regulars.conf", tuning.configuration(machine, self.place.socket_folder, counts=self.binaries.count)
        )
        self._write("pg_hba.conf", tuning.who_may_log_in())
        self._write("pg_ident.conf", tuning.who_is_who(self._callers()))
        self._write("postgresql.conf", "include 'regulars.conf'\ninclude_if_exists 'own.conf'\n")

    def _callers(self) -> list[str]:
        """Return who may log in: whoever starts the server, and the account the home belongs to."""
        accounts = (our_account(), owner_of(self.home))
        return list(dict.fromkeys(account.name for account in accounts if account))

    def _write(self, name: str, text: str) -> None:
        """Write as the server's account: root must not follow a link which that account may have laid."""
        script = 'cat >"$1.new" && mv "$1.new" "$1"'
        done = self.place.account.run(["/bin/sh", "-c", script, "sh", self.place.data / name], said=text)
        if done.returncode != 0:
            raise self._why(done.stderr)

    def _launch(self) -> None:
        """Start the server in a session of its own, and wait until it has recovered and answers."""
        place = self.place
        self._clear_up()
        script = '"$1" -D "$2" </dev/null >"$3" 2>&1 & echo $!'  # the shell ends at once: init adopts the server
        words = (self.binaries.program("postgres"), place.data, place.start_log)
        started = place.account.run(["/bin/sh", "-c", script, "sh", *words], start_new_session=True)
        self._wait(int(started.stdout))

    def _clear_up(self) -> None:
        """Remove what a killed server left: orphans, and lock files with a pid that may be a stranger's by now."""
        end_survivors(self.place.data)
        for left_over in (self.place.data / PID_FILE, self.place.socket.with_name(f"{self.place.socket.name}.lock")):
            left_over.unlink(missing_ok=True)

    def _wait(self, pid: int, stopping_is_fine: bool = False) -> None:
        until = time.monotonic() + RECOVERY_SECONDS
        while not self.status().running:
            gone = not is_alive(pid)
            if gone and stopping_is_fine:
                return
            if gone or time.monotonic() > until:
                raise self._why(self._last_words())
            time.sleep(0.02)

    def _ensure_database(self) -> None:
        """Make the database, and close the two that come with the server to everybody but the administrator."""
        parameters = self.connection_parameters(ADMINISTRATOR, "postgres")
        with psycopg.connect(**parameters, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return
            connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def _last_words(self) -> str:
        """Return the end of what the server said on its way down: in its log, if it came so far, else on its output."""
        logs = [self.place.start_log, *(self.place.data / "log").glob("*.log")]
        latest = max(logs, key=lambda log: log.stat().st_mtime)
        text = latest.read_text(errors="replace")
        return "\n".join(line for line in text.splitlines()[-8:] if line.strip())

    def _why(self, said: str) -> LauncherError:
        """Turn PostgreSQL's last words into the error a person can act on."""
        folder, account = self.place.folder, our_account().name
        free_mb = shutil.disk_usage(folder).free // tuning.MB
        if "No space left" in said or "Disk quota" in said or free_mb < 1:
            return self._disk_full(free_mb)
        if "eer authentication failed" in said:
            values = {"path": folder, "owner": self.place.account.name, "account": account}
            return LauncherError("belongs_to_another", values)
        if "Permission denied" in said:
            return LauncherError("permission", {"path": folder, "account": self.place.account.name})
        return LauncherError("did_not_start", {"path": folder, "reason": said.strip() or "none"})

    def _disk_full(self, free_mb: int) -> LauncherError:
        return LauncherError("disk_full", {"path": self.place.folder, "free_mb": free_mb, "needed_mb": NEEDED_MB})


def _state(place: Place, postmaster: Postmaster | None) -> str:
    if postmaster is None:
        return "stopped" if _is_there(place.data) else "new"
    return "running" if postmaster.ready and place.socket.exists() else "starting"


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except PermissionError:
        return True
