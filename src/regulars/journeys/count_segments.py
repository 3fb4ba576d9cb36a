"""Segments are counted again: every living rule against today's profiles."""

from collections.abc import Callable
from datetime import date, datetime

import numpy as np

from regulars.connections.warehouse import Warehouse
from regulars.journeys.segment_tables import segment_tables
from regulars.records.segments.access import SegmentFacts, segments
from regulars.records.segments.actions import note_members
from regulars.rules.segments.evaluate import Tables, evaluate_many
from regulars.rules.segments.members import Members
from regulars.rules.segments.rule import parse

Say = Callable[[str, int, int], None]


def count_all_segments(
    warehouse: Warehouse, *, at: datetime, as_of: date, say: Say = lambda step, done, of: None
) -> int:
    """Every living segment knows its members as of `as_of` when this returns; how many segments there are."""
    return count_segments(warehouse, segments(), at=at, as_of=as_of, say=say)


def count_segments(
    warehouse: Warehouse,
    wanted: list[SegmentFacts],
    *,
    at: datetime,
    as_of: date,
    say: Say = lambda step, done, of: None,
) -> int:
    """These segments know their members and their worth."""
    say("segments", 0, len(wanted))
    tables = segment_tables(warehouse)
    found = evaluate_many({one.key: parse(one.rule) for one in wanted}, tables, at=as_of)
    for one in wanted:
        note_members(one.id, found[one.key], worth_minor=worth_of(found[one.key], tables), at=at)
    return len(wanted)


def worth_of(members: Members, tables: Tables) -> int:
    """What these customers spent in the last 365 days, minor units."""
    spent = tables.profile.project("customer_id, amount_365d_minor").fetchnumpy()
    inside = np.isin(spent["customer_id"], members.ids())
    return int(spent["amount_365d_minor"][inside].sum())
