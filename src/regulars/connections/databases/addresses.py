"""Addresses of databases, with their passwords: one small file each in the home, outside our own database.

Whoever keeps one has the terminal and the home; no page and no program of others can say where the house reads.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from regulars.connections.databases.errors import DatabaseAway
from regulars.connections.home import Home
from regulars.connections.keys.key_file import destroy, give_to_owner_of, sync_folder

FOLDER: Final = "databases"
NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}\Z")
LONGEST: Final = 2_000


def keep_address(home: Home, name: str, url: str) -> None:
    """The address is in its file, for this account's eyes only; one of that name is replaced at once, whole."""
    place = _place(home, name)
    if not 0 < len(url) <= LONGEST or not url.isprintable() or "://" not in url:
        raise DatabaseAway("database_address_unfit", {})
    half = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(url + "\n")
        file.flush()
        os.fsync(file.fileno())
        give_to_owner_of(place.parent, file.fileno())
    half.replace(place)
    sync_folder(place.parent)


def address_kept(home: Home, name: str) -> str:
    """The address of that name; DatabaseAway `database_address_missing`, or `database_address_open` where others may
    read its file."""
    place = _place(home, name)
    try:
        if place.stat().st_mode & 0o077:
            raise DatabaseAway("database_address_open", {"where": str(place)})
        return place.read_text().strip()
    except OSError:
        raise DatabaseAway("database_address_missing", {"name": name, "where": str(place)}) from None


def forget_address(home: Home, name: str) -> None:
    """The file is gone, and what it said is written over first."""
    with suppress(OSError):
        destroy(_place(home, name))


def _place(home: Home, name: str) -> Path:
    if not NAME.match(name):
        raise DatabaseAway("database_name_unfit", {"name": name[:40]})
    return home.folder(FOLDER) / name
