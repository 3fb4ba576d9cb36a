"""Spreadsheets: XLSX (and XLS, XLSB, ODS, which the same reader opens), cell by cell as text."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from regulars.connections.files.errors import CannotRead

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
_LARGEST_UNPACKED = 4 << 30  # a workbook that unpacks to more than this is damaged or an attack
_SCANNED = 64 << 20  # bytes of the sheet's XML searched for formulas: some hundred thousand rows
_FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]+)\d+"[^>]*>\s*<f[ />]')
_SHEET = re.compile(rb'<sheet\b[^>]*?\br:id=("[^"]+")')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_TARGET = re.compile(rb'\bTarget="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Peek:
    """One sheet before reading it: all visible sheets, its first rows, its size."""

    sheets: tuple[str, ...]
    sheet: str
    rows: tuple[tuple[str, ...], ...]
    last_row: int
    formulas: tuple[int, ...]


def peek(path: Path, sheet: str, count: int) -> Peek:
    """The named sheet, or the first visible one that has cells.

    CannotRead: `damaged`, `password`, `too_large_unpacked`, `sheet_not_there`.
    """
    with _open(path) as book:
        names = tuple(meta.name for meta in book.sheets_metadata if meta.visible == calamine.SheetVisibleEnum.Visible)
        found = _sheet(book, sheet, path) if sheet else _first_filled(book, names)
        if found is None:
            return Peek(names, names[0] if names else "", (), 0, ())
        rows = tuple(tuple(as_text(cell) for cell in cells) for cells in islice(found.iter_rows(), count))
        position = book.sheet_names.index(found.name)
        left = (found.start or (0, 0))[1]
        return Peek(names, found.name, rows, found.total_height, formula_columns(path, position, left))


def _first_filled(book: calamine.CalamineWorkbook, names: tuple[str, ...]) -> calamine.CalamineSheet | None:
    return next((found for name in names if (found := book.get_sheet_by_name(name)).height), None)


def _sheet(book: calamine.CalamineWorkbook, name: str, path: Path) -> calamine.CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except calamine.WorksheetNotFound:
        raise CannotRead("sheet_not_there", {"name": path.name, "sheet": name}) from None


def rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """(row number as the spreadsheet shows it, cells as text), columns before the first filled one left out."""
    with _open(path) as book:
        for number, cells in enumerate(_sheet(book, sheet, path).iter_rows(), 1):
            yield number, [as_text(cell) for cell in cells]


def _open(path: Path) -> calamine.CalamineWorkbook:
    _refuse_bombs(path)
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        raise CannotRead("password", {"name": path.name}) from None
    except (calamine.CalamineError, OSError) as error:
        raise CannotRead("damaged", {"name": path.name, "detail": str(error)[:200]}) from error


def _refuse_bombs(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > _LARGEST_UNPACKED:
        raise CannotRead("too_large_unpacked", {"name": path.name, "bytes": unpacked})


def as_text(cell: Cell | None) -> str:
    """A cell as a person would type it: ISO dates, whole numbers without a point, fifteen digits as Excel shows.

    >>> as_text(12.0), as_text(0.1 + 0.2), as_text(dt.datetime(2026, 3, 12)), as_text(True)
    ('12', '0.3', '2026-03-12', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == dt.time() else cell.isoformat(" ")
    return "" if cell is None else str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    return format(value, "f").rstrip("0").rstrip(".") if "e-" in text else text


def formula_columns(path: Path, position: int, left: int) -> tuple[int, ...]:
    """Positions (from 0, counted from column `left`) that hold formulas; only their last saved result can be read."""
    if not zipfile.is_zipfile(path):
        return ()
    with zipfile.ZipFile(path) as archive:
        xml = _sheet_xml(archive, position)
    found = {_column_index(match.group(1).decode()) - left for match in _FORMULA.finditer(xml)}
    return tuple(sorted(found))


def _sheet_xml(archive: zipfile.ZipFile, position: int) -> bytes:
    """The beginning of a sheet's XML, found the way the format prescribes: workbook → relation → part."""
    try:
        relation = _SHEET.findall(archive.read("xl/workbook.xml"))[position]
        relations = archive.read("xl/_rels/workbook.xml.rels")
        target = next(t for r in _RELATION.findall(relations) if relation in r and (t := _TARGET.findall(r)[0]))
        part = target.decode().lstrip("/")
        with archive.open(part if part.startswith("xl/") else f"xl/{part}") as sheet:
            return sheet.read(_SCANNED)
    except (KeyError, IndexError, StopIteration):
        return b""  # not an XLSX (XLSB, ODS): its formulas are not looked for


def _column_index(letters: str) -> int:
    """
    >>> _column_index("A"), _column_index("Z"), _column_index("AA")
    (0, 25, 26)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
