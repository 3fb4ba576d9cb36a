"""What one cell says by itself: of too few people, of few who bought, of one big buyer, or of people who are all alike.

The threshold rule, the p% rule for sums of money and the group disclosure rule of Hundepool et al., *Statistical
Disclosure Control* (2012), chapters 4 and 5.
"""

from typing import Final

from regulars.rules.statistics.counting import NO_VALUES, Cell, Grid
from regulars.rules.statistics.cubes import TOTAL

FEW, FEW_BUYERS, DOMINATED, ALIKE = "few_people", "few_buyers", "dominated", "all_alike"
REASONS: Final = (FEW, FEW_BUYERS, DOMINATED, ALIKE)


def unsafe(grid: Grid, *, least: int, percent: int) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Every cell that may not be told for what it is, with all reasons against it."""
    found = {cell.at: _objections(cell, grid, least, percent) for cell in grid.cells}
    return {at: why for at, why in found.items() if why}


def is_dominated(total: int, first: int, second: int, percent: int) -> bool:
    """The p% rule: whether the second biggest, knowing herself, could tell the biggest to within `percent` of it.

    >>> is_dominated(1_000, 600, 380, 10), is_dominated(1_000, 300, 200, 10)
    (True, False)
    """
    return 100 * (total - first - second) < percent * first


def _objections(cell: Cell, grid: Grid, least: int, percent: int) -> tuple[str, ...]:
    reasons = []
    if cell.people < least:
        reasons.append(FEW)
    if grid.cube.measures and cell.buyers < least:
        reasons.append(FEW_BUYERS)
    if "money" in grid.cube.measures and is_dominated(abs(cell.money), cell.first, cell.second, percent):
        reasons.append(DOMINATED)
    if cell.people and _tells_a_value(cell, grid):
        reasons.append(ALIKE)
    return tuple(reasons)


def _tells_a_value(cell: Cell, grid: Grid) -> bool:
    """Whether everybody of a wider class is in this cell: who is known to be of the class is known to be so, too."""
    for place, value in enumerate(cell.at):
        wider = (*cell.at[:place], TOTAL, *cell.at[place + 1 :])
        if value not in NO_VALUES and grid.at[wider].people == cell.people:
            return True
    return False
