"""Households, company accounts and agents: found, looked at with what is summed up of them, opened, joined and left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from regulars.records.access_log.actions import note_denial
from regulars.records.customers.access import CustomerFacts, open_customer
from regulars.records.customers.whole_records import hold_both
from regulars.records.groups.access import (
    Belonging,
    GroupFacts,
    OpenedGroup,
    RollUp,
    find_groups,
    groups_of,
    open_group,
    roll_up,
)
from regulars.records.groups.actions import (
    NewGroup,
    end_place,
    home_of,
    join_group,
    leave_group,
    open_new_group,
    place_group,
)
from regulars.records.groups.proposals import (
    ProposedHousehold,
    decide_households,
    demand_proposing,
    proposed_households,
)
from regulars.rules.groups.kinds import HOUSEHOLD
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

__all__ = ["ProposedHousehold", "proposed_households"]
OF_AGE: Final = 18
LOOKING: Final = ("service", "steward", "officer", "marketer")
KEEPING: Final = ("service", "steward")
DOOR: Final = "groups"
Days = tuple[date | None, date | None]
EVER: Final[Days] = (None, None)


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group as it stands on a day, and what its people did in some time."""

    opened: OpenedGroup
    summed: RollUp


def look_for_groups(text: str, *, by: Asker, because: str) -> list[GroupFacts]:
    """Companies, agents and channels of that name, reference or code."""
    _only(LOOKING, by)
    return find_groups(text, by=by, because=because)


def look_at_group(ref: str, *, by: Asker, because: str, on: date, within: Days = EVER) -> GroupSeen:
    """The group on that day, and what its people did between two days, by branch and year."""
    _only(LOOKING, by)
    opened = open_group(ref, by=by, because=because, on=on)
    return GroupSeen(opened, roll_up(opened, since=within[0], until=within[1]))


def groups_on_card(number: str, *, by: Asker, because: str, on: date) -> tuple[CustomerFacts, list[Belonging]]:
    """What the customer belongs to, and with whom."""
    _only(LOOKING, by)
    opened, facts = open_customer(number, by=by, because=because)
    return facts, groups_of(opened, on=on)


def add_group(new: NewGroup, *, by: Asker, at: datetime) -> str:
    """The reference of the new household, company, agent or channel."""
    _only(KEEPING, by)
    return open_new_group(new, by=by, at=at)


def say_member(
    number: str, ref: str, *, role: str, days: Days = EVER, known_by: str = "told", by: Asker, because: str,
    at: datetime,
) -> bool:  # fmt: skip
    """The customer belongs to the group on those days; False when that was known."""
    _only(KEEPING, by)
    opened, _ = open_customer(number, by=by, because=because)
    return join_group(opened, ref, role=role, since=days[0], until=days[1], known_by=known_by, at=at)


def live_together(
    number: str, other: str, *, role: str, since: date | None, by: Asker, because: str, at: datetime,
    known_by: str = "told",
) -> str:  # fmt: skip
    """The household of the two: the other's or the customer's own as it stands, else a new one. Its reference.

    Who lives in another household today is added there; nobody is taken out of one by this. `role` is the other's.
    BadInput when both live in different ones, or when it is one and the same person.
    """
    _only(KEEPING, by)
    mine, theirs = (open_customer(one, by=by, because=because)[0] for one in (number, other))
    if mine.id == theirs.id:
        raise BadInput("household_of_one")
    with transaction.atomic():
        hold_both(mine.id, theirs.id)
        homes = [home_of(one, on=since or at.date()) for one in (mine, theirs)]
        if all(homes) and homes[0] != homes[1]:
            raise BadInput("household_already", {"number": other})
        ref = homes[0] or homes[1] or open_new_group(NewGroup(HOUSEHOLD), by=by, at=at)
        for opened, home, as_what in ((mine, homes[0], "adult"), (theirs, homes[1], role)):
            if home is None:
                join_group(opened, ref, role=as_what, since=since, known_by=known_by, at=at)
    return ref


def accept_household(numbers: Sequence[str], *, by: Asker, because: str, at: datetime) -> str:
    """These, who were proposed together, live in one household; its reference. Who lives in one already keeps it, and
    the others join. NotThere unless they are proposed together to this asker; BadInput when two live in different ones.
    """
    demand_proposing(by, because=because)
    with transaction.atomic():
        decide_households(numbers, accepted=True, by=by, because=because, at=at)
        first, *others = _adults_first(numbers, by, because, at.date())
        for other, role in others:
            ref = live_together(
                first[0], other, role=role, since=None, by=by, because=because, at=at, known_by="rule"
            )  # fmt: skip
    return ref


def refuse_household(numbers: Sequence[str], *, by: Asker, because: str, at: datetime) -> None:
    """These do not live together, and are not proposed together again."""
    decide_households(numbers, accepted=False, by=by, because=because, at=at)


def _adults_first(numbers: Sequence[str], by: Asker, because: str, on: date) -> list[tuple[str, str]]:
    found = [open_customer(one, by=by, because=because)[1] for one in dict.fromkeys(numbers)]
    children = [one for one in found if one.birth_on and on.year - one.birth_on.year < OF_AGE]
    grown = [one for one in found if one not in children]
    return [(one.number, "adult") for one in grown] + [(one.number, "child") for one in children]


def say_left(number: str, ref: str, *, until: date, by: Asker, because: str) -> None:
    """The customer belongs to the group no more from that day on."""
    _only(KEEPING, by)
    opened, _ = open_customer(number, by=by, because=because)
    leave_group(opened, ref, until=until)


def put_under(ref: str, parent_ref: str, *, days: Days = EVER, by: Asker, at: datetime) -> bool:
    """The group stands under the other on those days; False when that was known."""
    _only(KEEPING, by)
    return place_group(ref, parent_ref, since=days[0], until=days[1], by=by, at=at)


def take_from_under(ref: str, parent_ref: str, *, until: date, by: Asker) -> None:
    """The group stands under the other no more from that day on."""
    _only(KEEPING, by)
    end_place(ref, parent_ref, until=until, by=by)


def _only(roles: tuple[str, ...], by: Asker) -> None:
    if by.role not in roles:
        note_denial(by, door=DOOR, because="groups")
        raise Denied("groups_not_for_this_role")
