"""What can be wrong with a database of others."""

from collections.abc import Mapping


class DatabaseAway(Exception):
    """It cannot be read. `code` picks the sentence, `values` fill it in; no password is in either."""

    def __init__(self, code: str, values: Mapping[str, object]) -> None:
        super().__init__(code)
        self.code, self.values = code, dict(values)
