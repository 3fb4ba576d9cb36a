"""Memory that is no longer needed goes back to the machine, instead of staying with the process for later."""

import ctypes
import os
from typing import Final

# glibc's numbers for mallopt(3)
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
KEPT_BYTES: Final = 1 << 20
SMALL_BYTES: Final = 1 << 17


def ask_arrow_for_the_systems_memory() -> None:
    """Arrow has no pool of its own. Before pyarrow is imported; whoever chose a pool keeps it."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def give_back_freed_memory() -> None:
    """From now on this process keeps a megabyte at most of what it has freed. It holds for the whole process.

    Tables of a hundred thousand rows come and go by the thousand while a file is read. One heap a thread, with
    thresholds that grow by themselves with the largest block ever freed, keeps room for the largest of each.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # another C library has none, and needs none
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, SMALL_BYTES)
