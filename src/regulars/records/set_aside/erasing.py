"""Erasure, the part of rows set aside: where a row says how she is reached, or her number, nothing of it is left.

Nobody knows whose a row is, so every row that is kept is opened and looked through. A row that says only her name
stays until its keep has run out: others have that name, and it would be theirs that went.
"""

import re
from collections.abc import Iterator
from typing import Final

from regulars.connections.keys.envelope import DataKey
from regulars.connections.keys.key_file import KeyFileError
from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.customers.access import Opened, contact_points_of
from regulars.records.customers.file_keys import file_opening_key
from regulars.records.set_aside.access import REPAIR, cell_of
from regulars.records.set_aside.models import RefusedRow

#: So many digits at a phone number's end are hers, however it is written; fewer are anybody's.
TELLING_DIGITS: Final = 8
_REFS: Final = "SELECT source_id, ref FROM customer_ref WHERE customer_id = %s"
_NO_DIGIT: Final = re.compile(r"\D+")


def empty_rows_about(opened: Opened) -> int:
    """How many rows set aside say nothing any more, because they said how she is reached or what she is called by."""
    words, digits = _said_of(opened)
    refs: dict[int, set[str]] = {}
    for source, ref in ask(WRITER, _REFS, [opened.id]):
        refs.setdefault(source, set()).add(ref.casefold())
    found = [row for source, row, text in _texts() if _says(text, words | refs.get(source, set()), digits)]
    return RefusedRow.objects.filter(id__in=found).update(raw=None, value=None, example=None)


def _said_of(opened: Opened) -> tuple[set[str], set[str]]:
    """What of hers would be found in a text: words, and the ends of phone numbers; only her number where her key is
    gone."""
    try:
        points = contact_points_of(opened)
    except KeyFileError:
        points = []
    said = {point.value.casefold() for point in points if point.value and point.channel != "phone"}
    phones = (_NO_DIGIT.sub("", point.value or "") for point in points if point.channel == "phone")
    ends = {number[-TELLING_DIGITS:] for number in phones if len(number) >= TELLING_DIGITS}
    return said | {opened.number.casefold()}, ends


def _texts() -> Iterator[tuple[int, int, str]]:
    """Source, number and text of every row that still says something; those of a forgotten file say nothing."""
    said = RefusedRow.objects.exclude(raw=None, value=None)
    for run, source in said.values_list("import_run_id", "import_run__source_id").distinct():
        if key := file_opening_key(REPAIR, run):
            rows = said.filter(import_run_id=run).values_list("id", "row_number", "value", "raw")
            for row, number, value, raw in rows.iterator(chunk_size=5_000):
                yield source, row, f"{_text(key, 'value', number, value)}\n{_text(key, 'raw', number, raw)}"


def _text(key: DataKey, column: str, number: int, cell: bytes | memoryview | None) -> str:
    return "" if cell is None else key.open(cell_of(column, number), bytes(cell))


def _says(text: str, words: set[str], digits: set[str]) -> bool:
    folded = text.casefold()
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) for word in words):
        return True
    bare = [_NO_DIGIT.sub("", cell) for cell in re.split(r"[,;\t|\n]", text)]
    return any(cell.endswith(end) for cell in bare for end in digits)
