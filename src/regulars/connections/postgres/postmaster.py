"""Finding, judging and ending the server process of one data folder, through its pid file and /proc."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PID_FILE = "postmaster.pid"
AFTER_KILL = 10.0  # seconds; a killed process with much memory takes its time to go


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living server process."""

    pid: int
    started_at: datetime
    ready: bool


def find_postmaster(data: Path) -> Postmaster | None:
    """Return the living server of this data folder, or None when there is none or only its left-over pid file.

    A pid alone proves nothing: after a crash it may belong to a stranger, or to a zombie nobody has collected.
    """
    try:
        lines = (data / PID_FILE).read_text().splitlines()
        pid = int(lines[0])
        started_at = datetime.fromtimestamp(int(lines[2]), UTC)
    except (OSError, ValueError, IndexError):
        return None
    if not _works_in(pid, data):
        return None
    return Postmaster(pid, started_at, ready=len(lines) > 7 and lines[7].strip() == "ready")


def survivors(data: Path) -> list[int]:
    """Return the living processes that work in the data folder or make it: after a kill -9 they are orphans."""
    if not Path("/proc").is_dir():
        return []
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if pid != os.getpid() and (_works_in(pid, data) or _makes(pid, data))]


def end_survivors(data: Path, patience: float = 2.0) -> None:
    """Wait for orphans of a killed server to notice, then end the ones that do not.

    They hold the old shared memory: a new server beside them would ruin the data, which is why it refuses to start.
    """
    if not _all_gone(data, patience):
        for pid in survivors(data):
            _signal(pid, signal.SIGKILL)
        _all_gone(data, AFTER_KILL)


def ask_to_stop(postmaster: Postmaster, data: Path, patience: float) -> bool:
    """Ask for a fast shutdown, and after `patience` seconds for an immediate one; tell whether it is gone."""
    for sent in (signal.SIGINT, signal.SIGQUIT):
        _signal(postmaster.pid, sent)
        if _gone(postmaster.pid, data, patience):
            return True
    return False


def is_alive(pid: int) -> bool:
    """Tell whether the process exists and is not merely waiting to be collected by its parent."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _works_in(pid: int, data: Path) -> bool:
    """PostgreSQL's processes all have the data folder as their working folder."""
    try:
        return is_alive(pid) and Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def _makes(pid: int, data: Path) -> bool:
    """Tell whether this is an initdb at work on the folder."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(words[0])).name == "initdb" and os.fsencode(data) in words and is_alive(pid)


def _all_gone(data: Path, patience: float) -> bool:
    until = time.monotonic() + patience
    while survivors(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _gone(pid: int, data: Path, patience: float) -> bool:
    until = time.monotonic() + patience
    while _works_in(pid, data):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _signal(pid: int, which: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it was quicker
        os.kill(pid, which)
