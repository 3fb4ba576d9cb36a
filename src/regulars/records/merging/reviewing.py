"""The doors of the review queue: pairs that may be one person are put up, looked at, and decided by a person.

Who finds pairs (the batch, a clerk) puts them up; nothing here merges anybody. Whoever is confirmed to be two persons
stays two, however alike the next batch finds them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

import orjson
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask, ask_one
from regulars.records.access_log.actions import note_access, note_change, note_denial
from regulars.records.customers.keys import cursor_of
from regulars.records.customers.within_reach import Named, named
from regulars.records.merging.models import DIFFERENT, LATER, MERGED, WAITING, DifferentPair, ReviewPair
from regulars.rules.identity.model import Match
from regulars.rules.identity.pairs import DoubtfulPair, in_order, match_told, steps_as_told
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

#: Who cares for records decides who is one person.
DECIDING: Final = frozenset({"steward", "officer"})
AT_ONCE: Final = 5_000
LONGEST: Final = 400
# Whoever is erased at this very moment is waited for, and then passed by.
_PUT: Final = """
WITH told AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::text[])
             AS t (low_id, high_id, bits, probability, steps)),
alive AS (
    SELECT id, invented FROM customer WHERE id IN (SELECT low_id FROM told UNION SELECT high_id FROM told)
       AND erased_at IS NULL ORDER BY id FOR KEY SHARE)
INSERT INTO review_pair (low_id, high_id, bits, probability, steps, found_by, put_at, state, decided_by, because)
SELECT t.low_id, t.high_id, t.bits, t.probability, t.steps::jsonb, %s, %s, 'waiting', '', ''
  FROM told t JOIN alive a ON a.id = t.low_id JOIN alive b ON b.id = t.high_id AND b.invented = a.invented
 WHERE NOT EXISTS (SELECT FROM different_pair d WHERE d.low_id = t.low_id AND d.high_id = t.high_id)
 ORDER BY t.low_id, t.high_id
ON CONFLICT (low_id, high_id) DO UPDATE SET bits = excluded.bits, probability = excluded.probability,
       steps = excluded.steps WHERE review_pair.state IN ('waiting', 'later')
RETURNING (xmax = 0)
"""
_WAITING: Final = """
SELECT id, low_id, high_id, bits, probability, steps, found_by, put_at, state FROM review_pair
 WHERE state IN ('waiting', 'later') ORDER BY state = 'later', bits DESC, id LIMIT %s OFFSET %s
"""
_ONE: Final = """
SELECT id, low_id, high_id, bits, probability, steps, found_by, put_at, state FROM review_pair WHERE id = %s
"""
_COUNTED: Final = "SELECT count(*) FROM review_pair WHERE state = ANY (%s)"


@dataclass(frozen=True, slots=True)
class PairInQuestion:
    """Two who may be one: who they are as the asker's view shows them, and what the model says of them."""

    id: int
    low_id: int
    high_id: int
    one: Named
    other: Named
    match: Match
    bits: float
    probability: float
    found_by: str
    put_at: datetime
    state: str


def put_up_for_review(pairs: Iterable[DoubtfulPair], *, by: Asker) -> int:
    """How many pairs wait for a person's eyes that did not before.

    One that waits already gets the new figures. Those decided before stay decided; two confirmed as different are not
    put up again, nor is anybody who is erased, nor somebody real with somebody invented, who never become one.
    """
    return sum(_put(part, by) for part in _parts(pairs))


def pairs_in_review(*, by: Asker, because: str, limit: int = 50, offset: int = 0) -> tuple[int, list[PairInQuestion]]:
    """How many pairs wait, and the first of them, the surest first and those put off last.

    For stewards and officers. A pair of which the asker's view shows one only is counted and not told.
    """
    demand_deciding(by, door="pairs_in_review", because=because)
    shown = _told(ask(WRITER, _WAITING, [limit, offset]), by)
    note_access(by, door="pairs_in_review", because=because, rows=2 * len(shown))
    return pairs_waiting(), shown


def pair_in_review(pair: int, *, by: Asker, because: str) -> PairInQuestion:
    """One pair; NotThere when there is none, or the asker's view does not show both."""
    demand_deciding(by, door="pair_in_review", because=because)
    found = _told(ask(WRITER, _ONE, [pair]), by)
    note_access(by, door="pair_in_review", because=because, rows=2 * len(found))
    if not found:
        raise NotThere("pair_not_there")
    return found[0]


def pairs_waiting() -> int:
    """How many pairs wait, those put off among them."""
    counted = ask_one(WRITER, _COUNTED, [[WAITING, LATER]])
    return int(counted[0]) if counted else 0


def put_off(pair: int, *, by: Asker) -> None:
    """The pair is looked at after all others; NotThere when it is decided."""
    demand_deciding(by, door="put_off", because="review of pairs")
    with transaction.atomic():
        _decide(ReviewPair.objects.filter(id=pair), LATER, by, "")


def say_different(one: int, other: int, *, by: Asker, because: str) -> None:
    """The two are two persons: nothing puts them up again or merges them by itself. Saying so twice changes nothing."""
    demand_deciding(by, door="say_different", because=because)
    demand_short(because)
    low, high = _two(one, other)
    with transaction.atomic():
        told = {"said_by": by.name, "said_at": timezone.now(), "because": because}
        _, new = DifferentPair.objects.get_or_create(low_id=low, high_id=high, defaults=told)
        _decide_pair(low, high, DIFFERENT, by, because)
        if new:
            _note(by, "different_pair", low, high, None, DIFFERENT)


