"""Households, company accounts, agents and channels: found, opened with their sums, kept."""

from datetime import date
from typing import Annotated, Final, Literal

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from regulars.desks.api.keys import Token, asking
from regulars.desks.api.shapes import Because, Day, Line, Money, Said, Short
from regulars.desks.shared.group_words import tie_aside
from regulars.desks.shared.recognition_words import reason_said
from regulars.journeys.import_ties import import_ties, look_at_ties
from regulars.journeys.keep_groups import (
    GroupSeen,
    accept_household,
    add_group,
    groups_on_card,
    look_at_group,
    look_for_groups,
    proposed_households,
    put_under,
    refuse_household,
    say_left,
    say_member,
    take_from_under,
)
from regulars.journeys.look_at_file import drop_file, keep_upload, place_of
from regulars.records.company.access import now, today
from regulars.records.groups.access import Belonging, GroupFacts, MemberFacts
from regulars.records.groups.actions import NewGroup
from regulars.rules.groups.telling import Cell
from regulars.rules.permission.errors import BadInput

LOOKING: Final = Token("service", "steward", "officer", "marketer")
KEEPING: Final = Token("service", "steward")
PROPOSING: Final = Token("steward")
#: A caller waits while its file is read: some twenty seconds for so many rows.
MOST_TIES: Final = 5_000
Kind = Literal["household", "company", "agent", "channel"]
AsWhat = Literal[
    "adult", "child", "other", "owner", "manager", "buyer", "accounts", "assistant", "staff", "introduced", "served"
]
Country = Annotated[str, Field(pattern="^([A-Z]{2})?$")]
router = Router(tags=["Households and accounts"])


class GroupLine(Schema):
    """A household (which has no name), a company or one of its branches, an agent, a channel."""

    ref: str
    kind: str
    name: str
    company_code: str
    country: str


class GroupMemberLine(Schema):
    """Somebody who belongs to a group between two days (null: not known, or to this day); a name may be masked."""

    number: str
    name: str | None
    role: str | None
    since_on: date | None
    until_on: date | None
    known_by: str


class GroupBelow(Schema):
    """A group directly below, and since when."""

    group: GroupLine
    since_on: date | None
    until_on: date | None


class GroupSum(Schema):
    """What the people of a group did at one branch (its number; null: none noted, or all) in one year."""

    branch: int | None
    year: int
    people: int
    orders: int
    money: Money
    meetings: int


class GroupChildSums(Schema):
    """The sums of a group directly below, by year."""

    ref: str
    sums: list[GroupSum]


class GroupWhole(Schema):
    """A group as it stood on a day. `above` from the nearest up; `people` are those the sums are over."""

    group: GroupLine
    above: list[GroupLine]
    below: list[GroupBelow]
    members: list[GroupMemberLine]
    people: int
    sums: list[GroupSum]
    below_sums: list[GroupChildSums]


class GroupOfCustomer(Schema):
    """A group a customer belongs to, and who else does, as far as this view shows."""

    group: GroupLine
    role: str | None
    since_on: date | None
    until_on: date | None
    known_by: str
    others: list[GroupMemberLine]


class GroupsAsked(Said):
    """A name, reference or company code."""

    text: Line
    because: Because


class GroupAsked(Said):
    """On which day the group is looked at (else today), and between which days its people's doings are summed up."""

    because: Because
    on: Day | None = None
    since: Day | None = None
    until: Day | None = None


class NewGroupSaid(Said):
    """A group; a household goes without a name, everything else needs one."""

    kind: Kind
    name: Annotated[str, Field(max_length=200)] = ""
    ref: Annotated[str, Field(max_length=60)] = ""
    company_code: Annotated[str, Field(max_length=60)] = ""
    country: Country = ""


class NewMemberSaid(Said):
    """A customer belongs to the group, as what, between two days, and how that is known."""

    number: Short
    role: AsWhat
    since: Day | None = None
    until: Day | None = None
    known_by: Literal["told", "rule", "match"] = "told"
    because: Because


class MemberLeft(Said):
    """From which day on it is over."""

    until: Day
    because: Because


class NewPlaceSaid(Said):
    """Under which group, between which days."""

    parent: Short
    since: Day | None = None
    until: Day | None = None


class PlaceEnded(Said):
    """From which day on it stands there no more."""

    parent: Short
    until: Day


