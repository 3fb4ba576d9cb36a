"""From the cells of a chunk to clean text, and a verdict for the rows that cannot be taken as they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.rules.intake import engine_text as sql

ROW_NUMBER = "row_number"
LONGEST_TEXT = 10_000  # characters
LONGEST_REF = 200  # characters; a reference longer than this is a text in the wrong column, and no index would take it
REFUSED = pa.schema(  # row number, code, heading of the cell, its text, and the row as a line of the file
    [
        (ROW_NUMBER, pa.int64()),
        ("reason", pa.string()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("raw", pa.string()),
    ]
)
_VERDICT = "\x1fverdict"  # no heading holds a control character
_EDGE = r"[\s\x{A0}\x{2007}\x{202F}\x{3000}\x{FEFF}\x{200B}]"
_CONTROL = r"[\x00-\x1f\x7f]"
_LOST = r"\x{FFFD}"
_SHORTENED = r"[0-9]([.,][0-9]+)?[eE]\+[0-9]+"
# One look at every cell tells whether its column needs any of the slow steps; most columns need none.
_ODD = rf"^{_EDGE}|{_EDGE}$|^[=''`]|{_CONTROL}|{_LOST}|^{_SHORTENED}$"

_PLAIN = np.array([33 <= code < 127 and chr(code) not in "='`+" for code in range(256)])


@dataclass(frozen=True, slots=True)
class Objection:
    """A reason to refuse a row: the code, the meaning of the cell, and the SQL condition on the row."""

    reason: str
    meaning: str
    condition: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A mapped column as it is read: its heading, whether it is a reference, and what the chunk shows of it.

    `stands_for` is the file's own heading where the cells were worked out from another column.
    """

    meaning: str
    header: str
    is_ref: bool
    odd: bool
    longest: int
    stands_for: str = ""

    @property
    def heading(self) -> str:
        """What people call the column."""
        return self.stands_for or self.header

    def text_sql(self) -> str:
        """SQL: the cell's text, NULL when empty; line breaks inside texts become spaces, those in references stay to
        be objected to."""
        if not self.odd:
            return f"nullif({sql.name(self.header)}, '')"
        cleaned = sql.cleaned(self.header)
        return cleaned if self.is_ref else rf"regexp_replace({cleaned}, '[\t\r\n]+', ' ', 'g')"

    def objections(self) -> Iterable[Objection]:
        """What can be wrong with the text itself."""
        cell, limit = sql.name(self.meaning), LONGEST_REF if self.is_ref else LONGEST_TEXT
        if self.longest > limit:
            yield Objection("text_too_long", self.meaning, f"length({cell}) > {limit}")
        if self.odd:
            yield Objection("control_characters", self.meaning, f"regexp_matches({cell}, '{_CONTROL}')")
        if self.odd and self.is_ref:
            yield Objection("undecodable", self.meaning, f"contains({cell}, '\ufffd')")
            yield Objection("shortened_number", self.meaning, f"regexp_full_match({cell}, '{_SHORTENED}')")


def cells_of(
    rows: pa.Table, columns: Mapping[str, str], refs: frozenset[str], engine: duckdb.DuckDBPyConnection
) -> dict[str, Cell]:
    """The mapped columns that the chunk really has, by meaning, after one look at all their cells."""
    there = {meaning: header for meaning, header in columns.items() if header in rows.column_names}
    doubtful = [header for header in there.values() if not _plain(rows[header])]
    found = _looked_at(rows, doubtful, engine)
    return {
        meaning: Cell(meaning, header, meaning in refs, *found.get(header, (False, 0)))
        for meaning, header in there.items()
    }


def _looked_at(rows: pa.Table, headers: list[str], engine: duckdb.DuckDBPyConnection) -> dict[str, tuple[bool, int]]:
    """For each column, whether any cell is odd, and the bytes of the longest."""
    if not headers:
        return {}
    looks = ", ".join(
        f"coalesce(bool_or(regexp_matches({sql.name(h)}, '{_ODD}')), false), coalesce(max(strlen({sql.name(h)})), 0)"
        for h in headers
    )
    row = engine.from_arrow(rows).query("chunk", f"SELECT {looks} FROM chunk").fetchone() or ()
    return dict(zip(headers, zip(row[0::2], row[1::2], strict=True), strict=True))


