"""Households that are proposed: two who seem to live together wait until somebody says so, or that they do not.

Who compares customers puts them up; nobody belongs to a household by that. Nothing is told of a pair of which the asker
does not see both, and whoever was refused together is not proposed together again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import transaction
from django.utils import timezone

from regulars.connections.postgres.asking import WRITER, ask
from regulars.records.access_log.actions import note_access, note_change, note_denial
from regulars.records.customers.within_reach import Named, within_reach
from regulars.records.groups.models import HouseholdPair
from regulars.records.watched.access import protected_among
from regulars.rules.groups.together import households_of
from regulars.rules.identity.model import Match, Step
from regulars.rules.identity.pairs import match_told, steps_as_told
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied, NotThere

DECIDING: Final = frozenset({"steward"})
WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"
AT_ONCE: Final = 5_000
#: So many pairs are looked at for one page.
LOOKED_AT: Final = 2_000
_IN_ONE: Final = """
SELECT FROM group_member m JOIN group_member o USING (group_id) JOIN customer_group g ON g.id = group_id
 WHERE m.customer_id = t.low_id AND o.customer_id = t.high_id AND g.kind = 'household'
   AND m.until_on IS NULL AND o.until_on IS NULL
"""
_PUT: Final = f"""
WITH told AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[])
             AS t (low_id, high_id, probability, steps)),
alive AS (
    SELECT id FROM customer WHERE id IN (SELECT low_id FROM told UNION SELECT high_id FROM told)
       AND erased_at IS NULL ORDER BY id FOR KEY SHARE)
INSERT INTO household_pair (low_id, high_id, probability, steps, put_at, state, decided_by, because)
SELECT t.low_id, t.high_id, t.probability, t.steps::jsonb, %s, 'waiting', '', ''
  FROM told t JOIN alive a ON a.id = t.low_id JOIN alive b ON b.id = t.high_id
 WHERE NOT EXISTS ({_IN_ONE}) ORDER BY t.low_id, t.high_id
ON CONFLICT (low_id, high_id) DO UPDATE SET probability = excluded.probability, steps = excluded.steps
 WHERE household_pair.state = 'waiting'
RETURNING (xmax = 0)
"""  # noqa: S608  (our own)
_WAITING: Final = f"""
SELECT low_id, high_id, probability, steps FROM household_pair t
 WHERE state = 'waiting' AND NOT EXISTS ({_IN_ONE}) ORDER BY probability DESC, id LIMIT {LOOKED_AT}
"""  # noqa: S608  (our own)

_REFUSED: Final = """
SELECT low_id, high_id FROM household_pair WHERE state = 'refused' AND low_id = ANY (%s) AND high_id = ANY (%s)
"""
_WHO: Final = "SELECT t.customer_id, c.number, c.name, c.city, c.invented FROM unnest(%s::bigint[]) t (customer_id)"
#: A household is of two at least.
TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Tie:
    """Two customers, the lower id first, how likely they are two of one household, and what was compared."""

    low: int
    high: int
    probability: float
    match: Match


@dataclass(frozen=True, slots=True)
class ProposedHousehold:
    """Some who seem to live together, as the asker sees them, why, and how likely the least likely tie is."""

    members: tuple[Named, ...]
    reasons: tuple[Step, ...]
    probability: float


def put_up_households(ties: Iterable[Tie]) -> int:
    """How many pairs wait that did not before. Those decided before stay decided, and who shares a household already is
    passed by."""
    told = list(ties)
    return sum(_put(told[first : first + AT_ONCE]) for first in range(0, len(told), AT_ONCE))


def proposed_households(*, by: Asker, because: str, limit: int = 50) -> list[ProposedHousehold]:
    """The households that are proposed, the likeliest first; for the data steward. Of whom the asker does not see
    nothing is told, and nothing of a household of which she sees one."""
    demand_proposing(by, because=because)
    found = _seen(by)[:limit]
    note_access(by, door="proposed_households", because=because, rows=sum(len(one.members) for one in found))
    return found


def decide_households(numbers: Iterable[str], *, accepted: bool, by: Asker, because: str, at: datetime) -> None:
    """Every pair of these that waits is decided. NotThere unless all of them are proposed together to this asker."""
    demand_proposing(by, because=because)
    wanted = frozenset(numbers)
    if not any(wanted <= {one.number for one in household.members} for household in _seen(by)) or len(wanted) < TWO:
        raise NotThere("household_not_proposed")
    state = ACCEPTED if accepted else REFUSED
    with transaction.atomic():
        waiting = HouseholdPair.objects.filter(
            state=WAITING, low__number__in=wanted, high__number__in=wanted
        ).select_for_update(of=("self",))
        for pair in list(waiting):
            HouseholdPair.objects.filter(id=pair.id).update(
                state=state, decided_by=by.name, decided_at=at, because=because
            )
            for who in (pair.low_id, pair.high_id):
                note_change(
                    by, door="propose_household", subject="household_pair", field="state", old=WAITING, new=state,
                    customer_id=who,
                )  # fmt: skip


def demand_proposing(by: Asker, *, because: str) -> None:
    """Denied, and the denial logged, for who does not decide about proposed households."""
    if by.role not in DECIDING:
        note_denial(by, door="proposed_households", because=because)
        raise Denied("groups_not_for_this_role")


def forget_proposals(customer_id: int) -> int:
    """How many proposals with her are gone: for erasing her."""
    found = (HouseholdPair.objects.filter(**{side: customer_id}) for side in ("low_id", "high_id"))
    return sum(one.delete()[0] for one in found)


def _put(ties: Sequence[Tie]) -> int:
    low, high = [one.low for one in ties], [one.high for one in ties]
    steps = [orjson.dumps(steps_as_told(one.match)).decode() for one in ties]
    rows = ask(WRITER, _PUT, [low, high, [one.probability for one in ties], steps, timezone.now()])
    return sum(bool(new) for (new,) in rows)


def _seen(by: Asker) -> list[ProposedHousehold]:
    rows = ask(WRITER, _WAITING, [])
    names = _named({one for row in rows for one in row[:2]}, by)
    apart = frozenset((low, high) for low, high in ask(WRITER, _REFUSED, [sorted(names), sorted(names)]))
    seen = [row for row in rows if row[0] in names and row[1] in names]
    by_pair = {(low, high): (chance, _steps(told)) for low, high, chance, told in seen}
    found = []
    for ids in households_of(by_pair, apart):
        ties = [told for (low, high), told in by_pair.items() if {low, high} <= ids]
        reasons = dict.fromkeys(step for _, steps in ties for step in steps if step.bits > 0)
        strongest = {(step.comparison, step.level): step for step in reasons}
        members = tuple(names[one] for one in sorted(ids))
        found.append(ProposedHousehold(members, tuple(strongest.values()), min(chance for chance, _ in ties)))
    return found


def _steps(told: Any) -> tuple[Step, ...]:
    return match_told(orjson.loads(told) if isinstance(told, str) else told).steps


def _named(ids: Iterable[int], by: Asker) -> dict[int, Named]:
    """Those of these whom the asker could open one by one; whoever is protected from her looks as if not there."""
    reach, values = within_reach(by)
    question = f"{_WHO} JOIN LATERAL ({reach}) c ON true"
    rows = ask(by.view, question, [sorted(ids), *values])
    hidden = protected_among([row[0] for row in rows]) if rows and by.role != "officer" else frozenset()
    return {row[0]: Named(*row[1:]) for row in rows if row[0] not in hidden}
