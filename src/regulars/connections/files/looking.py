"""A look at a file: what it is, how it is written, what it contains, what is odd about it."""

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from regulars.connections.files import columnar, delimited, spreadsheet
from regulars.connections.files.delimiters import delimiter_of, rows_of
from regulars.connections.files.encodings import encoding_named, encoding_of
from regulars.connections.files.errors import CannotRead
from regulars.connections.files.headings import header_index, heading_problems, unique_headers, usual_width
from regulars.connections.files.tables import FileLook, Problem

SAMPLE = 20
_EVIDENCE = 1_000
_HEAD = 1 << 20
_PIECE = 64 << 10
_LARGE_CELL = 10_000
_REFUSED = (  # first bytes of what people bring by mistake, and what to say
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
    (b"Rar!", "compressed"),
    (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"%PDF", "document"),
    (b"{\\rtf", "document"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
)
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one reading of all bytes told."""

    size: int
    digest: str
    lines: int
    head: bytes
    last: bytes
    foreign: bytes


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person set by hand instead of leaving it to the look; empty means: find out.

    `header_row` is the number of the row with the headings, 0 where the table begins without any.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    sheet: str = ""


def look(
    path: str | Path, *, encoding: str = "", delimiter: str = "", header_row: int | None = None, sheet: str = ""
) -> FileLook:
    """What the file is; it is read once from end to end (for its digest), in bounded memory.

    Whatever is given by hand is taken as said; a `header_row` of 0 says that there are no headings, and the columns are
    called Column 1, Column 2 and so on. An empty file is no error: it has no headers and the problem `empty`.
    CannotRead when it is not there, is no table (a picture, a document, an archive), or is damaged.
    """
    file = Path(path)
    wishes = Wishes(encoding_named(encoding) if encoding else "", delimiter, header_row, sheet)
    if encoding and not wishes.encoding:
        raise CannotRead("encoding_unknown", {"name": file.name, "encoding": encoding})
    seen = _read_through(file)
    return _LOOKS[_format_of(file, seen.head)](file, seen, wishes)


def _format_of(path: Path, head: bytes) -> str:
    """csv, xlsx or parquet, by content; the name of the file decides nothing."""
    for mark, code in _REFUSED:
        if head.startswith(mark):
            raise CannotRead(code, {"name": path.name})
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return _format_of_archive(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xlsx"
    if _is_binary(head):
        raise CannotRead("not_a_table", {"name": path.name})
    return "csv"


def _format_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError) as error:
        raise CannotRead("damaged", {"name": path.name, "detail": str(error)[:200]}) from error
    if names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        return "xlsx"
    raise CannotRead("document" if "word/document.xml" in names else "compressed", {"name": path.name})


def _is_binary(head: bytes) -> bool:
    """Zeros that UTF-16 does not explain, or many control characters."""
    if not head or encoding_of(head, b"")[0].startswith(("utf-16", "utf-32")):
        return False
    odd = sum(head[:4096].count(code) for code in range(32) if code not in (9, 10, 12, 13, 26, 27))
    return odd * 10 > min(len(head), 4096)


def _read_through(path: Path) -> _Pass:
    """One pass: size, SHA-256, line ends, the beginning, and lines with characters beyond ASCII."""
    digest, size, lines, head, last, foreign = hashlib.sha256(), 0, 0, b"", b"", bytearray()
    try:
        with path.open("rb") as file:
            while block := file.read(_HEAD):
                head, last = head or block, block
                digest.update(block)
                size += len(block)
                lines += max(block.count(b"\n"), block.count(b"\r"))
                if len(foreign) < _HEAD and not block.isascii():
                    foreign += _foreign_lines(block, _HEAD - len(foreign), first=size == len(block))
    except FileNotFoundError:
        raise CannotRead("not_there", {"name": path.name}) from None
    except IsADirectoryError:
        raise CannotRead("is_a_folder", {"name": path.name}) from None
    except PermissionError:
        raise CannotRead("not_readable", {"name": path.name}) from None
    return _Pass(size, digest.hexdigest(), lines, head, last[-1:], bytes(foreign))


def _foreign_lines(block: bytes, room: int, *, first: bool) -> bytes:
    """Whole lines beyond ASCII; a block's first and last line may be cut inside a character and are left out."""
    lines = block.split(b"\n")
    whole = lines[:-1] or lines if first else lines[1:-1]
    picked = bytearray()
    for line in (line for line in whole if not line.isascii()):
        picked += line + b"\n"
        if len(picked) > room:
            break
    return bytes(picked)


def _look_at_text(path: Path, seen: _Pass, wishes: Wishes) -> FileLook:
    encoding, sure = (wishes.encoding, True) if wishes.encoding else encoding_of(seen.head, seen.foreign)
    text = _whole_lines(seen.head.decode(encoding, "replace"), complete=seen.size == len(seen.head))
    delimiter = wishes.delimiter or delimiter_of(text[: 4 * _PIECE])
    read = delimited.without_unclosed(text, delimiter)
    rows = [tuple(row) for row in islice(rows_of(read, delimiter), _EVIDENCE)]
    start = 1 if text[:4].lower() == "sep=" and not wishes.header_row else 0
    headed = _headed(rows[start:], wishes.header_row)
    later = _later_rows(path, seen, encoding, delimiter) if seen.size > len(seen.head) else []
    unsure = () if sure else (Problem("encoding_guessed", {"encoding": encoding}),)
    lost = "\ufffd" in text or "\ufffd" in seen.foreign.decode(encoding, "replace")
    damaged = (Problem("undecodable", {"encoding": encoding}),) if lost else ()
    return FileLook(
        path=str(path),
        name=path.name,
        format="csv",
        size=seen.size,
        digest=seen.digest,
        headers=headed.headers,
        sample=headed.rows[:SAMPLE],
        evidence=_fitting((*headed.rows, *later), len(headed.headers)),
        rows=max(0, seen.lines + (seen.last not in (b"\n", b"\r")) - headed.header_row - start) if rows else 0,
        header_row=headed.header_row + (start if headed.header_row else 0),
        encoding=encoding,
        delimiter=delimiter,
        problems=(*_as_far_as_read(headed.problems, seen), *unsure, *damaged, *_cell_problems(headed)),
    )


def _as_far_as_read(problems: Iterable[Problem], seen: _Pass) -> list[Problem]:
    """Where the file goes on beyond what was looked at, no rows means that not even the first line ended."""
    beyond = seen.size > len(seen.head)
    return [Problem("line_too_long") if one.code == "only_header" and beyond else one for one in problems]


def _whole_lines(text: str, *, complete: bool) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text if complete else text[: text.rfind("\n") + 1] or text


def _later_rows(path: Path, seen: _Pass, encoding: str, delimiter: str) -> list[tuple[str, ...]]:
    """Rows from the middle and the end: early rows often come from one day, later ones settle what a date means."""
    if encoding.startswith(("utf-16", "utf-32")):
        return []
    with path.open("rb") as file:
        pieces = [_piece(file, place) for place in (seen.size // 2, max(0, seen.size - _PIECE))]
    lines = [row for piece in pieces for row in rows_of(piece.decode(encoding, "replace"), delimiter)]
    return [tuple(row) for row in lines]


def _piece(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    piece = file.read(_PIECE)
    return piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]


@dataclass(frozen=True, slots=True)
class _Headed:
    headers: tuple[str, ...]
    header_row: int
    rows: Rows
    problems: tuple[Problem, ...]


def _headed(rows: Sequence[tuple[str, ...]], wish: int | None) -> _Headed:
    """Headings and the rows below them."""
    width = usual_width(rows)
    index = header_index(rows, width) if wish is None else wish - 1
    index = index if index is not None and 0 <= index < len(rows) else None
    heading = None if index is None else rows[index]
    body = rows if index is None else rows[index + 1 :]
    filled = _fitting(body, width)
    problems = heading_problems(heading, index, rows, width) if width else [Problem("empty")]
    if width and not filled:
        problems = [*problems, Problem("only_header")]
    headers = unique_headers(heading or (), width)
    return _Headed(headers, 0 if index is None else index + 1, filled, tuple(problems))


def _fitting(rows: Iterable[tuple[str, ...]], width: int) -> Rows:
    return tuple(row for row in rows if len(row) == width and any(cell.strip() for cell in row))


def _cell_problems(headed: _Headed) -> tuple[Problem, ...]:
    """Columns of formulas that were saved as text, and cells too long to be kept."""
    columns = dict(zip(headed.headers, zip(*headed.rows, strict=True), strict=True)) if headed.rows else {}
    formulas = [name for name, cells in columns.items() if any(cell.startswith("=") for cell in cells)]
    large = [name for name, cells in columns.items() if any(len(cell) > _LARGE_CELL for cell in cells)]
    found = (("formulas", formulas), ("too_large_cell", large))
    return tuple(Problem(code, {"columns": names}) for code, names in found if names)


def _look_at_sheet(path: Path, seen: _Pass, wishes: Wishes) -> FileLook:
    peek = spreadsheet.peek(path, wishes.sheet, _EVIDENCE)
    headed = _headed(peek.rows, wishes.header_row)
    others = [name for name in peek.sheets if name != peek.sheet]
    more = (Problem("more_sheets", {"sheet": peek.sheet, "others": others}),) if others else ()
    names = [headed.headers[position] for position in peek.formulas if 0 <= position < len(headed.headers)]
    formulas = (Problem("formulas", {"columns": names}),) if names else ()
    return FileLook(
        path=str(path),
        name=path.name,
        format="xlsx",
        size=seen.size,
        digest=seen.digest,
        headers=headed.headers,
        sample=headed.rows[:SAMPLE],
        evidence=headed.rows,
        rows=peek.last_row - headed.header_row,
        header_row=headed.header_row,
        sheet=peek.sheet,
        sheets=peek.sheets,
        problems=(*headed.problems, *(formulas or _cell_problems(headed)), *more),
    )


def _look_at_parquet(path: Path, seen: _Pass, _: Wishes) -> FileLook:
    with columnar.open_parquet(path) as file:
        schema, count = file.schema_arrow, file.metadata.num_rows
    headers = unique_headers(schema.names, len(schema))
    nested = [name for name, kind in zip(headers, schema.types, strict=True) if kind.num_fields]
    rows = _parquet_rows(path, headers, count)
    shape = {"empty": not headers, "only_header": headers and not count, "one_column": len(headers) == 1}
    problems = [Problem(code) for code, true in shape.items() if true]
    return FileLook(
        path=str(path),
        name=path.name,
        format="parquet",
        size=seen.size,
        digest=seen.digest,
        headers=headers,
        sample=rows[:SAMPLE],
        evidence=rows,
        rows=count,
        rows_exact=True,
        problems=(*problems, *([Problem("nested_columns", {"columns": nested})] if nested else [])),
    )


def _parquet_rows(path: Path, headers: tuple[str, ...], count: int) -> Rows:
    """The first 500 rows and the last 500."""
    half = _EVIDENCE // 2
    starts = [1] if count <= half else [1, max(half + 1, count - half + 1)]
    tables = [next(columnar.batches(path, headers, half, start), None) for start in starts]
    cells = [zip(*(table[name].to_pylist() for name in headers), strict=True) for table in tables if table]
    return tuple(row for rows in cells for row in rows)


_LOOKS = {"csv": _look_at_text, "xlsx": _look_at_sheet, "parquet": _look_at_parquet}
