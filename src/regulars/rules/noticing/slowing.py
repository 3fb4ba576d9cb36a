"""How long an answer is held back from somebody who reads unusually much: a moment at first, then seconds."""

from typing import Final

from regulars.rules.noticing.normal import Amount, Bounds

FIRST_DELAY: Final = 0.1
LONGEST_DELAY: Final = 3.0


def delay_of(read: Amount, bounds: Bounds) -> float:
    """Seconds; none up to the bound, then growing to three seconds where the stop is.

    >>> bounds = Bounds(Amount(60, 1000), Amount(120, 2000))
    >>> [round(delay_of(Amount(n, 0), bounds), 2) for n in (60, 61, 90, 120)]
    [0.0, 0.11, 0.55, 3.0]
    """
    files = _share(read.files, bounds.slow.files, bounds.stop.files)
    rows = _share(read.rows, bounds.slow.rows, bounds.stop.rows)
    share = max(files, rows)
    grown: float = (LONGEST_DELAY / FIRST_DELAY) ** min(share, 1.0)
    return FIRST_DELAY * grown if share > 0 else 0.0


def _share(read: int, slow: int, stop: int) -> float:
    """How far between the bounds: 0 at the first, 1 at the second."""
    return max(0.0, (read - slow) / max(1, stop - slow))
