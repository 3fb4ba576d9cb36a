"""Segments: rules tried before they are kept, counted, read aloud, compared; their people through one's own view."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field, JsonValue

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.once import MAY_COME_TWICE, once
from regulars.desks.api.people import READING_LISTS, ListAsked, ScoredCustomer, people_page, scored
from regulars.desks.api.shapes import Key, Line, Money, Page, Paging, Said, page_of
from regulars.desks.shared.mistakes import sentence_for
from regulars.journeys.explore_segment import aloud, alter_segment, explore, keep_segment, overlap_of
from regulars.journeys.keep_own_attributes import own_fields
from regulars.journeys.people_behind import people_in_segment
from regulars.records.company.access import company, now
from regulars.records.segments.access import SegmentFacts, segment, segments
from regulars.records.segments.actions import retire_segment
from regulars.rules.segments.fields import Field as Asked
from regulars.rules.segments.fields import fields_for

READING: Final = Token("marketer", "officer", "steward")
WRITING: Final = Token("marketer")
RULE: Final = (
    "Groups of conditions: {“all”|“any”|“none”: [parts]}, a part being a group or {field, operator, value, …}."
)
RuleData = Annotated[dict[str, JsonValue], Field(description=RULE)]

router = Router(tags=["Segments"])


class SetAside(Schema):
    """Why a segment's rule can no longer be read; until it is mended, nobody is counted in it."""

    code: str
    sentence: str


class Segment(Schema):
    """A living segment; `worth` is what its members spent in the last 365 days."""

    key: str
    name: str
    name_zh: str
    version: int
    count: int
    worth: Money
    counted_at: datetime | None
    made_by: str
    made_at: datetime
    set_aside: SetAside | None


class WholeSegment(Segment):
    """The same with its rule, as data and read aloud."""

    rule: dict[str, Any]
    aloud: str


class AskedField(Schema):
    """Something a rule may ask."""

    key: str
    label: str
    kind: str
    unit: str
    operators: list[str]
    has_period: bool
    values: list[str]


class Rule(Said):
    """A rule."""

    rule: RuleData


class NewSegment(Rule):
    """A rule to be kept under a key and a name."""

    key: Key
    name: Line
    name_zh: Annotated[str, Field(max_length=200, pattern=r"^[^\u0000-\u001f\u007f]*$")] = ""


class Explored(Schema):
    """What a rule would give now: everybody, left after each part, members, those the view shows, a few of them."""

    as_of: date
    everyone: int
    left_after: list[int]
    count: int
    worth: Money
    visible: int
    sample: list[ScoredCustomer]
    aloud: str
    sql: str


class Aloud(Schema):
    """A rule in a sentence."""

    aloud: str


class Exactly(Schema):
    """How many are in exactly these segments and no other of those asked for."""

    segments: list[str]
    customers: int


class Overlap(Schema):
    """How segments overlap: sizes, pairwise counts in the order of `keys`, and exact combinations."""

    keys: list[str]
    sizes: dict[str, int]
    pairs: list[list[int]]
    exactly: list[Exactly]


class OverlapAsked(Said):
    """Which segments."""

    key: Annotated[list[Key], Field(min_length=1, max_length=50)]


@router.get("/segments", response=Page[Segment], auth=READING)
def list_segments(request: HttpRequest, paging: Query[Paging]) -> Page[Segment]:
    """All living segments, the largest worth first."""
    return page_of(paging, segments(), lambda one: Segment(**_facts(one)))


@router.get("/segment-rules/fields", response=list[AskedField], auth=READING)
def list_fields(request: HttpRequest) -> list[AskedField]:
    """What a rule may ask for the token's purpose."""
    by = asking(request)
    return [_field(one) for one in (*fields_for(by.purpose), *own_fields(by=by))]


