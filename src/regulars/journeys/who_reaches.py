"""Who can reach what: for every view the people, analysts, programs and jobs behind it, and what it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from regulars.records.dictionary import DICTIONARY
from regulars.records.staff.access import SignedIn, everybody, view_of
from regulars.records.staff.sql_logins import sql_logins
from regulars.records.staff.tokens import tokens
from regulars.rules.privacy.reach import Reach, reach_of
from regulars.rules.privacy.views import ROLES, VIEWS, View

#: Views that only work of the house itself looks through, and which work.
JOBS = {"opening": "opening", "delivery": "sending", "warehouse": "refresh", "repair": "mending"}


@dataclass(frozen=True, slots=True)
class Reaching:
    """One view: whom it leaves out, who looks through it, what they see. `job` is a code of the house's own work."""

    view: View
    roles: tuple[str, ...]
    people: tuple[SignedIn, ...]
    analysts: tuple[str, ...]
    programs: tuple[str, ...]
    job: str
    reach: tuple[Reach, ...]


def _roles(view: View, staff: Iterable[SignedIn]) -> tuple[str, ...]:
    """Roles that look through it: as a rule, or somebody of whom more is asked."""
    asked = {role for one in staff for role in one.roles if view_of(one, role) == view.name}
    return tuple(role for role, (through, _) in ROLES.items() if through == view.name or role in asked)


def who_reaches(*, at: datetime) -> list[Reaching]:
    """Every view in its order; somebody with two roles is behind both."""
    staff = everybody()
    logins = [login for login in sql_logins() if login.revoked_at is None]
    working = [token for token in tokens() if token.works(at)]
    return [
        Reaching(
            view=view,
            roles=_roles(view, staff),
            people=tuple(one for one in staff if any(view_of(one, role) == view.name for role in one.roles)),
            analysts=tuple(login.role_name for login in logins if login.view == view.name),
            programs=tuple(token.name for token in working if token.view == view.name),
            job=JOBS.get(view.name, ""),
            reach=reach_of(view, DICTIONARY),
        )
        for view in VIEWS
    ]
