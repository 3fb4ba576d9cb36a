"""What every chart gives back, and how it writes what JSON cannot say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Row: TypeAlias = Mapping[str, object]
Words: TypeAlias = Mapping[str, str]
NO_WORDS: Words = MappingProxyType({})

# The figure's own frame is the sheet; only the names of the axes take room inside it.
FRAME: dict[str, Json] = {"left": 0, "right": 0, "top": 8, "bottom": 0, "containLabel": True}
NAMELESS = "\u200b"  # a series of this name is not listed in the tip


@dataclass(frozen=True, slots=True)
class Currency:
    """The company's currency: its ISO 4217 code and how many minor units make one of it."""

    code: str
    minor: int = 100

    def written(self) -> str:
        """The format for amounts of it."""
        return f"format:money:{self.code}"

    def amount(self, minor: float) -> float:
        """Minor units in whole ones, as the format wants them.

        >>> Currency("CNY").amount(1250)
        12.5
        """
        return minor / self.minor


@dataclass(frozen=True, slots=True)
class PlainTable:
    """The numbers of a chart: headers, what each column holds, and rows of plain values.

    A column holds text, day (ISO), count, percent (a share of 1) or money (minor units).
    """

    headers: tuple[str, ...]
    holds: tuple[str, ...]
    rows: tuple[tuple[str | int | float | bool | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An ECharts option in plain JSON and the table that says the same."""

    option: dict[str, Json]
    table: PlainTable


def token(name: str) -> str:
    """A colour of the look.

    >>> token("ramp-3")
    'token:ramp-3'
    """
    return f"token:{name}"


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


def opening(url: str | None) -> dict[str, Json]:
    """The mark of an item that opens a page.

    >>> opening("/people"), opening(None)
    ({'href': '/people'}, {})
    """
    return {"href": url} if url else {}
