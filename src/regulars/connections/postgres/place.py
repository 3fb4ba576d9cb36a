"""Where the server of a home keeps its data and its socket, and which account it runs under."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from regulars.connections.home import Home
from regulars.connections.postgres.accounts import Account, account_called, name_of, our_account, server_account
from regulars.connections.postgres.launch_errors import LauncherError

PORT = 5432  # nobody listens there; it is only part of the socket's file name
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET = 107  # bytes: sockaddr_un's 108 less the closing zero
ROOTS_SHELF = Path("/var/lib/regulars")
NOTE = "server.json"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a server, its socket's folder, and its account."""

    folder: Path
    socket_folder: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def start_log(self) -> Path:
        return self.folder / "start.log"

    @property
    def socket(self) -> Path:
        return self.socket_folder / SOCKET_NAME


def find_place(home: Home) -> Place:
    """Return the place noted in the home when the database was made, else the one it would be given now."""
    try:
        noted = json.loads((home.path / NOTE).read_text())
    except FileNotFoundError:
        return _planned(home)
    except PermissionError:
        raise no_permission(home.path) from None
    folder = home.path / noted["folder"]  # an absolute one replaces the home
    account = account_called(noted["account"]) if os.geteuid() == 0 else our_account()
    return _place(home, folder, account or server_account(noted["account"]))


def lay_out(home: Home, place: Place) -> None:
    """Make the place's private folders, owned by its account, and note it in the home, so that it stays there."""
    _make_private(place.folder, place.account)
    _make_private(place.socket_folder, place.account)
    if not (home.path / NOTE).exists():
        inside = place.folder.is_relative_to(home.path)
        folder = place.folder.relative_to(home.path) if inside else place.folder
        _note(home, json.dumps({"folder": str(folder), "account": place.account.name}))


def no_permission(path: Path) -> LauncherError:
    return LauncherError("permission", {"path": path, "account": our_account().name})


def owner_of(home: Home) -> Account | None:
    """Return the unprivileged account a home belongs to, or None when it is root's or not made yet."""
    try:
        return account_called(home.path.owner())
    except (FileNotFoundError, PermissionError, KeyError):
        return None


def _planned(home: Home) -> Place:
    """Choose where a new database goes: in the home, unless root's server account cannot get there."""
    account = owner_of(home) if os.geteuid() == 0 else None
    account = account or server_account(os.environ.get("REGULARS_SERVER_ACCOUNT"))
    folder = home.postgres
    if not account.is_ours and not account.can_enter(_nearest(home.path)):
        folder = ROOTS_SHELF / _digest(home.path)
    return _place(home, folder, account)


def _place(home: Home, folder: Path, account: Account) -> Place:
    socket_folder = folder / "socket"
    too_long = len(os.fsencode(socket_folder / SOCKET_NAME)) > LONGEST_SOCKET
    if too_long or "," in str(socket_folder):  # a comma is where libpq expects the next host
        socket_folder = _short_folder(home, account)
    return Place(folder, socket_folder, account)


def _short_folder(home: Home, account: Account) -> Path:
    """Return a short name for a socket folder. Not the user's runtime folder: that one is deleted at logout."""
    if os.geteuid() == 0:
        return ROOTS_SHELF / f"{_digest(home.path)}.socket"
    return Path("/tmp") / f"regulars-{account.uid}-{_digest(home.path)}"  # noqa: S108  made 0700, refused if not ours


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _make_private(folder: Path, account: Account) -> None:
    """Make a folder that only this account enters; refuse one that is somebody else's or open to others."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    except FileExistsError:
        _check_private(folder, account)
    except PermissionError:
        raise no_permission(folder.parent) from None


def _check_private(folder: Path, account: Account) -> None:
    entry = folder.lstat()
    if entry.st_uid != account.uid:
        values = {"path": folder, "owner": name_of(entry.st_uid), "account": account.name}
        raise LauncherError("belongs_to_another", values)
    if folder.is_symlink() or not folder.is_dir() or entry.st_mode & 0o077:
        raise LauncherError("folder_not_ours", {"path": folder})


def _note(home: Home, text: str) -> None:
    """Write the note without following a link: the home may be another account's and we may be root."""
    half = home.path / f"{NOTE}.new"
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(home.path / NOTE)