class GroupMade(Schema):
    """The reference of the new group."""

    ref: str


class GroupSaid(Schema):
    """Whether that was new; false when it was known."""

    new: bool


class GroupsOfCustomerAsked(Said):
    """Why."""

    because: Because


class HouseholdsAsked(Said):
    """Why, and how many at most."""

    because: Because
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class HouseholdMemberLine(Schema):
    """Somebody who seems to live there, as this view shows her."""

    number: str
    name: str | None


class HouseholdProposed(Schema):
    """Some who seem to live together, why, and how likely it is."""

    members: list[HouseholdMemberLine]
    reasons: list[str]
    probability: float


class HouseholdDecided(Said):
    """Who of those proposed together, two at least, and why it is decided so."""

    members: Annotated[list[Short], Field(min_length=2, max_length=20)]
    because: Because


@router.get("/proposed-households", response=list[HouseholdProposed], auth=PROPOSING)
def list_proposed_households(request: HttpRequest, asked: Query[HouseholdsAsked]) -> list[HouseholdProposed]:
    """Who seems to live together, the likeliest first, as far as this view shows each of them."""
    found = proposed_households(by=asking(request), because=asked.because, limit=asked.limit)
    return [
        HouseholdProposed(
            members=[HouseholdMemberLine(number=who.number, name=who.name or None) for who in one.members],
            reasons=list(dict.fromkeys(reason_said(step) for step in one.reasons)), probability=one.probability,
        )
        for one in found
    ]  # fmt: skip


@router.post("/proposed-households/accept", response=GroupMade, auth=PROPOSING)
def accept_proposed_household(request: HttpRequest, told: HouseholdDecided) -> GroupMade:
    """They live together: a household, or the one that one of them lives in."""
    ref = accept_household(told.members, by=asking(request), because=told.because, at=now())
    return GroupMade(ref=ref)


@router.post("/proposed-households/refuse", response={204: None}, auth=PROPOSING)
def refuse_proposed_household(request: HttpRequest, told: HouseholdDecided) -> Status[None]:
    """They do not live together, and are not proposed together again."""
    refuse_household(told.members, by=asking(request), because=told.because, at=now())
    return Status(204, None)


class TieAside(Schema):
    """A row that could not be kept, as it stood in the file, and why."""

    row_number: int
    reason: str
    sentence: str
    raw: str


class TiesTaken(Schema):
    """What became of a file of ties; of the rows set aside the first thousand."""

    rows: int
    groups: int
    members: int
    places: int
    known: int
    set_aside_rows: int
    set_aside: list[TieAside]


class TiesBrought(Said):
    """Whether the file is only tried."""

    dry_run: bool = False


@router.post("/group-ties", response=TiesTaken, auth=PROPOSING)
def bring_ties(request: HttpRequest, brought: Form[TiesBrought], file: File[UploadedFile]) -> TiesTaken:
    """A file of ties (CSV, XLSX, Parquet) of at most 5,000 rows: who lives together, who is whose contact, which branch
    stands under which company. What is known already changes nothing, so a longer one is brought in parts."""
    kept = keep_upload(file.name or "file", file.chunks(1 << 20), file.size or 0)
    try:
        rows = look_at_ties(place_of(kept.path), name=kept.name, by=asking(request)).rows
        if rows > MOST_TIES:
            raise BadInput("ties_too_many", {"name": kept.name, "rows": rows, "most": MOST_TIES})
        report = import_ties(
            place_of(kept.path), name=kept.name, dry_run=brought.dry_run, by=asking(request), at=now()
        )  # fmt: skip
    finally:
        drop_file(kept.path)
    aside = [
        TieAside(row_number=one.row_number, reason=one.reason, sentence=tie_aside(one.reason, one.values), raw=one.raw)
        for one in report.set_aside
    ]
    figures = {name: getattr(report, name) for name in TiesTaken.model_fields if name != "set_aside"}
    return TiesTaken(**figures, set_aside=aside)


@router.get("/groups", response=list[GroupLine], auth=LOOKING)
def list_groups(request: HttpRequest, asked: Query[GroupsAsked]) -> list[GroupLine]:
    """Companies, agents and channels; a household is found through its people."""
    return [_line(one) for one in look_for_groups(asked.text, by=asking(request), because=asked.because)]


