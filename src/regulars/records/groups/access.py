"""The reading door of groups: found by name or code, opened with the people the asker may see, summed up for a reason.

Whoever is not in the asker's view, belongs to a branch she is not assigned to, or is protected from her, is in no list
and in no sum, and how many those are is not said (rules/groups/telling). What is summed up of few people is reading
their files: the line in the log counts every one of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from regulars.connections.postgres.arrays import array_of, array_of_numbers
from regulars.connections.postgres.asking import Row, ask, ask_one
from regulars.records.access_log.actions import note_access, note_denial
from regulars.records.company.access import company
from regulars.records.customers.access import Opened
from regulars.records.customers.within_reach import unnamed
from regulars.records.groups.near import near
from regulars.records.watched.access import protected_among
from regulars.rules.groups.kinds import COMPANY, HOUSEHOLD
from regulars.rules.groups.spans import Span, joined, span
from regulars.rules.groups.telling import Cell, cells_told, is_told
from regulars.rules.groups.tree import Member, Place, above, below, counted
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere

MOST_SHOWN: Final = 200
#: A sum over more people says little of each of them: it is counted as reading so many files.
MOST_COUNTED: Final = 50
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A household (which has no name), a company, an agent or a channel."""

    id: int
    ref: str
    kind: str
    name: str
    company_code: str
    country: str


@dataclass(frozen=True, slots=True)
class GroupBeside:
    """A group above or below another, and on which days; None is open."""

    group: GroupFacts
    since_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Somebody who belongs to a group: as what, on which days, how it is known. A protected customer has no name."""

    number: str
    name: str | None
    city: str | None
    role: str | None
    since_on: date | None
    until_on: date | None
    known_by: str
    invented: bool
    group_ref: str = ""


@dataclass(frozen=True, slots=True)
class OpenedGroup:
    """A group for one who asks: what stands above (nearest first) and below it on that day, and who belongs to it."""

    facts: GroupFacts
    above: tuple[GroupFacts, ...]
    below: tuple[GroupBeside, ...]
    members: tuple[MemberFacts, ...]
    by: Asker
    because: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """One group a customer belongs or belonged to, and who else is in it, as far as the asker sees them."""

    group: GroupFacts
    role: str | None
    since_on: date | None
    until_on: date | None
    known_by: str
    others: tuple[MemberFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnBelonging:
    """What a customer belongs or belonged to, as she reads it herself; a household has no name."""

    kind: str
    name: str
    role: str | None
    since_on: date | None
    until_on: date | None
    known_by: str


@dataclass(frozen=True, slots=True)
class RollUp:
    """What the people of a group, and of the groups under it, did on the days they belonged to it.

    `cells` by branch and year; `children` the same of each group directly below, by its ref, without branches. A group
    below whose figure stands for too few people is not among them.
    """

    cells: tuple[Cell, ...]
    children: tuple[tuple[GroupFacts, tuple[Cell, ...]], ...]
    people: int


_GROUP: Final = "SELECT id, ref, kind, name, company_code, country FROM customer_group"
_FOUND: Final = f"""
{_GROUP} WHERE kind <> 'household' AND (ref = %s OR company_code = %s OR name ILIKE %s) ORDER BY name, id LIMIT %s
"""
_ONE: Final = f"{_GROUP} WHERE ref = %s"
_SOME: Final = f"{_GROUP} WHERE id = ANY (%s)"
_MEMBERS: Final = """
SELECT m.customer_id, m.group_id, m.role, m.since_on, m.until_on, m.known_by, c.number, c.name, c.city, c.invented
  FROM group_member m
  JOIN LATERAL (SELECT number, name, city, home_branch_id, invented, name_sort FROM customer
                 WHERE id = m.customer_id LIMIT 1) c
    ON (NOT %s OR c.home_branch_id = ANY (%s) OR c.home_branch_id IS NULL)
 WHERE m.group_id = ANY (%s) ORDER BY c.name_sort, c.number, m.since_on LIMIT %s
"""
_OF_ONE: Final = """
SELECT group_id, role, since_on, until_on, known_by FROM group_member WHERE customer_id = %s
 ORDER BY until_on DESC NULLS FIRST, since_on DESC NULLS LAST, id
"""
_SPANS: Final = (
    "unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS s (root, who, since, until)"
)
# Person by person: each is a look-up by key in the view, never a join with everybody behind it.
_BOUGHT: Final = f"""
SELECT s.root, o.branch_id, extract(year FROM o.ordered_at AT TIME ZONE %s)::int, o.currency,
       array_agg(DISTINCT s.who), count(DISTINCT (o.source_id, o.order_key)), sum(o.amount_minor)::bigint
  FROM {_SPANS}
  JOIN LATERAL (SELECT branch_id, ordered_at, currency, source_id, order_key, amount_minor FROM order_line
                 WHERE customer_id = s.who AND ordered_at >= s.since AND ordered_at < s.until OFFSET 0) o ON true
 GROUP BY 1, 2, 3, 4
