"""What was left in the home by whoever was killed: uploads half-way, and files that no import knows."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from regulars.journeys.look_at_file import FOLDER
from regulars.records.intake.actions import file_is_needed

DAY: Final = 86_400.0  # seconds: nobody works on one file for longer


def sweep_files() -> int:
    """How many files and folders are gone which nobody has touched for a day, by the clock of the disk, and which no
    import still reads."""
    left = [one for one in _passing() if one.lstat().st_mtime < time.time() - DAY]
    for one in left:
        shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
    return len(left)


def _passing() -> Iterator[Path]:
    """Everything in the home's files that is there for a while only."""
    files: Path = settings.HOME.files
    for name in (settings.ARRIVING, ".spill"):
        yield from (files / name).glob("*")
    yield from files.glob("tmp*")
    yield from (one for one in (files / FOLDER).glob("*") if not file_is_needed(one.name))
