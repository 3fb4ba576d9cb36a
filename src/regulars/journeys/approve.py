"""A second person answers: the act is carried out just as it was proposed, or refused. Nobody answers her own.

The answer is written in the transaction of the act. Killed at any point, the proposal still waits, or all is done.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from regulars.journeys.disclose import release
from regulars.journeys.employ_staff import hire_staff
from regulars.journeys.erase_customer import erase_customer
from regulars.journeys.hand_out_release import ReleaseMade
from regulars.journeys.merge_customers import merge_customers
from regulars.journeys.need_to_know import ask_for_reason
from regulars.journeys.propose import ask_second, settled
from regulars.journeys.release_extract import NewExtract, declare_extract, release_extract
from regulars.journeys.release_figures import NewCube, declare_cube, release_figures
from regulars.journeys.rotate_keys import retire_key, rotate_keys
from regulars.journeys.write_statement import publish
from regulars.records.access_log.actions import note_refused_deed
from regulars.records.access_log.readings import key_of
from regulars.records.approvals.access import ProposalFacts, acts_of_two, proposal_facts, takes_two
from regulars.records.approvals.actions import refuse, set_four_eyes
from regulars.records.staff.tokens import tokens
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.permission.four_eyes import (
    ACTS,
    CUBE,
    ERASURE,
    EXTRACT,
    FEWER_EYES,
    KEYS,
    MERGE,
    NO_REASON,
    OLD_KEYS,
    RELEASE,
    ROLES,
    STATEMENT,
    WAITING,
    Approved,
    is_own,
)

LEAST_LETTERS: Final = 5
Told = Mapping[str, Any]


def approve(number: int, *, by: Asker, at: datetime) -> ReleaseMade | None:
    """The proposed act is carried out; a file where it was a release. Denied for one's own proposal and for all but
    officers; NotThere when it was answered before. What the act objects to is told, and the proposal waits on."""
    found = _waiting(number, by)
    return _CARRIED_OUT[found.act](found.told, by, at, Approved(number))


def turn_down(number: int, *, answer: str, by: Asker) -> None:
    """The proposal is refused with a reason, and nothing is done; one's own may be taken back."""
    found = _waiting(number, by, own_too=True)
    if len(answer.strip()) < LEAST_LETTERS:
        raise BadInput("reason_too_short")
    refuse(found.id, answer=answer.strip(), by=by)


def ask_for_two(act: str, *, asked: bool, by: Asker, approved: Approved | None = None) -> None:
    """That kind of act takes two people from now on. That it takes only one again has itself to be approved."""
    if by.role != "officer":
        note_refused_deed(by, deed="approval", subject=act[:40], detail={})
        raise Denied("approvals_are_the_officers")
    if act not in ACTS:
        raise BadInput("act_unknown", {"act": act[:40]})
    if not asked and takes_two(act) and approved is None:
        set_four_eyes(FEWER_EYES, asked=True, by=by)
        ask_second(FEWER_EYES, act, {"act": act}, because=act, by=by, approved=None)
    with transaction.atomic():
        settled(approved, by=by)
        set_four_eyes(act, asked=asked, by=by)


def _waiting(number: int, by: Asker, *, own_too: bool = False) -> ProposalFacts:
    found = proposal_facts(number)
    if found is None or found.state != WAITING:
        raise NotThere("proposal_not_there")
    own = not own_too and (is_own(found.proposer, key_of(by)) or _same_person(found, by))
    if own or by.role != "officer":
        note_refused_deed(by, deed="approval", subject=found.act, detail={"proposal": number})
        raise Denied("own_proposal") if own else Denied("approvals_are_the_officers")
    return found


def _same_person(found: ProposalFacts, by: Asker) -> bool:
    """Whether one of the two is a program whose token the other gave: a second hand is no second person. Of several
    programs that went by one name, whoever gave any; of one nobody knows any more, anybody may have."""
    givers: dict[str, set[str]] = {}
    for one in tokens():
        givers.setdefault(f"token {one.name}", set()).add(one.issued_by)
    both = (found.proposed_by, by.name), (by.name, found.proposed_by)
    return any(who.startswith("token ") and other in givers.get(who, {other}) for who, other in both)


def _erase(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    erase_customer(**told, by=by, at=at, approved=approved)


def _merge(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    more = {name: told[name] for name in ("because", "chosen", "though_different")}
    merge_customers(told["merged"], told["survivor"], **more, by=by, at=at, approved=approved)


def _publish(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    publish(told["bodies"], by_hand=told["by_hand"], by=by, at=at, approved=approved)


def _release(told: Told, by: Asker, at: datetime, approved: Approved) -> ReleaseMade:
    if "cube" in told:
        return release_figures(told["key"], told["cube"], because=told["because"], by=by, at=at, approved=approved)
    if "extract" in told:
        return release_extract(
            told["key"], kind=told["kind"], because=told["because"], by=by, at=at, approved=approved
        )  # fmt: skip
    until = date.fromisoformat(told["expires_on"]) if told["expires_on"] else None
    return release(
        told["key"], table=told["table"], kind=told["kind"], expires_on=until, because=told["because"], by=by, at=at,
        approved=approved,
    )  # fmt: skip


def _declare(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    since, until = (date.fromisoformat(told[day]) if told[day] else None for day in ("since", "until"))
    new = NewCube(told["name"], told["dimensions"], told["measures"], told["only"], since, until, told["percent"])
    declare_cube(told["key"], new, because=told["because"], by=by, at=at, approved=approved)


def _declare_extract(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    new = NewExtract(**{name: told[name] for name in NewExtract.__dataclass_fields__})
    declare_extract(told["key"], new, because=told["because"], by=by, at=at, approved=approved)


def _hire(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    """With a password nobody knows: the officer gives her one. None is ever kept in a proposal."""
    hire_staff(**told, password=secrets.token_urlsafe(32), by=by, approved=approved)


def _rotate(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    rotate_keys(by=by, approved=approved)


def _retire(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    retire_key(told["version"], by=by, approved=approved)


def _without_reason(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    branch = int(told["branches"]) if told["branches"] else None
    ask_for_reason(told["roles"], branch_id=branch, asked=False, by=by, at=at, approved=approved)


def _with_fewer(told: Told, by: Asker, at: datetime, approved: Approved) -> None:
    ask_for_two(told["act"], asked=False, by=by, approved=approved)


_CARRIED_OUT: Final[Mapping[str, Callable[[Told, Asker, datetime, Approved], ReleaseMade | None]]] = {
    ERASURE: _erase,
    MERGE: _merge,
    STATEMENT: _publish,
    RELEASE: _release,
    CUBE: _declare,
    EXTRACT: _declare_extract,
    ROLES: _hire,
    KEYS: _rotate,
    OLD_KEYS: _retire,
    NO_REASON: _without_reason,
    FEWER_EYES: _with_fewer,
}

__all__ = ["acts_of_two", "approve", "ask_for_two", "turn_down"]
