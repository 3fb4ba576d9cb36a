"""What every chart gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Row: TypeAlias = Mapping[str, object]
Words: TypeAlias = Mapping[str, str]
NO_WORDS: Words = MappingProxyType({})

# Charts stand still, take their frame from the sheet, and leave room for the names of their axes.
FRAME: dict[str, Json] = {"left": 0, "right": 0, "top": 8, "bottom": 0, "containLabel": True}


@dataclass(frozen=True, slots=True)
class PlainTable:
    """The numbers of a chart: headers, each column's format (see the package), and rows of plain values."""

    headers: tuple[str, ...]
    formats: tuple[str, ...]
    rows: tuple[tuple[str | int | float | bool | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An ECharts option in plain JSON and the table that says the same."""

    option: dict[str, Json]
    table: PlainTable


def whole(value: object) -> int:
    """The value as a whole number; nothing counts as zero.

    >>> whole(None), whole(3)
    (0, 3)
    """
    return int(value) if isinstance(value, int | float) else 0


def iso(day: object) -> str:
    """A date as text; text stays text.

    >>> iso(date(2024, 3, 1)), iso("2024-03-01")
    ('2024-03-01', '2024-03-01')
    """
    return day.isoformat() if isinstance(day, date) else str(day)


def said(words: Words, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes in the reader's words.

    >>> said({"gained": "Gained"}, ["gained", "lapsed"])
    ('Gained', 'lapsed')
    """
    return tuple(words.get(code, code) for code in codes)


def asks(name: str, **more: str) -> Json:
    """The mark that asks the browser for a formatting function."""
    return {"format": name, **more}
