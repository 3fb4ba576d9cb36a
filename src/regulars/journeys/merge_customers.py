"""Two records of one person become one, and one that was taken for one becomes two again.

One transaction each: of the one who goes everything belongs to the one who stays, the better value of each field
stands, the stricter of two choices holds, and her number means the other. She herself is out of sight as if erased,
with what had no room beside the other's. Undone, everything finds back by its key. What came meanwhile goes to whose
source it came from, where only one of them is known there; else it stays with who stayed, and is told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.db import transaction

from regulars.journeys.propose import ask_second, settled
from regulars.records.access_log.actions import note_access
from regulars.records.belongings import BELONGINGS
from regulars.records.choices import merging as choices
from regulars.records.company.access import company, today
from regulars.records.contacts.actions import cancel_waiting
from regulars.records.contacts.of_customer import Went, went_since
from regulars.records.customers.access import CustomerFacts, Opened, open_customer
from regulars.records.customers.compared import how_many_to_compare
from regulars.records.customers.marking import found_apart, found_by
from regulars.records.customers.newly_marked import compare_again
from regulars.records.customers.recognising import match_of_two
from regulars.records.customers.refs import sources_that_know
from regulars.records.customers.saying_of_two import put_together, rows_back, take_apart
from regulars.records.customers.whole_records import (
    hold,
    hold_both,
    in_sight_again,
    is_there,
    known_of,
    out_of_sight,
    rewrite_record,
)
from regulars.records.events.counting import count_events_anew
from regulars.records.events.keeping import shut_batches_out
from regulars.records.events.of_person import events_about
from regulars.records.merging.handing_over import Rows, came_since, hand_over, newest_rows, of_customer, of_sources
from regulars.records.merging.match_runs import compared_last
from regulars.records.merging.merges import (
    Kept,
    MergeFacts,
    keep,
    kept_of,
    marks_of,
    merges_into,
    merges_with_late_orders,
    note_merge,
    note_rows,
    note_undone,
    rows_of,
    settled_anew,
    standing_merge,
)
from regulars.records.merging.reviewing import (
    are_different,
    demand_deciding,
    demand_short,
    reopen_pair,
    say_different,
    say_merged,
    take_back_different,
)
from regulars.records.orders.actions import recount
from regulars.records.orders.of_orders import lines_of, of_orders_of
from regulars.records.orders.warehouse_marks import months_of, touch_months
from regulars.records.own_attributes.actions import believe_own_anew, hold_own_attributes, own_values_apart
from regulars.records.own_attributes.saying import spell_own_out, unspell_own
from regulars.records.scores.merging import put_score_back, take_score
from regulars.rules.identity.model import Match
from regulars.rules.merging.stricter import to_close
from regulars.rules.merging.winners import FIELDS, Merged, Side, Winner, alone_said, merged, undone
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Scope
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.permission.four_eyes import MERGE, Approved

DOOR: Final = "merge"
Chosen = Mapping[str, Side]


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do: both records as the asker's view shows them, whose word stands in which field and why,
    which uses it would close, how alike they are, and whether somebody has said that they are two. Nothing is told of
    a field the view masks, not even whether they differ.
    """

    into: CustomerFacts
    goes: CustomerFacts
    winners: tuple[Winner, ...]
    closes: tuple[Scope, ...]
    match: Match
    different: bool


@dataclass(frozen=True, slots=True)
class MergeDone:
    """What a merge did: the two numbers, table → how many rows went over, which uses were closed."""

    goes: str
    into: str
    rows: Mapping[str, int]
    closed: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """What undoing did: table → how many rows went back, and how many that came meanwhile stay with who stayed; columns
    that were changed since and stay so; how many noes said meanwhile now count for both; what campaigns sent
    meanwhile, newest first: it stays with who stayed, as far as the asker's view shows it.
    """

    goes: str
    into: str
    back: Mapping[str, int]
    stayed: Mapping[str, int]
    fields: tuple[str, ...]
    noes: int
    went: tuple[Went, ...] = ()


