"""How the command line speaks: progress bars while something runs, tables for figures, a
sentence when it goes wrong."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import OperationalError
from django.utils import translation
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.desks.shared.mistakes import sentence_for
from regulars.rules.permission.errors import RegularsError

OUT: Final = Console()
ERR: Final = Console(stderr=True)


class Steps:
    """Progress of long work: one bar per step, the last one running."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, of: int) -> None:
        """The step has come so far; `of` 0 means nobody knows how far it goes."""
        task = self._tasks.get(step)
        if task is None:
            self._finish_others()
            task = self._tasks[step] = self._progress.add_task(WORDS.get(step, step), total=of or None)
        self._progress.update(task, completed=done, total=of or None)

    def _finish_others(self) -> None:
        for task in self._tasks.values():
            total = self._progress.tasks[task].total or self._progress.tasks[task].completed or 1
            self._progress.update(task, total=total, completed=total)


WORDS: Final = {
    "database": "Database", "roles": "Logins", "tables": "Tables", "views": "Views", "files": "Reading the package",
    "customers": "Customers", "orders": "Order lines", "months": "Warehouse", "rfm": "RFM", "rhythm": "Rhythm",
    "bucket": "Leaky bucket", "lists": "Three lists", "segments": "Segments", "sending": "Messages",
}  # fmt: skip


@contextmanager
def steps() -> Iterator[Steps]:
    """Bars on standard error, so that standard output stays clean for programs."""
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=False) as progress:
        shown = Steps(progress)
        yield shown
        shown._finish_others()


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers_from: int = 1) -> None:
    """A table; columns from `numbers_from` on are set flush right."""
    drawn = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for number, heading in enumerate(headings):
        drawn.add_column(heading, justify="right" if number >= numbers_from else "left")
    for row in rows:
        drawn.add_row(
            *(f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell) for cell in row)
        )
    OUT.print(drawn)


def as_json(data: Any) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")


def tell_error(error: Exception) -> bool:
    """Whether the error was one for people; then it has been told in a sentence on standard error."""
    if isinstance(error, RegularsError):
        with translation.override(terminal_language()):
            ERR.print(sentence_for(error), style="red", highlight=False)
        return True
    if isinstance(error, LauncherError | KeyFileError | OSError):
        ERR.print(str(error), style="red", highlight=False)
        return True
    if isinstance(error, OperationalError):
        ERR.print("The database cannot be reached. Start it with: regulars start", style="red", highlight=False)
        return True
    return False


def terminal_language() -> str:
    """中文 when the terminal says so, else English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if said.startswith("zh") else "en"
