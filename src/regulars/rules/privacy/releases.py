"""What goes along with a file that leaves: for what, until when it may be used, where to ask; and harmless cells."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

FORMAT: Final = "regulars/partner-release/1"
EXTRACT: Final = "regulars/partner-extract/1"
FIGURES: Final = "regulars/partner-figures/1"
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


def figures_manifest(
    *, company: str, partner: str, contract: str, purpose: str, cube: str, columns: Sequence[str], only: Sequence[str],
    since: date | None, until: date | None, currency: str, least: int, made_at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What figures are of, and how they are to be read: who is counted, what a blank means, when a figure moves."""
    return {
        "format": FIGURES, "from": company, "to": partner, "contract": contract, "purpose": purpose, "what": cube,
        "columns": list(columns), "only": list(only), "orders_from": str(since or ""),
        "orders_before": str(until or ""), "currency": currency, "made_at": made_at.isoformat(),
        "fewest_people": least,
        "reading": "Counted are customers who said yes to disclosure. * is all together, (other) what has too few "
        f"people of its own. A blank is withheld: it is of fewer than {least} people, or would tell about them. A "
        f"figure is of the day beside it and moves once at least {least} people have changed, so figures need not add "
        "up.",
    }  # fmt: skip


def extract_manifest(
    *, company: str, partner: str, contract: str, purpose: str, what: str, columns: Sequence[str],
    rungs: Sequence[str], asked: Mapping[str, int], smallest: int, average: float, later: bool, made_at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What rows without people are, what was asked of their classes, and how they are to be read.

    Nothing in it is of people who are not in the file: how many there were, or were left out, subtracted from what the
    next file says, would tell.
    """
    follows = (
        " This file follows an earlier one: its classes take the place of the same classes there, every other class "
        "stands as it was."
    )
    return {
        "format": EXTRACT, "from": company, "to": partner, "contract": contract, "purpose": purpose, "what": what,
        "columns": list(columns), "coarse_as": list(rungs), "made_at": made_at.isoformat(), "asked": dict(asked),
        "smallest_class": smallest, "average_class": round(average, 1),
        "reading": "Each row is of one customer who said yes to disclosure, and of nobody in particular: a class is "
        "all rows that say the same in the columns known outside, and smaller ones are left out. Nobody may try to "
        "find out whose a row is." + (follows if later else ""),
    }  # fmt: skip


def harmless(value: Any) -> str:
    """The value as a spreadsheet may read it: what looks like a formula is kept a text by an apostrophe.

    >>> harmless("=1+1"), harmless(-5), harmless(None)
    ("'=1+1", '-5', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _A_NUMBER.match(text) else text
