"""An import under way follows merges: a reference may mean another customer than when it began, and of two who are one
the source still tells whose an order is, and whose phone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.connections.key_map import Ids, KeyMap
from regulars.records.merging.following import (
    forget_ways,
    merges_so_far,
    note_lines,
    note_ways,
    people_of_merges,
    refs_of_merged,
    refs_that_went,
    several_among,
    ways_of,
)
from regulars.rules.cleaning.emails import same_mailbox

#: Customer, what her source calls her, channel, and the value that is told.
WayTold = tuple[int, str, str, str]


@dataclass(slots=True)
class FollowMerges:
    """What is known of merges since the import asked last."""

    source_id: int
    so_far: tuple[int, int] = field(default_factory=merges_so_far)
    _went: dict[str, list[int]] | None = None

    @property
    def went(self) -> dict[str, list[int]]:
        """Reference → the merges it went over with; asked when somebody wants to know."""
        if self._went is None:
            self._went = refs_that_went(self.source_id)
        return self._went

    def follow(self, known: KeyMap) -> Ids:
        """Whom merges were about, if there were any since, or any was undone: references mean whom they mean now."""
        now = merges_so_far()
        if now == self.so_far:
            return np.array([], np.int64)
        self.so_far, self._went = now, None
        refs = refs_of_merged(self.source_id)
        known.relearn(pa.array([ref for ref, _ in refs], pa.string()), pa.array([who for _, who in refs], pa.int64()))
        return np.array(people_of_merges(), np.int64)

    def note(self, refs: pa.ChunkedArray, lines: pa.Table) -> None:
        """These lines, of which each came by the reference beside it, go back with whom they are about."""
        if not self.went:
            return
        mine = pc.is_in(refs, value_set=pa.array(list(self.went), pa.string()))
        rows = zip(*(column.filter(mine).to_pylist() for column in (refs, lines["line_key"], lines["ordered_at"])),
                   strict=True)  # fmt: skip
        by_merge: dict[int, list[tuple[object, object]]] = {}
        for ref, key, moment in rows:
            for merge in self.went[ref]:
                by_merge.setdefault(merge, []).append((UUID(bytes=key), moment))
        note_lines(by_merge)

    def ways_before(self, people: Collection[int]) -> dict[int, frozenset[int]]:
        """Of each of these who is several in one, which ways there are to reach her."""
        ways = {who: set[int]() for who in several_among(people)}
        for way in ways_of(ways) if ways else ():
            ways[way.customer_id].add(way.id)
        return {who: frozenset(there) for who, there in ways.items()}

    def note_ways(self, before: Mapping[int, frozenset[int]], told: Iterable[WayTold]) -> None:
        """Of ways that were told of these, what was not there before and came by a reference that went over goes back
        with whom it is about, until another reference tells it too."""
        if not before:
            return
        by: dict[tuple[int, str, str], set[tuple[int, ...]]] = {}
        for who, ref, channel, value in told:
            if who in before:
                by.setdefault((who, channel, _spelled(channel, value)), set()).add(tuple(self.went.get(ref, ())))
        ways = {way.id: by.get((way.customer_id, way.channel, _spelled(way.channel, way.value)))
                for way in ways_of(before)}  # fmt: skip
        hers = {way: next(iter(merges)) if len(merges) == 1 else () for way, merges in ways.items() if merges}
        there = frozenset[int]().union(*before.values())
        note_ways({way: merges for way, merges in hers.items() if way not in there})
        forget_ways({way: merges for way, merges in hers.items() if way in there})


def _spelled(channel: str, value: str) -> str:
    return same_mailbox(value) if channel == "email" else value
