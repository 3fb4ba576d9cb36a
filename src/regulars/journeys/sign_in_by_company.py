"""Somebody signs in with the company's own account: who she is says the provider, what she may do says our file.

Nobody gets an account because she has one elsewhere: only whose groups the file maps to a seat is let in. Her seats are
those of her groups at every sign-in, so whoever leaves a group there has lost the seat here. An account of ours that
was made by hand is never taken over by a name that happens to be the same, nor is that of somebody who was let go.
"""

import secrets
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from regulars.connections.company_door import CompanyDoor
from regulars.records.access_log.actions import note_deed, note_denial
from regulars.records.staff import actions
from regulars.records.staff.access import SignedIn, signed_in
from regulars.records.staff.company_accounts import is_known, keep_account, staff_of
from regulars.records.staff.sessions import end_sessions_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import Denied

DOOR: Final = "company_sign_in"
#: Ways of proving oneself that are more than a password (RFC 8176): asked there, they are not asked here again.
STRONG: Final = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "iris"})
LONGEST_NAME: Final = 150


def let_in_by_company(claims: dict[str, Any], door: CompanyDoor, *, at: datetime) -> SignedIn:
    """The member of staff these claims are about, with the seats of her groups; new here on her first day.

    Denied, and logged: `company_no_seat` (no group of hers has one), `company_name_taken` (an account of ours has that
    name, or had it), `company_let_go` (she was let go here). `claims` have been proven before.
    """
    subject, name = str(claims["sub"])[:255], str(claims.get(door.name_claim) or "")[:LONGEST_NAME]
    seats = door.seats_of(_groups(claims, door))
    by = Asker(name or subject, "stranger", "none", "none")
    if not seats or not name:
        end_where_she_was(door.issuer, subject)
        _note_refused(by, "company_no_seat")
        raise Denied("company_no_seat")
    with transaction.atomic():
        staff = staff_of(door.issuer, subject)
        if staff is None:
            staff_id = _first_day(by, claims, name, subject, seats, door, at)
        else:
            staff_id = _seats_of_today(by, staff, seats)
    found = signed_in(staff_id)
    assert found is not None  # noqa: S101 - made or found active just now
    return found


def end_where_she_was(issuer: str, subject: str) -> None:
    """Who has no seat any more is signed out everywhere."""
    staff = staff_of(issuer, subject)
    if staff is not None:
        end_sessions_of(staff.id)


def proved_strongly(claims: dict[str, Any]) -> bool:
    """Whether the provider says that it asked for more than a password."""
    ways = claims.get("amr")
    return isinstance(ways, list) and bool(STRONG & {str(way) for way in ways})


def _first_day(
    by: Asker, claims: dict[str, Any], name: str, subject: str, seats: list[str], door: CompanyDoor, at: datetime
) -> int:
    if is_known(door.issuer, subject):
        _note_refused(by, "company_let_go")
        raise Denied("company_let_go")
    full = str(claims.get("name") or name)[:200]
    staff_id = actions.hire_stranger(name, full, roles=seats, password=secrets.token_urlsafe(32))
    if staff_id is None:
        _note_refused(by, "company_name_taken")
        raise Denied("company_name_taken")
    keep_account(staff_id, door.issuer, subject, at=at)
    told = {"who": name, "what": "hired by the company's account", "roles": ", ".join(seats)}
    note_deed(by, deed="right", subject="staff", detail=told)
    return staff_id


def _seats_of_today(by: Asker, staff: SignedIn, seats: list[str]) -> int:
    if list(staff.roles) != seats:
        actions.seat(staff.id, seats)
        end_sessions_of(staff.id)
        before = ", ".join(staff.roles)
        told = {"who": staff.username, "what": "seats changed by the company's groups", "roles": ", ".join(seats)}
        note_deed(by, deed="right", subject="staff", detail={**told, "roles_before": before})
    return staff.id


def _groups(claims: dict[str, Any], door: CompanyDoor) -> list[str]:
    said = claims.get(door.groups_claim)
    return [str(group) for group in said] if isinstance(said, list) else []


def _note_refused(by: Asker, why: str) -> None:
    note_denial(by, door=DOOR, because=why)
