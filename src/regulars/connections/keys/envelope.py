"""A cell in an envelope: sealed under its customer's data key, which is itself wrapped.

AES-256 in Galois/Counter Mode as NIST SP 800-38D has it, 96-bit nonces, 128-bit tags. The associated data say whose
cell it is and of which column, so a cell carried to another customer or column does not open.

The nonce is the beginning of an HMAC-SHA-256 (RFC 2104), under a key of its own, of place and text: SP 800-38D forbids
one nonce for two texts under a key, and here only the very same cell with the very same text has the same nonce, which
is then the same cell byte for byte. So the database can tell whether a value is new without being able to read it
(the thought behind RFC 8452); equal values of two customers, or of two columns of one customer, have nothing in common.
"""

import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.connections.keys.key_file import KEY_BYTES, KeyFileError

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
LEAST: Final = len(VERSION) + NONCE_BYTES + TAG_BYTES
_FOR_NONCES: Final = b"regulars nonces"


class DataKey:
    """What seals and opens the cells of one customer."""

    __slots__ = ("_cipher", "_key", "_nonces", "customer_id")

    def __init__(self, customer_id: int, key: bytes) -> None:
        self.customer_id = customer_id
        self._key, self._cipher, self._nonces = key, AESGCM(key), b""  # who only opens needs no nonces

    def seal(self, column: str, text: str) -> bytes:
        """The sealed cell of `column` ("table.column"): a version byte, the nonce, ciphertext and tag."""
        place, plain = self._place(column), text.encode()
        # The zero byte keeps a column's name and its text apart, whatever columns there will be.
        self._nonces = self._nonces or hmac.digest(self._key, _FOR_NONCES, "sha256")
        nonce = hmac.digest(self._nonces, place + b"\0" + plain, "sha256")[:NONCE_BYTES]
        return VERSION + nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, column: str, cell: bytes) -> str:
        """The text of a sealed cell; KeyFileError `does_not_open` for one that is not this customer's and column's."""
        if cell[:1] != VERSION or len(cell) < LEAST:
            raise KeyFileError("does_not_open", {})
        nonce, sealed = cell[1 : 1 + NONCE_BYTES], cell[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, self._place(column)).decode()
        except InvalidTag:
            raise KeyFileError("does_not_open", {}) from None

    def _place(self, column: str) -> bytes:
        return f"{self.customer_id}|{column}".encode()


def new_data_key() -> bytes:
    """Thirty-two random bytes."""
    return os.urandom(KEY_BYTES)


def wrap(key: bytes, customer_id: int, data_key: bytes) -> bytes:
    """The data key locked with `key`, for that customer only: nonce, ciphertext and tag.

    The nonce is random: a key wraps a handful of data keys, far below the 2³² that SP 800-38D, 8.3, allows.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data_key, str(customer_id).encode())


def unwrap(key: bytes, customer_id: int, wrapped: bytes) -> bytes:
    """The data key again; KeyFileError `does_not_open` when it is another customer's, altered, or under another key."""
    try:
        sealed = wrapped[NONCE_BYTES:]
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], sealed, str(customer_id).encode())
    except (InvalidTag, ValueError):
        raise KeyFileError("does_not_open", {}) from None
