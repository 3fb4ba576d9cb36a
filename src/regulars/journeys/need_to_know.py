"""Need to know by assignment: the officer asks for it and sees what came of it; an agent says who is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from regulars.journeys.propose import ask_second, settled
from regulars.records.access_log.actions import note_access, note_deed, note_refused_deed
from regulars.records.access_log.reached import (
    Refused,
    SaidHere,
    WithoutReason,
    refused_for_want_of_reason,
    said_to_be_here,
    without_reason,
)
from regulars.records.company.access import branches, company, now
from regulars.records.customers.access import say_she_is_here
from regulars.records.staff.access import everybody, needs_asked
from regulars.records.staff.actions import set_need
from regulars.records.staff.names import names_in_logs
from regulars.records.tasks.access import SelfAssigned, self_assigned
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied
from regulars.rules.permission.four_eyes import NO_REASON, Approved
from regulars.rules.permission.need_to_know import ASKABLE, Needed

LATELY: Final = timedelta(days=30)
BECAUSE: Final = "oversight"
SUBJECT: Final = "need_to_know"

__all__ = ["NeedReport", "Needed", "ask_for_reason", "customer_is_here", "needs_asked", "report_need_to_know"]


@dataclass(frozen=True, slots=True)
class NeedReport:
    """What the officer sees of the last days: who said of how many customers that they were here, tasks that people
    gave themselves, files that were refused for want of a reason, and those opened without one where none was asked."""

    said_here: tuple[SaidHere, ...]
    self_assigned: tuple[SelfAssigned, ...]
    refused: tuple[Refused, ...]
    without: tuple[WithoutReason, ...]


def ask_for_reason(
    role: str, *, branch_id: int | None = None, asked: bool, by: Asker, at: datetime, approved: Approved | None = None
) -> None:
    """In that role, everywhere or for those who work at one branch, files open from the next page on only for a reason
    somebody else gave, or again as before, which may take two. Only the officer; BadInput for a role or a branch it
    cannot be asked of."""
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject=SUBJECT, detail={"role": role[:40]})
        raise Denied("role_not_for_this", {"roles": "officer"})
    if role not in ASKABLE:
        raise BadInput("reason_not_askable", {"roles": ", ".join(ASKABLE)})
    if branch_id is not None and branch_id not in {one.id for one in branches()}:
        raise BadInput("branch_unknown", {"branch": branch_id})
    if not asked and Needed(role, branch_id) in needs_asked():
        told = {"roles": role, "branches": "" if branch_id is None else str(branch_id)}
        ask_second(NO_REASON, role, told, because=BECAUSE, by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        if set_need(role, branch_id, asked=asked, asked_by=by.name, at=at):
            where = "" if branch_id is None else str(branch_id)
            note_deed(by, deed="right", subject=SUBJECT, detail={"roles": role, "branches": where, "asked": asked})


def customer_is_here(number: str, said: str, *, by: Asker) -> str:
    """The customer stands here or is on the line, and said her whole number, phone or mail: her file opens for half an
    hour. By which of them comes back. It is counted by itself, and the officer reads it."""
    return say_she_is_here(number.strip().upper(), said.strip()[:120], by=by, because="here")


def report_need_to_know(*, by: Asker, at: datetime, days: int = LATELY.days) -> NeedReport:
    """What came of it in the last days; for the officer. Tasks have the business day, the log has the clock's."""
    since, people = at - timedelta(days=days), _whom_it_concerns()
    found = NeedReport(
        said_here=tuple(said_to_be_here(since=since, by=by)),
        self_assigned=tuple(self_assigned(since=now() - timedelta(days=days), by=by)),
        refused=tuple(refused_for_want_of_reason(since=since, by=by)),
        without=tuple(without_reason(people, zone=company().timezone, since=since, by=by)),
    )
    shown = sum(len(part) for part in (found.said_here, found.self_assigned, found.refused, found.without))
    note_access(by, door="need_to_know", because=BECAUSE, rows=shown)
    return found


def _whom_it_concerns() -> Iterable[tuple[int, str]]:
    """Everybody in a seat it can be asked of: id and each name under which the log writes her."""
    names = names_in_logs()
    return [(one.id, name) for one in everybody() if set(one.roles) & set(ASKABLE) for name in names[one.id]]
