"""An import under way follows merges: a reference may mean another customer than when it began, and of two who are one
the source still tells whose an order is.
"""

from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.connections.key_map import Ids, KeyMap
from regulars.records.merging.following import (
    merges_so_far,
    note_lines,
    people_of_merges,
    refs_of_merged,
    refs_that_went,
)


@dataclass(slots=True)
class FollowMerges:
    """What is known of merges since the import asked last."""

    source_id: int
    so_far: tuple[int, int] = field(default_factory=merges_so_far)
    went: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.went = refs_that_went(self.source_id)

    def follow(self, known: KeyMap) -> Ids:
        """Whom merges were about, if there were any since, or any was undone: references mean whom they mean now."""
        now = merges_so_far()
        if now == self.so_far:
            return np.array([], np.int64)
        self.so_far, self.went = now, refs_that_went(self.source_id)
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
