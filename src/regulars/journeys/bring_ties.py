"""A file of ties is brought to a page: tried, looked at, taken in. What became of it waits there for a day.

A short file is done at once; a longer one in the background, watched from the page, and whoever is killed at it is
followed by the next, who goes on. Beside the upload stand, for the same day and no longer, what became of it and every
row set aside, so that they can be mended and brought again. They are whose who brought the file, and nobody else's.
"""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from regulars.connections.jobs.later import do_later
from regulars.journeys.import_ties import MAY_IMPORT, RowAside, TiesReport, import_ties, look_at_ties
from regulars.journeys.look_at_file import drop_file, keep_upload, place_of
from regulars.journeys.show_imports import cells_of, csv_line
from regulars.records.staff.access import asker_of, signed_in
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

TIES: Final = "take_in_ties"
ROWS_ON_A_PAGE: Final = 100
#: So many rows are done while the page waits; about a second.
AT_ONCE: Final = 200
SAMPLE: Final = 5
TRY, TAKE = "try", "take"
WAITS, WORKS, DONE, STOPPED, FAILED = "waits", "works", "done", "stopped", "failed"
UNDER_WAY: Final = (WAITS, WORKS)
#: Problems with the letters of a file.
OF_LETTERS: Final = ("encoding_guessed", "undecodable")
Say = Callable[[str, Mapping[str, object]], str]


@dataclass(slots=True)
class _Kept:
    """What stands beside the upload: whose it is and what it is, what is done with it, and how far that is."""

    whose: int | None
    name: str
    headers: list[str]
    delimiter: str
    rows: int
    exact: bool
    letters: list[str] = field(default_factory=list)
    encoding: str = ""
    sample: list[list[str]] = field(default_factory=list)
    doing: str = TRY
    state: str = WAITS
    report: dict[str, Any] = field(default_factory=lambda: asdict(TiesReport(dry_run=True)))
    done_through: int = 0
    aside_bytes: int = 0
    why: tuple[str, dict[str, Any]] = ("", {})


@dataclass(frozen=True, slots=True)
class TiesBrought:
    """A file of ties as its page shows it: being tried or taken in (`doing`), and how that stands (`state`); `rows` is
    how many the file has, or `exact` is not. `aside` are the first rows set aside.

    `cut_off`: it counts as under way, and nobody is at it. `why` it failed, as code and values. `letters` are doubts
    about its encoding; then `sample` is how its first rows are read.
    """

    key: str
    name: str
    doing: str
    state: str
    report: TiesReport
    rows: int
    exact: bool
    aside: list[RowAside]
    cut_off: bool
    why: tuple[str, Mapping[str, Any]]
    letters: tuple[str, ...]
    encoding: str
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def says_nothing_new(self) -> bool:
        """Whether all that could be kept of the file is known already."""
        told = self.report
        return self.state == DONE and bool(told.known) and not (told.groups or told.members or told.places)


class _Ended(Exception):
    """Somebody stopped it, or the file is gone."""


def bring_ties(name: str, pieces: Iterable[bytes], size: int, *, by: Asker, at: datetime) -> str:
    """The file is kept, and tried at once or in the background; under this key its page is found. Nothing stays of one
    that cannot be read."""
    kept = keep_upload(name, pieces, size)
    try:
        seen = look_at_ties(place_of(kept.path), name=kept.name, by=by)
        told = _Kept(
            by.staff_id, kept.name, list(seen.headers), seen.delimiter or ",", seen.rows, seen.rows_exact,
            [one.code for one in seen.problems if one.code in OF_LETTERS], seen.encoding,
            [list(row) for row in seen.sample[:SAMPLE]],
        )  # fmt: skip
        _begin(kept.path, told, by, at)
    except BaseException:
        forget_all(kept.path)
        raise
    return kept.path


def brought_ties(key: str, *, by: Asker) -> TiesBrought:
    """How the file stands. NotThere when it is not hers, or its day is over."""
    told = _hers(key, by)
    return TiesBrought(
        key, told.name, told.doing, told.state, TiesReport(**told.report), told.rows, told.exact,
        list(islice(_rows(key), ROWS_ON_A_PAGE)), told.state == WORKS and not _somebody_is_at(key), told.why,
        tuple(told.letters), told.encoding, tuple(told.headers), tuple(map(tuple, told.sample)),
    )  # fmt: skip


def take_in_ties(key: str, *, by: Asker, at: datetime) -> None:
    """What the file says is kept, now or in the background, and the file is gone then. Only a file that was tried is
    taken in; asked again it changes nothing."""
    _hers(key, by)
    with _held(key) as file:
        told = _hers(key, by)
        if file and (told.doing, told.state) == (TRY, DONE):
            fresh = asdict(TiesReport(dry_run=False))
            _begin(key, replace(told, doing=TAKE, report=fresh, done_through=0, aside_bytes=0), by, at)


def stop_ties(key: str, *, by: Asker) -> None:
    """It ends before the next rows; what is written stays."""
    if _hers(key, by).state in UNDER_WAY:
        place_of(_stop_at(key)).touch(mode=0o600)


def go_on_ties(key: str, *, by: Asker, at: datetime) -> None:
    """What was stopped, cut off or failed goes on where it ended."""
    _hers(key, by)
    with _held(key) as file:
        told = _hers(key, by)
        if file and told.state != DONE:
            drop_file(_stop_at(key))
            _begin(key, told, by, at)