@router.get("/segment-overlap", response=Overlap, auth=READING)
def show_overlap(request: HttpRequest, asked: Query[OverlapAsked]) -> Overlap:
    """How segments overlap. Numbers only; 404 when one of them does not exist."""
    keys = [segment(key).key for key in dict.fromkeys(asked.key)]
    found = overlap_of(keys, by=asking(request))
    return Overlap(
        keys=list(found.keys),
        sizes=dict(found.sizes),
        pairs=[list(row) for row in found.pairs],
        exactly=[Exactly(segments=sorted(names), customers=count) for names, count in found.exactly],
    )


@router.post("/segment-rules/trial", response=Explored, auth=READING_LISTS)
def try_rule(request: HttpRequest, tried: Rule) -> Explored:
    """What a rule would give, how it reads, what it is in SQL. Nothing is kept."""
    found = explore(tried.rule, by=asking(request), language=_language())
    return Explored(
        as_of=found.as_of,
        everyone=found.everyone,
        left_after=list(found.left_after),
        count=found.count,
        worth=Money(minor=found.worth_minor, currency=company().currency),
        visible=found.visible,
        sample=scored(found.sample),
        aloud=found.aloud,
        sql=found.sql,
    )


@router.post("/segment-rules/aloud", response=Aloud, auth=READING)
def read_rule(request: HttpRequest, read: Rule) -> Aloud:
    """A rule in a sentence, in the language asked for."""
    return Aloud(aloud=aloud(read.rule, _language()))


@router.post("/segments", response={201: WholeSegment}, auth=WRITING, openapi_extra=MAY_COME_TWICE)
@once
def keep_rule(request: HttpRequest, new: NewSegment) -> Status[WholeSegment]:
    """Keep a rule as a living segment; it is counted at once."""
    return Status(201, _whole(keep_segment(new.key, new.name, new.name_zh, new.rule, by=asking(request), at=now())))


@router.get("/segments/{key}", response=WholeSegment, auth=READING)
def show_segment(request: HttpRequest, key: Key) -> WholeSegment:
    """A segment with its rule, as data and aloud."""
    return _whole(segment(key))


@router.put("/segments/{key}", response=WholeSegment, auth=WRITING)
def change_rule(request: HttpRequest, key: Key, changed: Rule) -> WholeSegment:
    """Give a segment a new rule; what it said before is kept, and it is counted anew."""
    return _whole(alter_segment(key, changed.rule, by=asking(request), at=now()))


@router.delete("/segments/{key}", response={204: None}, auth=WRITING)
def retire(request: HttpRequest, key: Key) -> Status[None]:
    """Retire a segment: it is no longer counted or offered; campaigns that used it keep it."""
    retire_segment(segment(key).key, at=now())
    return Status(204, None)


@router.get("/segments/{key}/people", response=Page[ScoredCustomer], auth=READING_LISTS)
def list_members(request: HttpRequest, key: Key, asked: Query[ListAsked]) -> Page[ScoredCustomer]:
    """Who is in a segment, as far as the view shows them. Logged."""
    facts = segment(key)
    return people_page(
        people_in_segment(facts.key).ids().tolist(), asked, by=asking(request), because=f"people of segment {key}"
    )


def _facts(one: SegmentFacts) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "name_zh": one.name_zh,
        "version": one.version,
        "count": one.count,
        "worth": Money(minor=one.worth_minor, currency=company().currency),
        "counted_at": one.counted_at,
        "made_by": one.made_by,
        "made_at": one.made_at,
        "set_aside": _set_aside(one),
    }


def _set_aside(one: SegmentFacts) -> SetAside | None:
    return SetAside(code=one.mistake.code, sentence=sentence_for(one.mistake)) if one.mistake else None


def _whole(one: SegmentFacts) -> WholeSegment:
    said = "" if one.mistake else aloud(one.rule, _language())
    return WholeSegment(**_facts(one), rule=dict(one.rule), aloud=said)


def _field(one: Asked) -> AskedField:
    return AskedField(
        key=one.key,
        label=one.label_in(_language()),
        kind=one.kind,
        unit=one.unit,
        operators=list(one.operators),
        has_period=one.has_period,
        values=list(one.values),
    )


def _language() -> str:
    return get_language() or "en"