"""  # noqa: S608  (our own words)
_MET: Final = f"""
SELECT s.root, o.branch_id, extract(year FROM o.at AT TIME ZONE %s)::int, array_agg(DISTINCT s.who), count(*)
  FROM {_SPANS}
  JOIN LATERAL (SELECT branch_id, at FROM touchpoint
                 WHERE customer_id = s.who AND at >= s.since AND at < s.until OFFSET 0) o ON true
 GROUP BY 1, 2, 3
"""  # noqa: S608  (our own words)


def find_groups(text: str, *, by: Asker, because: str, limit: int = 20) -> list[GroupFacts]:
    """Companies, agents and channels of that reference or code, or whose name begins so. A household is found through
    its people only."""
    said = text.strip()[:120]
    begins = said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = (
        [GroupFacts(*row) for row in ask(by.view, _FOUND, [said, said, begins, limit])] if said.isprintable() else []
    )
    note_access(by, door="find_groups", because=because, rows=0)
    return found


def open_group(ref: str, *, by: Asker, because: str, on: date) -> OpenedGroup:
    """The group as it stood on that day, with all who ever belonged to it and are seen by the asker.

    NotThere when there is none of that reference, or it is a household of which she sees fewer than two people who
    belong to it that day: told alike, and both are in the log.
    """
    group = _group(ref, by)
    members = _members([group.id], by) if group else []
    now = {one.number for one in members if on in span(one.since_on, one.until_on)}
    if group is None or not is_told(group.kind, len(now)):
        note_denial(by, door="open_group", because=because)
        raise NotThere("group_not_there")
    places = near([group.id], by.view)
    names = _groups({one.group for one in places} | {one.parent for one in places}, by)
    note_access(by, door="open_group", because=because, rows=len(members))
    return OpenedGroup(
        group,
        tuple(names[one] for one in above(group.id, on, places)),
        tuple(_beside(one, names) for one in _told_below(group.id, on, places, names, by)),
        tuple(members), by, because,
    )  # fmt: skip


def _told_below(
    group: int, on: date, places: Iterable[Place], names: dict[int, GroupFacts], by: Asker
) -> list[Place]:  # fmt: skip
    """The places directly below on that day; of households only those in which she sees more than one person."""
    there = [one for one in places if one.parent == group and on in one.when]
    homes = [one.group for one in there if names[one.group].kind == HOUSEHOLD]
    seen = Counter(row[1] for row in _rows(homes, by) if on in span(row[3], row[4]))
    return [one for one in there if is_told(names[one.group].kind, seen[one.group])]


def groups_of(opened: Opened, *, on: date) -> list[Belonging]:
    """The groups the customer belongs or belonged to, today's first, and who else is in her household or company then.

    A household in which the asker sees nobody else is not there.
    """
    by = opened.by
    rows = ask(by.view, _OF_ONE, [opened.id])
    names = _groups({row[0] for row in rows}, by)
    small = [one.id for one in names.values() if one.kind in (HOUSEHOLD, COMPANY)]
    others = [one for one in _members(small, by) if on in span(one.since_on, one.until_on)]
    told = [_belonging(row, names[row[0]], opened.number, others) for row in rows if row[0] in names]
    shown = [one for one in told if one.group.kind != HOUSEHOLD or one.others]
    note_access(by, door="groups_of", because=opened.because, rows=sum(len(one.others) for one in shown))
    return shown


def own_groups(opened: Opened) -> list[OwnBelonging]:
    """What she belongs to, for her own record; who else is in it is theirs to know."""
    rows = ask(opened.by.view, _OF_ONE, [opened.id])
    names = _groups({row[0] for row in rows}, opened.by)
    return [OwnBelonging(names[row[0]].kind, names[row[0]].name, *row[1:]) for row in rows if row[0] in names]


def roll_up(opened: OpenedGroup, *, since: date | None = None, until: date | None = None) -> RollUp:
    """What the people of an opened group did in that time, each on the days they belonged to it.

    Counted through the asker's view: nobody is in it whom she could not open. The log counts it as reading the files of
    so many, up to `MOST_COUNTED`.
    """
    by, root = opened.by, opened.facts.id
    places = near([root], by.view)
    window, under = span(since, until), below(root, places)
    people = _seen(list(under), by)
    roots = [root, *(one.group.id for one in opened.below)]
    spans = {one: _within(counted(one, places, people), window) for one in roots}
    note_access(by, door="roll_up", because=opened.because, rows=min(len(spans[root]), MOST_COUNTED))
    cells = _cells(spans, by)
    children = tuple((one.group, told) for one in opened.below if (told := _told(_by_year(cells[one.group.id]), by)))
    return RollUp(_told(cells[root], by), children, len(spans[root]))


def _told(cells: dict[tuple[Any, ...], "_Sum"], by: Asker) -> tuple[Cell, ...]:
    """The cells that may be told, newest year first."""
    found = [
        Cell(branch, year, currency, len(one.people), one.orders, one.amount_minor, one.meetings)
        for (branch, year, currency), one in cells.items()
    ]
    return tuple(sorted(cells_told(found, by.view), key=lambda one: (-one.year, one.branch or 0, one.currency)))


@dataclass(slots=True)
class _Sum:
    people: frozenset[int] = frozenset()
    orders: int = 0
    amount_minor: int = 0
    meetings: int = 0

    def add(self, other: "_Sum") -> None:
        self.people |= other.people
        self.orders += other.orders
        self.amount_minor += other.amount_minor
        self.meetings += other.meetings


def _cells(spans: dict[int, dict[int, Spans]], by: Asker) -> dict[int, dict[tuple[Any, ...], _Sum]]:
    """Root → (branch, year, currency) → what happened there. Meetings stand beside the orders in the house's money."""
    asked = _unnested(spans)
    zone, found = company().timezone, dict[int, dict[tuple[Any, ...], _Sum]]({root: {} for root in spans})
    for root, branch, year, currency, who, orders, amount in ask(by.view, _BOUGHT, [zone, *asked]):
        found[root][branch, year, currency] = _Sum(frozenset(who), orders, amount)
    for root, branch, year, who, meetings in ask(by.view, _MET, [zone, *asked]):
        found[root].setdefault((branch, year, company().currency), _Sum()).add(_Sum(frozenset(who), meetings=meetings))
    return found


