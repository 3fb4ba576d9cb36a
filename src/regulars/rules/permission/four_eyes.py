"""Acts that take two people where the officer asks for it, and what holds for the second."""

from dataclasses import dataclass
from typing import Final

ROLES, STATEMENT, RELEASE, ERASURE = "staff_roles", "statement", "release", "erasure"
CUBE, EXTRACT = "cube", "extract"
MERGE: Final = "merge"
#: That files open again without a given reason.
NO_REASON: Final = "no_reason"
KEYS, OLD_KEYS = "key_rotation", "key_retirement"
#: Asking for fewer eyes takes as many as there were: else one could switch it off, act, and switch it on again.
FEWER_EYES: Final = "fewer_eyes"
ACTS: Final = (ROLES, STATEMENT, RELEASE, CUBE, EXTRACT, ERASURE, MERGE, NO_REASON, KEYS, OLD_KEYS)
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"


@dataclass(frozen=True, slots=True)
class Approved:
    """An act may be carried out because a second person says so: the number of the proposal."""

    proposal: int


def is_own(proposer: str, answerer: str) -> bool:
    """Whether somebody would answer her own proposal; a person is told by the key she is counted under in all seats.

    >>> is_own("staff 1", "staff 1"), is_own("staff 1", "staff 2")
    (True, False)
    """
    return proposer == answerer
