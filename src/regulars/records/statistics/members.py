"""Who was counted in an answer, as sealed bytes: numbers of a ledger, never a customer, opened with the house's key."""

import io
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from django.conf import settings

from regulars.connections.keys.sealed_text import open_bytes, seal_bytes

KEY: Final = "figures"
Columns = Mapping[str, Any]


def ledger_key() -> bytes:
    """The key of all ledgers. It is not in the database."""
    return bytes(settings.KEYS.read(KEY))


def sealed_members(columns: Columns, *, about: str) -> bytes:
    """The columns as one sealed block that opens in its own place only."""
    out = io.BytesIO()
    np.savez_compressed(out, **columns)
    return seal_bytes(ledger_key(), out.getvalue(), about=about)


def opened_members(sealed: bytes, *, about: str) -> dict[str, Any]:
    """The columns again; KeyFileError when the block was altered or moved, or the key is another."""
    with np.load(io.BytesIO(open_bytes(ledger_key(), sealed, about=about)), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
