"""What has outlived its keep is counted, shown to the officer, and let go in batches.

A batch and its count are one transaction, and what is found is found anew each time: killed at any point, the next
night goes on where this one stopped. Rows stay where only a cell goes, so no figure about them changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from django.db import transaction
from django.db.models import F

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.access_log.actions import note_access, note_deed, note_denial
from regulars.records.customers.within_reach import named
from regulars.records.retention.models import RetentionRule
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.keeping import Keep
from regulars.rules.privacy.retention import Rule

AT_ONCE: Final = 2_000
SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands: what it takes, whether it lets go, how much it found when last counted, how much has gone."""

    key: str
    keep: Keep
    goes: bool
    found: int
    found_at: datetime | None
    gone: int
    gone_at: datetime | None


def standings(rules: Sequence[Rule], *, by: Asker) -> list[Standing]:
    """How every rule stands, as last counted."""
    _officer(by, "standings")
    held = {one.key: one for one in RetentionRule.objects.all()}
    unknown = RetentionRule()
    return [
        Standing(rule.key, rule.keep, one.goes, one.found, one.found_at, one.gone, one.gone_at)
        for rule in rules
        for one in (held.get(rule.key, unknown),)
    ]


def count_outlived(rules: Sequence[Rule], *, at: datetime) -> int:
    """How much has outlived its keep over all rules; each rule's own count is kept. Nothing goes."""
    total = 0
    for rule in rules:
        found = _count(rule, at)
        RetentionRule.objects.update_or_create(key=rule.key, defaults={"found": found, "found_at": at})
        total += found
    return total


def outlived(rule: Rule, *, by: Asker, because: str, at: datetime) -> tuple[int, list[str]]:
    """How much a rule would take now, and the numbers of the first customers it is about. The log says who asked."""
    _officer(by, "outlived")
    found = (ask(WRITER, f"{find} ORDER BY 1 LIMIT {SHOWN}", [rule.before(at)]) for find, _change in rule.steps)
    people = [who for _, who in chain.from_iterable(found)][:SHOWN]
    numbers = sorted(one.number for one in named({who for who in people if who is not None}, by=by).values())
    note_access(by, door="outlived", because=because, rows=len(numbers))
    return _count(rule, at), numbers


def let_go_from_now_on(rule: Rule, goes: bool, *, by: Asker, at: datetime) -> None:
    """What this rule finds goes with every night from now on, or is only watched again."""
    _officer(by, "let_go_from_now_on")
    with transaction.atomic():
        RetentionRule.objects.update_or_create(
            key=rule.key, defaults={"goes": goes, "changed_by": by.name, "changed_at": at}
        )
        note_deed(by, deed="retention", subject=rule.key, detail={"goes": goes, "keep": str(rule.keep)})


def let_go(rules: Sequence[Rule], *, by: Asker, at: datetime, at_once: int = AT_ONCE) -> dict[str, int]:
    """Rule → how much of it went now; only rules the officer let go, each in batches. Safe to kill and to repeat."""
    going = set(RetentionRule.objects.filter(goes=True).values_list("key", flat=True))
    gone = {rule.key: _let_go(rule, by, at, at_once) for rule in rules if rule.key in going}
    return {name: count for name, count in gone.items() if count}


def _let_go(rule: Rule, by: Asker, at: datetime, at_once: int) -> int:
    return sum(_step(rule, step, by, at, at_once) for step in rule.steps)


def _step(rule: Rule, step: tuple[str, str], by: Asker, at: datetime, at_once: int) -> int:
    total, (count, through) = 0, _batch(rule, step, by, at, at_once, 0)
    while count:
        total += count
        count, through = _batch(rule, step, by, at, at_once, through)
    return total


def _batch(
    rule: Rule, step: tuple[str, str], by: Asker, at: datetime, at_once: int, after: int
) -> tuple[int, int]:  # fmt: skip
    """How many rows with a higher number than `after` went, and the highest of them: a batch with its count and its
    line in the privacy log, or nothing of the three. Without `after` each batch would walk past all gone before it.
    """
    find, change = step
    chosen = f"SELECT id FROM ({find}) f (id, who) WHERE id > %s ORDER BY id LIMIT {int(at_once)}"  # noqa: S608  (compiled)
    question = f"WITH gone AS ({change} WHERE id IN ({chosen}) RETURNING id) SELECT count(*), max(id) FROM gone"  # noqa: S608
    with transaction.atomic():
        count, through = ask_one(WRITER, question, [rule.before(at), after]) or (0, None)
        if count:
            RetentionRule.objects.filter(key=rule.key).update(gone=F("gone") + count, gone_at=at)
            note_deed(by, deed="retention", subject=rule.key, detail={"gone": count, "keep": str(rule.keep)})
    return int(count), int(through or 0)


def _count(rule: Rule, at: datetime) -> int:
    counted = (f"SELECT count(*) FROM ({find}) f" for find, _change in rule.steps)  # noqa: S608  (compiled)
    return sum(int(row[0]) for one in counted if (row := ask_one(WRITER, one, [rule.before(at)])))


def _officer(by: Asker, door: str) -> None:
    if by.role != "officer":
        note_denial(by, door=door, because="retention")
        raise Denied("retention_is_the_officers")
