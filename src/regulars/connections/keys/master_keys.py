"""The master keys, in versions, and the wrapping of customers' data keys under them.

A master key comes from the environment (`REGULARS_KEY_MASTER_1`, 64 hexadecimal digits), else from a key service (the
command `REGULARS_KEY_COMMAND`, which is called with the key's name and prints those digits), else from a file of the
home. It is held in memory only. With each version goes a tree that can forget (see `forgetting`): a data key is wrapped
under HMAC-SHA-256 of master key and tree leaf, so it takes both to open it, and a leaf that was forgotten opens nothing
any more, whatever old database it is tried on.
"""

import hashlib
import hmac
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.connections.home import Home
from regulars.connections.keys.envelope import DataKey, new_data_key, unwrap, wrap
from regulars.connections.keys.forgetting import DEPTH
from regulars.connections.keys.forgetting_file import TreeFile
from regulars.connections.keys.key_file import KeyFile, KeyFileError, destroy, key_in
from regulars.connections.processes import without_secrets

COMMAND: Final = "REGULARS_KEY_COMMAND"
SECONDS: Final = 30
LEAF_BYTES: Final = DEPTH // 8
#: A customer's leaf is her own number, and after a restored backup has given that number again, one of the next rows.
ROW: Final = 1 << 40
#: What a file brought is sealed under a key of the file, whose number is the file's, negative; its leaves lie here.
FILES: Final = 1 << (DEPTH - 1)
_FORM: Final = b"\x01"
#: Leaf → what locks the data keys there; None for a leaf that was forgotten.
Lock = Callable[[int], bytes | None]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it stands in the database, and which master key's it is."""

    customer_id: int
    wrapped: bytes
    master: int

    @property
    def leaf(self) -> int:
        """The leaf of the tree without which it does not open."""
        return int.from_bytes(self.wrapped[1 : 1 + LEAF_BYTES])


