"""Checkpoints: what the log was at a moment, signed, each naming the one before it by its digest.

Signed with Ed25519 (RFC 8032) over the canonical bytes. A checkpoint that has left the house is a promise: the log may
grow from there, and can never again be another one without two signatures telling so.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from regulars.rules.evidence.canonical import canonical
from regulars.rules.evidence.merkle import EMPTY_ROOT

FIRST = "0" * 64
KIND = "regulars log checkpoint 1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log at a moment: `size` batches under `root`, `lines` lines in them; hashes in hex, `at` in UTC.

    `previous` is the digest of the checkpoint before it (64 zeros for the first), `key` the signer's public key.
    """

    number: int
    at: str
    size: int
    root: str
    lines: int
    previous: str
    key: str

    @property
    def said(self) -> bytes:
        """The bytes that are signed."""
        return canonical({"kind": KIND, **asdict(self)})

    @property
    def digest(self) -> str:
        """What the next checkpoint calls this one."""
        return hashlib.sha256(self.said).hexdigest()


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with its signature (hex)."""

    checkpoint: Checkpoint
    signature: str

    @property
    def line(self) -> bytes:
        """Both as one canonical line, the form in which it leaves the house."""
        return canonical({"kind": KIND, **asdict(self.checkpoint), "signature": self.signature})

    @property
    def holds(self) -> bool:
        """Whether the signature is that of the key the checkpoint names."""
        return is_signed(self.checkpoint.said, self.signature, self.checkpoint.key)


def begin(at: str, key: str) -> Checkpoint:
    """The checkpoint before the first one: an empty log. It is never signed or kept; the first names no other."""
    return Checkpoint(0, at, 0, EMPTY_ROOT.hex(), 0, FIRST, key)


def following(before: Checkpoint, *, at: str, size: int, root: bytes, lines: int, key: str) -> Checkpoint:
    """The checkpoint that comes after `before`."""
    previous = before.digest if before.number else FIRST
    return Checkpoint(before.number + 1, at, size, root.hex(), lines, previous, key)


def sign(checkpoint: Checkpoint, seed: bytes) -> Signed:
    """The checkpoint with the signature of the key that `seed` (32 bytes) is."""
    return Signed(checkpoint, signature_of(checkpoint.said, seed))


def signature_of(said: bytes, seed: bytes) -> str:
    """The Ed25519 signature, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(said).hex()


def public_key(seed: bytes) -> str:
    """The public key that belongs to the seed, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def is_signed(said: bytes, signature: str, key: str) -> bool:
    """Whether `signature` over `said` is that of the public key; False for what is neither."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_line(line: bytes) -> Signed:
    """A line that left the house, read again; ValueError when it is none."""
    told = json.loads(line)
    if not isinstance(told, dict) or told.pop("kind", None) != KIND:
        raise ValueError("no checkpoint")
    signature = told.pop("signature", "")
    try:
        return Signed(Checkpoint(**told), str(signature))
    except TypeError as error:
        raise ValueError("no checkpoint") from error


def broken_links(chain: Iterable[Signed]) -> Iterator[tuple[int, str]]:
    """(number, code) of every checkpoint that does not follow from the one before it, oldest first.

    Codes: `signature`, `number`, `previous`, `shrunk`, `time`. A single bad one is named once, by its first fault.
    """
    before: Checkpoint | None = None
    for signed in chain:
        if fault := _fault(signed, before):
            yield signed.checkpoint.number, fault
        before = signed.checkpoint


def _fault(signed: Signed, before: Checkpoint | None) -> str:
    now = signed.checkpoint
    if not signed.holds:
        return "signature"
    if before is None:
        return "previous" if now.number == 1 and now.previous != FIRST else ""
    faults = {
        "number": now.number != before.number + 1,
        "previous": now.previous != before.digest,
        "shrunk": now.size < before.size or now.lines < before.lines,
        "time": now.at < before.at,
    }
    return next((fault for fault, there in faults.items() if there), "")
