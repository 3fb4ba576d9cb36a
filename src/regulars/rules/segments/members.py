"""Who is in a segment, as a compressed bitmap of customer ids; and how segments overlap.

Roaring bitmaps (S. Chambi, D. Lemire, O. Kaser, R. Godin, Better bitmap performance with Roaring bitmaps, Software:
Practice and Experience 46 (2016) 709-719) make any union, intersection or difference of millions a matter of a
millisecond. Overlaps are drawn as UpSet plots (A. Lex et al., UpSet: visualization of intersecting sets, IEEE TVCG 20
(2014) 1983-1992): every combination of segments with the customers who are in exactly those.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

from regulars.rules.permission.errors import BadInput


class Members:
    """A set of customer ids; never changed once made."""

    __slots__ = ("_ids",)

    def __init__(self, ids: "Iterable[int] | NDArray[np.integer] | BitMap64" = ()) -> None:
        self._ids = ids if isinstance(ids, BitMap64) else BitMap64(_buffer(ids))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Members":
        """The members that `to_bytes` wrote; BadInput if it did not."""
        try:
            return cls(BitMap64.deserialize(bytes(data)))
        except (ValueError, IndexError, MemoryError):
            raise BadInput("members_not_readable", {"bytes": len(data)}) from None

    def to_bytes(self) -> bytes:
        """The portable Roaring format (64 bits), for a column of the database."""
        return bytes(self._ids.serialize())

    def ids(self) -> NDArray[np.int64]:
        """The customer ids, ascending."""
        return np.frombuffer(self._ids.to_array(), dtype=np.uint64).astype(np.int64)

    def first(self, most: int, start: int = 0) -> list[int]:
        """At most so many ids, ascending, from the `start`-th on: one page of a list."""
        return list(self._ids[start : start + most])

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, customer_id: int) -> bool:
        return customer_id in self._ids

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Members) and self._ids == other._ids

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __and__(self, other: "Members") -> "Members":
        return Members(self._ids & other._ids)

    def __or__(self, other: "Members") -> "Members":
        return Members(self._ids | other._ids)

    def __sub__(self, other: "Members") -> "Members":
        return Members(self._ids - other._ids)

    def __xor__(self, other: "Members") -> "Members":
        return Members(self._ids ^ other._ids)

    def shared_with(self, other: "Members") -> int:
        """How many are in both, without making the intersection."""
        return int(self._ids.intersection_cardinality(other._ids))

    def __repr__(self) -> str:
        return f"Members({len(self)} customers)"


@dataclass(frozen=True, slots=True)
class Exactly:
    """The customers who are in each of these segments and in no other of those compared."""

    segments: tuple[str, ...]
    members: Members

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.members)


def overlaps(segments: Mapping[str, Members]) -> NDArray[np.int64]:
    """How many customers each two segments share, in the order of the mapping; their own sizes on the diagonal.

    >>> overlaps({"champions": Members([1, 2, 3]), "coats": Members([2, 3, 4])}).tolist()
    [[3, 2], [2, 3]]
    """
    sets = list(segments.values())
    matrix = np.zeros((len(sets), len(sets)), dtype=np.int64)
    for row, one in enumerate(sets):
        matrix[row, row] = len(one)
        for column in range(row):
            matrix[row, column] = matrix[column, row] = one.shared_with(sets[column])
    return matrix


def upset(segments: Mapping[str, Members], most: int | None = None) -> list[Exactly]:
    """The exclusive intersections that are not empty, largest first, at most so many; together they are the union.

    >>> for part in upset({"champions": Members([1, 2, 3]), "coats": Members([2, 3, 4])}):
    ...     print(part.segments, part.count)
    ('champions', 'coats') 2
    ('champions',) 1
    ('coats',) 1
    """
    parts: list[tuple[tuple[str, ...], Members]] = []
    for name, members in segments.items():
        parts = _divided(parts, name, members)
    found = sorted(parts, key=lambda part: (-len(part[1]), len(part[0]), part[0]))
    return [Exactly(names, members) for names, members in found[:most]]


def union_of(many: Iterable[Members]) -> Members:
    """Everybody who is in at least one."""
    sets = [members._ids for members in many]
    return Members(BitMap64.union(*sets)) if sets else Members()


Parts = Sequence[tuple[tuple[str, ...], Members]]


def _divided(parts: Parts, name: str, members: Members) -> list[tuple[tuple[str, ...], Members]]:
    # Each part splits in two, inside and outside the next segment; whoever was in no part yet makes one more.
    inside = [((*names, name), those & members) for names, those in parts]
    outside = [(names, those - members) for names, those in parts]
    new = ((name,), members - union_of(those for _, those in parts))
    return [(names, those) for names, those in (*inside, *outside, new) if len(those)]


def _buffer(ids: "Iterable[int] | NDArray[np.integer]") -> "array[int]":
    buffer = array("Q")
    if len(numbers := _unsigned(ids)):
        buffer.frombytes(numbers.data.cast("B"))
    return buffer


def _unsigned(ids: "Iterable[int] | NDArray[np.integer]") -> NDArray[np.uint64]:
    if isinstance(ids, np.ndarray) and ids.dtype == np.uint64:
        return np.ascontiguousarray(ids)
    numbers = np.asarray(ids if isinstance(ids, np.ndarray) else list(ids), dtype=np.int64)
    if numbers.size and numbers.min() < 0:
        raise BadInput("customer_id_negative", {"id": int(numbers.min())})
    return numbers.astype(np.uint64)
