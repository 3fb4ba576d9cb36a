"""Which line keys a source may have already: asked before every chunk, so that new lines can take the short way in.

A Bloom filter (Bloom 1970) with two probes and 32 bits a line. "No" is certain; about one "yes" in two hundred is
wrong, and costs only the longer way. Ten million lines take 40 to 80 MB.
"""

from collections.abc import Iterator
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
from django.db import connection

BITS_PER_LINE: Final = 32
LEAST_BITS, MOST_BITS = 1 << 20, 1 << 31
KEY_BYTES: Final = 16
_FIELD_BYTES: Final = 6  # how many fields, how long the one

Keys = np.ndarray[Any, np.dtype[np.uint64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Known(Protocol):
    """Whatever can say which keys may be known."""

    def add(self, keys: Keys) -> None: ...
    def may_know(self, keys: Keys) -> Flags: ...


class NothingKnown:
    """A source without lines, and a file in which no key comes twice: every line is new."""

    def add(self, keys: Keys) -> None:
        """Nothing is remembered."""

    def may_know(self, keys: Keys) -> Flags:
        """No, for each."""
        return np.zeros(len(keys), np.bool_)


class AnythingKnown:
    """A source with so many lines that holding their keys would cost more than looking: any line may be known."""

    def add(self, keys: Keys) -> None:
        """Nothing is remembered."""

    def may_know(self, keys: Keys) -> Flags:
        """Perhaps, for each."""
        return np.ones(len(keys), np.bool_)


class KnownLines:
    """A filter with room for this many lines."""

    def __init__(self, room: int) -> None:
        bits = min(max(1 << (room * BITS_PER_LINE - 1).bit_length(), LEAST_BITS), MOST_BITS)
        self._last = np.uint64(bits - 1)
        self._bits = np.zeros(bits // 8, np.uint8)

    @classmethod
    def of_source(cls, source_id: int, room: int) -> "KnownLines":
        """The filter with all lines of the source in it and room for so many altogether."""
        known = cls(room)
        for keys in _keys_in_vault(source_id):
            known.add(keys)
        return known

    def add(self, keys: Keys) -> None:
        """These keys are known from now on."""
        for probe in self._probes(keys):
            np.bitwise_or.at(self._bits, probe >> np.uint64(3), _mask(probe))

    def may_know(self, keys: Keys) -> Flags:
        """For each key whether it may be known; False is certain."""
        first, second = ((self._bits[probe >> np.uint64(3)] & _mask(probe)) != 0 for probe in self._probes(keys))
        flags: Flags = first & second
        return flags

    def _probes(self, keys: Keys) -> tuple[Keys, Keys]:
        return keys[:, 0] & self._last, keys[:, 1] & self._last


def keys_of(lines: pa.Table) -> Keys:
    """The line keys of a table as two 64-bit numbers each."""
    column = lines["line_key"].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0)
    whole = np.frombuffer(column.buffers()[1], np.uint64)
    return whole.reshape(-1, 2)[column.offset : column.offset + len(column)]


def _mask(probe: Keys) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.left_shift(np.uint8(1), (probe & np.uint64(7)).astype(np.uint8))


def _keys_in_vault(source_id: int) -> Iterator[Keys]:
    """All line keys of the source, some hundred thousand at a time."""
    query = "COPY (SELECT line_key FROM order_line WHERE source_id = %s) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(query, [source_id]) as copy:
        pieces: list[bytes] = []
        for piece in copy:
            pieces.append(bytes(piece))
            if len(pieces) == 200_000:
                yield _unpacked(pieces)
                pieces.clear()
        yield _unpacked(pieces)


def _unpacked(pieces: list[bytes]) -> Keys:
    """The keys in these messages; the first one also holds the header, the last one the end mark."""
    row = _FIELD_BYTES + KEY_BYTES
    stream = b"".join(piece[-row:] for piece in pieces if len(piece) >= row)
    rows = np.frombuffer(stream, np.uint8).reshape(-1, row)
    return np.ascontiguousarray(rows[:, _FIELD_BYTES:]).view(np.uint64)
