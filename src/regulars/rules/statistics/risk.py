"""What an extract is declared to be: how few people share a row at least, how many on average, what was lost for it."""

from dataclasses import dataclass

import numpy as np

from regulars.rules.statistics.generalising import Classes, Microdata


@dataclass(frozen=True, slots=True)
class Risk:
    """Of all classes that are fit: their number, the people of the smallest and on average (so 1 in `smallest` is the
    most an attacker may bet on a row), the fewest confidential values of one, and in per cent how far the shares of the
    farthest are from everybody's (0 where nothing is confidential). Of all people: how many there are, how many left
    out. `loss` is the normalised certainty penalty, 0 to 1; `discernibility` the sum of squared classes with a whole
    table for each row left out, for each person (Bayardo and Agrawal, ICDE 2005)."""

    people: int
    rows: int
    left_out: int
    classes: int
    smallest: int
    average: float
    values: int
    farthest: int
    loss: float
    discernibility: float


def risk_of(data: Microdata, found: Classes) -> Risk:
    """Measured on the classes as they are, not on what was asked of them."""
    sizes, told = found.sizes[found.fit], found.told
    rows, left = int(told.sum()), int((~told).sum())
    spread = float((sizes.astype(np.float64) ** 2).sum()) + left * len(data)
    values, farthest = _confidential(data, found)
    return Risk(
        people=len(data), rows=rows, left_out=left, classes=len(sizes), smallest=int(sizes.min(initial=len(data))),
        average=rows / max(1, len(sizes)), values=values, farthest=farthest, loss=found.loss,
        discernibility=spread / max(1, len(data)),
    )  # fmt: skip


def _confidential(data: Microdata, found: Classes) -> tuple[int, int]:
    """The fewest values of a class, and the farthest distance in per cent."""
    values = len(data.values)
    if values == 1 or not found.fit.any():
        return 1, 0
    table = np.zeros((len(found.sizes), values))
    np.add.at(table, (found.group, data.value), 1)
    shares = table[found.fit] / found.sizes[found.fit, None]
    everybody = table.sum(axis=0) / max(1, len(data))
    distance = np.abs(shares - everybody).sum(axis=1) / 2
    return int((table[found.fit] > 0).sum(axis=1).min()), round(100 * float(distance.max()))