def preview_merge(goes: str, into: str, *, by: Asker, because: str, chosen: Chosen | None = None) -> MergePreview:
    """What merging the one number into the other would do; nothing is done. Errors as for merging."""
    going, going_facts, staying, staying_facts = _both(goes, into, by, because)
    found = _merged(going.id, staying.id, chosen)
    before = choices.said_of(staying.id)
    after = replace(before, **_law(found, staying.id))
    return MergePreview(
        staying_facts, going_facts,
        tuple(one for one in found.winners if not staying_facts.masked & set(FIELDS[one.field])),
        tuple(one.scope for one in to_close(before, choices.said_of(going.id), after)),
        match_of_two(going.id, staying.id, among=compared_last() or how_many_to_compare()),
        are_different(going.id, staying.id),
    )  # fmt: skip


def merge_customers(
    goes: str, into: str, *, by: Asker, because: str, at: datetime, chosen: Chosen | None = None,
    though_different: bool = False, approved: Approved | None = None,
) -> MergeDone:  # fmt: skip
    """The two are one when this returns, or nothing has happened, also for whoever is killed in the middle.

    For stewards and officers, with a reason; `chosen` says whose word stands, by field. Denied `confirmed_different`
    for two whom somebody has found to be two, unless `though_different` says that this was wrong; and where it takes
    two. BadInput for one and the same, for somebody invented with somebody real, for no reason.
    """
    going, _, staying, _ = _both(goes, into, by, because)
    _demand_reason(because)
    if are_different(going.id, staying.id) and not though_different:
        raise Denied("confirmed_different", {"one": going.number, "other": staying.number})
    told = {"merged": going.number, "survivor": staying.number, "because": because, "chosen": dict(chosen or {}),
            "though_different": though_different}  # fmt: skip
    ask_second(MERGE, staying.number, told, because=because, by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        shut_batches_out()
        hold_both(going.id, staying.id)
        hold_own_attributes()
        if though_different and are_different(going.id, staying.id):
            take_back_different(going.id, staying.id, by=by, because=because)
        return _made_one(going, staying, chosen, by, because, at)


def unmerge_customers(goes: str, *, by: Asker, because: str, at: datetime, are_two: bool = False) -> MergeUndone:
    """The customer who had that number is somebody of her own again, as she was, and so is the other.

    With `are_two` they stand confirmed as two persons from now on. NotThere when she is nobody's part; BadInput
    `merged_further` while the other is somebody's part herself: that merge is undone first.
    """
    demand_deciding(by, door="unmerge", because=because)
    _demand_reason(because)
    merge = standing_merge(goes.strip().upper())
    _demand_last(merge)
    opened, _ = open_customer(merge.into, by=by, because=because)
    with transaction.atomic():
        shut_batches_out()
        hold([merge.goes_id, merge.into_id])
        hold_own_attributes()
        _demand_last(standing_merge(merge.goes))
        went = _went(opened, merge)
        done = replace(_made_two(merge, by, because, at), went=went)
        if are_two:
            say_different(merge.goes_id, merge.into_id, by=by, because=because)
        else:
            reopen_pair(merge.goes_id, merge.into_id)
    note_access(by, door="unmerge", because=because, rows=1, customer_id=merge.goes_id)
    return done


def gather_late(*, at: datetime) -> int:
    """How many merges had orders come in under the old name since: an import that was under way knew no other. They go
    over like the rest; for the night, before anything is counted.
    """
    late = merges_with_late_orders()
    for merge in late:
        with transaction.atomic():
            shut_batches_out()
            there = hold([merge.goes_id, merge.into_id])
            if there.get(merge.into_id):
                _go_over(merge.id, merge.goes_id, merge.into_id, at)
    return len(late)


def _both(goes: str, into: str, by: Asker, because: str) -> tuple[Opened, CustomerFacts, Opened, CustomerFacts]:
    """Both files, opened as anybody opens them; NotThere and Denied as for that."""
    demand_deciding(by, door=DOOR, because=because)
    demand_short(because)
    going, going_facts = open_customer(goes, by=by, because=because)
    staying, staying_facts = open_customer(into, by=by, because=because)
    if going.id == staying.id:
        raise BadInput("pair_of_one")
    if going_facts.invented != staying_facts.invented:
        raise BadInput("merge_of_invented", {"one": going.number, "other": staying.number})
    return going, going_facts, staying, staying_facts


def _demand_reason(because: str) -> None:
    if not because.strip():
        raise BadInput("nothing_said", {"field": "because"})
    demand_short(because)


def _demand_last(merge: MergeFacts) -> None:
    """Who stayed has not gone herself since."""
    if not is_there(merge.into_id):
        raise BadInput("merged_further", {"number": merge.into})


def _made_one(
    going: Opened, staying: Opened, chosen: Chosen | None, by: Asker, because: str, at: datetime
) -> MergeDone:
    """Within the transaction."""
    found = _merged(going.id, staying.id, chosen)
    before, theirs, entry = choices.said_of(staying.id), choices.said_of(going.id), choices.newest_entry()
    columns = {who: one.columns for who, one in known_of([going.id, staying.id]).items()}
    taken = [one for one in found.winners if one.side == "from"]
    decided = [one for one in found.winners if one.because == "chosen"]
    said = put_together(staying.id, going.id, columns, _columns(taken), _columns(decided), by=by, at=at)
    changed = rewrite_record(staying.id, columns[staying.id], found.columns, by=by, door=DOOR, at=at)
    closings = to_close(before, theirs, choices.said_of(staying.id))
    closed = choices.close(staying.id, closings, before, by=by, at=at)
    own = tuple(spell_own_out(going.id, staying.id))
    lines, score = lines_of(staying.id), take_score(going.id)
    marks, kept = newest_rows(BELONGINGS), Kept(changed, tuple(closed), entry, said, own, lines, score)
    merge = note_merge(going.id, staying.id, kept, marks, by=by, because=because, at=at)
    rows = _go_over(merge, going.id, staying.id, at)
    believe_own_anew([staying.id], by=by, through=DOOR, at=at)
    out_of_sight(going.id, at=at)
    cancel_waiting(staying.id, at=at, by=by)
    compare_again(staying.id)
    say_merged(going.id, staying.id, by=by, because=because)
    return MergeDone(going.number, staying.number, _counted(rows), tuple(one.scope for one in closings))


def _go_over(merge: int, goes: int, into: int, at: datetime) -> Rows:
    """What she has, as far as there is room for it; the figures of both follow."""
    months = months_of(goes, zone=company().timezone)
    rows = hand_over(BELONGINGS, goes, into)
    note_rows(merge, rows)
    _count_anew((goes, into), months, at)
    return rows


def _made_two(merge: MergeFacts, by: Asker, because: str, at: datetime) -> MergeUndone:
    """Within the transaction."""
    before = found_by([merge.into_id])
    kept, rows, marks = kept_of(merge), rows_of(merge.id), marks_of(merge.id)
    noes = choices.noes_since(merge.into_id, kept.entry)
    in_sight_again(merge.goes_id)
    put_score_back(kept.score)
    back = hand_over(BELONGINGS, merge.into_id, merge.goes_id, _with_who_said_it_too(merge, rows, marks))
    later = [one for one in merges_into(merge.into_id) if one.id > merge.id]
    holding = _rows_back(merge, kept, rows, later)
    back = _put_together(back, _with_her_orders(merge))
    back = _put_together(back, _by_source(merge, kept, marks, later))
    back = _put_together(back, _her_events(merge, marks, later))
    stays = _as_before(merge, kept, later, holding, by, at)
    note_undone(merge, by=by, because=because)
    compare_again(merge.goes_id, merge.into_id)
    choices.take_back(merge.into_id, kept.closed, by=by, at=at)
    said = choices.say_again(merge.goes_id, noes, by=by, at=at)
    _others_again(merge.into_id, by, at)
    found_apart(before, merge.into_id, merge.goes_id)
    _count_anew((merge.goes_id, merge.into_id), months_of(merge.goes_id, zone=company().timezone), at)
    stayed = _counted(came_since(BELONGINGS, marks, merge.into_id))
    return MergeUndone(merge.goes, merge.into, _counted(back), stayed | _lines_since(merge, kept, later), stays, said)


def _two(merge: MergeFacts) -> tuple[int, int]:
    return merge.into_id, merge.goes_id


def _rows_back(merge: MergeFacts, kept: Kept, rows: Rows, later: Sequence[MergeFacts]) -> list[Kept]:
    """What sources say is told of each by herself again; what is kept of later merges now."""
    went = {int(number) for (number,) in rows.get("field_said", [])}
    holding = [kept_of(one) for one in later]
    said = [(one.at, held.said) for one, held in zip(later, holding, strict=True)]
    told = rows_back(_two(merge), kept.said, went, said, since=merge.at)
    return [replace(held, said=said) for held, said in zip(holding, told, strict=True)]


def _with_her_orders(merge: MergeFacts) -> Rows:
    """What came to an order that is hers again, or took something of it back, goes with it."""
    return hand_over(BELONGINGS, merge.into_id, merge.goes_id, of_orders_of(merge.goes_id, merge.into_id))


def _by_source(merge: MergeFacts, kept: Kept, marks: Mapping[str, int], later: Sequence[MergeFacts]) -> Rows:
    """Whatever came since from a source that knows only her is hers, but for what a later merge brought."""
    hers, others = sources_that_know(merge.goes_id), sources_that_know(merge.into_id)
    found = of_sources(BELONGINGS, hers - others, merge.into_id, since=merge.at)
    since = {
        table: [key for key in keys if int(key[0]) > marks[table]] for table, keys in found.items() if table in marks
    }
    points = {key[0] for key in since["contact_point"]}
    since["contact_point_said"] = [key for key in found["contact_point_said"] if key[0] in points]
    since["order_line"] = [key for key in found["order_line"] if key[0] not in kept.lines]
    for table, keys in _brought(later).items():
        brought = set(keys)
        since[table] = [key for key in since.get(table, ()) if key not in brought]
    return hand_over(BELONGINGS, merge.into_id, merge.goes_id, since)


def _with_who_said_it_too(merge: MergeFacts, rows: Rows, marks: Mapping[str, int]) -> Rows:
    """The rows that went over, and of ways that came since by her reference who else says so."""
    since = {key[0] for key in rows.get("contact_point", ()) if int(key[0]) > marks["contact_point"]}
    said = of_customer(BELONGINGS, "contact_point_said", merge.into_id) if since else []
    return _put_together(rows, {"contact_point_said": [key for key in said if key[0] in since]})


def _her_events(merge: MergeFacts, marks: Mapping[str, int], later: Sequence[MergeFacts]) -> Rows:
    """What happened since under what her sources call her, or on a device that is hers alone again, is hers, but for
    what a later merge brought."""
    brought = set(_brought(later).get("event", ()))
    since = events_about(merge.goes_id, merge.into_id, after=marks["event"])
    rows: Rows = {"event": [key for key in since if key not in brought]}
    return hand_over(BELONGINGS, merge.into_id, merge.goes_id, rows)


def _brought(later: Sequence[MergeFacts]) -> Rows:
    """Table → the rows that came over with these."""
    brought: Rows = {}
    for one in later:
        brought = _put_together(brought, rows_of(one.id))
    return brought


def _went(opened: Opened, merge: MergeFacts) -> tuple[Went, ...]:
    """What was sent to the two while they were one; what another merge brought was sent to somebody else."""
    later = [one for one in merges_into(merge.into_id) if one.id > merge.id]
    theirs = {key for (key,) in [*rows_of(merge.id).get("contact", ()), *_brought(later).get("contact", ())]}
    return went_since(opened, merge.at, but=theirs)


def _lines_since(merge: MergeFacts, kept: Kept, later: Sequence[MergeFacts]) -> dict[str, int]:
    """How many order lines stay with who stayed that neither she had nor a later merge brought."""
    brought = {line for line, _ in _brought(later).get("order_line", [])}
    since = set(lines_of(merge.into_id)) - set(kept.lines) - brought
    return {"order_line": len(since)} if since else {}


def _as_before(
    merge: MergeFacts, kept: Kept, later: Sequence[MergeFacts], holding: Sequence[Kept], by: Asker, at: datetime
) -> tuple[str, ...]:
    """Both records say what they said, but for what was said or changed since; the columns that were, and stay so."""
    now = known_of([merge.into_id])[merge.into_id].columns
    found = undone(kept.fields, now, [one.fields for one in holding], _parts(later))
    rewrite_record(merge.into_id, now, {**now, **found.columns}, by=by, door="unmerge", at=at)
    still = take_apart(_two(merge), kept.said, [one.said for one in holding], since=merge.at, by=by, at=at)
    own_values_apart(*_two(merge), by=by, through="unmerge", at=at)
    believe_own_anew(_two(merge), by=by, through="unmerge", at=at)
    left = tuple(unspell_own(kept.own, two=_two(merge), since=merge.at))
    for one, held, fields in zip(later, holding, found.later, strict=True):
        keep(one, replace(held, fields=fields, own=(*held.own, *left)))
        left = ()
    for one in (one for who in _two(merge) for one in merges_into(who) if one.id != merge.id):
        keep(one, settled_anew(kept_of(one), still))
    after = known_of([merge.into_id])[merge.into_id].columns
    return tuple(name for name in found.stays if after[name] != kept.fields[name][0])


def _parts(merges: Sequence[MergeFacts]) -> list[Mapping[str, Any]]:
    """What the record of each says who went."""
    known = known_of([one.goes_id for one in merges])
    return [known[one.goes_id].columns for one in merges]


def _others_again(into: int, by: Asker, at: datetime) -> None:
    """Of those who are still her parts, what had no room beside the one who left comes over, what they say stands where
    nobody else says anything any more, and what they closed is closed still."""
    for one in merges_into(into):
        _go_over(one.id, one.goes_id, into, at)
        _says_still(one, by, at)
        now = choices.said_of(into)
        closed = choices.close(into, to_close(now, choices.said_of(one.goes_id), now), now, by=by, at=at)
        if closed:
            held = kept_of(one)
            keep(one, replace(held, closed=(*held.closed, *closed)))
    believe_own_anew([into], by=by, through="unmerge", at=at)


def _says_still(one: MergeFacts, by: Asker, at: datetime) -> None:
    known = known_of([one.goes_id, one.into_id])
    now, held = known[one.into_id].columns, kept_of(one)
    only = alone_said(known[one.into_id], known[one.goes_id], but=held.fields)
    if changed := rewrite_record(one.into_id, now, {**now, **only}, by=by, door="unmerge", at=at):
        keep(one, replace(held, fields={**held.fields, **changed}))


def _columns(winners: Iterable[Winner]) -> frozenset[str]:
    return frozenset(column for one in winners for column in FIELDS[one.field])


def _merged(goes: int, into: int, chosen: Chosen | None) -> Merged:
    known = known_of([goes, into])
    return merged(known[into], known[goes], on=today(), chosen=chosen)


def _law(found: Merged, into: int) -> dict[str, Any]:
    """The law and the age of who stays, as they would be."""
    columns = found.columns
    return {
        "jurisdiction": columns["jurisdiction"],
        "youth": choices.youth_under(columns["jurisdiction"], columns["country"], columns["birth_on"], today()),
    }


def _count_anew(customers: Collection[int], months: Collection[date], at: datetime) -> None:
    recount(np.array(sorted(customers), np.int64))
    count_events_anew(customers)
    touch_months(months, at=at)


def _put_together(one: Rows, other: Rows) -> Rows:
    return {table: [*one.get(table, []), *other.get(table, [])] for table in one.keys() | other.keys()}


def _counted(rows: Rows) -> dict[str, int]:
    return {table: len(keys) for table, keys in sorted(rows.items())}
