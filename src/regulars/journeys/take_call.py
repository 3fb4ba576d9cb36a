"""The phone rings: telephony says who calls, the agent sees whom it may be, and what was said goes on the timeline.

The number itself is kept sealed and only until the call is over. Whom it may be is asked when somebody looks, through
her own view; nobody is told of a customer she may not see.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from regulars.journeys.recognise_likely import LikelyCustomer, recognise_likely
from regulars.journeys.serve_customer import note_touchpoint
from regulars.records.access_log.actions import note_denial
from regulars.records.company.access import branches, company
from regulars.records.staff.access import everybody
from regulars.records.touchpoints.calls import (
    Ringing,
    call_begins,
    call_ends,
    call_for,
    calls_ringing,
    settle_call,
)
from regulars.rules.cleaning.phones import clean_phone
from regulars.rules.identity.marks import Told
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied

BECAUSE = "call"
MAY_ANSWER = frozenset({"service"})
LONGEST, SHORTEST = 64, 3  # of the house's own lines some have three digits


@dataclass(frozen=True, slots=True)
class WhoCalls:
    """A call, and those it may be who calls; several where a number is several people's, nobody where it is new."""

    call: Ringing
    likely: tuple[LikelyCustomer, ...]


def call_comes(
    caller: str, ref: str, *, agent: str = "", branch: str = "", line: str = "", by: Asker
) -> int:  # fmt: skip
    """The number of the call, which the agent (or whoever answers at the branch) sees at once; told twice, it is one.

    `caller` is the number as telephony has it, "" where it is withheld; `ref` is what telephony calls the call. Denied
    for who does not serve customers, BadInput for an agent or branch nobody knows.
    """
    _may_answer(by)
    number = _number(caller[: 4 * LONGEST])
    owner, place = _agent(agent), _branch(branch)
    return call_begins(
        uuid5(NAMESPACE_URL, f"regulars call|{by.name}|{ref}"), number, staff_id=owner, branch_id=place, line=line,
        at=timezone.now(),
    )  # fmt: skip


def call_is_over(ref: str, *, by: Asker) -> bool:
    """Whether the call was known; it rings for nobody any more."""
    _may_answer(by)
    return call_ends(uuid5(NAMESPACE_URL, f"regulars call|{by.name}|{ref}"), at=timezone.now())


def ringing_for(*, by: Asker) -> list[Ringing]:
    """Calls that ring for this agent now, the newest first. Tells of nobody; asks one question."""
    return calls_ringing(by=by, at=timezone.now())


def who_calls(call_id: int, *, by: Asker) -> WhoCalls:
    """The call and those it may be, as far as the agent's view shows them. Logged; NotThere for a call not hers."""
    _may_answer(by)
    call = call_for(call_id, by=by)
    told = Told(phones=(call.phone,)) if call.phone else None
    found = recognise_likely(told, by=by, because=BECAUSE) if told else []
    return WhoCalls(call, tuple(one for one in found if _by_phone(one)))


def note_call(
    call_id: int, number: str, *, title: str, detail: str, code: str = "", branch_id: int | None, by: Asker,
    at: datetime,
) -> int:  # fmt: skip
    """The id of the touchpoint on the customer's timeline; the call is over, and its number is kept no longer."""
    _may_answer(by)
    call_for(call_id, by=by)
    with transaction.atomic():
        made = note_touchpoint(
            number, kind="call", channel="phone", title=title, detail=detail, code=code, branch_id=branch_id, by=by,
            at=at, because=BECAUSE,
        )  # fmt: skip
        settle_call(call_id, by=by, touchpoint_id=made, at=timezone.now())
    return made


def put_call_away(call_id: int, *, by: Asker) -> None:
    """The call rings for nobody any more, and its number is kept no longer."""
    _may_answer(by)
    call_for(call_id, by=by)
    settle_call(call_id, by=by, touchpoint_id=None, at=timezone.now())


def _by_phone(one: LikelyCustomer) -> bool:
    """The whole number is hers: of a caller nothing else is known, and part of a number is nobody's."""
    return any(step.comparison == "phone" and step.level == "same" for step in one.steps)


def _may_answer(by: Asker) -> None:
    if by.role not in MAY_ANSWER:
        note_denial(by, door="take_call", because=BECAUSE)
        raise Denied("calls_not_for_this_role")


def _number(caller: str) -> str:
    """The number as it is kept: as dialled at home where it has no country's code, its digits alone where nobody has
    such a number, "" where it is withheld."""
    found = clean_phone(caller, company().country).value if caller else None
    digits = re.sub(r"\D", "", caller)
    return found.number if found else digits if len(digits) >= SHORTEST else ""


def _agent(username: str) -> int | None:
    if not username:
        return None
    found = next((one.id for one in everybody() if one.username == username), None)
    if found is None:
        raise BadInput("no_such_staff", {"username": username})
    return found


def _branch(ref: str) -> int | None:
    if not ref:
        return None
    found = next((one.id for one in branches() if one.ref == ref), None)
    if found is None:
        raise BadInput("branch_unknown", {"branch": ref})
    return found
