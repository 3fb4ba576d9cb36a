"""What the house writes to its log: what broke and where, and nobody's data.

PostgreSQL tells of the row that broke a rule (DETAIL), of the line of a file it stood in (CONTEXT) and of the statement
with its values (LINE); Python prints all that under a traceback.
"""

import logging
import re
from typing import Any, Final

_ROWS: Final = re.compile(
    r"^(?:DETAIL|CONTEXT|HINT|QUERY|LINE \d+):.*?(?=^(?:$|Traceback|The above|During handling|  File )|\Z)",
    re.DOTALL | re.MULTILINE,
)
_VALUE: Final = re.compile(r"(invalid (?:input )?(?:syntax|value|byte sequence)[^:\n]*: ).*", re.IGNORECASE)


class WithoutValues(logging.Formatter):
    """Django's and our own lines as they are; of errors the values are left out."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  (logging calls it so)
        """The traceback without what the database says of rows."""
        return without_values(super().formatException(ei))


def without_values(text: str) -> str:
    """The text of an error without rows and values.

    >>> print(without_values("UniqueViolation: duplicate key\\nDETAIL:  Key (value)=(+8613800138000) already exists."))
    UniqueViolation: duplicate key
    >>> without_values('invalid input syntax for type bigint: "+86 138 0013 8000"')
    'invalid input syntax for type bigint: …'
    """
    return _VALUE.sub(r"\1…", _ROWS.sub("", text)).rstrip("\n")