def take_back_different(one: int, other: int, *, by: Asker, because: str) -> None:
    """They may be one after all, and wait for a decision again; NotThere when nobody had said they were two."""
    demand_deciding(by, door="take_back_different", because=because)
    low, high = _two(one, other)
    with transaction.atomic():
        if not DifferentPair.objects.filter(low_id=low, high_id=high).delete()[0]:
            raise NotThere("pair_not_there")
        ReviewPair.objects.filter(low_id=low, high_id=high, state=DIFFERENT).update(state=WAITING)
        _note(by, "different_pair", low, high, DIFFERENT, None)


def are_different(one: int, other: int) -> bool:
    """Whether a person has said that they are two."""
    low, high = in_order(one, other)
    return DifferentPair.objects.filter(low_id=low, high_id=high).exists()


def say_merged(one: int, other: int, *, by: Asker, because: str) -> None:
    """The pair, if it waits, waits no more: the two are one."""
    _decide_pair(*in_order(one, other), MERGED, by, because)


def _decide_pair(low: int, high: int, state: str, by: Asker, because: str) -> None:
    waiting = ReviewPair.objects.filter(low_id=low, high_id=high)
    if waiting.filter(state__in=(WAITING, LATER)).exists():
        _decide(waiting, state, by, because)


def reopen_pair(one: int, other: int) -> None:
    """What was merged by this decision is two again, and waits for another one."""
    low, high = in_order(one, other)
    ReviewPair.objects.filter(low_id=low, high_id=high, state=MERGED).update(state=WAITING, decided_at=None)


def forget_pairs(customer_id: int) -> int:
    """How many pairs with her are gone: for erasing her."""
    found = (kind.objects.filter(**{side: customer_id}) for kind in (ReviewPair, DifferentPair) for side in _SIDES)
    return sum(rows.delete()[0] for rows in found)


_SIDES: Final = ("low_id", "high_id")


def demand_deciding(by: Asker, *, door: str, because: str) -> None:
    """Denied, and in the log, for who does not care for records."""
    if by.role not in DECIDING:
        note_denial(by, door=door, because=because)
        raise Denied("merging_is_for_stewards")


def demand_short(because: str) -> None:
    """BadInput for a reason that is a novel."""
    if len(because) > LONGEST:
        raise BadInput("said_too_much", {"field": "because", "most": LONGEST})


def _put(pairs: Sequence[DoubtfulPair], by: Asker) -> int:
    """Two batches at once put their pairs in one order, so they wait for each other and not both."""
    told = sorted({pair.ids: pair for pair in pairs if pair.one != pair.other}.items())
    if not told:
        return 0
    columns = (
        [low for (low, _), _ in told], [high for (_, high), _ in told], [one.match.bits for _, one in told],
        [one.match.probability for _, one in told],
        [orjson.dumps(steps_as_told(one.match)).decode() for _, one in told],
    )  # fmt: skip
    with transaction.atomic():
        rows = cursor_of("default").execute(_PUT, [*columns, by.name, timezone.now()]).fetchall()
        new = sum(bool(made) for (made,) in rows)
        if new:
            note_change(
                by, door="put_up_for_review", subject="review_pair", field="pairs", old=None, new=new, customer_id=None
            )
    return new


def _parts(pairs: Iterable[DoubtfulPair]) -> Iterator[list[DoubtfulPair]]:
    rest = iter(pairs)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _told(rows: Sequence[tuple[object, ...]], by: Asker) -> list[PairInQuestion]:
    who = named({int(one) for row in rows for one in row[1:3]}, by=by)  # type: ignore[call-overload]
    return [_pair(row, who) for row in rows if row[1] in who and row[2] in who]


def _pair(row: tuple[object, ...], who: dict[int, Named]) -> PairInQuestion:
    number, low, high, bits, probability, steps, found_by, put_at, state = row
    match = match_told(orjson.loads(steps) if isinstance(steps, str) else steps)  # type: ignore[arg-type]
    return PairInQuestion(number, low, high, who[low], who[high], match, bits, probability, found_by, put_at, state)  # type: ignore[arg-type, index]


def _two(one: int, other: int) -> tuple[int, int]:
    if one == other:
        raise BadInput("pair_of_one")
    return in_order(one, other)


def _decide(found: QuerySet[ReviewPair], state: str, by: Asker, because: str) -> None:
    waiting = found.select_for_update().filter(state__in=(WAITING, LATER)).first()
    if waiting is None:
        raise NotThere("pair_not_there")
    before, waiting.state, waiting.because = waiting.state, state, because
    waiting.decided_by, waiting.decided_at = by.name, timezone.now()
    waiting.save(update_fields=["state", "because", "decided_by", "decided_at"])
    _note(by, "review_pair", waiting.low_id, waiting.high_id, before, state)


def _note(by: Asker, subject: str, low: int, high: int, old: str | None, new: str | None) -> None:
    """In the change book of both."""
    for who in (low, high):
        note_change(by, door="review", subject=subject, field="state", old=old, new=new, customer_id=who)
