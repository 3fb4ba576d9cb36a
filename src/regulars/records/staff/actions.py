"""The writing door of staff: hiring, tokens."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q

from regulars.records.staff.access import token_digest
from regulars.records.staff.models import ApiToken, NeedToKnow, Staff
from regulars.records.staff.names import forget_names, names_for
from regulars.records.staff.sessions import end_sessions_of
from regulars.rules.permission.errors import BadInput
from regulars.rules.privacy.views import BY_NAME, ROLES

NAMING = 0x6E61_6D65  # "name": the advisory lock of who is given a name


def hire(
    username: str,
    full_name: str,
    *,
    roles: Iterable[str],
    password: str,
    branches: Iterable[int] = (),
    full_name_zh: str = "",
    language: str = "en",
) -> int:
    """The staff member's id; she can sign in now. Hiring somebody again changes nothing but roles and branches, and
    lets in again who was let go, with this password."""
    wanted, places = list(roles), list(branches)
    staff, made = _found_or_made(username, full_name, wanted, password, places, full_name_zh, language)
    if not made and (staff.roles != wanted or staff.branches != places):
        Staff.objects.filter(id=staff.id).update(roles=wanted, branches=places)
    if not made and not staff.is_active:
        Staff.objects.filter(id=staff.id).update(is_active=True, password=make_password(password))
    return staff.id


def hire_stranger(username: str, full_name: str, *, roles: Iterable[str], password: str) -> int | None:
    """The id of somebody who was never here; None where that name is somebody's, or was before she was let go."""
    staff, made = _found_or_made(username, full_name, list(roles), password, [], "", "en")
    return staff.id if made else None


def seat(staff_id: int, roles: Iterable[str]) -> None:
    """She has these seats from now on, if she still works here at all."""
    Staff.objects.filter(id=staff_id).update(roles=list(roles))


def set_need(role: str, branch_id: int | None, *, asked: bool, asked_by: str, at: datetime) -> bool:
    """In that role, everywhere or at one branch, files open for a given reason only from now on, or as any other; False
    when it was so already."""
    said = {"since": at, "asked_by": asked_by}
    if asked:
        return NeedToKnow.objects.get_or_create(role=role, branch_id=branch_id, defaults=said)[1]
    return bool(NeedToKnow.objects.filter(role=role, branch_id=branch_id).delete()[0])


def let_go(staff_id: int) -> None:
    """She signs in no more; her name stays in the log of what she did."""
    Staff.objects.filter(id=staff_id).update(is_active=False)


def set_password(username: str, password: str, *, keep: str = "") -> None:
    """Her password from now on, and every session of hers has ended but the one under the key `keep`.

    BadInput when there is no such person.
    """
    with transaction.atomic():
        if not Staff.objects.filter(username=username).update(password=make_password(password)):
            raise BadInput("no_such_staff", {"username": username})
        end_sessions_of(Staff.objects.values_list("id", flat=True).get(username=username), but=keep)


def issue_token(name: str, *, role: str, issued_by: str, at: datetime, expires_at: datetime | None = None) -> str:
    """The secret of a new token, shown this once. View and purpose follow from the role and never change."""
    if role not in ROLES:
        raise BadInput("no_such_role", {"roles": role, "known": ", ".join(ROLES)})
    view, purpose = ROLES[role]
    return _issue(name, role, view, purpose, issued_by, at, expires_at)


def issue_purpose_token(
    name: str, *, view: str, issued_by: str, at: datetime, expires_at: datetime | None = None
) -> str:
    """The secret of a token for a program that works for one purpose only, such as disclosure or analysis."""
    if view not in BY_NAME:
        raise BadInput("no_such_view", {"view": view, "known": ", ".join(BY_NAME)})
    return _issue(name, "program", view, BY_NAME[view].purpose, issued_by, at, expires_at)


def revoke_token(name: str, *, at: datetime) -> int:
    """How many tokens of that name ended now."""
    return ApiToken.objects.filter(name=name, revoked_at__isnull=True).update(revoked_at=at)


def _found_or_made(
    username: str, full_name: str, roles: list[str], password: str, branches: list[int], chinese: str, language: str
) -> tuple[Staff, bool]:
    """Who has that name, here or let go, and whether she was made now; of two who come at once one is made."""
    if not roles or set(roles) - set(ROLES):
        raise BadInput("no_such_role", {"roles": ", ".join(roles), "known": ", ".join(ROLES)})
    digest = make_password(password)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMING])
        name = next(one for one in names_for(full_name, username) if not _is_somebodys(one))
        found = Staff.objects.get_or_create(
            username=username,
            defaults={
                "full_name": full_name, "full_name_zh": chinese, "log_name": name, "roles": roles, "branches": branches,
                "language": language, "password": digest,
            },
        )  # fmt: skip
    transaction.on_commit(forget_names)
    return found


def _is_somebodys(name: str) -> bool:
    """Also where two had it together before, and neither has it alone."""
    return Staff.objects.filter(Q(log_name=name) | Q(full_name=name)).exists()


def _issue(name: str, role: str, view: str, purpose: str, by: str, at: datetime, until: datetime | None) -> str:
    secret = f"rg_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        name=name,
        digest=token_digest(secret),
        role=role,
        view=view,
        purpose=purpose,
        issued_by=by,
        issued_at=at,
        expires_at=until,
    )
    return secret
