"""Counts that may leave: a cell of few people is suppressed, and a second one with it where it could be subtracted."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

Cell = TypeVar("Cell")
LEAST: Final = 10


def suppressed(cells: Mapping[Cell, int], *, least: int = LEAST) -> dict[Cell, int | None]:
    """The counts with every cell below `least` people hidden (None). Where that hides just one, the next smallest goes
    too, for whoever knows the total would else know the one by subtracting (complementary suppression).

    >>> suppressed({"Paris": 40, "Lyon": 3, "Nice": 12})
    {'Paris': 40, 'Lyon': None, 'Nice': None}
    >>> suppressed({"Paris": 40, "Nice": 12})
    {'Paris': 40, 'Nice': 12}
    """
    hidden = {cell for cell, people in cells.items() if people < least}
    if len(hidden) == 1 and len(cells) > 1:
        hidden.add(_next_smallest(cells, hidden))
    return {cell: None if cell in hidden else people for cell, people in cells.items()}


def _next_smallest(cells: Mapping[Cell, int], hidden: set[Cell]) -> Cell:
    left: Sequence[Cell] = [cell for cell in cells if cell not in hidden]
    return min(left, key=lambda cell: cells[cell])
