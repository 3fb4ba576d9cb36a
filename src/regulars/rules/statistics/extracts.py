"""A declared extract: rows about people without people. What the world knows of them, and one thing it does not.

The columns somebody outside may know from a public list are made coarse until enough people share a row. Beside them
stands at most one column that is confidential: in every class its values must differ. One only: whoever knows one
confidential value of somebody would find her row among few by it and read the other (on several sensitive attributes,
Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", ACM TKDD 2007).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.dictionary import Table
from regulars.rules.statistics.cubes import Dimension, countable, dimension_called
from regulars.rules.statistics.ladders import PLACES, Ladder, ladder_of

MOST_KNOWN: Final = 6
#: In per cent: rows left out at most, and how far the values of a class may be from everybody's. Of values: how many.
SUPPRESSED, CLOSENESS, VARIETY = 2, 50, 2
MOST_SUPPRESSED, MOST_VARIETY = 10, 10
#: What stands here may be on a list outside. What somebody bought is on none.
_KNOWN_OF: Final = "customer"


@dataclass(frozen=True, slots=True)
class Extract:
    """What rows say: columns known outside, and a confidential one or none."""

    known: tuple[Dimension, ...]
    confidential: Dimension | None = None

    @property
    def ladders(self) -> tuple[Ladder, ...]:
        """How each known column becomes coarser."""
        return tuple(map(ladder_of, self.known))

    @property
    def reads(self) -> tuple[Dimension, ...]:
        """Every column that is read for it, each once."""
        told = (self.confidential,) if self.confidential else ()
        return tuple(dict.fromkeys((*(one for ladder in self.ladders for one in ladder.reads), *told)))


@dataclass(frozen=True, slots=True)
class Demand:
    """What a class must be fit for: `least` people; `variety` different confidential values; their shares at most
    `closeness` per cent from everybody's; and at most `suppressed` per cent of the rows are left out for it."""

    least: int
    variety: int = VARIETY
    closeness: int = CLOSENESS
    suppressed: int = SUPPRESSED


def declared_extract(known: Iterable[str], confidential: str, tables: Iterable[Table]) -> Extract:
    """The extract of these words, such as `customer.city` and `score.rfm_group`, in an order of its own.

    BadInput for what may not leave, for a purchase among what is known outside, for a place named twice.
    """
    listed = tuple(tables)
    found = tuple(sorted({dimension_called(word, listed) for word in known}))
    hidden = dimension_called(confidential, listed) if confidential else None
    if not 1 <= len(found) <= MOST_KNOWN:
        raise BadInput("extract_columns", {"most": MOST_KNOWN})
    for one in found:
        if one.table != _KNOWN_OF:
            raise BadInput("extract_known_to_nobody", {"field": f"{one.table}.{one.column}"})
    _each_once([*found, *([hidden] if hidden else [])])
    return Extract(found, hidden)


def as_kept(known: Iterable[str], confidential: str) -> Extract:
    """An extract from the words it was kept as.

    >>> as_kept(["customer.city:keep"], "").ladders[0].rungs
    ('city', 'region', 'country', 'all')
    """
    words = [Dimension(*_parts(word)) for word in known]
    return Extract(tuple(words), Dimension(*_parts(confidential)) if confidential else None)


def offered(tables: Iterable[Table]) -> Iterator[tuple[str, str, Ladder | None]]:
    """Every column an extract may have: its word, what it means, and its ladder; None where it can only be the
    confidential one, for it is on no list outside."""
    for table, column, shape in countable(tables):
        found = Dimension(table.name, column.name, shape)
        yield f"{table.name}.{column.name}", column.label, ladder_of(found) if table.name == _KNOWN_OF else None


def fit_demand(demand: Demand) -> Demand:
    """The demand itself, when it asks for anything at all; BadInput when not."""
    asked = (
        2 <= demand.variety <= MOST_VARIETY, 1 <= demand.closeness <= 100, 0 <= demand.suppressed <= MOST_SUPPRESSED,
    )  # fmt: skip
    if not all(asked):
        raise BadInput("extract_asks_too_little", {"most": MOST_SUPPRESSED, "variety": MOST_VARIETY})
    return demand


def _each_once(columns: Iterable[Dimension]) -> None:
    names = ["place" if one.column in PLACES else f"{one.table}.{one.column}" for one in columns]
    if len(set(names)) < len(names):
        raise BadInput("extract_column_twice")


def _parts(word: str) -> tuple[str, str, str]:
    named, _, shape = word.partition(":")
    table, _, column = named.partition(".")
    return table, column, shape