def _plain(column: pa.ChunkedArray) -> bool:
    """Whether a glance at the bytes already shows that nothing can be odd: no space, nothing beyond ASCII, no sign
    that protects a number, and no cell longer than a reference may be."""
    return all(_plain_bytes(chunk) for chunk in column.chunks)


def _plain_bytes(chunk: pa.Array) -> bool:
    if not pa.types.is_string(chunk.type) or len(chunk) == 0:
        return len(chunk) == 0
    _, ends, data = chunk.buffers()
    offsets = np.frombuffer(ends, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    letters = np.frombuffer(data or b"", np.uint8)[offsets[0] : offsets[-1]]
    return bool(_PLAIN[letters].all()) and int(np.diff(offsets).max()) <= LONGEST_REF


def verdict_sql(objections: Sequence[Objection]) -> str:
    """SQL: the number (from 1) of the first objection that holds, 0 when none does."""
    whens = " ".join(f"WHEN {objection.condition} THEN {place}" for place, objection in enumerate(objections, 1))
    return f"CAST(CASE {whens} ELSE 0 END AS SMALLINT)" if whens else "CAST(0 AS SMALLINT)"


def refused_rows(
    rows: pa.Table,
    verdicts: pa.Array,
    objections: Sequence[Objection],
    cells: Mapping[str, Cell],
    delimiter: str,
    engine: duckdb.DuckDBPyConnection,
) -> pa.Table:
    """The rows with a verdict: number, reason, heading, the cell's text and the whole row as delimited text."""
    wrong = pc.greater(verdicts, 0)
    picked = rows.filter(wrong).append_column(_VERDICT, pc.filter(verdicts, wrong))
    if picked.num_rows == 0:
        return REFUSED.empty_table()
    reasons = ", ".join(sql.text(objection.reason) for objection in objections)
    headers = [cells[o.meaning].heading if o.meaning in cells else "" for o in objections]
    values = " ".join(f"WHEN {i} THEN {sql.name(h)}" for i, h in enumerate(headers, 1) if h)
    verdict, columns = sql.name(_VERDICT), ", ".join(map(sql.text, headers))
    query = (
        f'SELECT {ROW_NUMBER}, [{reasons}][{verdict}] AS reason, [{columns}][{verdict}] AS "column",'
        f" substr(coalesce(CASE {verdict} {values or 'WHEN 0 THEN NULL'} END, ''), 1, {LONGEST_TEXT}) AS value,"
        f" {_raw_sql(_of_the_file(rows), delimiter)} AS raw FROM picked"
    )
    return engine.from_arrow(picked).query("picked", query).to_arrow_table().cast(REFUSED)


def _of_the_file(rows: pa.Table) -> list[str]:
    """The headings of the file; columns of our own have a control character in theirs."""
    return [name for name in rows.column_names[1:] if not name.startswith("\x1f")]


def _raw_sql(headers: Sequence[str], delimiter: str) -> str:
    """The row as a line of the file again, so that refused rows can be corrected and brought once more."""
    quoted = ", ".join(
        f"CASE WHEN regexp_matches({sql.name(h)}, '[\"\\r\\n{_in_class(delimiter)}]')"
        f" THEN '\"' || replace({sql.name(h)}, '\"', '\"\"') || '\"' ELSE coalesce({sql.name(h)}, '') END"
        for h in headers
    )
    return f"substr(concat_ws({sql.text(delimiter)}, {quoted}), 1, {10 * LONGEST_TEXT})"


def _in_class(delimiter: str) -> str:
    return "\\t" if delimiter == "\t" else f"\\{delimiter}" if delimiter in "^]-\\" else delimiter.replace("'", "''")
