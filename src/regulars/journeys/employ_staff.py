"""Somebody begins to work here, takes on other seats, or leaves: the privacy log has a line of each."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from regulars.journeys.propose import ask_second, settled
from regulars.journeys.sign_in import LEAST_LETTERS
from regulars.records.access_log.actions import note_deed, note_refused_deed
from regulars.records.company.access import branches
from regulars.records.staff import actions
from regulars.records.staff.access import SignedIn, somebody
from regulars.records.staff.invitations import end_invitations
from regulars.records.staff.sessions import end_sessions_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere
from regulars.rules.permission.four_eyes import ROLES, Approved

SUBJECT = "staff"
LONGEST: Final = 150  # characters of a name


def hire_staff(
    username: str,
    full_name: str,
    *,
    roles: Iterable[str],
    password: str,
    branches: Iterable[int] = (),
    full_name_zh: str = "",
    language: str = "en",
    by: Asker,
    approved: Approved | None = None,
) -> int:
    """The staff member's id; she can sign in now. For somebody who is here already, only roles and branches change.

    Only the officer, and never about herself. BadInput for a role or a branch there is not, for a name that is none
    (`nothing_said`, `said_too_much`), and `password_too_short` for who is new. Whose seats changed is signed out
    everywhere, so that nobody goes on working in a seat that was taken from her.
    """
    wanted, places = list(roles), sorted(branches)
    _only_the_officer(by, username)
    told = {"username": username, "full_name": full_name, "roles": wanted, "branches": places,
            "full_name_zh": full_name_zh, "language": language}  # fmt: skip
    _fitting(username, full_name, places, password)
    _somebody_else(username, by)
    ask_second(ROLES, username, told, because="roles", by=by, approved=approved)
    with transaction.atomic():
        settled(approved, by=by)
        before = somebody(username)
        staff_id = actions.hire(
            username, full_name, roles=wanted, password=password, branches=places, full_name_zh=full_name_zh,
            language=language,
        )  # fmt: skip
        _note_seats(by, username, before, wanted, places)
        if before is not None and _seats(before) != (_said(wanted), _said(places)):
            end_sessions_of(staff_id)
    return staff_id


def let_go(username: str, *, by: Asker) -> None:
    """She signs in no more, and is signed out everywhere, when this returns; NotThere for nobody. Only the officer."""
    _only_the_officer(by, username)
    staff = somebody(username)
    if staff is None:
        raise NotThere("staff_not_there")
    if staff.id == by.staff_id:
        raise Denied("not_about_oneself")
    with transaction.atomic():
        actions.let_go(staff.id)
        end_invitations(staff.id)
        end_sessions_of(staff.id)
        _note(by, username, what="let go", roles=_said(staff.roles), branches=_said(sorted(staff.branches)))


def give_new_password(username: str, password: str, *, by: Asker) -> None:
    """Her password from now on; she is signed out everywhere. BadInput for nobody. Only the officer."""
    _only_the_officer(by, username)
    _long_enough(password)
    with transaction.atomic():
        actions.set_password(username, password)
        _note(by, username, what="new password given")


def change_seats(username: str, *, roles: Iterable[str], branches: Iterable[int], by: Asker) -> None:
    """She has these seats and branches from now on, and is signed out where they changed; NotThere for nobody."""
    _only_the_officer(by, username)
    staff = somebody(username)
    if staff is None:
        raise NotThere("staff_not_there")
    hire_staff(username, staff.full_name, roles=roles, branches=branches, password="", by=by)


def _somebody_else(username: str, by: Asker) -> None:
    """Nobody gives herself a seat, nor takes one from herself: another officer does."""
    staff = somebody(username) if by.staff_id is not None else None
    if staff is not None and staff.id == by.staff_id:
        note_refused_deed(by, deed="right", subject=SUBJECT, detail={"who": username, "what": "seats changed"})
        raise Denied("not_about_oneself")


def _fitting(username: str, full_name: str, places: list[int], password: str) -> None:
    for field, text in (("username", username), ("name", full_name)):
        if not text.strip():
            raise BadInput("nothing_said", {"field": field})
        if len(text) > LONGEST:
            raise BadInput("said_too_much", {"field": field, "most": LONGEST})
    if wrong := sorted(set(places) - {one.id for one in branches()}):
        raise BadInput("branch_unknown", {"branch": ", ".join(map(str, wrong))})
    if somebody(username) is None:
        _long_enough(password)


def _long_enough(password: str) -> None:
    if len(password) < LEAST_LETTERS:
        raise BadInput("password_too_short", {"letters": LEAST_LETTERS})


def _note_seats(by: Asker, username: str, before: SignedIn | None, roles: list[str], branches: list[int]) -> None:
    told = {"roles": _said(roles), "branches": _said(branches)}
    if before is None:
        return _note(by, username, what="hired", **told)
    if _seats(before) == (told["roles"], told["branches"]):
        return None
    was = dict(zip(("roles_before", "branches_before"), _seats(before), strict=True))
    return _note(by, username, what="seats changed", **told, **was)


def _seats(one: SignedIn) -> tuple[str, str]:
    return _said(one.roles), _said(sorted(one.branches))


def _said(words: Iterable[object]) -> str:
    return ", ".join(map(str, words))


def _note(by: Asker, username: str, **told: str) -> None:
    note_deed(by, deed="right", subject=SUBJECT, detail={"who": username, **told})


def _only_the_officer(by: Asker, username: str) -> None:
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject=SUBJECT, detail={"who": username})
        raise Denied("role_not_for_this", {"roles": "officer"})
