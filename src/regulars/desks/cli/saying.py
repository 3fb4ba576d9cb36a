"""How the command line speaks: bars while something runs, tables for figures, a sentence when it goes wrong.

Sentences and tables go to standard output, bars and mistakes to standard error. Into a pipe nothing is cut or folded;
on a terminal too narrow for a table of figures, each row becomes a block of its own instead of losing digits.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import DataError, ProgrammingError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.errors import UndefinedColumn, UndefinedTable
from rich.console import Console
from rich.measure import Measurement
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
from rich.text import Text

from regulars.desks.cli.headings import HEADINGS
from regulars.desks.shared.figures import NOTHING, money_exact, number
from regulars.desks.shared.mistakes import FOR_PEOPLE, sentence_for, sentence_of
from regulars.desks.shared.words import Words, say

OUT: Final = Console()
ERR: Final = Console(stderr=True)
NARROWEST: Final = 10
WIDE_ENOUGH: Final = 100_000  # characters: into a pipe nothing is folded
STEPS: Final[Words] = {
    "database": gettext_lazy("Database"),
    "roles": gettext_lazy("Logins"),
    "tables": gettext_lazy("Tables"),
    "sealing": gettext_lazy("Sealing"),
    "marking": gettext_lazy("Marking customers for recognition"),
    "rotating": gettext_lazy("Wrapping keys anew"),
    "views": gettext_lazy("Views"),
    "files": gettext_lazy("Reading the package"),
    "customers": gettext_lazy("Customers"),
    "orders": gettext_lazy("Order lines"),
    "months": gettext_lazy("Warehouse"),
    "rfm": gettext_lazy("RFM"),
    "rhythm": gettext_lazy("Rhythm"),
    "bucket": gettext_lazy("Leaky bucket"),
    "lists": gettext_lazy("Three lists"),
    "segments": gettext_lazy("Segments"),
    "sending": gettext_lazy("Messages"),
    "reading": gettext_lazy("Reading the file"),
    "trial": gettext_lazy("Trying the rows"),
    "writing": gettext_lazy("Order lines"),
    "totals": gettext_lazy("Totals"),
    "report": gettext_lazy("Report"),
    "comparing": gettext_lazy("Comparing"),
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, written with its currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return money_exact(self.minor, self.currency)


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
            task = self._tasks[step] = self._progress.add_task(say(STEPS, step), total=of or None)
        self._progress.update(task, completed=done, total=of or None)

    def finish(self) -> None:
        """Every bar is full."""
        self._finish_others()

    def _finish_others(self) -> None:
        for task in self._tasks.values():
            total = self._progress.tasks[task].total or self._progress.tasks[task].completed or 1
            self._progress.update(task, total=total, completed=total)


@contextmanager
def steps() -> Iterator[Steps]:
    """Bars on standard error, so that standard output stays clean for programs; none where nobody looks."""
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=False, disable=not ERR.is_terminal) as progress:
        shown = Steps(progress)
        yield shown
        shown.finish()


def tell(sentence: str | Promise) -> None:
    """A sentence on standard output; a terminal folds it between words."""
    OUT.print(Text(neutral(str(sentence))), soft_wrap=not OUT.is_terminal)


def warn(sentence: str | Promise) -> None:
    """A sentence on standard error."""
    ERR.print(Text(neutral(str(sentence)), style="red"), soft_wrap=not ERR.is_terminal)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; columns of figures are set flush right and never cut.

    A heading is a code of HEADINGS, or stands as it is.
    """
    cells = [list(row) for row in rows]
    numeric = [bool(cells) and all(_is_figure(row[place]) for row in cells) for place in range(len(headings))]
    drawn = _drawn(title, headings, cells, numeric)
    page = OUT if OUT.is_terminal else Console(file=OUT.file, width=WIDE_ENOUGH)
    if Measurement.get(page, page.options.update(width=WIDE_ENOUGH), drawn).minimum > page.width:
        _one_by_one(title, headings, cells)
    else:
        page.print(drawn, crop=False)


def facts(title: str, told: Mapping[str, object]) -> None:
    """One thing, line by line."""
    named = {say(HEADINGS, name): value for name, value in told.items()}
    longest = max((Text(name).cell_len for name in named), default=0)
    if title:
        OUT.print(Text(title, style="italic"))
    for name, value in named.items():
        tell(f"{name}{' ' * (longest - Text(name).cell_len)}  {written(value)}")


def as_json(data: Any) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=_plain) + "\n")


def written(cell: object) -> str:
    """A cell as people read it: figures with commas, moments on the company's clock, a dash for nothing."""
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, int):
        return number(cell)
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else neutral(str(cell))


def neutral(text: str) -> str:
    """The text without anything a terminal would obey.

    >>> neutral("Ann\\x1b[2J Archer")
    'Ann·[2J Archer'
    """
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "·" for letter in text)


def tell_error(error: Exception) -> bool:
    """Whether the error was one for people; then it has been told in a sentence on standard error."""
    if isinstance(error, FOR_PEOPLE):
        warn(sentence_for(error))
    elif isinstance(error, DataError | UnicodeEncodeError):
        warn(sentence_of("not_keepable", {}))
    elif isinstance(error, ProgrammingError | UndefinedTable | UndefinedColumn):
        warn(_("The database is not as this version wants it. Bring it up to date: regulars start"))
    elif isinstance(error, OSError):
        warn(str(error))
    else:
        return False
    return True


def _drawn(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], numeric: Sequence[bool]) -> Table:
    drawn = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for place, heading in enumerate(headings):
        texts = [Text(say(HEADINGS, heading)), *(Text(written(row[place])) for row in rows)]
        widest = max(text.cell_len for text in texts)
        # a figure is never folded; a text may be, where the terminal is narrow, but not into single letters
        least = widest if numeric[place] else min(widest, NARROWEST)
        drawn.add_column(
            texts[0],
            justify="right" if numeric[place] else "left",
            no_wrap=numeric[place],
            overflow="fold",
            min_width=least,
        )
    for row in rows:
        drawn.add_row(*(Text(written(cell)) for cell in row))
    return drawn


def _one_by_one(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Each row as a block, for figures that do not fit beside each other."""
    OUT.print(Text(title, style="italic"))
    for row in rows:
        facts("", dict(zip(headings, row, strict=True)))
        OUT.print()


def _is_figure(cell: object) -> bool:
    return isinstance(cell, int | float | Money) and not isinstance(cell, bool)


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value.isoformat() if isinstance(value, date) else str(value)
