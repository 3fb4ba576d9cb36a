"""Somebody comes to the door: her turn is counted, her password looked at, and what else the officer asks of her.

Every answer is the same for a name that exists and one that does not: the same sentence, the same waits.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from regulars.records.access_log.actions import note_access, note_deed, note_denial, note_refused_deed
from regulars.records.staff.access import SignedIn, asker_of, check_sign_in, everybody
from regulars.records.staff.actions import set_password
from regulars.records.staff.factors import (
    Factors,
    ask_of,
    check_code,
    confirm_app,
    drop_app,
    drop_factors,
    factors_of,
    roles_asked,
)
from regulars.records.staff.sessions import end_session, end_sessions_of, note_session
from regulars.records.staff.tries import forgive, take_turn
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.privacy.views import ROLES

STRANGER: Final = "stranger"
LEAST_LETTERS: Final = 12
IN, CODE, APP = "in", "code", "app"


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """Whose password was right, and what she still has to do: "in" nothing, "code" type one, "app" set one up."""

    staff: SignedIn
    next: str


def knock(username: str, password: str, *, address: str, at: datetime) -> AtTheDoor | None:
    """Who this is and what is left to do; None for a wrong name or password; Denied `too_many_tries`.

    While the door is closed the password is not looked at: a right one is answered like a wrong one.
    """
    _in_turn(username, address, at, name=username)
    staff = check_sign_in(username, password)
    if staff is None:
        note_denial(_stranger(username), door="sign_in", because="wrong name or password")
        return None
    forgive(at=at, name=username, address=address)
    return AtTheDoor(staff, what_is_left(staff))


def what_is_left(staff: SignedIn) -> str:
    """After the right password: "code" for who has a second factor, "app" for who has none and must, else "in"."""
    if factors_of(staff.id).any:
        return CODE
    return APP if roles_asked() & set(staff.roles) else IN


def prove(staff: SignedIn, code: str, *, address: str, at: datetime) -> str:
    """By what the code proves her ("app", "recovery"), or "" when it does not; Denied `too_many_tries`."""
    _in_turn(staff.username, address, at, name=f"code of {staff.id}")
    by = check_code(staff.id, code, at=at)
    if not by:
        note_denial(_stranger(staff.username), door="sign_in", because="wrong code")
        return ""
    forgive(at=at, name=f"code of {staff.id}", address=address)
    return by


def come_in(staff: SignedIn, session_key: str, *, address: str, program: str, factor: str, at: datetime,
            place: str = "") -> None:  # fmt: skip
    """She is in: the session is in her list, and the log says so."""
    note_session(staff.id, session_key, address=address, program=program, factor=factor, at=at)
    note_access(replace(asker_of(staff, staff.roles[0]), place=place), door="sign_in", because="signed in", rows=0)


def set_up_app(staff: SignedIn, code: str, *, at: datetime) -> list[str]:
    """Her recovery codes, shown this once, when the code is her new app's; [] when it is not."""
    with transaction.atomic():
        codes = confirm_app(staff.id, code, at=at)
        if codes:
            _note(_herself(staff), staff.username, "authenticator app set up")
    return codes


def put_app_away(staff: SignedIn, password: str, *, address: str, at: datetime) -> None:
    """No code is asked of her any more; BadInput for a wrong password, Denied where her role must have one."""
    if roles_asked() & set(staff.roles):
        raise Denied("second_factor_is_asked")
    same_person(staff, password, address, at)
    with transaction.atomic():
        drop_app(staff.id)
        _note(_herself(staff), staff.username, "authenticator app taken away")


def change_password(
    staff: SignedIn, old: str, new: str, *, address: str, at: datetime, keep: str
) -> None:  # fmt: skip
    """The new password counts and all her other sessions have ended; BadInput for a wrong or short one."""
    same_person(staff, old, address, at)
    if len(new) < LEAST_LETTERS:
        raise BadInput("password_too_short", {"letters": LEAST_LETTERS})
    with transaction.atomic():
        set_password(staff.username, new, keep=keep)
        _note(_herself(staff), staff.username, "password changed")


def sign_out_there(staff: SignedIn, session_id: int) -> None:
    """That session of hers has ended; NotThere when it is not hers, or has ended."""
    with transaction.atomic():
        if not end_session(staff.id, session_id):
            raise NotThere("session_not_there")
        _note(_herself(staff), staff.username, "signed out elsewhere")


def reset_factors(username: str, *, by: Asker) -> None:
    """Her second factors are gone and she is signed out everywhere; NotThere for nobody. For lost telephones."""
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject="staff", detail={"who": username, "what": "second factors reset"})
        raise Denied("role_not_for_this", {"roles": "officer"})
    staff = staff_called(username)
    with transaction.atomic():
        drop_factors(staff.id)
        end_sessions_of(staff.id)
        _note(by, username, "second factors reset")


def sign_out_everywhere(username: str, *, by: Asker) -> int:
    """How many sessions of hers have ended now; NotThere for nobody. Only the officer."""
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject="staff", detail={"who": username, "what": "signed out everywhere"})
        raise Denied("role_not_for_this", {"roles": "officer"})
    staff = staff_called(username)
    with transaction.atomic():
        ended = end_sessions_of(staff.id)
        _note(by, username, "signed out everywhere")
    return ended


def ask_second_factor_of(roles: frozenset[str], *, by: Asker, at: datetime) -> None:
    """A second factor is asked of these roles from the next sign-in on; only the officer says so."""
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject="second_factor_role", detail={"roles": ", ".join(sorted(roles))})
        raise Denied("role_not_for_this", {"roles": "officer"})
    if roles - set(ROLES):
        raise BadInput("no_such_role", {"roles": ", ".join(sorted(roles)), "known": ", ".join(ROLES)})
    with transaction.atomic():
        ask_of(roles, asked_by=by.name, at=at)
        note_deed(by, deed="right", subject="second_factor_role", detail={"roles": ", ".join(sorted(roles))})


def staff_called(username: str) -> SignedIn:
    """The active member of staff of that sign-in name; NotThere."""
    found = next((one for one in everybody() if one.username == username), None)
    if found is None:
        raise NotThere("staff_not_there")
    return found


def who_has_what() -> list[tuple[SignedIn, Factors]]:
    """Everybody with her factors; for the officer's list."""
    return [(one, factors_of(one.id)) for one in everybody()]


def same_person(staff: SignedIn, password: str, address: str, at: datetime) -> None:
    """A browser left open is not yet the person."""
    _in_turn(staff.username, address, at, name=staff.username)
    if check_sign_in(staff.username, password) is None:
        note_denial(_herself(staff), door="account", because="wrong name or password")
        raise BadInput("password_wrong")
    forgive(at=at, name=staff.username, address=address)


def _in_turn(username: str, address: str, at: datetime, *, name: str) -> None:
    try:
        take_turn(at=at, name=name, address=address)
    except Denied:
        note_denial(_stranger(username), door="sign_in", because="too many tries")
        raise


def _note(by: Asker, username: str, what: str) -> None:
    note_deed(by, deed="right", subject="staff", detail={"who": username, "what": what})


def _herself(staff: SignedIn) -> Asker:
    return asker_of(staff, staff.roles[0])


def _stranger(username: str) -> Asker:
    return Asker(username[:150], STRANGER, "none", "none")
