"""What can be wrong with a file as a whole. A code and values; the desks make the sentence."""

from collections.abc import Mapping


class CannotRead(Exception):
    """The file cannot be read as a table at all.

    `code` is one of: `not_there`, `is_a_folder`, `not_readable`, `compressed`, `password`, `document`, `picture`,
    `not_a_table`, `damaged`, `sheet_not_there`, `encoding_unknown`, `changed_since_look`, `too_large_unpacked`.
    `values` fill in the sentence (`name`, and what the code needs).
    """

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.values = dict(values or {})
        super().__init__(f"{code} {self.values}" if self.values else code)
