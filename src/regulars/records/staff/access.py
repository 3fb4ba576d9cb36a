"""The reading door of staff: who signs in, which program's token this is, and what each may look through."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q

from regulars.records.staff.models import ApiToken, Staff
from regulars.rules.permission.asking import Asker
from regulars.rules.privacy.views import ROLES

DEMO_USERNAMES = ("anran", "zhoumin", "zhixing")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff at work. `roles` is never empty; the first is what she is by default."""

    id: int
    username: str
    full_name: str
    full_name_zh: str
    roles: tuple[str, ...]
    branches: frozenset[int]
    language: str


def signed_in(staff_id: int) -> SignedIn | None:
    """The active member of staff of that id, or None."""
    return _handed_out(Staff.objects.filter(id=staff_id, is_active=True).first())


def check_sign_in(username: str, password: str) -> SignedIn | None:
    """Who this is, or None; an unknown name takes as long as a wrong password."""
    staff = Staff.objects.filter(username=username, is_active=True).first()
    if staff is None:
        make_password(password)
        return None
    return _handed_out(staff) if check_password(password, staff.password) else None


def everybody() -> list[SignedIn]:
    """All active staff by name; for choosing owners of tasks."""
    found = (_handed_out(staff) for staff in Staff.objects.filter(is_active=True).order_by("full_name"))
    return [staff for staff in found if staff]


def demo_staff() -> list[SignedIn]:
    """The invented people of the demonstration, in the order they are offered; the caller asks only in demo mode."""
    found = {staff.username: staff for staff in everybody()}
    return [found[name] for name in DEMO_USERNAMES if name in found]


def asker_of(staff: SignedIn, role: str) -> Asker:
    """The staff member as one who asks, in one of her roles; KeyError for a role that does not exist."""
    view, purpose = ROLES[role]
    return Asker(
        staff.full_name,
        role,
        view,
        purpose,
        staff.id,
        staff.branches,
        language=staff.language,
        roles=frozenset(staff.roles),
    )


def token_asker(secret: str, *, at: datetime) -> Asker | None:
    """The program behind a token, bound to the token's own view and purpose; None when unknown, ended or revoked."""
    alive = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    token = ApiToken.objects.filter(alive, digest=token_digest(secret)).first()
    return Asker(f"token {token.name}", token.role, token.view, token.purpose) if token else None


def token_digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _handed_out(staff: Staff | None) -> SignedIn | None:
    if staff is None:
        return None
    roles, branches = tuple(staff.roles), frozenset(staff.branches)
    return SignedIn(staff.id, staff.username, staff.full_name, staff.full_name_zh, roles, branches, staff.language)
