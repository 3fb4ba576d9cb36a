"""Looks for words in a dump, in every dress they may wear: as they are, in UTF-16, in hexadecimal, in base64."""

import base64
from collections.abc import Iterable, Iterator

import numpy as np

Octets = np.ndarray[tuple[int], np.dtype[np.uint8]]
Windows = np.ndarray[tuple[int], np.dtype[np.uint64]]
WINDOW = 8
SHORTEST = 4
STRETCH = 1 << 22


def found_in(dump: bytes, words: Iterable[str]) -> list[str]:
    """Those of the words that the dump holds in any dress. Each has at least four octets: what is shorter stands by
    chance in what is sealed, too."""
    words = set(words) - {""}
    assert all(len(word.encode()) >= SHORTEST for word in words), words
    dressed = {dress: word for word in words for dress in dresses(word)}
    long = {dress: word for dress, word in dressed.items() if len(dress) >= WINDOW}
    short = {word for dress, word in dressed.items() if len(dress) < WINDOW and dress in dump}
    return sorted(short | set(_found(dump, long)))


def dresses(word: str) -> Iterator[bytes]:
    """The word's bytes as they may lie in a file. Of base64, what is the same however the word is aligned in it."""
    for plain in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + plain)
            yield coded[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]


def _found(dump: bytes, dressed: dict[bytes, str]) -> Iterator[str]:
    """By the first eight bytes of each first; what begins alike is compared whole."""
    begins: dict[int, list[bytes]] = {}
    for dress in dressed:
        begins.setdefault(int.from_bytes(dress[:WINDOW], "little"), []).append(dress)
    wanted = np.sort(np.fromiter(begins, np.uint64, len(begins)))
    for start in range(0, len(dump), STRETCH):
        piece = np.frombuffer(dump[start : start + STRETCH + WINDOW - 1], np.uint8)
        for place in _places(piece, wanted):
            here = start + int(place)
            key = int.from_bytes(dump[here : here + WINDOW], "little")
            yield from (dressed[dress] for dress in begins[key] if dump.startswith(dress, here))


def _places(piece: Octets, wanted: Windows) -> Iterator[int]:
    """Where in the piece eight bytes begin that are among those wanted."""
    for shift in range(min(WINDOW, len(piece) - WINDOW + 1) if len(wanted) else 0):
        whole = (len(piece) - shift) // WINDOW * WINDOW
        windows = piece[shift : shift + whole].copy().view("<u8")
        at = np.minimum(np.searchsorted(wanted, windows), len(wanted) - 1)
        yield from np.flatnonzero(wanted[at] == windows) * WINDOW + shift
