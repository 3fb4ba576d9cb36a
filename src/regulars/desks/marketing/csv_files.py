"""Tables as files: UTF-8 with a mark so that spreadsheets read 中文, and no cell that a spreadsheet would calculate."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import HttpResponse

#: What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
FORMULA: Final = re.compile(r"^\s*[=+\-@\t\r]")
A_NUMBER: Final = re.compile(r"^-?\d+(\.\d+)?$")


def csv_answer(name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The rows as a file of that name to be saved."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([harmless(header) for header in headers])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return response


def harmless(value: Any) -> str:
    """The value as a spreadsheet may read it: a text that looks like a formula is kept a text by an apostrophe.

    >>> harmless("=1+1"), harmless("@cmd"), harmless(-5), harmless("-5"), harmless(None)
    ("'=1+1", "'@cmd", '-5', '-5', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) and not A_NUMBER.match(text) else text
