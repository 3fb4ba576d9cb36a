"""Acts that take two people where the officer asks for it, and what holds for the second."""

from dataclasses import dataclass
from typing import Final

ROLES, STATEMENT, RELEASE, ERASURE, KEYS = "staff_roles", "statement", "release", "erasure", "key_rotation"
#: Asking for fewer eyes takes as many as there were: else one could switch it off, act, and switch it on again.
FEWER_EYES: Final = "fewer_eyes"
ACTS: Final = (ROLES, STATEMENT, RELEASE, ERASURE, KEYS)
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"


@dataclass(frozen=True, slots=True)
class Approved:
    """An act may be carried out because a second person says so: the number of the proposal."""

    proposal: int


def why_not(proposer: str, answerer: str, role: str) -> str:
    """Why somebody may not answer a proposal; "" when she may. Persons are told by the key they are counted under.

    >>> why_not("staff 1", "staff 1", "officer"), why_not("staff 1", "staff 2", "officer")
    ('own_proposal', '')
    >>> why_not("staff 1", "staff 2", "marketer")
    'approvals_are_the_officers'
    """
    if role != "officer":
        return "approvals_are_the_officers"
    return "own_proposal" if proposer == answerer else ""
