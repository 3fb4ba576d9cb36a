"""Segments are counted again: every living rule against today's profiles; one that cannot be read is set aside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from regulars.connections.warehouse import Warehouse
from regulars.journeys.segment_tables import segment_tables
from regulars.records.segments.access import SegmentFacts, segments
from regulars.records.segments.actions import note_members, note_not_counted
from regulars.rules.segments.evaluate import Tables, evaluate_many
from regulars.rules.segments.members import Members
from regulars.rules.segments.rule import parse

Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many segments were counted, and the keys of those whose rule cannot be read (`SegmentFacts.mistake`)."""

    segments: int
    set_aside: tuple[str, ...]


def count_all_segments(
    warehouse: Warehouse, *, at: datetime, as_of: date, say: Say = lambda step, done, of: None
) -> Counted:
    """Every living segment that can be read knows its members as of `as_of` when this returns."""
    return count_segments(warehouse, segments(), at=at, as_of=as_of, say=say)


def count_segments(
    warehouse: Warehouse,
    wanted: list[SegmentFacts],
    *,
    at: datetime,
    as_of: date,
    say: Say = lambda step, done, of: None,
) -> Counted:
    """These segments know their members and their worth; of those set aside it is not known who is in them."""
    say("segments", 0, len(wanted))
    aside = [one for one in wanted if one.mistake is not None]
    ready = [one for one in wanted if one not in aside]
    tables = segment_tables(warehouse)
    found = evaluate_many({one.key: parse(one.rule) for one in ready}, tables, at=as_of)
    for one in ready:
        note_members(one.id, found[one.key], worth_minor=worth_of(found[one.key], tables), at=at)
    note_not_counted(one.id for one in aside)
    return Counted(len(ready), tuple(one.key for one in aside))


def worth_of(members: Members, tables: Tables) -> int:
    """What these customers spent in the last 365 days, minor units."""
    spent = tables.profile.project("customer_id, amount_365d_minor").fetchnumpy()
    inside = np.isin(spent["customer_id"], members.ids())
    return int(spent["amount_365d_minor"][inside].sum())
