"""What the data room shows: sources, a file on its way in, its report, and its set-aside rows as a file to mend."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from regulars.journeys.import_customers import CONSENTS
from regulars.records.customers.originals import Original, originals_of
from regulars.records.intake.access import (
    RunFacts,
    SourceLine,
    how_many_before,
    run_of,
    runs,
    source_lines,
    source_of,
)
from regulars.records.intake.actions import is_being_worked_on
from regulars.records.set_aside.access import ReasonLine, SetAside, reasons_set_aside, rows_set_aside
from regulars.rules.intake.line_keys import PLACE
from regulars.rules.permission.asking import Asker

#: What a spreadsheet would take for a formula when it stands first in a cell (OWASP, CSV injection).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
ROWS_ON_A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class DataRoom:
    """All sources and the newest files."""

    sources: list[SourceLine]
    files: list[RunFacts]


@dataclass(frozen=True, slots=True)
class Import:
    """One file: how far it is, why rows were set aside, the how-manieth file of its source it is, what else there is.

    `cut_off`: it counts as running, but nobody works on it; it goes on by itself or when somebody says so. `leave` is
    what cleaning leaves as it is of its source today.
    """

    run: RunFacts
    reasons: list[ReasonLine]
    number: int
    consents: bool
    cut_off: bool
    sources: list[SourceLine]
    leave: tuple[str, ...]


def show_data_room(*, by: Asker) -> DataRoom:
    """Sources and files for the front page of the data room."""
    return DataRoom(source_lines(by=by), runs(by=by, limit=20))


def show_import(run_id: int, *, by: Asker, with_sources: bool = True, examples: bool = True) -> Import:
    """The file as its page shows it; NotThere when there is none. Examples of rows are opened when it is over."""
    run = run_of(run_id, by=by)
    columns = run.settings.get("understanding", {}).get("columns", {})
    return Import(
        run=run,
        reasons=reasons_set_aside(run_id, by=by, examples=examples and not run.is_under_way),
        number=how_many_before(run, by=by) + 1,
        consents=bool(set(columns) & set(CONSENTS)),
        cut_off=run.state == "running" and not is_being_worked_on(run.source_id),
        sources=source_lines(by=by) if with_sources else [],
        leave=source.leave if (source := source_of(run.source_id, by=by)) else (),
    )


def show_set_aside(run_id: int, *, by: Asker, reason: str = "", after: int = 0) -> tuple[RunFacts, list[SetAside]]:
    """A page of rows set aside, for whoever mends them; each look is logged."""
    run = run_of(run_id, by=by)
    rows = rows_set_aside(
        run_id, by=by, because="mend set-aside rows", reason=reason, after=after, limit=ROWS_ON_A_PAGE
    )
    return run, list(rows)


def set_aside_as_csv(
    run_id: int, *, by: Asker, headings: tuple[str, str, str, str], say: Callable[[str], str], reason: str = ""
) -> Iterator[str]:
    """The rows set aside as CSV, line by line: row number, reason in words, column and value under `headings`, the
    place among its equals, then the row as it was. Mended and brought again, the rows become what they should have
    been.

    `say` turns a reason's code into words. No cell is taken for a formula by a spreadsheet.
    """
    run = run_of(run_id, by=by)
    look = run.settings.get("look", {})  # nothing where nobody has said yet what the columns are
    headers, delimiter = look.get("headers", ()), look.get("delimiter") or ","
    rows = rows_set_aside(run_id, by=by, because="download set-aside rows", reason=reason)
    return _lines(rows, list(headings), list(headers), delimiter, say)


def cleaned_as_csv(run_id: int, *, by: Asker, headings: Sequence[str], say: Callable[[str], str]) -> Iterator[str]:
    """What cleaning changed and doubted, as CSV, a line for each column and reason: column, reason in words and as a
    code, values, row of an example, its shape before and after. No value of anybody stands in it."""
    return _cleaned_lines(run_of(run_id, by=by), headings, say)


def _cleaned_lines(run: RunFacts, headings: Sequence[str], say: Callable[[str], str]) -> Iterator[str]:
    yield "\ufeff" + csv_line(list(headings))
    for line in run.cleaned:
        first = line.examples[0] if line.examples else None
        shown = (first.row_number, first.before, first.after) if first else ("", "", "")
        yield csv_line([line.column, say(line.reason), line.reason, line.values, *shown])


def originals_from(run_id: int, field: str, reason: str, *, by: Asker) -> list[Original]:
    """The newest values of this run's source that came otherwise than they are kept, for that reason; for whoever may
    open customers' cells, and logged. Denied for all others."""
    return originals_of(run_of(run_id, by=by).source_id, field, reason, by=by, because="report of an import")


def _lines(
    rows: Iterator[SetAside], headings: list[str], headers: list[str], delimiter: str, say: Callable[[str], str]
) -> Iterator[str]:
    yield "\ufeff" + csv_line([*headings, PLACE, *headers])  # with the mark, spreadsheets read UTF-8 as such
    for row in rows:
        told = [row.row_number, say(row.reason), row.column, row.value, row.ordinal or ""]
        yield csv_line([*told, *cells_of(row.raw, delimiter)])


def cells_of(raw: str, delimiter: str) -> list[str]:
    """The row's cells; a quotation mark that is never closed reaches to the row's end."""
    return next(csv.reader([raw.replace("\x00", "")], delimiter=delimiter, strict=False), [])


def csv_line(cells: Sequence[object]) -> str:
    """The cells as a line of CSV; no spreadsheet takes one for a formula."""
    text = io.StringIO()
    csv.writer(text).writerow([_neutral(str(cell)) for cell in cells])
    return text.getvalue()


def _neutral(cell: str) -> str:
    """A cell that would be a formula has an apostrophe before it; numbers stay numbers.

    >>> _neutral("=1+1"), _neutral("-12.50"), _neutral("@me")
    ("'=1+1", '-12.50', "'@me")
    """
    if not cell.startswith(FORMULA) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    return cell[:1] in "+-" and cell[1:].replace(".", "", 1).replace(",", "").isdecimal()
