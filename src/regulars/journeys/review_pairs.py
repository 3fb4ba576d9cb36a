"""The steward goes through pairs that may be one person: merge, two persons, or later. Each decision is logged."""

from datetime import datetime

from regulars.journeys.merge_customers import Chosen, MergeDone, MergePreview, merge_customers, preview_merge
from regulars.records.merging.reviewing import (
    PairInQuestion,
    pair_in_review,
    pairs_in_review,
    put_off,
    say_different,
)
from regulars.rules.permission.asking import Asker

__all__ = ["decide_different", "look_at_pair", "merge_pair", "pairs_in_review", "put_off"]


def look_at_pair(
    pair: int, *, by: Asker, because: str, swapped: bool = False, chosen: Chosen | None = None
) -> tuple[PairInQuestion, MergePreview]:
    """A pair, and what merging it would do. Who has been known longer stays, unless they are `swapped`."""
    found = pair_in_review(pair, by=by, because=because)
    seen = preview_merge(found.other.number, found.one.number, by=by, because=because, chosen=chosen)
    if _newer_stays(seen) != swapped:
        seen = preview_merge(found.one.number, found.other.number, by=by, because=because, chosen=chosen)
    return found, seen


def merge_pair(
    pair: int, *, by: Asker, because: str, at: datetime, swapped: bool = False, chosen: Chosen | None = None
) -> MergeDone:
    """The pair is one customer, and decided."""
    _, seen = look_at_pair(pair, by=by, because=because, swapped=swapped, chosen=chosen)
    return merge_customers(seen.goes.number, seen.into.number, by=by, because=because, at=at, chosen=chosen)


def decide_different(pair: int, *, by: Asker, because: str) -> None:
    """The pair are two persons, and nothing merges them by itself any more."""
    found = pair_in_review(pair, by=by, because=because)
    say_different(found.low_id, found.high_id, by=by, because=because)


def _newer_stays(seen: MergePreview) -> bool:
    into, goes = seen.into, seen.goes
    return (into.first_seen_on, into.id) > (goes.first_seen_on, goes.id)
