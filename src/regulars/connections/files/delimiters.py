"""Which character separates the fields of a text table."""

import csv
from collections import Counter

# Among equals the earlier wins: a comma is often only a decimal mark, a tab hardly ever anything but a separator.
CANDIDATES = ("\t", ";", "|", ",")


def delimiter_of(text: str) -> str:
    """The separator under which most lines fall into the same number of fields.

    `text` is the beginning of the file, whole lines. A first line `sep=;` decides, as it does in Excel.

    >>> delimiter_of("Nr;Betrag\\n1;2,50\\n2;3,10\\n")
    ';'
    >>> delimiter_of("name\\nAnn\\nBob\\n")
    ','
    """
    if text[:4].lower() == "sep=" and len(text) > 4:
        return text[4]
    best = max(CANDIDATES, key=lambda candidate: _agreement(text, candidate))
    return best if _agreement(text, best) else ","


def _agreement(text: str, delimiter: str) -> float:
    """The share of lines, to two digits, that have the usual number of fields; 0 when that number is one."""
    widths = [len(row) for row in rows_of(text, delimiter) if row]
    usual, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return round(count / len(widths), 2) if usual > 1 else 0.0


def rows_of(text: str, delimiter: str) -> list[list[str]]:
    """The text's rows as the standard library reads them; good enough for a sample, never for the import."""
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]
