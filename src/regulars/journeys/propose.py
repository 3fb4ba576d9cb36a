"""Before an act that may take two people: it goes on, or it waits as a proposal for somebody else to approve."""

from collections.abc import Mapping
from typing import Any

from regulars.records.access_log.readings import is_counted
from regulars.records.approvals.access import takes_two
from regulars.records.approvals.actions import propose, settle
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied
from regulars.rules.permission.four_eyes import Approved


def ask_second(
    act: str, subject: str, told: Mapping[str, Any], *, because: str, by: Asker, approved: Approved | None
) -> None:
    """The act may go on when this returns. Denied `waits_for_second` with the proposal's number where it takes two.

    `told` is all it is done with, as JSON: whoever approves sees it, and carries out just that. The house's own jobs
    finish what people approved, and ask nobody.
    """
    if approved is None and is_counted(by) and takes_two(act):
        raise Denied("waits_for_second", {"proposal": propose(act, subject, told, because=because, by=by)})


def settled(approved: Approved | None, *, by: Asker) -> None:
    """Within the act's own transaction: it is the answer to the proposal, if it was one."""
    if approved is not None:
        settle(approved.proposal, by=by)
