"""What makes an order line the same line when it comes again.

*With a line number*: source, order, line number. A second line with the same three in one file is a duplicate.

*Without one*: source, order, product, direction (sale or return) and the ordinal of the line among the lines of the
file that share these. Stable under: importing the file again, other chunk sizes, stopping and resuming, rows added or
reordered elsewhere, corrected amounts, quantities, dates, customers and names. When equal products of one order change
places, they exchange their keys and the table holds the same lines as before. A return never overwrites the sale it
takes back, because the direction is part of the key. Not stable: a changed product code (it is another line), and one
order spread over several files with the same product in each (the later file updates the line of the earlier one) —
such sources need line numbers.

Rows that are refused for an amount or a date still count towards the ordinal, so that a corrected file finds its lines.
A file of nothing but mended rows carries their ordinals along in a column headed `PLACE`.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Heading of the column in which mended rows carry the ordinal they had in the file they were set aside from.
PLACE = "regulars_line"
SEPARATOR = "\x1f"  # refused inside a cell, so two different keys can never be spelled alike
LONGEST_RUN = 8_000_000  # a longer one would cost more memory to merge than it saves in searching
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SeenLines:
    """The lines of a file dealt with so far, as 64-bit hashes: eight bytes a line, in sorted runs that are merged as
    they grow. Hand the one returned with a chunk to the check of the next; start with `SeenLines()`.
    """

    runs: tuple[Hashes, ...] = ()

    def __len__(self) -> int:
        return sum(len(run) for run in self.runs)

    def count(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """How often each of these hashes, given in rising order, was seen before."""
        seen = np.zeros(len(hashes), np.int64)
        for run in self.runs:
            first = np.searchsorted(run, hashes, "left")
            again = np.flatnonzero(run[np.minimum(first, len(run) - 1)] == hashes)
            seen[again] += np.searchsorted(run, hashes[again], "right") - first[again]
        return seen

    def with_lines(self, hashes: Hashes) -> "SeenLines":
        """The same with these lines seen too; this one stays as it is."""
        if len(hashes) == 0:
            return self
        runs = [*self.runs, np.sort(hashes)]
        while len(runs) > 1 and len(runs[-2]) <= 2 * len(runs[-1]) and len(runs[-2]) + len(runs[-1]) <= LONGEST_RUN:
            last = runs.pop()
            runs[-1] = np.sort(np.concatenate([runs[-1], last]), kind="stable")
        return SeenLines(tuple(runs))


def ordinals(hashes: Hashes, seen: SeenLines) -> npt.NDArray[np.int64]:
    """The ordinal of each line among its equals: 1 for the first in the file.

    >>> ordinals(np.array([7, 9, 7], np.uint64), SeenLines().with_lines(np.array([9], np.uint64))).tolist()
    [1, 2, 2]
    """
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    starts = np.flatnonzero(np.r_[len(ranked) > 0, ranked[1:] != ranked[:-1]])
    lengths = np.diff(np.r_[starts, len(ranked)])
    before = np.repeat(seen.count(ranked[starts]) - starts, lengths)
    found = np.empty(len(hashes), np.int64)
    found[order] = np.arange(1, len(ranked) + 1) + before
    return found


def order_key(source_ref: str, order_ref: str) -> int:
    """The signed 64-bit key of an order: the last eight bytes of the MD5 of source and order, little-endian.

    `order_ref` is the reference as accepted (with its day or branch where numbers begin again).

    >>> order_key("till", "1001")
    2803751121229075407
    """
    digest = hashlib.md5(SEPARATOR.join((source_ref, order_ref)).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little", signed=True)


def line_key(source_ref: str, order_ref: str, line_ref: str) -> bytes:
    """The sixteen bytes that name a line with a line number; for `uuid.UUID(bytes=…)` or a uuid column.

    >>> line_key("till", "1001", "1").hex()
    '736efa20dd53bf4db36d61012221ef33'
    """
    return _md5(source_ref, order_ref, "L", line_ref)


def unnumbered_line_key(
    source_ref: str, order_ref: str, product_ref: str, ordinal: int, *, returned: bool = False
) -> bytes:
    """The sixteen bytes that name a line without a line number: the `ordinal`th of its product and direction."""
    return _md5(source_ref, order_ref, "R" if returned else "S", product_ref, str(ordinal))


def _md5(*parts: str) -> bytes:
    return hashlib.md5(SEPARATOR.join(parts).encode(), usedforsecurity=False).digest()
