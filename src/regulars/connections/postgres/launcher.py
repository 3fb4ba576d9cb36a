"""Starts, finds and stops the PostgreSQL server that belongs to one home.

The server listens on a Unix socket in a private folder and nowhere else, knows callers by their system account,
and goes on running when the process that started it ends. See docs/decisions/0002.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import psycopg

from regulars.connections.postgres import tuning
from regulars.connections.postgres.accounts import Account, account_called, name_of, our_account, server_account
from regulars.connections.postgres.binaries import Binaries, find_binaries, runnable_by
from regulars.connections.postgres.home import Home
from regulars.connections.postgres.launch_errors import LauncherError
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
PORT = 5432  # only part of the socket's file name
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET = 107  # bytes; sockaddr_un's 108 less the closing zero
ROOTS_SHELF = Path("/var/lib/regulars")
NEEDED_MB = 200  # a new database takes 40 MB, its first log files as much again
RECOVERY_SECONDS = 900.0
STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server of a home keeps its data, and the account it runs under."""

    folder: Path
    socket_folder: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def start_log(self) -> Path:
        return self.folder / "start.log"


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
        """Have the server running when this returns; make the database first if there is none yet.

        Safe to call at any time by any number of processes at once. Raises LauncherError.
        """
        with self._alone():
            if not self.status().running:
                self._lay_out()
                self._make_database_folder()
                self._configure()
                self._launch()
        return self.status()

    def stop(self, patience: float = STOP_SECONDS) -> Status:
        """Have the server stopped when this returns; commits are safe. Nothing happens when it was not running."""
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

    def discard(self) -> None:
        """Stop the server and delete its database for good. There is no way back."""
        self.stop()
        for folder in (self.place.folder, self.place.socket_folder):
            if folder.exists():
                shutil.rmtree(folder)
        self._place_file.unlink(missing_ok=True)
        self.__dict__.pop("place", None)

    def connection_parameters(self, role: str, database: str = DATABASE) -> dict[str, str]:
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
        """Where the data is: as noted when it was made, else as it would be made now."""
        try:
            noted = json.loads(self._place_file.read_text())
        except FileNotFoundError:
            return _planned(self.home)
        except PermissionError:
            raise _permission(self.home.path) from None
        folder = self.home.path / noted["folder"]  # an absolute one replaces the home
        account = account_called(noted["account"]) if os.geteuid() == 0 else our_account()
        return _place(self.home, folder, account or server_account(noted["account"]))

    @property
    def _place_file(self) -> Path:
        return self.home.path / "server.json"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one starter or stopper of this home work at a time; the lock goes with the process that holds it."""
        try:
            self.home.create()
            lock = os.open(self.home.path / "server.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise _permission(self.home.path) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _lay_out(self) -> None:
        """Make the private folders, given to the server's account, and note where they are."""
        place = self.place
        _private_folder(place.folder, place.account)
        _private_folder(place.socket_folder, place.account)
        inside = place.folder.is_relative_to(self.home.path)
        folder = place.folder.relative_to(self.home.path) if inside else place.folder
        half = self._place_file.with_suffix(".new")
        half.write_text(json.dumps({"folder": str(folder), "account": place.account.name}))
        half.replace(self._place_file)

    def _make_database_folder(self) -> None:
        """Run initdb beside the place and move the whole result in, so that half a database is never found."""
        place = self.place
        if place.data.exists():
            return self._check_version()
        _demand_space(place.folder)
        for left_over in place.folder.glob("data.new*"):
            shutil.rmtree(left_over)
        half = place.folder / f"data.new{os.getpid()}"
        done = place.account.run([self.binaries.program("initdb"), "-D", half, *INITDB_OPTIONS])
        if done.returncode != 0:
            raise self._why(done.stderr or done.stdout)
        half.rename(place.data)

    def _check_version(self) -> None:
        found = (self.place.data / "PG_VERSION").read_text().strip()
        if found != str(self.binaries.major):
            values = {"path": self.place.data, "found": found, "needed": self.binaries.major}
            raise LauncherError("wrong_version", values)

    def _configure(self) -> None:
        """Write the configuration anew: the machine may have changed, and the program may know better by now."""
        machine = tuning.Machine.here(self.place.folder)
        callers = dict.fromkeys([our_account().name])
        self._write("regulars.conf", tuning.configuration(machine, self.place.socket_folder))
        self._write("pg_hba.conf", tuning.who_may_log_in())
        self._write("pg_ident.conf", tuning.who_is_who(callers))
        self._write("postgresql.conf", "include 'regulars.conf'\ninclude_if_exists 'own.conf'\n")

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
        command = ["/bin/sh", "-c", script, "sh", self.binaries.program("postgres"), place.data, place.start_log]
        started = place.account.run(command, start_new_session=True)
        self._wait(int(started.stdout))
        self._ensure_database()

    def _clear_up(self) -> None:
        """Remove what a killed server left: orphans, and lock files whose pid may be a stranger's or a zombie's by now."""
        end_survivors(self.place.data)
        for left_over in (self.place.data / PID_FILE, self.place.socket_folder / f"{SOCKET_NAME}.lock"):
            left_over.unlink(missing_ok=True)

    def _wait(self, pid: int) -> None:
        until = time.monotonic() + RECOVERY_SECONDS
        while not _state(self.place, find_postmaster(self.place.data)) == "running":
            if not is_alive(pid) or time.monotonic() > until:
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
        """Return the end of what the server said on its way down."""
        logs = sorted((self.place.data / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)[-1:]
        texts = [log.read_text(errors="replace") for log in (self.place.start_log, *logs) if log.exists()]
        lines = [line for text in texts for line in text.splitlines() if line.strip()]
        return "\n".join(lines[-12:])

    def _why(self, said: str) -> LauncherError:
        """Turn PostgreSQL's last words into the error a person can act on."""
        folder = self.place.folder
        free_mb = shutil.disk_usage(folder).free // tuning.MB
        if "No space left" in said or "Disk quota" in said or free_mb < 1:
            return LauncherError("disk_full", {"path": folder, "free_mb": free_mb, "needed_mb": NEEDED_MB})
        if "Permission denied" in said:
            return LauncherError("permission", {"path": folder, "account": self.place.account.name})
        return LauncherError("did_not_start", {"path": folder, "reason": said.strip() or "none"})


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


def _state(place: Place, postmaster: Postmaster | None) -> str:
    if postmaster is None:
        return "stopped" if _is_there(place.data) else "new"
    return "running" if postmaster.ready and (place.socket_folder / SOCKET_NAME).exists() else "starting"


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except PermissionError:
        return True


def _planned(home: Home) -> Place:
    """Choose where a new database goes: in the home, unless root's server account cannot get there."""
    account = server_account(os.environ.get("REGULARS_SERVER_ACCOUNT"))
    folder = home.postgres
    if not account.is_ours and not account.can_enter(_nearest(home.path)):
        folder = ROOTS_SHELF / _digest(home.path)
    return _place(home, folder, account)


def _place(home: Home, folder: Path, account: Account) -> Place:
    socket_folder = folder / "socket"
    if len(os.fsencode(socket_folder / SOCKET_NAME)) > LONGEST_SOCKET:
        socket_folder = _short_folder(home, account)
    return Place(folder, socket_folder, account)


def _short_folder(home: Home, account: Account) -> Path:
    """Return a short name for a socket folder. Not the user's runtime folder: that is deleted at logout."""
    if os.geteuid() == 0:
        return ROOTS_SHELF / _digest(home.path) / "socket"
    return Path("/tmp") / f"regulars-{account.uid}-{_digest(home.path)}"  # noqa: S108  checked to be ours and 0700


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _private_folder(folder: Path, account: Account) -> None:
    """Make a folder that only this account enters; refuse one that is somebody else's or open to others."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        _check_private(folder, account)
    except PermissionError:
        raise _permission(folder.parent) from None


def _check_private(folder: Path, account: Account) -> None:
    entry = folder.lstat()
    if entry.st_uid != account.uid:
        values = {"path": folder, "owner": name_of(entry.st_uid), "account": account.name}
        raise LauncherError("belongs_to_another", values)
    if folder.is_symlink() or not folder.is_dir() or entry.st_mode & 0o077:
        raise LauncherError("folder_not_ours", {"path": folder})


def _demand_space(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // tuning.MB
    if free_mb < NEEDED_MB:
        raise LauncherError("disk_full", {"path": folder, "free_mb": free_mb, "needed_mb": NEEDED_MB})


def _permission(path: Path) -> LauncherError:
    return LauncherError("permission", {"path": path, "account": our_account().name})
