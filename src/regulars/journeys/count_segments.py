"""Segments are counted again: every living rule against today's profiles."""

from collections.abc import Callable
from datetime import date, datetime

from regulars.connections.warehouse import Warehouse


def count_all_segments(
    warehouse: Warehouse, *, at: datetime, as_of: date, say: Callable[[str, int, int], None] = lambda step, done, of: None
) -> int:
    """How many segments there are; each knows its members as of `as_of`."""
    return 0
