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
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def open_text(key: bytes, sealed: bytes, *, about: str) -> str:
    """The text again; KeyFileError `does_not_open` when it was altered, moved, or sealed under another key."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode()).decode()
    except (InvalidTag, ValueError):
        raise KeyFileError("does_not_open", {}) from None
