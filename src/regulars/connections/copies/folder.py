"""A copy in a folder: files that are only ever added to, on the disk before anybody is told so.

`lines-YYYY-MM.jsonl` holds the batches with their lines, `checkpoints.jsonl` the checkpoints. On a share that lets
nobody change what is written (WORM, an append-only bucket mounted as a folder), not even our own administrator can.
A line broken off by a crash is ended before the next one is written; readers pass over what they cannot read.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

CHECKPOINTS = "checkpoints.jsonl"
TAIL = 1 << 16


class FolderCopy:
    """One folder. OSError from every method when it is away or cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def newest(self) -> bytes | None:
        """The last whole checkpoint line; None when there is none yet."""
        file = self.path / CHECKPOINTS
        return next(_whole_lines_backwards(file), None) if file.exists() else None

    def add(self, month: str, lines: Iterable[bytes], checkpoints: Iterable[bytes]) -> None:
        """The lines, and after them the checkpoints, are on the disk when this returns."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _append(self.path / f"lines-{month}.jsonl", lines)
        _append(self.path / CHECKPOINTS, checkpoints)


def _append(file: Path, lines: Iterable[bytes]) -> None:
    is_new = not file.exists()
    with file.open("ab") as sheet:
        if not is_new and _ends_broken(file):
            sheet.write(b"\n")
        for line in lines:
            sheet.write(line + b"\n")
        sheet.flush()
        os.fsync(sheet.fileno())
        if is_new:
            os.fchmod(sheet.fileno(), 0o600)
            _give_to_owner_of(file.parent, sheet.fileno())


def _ends_broken(file: Path) -> bool:
    with file.open("rb") as sheet:
        if sheet.seek(0, os.SEEK_END) == 0:
            return False
        sheet.seek(-1, os.SEEK_END)
        return sheet.read(1) != b"\n"


def _whole_lines_backwards(file: Path) -> Iterator[bytes]:
    """The lines of the end of the file, last first: what one has to look at to find the last one that is whole."""
    with file.open("rb") as sheet:
        size = sheet.seek(0, os.SEEK_END)
        sheet.seek(max(0, size - TAIL))
        parts = sheet.read().split(b"\n")
    whole = parts[:-1] if size <= TAIL else parts[1:-1]  # behind the last line's end there is nothing, or a broken line
    yield from (line for line in reversed(whole) if line.startswith(b"{") and line.endswith(b"}"))


def _give_to_owner_of(folder: Path, file: int) -> None:
    """Root may write here for another account, which has to go on tomorrow."""
    if os.geteuid() == 0:
        entry = folder.stat()
        os.fchown(file, entry.st_uid, entry.st_gid)
