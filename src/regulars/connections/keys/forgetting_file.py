"""The tree of a master key on the disk: one file, replaced whole at every erasure, the old one written over.

How well a disk forgets what is written over is the disk's affair (a flash drive keeps old blocks for a while, a file
system with snapshots for as long as those live); docs/reference/threat-model.md says what follows.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from regulars.connections.home import Home
from regulars.connections.keys.forgetting import KeyTree, planted
from regulars.connections.keys.key_file import (
    KEY_BYTES,
    KeyFileError,
    destroy,
    give_to_owner_of,
    sync_folder,
    write_over,
)

HEAD: Final = "regulars key tree 1"
_LOCK: Final = ".trees"


class TreeFile:
    """One tree, known by the mark it was planted with; read anew whenever another process has changed it."""

    def __init__(self, home: Home, name: str) -> None:
        self._home, self._name = home, name
        self._seen: tuple[int, ...] = ()
        self._held: tuple[str, KeyTree] | None = None

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return self._home.keys / self._name

    def is_there(self) -> bool:
        """Whether it has been planted."""
        return self.path.exists()

    def plant(self) -> None:
        """There is a tree when this returns; one that was there before stays."""
        with _alone(self._home):
            if not self.path.exists():
                root = secrets.token_bytes(KEY_BYTES)
                _replace(self.path, hashlib.sha256(b"mark" + root).hexdigest()[:16], planted(root))

    def read(self) -> tuple[str, KeyTree]:
        """Its mark and the tree; KeyFileError `key_missing`, `open_to_others`, `bad_key` or `not_readable`."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise KeyFileError("key_missing", {"name": self._name}) from None
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._held is None or seen != self._seen:
            with _shared(self._home):
                self._held, self._seen = self._from_disk(found.st_mode), seen
        return self._held

    def forget(self, leaf: int) -> None:
        """The leaf is gone from the tree on the disk when this returns."""
        with _alone(self._home):
            mark, tree = self._from_disk(self.path.stat().st_mode)
            if leaf not in tree.forgotten:
                _replace(self.path, mark, tree.without(leaf))
        self._held = None

    def _from_disk(self, mode: int) -> tuple[str, KeyTree]:
        if mode & 0o077:
            raise KeyFileError("open_to_others", {"where": self.path})
        try:
            return _understood(self.path.read_text().splitlines())
        except OSError as error:
            raise KeyFileError("not_readable", {"where": self.path, "reason": error.strerror}) from error
        except (ValueError, IndexError):
            values = {"where": self.path, "bytes": KEY_BYTES, "digits": 2 * KEY_BYTES}
            raise KeyFileError("bad_key", values) from None


def _understood(lines: list[str]) -> tuple[str, KeyTree]:
    """Mark and tree of a file's lines: `depth place secret` for what is kept, `- leaf` for what is forgotten."""
    head, _, mark = lines[0].rpartition(" ")
    if head != HEAD or lines[-1] != "end":
        raise ValueError("no tree")
    kept, gone = {}, set()
    for words in (line.split() for line in lines[1:-1]):
        if words[0] == "-":
            gone.add(int(words[1]))
        else:
            kept[int(words[0]), int(words[1])] = bytes.fromhex(words[2])
    return mark, KeyTree(kept, gone)


def _lines(mark: str, tree: KeyTree) -> Iterator[str]:
    yield f"{HEAD} {mark}"
    yield from (f"{depth} {place} {secret.hex()}" for (depth, place), secret in sorted(tree.secrets.items()))
    yield from (f"- {leaf}" for leaf in sorted(tree.forgotten))
    yield "end"


def _replace(path: Path, mark: str, tree: KeyTree) -> None:
    """The file says this, whole and on the disk; what the old one said is written over before it goes.

    So is what a process that was killed in here left behind: it would remember what is forgotten from now on.
    """
    for left in path.parent.glob(f".{path.name}.*"):
        destroy(left)
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(_lines(mark, tree)) + "\n")
        file.flush()
        os.fsync(file.fileno())
        give_to_owner_of(path.parent, file.fileno())
    old = path.open("r+b") if path.exists() else None
    half.replace(path)
    sync_folder(path.parent)
    if old is not None:
        with old:
            write_over(old)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Nobody else reads or writes trees meanwhile."""
    with _locked(home, fcntl.LOCK_EX):
        yield


@contextmanager
def _shared(home: Home) -> Iterator[None]:
    """Nobody writes trees meanwhile."""
    with _locked(home, fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(home: Home, how: int) -> Iterator[None]:
    handle = os.open(home.folder(home.keys.name) / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
