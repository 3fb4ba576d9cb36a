"""A key that can forget: a tree of secrets from which any leaf can be taken out for good.

Every inner secret gives its two children by hashing, down to one secret per leaf (the tree of Goldreich, Goldwasser and
Micali, JACM 1986). To forget a leaf, the secrets on the way to it are dropped, and those that branch off are kept
instead: every other leaf can still be worked out, this one by nobody, not from an old database either. (A puncturable
key: Green and Miers, IEEE S&P 2015.) While nothing was forgotten, the tree is its root: thirty-two bytes.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from regulars.connections.keys.key_file import KEY_BYTES

DEPTH: Final = 48
LEAVES: Final = 1 << DEPTH
#: How deep, and which of the secrets at that depth, counted from the left.
Place = tuple[int, int]
_CHILD: Final = (b"\x00", b"\x01")


class KeyTree:
    """The secrets that are left, and the leaves that were forgotten."""

    def __init__(self, secrets: Mapping[Place, bytes], forgotten: Iterable[int] = ()) -> None:
        self._secrets = dict(secrets)
        self.forgotten = frozenset(forgotten)

    @property
    def secrets(self) -> Mapping[Place, bytes]:
        """What has to be kept of the tree."""
        return self._secrets

    def leaf(self, number: int) -> bytes | None:
        """The secret of one leaf; None for one that was forgotten."""
        return self.walk()(number)

    def walk(self) -> Callable[[int], bytes | None]:
        """Asks for many leaves, best in order: neighbours share most of the way."""
        way: list[bytes | None] = [self._secrets.get((0, 0))]
        last = 0

        def leaf(number: int) -> bytes | None:
            nonlocal last
            shared = min(DEPTH - (number ^ last).bit_length(), len(way) - 1)
            del way[shared + 1 :]
            above = way[-1]
            for depth in range(shared + 1, DEPTH + 1):
                place = number >> (DEPTH - depth)
                above = _child(above, place & 1) if above is not None else self._secrets.get((depth, place))
                way.append(above)
            last = number
            return above

        return leaf

    def without(self, number: int) -> "KeyTree":
        """The tree that has forgotten this leaf; the same one where that was forgotten before."""
        found = self._above(number)
        if found is None:
            return KeyTree(self._secrets, self.forgotten | {number})
        depth, secret = found
        kept = dict(self._secrets)
        del kept[depth, number >> (DEPTH - depth)]
        for below in range(depth + 1, DEPTH + 1):
            place = number >> (DEPTH - below)
            kept[below, place ^ 1] = _child(secret, (place ^ 1) & 1)
            secret = _child(secret, place & 1)
        return KeyTree(kept, self.forgotten | {number})

    def _above(self, number: int) -> tuple[int, bytes] | None:
        """The kept secret from which the leaf is worked out, and how deep it lies."""
        for depth in range(DEPTH + 1):
            if secret := self._secrets.get((depth, number >> (DEPTH - depth))):
                return depth, secret
        return None


def _child(secret: bytes, side: int) -> bytes:
    return hashlib.sha256(secret + _CHILD[side]).digest()


def planted(root: bytes) -> KeyTree:
    """A whole tree."""
    if len(root) != KEY_BYTES:
        raise ValueError("a root has 32 bytes")
    return KeyTree({(0, 0): root})
