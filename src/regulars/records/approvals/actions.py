"""The writing door of approvals. What was proposed is never altered; an answer is given once."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from regulars.records.access_log.actions import note_deed
from regulars.records.access_log.readings import key_of
from regulars.records.approvals.models import FourEyes, Proposal
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import NotThere
from regulars.rules.permission.four_eyes import APPROVED, REFUSED, WAITING


def propose(act: str, subject: str, told: Mapping[str, Any], *, because: str, by: Asker) -> int:
    """The number of the proposal that waits; of the same act proposed twice by one person, the first that waits."""
    same = Proposal.objects.filter(act=act, subject=subject, told=dict(told), proposer=key_of(by), state=WAITING)
    known = same.values_list("id", flat=True).first()
    if known is not None:
        return int(known)
    with transaction.atomic():
        made = Proposal.objects.create(
            act=act, subject=subject, told=dict(told), because=because, proposer=key_of(by), proposed_by=by.name,
            proposed_at=timezone.now(), state=WAITING,
        )  # fmt: skip
        note_deed(by, deed="approval", subject=act, detail={"proposal": made.id, "state": "proposed"})
    return int(made.id)


def settle(number: int, *, by: Asker) -> None:
    """The proposal is approved, in the transaction of the act itself; NotThere when somebody answered it before."""
    _answer(number, APPROVED, "", by)


def refuse(number: int, *, answer: str, by: Asker) -> None:
    """The proposal is refused, and nothing is done; NotThere when somebody answered it before."""
    _answer(number, REFUSED, answer, by)


def _answer(number: int, state: str, answer: str, by: Asker) -> None:
    waiting = Proposal.objects.filter(id=number, state=WAITING)
    with transaction.atomic():
        told = {"state": state, "answered_by": by.name, "answered_at": timezone.now(), "answer": answer}
        if not waiting.update(**told):
            raise NotThere("proposal_not_there")
        note_deed(by, deed="approval", subject="proposal", detail={"proposal": number, "state": state})


def set_four_eyes(act: str, *, asked: bool, by: Asker) -> None:
    """That kind of act takes two people from now on, or one."""
    with transaction.atomic():
        told = {"asked": asked, "changed_by": by.name, "changed_at": timezone.now()}
        FourEyes.objects.update_or_create(act=act, defaults=told)
        note_deed(by, deed="approval", subject=act, detail={"takes_two": asked})
