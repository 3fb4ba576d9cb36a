"""Hashes, trees and signatures: RFC 6962 section 2.1, RFC 8032. Everything else rests on these lines."""

import hashlib
from collections.abc import Iterable
from itertools import islice

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LEAF, NODE = hashlib.sha256(b"\x00"), hashlib.sha256(b"\x01")  # begun: no node can pass for a leaf
AT_ONCE = 1024  # leaves, a power of two: a subtree of its own, and small enough to stay at hand


def tree(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """How many leaves there are, and the root over them; what is left over at the end of a level moves up."""
    size, tops, left = 0, list[bytes](), iter(leaves)
    while level := _hashes(LEAF, islice(left, AT_ONCE)):
        size += len(level)
        tops.append(_top(level))
    return size, _top(tops)


def add(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """One more leaf under a tree of `size` leaves, of which only the roots of its full subtrees are known."""
    top = hashlib.sha256(b"\x00" + leaf).digest()
    while size % 2:
        top, size = hashlib.sha256(b"\x01" + peaks.pop() + top).digest(), size >> 1
    peaks.append(top)


def root_of_peaks(peaks: list[bytes]) -> bytes:
    """The root of the tree with these full subtrees, the largest first."""
    top = peaks[-1] if peaks else hashlib.sha256(b"").digest()
    for peak in reversed(peaks[:-1]):
        top = hashlib.sha256(b"\x01" + peak + top).digest()
    return top


def is_signed(said: bytes, signature: str, key: str) -> bool:
    """Whether this is the Ed25519 signature of that key over these bytes (signature and key in hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _top(level: list[bytes]) -> bytes:
    """The root over hashes of leaves, or over roots of subtrees."""
    while len(level) > 1:
        pairs = iter(level)
        above = _hashes(NODE, [left + right for left, right in zip(pairs, pairs, strict=False)])
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0] if level else hashlib.sha256(b"").digest()


def _hashes(begun: "hashlib._Hash", parts: Iterable[bytes]) -> list[bytes]:
    """The hash of each part after what was begun with; written out, for this is nearly all that takes time."""
    hashes, anew = [], begun.copy
    for part in parts:
        one = anew()
        one.update(part)
        hashes.append(one.digest())
    return hashes
