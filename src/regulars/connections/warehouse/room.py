"""Room for the answers people ask for by themselves: of each family so many are kept, the least read go first.

Somebody reading an answer holds a shared lock on its file until her warehouse is closed. Whoever makes room asks for
the file alone and passes over what is being read, so no process pulls an answer away from under another.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST = 60
MOST_BYTES = 2_000_000_000


class Readers:
    """The files this warehouse is reading."""

    def __init__(self) -> None:
        self._handles: list[int] = []

    def take(self, place: Path) -> bool:
        """The file is there and stays until `let_go`; False when there is none. It counts as read just now."""
        while (handle := _opened(place)) is not None:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if _is_at(handle, place):
                os.utime(handle)
                self._handles.append(handle)
                return True
            os.close(handle)  # it was replaced or removed while we waited: look again
        return False

    def let_go(self) -> None:
        """Nothing is being read any more."""
        while self._handles:
            os.close(self._handles.pop())


def make_room(places: Iterable[Path], most: int = MOST, most_bytes: int = MOST_BYTES) -> int:
    """Remove the least lately read until so many and so many bytes are left; how many went. The last read stays, and
    so does what somebody is reading."""
    kept, size, gone = 0, 0, 0
    for read_last, place in sorted(_ages(places), reverse=True):
        kept, size = kept + 1, size + read_last[1]
        if kept > 1 and (kept > most or size > most_bytes) and drop(place):
            kept, size, gone = kept - 1, size - read_last[1], gone + 1
    return gone


def drop(place: Path) -> bool:
    """Remove the file unless somebody is reading or replacing it; whether it went."""
    with _alone(place) as is_alone:
        if is_alone:
            place.unlink(missing_ok=True)
        return is_alone


@contextmanager
def _alone(place: Path) -> Iterator[bool]:
    handle = _opened(place)
    if handle is None:
        yield False
        return
    try:
        yield _locked(handle) and _is_at(handle, place)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ages(places: Iterable[Path]) -> Iterator[tuple[tuple[int, int], Path]]:
    for place in places:
        try:
            found = place.stat()
        except FileNotFoundError:
            continue
        yield (found.st_mtime_ns, found.st_size), place


def _opened(place: Path) -> int | None:
    try:
        return os.open(place, os.O_RDONLY)
    except FileNotFoundError:
        return None


def _is_at(handle: int, place: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        there = place.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(handle), there)
