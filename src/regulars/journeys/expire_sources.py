"""Data that may no longer be kept goes by itself: what only an expired source said, and whoever only it knew of.

Whom nobody else ever spoke of, and with whom nothing ever happened, is erased like anybody who asks for it: the key is
destroyed, and no copy of the database can be read. Of everybody else, what other sources said stays.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from regulars.journeys.erase_customer import erase_customer
from regulars.records.access_log.actions import note_deed, note_denial
from regulars.records.company.access import company
from regulars.records.customers.expiring import (
    add_up_again,
    let_go_of,
    let_go_of_parts,
    settle_again,
    still_said,
    whom_it_told_of,
    with_nothing_else,
)
from regulars.records.customers.origins import TOLD
from regulars.records.customers.whole_records import hold, in_sight_meanwhile
from regulars.records.groups.contacts import close_empty_companies
from regulars.records.intake.access import SourceFacts, sources
from regulars.records.intake.actions import BELIEVED, note_believed, say_rule
from regulars.records.merging.merges import keep_less, merges_with
from regulars.records.own_attributes.actions import forget_values_of_source, settle_own_again
from regulars.records.set_aside.forgetting import forget_rows_of_source
from regulars.rules.intake.choosing import thing_of
from regulars.rules.intake.sources import USUAL_TRUST, has_expired
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

NIGHT: Final = Asker("night shift", "house", "personal", "oversight")
#: What a rule may be said of: fields, or what is chosen together.
THINGS: Final = tuple(dict.fromkeys(thing_of(field) for field in TOLD))
BECAUSE: Final = "source expired"


def expire_sources(*, at: datetime) -> dict[str, int]:
    """Source → how many customers something of it went of now. Killed and called again, it goes on.

    Each batch stands in the privacy log, with the source and how many; each person erased, by herself.
    """
    today = at.astimezone(ZoneInfo(company().timezone)).date()
    expired = [one for one in sources(by=NIGHT) if has_expired(one.expires_on, today)]
    gone = {one.ref: _expire(one, at) for one in expired}
    return {ref: count for ref, count in gone.items() if count}


def believe_anew(*, at: datetime) -> int:
    """How many records show something else, because a source is trusted otherwise than when they were told, or they
    were told before allergies added up."""
    changed = add_up_again(by=NIGHT, at=at)
    for one in sources(by=NIGHT):
        if one.settings.get(BELIEVED, USUAL_TRUST) != one.trust:
            changed += settle_again(one.id, by=NIGHT, at=at) + settle_own_again(one.id, by=NIGHT, at=at)
            note_believed(one.id, one.trust)
    return changed


def believe_by(thing: str, rule: str, *, by: Asker, at: datetime) -> int:
    """The best source of that thing is chosen by that rule from now on; how many records show something else for it.

    For the data steward. BadInput for a thing no source speaks of, or a rule there is none of.
    """
    if by.role != "steward":
        note_denial(by, door="intake.say_rule", because="origins")
        raise Denied("rules_are_the_stewards")
    if thing not in THINGS:
        raise BadInput("no_such_thing", {"thing": thing[:40], "known": ", ".join(THINGS)})
    say_rule(thing, rule, by=by)
    return settle_again(by=NIGHT, at=at)


def _expire(source: SourceFacts, at: datetime) -> int:
    total, after = 0, 0
    while some := whom_it_told_of(source.id, after=after):
        ids, numbers = [who for who, _ in some], dict(some)
        alone = set(with_nothing_else(source.id, ids))
        for number in sorted(alone):
            erase_customer(number, by=NIGHT, because=BECAUSE, reference=source.ref[:60], at=at)
        _let_go(source, [who for who in ids if numbers[who] not in alone], erased=len(alone), at=at)
        total, after = total + len(some), ids[-1]
    after = 0
    while some := whom_it_told_of(source.id, after=after, merged_away=True):
        _let_go(source, [who for who, _ in some], erased=0, at=at, merged_away=True)
        after = some[-1][0]
    close_empty_companies(source.id, by=NIGHT)
    forget_rows_of_source(source.id)
    return total


def _let_go(
    source: SourceFacts, ids: list[int], *, erased: int, at: datetime, merged_away: bool = False
) -> None:  # fmt: skip
    """The transaction: what the source said of them is gone, from what is kept for undoing their merges too, and the
    log says so.
    """
    with transaction.atomic():
        merges = merges_with(ids)
        hold({*ids, *(one.goes_id for one in merges), *(one.into_id for one in merges)})
        with in_sight_meanwhile(ids if merged_away else []):
            forget_values_of_source(source.id, ids)
            gone = let_go_of(source.id, ids, by=NIGHT, at=at)
        if merged_away:
            let_go_of_parts(gone, by=NIGHT, at=at)
        for one in merges_with(ids):
            said = still_said([one.goes_id, one.into_id]).values()
            mine = {*gone.get(one.goes_id, ()), *gone.get(one.into_id, ())}
            things = {thing_of(field) for field, _ in mine}
            keep_less(one, source.id, mine - {each for told in said for each in told}, things)
        detail: dict[str, str | int | bool | None] = {"expired": str(source.expires_on), "customers": len(ids)}
        note_deed(NIGHT, deed="retention", subject=f"source {source.ref}", detail=detail | {"erased": erased})