def forget_ties(key: str, *, by: Asker) -> None:
    """The file is gone, and all that was told of it."""
    _hers(key, by)
    forget_all(key)


def carry_on_ties(number: int, *, at: datetime) -> None:
    """What the page of that file asked for is done, by the rights she has now who brought it. May be called again at
    any time."""
    key = f"{number:032x}"
    with _held(key) as file:
        told = _read(key) if file else None
        if told and told.state in UNDER_WAY:
            staff = signed_in(told.whose) if told.whose else None
            role = next((role for role in staff.roles if role in MAY_IMPORT), None) if staff else None
            if staff is None or role is None:
                _save(key, replace(told, state=FAILED, why=("groups_not_for_this_role", {})))
            else:
                _work(key, told, asker_of(staff, role), at)


def ties_aside_as_csv(key: str, *, by: Asker, headings: tuple[str, str], say: Say) -> Iterator[str]:
    """Every row set aside as CSV, line by line: row number and reason under `headings`, then the row as it was. Mended
    and brought again, the rows become what they should have been."""
    told = _hers(key, by)
    return _lines(key, told.headers, told.delimiter, headings, say)


def forget_all(key: str) -> None:
    """Nothing of the file lies about any more."""
    for path in (key, _told_at(key), _aside_at(key), _stop_at(key)):
        drop_file(path)


def _begin(key: str, told: _Kept, by: Asker, at: datetime) -> None:
    """Done when this returns where it is short; else it waits for the night shift."""
    if told.rows <= AT_ONCE:
        _work(key, told, by, at)
    else:
        _save(key, replace(told, state=WAITS, why=("", {})))
        do_later(TIES, lock=TIES, once=f"{TIES}-{key}", file=int(key, 16))


def _work(key: str, told: _Kept, by: Asker, at: datetime) -> None:
    """It is done, stopped or failed when this returns. A trial begins anew: nothing of it was kept."""
    if told.doing == TRY:
        told = replace(told, report=asdict(TiesReport(dry_run=True)), done_through=0, aside_bytes=0)
    told.state, told.why = WORKS, ("", {})
    try:
        with _aside(key, told.aside_bytes) as aside:
            _go_through(key, told, aside, by, at)
        told.state = DONE
    except _Ended:
        told.state = STOPPED
    except (BadInput, Denied, NotThere) as error:
        told.state, told.why = FAILED, (error.code, dict(error.values))
    _save(key, told)
    if (told.doing, told.state) == (TAKE, DONE):
        drop_file(key)
    if not place_of(key).exists() and told.state != DONE:
        forget_all(key)


def _go_through(key: str, told: _Kept, aside: IO[str], by: Asker, at: datetime) -> None:
    def so_far(report: TiesReport, last_row: int) -> None:
        aside.flush()
        told.report, told.done_through, told.aside_bytes = _figures(report), last_row, aside.tell()
        _save(key, told)
        _demand_wanted(key)

    _save(key, told)
    _demand_wanted(key)
    trial = told.doing == TRY
    report = import_ties(
        place_of(key), name=told.name, dry_run=trial, aside=lambda row: _note(row, aside), so_far=so_far,
        before=TiesReport(**told.report), done_through=told.done_through, by=by, at=at,
    )  # fmt: skip
    told.report = _figures(report)


def _demand_wanted(key: str) -> None:
    if place_of(_stop_at(key)).exists() or not place_of(key).exists():
        raise _Ended


def _figures(report: TiesReport) -> dict[str, Any]:
    """Without the rows themselves, which have their own file."""
    report.set_aside.clear()
    return asdict(report)


def _hers(key: str, by: Asker) -> _Kept:
    told = _read(key)
    if told is None or by.role not in MAY_IMPORT or told.whose != by.staff_id:
        raise NotThere("ties_not_there")
    return told


def _read(key: str) -> _Kept | None:
    try:
        return _Kept(**json.loads(place_of(_told_at(key)).read_text()))
    except (FileNotFoundError, TypeError):  # gone, or left there by an older version
        return None


def _save(key: str, told: _Kept) -> None:
    with _private(place_of(_told_at(key))) as file:
        json.dump(asdict(told), file, default=str)


def _rows(key: str) -> Iterator[RowAside]:
    try:
        file = place_of(_aside_at(key)).open()
    except FileNotFoundError:
        return
    with file:
        for line in file:
            if line.endswith("\n"):  # else it is just being written
                yield RowAside(**json.loads(line))


def _lines(key: str, headers: list[str], delimiter: str, headings: tuple[str, str], say: Say) -> Iterator[str]:
    yield "\ufeff" + csv_line([*headings, *headers])  # with the mark, spreadsheets read UTF-8 as such
    for row in _rows(key):
        yield csv_line([row.row_number, say(row.reason, row.values), *cells_of(row.raw, delimiter)])


def _note(row: RowAside, file: IO[str]) -> None:
    file.write(json.dumps(asdict(row), default=str) + "\n")


@contextmanager
def _aside(key: str, begin: int) -> Iterator[IO[str]]:
    """The file of rows set aside, from there on: what was written after that is written again."""
    place = place_of(_aside_at(key))
    place.touch(mode=0o600)
    with place.open("r+") as file:
        file.truncate(begin)
        file.seek(begin)
        yield file


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


def _somebody_is_at(key: str) -> bool:
    try:
        with place_of(key).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _told_at(key: str) -> str:
    return f"{key}.ties"


def _aside_at(key: str) -> str:
    return f"{key}.aside"


def _stop_at(key: str) -> str:
    return f"{key}.stop"
