"""A declared cube: by what people are counted, which of them, what is summed up. Declared once, asked as it stands.

No question is free: the columns come from the dictionary, as coarse as it says or coarser, and the people are chosen by
categories of such columns alone. Two declarations that say the same in another order are one.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.dictionary import Class, Column, Table
from regulars.rules.privacy.partners import releasable

#: Tables with one row for each person, or none.
PER_PERSON: Final = ("customer", "customer_activity", "score")
#: The category of a cell that adds up over all of them.
TOTAL: Final = "*"
MEASURES: Final = ("orders", "money")
MOST_DIMENSIONS: Final = 3
#: A table with more cells than this is no table people read, and its audit would take all night.
MOST_CELLS: Final = 1_500
LEAST, PERCENT = 10, 10
#: Of moments and days, from fine to coarse.
_FINER: Final = ("day", "month", "year", "decade")
_SHAPES: Final = frozenset({"keep", "band", "rounded", "prefix", *_FINER})
_WORD: Final = re.compile(r"([a-z_]+)\.([a-z_]+)(?::([a-z]+))?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Dimension:
    """A column people are counted by, and how coarse."""

    table: str
    column: str
    shape: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}:{self.shape}"


@dataclass(frozen=True, slots=True, order=True)
class Only:
    """Only people of these categories of a column are counted."""

    dimension: Dimension
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.dimension}={'|'.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Cube:
    """What is counted. People always are; `measures` are summed up beside them, over the orders from `since` up to and
    not with `until` (all orders where nothing is said)."""

    dimensions: tuple[Dimension, ...]
    measures: tuple[str, ...] = ()
    only: tuple[Only, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def columns(self) -> tuple[Dimension, ...]:
        """Every column that is read for it, each once."""
        return tuple(dict.fromkeys((*self.dimensions, *(one.dimension for one in self.only))))

    @property
    def digest(self) -> str:
        """The same for two cubes that say the same."""
        return hashlib.sha256(repr((self.dimensions, *self.counts)).encode()).hexdigest()

    def class_of(self, at: Sequence[str]) -> frozenset[tuple[Dimension, tuple[str, ...]]]:
        """Whom a cell is of, whatever the table around it: for each column said anything of the categories it allows.

        >>> city, sex = Dimension("customer", "city", "keep"), Dimension("customer", "sex", "keep")
        >>> Cube((city,)).class_of(("Lyon",)) == Cube((city, sex)).class_of(("Lyon", "*"))
        True
        >>> Cube((city,)).class_of(("Lyon",)) == Cube((sex,), only=(Only(city, ("Lyon",)),)).class_of(("*",))
        True
        """
        allowed = {one.dimension: one.values for one in self.only}
        allowed |= {one: (value,) for one, value in zip(self.dimensions, at, strict=True) if value != TOTAL}
        return frozenset(allowed.items())

    @property
    def orders(self) -> tuple[date | None, date | None] | None:
        """Which orders are summed up; None where none are."""
        return (self.since, self.until) if self.measures else None

    @property
    def counts(self) -> tuple[object, ...]:
        """What its figures are of, apart from how they are laid out."""
        return self.measures, self.only, self.since, self.until


def declared(
    dimensions: Iterable[str], tables: Iterable[Table], *, measures: Iterable[str] = (), only: Iterable[str] = (),
    since: date | None = None, until: date | None = None,
) -> Cube:  # fmt: skip
    """The cube of these words, such as `customer.city`, `customer.birth_on:decade` and `customer.city:keep=Lyon|Nice`.

    In an order of its own, so that a rewording is the same cube. BadInput for what cannot be counted by.
    """
    listed = tuple(tables)
    found = tuple(sorted({dimension_called(word, listed) for word in dimensions}))
    if not 1 <= len(found) <= MOST_DIMENSIONS:
        raise BadInput("cube_dimensions", {"most": MOST_DIMENSIONS})
    if len({(one.table, one.column) for one in found}) < len(found):
        raise BadInput("cube_column_twice")
    if unknown := set(measures) - set(MEASURES):
        raise BadInput("cube_measure_unknown", {"measure": ", ".join(sorted(unknown))[:80]})
    if since and until and until <= since:
        raise BadInput("cube_ends_before_it_begins", {"from": since, "until": until})
    chosen = tuple(sorted({_only(word, listed) for word in only}))
    return Cube(found, tuple(m for m in MEASURES if m in set(measures)), chosen, since, until)


def as_declared(
    dimensions: Iterable[str], measures: Iterable[str], only: Iterable[str], since: date | None, until: date | None
) -> Cube:  # fmt: skip
    """A cube from the words it was kept as, whatever the dictionary says by now: for what was told of it long ago.

    >>> as_declared(["customer.city:keep"], [], ["customer.city:keep=Lyon|Nice"], None, None).only[0].values
    ('Lyon', 'Nice')
    """
    parted = [word.partition("=") for word in only]
    chosen = tuple(Only(_kept(named), tuple(values.split("|"))) for named, _, values in parted)
    return Cube(tuple(map(_kept, dimensions)), tuple(measures), chosen, since, until)


def dimension_called(word: str, tables: Iterable[Table]) -> Dimension:
    """The column of that word, as coarse as the dictionary says or as the word says, if that is coarser."""
    match = _WORD.match(word.strip())
    offered = {(table.name, column.name): coarsest for table, column, coarsest in countable(tables)}
    if match is None or (match[1], match[2]) not in offered:
        raise BadInput("cube_never_counts_by", {"field": word[:80]})
    table, column, asked = match.groups()
    shape = offered[table, column]
    if asked and asked not in coarser_than(shape):
        raise BadInput("cube_too_fine", {"field": f"{table}.{column}", "shape": shape})
    return Dimension(table, column, asked or shape)


def countable(tables: Iterable[Table]) -> Iterator[tuple[Table, Column, str]]:
    """Every column people may be counted by, with how coarse it is at least.

    Only what the dictionary calls personal and lets serve disclosure: nothing identifying, sensitive, unclassed, and no
    key; and nothing that has no coarse form.
    """
    for table, column, shape in releasable(tables):
        if table.name in PER_PERSON and column.class_ is Class.PERSONAL and shape in _SHAPES:
            yield table, column, shape


def coarser_than(shape: str) -> tuple[str, ...]:
    """That shape, and those that are coarser.

    >>> coarser_than("month")
    ('month', 'year', 'decade')
    """
    return _FINER[_FINER.index(shape) :] if shape in _FINER else (shape,)


def _kept(word: str) -> Dimension:
    match = _WORD.match(word)
    if match is None:
        raise BadInput("cube_never_counts_by", {"field": word[:80]})
    return Dimension(match[1], match[2], match[3])


def _only(word: str, tables: Iterable[Table]) -> Only:
    named, equals, values = word.partition("=")
    listed = tuple(sorted({value.strip() for value in values.split("|") if value.strip()}))
    if not equals or not listed:
        raise BadInput("cube_only_unclear", {"only": word[:80]})
    return Only(dimension_called(named, tables), listed)
