"""The shapes in which a file is handed on: a look at it, and chunks of its rows."""

from dataclasses import dataclass, field

import pyarrow as pa

ROW_NUMBER = "row_number"
BROKEN_SCHEMA = pa.schema(
    [(ROW_NUMBER, pa.int64()), ("reason", pa.string()), ("value", pa.string()), ("raw", pa.string())]
)
LONGEST_RAW = 10_000  # characters of a broken row that are kept; the file itself keeps the rest


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know before importing: a code and the values for its sentence.

    Codes: `empty`, `only_header`, `one_column`, `no_header`, `title_rows`, `same_header_twice`, `header_missing`,
    `uneven_rows`, `encoding_guessed`, `undecodable`, `formulas`, `too_large_cell`, `more_sheets`, `nested_columns`.
    """

    code: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a file is, before anything is imported from it.

    `headers` are unique, never empty, and name the columns of every chunk. `sample` is the first 20 rows as text;
    `evidence` up to 1,000 rows from the beginning, the middle and the end, for guesses. `rows` is an estimate unless
    `rows_exact`. `header_row` is the row number of the headers, 0 when the file has none. `digest` is SHA-256 in hex.
    """

    path: str
    name: str
    format: str
    size: int
    digest: str
    headers: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    rows: int = 0
    rows_exact: bool = False
    header_row: int = 0
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file, in the file's order.

    `rows`: `row_number` (int64, as a spreadsheet counts: the file's first row is 1) and one text column per header.
    `broken`: rows that are no rows of this table (`row_number`, `reason`, `value`, `raw`); reasons `wrong_field_count`,
    `unclosed_quote`, `line_too_long`, `headings_again`. `last_row` is the last row number dealt with, blank rows
    included: an import that stopped after this chunk goes on with `start=last_row + 1`. `bytes_done` of the file's size
    have been read.
    """

    rows: pa.Table
    broken: pa.Table
    first_row: int
    last_row: int
    bytes_done: int


def broken_rows(numbers: list[int], reasons: list[str], values: list[str], raws: list[str]) -> pa.Table:
    """A table of broken rows; over-long raw text is cut at 10,000 characters."""
    cut = [raw[:LONGEST_RAW] for raw in raws]
    return pa.table([numbers, reasons, values, cut], schema=BROKEN_SCHEMA)