class MasterKeys:
    """All versions this installation can come by."""

    def __init__(self, home: Home, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._home = home
        self._files = KeyFile(home, self._environment)
        self._held: dict[int, bytes] = {}
        self._trees: dict[int, TreeFile] = {}

    def comes_from(self, version: int) -> str:
        """Where the key of that version would come from: "environment", "command" or "file"."""
        if f"REGULARS_KEY_{_name(version).upper()}" in self._environment:
            return "environment"
        return "command" if self._environment.get(COMMAND) else "file"

    def make(self, version: int) -> None:
        """Key and tree of that version are there when this returns.

        Only files are made here: KeyFileError `cannot_make` when keys come from elsewhere and this one does not.
        """
        if self.comes_from(version) == "file":
            if self._elsewhere():
                raise KeyFileError("cannot_make", {"name": _name(version), "where": "REGULARS_KEY_…"})
            self._files.read(_name(version))
        self.key(version)
        self._tree(version).plant()

    def key(self, version: int) -> bytes:
        """The master key of that version; KeyFileError when it cannot be had, and why."""
        if version not in self._held:
            self._held[version] = self._fetched(version)
        return self._held[version]

    def mark(self, version: int) -> str:
        """Tells key and tree of that version from any other, and nothing else about them."""
        return f"{_known_by(self.key(version))} {self._tree(version).read()[0]}"

    def new(self, customer_ids: list[int], version: int) -> list[tuple[Wrapped, DataKey]]:
        """A new data key for each, wrapped and ready for use."""
        lock, forgotten = self._lock(version), self.forgotten()
        keys = [(customer_id, new_data_key()) for customer_id in customer_ids]
        return [(_wrapped(who, _free_leaf(who, forgotten), key, version, lock), DataKey(who, key)) for who, key in keys]

    def open(self, wrapped: list[Wrapped]) -> dict[int, DataKey]:
        """Customer id → data key; best in order of customers. KeyFileError `forgotten` or `does_not_open`."""
        return {
            one.customer_id: DataKey(one.customer_id, key)
            for one, key in zip(wrapped, self._bare(wrapped), strict=True)
        }

    def wrap_again(self, wrapped: list[Wrapped], version: int) -> list[Wrapped]:
        """The same data keys under another version, each on its own leaf there."""
        lock = self._lock(version)
        return [
            _wrapped(one.customer_id, one.leaf, key, version, lock)
            for one, key in zip(wrapped, self._bare(wrapped), strict=True)
        ]

    def forget(self, leaf: int) -> None:
        """The leaf is forgotten in every tree of this home."""
        for tree in self._trees_here():
            tree.forget(leaf)

    def forgotten(self) -> frozenset[int]:
        """The leaves this installation has forgotten."""
        return frozenset().union(*(tree.read()[1].forgotten for tree in self._trees_here()))

    def discard(self, version: int) -> None:
        """Key file and tree of that version are gone from this home, and written over before."""
        for path in (self._files.path(_name(version)), self._tree(version).path):
            destroy(path)
        self._held.pop(version, None)

    def discard_marked(self, version: int, mark: str) -> None:
        """As `discard`, where what is still there of both has that mark; KeyFileError `key_of_another_house` else.

        Whoever was killed while destroying them left zeros, or one of the two: those may go, too.
        """
        key, tree = self._files.path(_name(version)), self._tree(version)
        known, _, planted = mark.partition(" ")
        if not _is_zeros(key) and _known_by(key_in(key.read_text(), str(key))) != known:
            raise KeyFileError("key_of_another_house", {"name": key.name})
        if not _is_zeros(tree.path) and tree.read()[0] != planted:
            raise KeyFileError("key_of_another_house", {"name": tree.path.name})
        self.discard(version)

    def _bare(self, wrapped: list[Wrapped]) -> list[bytes]:
        locks = {version: self._lock(version) for version in {one.master for one in wrapped}}
        return [_unwrapped(one, locks[one.master]) for one in wrapped]

    def _lock(self, version: int) -> Lock:
        """Leaf → what locks the data keys there, None for a forgotten one."""
        master, walk = self.key(version), self._tree(version).read()[1].walk()

        def lock(leaf: int) -> bytes | None:
            secret = walk(leaf)
            return None if secret is None else hmac.digest(master, secret, "sha256")

        return lock

    def _tree(self, version: int) -> TreeFile:
        return self._trees.setdefault(version, TreeFile(self._home, f"tree_{version}"))

    def _trees_here(self) -> list[TreeFile]:
        """The trees of all versions in this home."""
        versions = (path.name.removeprefix("tree_") for path in self._home.keys.glob("tree_*"))
        return [self._tree(int(version)) for version in sorted(versions) if version.isdigit()]

    def _elsewhere(self) -> bool:
        """Whether any version comes from the environment: then none is made behind its back."""
        return any(name.startswith("REGULARS_KEY_MASTER_") for name in self._environment)

    def _fetched(self, version: int) -> bytes:
        name, source = _name(version), self.comes_from(version)
        if source == "command":
            return _from_service(self._environment[COMMAND], name)
        if not self._files.is_there(name):
            raise KeyFileError("key_missing", {"name": name})
        return self._files.read(name)


def _known_by(key: bytes) -> str:
    """The key's part of a mark."""
    return hmac.digest(key, b"regulars mark", hashlib.sha256).hex()[:16]


def _is_zeros(path: Path) -> bool:
    """Whether nothing is left of the file: it is not there, or was written over, from its beginning."""
    if not path.exists():
        return True
    with path.open("rb") as file:
        return file.read(1) in (b"", b"\0")


def _name(version: int) -> str:
    return f"master_{version}"


def _free_leaf(customer_id: int, forgotten: frozenset[int]) -> int:
    """The customer's own leaf, or, where any tree has forgotten that, the first of the next rows that none has.

    >>> _free_leaf(7, frozenset({7})) == ROW + 7, _free_leaf(-7, frozenset({7})) == FILES + 7
    (True, True)
    """
    leaf = customer_id if customer_id > 0 else FILES - customer_id
    while leaf in forgotten:
        leaf += ROW
    return leaf


def _wrapped(customer_id: int, leaf: int, key: bytes, version: int, lock: Lock) -> Wrapped:
    locking = lock(leaf)
    if locking is None:
        raise KeyFileError("forgotten", {})
    return Wrapped(customer_id, _FORM + leaf.to_bytes(LEAF_BYTES) + wrap(locking, customer_id, key), version)


def _unwrapped(one: Wrapped, lock: Lock) -> bytes:
    if one.wrapped[:1] != _FORM or len(one.wrapped) <= 1 + LEAF_BYTES:
        raise KeyFileError("does_not_open", {})
    locking = lock(one.leaf)
    if locking is None:
        raise KeyFileError("forgotten", {})
    return unwrap(locking, one.customer_id, one.wrapped[1 + LEAF_BYTES :])


def _from_service(command: str, name: str) -> bytes:
    """What the key service's command prints; what it complains of is passed on, what it printed never is."""
    try:
        done = subprocess.run(
            [*shlex.split(command), name],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
            env=without_secrets(os.environ),
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise KeyFileError("service_silent", {"name": name, "reason": type(error).__name__}) from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise KeyFileError("service_silent", {"name": name, "reason": said[:200]})
    return key_in(done.stdout, name)
