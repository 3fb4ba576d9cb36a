"""A rule is tried out before anything is kept: how many are left after each part, their worth, a few of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from regulars.connections.warehouse import WarehouseError
from regulars.journeys.count_segments import count_segments, worth_of
from regulars.journeys.keep_own_attributes import field_of, own_fields
from regulars.journeys.segment_tables import profile_day, segment_tables
from regulars.journeys.warehouse_room import open_warehouse
from regulars.records.access_log.actions import note_access
from regulars.records.company.access import company
from regulars.records.own_attributes.access import own_attributes
from regulars.records.scores.access import ScoredLine, people_where
from regulars.records.segments.access import SegmentFacts, members_of, segment
from regulars.records.segments.actions import change_segment, define_segment
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput
from regulars.rules.segments.aloud import Names, Reader, Spoken, read_aloud, read_in_pieces
from regulars.rules.segments.evaluate import count_steps, evaluate
from regulars.rules.segments.granted import Granted, as_granted_sql
from regulars.rules.segments.members import Members, overlaps, upset
from regulars.rules.segments.rule import Group, as_data, conditions, parse, validate

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Explored:
    """A rule tried out: everybody, left after each part, members, their worth, and how the rule reads."""

    everyone: int
    left_after: tuple[int, ...]
    count: int
    worth_minor: int
    visible: int
    sample: tuple[ScoredLine, ...]
    aloud: str
    sql: str
    as_of: date
    pieces: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """How segments overlap: sizes, pairwise counts, and exactly-these-and-no-other counts for the picture."""

    keys: tuple[str, ...]
    sizes: Mapping[str, int]
    pairs: tuple[tuple[int, ...], ...]
    exactly: tuple[tuple[frozenset[str], int], ...]


def explore(
    data: Mapping[str, Any] | str, *, by: Asker, language: str, names: Names | None = None, sample_from: int = 0
) -> Explored:
    """What this rule would give now. BadInput with the path of whatever cannot be understood; nothing is kept.

    `names` are what ids are called (field → id → name); the sample begins with the `sample_from`-th most valuable.
    """
    rule = checked(data, by)
    with open_warehouse() as warehouse:
        day = profile_day(warehouse)
        if day is None:
            raise BadInput("no_figures_yet")
        tables = segment_tables(warehouse)
        steps, members = count_steps(rule, tables, at=day), evaluate(rule, tables, at=day)
        worth = worth_of(members, tables)
    visible, sample = people_where(
        by=by, because="sample of a rule", ids=members.ids().tolist(), limit=SAMPLE, offset=sample_from
    )
    pieces = read_in_pieces(rule, Reader(language, company().currency, names, own_labels(by=by)))
    return Explored(
        steps.everyone, tuple(step.left for step in steps.steps), len(members), worth, visible, tuple(sample),
        "".join(piece.text for piece in pieces), _sql(rule, by, day), day, pieces,
    )  # fmt: skip


def _sql(rule: Group, by: Asker, day: date) -> str:
    """What she could run herself behind her own login."""
    house = company()
    return as_granted_sql(rule, Granted(by.view, house.timezone, house.currency), at=day)


def keep_segment(
    key: str, name: str, name_zh: str, data: Mapping[str, Any] | str, *, by: Asker, at: datetime
) -> SegmentFacts:
    """A new living segment, counted."""
    rule = checked(data, by)
    define_segment(key, name, as_data(rule), by=by, at=at, name_zh=name_zh)
    return recount(key, at=at)


def alter_segment(key: str, data: Mapping[str, Any] | str, *, by: Asker, at: datetime) -> SegmentFacts:
    """The segment with its new rule, counted; what it said before is kept."""
    rule = checked(data, by)
    change_segment(key, as_data(rule), by=by, at=at)
    return recount(key, at=at)


def recount(key: str, *, at: datetime) -> SegmentFacts:
    """The segment with a fresh count; uncounted before the first refresh."""
    try:
        with open_warehouse() as warehouse:
            day = profile_day(warehouse)
            if day is not None:
                count_segments(warehouse, [segment(key)], at=at, as_of=day)
    except WarehouseError as error:
        raise BadInput("no_figures_yet") from error
    return segment(key)


def checked(data: Mapping[str, Any] | str, by: Asker) -> Group:
    """The rule, parsed, and using only fields the asker's purpose allows."""
    rule = parse(data)
    asks_own = any(condition.of.source == "own" for _, condition in conditions(rule))
    validate(rule, by.purpose, own=[field.key for field in own_fields(by=by)] if asks_own else ())
    return rule


def own_labels(*, by: Asker) -> dict[str, tuple[str, str]]:
    """What the attributes she may ask about are called, in English and 中文."""
    return {field.key: (field.label, field.label_zh) for field in own_fields(by=by)}


def overlap_of(keys: list[str], *, by: Asker, most: int = 12) -> Overlap:
    """How these segments overlap. Numbers only."""
    members = members_of(keys)
    there = tuple(key for key in keys if key in members)
    pairs = overlaps({key: members[key] for key in there})
    exact = upset({key: members[key] for key in there}, most=most)
    note_access(by, door="overlap_of", because="overlap of segments", rows=0)
    return Overlap(
        there, {key: len(members[key]) for key in there}, tuple(tuple(int(n) for n in row) for row in pairs),
        tuple((frozenset(one.segments), one.count) for one in exact),
    )  # fmt: skip


def people_of(key: str, *, by: Asker, limit: int = 100, offset: int = 0) -> tuple[int, list[ScoredLine]]:
    """How many of the segment the asker's view shows, and one page of them."""
    members = members_of([key]).get(key, Members())
    return people_where(
        by=by, because=f"people of segment {key}", ids=members.ids().tolist(), limit=limit, offset=offset
    )


def aloud(data: Mapping[str, Any], language: str, names: Names | None = None) -> str:
    """The rule in a sentence."""
    rule = parse(data)
    asks_own = any(condition.of.source == "own" for _, condition in conditions(rule))
    labels = {field_of(one).key: (one.what.label, one.what.label_zh) for one in own_attributes()} if asks_own else {}
    return read_aloud(rule, language, currency=company().currency, names=names, labels=labels)
