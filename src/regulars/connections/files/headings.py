"""Finding the headings of a table and giving every column one name."""

import re
from collections import Counter
from collections.abc import Sequence

from regulars.connections.files.tables import ROW_NUMBER, Problem

_LOOKS_LIKE_DATA = re.compile(r"^[\s¥￥$€£(+-]*\d[\d\s.,:/()年月日时分秒%元TZ+-]*$|^[^@\s]+@[^@\s]+\.[^@\s]+$")
_SEARCHED = 20  # a title, a period, a blank line: headings come within the first rows or not at all

Row = Sequence[str]


def usual_width(rows: Sequence[Row]) -> int:
    """The number of fields most of the rows have; the wider one on a tie.

    >>> usual_width([["Orders of March"], ["no", "sum"], ["1", "2"]])
    2
    """
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def header_index(rows: Sequence[Row], width: int) -> int | None:
    """Where the headings are among the first rows, or None when the table begins with data.

    >>> header_index([["Orders of March", ""], ["no", "sum"], ["1", "2"]], 2)
    1
    >>> header_index([["1", "2"], ["3", "4"]], 2) is None
    True
    """
    for index, row in enumerate(rows[:_SEARCHED]):
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) * 2 > width:
            return None if _is_data(row, [r for r in rows[index + 1 :] if len(r) == len(row)]) else index
    return None


def _is_data(first: Row, others: Sequence[Row]) -> bool:
    """Headings are words, each said once; a first row with a number is data, and so is one that comes again as a row,
    but where numbers, days or addresses stand below its words: then two files were put together.

    >>> below = [["Ann", "1990-10-20"], ["Bob", "1991-10-20"]]
    >>> _is_data(["name", "born"], [*below, ["name", "born"]])
    False
    >>> _is_data(["Ann", "Lyon"], [["Bob", "Graz"], ["Ann", "Lyon"]])
    True
    """
    words = [cell.strip() for cell in first]
    if any(_LOOKS_LIKE_DATA.match(cell) for cell in words):
        return True
    differing = [row for row in ([cell.strip() for cell in row] for row in others) if row != words]
    if len(differing) == len(others):
        return False
    return not any(_holds_data(column) for column in zip(*differing, strict=True))


def _holds_data(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return 2 * sum(bool(_LOOKS_LIKE_DATA.match(cell)) for cell in filled) > len(filled)


def unique_headers(row: Row, width: int) -> tuple[str, ...]:
    """One name per column: blanks become `Column 3`, a second `sum` becomes `sum (2)`.

    >>> unique_headers(["no", "", "sum", "sum"], 5)
    ('no', 'Column 2', 'sum', 'sum (2)', 'Column 5')
    """
    names: list[str] = []
    taken = {ROW_NUMBER}
    for index in range(width):
        wanted = " ".join(row[index].split()) if index < len(row) else ""
        wanted = "".join(letter for letter in wanted if letter.isprintable())
        name = _free_name(wanted[:200] or f"Column {index + 1}", taken)
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def heading_problems(row: Row | None, index: int | None, rows: Sequence[Row], width: int) -> list[Problem]:
    """What a person should know about the headings and the shape of the table."""
    said = [" ".join(cell.split()).casefold() for cell in row or ()]
    twice = sorted(name for name, count in Counter(filter(None, said)).items() if count > 1)
    uneven = sum(1 for r in rows[(index or 0) :] if len(r) != width and any(cell.strip() for cell in r))
    found = {
        "no_header": {} if index is None and rows else None,
        "title_rows": {"rows": index} if index and any(any(cell.strip() for cell in r) for r in rows[:index]) else None,
        "same_header_twice": {"headers": twice} if twice else None,
        "header_missing": {"columns": [i + 1 for i, name in enumerate(said) if not name]} if row else None,
        "one_column": {} if width == 1 else None,
        "uneven_rows": {"rows": uneven, "fields": width} if uneven else None,
    }
    if found["header_missing"] == {"columns": []}:
        found["header_missing"] = None
    return [Problem(code, dict(values)) for code, values in found.items() if values is not None]
