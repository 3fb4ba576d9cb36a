"""What goes along with a file that leaves: for what, until when it may be used, where to ask; and harmless cells."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

FORMAT: Final = "regulars/partner-release/1"
#: What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
_FORMULA: Final = re.compile(r"^\s*[=+\-@\t\r]")
_A_NUMBER: Final = re.compile(r"^-?\d+(\.\d+)?$")


def manifest(
    *, company: str, partner: str, contract: str, purpose: str, table: str, columns: Sequence[str], rows: int,
    made_at: datetime, expires_on: date, recheck: str,
) -> dict[str, Any]:  # fmt: skip
    """The terms a file carries: who gave it to whom, under which contract, for what, until when, where to ask anew."""
    return {
        "format": FORMAT, "from": company, "to": partner, "contract": contract, "purpose": purpose, "table": table,
        "columns": list(columns), "rows": rows, "made_at": made_at.isoformat(), "expires_on": expires_on.isoformat(),
        "recheck_before_use": recheck,
        "terms": "Use for this purpose only. Ask before each use whether a row may still be used; where no answer "
        "comes, it may not. Delete everything on the day after expires_on.",
    }  # fmt: skip


def harmless(value: Any) -> str:
    """The value as a spreadsheet may read it: what looks like a formula is kept a text by an apostrophe.

    >>> harmless("=1+1"), harmless(-5), harmless(None)
    ("'=1+1", '-5', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _A_NUMBER.match(text) else text
