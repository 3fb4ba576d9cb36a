"""What a list of people is known by, whatever is left of it: numbers, phones, mail addresses, or only names.

A list may be a table with any delimiter or one entry a line. Each row is read cell by cell, and everything in it that
may tell who is meant is kept: a file is traced by whichever column it still has.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from regulars.rules.intake.meanings import BY_KEY, folded
from regulars.rules.permission.errors import BadInput

NUMBER: Final = re.compile(r"[A-Z]{1,4}-\d{2,}\Z")
#: A customer's name with one partner.
PSEUDONYM: Final = re.compile(r"[0-9a-f]{32}\Z")
MOST_ROWS: Final = 100_000
MOST_BYTES: Final = 64_000_000
LONGEST_NAME: Final = 120
DELIMITERS: Final = ",;\t|"
LEAST_DIGITS: Final = 7  # of a phone number
#: What our own lists are headed by, beside all that heads a column of a file that is brought in.
OUR_HEADINGS: Final = frozenset({"number", "customer", "person", "编号", "客户", "客户号"})
HEADINGS: Final = OUR_HEADINGS | {word for meaning in BY_KEY.values() for word in meaning.words}
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: its line in the file, the cells that may say who it is about, and all of them."""

    line: int
    numbers: tuple[str, ...]
    others: tuple[str, ...]
    cells: tuple[str, ...] = field(default=(), repr=False)

    @property
    def known_by(self) -> str:
        """What a person recognises the row by."""
        return (self.numbers or self.others or ("",))[0]


def read_list(content: bytes) -> list[Listed]:
    """Every row that says something; BadInput for what is no text, says nothing at all, or is too long.

    >>> read_list("\\ufeffNumber;Name\\nC-10042;王芳\\n".encode())[1]
    Listed(line=2, numbers=('C-10042',), others=('王芳',))
    """
    if len(content) > MOST_BYTES:
        raise BadInput("list_too_long", {"most": MOST_ROWS})
    rows = (Listed(line, *_sorted_out(cells), tuple(cells)) for line, cells in _rows(_text(content)))
    told = list(islice((row for row in rows if row.numbers or row.others), MOST_ROWS + 1))
    if len(told) > MOST_ROWS:
        raise BadInput("list_too_long", {"most": MOST_ROWS})
    if not told:
        raise BadInput("list_is_no_text")
    return told


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a cell of the row is a word that heads columns of people.

    >>> is_heading(["客户号", "姓名"]), is_heading(["Customer no", "x"]), is_heading(["ann@example.com"])
    (True, True, False)
    """
    return any(folded(cell) in HEADINGS for cell in cells if cell.strip())


def _text(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"PAR1")) or b"\0" in content[:4000]:
        raise BadInput("list_is_no_text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("list_is_no_text")


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    head = text[:4000]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        raise BadInput("list_is_no_text") from None


def _sorted_out(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    told = [cell.strip().lstrip("'").strip() for cell in cells]
    numbers = tuple(cell.upper() for cell in told if NUMBER.match(cell.upper()))
    others = tuple(cell for cell in told if _may_tell(cell) and not NUMBER.match(cell.upper()))
    return numbers, others


def _may_tell(cell: str) -> bool:
    """A name, an address or a phone number; not an amount, a day or a count."""
    if not 1 < len(cell) <= LONGEST_NAME:
        return False
    letters, digits = sum(map(str.isalpha, cell)), sum(map(str.isdecimal, cell))
    return letters > 1 or (digits >= LEAST_DIGITS and not DAY.match(cell))
