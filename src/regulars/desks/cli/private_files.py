"""Files the terminal writes with people in them: for the account that runs it, and for nobody else from the first byte.

Taking the rights away afterwards leaves a moment in which anybody on the machine could have opened the file.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

ONLY_US: Final = 0o600


def write_private(path: Path, content: bytes) -> None:
    """The file holds this and can be opened by nobody else; one of that name is written over. OSError."""
    with os.fdopen(_opened(path), "wb") as file:
        file.write(content)


@contextmanager
def private_text(path: Path) -> Iterator[TextIO]:
    """A file to write text into, as UTF-8 with its lines as they come, that nobody else can open. OSError."""
    with os.fdopen(_opened(path), "w", encoding="utf-8", newline="") as file:
        yield file


def _opened(path: Path) -> int:
    """The emptied file, its rights taken away before anything is in it; a pipe or a device keeps its own."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_US)
    if stat.S_ISREG(os.fstat(file).st_mode):
        os.fchmod(file, ONLY_US)
    return file
