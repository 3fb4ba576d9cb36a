"""How a column becomes coarser, rung by rung, until a star says nothing: the hierarchies an extract climbs.

The lowest rung is as coarse as the dictionary lets the column leave, so no extract is finer than a figure. Each rung
is made of whole values of the one below it: what is together once stays together (full-domain generalisation, Sweeney,
"Achieving k-anonymity privacy protection using generalization and suppression", IJUFKS 2002).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from regulars.rules.statistics.counting import UNKNOWN
from regulars.rules.statistics.cubes import TOTAL, Dimension

Cells = tuple[str, ...]
#: Where somebody lives, widest first: the same name in two regions is two cities.
PLACES: Final = ("country", "region", "city")
#: Columns that say how many, and columns that hold a whole day.
_NUMBERS: Final = frozenset(
    {"potential_index", "household_size", "recency_days", "frequency", "rhythm_days", "orders", "lines"}
)
_DAYS: Final = frozenset({"last_on", "due_on", "grace_until"})
_MOMENTS: Final = ("day", "month", "year", "decade", "twenty_years")
_AMOUNTS: Final = ("value", "band", "power")
ALL: Final = "all"
#: Every rung a file may name.
RUNGS: Final = ("value", *_MOMENTS, "band", "power", *PLACES, "tongue", "continent", ALL)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A column on its way up: the columns read for it, and its rungs from fine to coarse; the last is always `all`."""

    column: Dimension
    reads: tuple[Dimension, ...]
    rungs: tuple[str, ...]

    def on(self, rung: str, cells: Cells) -> str:
        """What these cells say on that rung.

        >>> born = ladder_of(Dimension("customer", "birth_on", "decade"))
        >>> [born.on(rung, ("1980s",)) for rung in born.rungs]
        ['1980s', '1980–1999', '*']
        >>> city = ladder_of(Dimension("customer", "city", "keep"))
        >>> [city.on(rung, ("FR", "", "Lyon")) for rung in city.rungs]
        ['FR / ? / Lyon', 'FR', 'FR', '*']
        """
        if rung == ALL:
            return TOTAL
        if rung in PLACES and len(cells) == len(_within(self.column)):
            return _path(cells[: PLACES.index(rung) + 1])
        return _SAYS[rung](cells[-1]) if cells[-1] else UNKNOWN


def ladder_of(column: Dimension) -> Ladder:
    """The ladder of a column that may be counted by; where nothing is between its values and nothing, two rungs."""
    return Ladder(column, tuple(map(_read(column), _within(column))), (*_rungs(column), ALL))


def telling_rung(column: Dimension) -> str:
    """How a column is told that is not climbed: a number as its band, a day as its month, anything else as it is.

    >>> telling_rung(Dimension("score", "recency_days", "keep")), telling_rung(Dimension("score", "state", "keep"))
    ('band', 'value')
    """
    rungs = _rungs(column)
    return next((rung for rung in rungs if rung in ("band", "month")), rungs[0])


def _within(column: Dimension) -> tuple[str, ...]:
    """The columns a value is found by: of a place those around it, of any other itself."""
    if column.table == "customer" and column.column in PLACES:
        return PLACES[: PLACES.index(column.column) + 1]
    return (column.column,)


def _read(column: Dimension) -> Callable[[str], Dimension]:
    return lambda name: column if name == column.column else Dimension(column.table, name, "keep")


def _rungs(column: Dimension) -> tuple[str, ...]:
    if len(_within(column)) > 1 or column.column == "country":
        return tuple(reversed(_within(column)))
    if column.shape in _MOMENTS or column.column in _DAYS:
        return _MOMENTS[_MOMENTS.index(column.shape if column.shape in _MOMENTS else "day") :]
    if column.shape in ("band", "rounded") or column.column in _NUMBERS:
        return _AMOUNTS[1:] if column.shape == "band" else _AMOUNTS
    return ("value", *_STEMS.get(column.column, ()))


_STEMS: Final = {"language": ("tongue",), "timezone": ("continent",)}


def _path(cells: Sequence[str]) -> str:
    """The way down to a place; what stands empty at its end says nothing, so it goes."""
    named = list(cells)
    while named and not named[-1]:
        named.pop()
    return " / ".join(cell or "?" for cell in named) or UNKNOWN


def _band(text: str) -> str:
    """The next of 1, 2, 5, 10, 20 … below, as views show it.

    >>> [_band(text) for text in ("0", "7", "38", "-38", "20+")]
    ['0', '5+', '20+', '-20+', '20+']
    """
    number, sign = _number(text)
    lead = int(str(number)[0])
    step = max(one for one in (0, 1, 2, 5) if one <= lead)
    return f"{sign}{step * 10 ** (len(str(number)) - 1)}+" if number else "0"


def _power(text: str) -> str:
    """How many digits it has.

    >>> [_power(text) for text in ("0", "7", "38", "20+")]
    ['0', '1–9', '10–99', '10–99']
    """
    number, sign = _number(text)
    digits = len(str(number))
    return f"{sign}{10 ** (digits - 1)}–{10**digits - 1}" if number else "0"


def _number(text: str) -> tuple[int, str]:
    number = int(text.rstrip("+"))
    return abs(number), "-" if number < 0 else ""


def _twenty_years(text: str) -> str:
    first = int(text[:4]) // 20 * 20
    return f"{first}–{first + 19}"


_SAYS: Final[dict[str, Callable[[str], str]]] = {
    "value": str, "day": str, "month": lambda text: text[:7], "year": lambda text: text[:4],
    "decade": lambda text: f"{text[:3]}0s", "twenty_years": _twenty_years, "band": _band, "power": _power,
    "tongue": lambda text: text.partition("-")[0], "continent": lambda text: text.partition("/")[0],
    "country": str, "region": str, "city": str,
}  # fmt: skip
