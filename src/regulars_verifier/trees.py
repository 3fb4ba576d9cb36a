"""Hashes, trees and signatures: RFC 6962 section 2.1, RFC 8032. Everything else rests on these lines."""

import hashlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves: 0x00 before a leaf, 0x01 before two hashes; what is left over at the end moves up."""
    sha256 = hashlib.sha256
    level = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = iter(level)
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0] if level else sha256(b"").digest()


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
