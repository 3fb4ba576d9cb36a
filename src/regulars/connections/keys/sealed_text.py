"""A short secret of the house's own, sealed with one of its keys (AES-256-GCM, NIST SP 800-38D).

`about` says what it is and whose: a sealed text carried to another row does not open.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.connections.keys.key_file import KeyFileError

NONCE_BYTES: Final = 12


def seal_text(key: bytes, text: str, *, about: str) -> bytes:
    """Nonce, ciphertext and tag; another one each time."""
    return seal_bytes(key, text.encode(), about=about)


def open_text(key: bytes, sealed: bytes, *, about: str) -> str:
    """The text again; KeyFileError `does_not_open` when it was altered, moved, or sealed under another key."""
    return open_bytes(key, sealed, about=about).decode()


def seal_bytes(key: bytes, content: bytes, *, about: str) -> bytes:
    """Nonce, ciphertext and tag; another one each time."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def open_bytes(key: bytes, sealed: bytes, *, about: str) -> bytes:
    """The bytes again; KeyFileError `does_not_open` when they were altered, moved, or sealed under another key."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise KeyFileError("does_not_open", {}) from None
