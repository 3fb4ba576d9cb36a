"""The reading door of staff: who signs in, which program's token this is, and what each may look through."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q

from regulars.connections.postgres.asking import WRITER, Asking, Row, ask, ask_one, door, first, question
from regulars.records.staff.models import ApiToken, NeedToKnow, Staff
from regulars.records.staff.sessions import kept_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.need_to_know import ASSIGNED, Needed, is_asked
from regulars.rules.privacy.views import ROLES

DEMO_USERNAMES = ("anran", "zhoumin", "zhixing")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff at work. `log_name` is what she alone is called in logs and lists. `roles` is never empty; the
    first is what she is by default. `needs_reason` are those of her roles in which files open only where somebody else
    gave her a reason."""

    id: int
    username: str
    full_name: str
    full_name_zh: str
    log_name: str
    roles: tuple[str, ...]
    branches: frozenset[int]
    language: str
    needs_reason: frozenset[str] = frozenset()


# Which of her roles open a file for a given reason only comes with the same question, so that it holds at once.
_ASKED = """
SELECT n.role FROM need_to_know n WHERE n.role = ANY (s.roles)
   AND (n.branch_id IS NULL OR s.branches = '{}' OR n.branch_id = ANY (s.branches))
"""
_ACTIVE = f"""
SELECT id, username, full_name, full_name_zh, log_name, roles, branches, language, ARRAY({_ASKED})
  FROM staff s WHERE is_active
"""  # noqa: S608  (our own words)

_HOW_MANY = """
SELECT count(*) FILTER (WHERE 'service' = ANY (roles) AND (branches = '{}' OR b IS NULL OR b = ANY (branches))),
       count(*) FILTER (WHERE 'officer' = ANY (roles))
  FROM staff, (SELECT %s::bigint AS b) asked WHERE is_active
"""


def signed_in(staff_id: int) -> SignedIn | None:
    """The active member of staff of that id, or None."""
    row = ask_one(WRITER, f"{_ACTIVE} AND id = %s", [staff_id])
    return _signed_in(row) if row else None


@door
def signed_in_by(session_key: str) -> Asking[SignedIn | None]:
    """The active member of staff in whose list of sessions that one stands, or None."""
    named = "(SELECT staff_id FROM staff_session WHERE session_key = %s)"
    row = first((yield from question(WRITER, f"{_ACTIVE} AND id = {named}", [kept_of(session_key)])))
    return _signed_in(row) if row else None


def somebody(username: str) -> SignedIn | None:
    """The active member of staff of that sign-in name, or None."""
    row = ask_one(WRITER, f"{_ACTIVE} AND username = %s", [username])
    return _signed_in(row) if row else None


def check_sign_in(username: str, password: str) -> SignedIn | None:
    """Who this is, or None; an unknown name takes as long as a wrong password."""
    staff = Staff.objects.filter(username=username, is_active=True).first()
    if staff is None:
        make_password(password)
        return None
    return signed_in(staff.id) if check_password(password, staff.password) else None


def everybody() -> list[SignedIn]:
    """All active staff by name; for choosing owners of tasks."""
    return [_signed_in(row) for row in ask(WRITER, f"{_ACTIVE} ORDER BY full_name, id")]


@door
def how_many_could_open(branch_id: int | None) -> Asking[tuple[int, int]]:
    """How many agents of a branch and how many officers are active; who is bound to no branch works for all."""
    ((agents, officers),) = yield from question(WRITER, _HOW_MANY, [branch_id])
    return int(agents), int(officers)


def demo_staff() -> list[SignedIn]:
    """The invented people of the demonstration, in the order they are offered; the caller asks only in demo mode."""
    found = {staff.username: staff for staff in everybody()}
    return [found[name] for name in DEMO_USERNAMES if name in found]


def view_of(staff: SignedIn, role: str) -> str:
    """Through which view she looks in that role; KeyError for one that does not exist."""
    return ASSIGNED if role in staff.needs_reason else ROLES[role][0]


def asker_of(staff: SignedIn, role: str) -> Asker:
    """The staff member as one who asks, in one of her roles; KeyError for a role that does not exist."""
    return Asker(
        staff.log_name,
        role,
        view_of(staff, role),
        ROLES[role][1],
        staff.id,
        staff.branches,
        language=staff.language,
        roles=frozenset(staff.roles),
        name_zh=staff.full_name_zh,
    )


def token_asker(secret: str, *, at: datetime) -> Asker | None:
    """The program behind a token, bound to the token's own view and purpose; None when unknown, ended or revoked."""
    alive = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    token = ApiToken.objects.filter(alive, digest=token_digest(secret)).first()
    if token is None:
        return None
    view = ASSIGNED if is_asked(token.role, (), needs_asked()) else token.view
    return Asker(f"token {token.name}", token.role, view, token.purpose)


def needs_asked() -> list[Needed]:
    """Of which roles, and where, the privacy officer asks that files open for a given reason only."""
    found = NeedToKnow.objects.order_by("role", F("branch_id").asc(nulls_first=True))
    return [Needed(*row) for row in found.values_list("role", "branch_id")]


def token_digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _signed_in(row: Row) -> SignedIn:
    staff_id, username, name, chinese, in_logs, roles, branches, language, needs = row
    return SignedIn(
        staff_id, username, name, chinese, in_logs, tuple(roles), frozenset(branches), language, frozenset(needs)
    )  # fmt: skip
