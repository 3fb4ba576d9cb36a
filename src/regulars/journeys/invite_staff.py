"""Somebody begins to work here, or has lost her password: she gets a link that ends, and sets a password of her own.

Nobody else ever knows it: none is shown, sent or kept but its digest.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from regulars.journeys.employ_staff import hire_staff
from regulars.journeys.sign_in import LEAST_LETTERS, staff_called
from regulars.records.access_log.actions import note_deed, note_denial, note_refused_deed
from regulars.records.staff.access import SignedIn, asker_of, somebody
from regulars.records.staff.actions import set_password
from regulars.records.staff.invitations import invited, issue_invitation, use_invitation
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

OPENS_FOR: Final = timedelta(hours=48)
DOOR: Final = "welcome"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where she sets her password, until when; shown this once."""

    username: str
    url: str = field(repr=False)
    ends_at: datetime


def hire_and_invite(
    username: str, full_name: str, *, roles: Iterable[str], branches: Iterable[int] = (), full_name_zh: str = "",
    language: str = "en", by: Asker, at: datetime,
) -> Invitation:  # fmt: skip
    """She is hired with a password nobody knows, and this is her link. BadInput as for hiring, and `username_taken`
    for somebody who works here already. Where it takes two, it waits, and she gets a link once it was approved."""
    if somebody(username) is not None:
        raise BadInput("username_taken", {"username": username[:80]})
    hire_staff(
        username, full_name, roles=roles, branches=branches, full_name_zh=full_name_zh, language=language,
        password=secrets.token_urlsafe(32), by=by,
    )  # fmt: skip
    return invite(username, by=by, at=at)


def invite(username: str, *, by: Asker, at: datetime) -> Invitation:
    """A new link for somebody who works here; those from before end, her password counts until she uses it. Only the
    officer, and never for herself; NotThere for nobody."""
    if by.role != "officer":
        note_refused_deed(by, deed="right", subject="staff", detail={"who": username[:150], "what": "invited"})
        raise Denied("role_not_for_this", {"roles": "officer"})
    staff = staff_called(username)
    if staff.id == by.staff_id:
        raise Denied("not_about_oneself")
    with transaction.atomic():
        secret = issue_invitation(staff.id, made_by=by.name, at=at, ends_at=at + OPENS_FOR)
        note_deed(by, deed="right", subject="staff", detail={"who": username, "what": "invited"})
    return Invitation(username, f"{settings.PUBLIC_URL}/welcome/{secret}/", at + OPENS_FOR)


def who_is_invited(secret: str, *, at: datetime) -> SignedIn:
    """Whose link this is; NotThere, alike for any link that does not open, and logged."""
    staff = invited(secret, at=at)
    if staff is None:
        note_denial(Asker("stranger", "stranger", "none", "none"), door=DOOR, because="link that does not open")
        raise NotThere("link_closed")
    return staff


def accept(secret: str, password: str, *, at: datetime) -> SignedIn:
    """Her password from now on; she is signed out everywhere, and the link opens nothing any more. Her second step,
    if she has one, stays. BadInput `password_too_short`; NotThere for a link that does not open."""
    staff = who_is_invited(secret, at=at)
    if len(password) < LEAST_LETTERS:
        raise BadInput("password_too_short", {"letters": LEAST_LETTERS})
    with transaction.atomic():
        if not use_invitation(secret, at=at):
            raise NotThere("link_closed")
        set_password(staff.username, password)
        herself = asker_of(staff, staff.roles[0])
        note_deed(herself, deed="right", subject="staff", detail={"who": staff.username, "what": "password set"})
    return staff
