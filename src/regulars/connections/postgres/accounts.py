"""The system account the database server runs under: ours, or, when root starts it, an unprivileged one."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.connections.postgres.launch_errors import LauncherError

SERVER_ACCOUNTS = ("regulars", "postgres", "nobody")
# Nothing of the caller's environment reaches the server: PGDATA, PGOPTIONS or LD_LIBRARY_PATH would change what runs.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """A system account with its numbers."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, command: Sequence[str | Path], said: str = "", **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as this account and return how it ended; `said` is its standard input."""
        try:
            return subprocess.run(
                [str(word) for word in command],
                input=said,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=ENVIRONMENT,
                umask=0o077,
                **self._change(),
                **options,
            )
        except PermissionError as error:
            if self.is_ours:
                raise
            raise LauncherError("cannot_change_account", {"account": self.name}) from error

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this account reaches the folder, by letting it try: mode bits alone do not tell of ACLs."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0

    def _change(self) -> Mapping[str, Any]:
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}


def our_account() -> Account:
    """Return the account this process runs under."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise LauncherError("no_account", {"uid": uid}) from None
    return Account(entry.pw_name, uid, os.getegid())


def server_account(named: str | None = None) -> Account:
    """Return the account for the server: ours, or for root `named` or the first existing of SERVER_ACCOUNTS."""
    if os.geteuid() != 0:
        return our_account()
    candidates = (named,) if named else SERVER_ACCOUNTS
    for name in candidates:
        if found := account_called(name):
            return found
    raise LauncherError("no_server_account", {"looked": ", ".join(candidates)})


def account_called(name: str) -> Account | None:
    """Return the unprivileged account of that name, or None."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def name_of(uid: int) -> str:
    """Return the account name of a user number, or the number itself."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
