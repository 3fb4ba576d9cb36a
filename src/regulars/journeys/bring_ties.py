"""A file of ties is brought to a page: tried, looked at, taken in. What became of it waits there for a day.

Beside the upload stand, for the same day and no longer, what became of it and every row set aside, so that they can be
mended and brought again. They are whose who brought the file, and nobody else's.
"""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from regulars.connections.files import look
from regulars.journeys.import_ties import MAY_IMPORT, RowAside, TiesReport, import_ties
from regulars.journeys.look_at_file import drop_file, keep_upload, place_of
from regulars.journeys.show_imports import cells_of, csv_line
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

ROWS_ON_A_PAGE: Final = 100
Say = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True, slots=True)
class TiesBrought:
    """A file of ties as its page shows it: only tried, or taken in; `aside` are the first rows set aside."""

    key: str
    name: str
    report: TiesReport
    aside: list[RowAside]


def bring_ties(name: str, pieces: Iterable[bytes], size: int, *, by: Asker, at: datetime) -> str:
    """The file is kept and tried; under this key its page is found. Nothing stays of one that cannot be read."""
    kept = keep_upload(name, pieces, size)
    try:
        _carry_out(kept.path, kept.name, dry_run=True, by=by, at=at)
    except BaseException:
        forget_all(kept.path)
        raise
    return kept.path


def brought_ties(key: str, *, by: Asker) -> TiesBrought:
    """What became of the file. NotThere when it is not hers, or its day is over."""
    told = _told(key, by)
    return TiesBrought(key, told["name"], TiesReport(**told["report"]), list(islice(_rows(key), ROWS_ON_A_PAGE)))


def take_in_ties(key: str, *, by: Asker, at: datetime) -> None:
    """What the file says is kept, and the file is gone; asked again it changes nothing."""
    told = _told(key, by)
    with _held(key) as file:
        if file and _told(key, by)["report"]["dry_run"]:
            _carry_out(key, told["name"], dry_run=False, by=by, at=at)
            drop_file(key)


def forget_ties(key: str, *, by: Asker) -> None:
    """The file is gone, and all that was told of it."""
    _told(key, by)
    forget_all(key)


def ties_aside_as_csv(key: str, *, by: Asker, headings: tuple[str, str], say: Say) -> Iterator[str]:
    """Every row set aside as CSV, line by line: row number and reason under `headings`, then the row as it was. Mended
    and brought again, the rows become what they should have been."""
    told = _told(key, by)
    return _lines(key, told["headers"], told["delimiter"], headings, say)


def forget_all(key: str) -> None:
    """Nothing of the file lies about any more."""
    for path in (key, _told_at(key), _aside_at(key)):
        drop_file(path)


def _carry_out(key: str, name: str, *, dry_run: bool, by: Asker, at: datetime) -> None:
    place = place_of(key)
    with _private(place_of(_aside_at(key))) as aside:
        report = import_ties(
            place, name=name, dry_run=dry_run, aside=lambda row: _note(row, aside), by=by, at=at
        )  # fmt: skip
    seen = look(place)
    report.set_aside.clear()
    told = {
        "whose": by.staff_id, "name": name, "report": asdict(report),
        "headers": seen.headers, "delimiter": seen.delimiter or ",",
    }  # fmt: skip
    with _private(place_of(_told_at(key))) as file:
        json.dump(told, file)


def _told(key: str, by: Asker) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(place_of(_told_at(key)).read_text())
    except FileNotFoundError:
        told = {}
    if not told or by.role not in MAY_IMPORT or told["whose"] != by.staff_id:
        raise NotThere("ties_not_there")
    return told


def _rows(key: str) -> Iterator[RowAside]:
    with place_of(_aside_at(key)).open() as file:
        for line in file:
            yield RowAside(**json.loads(line))


def _lines(key: str, headers: list[str], delimiter: str, headings: tuple[str, str], say: Say) -> Iterator[str]:
    yield "\ufeff" + csv_line([*headings, *headers])  # with the mark, spreadsheets read UTF-8 as such
    for row in _rows(key):
        yield csv_line([row.row_number, say(row.reason, row.values), *cells_of(row.raw, delimiter)])


def _note(row: RowAside, file: IO[str]) -> None:
    file.write(json.dumps(asdict(row), default=str) + "\n")


@contextmanager
def _private(place: Path) -> Iterator[IO[str]]:
    """A file for our eyes only that stands there when it is whole, and not before."""
    half = place.with_suffix(f"{place.suffix}-half")
    half.touch(mode=0o600)
    try:
        with half.open("w") as file:
            yield file
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _held(key: str) -> Iterator[IO[bytes] | None]:
    """The file, for nobody else meanwhile; None when it is gone. Whoever dies lets go of it."""
    try:
        file = place_of(key).open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _told_at(key: str) -> str:
    return f"{key}.ties"


def _aside_at(key: str) -> str:
    return f"{key}.aside"
