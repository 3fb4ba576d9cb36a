"""The logical data model as a drawing: tables in bands by how close they come to a person, rails to whom they belong.

Only places are worked out here; the page writes them as SVG with its own style, so nothing depends on a script.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, LEFT, TOP = 1080, 150, 8
BOX_WIDTH, BOX_HEIGHT, GAP, GUTTER, BETWEEN = 172, 50, 12, 24, 14
IN_A_ROW = 5
BAR = BOX_WIDTH - 20
TRUNK = LEFT - 14


@dataclass(frozen=True, slots=True)
class Drawn:
    """One table to be drawn: its name, how many columns of each class (as the bands go), whether a person is in it."""

    name: str
    columns: tuple[int, ...]
    is_of_person: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a table's bar: which class (its place in the bands' order), where, how wide."""

    of: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Box:
    """A table where it stands. `stem` is the short line down to the rail, where a person is in it."""

    table: Drawn
    x: int
    y: int
    pieces: tuple[Piece, ...]
    is_middle: bool

    @property
    def text_x(self) -> int:
        """Where its name begins."""
        return self.x + 10

    @property
    def text_y(self) -> int:
        """The base line of its name."""
        return self.y + 21

    @property
    def bar_y(self) -> int:
        """Where its bar begins."""
        return self.y + 34

    @property
    def stem_x(self) -> int:
        """The middle of the box."""
        return self.x + BOX_WIDTH // 2

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.y + BOX_HEIGHT


@dataclass(frozen=True, slots=True)
class Band:
    """All tables of one class (its place in the order), and where the band begins."""

    of: int
    y: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """A line beneath a row of tables, from the trunk at the left to the last table with a person in it."""

    y: int
    until: int


@dataclass(frozen=True, slots=True)
class Model:
    """The drawing. The trunk runs from the table in the middle (the person's) to the lowest rail."""

    bands: tuple[Band, ...]
    rails: tuple[Rail, ...]
    height: int
    trunk_top: int
    trunk_bottom: int
    width: int = WIDTH
    trunk: int = TRUNK


def data_model(tables: Iterable[Drawn], *, middle: str) -> Model:
    """The tables in bands by their closest class, those with more columns of it first; `middle` opens its band.

    >>> drawn = data_model([Drawn("customer", (1, 2), False), Drawn("order", (0, 3), True)], middle="customer")
    >>> [(band.of, [box.table.name for box in band.boxes]) for band in drawn.bands]
    [(0, ['customer']), (1, ['order'])]
    """
    by_class: dict[int, list[Drawn]] = {}
    for table in tables:
        by_class.setdefault(_closest(table), []).append(table)
    bands, y = [], TOP
    for of in sorted(by_class):
        ordered = sorted(by_class[of], key=lambda one: (one.name != middle, -one.columns[of], one.name))
        boxes = tuple(_placed(ordered, y, middle))
        bands.append(Band(of, y, boxes))
        y = boxes[-1].bottom + GUTTER + BETWEEN
    rails = tuple(_rails(bands))
    top = next((box.bottom for band in bands for box in band.boxes if box.is_middle), TOP)
    return Model(tuple(bands), rails, y, top, max((rail.y for rail in rails), default=top))


def _closest(table: Drawn) -> int:
    return next((place for place, count in enumerate(table.columns) if count), len(table.columns) - 1)


def _placed(tables: Sequence[Drawn], y: int, middle: str) -> Iterable[Box]:
    for place, table in enumerate(tables):
        row, column = divmod(place, IN_A_ROW)
        x, top = LEFT + column * (BOX_WIDTH + GAP), y + row * (BOX_HEIGHT + GUTTER)
        yield Box(table, x, top, tuple(_pieces(table, x + 10)), table.name == middle)


def _pieces(table: Drawn, x: float) -> Iterable[Piece]:
    """The bar beneath the name: each class as wide as its share of the columns."""
    everything = sum(table.columns) or 1
    for of, count in enumerate(table.columns):
        if count:
            width = BAR * count / everything
            yield Piece(of, round(x, 1), round(width, 1))
            x += width


def _rails(bands: Sequence[Band]) -> Iterable[Rail]:
    """One for every row in which a person is in some table."""
    rows: dict[int, list[Box]] = {}
    for band in bands:
        for box in band.boxes:
            if box.table.is_of_person or box.is_middle:
                rows.setdefault(box.bottom, []).append(box)
    return (Rail(bottom + GUTTER // 2, max(box.stem_x for box in boxes)) for bottom, boxes in rows.items())
