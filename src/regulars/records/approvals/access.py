"""The reading door of approvals: which acts take two, what waits, what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, IntegerField, Value, When

from regulars.connections.postgres.asking import WRITER, ask_one
from regulars.records.approvals.models import FourEyes, Proposal
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.permission.four_eyes import ACTS, WAITING


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """One proposal; `told` is everything the act is done with."""

    id: int
    act: str
    subject: str
    told: Mapping[str, Any]
    because: str
    proposer: str
    proposed_by: str
    proposed_at: datetime
    state: str
    answered_by: str
    answered_at: datetime | None
    answer: str


_FIELDS: Final = tuple(ProposalFacts.__dataclass_fields__)


def takes_two(act: str) -> bool:
    """Whether that kind of act takes two people now."""
    row = ask_one(WRITER, "SELECT asked FROM four_eyes WHERE act = %s", [act])
    return bool(row and row[0])


def acts_of_two() -> dict[str, bool]:
    """Every kind of act, and whether it takes two."""
    asked = dict(FourEyes.objects.values_list("act", "asked"))
    return {act: asked.get(act, False) for act in ACTS}


def proposals(*, by: Asker, limit: int = 50) -> list[ProposalFacts]:
    """Proposals, those that wait first, then the newest; for officers."""
    if by.view != "personal" or by.role != "officer":
        raise Denied("approvals_are_the_officers")
    waiting = Case(When(state=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Proposal.objects.using(by.view).order_by(waiting, "-id")
    return [ProposalFacts(*row) for row in found.values_list(*_FIELDS)[:limit]]


def proposal_facts(number: int) -> ProposalFacts | None:
    """One proposal, or None."""
    row = Proposal.objects.filter(id=number).values_list(*_FIELDS).first()
    return ProposalFacts(*row) if row else None


def waiting_proposals() -> int:
    """How many wait; the house's own count."""
    return Proposal.objects.filter(state=WAITING).count()
