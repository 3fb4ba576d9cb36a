"""A dry run: what would become of a file's rows, with every reason, and nothing written."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from regulars.connections.files import FileLook
from regulars.journeys.run_import import (
    ENGINE,
    NIGHT_SHIFT,
    Progress,
    Say,
    checked_chunks,
    quiet,
    sifted,
    writing_to,
)
from regulars.records.intake.access import SourceFacts
from regulars.records.intake.actions import Counts
from regulars.records.set_aside.access import ReasonLine
from regulars.rules.cleaning.report import CleanedLine, summed
from regulars.rules.intake.import_settings import ImportSettings


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of the rows that were tried; `whole` when that was all of them. `cleaned` is what would be
    changed of their values, shown by its shape."""

    counts: Counts
    reasons: tuple[ReasonLine, ...]
    rows_expected: int
    whole: bool
    seconds: float
    cleaned: tuple[CleanedLine, ...] = ()


def try_import(
    file_path: str, look: FileLook, settings: ImportSettings, *, source: SourceFacts | None, at: datetime,
    rows: int | None = None, say: Say = quiet,
) -> Trial:  # fmt: skip
    """The first `rows` rows (all when None) checked and compared with what the house has. Nothing is written."""
    begun = time.monotonic()
    counts, reasons, done = Counts(), _Reasons(), 0
    cleaned: tuple[CleanedLine, ...] = ()
    writing = writing_to(source.id if source else 0, 0, settings, by=NIGHT_SHIFT, at=at, expected=look.rows)
    try:
        with duckdb.connect(config=ENGINE) as engine:
            for chunk in checked_chunks(file_path, look, settings, engine, at=at):
                chunk = sifted(writing, chunk, settings)
                counts += writing.weigh(chunk.checked)
                counts += Counts(read=chunk.rows, refused=chunk.refused)
                reasons.add(chunk.set_aside)
                cleaned = summed(cleaned, chunk.checked.cleaned)
                done = chunk.bytes_done
                say(Progress("trial", done / max(look.size, 1), counts.read, look.rows))
                if rows is not None and counts.read >= rows:
                    break
    finally:
        writing.close()
    expected = look.rows if look.rows_exact else round(counts.read * look.size / max(done, 1))
    whole = done >= look.size or not counts.read
    return Trial(counts, reasons.lines(), max(expected, counts.read), whole, time.monotonic() - begun, cleaned)


class _Reasons:
    """Reasons with how many rows and the first of them."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], ReasonLine] = {}

    def add(self, set_aside: pa.Table) -> None:
        """Count these rows too."""
        grouped = set_aside.group_by(["reason", "column", "row_taken"]).aggregate(
            [("row_number", "count"), ("row_number", "min")]
        )
        for row in grouped.to_pylist():
            self._add(row, set_aside)

    def lines(self) -> tuple[ReasonLine, ...]:
        """The most frequent first."""
        return tuple(sorted(self._found.values(), key=lambda line: (-line.rows, line.reason, line.column)))

    def _add(self, row: Mapping[str, object], set_aside: pa.Table) -> None:
        key = str(row["reason"]), str(row["column"])
        known = self._found.get(key)
        rows = int(str(row["row_number_count"]))
        if known:
            self._found[key] = ReasonLine(*key, known.rows + rows, known.row_number, known.example, known.row_taken)
            return
        first = set_aside.filter(pc.equal(set_aside["row_number"], row["row_number_min"])).to_pylist()[0]
        self._found[key] = ReasonLine(*key, rows, first["row_number"], first["example"], first["row_taken"])