def _by_year(cells: dict[tuple[Any, ...], _Sum]) -> dict[tuple[Any, ...], _Sum]:
    found: dict[tuple[Any, ...], _Sum] = {}
    for (_branch, year, currency), one in cells.items():
        found.setdefault((None, year, currency), _Sum()).add(one)
    return found


def _unnested(spans: dict[int, dict[int, Spans]]) -> tuple[str, str, str, str]:
    """Roots, people and the moments between, one row for each stretch, as arrays."""
    rows = [(root, who, one) for root, people in spans.items() for who, days in people.items() for one in days]
    return (
        array_of_numbers(root for root, _, _ in rows), array_of_numbers(who for _, who, _ in rows),
        array_of(_moment(one.since) for _, _, one in rows), array_of(_moment(one.until) for _, _, one in rows),
    )  # fmt: skip


def _moment(day: date) -> str:
    """The beginning of that day where the company is, as PostgreSQL reads it."""
    if day in (date.min, date.max):
        return "-infinity" if day == date.min else "infinity"
    return datetime.combine(day, time(), tzinfo=ZoneInfo(company().timezone)).isoformat()


def _within(people: dict[int, Spans], window: Span) -> dict[int, Spans]:
    cut = {who: joined(one.meet(window) for one in days) for who, days in people.items()}
    return {who: days for who, days in cut.items() if days}


def _group(ref: str, by: Asker) -> GroupFacts | None:
    row = ask_one(by.view, _ONE, [ref]) if ref.isprintable() else None
    return GroupFacts(*row) if row else None


def _groups(ids: Iterable[int], by: Asker) -> dict[int, GroupFacts]:
    return {row[0]: GroupFacts(*row) for row in ask(by.view, _SOME, [sorted(set(ids))])}


def _rows(ids: Sequence[int], by: Asker, limit: int | None = None) -> list[Row]:
    return ask(by.view, _MEMBERS, [bool(by.branches), sorted(by.branches), sorted(set(ids)), limit]) if ids else []


def _members(ids: Sequence[int], by: Asker) -> list[MemberFacts]:
    """Everybody the asker may see who ever belonged to these groups; the protected without a name."""
    rows = _rows(ids, by, MOST_SHOWN)
    refs = {one.id: one.ref for one in _groups(ids, by).values()}
    lines = [MemberFacts(*(*row[6:9], *row[2:6], row[9], refs[row[1]])) for row in rows]
    return unnamed(lines, by=by, name=None, city=None)


def _seen(ids: Sequence[int], by: Asker) -> list[Member]:
    """Their stretches, as far as the asker could open each of them: the protected only the officer."""
    rows = _rows(ids, by)
    hidden = frozenset[int]() if by.role == "officer" else protected_among({row[0] for row in rows})
    return [Member(row[0], row[1], span(row[3], row[4])) for row in rows if row[0] not in hidden]


def _beside(place: Place, names: dict[int, GroupFacts]) -> GroupBeside:
    since, until = place.when.since, place.when.until
    return GroupBeside(
        names[place.group], None if since == date.min else since, None if until == date.max else until
    )  # fmt: skip


def _belonging(row: Row, group: GroupFacts, number: str, others: Iterable[MemberFacts]) -> Belonging:
    beside = tuple(one for one in others if one.group_ref == group.ref and one.number != number)
    return Belonging(*(group, *row[1:], beside))