@router.get("/groups/{ref}", response=GroupWhole, auth=LOOKING)
def read_group(request: HttpRequest, ref: Short, asked: Query[GroupAsked]) -> GroupWhole:
    """The group, its people, and what they did by branch and year: as far as this view shows each of them."""
    seen = look_at_group(
        ref, by=asking(request), because=asked.because, on=asked.on or today(), within=(asked.since, asked.until)
    )
    return _whole(seen)


@router.get("/customers/{number}/groups", response=list[GroupOfCustomer], auth=LOOKING)
def list_groups_of_customer(
    request: HttpRequest, number: Short, asked: Query[GroupsOfCustomerAsked]
) -> list[GroupOfCustomer]:
    """What the customer belongs to, and with whom."""
    _, found = groups_on_card(number, by=asking(request), because=asked.because, on=today())
    return [_belonging(one) for one in found]


@router.post("/groups", response={201: GroupMade}, auth=KEEPING)
def open_group(request: HttpRequest, new: NewGroupSaid) -> Status[GroupMade]:
    """A new household, company, agent or channel; a company's branch is a company put under it."""
    made = add_group(NewGroup(new.kind, new.name, new.ref, new.company_code, new.country), by=asking(request), at=now())
    return Status(201, GroupMade(ref=made))


@router.post("/groups/{ref}/members", response=GroupSaid, auth=KEEPING)
def join_group(request: HttpRequest, ref: Short, new: NewMemberSaid) -> GroupSaid:
    """A customer belongs to the group; said again it changes nothing."""
    done = say_member(
        new.number, ref, role=new.role, days=(new.since, new.until), known_by=new.known_by, by=asking(request),
        because=new.because, at=now(),
    )  # fmt: skip
    return GroupSaid(new=done)


@router.post("/groups/{ref}/members/{number}/leave", response={204: None}, auth=KEEPING)
def leave_group(request: HttpRequest, ref: Short, number: Short, asked: MemberLeft) -> Status[None]:
    """The customer belongs to the group no more from that day on."""
    say_left(number, ref, until=asked.until, by=asking(request), because=asked.because)
    return Status(204, None)


@router.post("/groups/{ref}/place", response=GroupSaid, auth=KEEPING)
def place_group(request: HttpRequest, ref: Short, new: NewPlaceSaid) -> GroupSaid:
    """The group stands under another; said again it changes nothing."""
    return GroupSaid(new=put_under(ref, new.parent, days=(new.since, new.until), by=asking(request), at=now()))


@router.post("/groups/{ref}/place/end", response={204: None}, auth=KEEPING)
def end_place(request: HttpRequest, ref: Short, asked: PlaceEnded) -> Status[None]:
    """The group stands there no more from that day on."""
    take_from_under(ref, asked.parent, until=asked.until, by=asking(request))
    return Status(204, None)


def _line(one: GroupFacts) -> GroupLine:
    return GroupLine.model_validate(one, from_attributes=True)


def _member(one: MemberFacts) -> GroupMemberLine:
    return GroupMemberLine.model_validate(one, from_attributes=True)


def _sum(one: Cell) -> GroupSum:
    return GroupSum(
        branch=one.branch, year=one.year, people=one.people, orders=one.orders,
        money=Money(minor=one.amount_minor, currency=one.currency), meetings=one.meetings,
    )  # fmt: skip


def _whole(seen: GroupSeen) -> GroupWhole:
    opened = seen.opened
    return GroupWhole(
        group=_line(opened.facts), above=[_line(one) for one in opened.above],
        below=[
            GroupBelow(group=_line(one.group), since_on=one.since_on, until_on=one.until_on) for one in opened.below
        ],
        members=[_member(one) for one in opened.members], people=seen.summed.people,
        sums=[_sum(one) for one in seen.summed.cells],
        below_sums=[
            GroupChildSums(ref=group.ref, sums=[_sum(one) for one in cells]) for group, cells in seen.summed.children
        ],
    )  # fmt: skip


def _belonging(one: Belonging) -> GroupOfCustomer:
    return GroupOfCustomer(
        group=_line(one.group), role=one.role, since_on=one.since_on, until_on=one.until_on, known_by=one.known_by,
        others=[_member(other) for other in one.others],
    )  # fmt: skip
